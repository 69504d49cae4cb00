"""The shipped scales, scored as published."""

from decimal import Decimal

import pytest

from leeward.core.instruments import (
    DECLINED,
    Workflow,
    alerts_on_answer,
    next_item,
    score,
    score_total,
)
from leeward.core.quantities import Refusal
from tests.content.instruments.library import shipped, values_of


def scored(name, *values, **kwargs):
    instrument = shipped()[name]
    return score(instrument, values_of(instrument, *values), **kwargs)


def entered(name, total, **kwargs):
    return score_total(shipped()[name], total, **kwargs)


RANGES = {
    "phq-9": (0, 27), "phq-2": (0, 6), "gad-7": (0, 21), "gad-2": (0, 6), "pcl-5": (0, 80),
    "pc-ptsd-5": (0, 5), "peg": (0, 10), "nrs-pain": (0, 10), "pgic": (1, 7), "audit-c": (0, 12),
    "audit-c-who": (0, 12), "who-5": (0, 100), "moaas": (0, 5), "rass": (-5, 4),
    "aldrete-modified": (0, 10), "mpadss": (0, 10), "news2": (0, 20), "dissociation": (0, 3),
    "madrs": (0, 60), "ham-d17": (0, 52), "qids-sr16": (0, 27), "bdi-ii": (0, 63),
    "y-bocs": (0, 40), "caps-5": (0, 80), "cadss": (0, 92), "cadss-6": (0, 24), "isi": (0, 28),
    "audit": (0, 40), "dast-10": (0, 10), "odi": (0, 100), "hit-6": (36, 78), "lsas": (0, 144),
}  # fmt: skip


@pytest.mark.parametrize(("name", "ends"), RANGES.items())
def test_range_is_the_published_one(name, ends):
    rule = shipped()[name].scoring
    assert (rule.minimum, rule.maximum) == ends


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"),
        (14, "moderate"), (15, "moderately severe"), (19, "moderately severe"), (20, "severe"),
        (27, "severe"),
    ],
)  # fmt: skip
def test_phq_9_bands_change_where_published(total, band):
    result = entered("phq-9", total)
    assert result.band.label == band
    assert ("screen_positive" in result.flags) is (total >= 10)
    assert not result.unverified


@pytest.mark.parametrize(
    ("total", "band"),
    [(4, "minimal"), (5, "mild"), (10, "moderate"), (14, "moderate"), (15, "severe")],
)
def test_gad_7_bands_change_where_published(total, band):
    assert entered("gad-7", total).band.label == band


def test_every_total_of_a_banded_scale_has_exactly_one_band():
    banded = [each for each in shipped().values() if each.scoring.bands is not None]
    assert len(banded) >= 12
    for instrument in banded:
        rule = instrument.scoring
        for total in range(rule.minimum, rule.maximum + 1):
            holding = [b for b in rule.bands.bands if b.lo <= total <= b.hi]
            assert len(holding) == 1, (instrument.id, total)
            assert score_total(instrument, total).band == holding[0]


def test_the_difficulty_question_is_kept_and_not_scored():
    assert scored("phq-9", *[1] * 9, 3).total == 9
    assert scored("phq-9", *[1] * 9).total == 9
    assert scored("phq-9", *[1] * 9).missing == ()


@pytest.mark.parametrize("value", [1, 2, 3])
def test_phq_9_item_9_calls_for_help_at_the_moment_of_answering(value):
    (alert,) = alerts_on_answer(shipped()["phq-9"], "phq9-9", value)
    assert alert.workflow is Workflow.SUICIDE_RISK


def test_phq_9_item_9_is_never_filled_in():
    assert scored("phq-9", *[1] * 8, None).total is None
    assert scored("phq-9", None, None, *[1] * 7).total == 9
    assert scored("phq-9", None, None, None, *[1] * 6).total is None


def test_pcl_5_needs_every_answer():
    assert scored("pcl-5", *[2] * 19).total is None
    assert scored("pcl-5", *[2] * 20).total == 40


def test_pcl_5_clusters_are_counted_apart():
    one_b_one_c_two_d_two_e = [2, 0, 0, 0, 0, 2, 0, 2, 2, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0]
    result = scored("pcl-5", *one_b_one_c_two_d_two_e)
    assert "cluster_rule_met" in result.flags
    assert [(part.code, part.total) for part in result.subscales] == [
        ("B", 2), ("C", 2), ("D", 4), ("E", 4)
    ]  # fmt: skip
    for position in (0, 5, 7, 14):
        weaker = [*one_b_one_c_two_d_two_e]
        weaker[position] = 1
        assert "cluster_rule_met" not in scored("pcl-5", *weaker).flags


@pytest.mark.parametrize(("total", "lines"), [(30, 0), (31, 1), (32, 1), (33, 2)])
def test_pcl_5_names_both_ends_of_the_published_cut_off(total, lines):
    flags = entered("pcl-5", total).flags
    assert sum(flag.startswith("screen_positive") for flag in flags) == lines
    assert entered("pcl-5", total).band is None


def test_pc_ptsd_5_stops_at_no_exposure():
    assert scored("pc-ptsd-5", 0).total == 0
    assert scored("pc-ptsd-5", 0).missing == ()
    assert scored("pc-ptsd-5", 1, 1, 1, 1, 0, 0).total == 3
    assert isinstance(scored("pc-ptsd-5", 0, 1, 1, 1, 0, 0), Refusal)


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ((0, 0, 0, 0), "negative"),
        ((0, 1, 0, 0), "positive_acuity_unknown"),
        ((0, 1, 0, 0, 0), "non_acute_positive"),
        ((0, 1, 0, 0, 1), "acute_positive"),
        ((0, 0, DECLINED, 0), "positive_acuity_unknown"),
        ((0, 0, DECLINED, 0, 0), "non_acute_positive"),
        ((0, 0, 0, 1, DECLINED), "positive_acuity_unknown"),
        ((0, 0, 0, 0, 1), "acute_positive"),
    ],
)
def test_asq_reads_a_refusal_as_positive_and_puts_the_urgent_answer_first(answers, outcome):
    result = scored("asq", *answers)
    assert (result.band.code, result.total) == (outcome, None)


def test_asq_is_not_negative_while_a_question_is_open():
    result = scored("asq", 0, 0, None, 0)
    assert (result.band, result.missing) == (None, ("asq-3",))


def test_asq_asks_about_now_only_after_a_positive():
    asq = shipped()["asq"]
    assert next_item(asq, values_of(asq, 0, 0, 0, 0)) is None
    assert next_item(asq, values_of(asq, 0, 0, 0, DECLINED)).link_id == "asq-5"


def test_asq_fires_at_once():
    asq = shipped()["asq"]
    assert [a.workflow for a in alerts_on_answer(asq, "asq-5", 1)] == [Workflow.EMERGENCY]
    assert [a.workflow for a in alerts_on_answer(asq, "asq-2", DECLINED)] == [
        Workflow.SUICIDE_RISK
    ]
    assert alerts_on_answer(asq, "asq-2", 0) == ()


@pytest.mark.parametrize(
    ("answers", "risk"),
    [
        ((0, 0, None, None, None, 0, 0), "none"),
        ((1, 0, None, None, None, 0, 0), "low"),
        ((1, 1, 0, 0, 0, 0, 0), "low"),
        ((1, 1, 1, 0, 0, 0, 0), "moderate"),
        ((0, 0, None, None, None, 1, 0), "moderate"),
        ((1, 1, 0, 1, 0, 0, 0), "high"),
        ((1, 1, 0, 0, 1, 0, 0), "high"),
        ((0, 0, None, None, None, 1, 1), "high"),
    ],
)
def test_c_ssrs_is_triaged_and_never_added_up(answers, risk):
    result = scored("c-ssrs-screener", *answers)
    assert (result.band.code, result.total, result.missing) == (risk, None, ())


def test_c_ssrs_is_not_cleared_by_an_open_question():
    assert scored("c-ssrs-screener", 0, 0, None, None, None, 0, None).band is None


@pytest.mark.parametrize(
    ("sex", "total", "positive"),
    [("male", 3, False), ("male", 4, True), ("female", 2, False), ("female", 3, True)],
)
def test_audit_c_is_positive_from_four_in_men_and_three_in_women(sex, total, positive):
    assert ("screen_positive" in entered("audit-c", total, sex=sex).flags) is positive


def test_audit_c_says_when_the_sex_decides():
    assert "screen_positive_depends_on_sex" in entered("audit-c", 3).flags


def test_audit_c_of_someone_who_never_drinks_is_complete():
    assert (scored("audit-c", 0).total, scored("audit-c", 0).missing) == (0, ())


def test_who_5_counts_four_times_and_up_is_good():
    assert scored("who-5", 3, 2, 3, 2, 2).total == 48
    assert "screen_positive" in entered("who-5", 50).flags
    assert "screen_positive" not in entered("who-5", 52).flags
    assert shipped()["who-5"].scoring.higher_is_better


def test_peg_is_a_mean_without_bands():
    result = scored("peg", 7, 6, 7)
    assert result.total == pytest.approx(20 / 3)
    assert result.band is None
    assert scored("peg", 7, 6).total is None


@pytest.mark.parametrize(
    ("total", "band"), [(0, "none"), (3, "mild"), (4, "moderate"), (7, "severe")]
)
def test_pain_bands(total, band):
    assert scored("nrs-pain", total).band.label == band


@pytest.mark.hazard("H24")
def test_recovery_scores_are_ready_from_nine():
    for name, nine in (("aldrete-modified", (2, 2, 1, 2, 2)), ("mpadss", (2, 2, 1, 2, 2))):
        assert "ready" in scored(name, *nine).flags
        assert "ready" not in scored(name, 1, *nine[1:]).flags


@pytest.mark.hazard("H24")
def test_bleeding_that_does_not_apply_scores_two_and_is_visible():
    result = scored("mpadss", 2, 2, 2, 2, 9)
    assert result.total == 10
    assert "not_applicable:mpadss-bleeding" in result.flags


@pytest.mark.parametrize(
    ("question", "readings"),
    [
        ("news2-respiration", {8: 3, 9: 1, 11: 1, 12: 0, 20: 0, 21: 2, 24: 2, 25: 3}),
        ("news2-spo2", {91: 3, 92: 2, 93: 2, 94: 1, 95: 1, 96: 0}),
        ("news2-systolic", {90: 3, 91: 2, 100: 2, 101: 1, 110: 1, 111: 0, 219: 0, 220: 3}),
        (
            "news2-pulse",
            {40: 3, 41: 1, 50: 1, 51: 0, 90: 0, 91: 1, 110: 1, 111: 2, 130: 2, 131: 3},
        ),
        (
            "news2-temperature",
            {
                "35.0": 3,
                "35.1": 1,
                "36.0": 1,
                "36.1": 0,
                "38.0": 0,
                "38.1": 1,
                "39.0": 1,
                "39.1": 2,
            },
        ),
    ],
)
def test_news2_components_change_where_published(question, readings):
    item = shipped()["news2"].item(question)
    assert {key: item.points(Decimal(str(key))) for key in readings} == readings


def test_news2_flags_one_parameter_that_scores_three():
    well = {"respiration": 16, "spo2": 98, "oxygen": 0, "systolic": 122, "pulse": 70}
    well |= {"consciousness": 0, "temperature": Decimal("36.8")}
    answers = {f"news2-{name}": value for name, value in well.items()}
    news2 = shipped()["news2"]
    assert score(news2, answers).total == 0
    low = score(news2, answers | {"news2-systolic": 88})
    assert (low.total, low.band.label) == (3, "routine")
    assert "single_parameter_3" in low.flags
    parts = {part.code: part.total for part in low.subscales}
    assert (parts["systolic"], parts["pulse"]) == (3, 0)


def test_news2_without_a_reading_has_no_total_and_still_its_components():
    news2 = shipped()["news2"]
    result = score(news2, {"news2-spo2": 90})
    assert result.total is None
    assert {part.code: part.total for part in result.subscales}["spo2"] == 3
    assert "single_parameter_3" in result.flags


def test_a_zero_is_no_reading():
    for question in ("news2-spo2", "news2-pulse", "news2-systolic"):
        assert isinstance(score(shipped()["news2"], {question: 0}), Refusal)


def test_moaas_names_loss_of_consciousness_and_holds_no_alarm_level():
    assert "loss_of_consciousness" in scored("moaas", 0).flags
    assert "loss_of_consciousness" not in scored("moaas", 1).flags
    assert shipped()["moaas"].alerts == ()


def test_qids_counts_the_worst_of_each_domain():
    sleep, rest = [0, 1, 3, 2], [1, 0, 2, 0, 0, 1, 0, 0, 0, 0, 2, 1]
    # sleep 3, mood 1, appetite and weight 2, concentration to interest 1, psychomotor 2.
    assert scored("qids-sr16", *sleep, *rest).total == 9


def test_turned_questions_are_turned_once():
    assert scored("dast-10", 0, 0, 1, *[0] * 7).total == 0
    assert scored("dast-10", *[0] * 10).total == 1
    assert scored("pss-10", *[0] * 10).total == 16


def test_own_question_sets_are_shown_as_not_validated():
    own = {"sleep", "energy", "concentration", "headache-days", "drinking-days", "craving"}
    own |= {"urinary-symptoms", "mood-today", "dissociation"}
    assert {each.id for each in shipped().values() if not each.validated} == own
    assert "not_validated" in scored("sleep", 7).flags
    for name in own - {"dissociation"}:
        assert shipped()[name].languages == ("en", "es-US")


def test_urinary_symptoms_ask_for_a_decision():
    check = shipped()["urinary-symptoms"]
    assert scored("urinary-symptoms", *[1] * 7).total is None
    assert [a.workflow for a in alerts_on_answer(check, "urinary-blood", 1)] == [Workflow.DECISION]
    assert alerts_on_answer(check, "urinary-urgency", 2, previous=0) != ()
    assert alerts_on_answer(check, "urinary-urgency", 2, previous=2) == ()
    assert alerts_on_answer(check, "urinary-urgency", 1) == ()


def test_severe_dissociation_calls_the_clinician():
    dissociation = shipped()["dissociation"]
    assert [a.workflow for a in alerts_on_answer(dissociation, "dissociation-1", 3)] == [
        Workflow.ALERT
    ]
    assert alerts_on_answer(dissociation, "dissociation-1", 2) == ()


def test_nothing_speaks_of_a_diagnosis():
    for instrument in shipped().values():
        rule = instrument.scoring
        for line in rule.cut_offs:
            assert "diagnos" not in line.means.lower()
        if rule.cluster_rule is not None:
            assert "diagnos" not in rule.cluster_rule.means.lower()
