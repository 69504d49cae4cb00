"""The logic of rules, by the names that content calls it.

One module a theme. A predicate reads a `Case` and a `Rule` and gives a `Verdict`; thresholds,
code lists and texts are the rule's, never its own.
"""

from collections.abc import Mapping
from types import MappingProxyType

from leeward.core.candidacy.evidence import Case, weigh_answers
from leeward.core.candidacy.rules import Rule

from . import conditions, medications, person, pregnancy, pressure, substances, suicide
from .verdict import Predicate, Verdict, answer_names, settle


def answer_only(case: Case, rule: Rule) -> Verdict:
    """Settled by what is answered, and by nothing else."""
    return settle(weigh_answers(case, *answer_names(rule)))


_NONE: frozenset[str] = frozenset()
_ASKING = frozenset({"ask", "ask_current", "answers"})
_CONCEPTS = frozenset({"concepts"})
_PRESSURE = frozenset({"systolic", "diastolic"})

PREDICATES: Mapping[str, Predicate] = MappingProxyType(
    {
        "condition": Predicate(conditions.condition, _CONCEPTS, _ASKING),
        "on_the_day": Predicate(conditions.on_the_day, _NONE, _CONCEPTS | {"answers"}),
        "recent_event": Predicate(
            conditions.recent_event,
            frozenset({"concepts", "events"}),
            _ASKING,
            limits=frozenset({"interval"}),
        ),
        "family_history": Predicate(
            conditions.family_history, _CONCEPTS, frozenset({"ask", "answers"})
        ),
        "bipolar": Predicate(conditions.bipolar, frozenset({"concepts", "stabilisers"}), _ASKING),
        "medication": Predicate(medications.medication, _CONCEPTS, frozenset({"ask", "answers"})),
        "medication_count": Predicate(
            medications.medication_count,
            _CONCEPTS,
            frozenset({"ask", "answers"}),
            figures={"several": "1"},
        ),
        "allergy": Predicate(
            medications.allergy, _CONCEPTS, frozenset({"ask", "none", "answers"})
        ),
        "age_below": Predicate(person.age_below, figures={"age": "a"}, person=True),
        "age_at_least": Predicate(person.age_at_least, figures={"age": "a"}, person=True),
        "deceased": Predicate(person.deceased, person=True),
        "always": Predicate(person.always),
        "pregnancy": Predicate(
            pregnancy.pregnancy,
            frozenset({"concepts", "ask", "tests", "pregnant_answers", "not_pregnant_answers"}),
            frozenset({"answers"}),
            limits=frozenset({"test_age"}),
            person=True,
        ),
        "pressure_over_limit": Predicate(
            pressure.pressure_over_limit,
            _PRESSURE,
            frozenset({"ask", "answers"}),
            limits=frozenset({"systolic", "diastolic", "reading_age"}),
        ),
        "pressure_over_figure": Predicate(
            pressure.pressure_over_figure,
            _PRESSURE,
            frozenset({"ask", "answers"}),
            figures={"systolic": "mm[Hg]", "diastolic": "mm[Hg]"},
            limits=frozenset({"reading_age"}),
        ),
        "substance_active": Predicate(
            substances.substance_active,
            frozenset({"concepts", "remission", "ask"}),
            frozenset({"answers"}),
            figures={"window": "mo"},
        ),
        "substance_history": Predicate(
            substances.substance_history,
            frozenset({"concepts", "remission", "ask"}),
            frozenset({"answers"}),
        ),
        "suicide_risk": Predicate(
            suicide.suicide_risk,
            frozenset({"attempt", "attempt_history", "ideation", "ask", "item9"}),
            figures={"recent": "mo"},
        ),
        "suicide_screen_today": Predicate(suicide.suicide_screen_today),
        "answer_only": Predicate(answer_only, may=frozenset({"answers"})),
    }
)

__all__ = ["PREDICATES", "Predicate", "Verdict", "answer_only"]
