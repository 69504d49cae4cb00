"""What ships: valid, sourced, no clinical limit set, and the same in both languages."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from leeward import content
from leeward.content.check import check
from leeward.content.coding import SYSTEMS, Coding
from leeward.content.json_schema import stale_schemas
from leeward.core.alarms import Direction, Phase, Priority, fill
from leeward.core.protocols.limits import Side
from leeward.core.quantities.published import Grade, PublishedFigure

LIBRARY = content.load()


def parts_of(value: Any) -> Iterator[Any]:
    yield value
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from parts_of(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from parts_of(part)


def test_nothing_is_wrong_with_it() -> None:
    assert [str(problem) for problem in check()] == []


def test_the_schemas_for_editors_are_fresh() -> None:
    assert stale_schemas() == [], "run: leeward content schema"


def test_loading_twice_gives_the_same_library() -> None:
    assert content.load() is LIBRARY
    assert len(LIBRARY.digest) == 64


def test_no_clinic_limit_has_a_value() -> None:
    for limit in LIBRARY.limits.values():
        names = {field.name for field in fields(limit)}
        assert not names & {"value", "default"}
        assert all(isinstance(reading, PublishedFigure) for reading in limit.suggestions)


@pytest.mark.parametrize(
    ("limit", "readings"),
    [
        ("bp.pre_hold_sbp", {"160 V", "180 V"}),
        ("bp.pre_advise_sbp", {"140 V*"}),
        ("bp.pre_advise_dbp", {"90 V*"}),
        ("alarm.sbp_high.act", {"180 K"}),
        ("alarm.dbp_high.act", {"120 K"}),
        ("alarm.sbp_rise", {"40 V"}),
        ("recovery.min_observation_min", {"60 V", "120 V"}),
        ("dose.max_mg_per_session", set()),
        ("baseline.max_age_min", set()),
        ("pause.max_min", set()),
    ],
)
def test_what_was_published_stands_beside_the_empty_field(limit: str, readings: set[str]) -> None:
    found = LIBRARY.limits[limit].suggestions
    assert {f"{figure.value} {figure.grade}" for figure in found} == readings


@pytest.mark.hazard("H27")
def test_limits_without_which_no_session_starts() -> None:
    required = {limit.id for limit in LIBRARY.limits.values() if limit.required}
    assert {
        "dose.max_mg_per_session",
        "dose.max_mg_per_kg",
        "dose.max_mg_per_h",
        "weight.max_age_d",
        "bp.pre_hold_sbp",
        "bp.pre_hold_dbp",
        "alarm.spo2_low.act",
        "alarm.hr_high.act",
        "alarm.rr_low.act",
        "alarm.moaas_low.act",
        "recovery.min_observation_min",
        "bp.interval_min",
        "observation.interval_min",
        "alarm.stale_act_s",
    } <= required


def test_every_figure_is_graded_and_its_source_is_registered() -> None:
    library = [getattr(LIBRARY, field.name) for field in fields(LIBRARY)]
    kinds = [kind for kind in library if not isinstance(kind, str)]
    figures = [
        part
        for kind in kinds
        for value in kind.values()
        for part in parts_of(value)
        if isinstance(part, PublishedFigure)
    ]
    assert len(figures) > 100
    for figure in figures:
        assert figure.grade in Grade
        assert figure.citation.source in LIBRARY.sources
        assert figure.citation.at


def test_the_depression_infusion_of_the_largest_trial_is_wholly_verified() -> None:
    protocol = LIBRARY.protocols["depression.racemic_ketamine.iv.anand2023"]
    assert (protocol.drug, protocol.route) == ("racemic_ketamine", "iv")
    assert protocol.dose_mg_per_kg.value == Decimal("0.5")
    assert protocol.duration_min.value == Decimal(40)
    assert protocol.series is not None
    assert protocol.series.sessions == 6
    assert not protocol.unverified


@pytest.mark.parametrize(
    ("protocol", "unverified"),
    [
        ("depression.racemic_ketamine.iv.fava2018", False),
        ("depression.racemic_ketamine.iv.phillips2019", True),
        ("depression.racemic_ketamine.iv.murrough2013", True),
        ("suicidality.racemic_ketamine.iv.grunebaum2018", True),
        ("alcohol_use_disorder.racemic_ketamine.iv.grabski2022", False),
        ("crps.racemic_ketamine.iv.asra18", True),
    ],
)
def test_a_protocol_with_a_figure_not_re_read_is_flagged(protocol: str, unverified: bool) -> None:
    assert LIBRARY.protocols[protocol].unverified is unverified


def test_every_protocol_names_an_indication_that_is_known() -> None:
    for protocol in LIBRARY.protocols.values():
        assert set(protocol.indications) <= LIBRARY.indications.keys()


MEASURED = {"spo2", "hr", "rr", "nibp_sys", "nibp_dia", "moaas"}


@pytest.mark.hazard("H10")
def test_each_vial_is_one_strength_and_the_strongest_is_diluted() -> None:
    strengths = {v.concentration.value: v.dilute_before_iv for v in LIBRARY.presentations.values()}
    assert strengths == {Decimal(10): False, Decimal(50): False, Decimal(100): True}
    for vial in LIBRARY.presentations.values():
        assert str(vial.concentration.value) in vial.label


@pytest.mark.hazard("H9")
def test_anaesthetic_doses_are_bounded_by_the_label() -> None:
    bounds = {(b.drug, b.route): b for b in LIBRARY.dose_bounds.values()}
    iv, im = bounds["racemic_ketamine", "iv"], bounds["racemic_ketamine", "im"]
    assert (iv.dose_mg_per_kg.value, iv.within_min and iv.within_min.value) == (1, 1)
    assert (im.dose_mg_per_kg.value, im.within_min) == (Decimal("6.5"), None)


def test_the_two_drugs_share_no_word() -> None:
    racemic, esketamine = LIBRARY.drugs["racemic_ketamine"], LIBRARY.drugs["esketamine"]
    assert not set(racemic.names) & set(esketamine.names)
    assert racemic.short != esketamine.short
    assert racemic.label != esketamine.label


def test_esketamine_is_observed_two_hours_whatever_a_clinic_sets() -> None:
    rule = LIBRARY.recovery["esketamine.intranasal"]
    today = date(2026, 1, 1)
    assert rule.shortest_min(Decimal(60), today) == 120
    assert rule.shortest_min(None, today) == 120
    assert rule.shortest_min(Decimal(150), today) == 150
    assert rule.shortest_min(Decimal(60), date(2019, 3, 4)) == 60


def test_racemic_ketamine_has_no_minimum_until_the_clinic_sets_one() -> None:
    rule = LIBRARY.recovery["racemic_ketamine.iv"]
    assert rule.shortest_min(None, date(2026, 1, 1)) is None
    assert rule.shortest_min(Decimal(60), date(2026, 1, 1)) == 60


def test_alarms_are_unarmed_until_every_limit_is_set() -> None:
    specs = LIBRARY.alarms["racemic_ketamine.iv"]
    plan = fill(specs, {})
    assert all(threshold.limit is None for threshold in plan.thresholds)
    assert all(silence.after_s is None for silence in plan.silences)
    assert all(overdue.interval_s is None for overdue in plan.overdue)
    assert plan.audio_pause_max_s is None
    assert plan.escalation == ()


def test_alarms_are_all_armed_once_every_limit_is_set() -> None:
    every = {name: Decimal(7) for name in LIBRARY.limits}
    plan = fill(LIBRARY.alarms["racemic_ketamine.iv"], every)
    states = {"pump_stopped", "pump_unstated"}  # there or not: no figure is anybody's to set
    assert all(t.limit == (1 if t.condition in states else 7) for t in plan.thresholds)
    assert all(silence.after_s == 7 for silence in plan.silences)
    assert all(overdue.interval_s == 420 for overdue in plan.overdue)
    assert len(plan.escalation) == 2


def test_required_limits_arm_every_high_alarm() -> None:
    required = {limit.id: Decimal(7) for limit in LIBRARY.limits.values() if limit.required}
    plan = fill(LIBRARY.alarms["racemic_ketamine.iv"], required)
    # What a pump says is compared where a pump speaks; what the patient shows, always.
    measured = [t for t in plan.thresholds if t.channel in MEASURED]
    high = [t for t in measured if t.priority is Priority.HIGH]
    assert {t.condition for t in high} == {t.condition for t in measured}
    assert all(t.limit is not None for t in high)
    assert all(s.after_s is not None for s in plan.silences if s.priority is Priority.HIGH)
    assert all(o.interval_s is not None for o in plan.overdue if o.priority is Priority.HIGH)


def test_an_alarm_is_breached_on_the_side_its_limit_forbids() -> None:
    above = (Direction.ABOVE, Direction.AT_OR_ABOVE)
    for threshold in LIBRARY.alarms["racemic_ketamine.iv"].thresholds:
        if threshold.limit is None:  # there or not
            continue
        most = LIBRARY.limits[threshold.limit].side is Side.AT_MOST
        assert (threshold.direction in above) is most, threshold


@pytest.mark.hazard("H1")
def test_a_channel_that_falls_silent_while_the_pump_runs_is_a_high_alarm() -> None:
    silences = LIBRARY.alarms["racemic_ketamine.iv"].silences
    for channel in ("spo2", "hr", "rr"):
        stale = [s for s in silences if s.channel == channel and s.kind == "stale"]
        assert any(s.priority is Priority.HIGH and Phase.INFUSING in s.phases for s in stale)


def test_the_effects_of_a_session_are_offered_in_one_order() -> None:
    ordered = sorted(LIBRARY.effects.values(), key=lambda effect: effect.order)
    assert [effect.id for effect in ordered][:4] == [
        "dissociation", "dizziness", "nausea", "vomiting",
    ]  # fmt: skip
    assert len({effect.order for effect in ordered}) == len(ordered)
    assert {e.id for e in ordered} >= {
        "blurred_vision", "confusion", "hallucination", "anxiety", "headache",
    }  # fmt: skip
    assert {e.id for e in ordered if e.red_flag} == {
        "chest_pain", "breathing_difficulty", "severe_headache", "focal_deficit",
        "fainting", "seizure", "confusion_out_of_proportion", "allergic_reaction",
    }  # fmt: skip


def verhoeff_holds(digits: str) -> bool:
    multiply = [[(a + b) % 5 if a < 5 and b < 5 else -1 for b in range(10)] for a in range(10)]
    for a in range(10):
        for b in range(10):
            if a < 5 <= b:
                multiply[a][b] = (a + b - 5) % 5 + 5
            elif b < 5 <= a:
                multiply[a][b] = (a - b - 5) % 5 + 5
            elif a >= 5 and b >= 5:
                multiply[a][b] = (a - b) % 5
    turn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    check, row = 0, list(range(10))
    for digit in reversed(digits):
        check = multiply[check][row[int(digit)]]
        row = [turn[place] for place in row]
    return check == 0


def test_snomed_codes_pass_their_check_digit_and_a_slip_does_not() -> None:
    values = [*LIBRARY.routes.values(), *LIBRARY.drugs.values(), *LIBRARY.effects.values()]
    codings = [p for value in values for p in parts_of(value) if isinstance(p, Coding)]
    snomed = [coding for coding in codings if coding.system == SYSTEMS["snomed"]]
    assert len(snomed) > 8
    assert [coding.code for coding in snomed if not verhoeff_holds(coding.code)] == []
    assert not verhoeff_holds("47625009")
    assert not verhoeff_holds("46725008")


@pytest.mark.parametrize("kind", ["consents", "instructions"])
def test_texts_say_the_same_in_both_languages(kind: str) -> None:
    for text in getattr(LIBRARY, kind).values():
        english, spanish = text.body("en"), text.body("es")
        assert english["version"] == spanish["version"] == text.version
        assert english["title"] != spanish["title"]
        for one, other in zip(text.sections("en"), text.sections("es"), strict=True):
            assert len(one.points) == len(other.points)
            assert one.urgent == other.urgent
            assert not set(one.points) & set(other.points)


def test_a_language_that_is_not_spoken_falls_back_to_english() -> None:
    text = LIBRARY.instructions["instructions.racemic_ketamine.iv"]
    assert text.title("fr") == text.title("en")
    assert text.title("es-US") == text.title("es")


def test_instructions_put_emergencies_first_and_forbid_driving_until_tomorrow() -> None:
    sections = LIBRARY.instructions["instructions.racemic_ketamine.iv"].sections("en")
    assert [section.urgent for section in sections][:3] == [True, True, False]
    driving = next(section for section in sections if section.heading.startswith("Driving"))
    assert "tomorrow" in driving.points[0]
    assert "24 hours" in driving.points[0]


def test_consent_says_that_the_use_is_off_label_and_what_else_there_is() -> None:
    sections = LIBRARY.consents["consent.racemic_ketamine.iv"].sections("en")
    words = " ".join(point for section in sections for point in section.points)
    for needed in ("off-label", "only as an anaesthetic", "dependent", "bladder", "say no"):
        assert needed in words
    assert any(section.heading == "What else there is" for section in sections)


def test_the_day_checklist_holds_and_decides_as_published() -> None:
    checklist = LIBRARY.checklists["session_day.racemic_ketamine.iv"]
    effects = {item.item: str(item.effect) for item in checklist.items}
    assert effects["consent"] == effects["fasting"] == effects["escort"] == "HOLD"
    assert effects["sedatives"] == effects["interval_history"] == "DECISION"
    never = {item.item for item in checklist.items if not item.overridable}
    assert never == {"equipment", "staff"}
    assert [c.item for c in checklist.check_items()] == [item.item for item in checklist.items]


def test_crisis_numbers_are_marked_for_the_clinic_to_confirm() -> None:
    line = LIBRARY.crisis_lines["us"]
    assert (line.emergency, line.crisis) == ("911", "988")
    assert line.unverified


def test_what_cannot_be_planned_yet_is_still_shown_as_published() -> None:
    label = LIBRARY.regimens["trd.esketamine.intranasal.spr"]
    assert [str(dose.value) for dose in label.steps[1].doses] == ["56", "84"]
    assert not label.unverified
    assert LIBRARY.regimens["trd.racemic_ketamine.intranasal.lapidus2014"].unverified
    for regimen in LIBRARY.regimens.values():
        assert regimen.route in LIBRARY.drugs[regimen.drug].routes
