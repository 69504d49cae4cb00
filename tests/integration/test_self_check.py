"""The self-check: three outcomes by the candidacy rules, nothing kept, nothing forged."""

import re
from datetime import date

import pytest
from django.test import Client

from leeward import content
from leeward.records.audit.models import AuditEntry
from leeward.usecases.check_oneself import Outcome, accept_answers, check_oneself, questions
from leeward.web.self_check_state import seal, unseal

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
EVERY = questions().questions
HEALTHY = {
    q.id: ("none",) if q.several else ("adult",) if q.id == "age" else ("no",) for q in EVERY
}


def walk(answers: dict, prefix: str = "") -> tuple[Client, str, str]:
    """Answer as a browser without script does; the client, the last page and its address."""
    client = Client()
    start = client.get(f"{prefix}/self-check/").content.decode()
    where = re.search(r'class="btn" href="([^"]+)"', start)[1]
    while "/result/" not in where:
        question = where.split("/self-check/")[1].split("/")[0]
        answer = client.post(where, {"answer": list(answers[question])})
        assert answer.status_code == 302, (question, answer.status_code)
        where = answer.url
    return client, client.get(where).content.decode(), where


def outcome(**changed: tuple[str, ...]) -> Outcome:
    return check_oneself({**HEALTHY, **changed}, today=TODAY).outcome


def test_nothing_against_it_is_worth_talking_about_and_never_more():
    assert outcome() is Outcome.WORTH_TALKING
    for prefix in ("", "/es"):
        _, shown, _ = walk(HEALTHY, prefix)
        text = re.sub(r"<[^>]+>", " ", shown)
        assert "Worth talking about" in text or "Vale la pena hablarlo" in text
        assert not re.search(
            r"you qualify|eligible|you are a candidate|usted califica", text, re.I
        )


@pytest.mark.hazard("H41")
def test_every_choice_that_names_a_blocking_rule_leads_to_may_not_suit():
    rules = content.load().rules
    for question in EVERY:
        for choice in question.choices:
            effects = {e.effect.value for rule in choice.holds for e in rules[rule].effects}
            if "BLOCK" in effects:
                checked = check_oneself({**HEALTHY, question.id: (choice.id,)}, today=TODAY)
                assert checked.outcome is Outcome.MAY_NOT_SUIT, choice.id
                told = {reason.finding.rule for reason in checked.reasons}
                assert told & set(choice.holds), choice.id


def test_every_rule_that_holds_is_told_with_its_own_words_and_source():
    for question in EVERY:
        for choice in question.choices:
            checked = check_oneself({**HEALTHY, question.id: (choice.id,)}, today=TODAY)
            told = {reason.finding.rule for reason in checked.reasons}
            rules = {rule: content.load().rules[rule] for rule in choice.holds}
            mild = {name for name, rule in rules.items()
                    if {e.effect.value for e in rule.effects} == {"INFO"}}  # fmt: skip
            assert told >= set(choice.holds) - mild, choice.id


@pytest.mark.parametrize(("age", "wanted"), [("under-18", Outcome.MAY_NOT_SUIT),
                                             ("adult", Outcome.WORTH_TALKING)])  # fmt: skip
def test_age_is_judged_by_the_rule(age, wanted):
    assert outcome(age=(age,)) is wanted


def test_being_older_is_a_point_to_raise_and_no_bar():
    checked = check_oneself({**HEALTHY, "age": ("older",)}, today=TODAY)
    assert checked.outcome is Outcome.WORTH_TALKING
    assert [reason.finding.rule for reason in checked.reasons] == ["age_65_or_over"]


def test_not_being_sure_of_something_grave_is_a_reason():
    checked = check_oneself({**HEALTHY, "vessels": ("unsure",)}, today=TODAY)
    assert checked.outcome is Outcome.MAY_NOT_SUIT
    assert all(reason.unsure for reason in checked.reasons)
    _, shown, _ = walk({**HEALTHY, "vessels": ("unsure",)})
    assert shown.count('class="why"') == 1, "one card for one answer, not one for each rule"


@pytest.mark.hazard("H61")
@pytest.mark.parametrize("prefix", ["", "/es"])
@pytest.mark.parametrize(("choice", "first"), [("thoughts", "tel:988"), ("body", "tel:911")])
def test_danger_now_ends_the_questions_with_the_numbers(prefix, choice, first):
    _, shown, _ = walk({"now": (choice,)}, prefix)
    main = shown[shown.index("<main") :]
    assert main.index(f'href="{first}"') < main.index("<h2")


def test_reasons_stand_in_the_persons_own_answers():
    _, shown, _ = walk({**HEALTHY, "pressure": ("high",)})
    assert "“Yes, and it is still high”" in shown
    assert content.load().rules["uncontrolled_hypertension"].patient.en in shown
    _, spanish, _ = walk({**HEALTHY, "pressure": ("high",)}, "/es")
    assert "“Sí, y sigue alta”" in spanish
    assert content.load().rules["uncontrolled_hypertension"].patient.es in spanish


def test_nothing_is_kept_and_the_address_tells_nothing():
    before = AuditEntry.objects.count()
    client, _, where = walk({**HEALTHY, "substances": ("active",)})
    assert AuditEntry.objects.count() == before
    assert not client.session.keys()
    assert "substances" not in where
    assert "active" not in where


def test_an_answer_can_be_changed_and_back_keeps_the_others():
    client, shown, _ = walk({**HEALTHY, "pressure": ("high",)})
    change = re.search(r'href="([^"]+/pressure/[^"]+)"', shown)[1]
    page = client.get(change).content.decode()
    assert re.search(r'value="high" checked', page)
    after = client.get(client.post(change, {"answer": "no"}).url).content.decode()
    assert "Worth talking about" in after


def test_the_language_can_be_switched_in_the_middle():
    client, _, where = walk({**HEALTHY, "pressure": ("high",)})
    spanish = client.get(f"/es{where}").content.decode()
    assert "Usted nos dijo" in spanish


@pytest.mark.parametrize("given", [(), ("nonsense",), ("none", "aneurysm"), ("<script>",)])
def test_an_answer_that_is_none_is_asked_for_again(given):
    where = f"/self-check/vessels/{seal({'now': ('none',)})}/"
    answer = Client().post(where, {"answer": list(given)})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert "<title>Error:" in answer.content.decode()


def test_one_answer_where_one_is_asked_for():
    age = next(q for q in EVERY if q.id == "age")
    assert accept_answers(age, ("adult", "older")).code == "self_check.both"


@pytest.mark.parametrize("token", ["x", "start2", "gAAAAABforged", "A" * 5000, "%00", "..%2f.."])
def test_a_forged_state_opens_the_beginning(token):
    for path in (f"/self-check/result/{token}/", f"/self-check/age/{token}/"):
        answer = Client().get(path)
        assert answer.status_code in (200, 404)
        assert b"Traceback" not in answer.content


def test_a_state_that_was_altered_is_not_read():
    sealed = seal({"age": ("adult",)})
    assert unseal(sealed) == {"age": ("adult",)}
    for place in range(0, len(sealed), 7):
        other = "A" if sealed[place] != "A" else "B"
        assert unseal(sealed[:place] + other + sealed[place + 1 :]) is None


def test_a_state_of_other_questions_is_not_believed():
    shown = Client().get(f"/self-check/result/{seal({'age': ('ninety',), 'zzz': ('x',)})}/")
    assert "Start" in shown.content.decode()


def test_ten_megabytes_of_answers_are_refused():
    answer = Client().post("/self-check/age/start/", {"answer": "x" * (10 * 1024 * 1024)})
    assert answer.status_code == 413


def test_its_rules_are_those_of_candidacy_and_no_copy():
    named = {rule for question in EVERY for rule in question.rules()}
    assert named <= set(content.load().rules)
    assert len(named) >= 25
