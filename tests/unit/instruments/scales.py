"""Made-up scales, small enough to check by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from leeward.core.instruments import (
    Alert,
    AskedIf,
    Band,
    BandScheme,
    Bound,
    Category,
    Comparator,
    CutOff,
    Instrument,
    Item,
    Measurement,
    Method,
    Mode,
    Option,
    OutcomeDefinition,
    Prorating,
    Scoring,
    Terms,
    Workflow,
)
from leeward.core.quantities.published import Citation, Grade, PublishedFigure

CITED = Citation("made_up", "nowhere")
SESSION = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def figure(value, unit="{score}", grade=Grade.READ):
    return PublishedFigure(Decimal(str(value)), unit, CITED, grade)


def at_least(value, unit="{score}", grade=Grade.READ):
    return Bound(Comparator.AT_LEAST, figure(value, unit, grade))


def below(value, unit="{score}"):
    return Bound(Comparator.BELOW, figure(value, unit))


def at_most(value, unit="{score}"):
    return Bound(Comparator.AT_MOST, figure(value, unit))


def item(link_id, highest=3, **kwargs):
    options = tuple(Option(value, value) for value in range(highest + 1))
    return Item(link_id, True, options, **kwargs)


def scale(items, *, outcomes=(), alerts=(), **rule):
    """A scale of these questions, summed unless `rule` says otherwise."""
    highest = sum(each.highest or 0 for each in items)
    defaults = {"minimum": 0, "maximum": highest, "method": Method.SUM}
    return Instrument(
        id="made-up",
        title="Made-up scale",
        version="1",
        mode=Mode.SELF,
        validated=True,
        enabled_by_default=True,
        items=tuple(items),
        scoring=Scoring(citation=CITED, grade=Grade.READ, **{**defaults, **rule}),
        terms=Terms("ship", "made up"),
        alerts=tuple(alerts),
        outcomes=tuple(outcomes),
        forms=(),
        codes={},
    )


def four_questions(**rule):
    """Four questions of 0 to 3; two may be missing, the last never; bands at 4 and 8."""
    rule = {
        "prorating": Prorating(figure(2, "1", Grade.KNOWN), ("q4",)),
        "bands": BandScheme(
            "made up",
            (
                Band("low", "low", 0, 3),
                Band("middle", "middle", 4, 7),
                Band("high", "high", 8, 12),
            ),
            CITED,
            Grade.READ,
        ),
        "cut_offs": (CutOff("positive", "look", at_least(6)),),
    } | rule
    watch = Alert("q4_positive", ("q4",), at_least(1), Workflow.SUICIDE_RISK, "act")
    return scale([item(f"q{n}") for n in range(1, 5)], alerts=[watch], **rule)


def gated():
    """Question 2 is asked only if question 1 is not 0."""
    return scale([item("q1"), item("q2", asked_if=AskedIf(("q1",), (1, 2, 3)))])


DEFINITION = OutcomeDefinition(
    id="made-up.1",
    version="half, below 5, five points, from 10",
    baseline_within=figure(14, "d"),
    response=at_least(50, "%"),
    remission=below(5),
    reliable=at_least(5),
    meaningful=at_least(5),
    floor=below(10),
    categories=(
        Category("minimal", at_least(10, "%")),
        Category("substantial", at_least(50, "%")),
    ),
)


def followed(definition=DEFINITION, **rule):
    """A scale of 0 to 30 with one definition of change."""
    return scale([item(f"q{n}") for n in range(10)], outcomes=[definition], **rule)


def with_definition(**changes):
    return followed(replace(DEFINITION, **changes))


def taken(total, days, mode="self", **kwargs):
    """A total so many days after the first session."""
    return Measurement(SESSION + timedelta(days=days), total, mode, **kwargs)
