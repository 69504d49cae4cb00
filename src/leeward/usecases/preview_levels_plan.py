"""Levels some regimens would give one person, side by side, before anything is ordered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from leeward.core.pharmacology import Comparison, Patient, Simulation, simulate
from leeward.core.quantities import Refusal
from leeward.figures.pk import Band, InfusionBar, LevelCurve, PkChart

from . import preview_levels_marks as marks
from . import preview_levels_sets as sets
from .preview_levels_values import (
    EFFECT,
    INDEX,
    MINUTE,
    PLASMA,
    REGIMENS,
    Dose,
    Landmark,
    LevelPreview,
    LevelsWish,
)

MOST = 4
_SHORTEST_MIN, _AFTER_MIN, _POINTS = 180.0, 120.0, 121
_LETTERS = "ABCD"
_OTHERS = ("other_1", "other_2", "other_3")
_UNIT = {PLASMA: "ng/mL", EFFECT: "ng/mL at the effect site", INDEX: "index from 0 to 1"}
_EXTRA = "{0} published no rate for an effect site, so it has no such curve. Choose another set."


def preview_plan(
    draft: Dose,
    *,
    weight_kg: Decimal,
    age_y: int | None,
    wish: LevelsWish | None = None,
    in_force: Dose | None = None,
    others: Sequence[Dose] = (),
    weight_basis: str = "actual",
) -> LevelPreview | Refusal:
    """Draw the draft beside the plan in force and alternatives, or beside other sets.

    Advises nothing: no regimen is ranked, and no level is a target.

    *Refuses when* the line's set is unknown or refuses the person (age, weight) or the route, a
    dose or duration is not above 0, or the set has no curve of the kind that was asked for.
    """
    wish = wish or LevelsWish()
    fault = _fault(wish, draft, *others)
    if fault is not None:
        return fault
    doses = ([in_force] if in_force else []) + [draft, *others]
    doses = doses[:MOST]
    person = Patient(weight_kg=float(weight_kg), age_y=None if age_y is None else float(age_y))
    times = _times(doses)
    found = sets.ask(wish.line, person, draft.regimen, times)
    if wish.line in found.refusals:
        return found.refusals[wish.line]
    line = found.simulations[wish.line]
    if wish.curve == EFFECT and line.model.effect is None:
        return Refusal("levels.no_effect_site", _EXTRA.format(wish.line), field="level_set")
    drawn = _regimens(doses, draft, found, line) if wish.by == REGIMENS else _sets(draft, found)
    return _preview(wish, draft, doses, found, drawn, times, weight_basis)


def _fault(wish: LevelsWish, *doses: Dose) -> Refusal | None:
    if wish.line not in sets.known_sets():
        return Refusal("levels.unknown_set", "Choose one of the sets.", field="level_set")
    if any(dose.dose_mg <= 0 or dose.duration_min <= 0 for dose in doses):
        return Refusal("levels.not_positive", "A dose and a duration above 0 are needed.")
    return None


def _times(doses: Sequence[Dose]) -> sets.FloatArray:
    """Even times until the last of it is told, with every stop among them [min]."""
    ends = [float(dose.duration_min) for dose in doses]
    horizon = max(_SHORTEST_MIN, max(ends) + _AFTER_MIN)
    return np.unique(np.concatenate([np.linspace(0.0, horizon, _POINTS), ends]))


_Drawn = tuple[str, str, Dose, Simulation]
"""Letter, style, regimen, run."""


def _regimens(
    doses: Sequence[Dose], draft: Dose, found: Comparison, line: Simulation
) -> list[_Drawn]:
    spare = iter(_OTHERS)
    drawn: list[_Drawn] = []
    for letter, dose in zip(_LETTERS, doses, strict=False):
        if dose is draft:
            style, run = "draft", line
        else:
            style = "in_force" if dose.name == "in force" else next(spare)
            answer = simulate(line.model, line.patient, dose.regimen, found.t_min)
            if isinstance(answer, Refusal):
                continue
            run = answer
        drawn.append((letter, style, dose, run))
    return drawn


def _sets(draft: Dose, found: Comparison) -> list[_Drawn]:
    styles = ("draft", *_OTHERS)
    runs = zip(_LETTERS, styles, found.simulations.values(), strict=False)
    return [(letter, style, draft, run) for letter, style, run in runs]


def _preview(
    wish: LevelsWish, draft: Dose, doses: Sequence[Dose], found: Comparison,
    drawn: Sequence[_Drawn], times: sets.FloatArray, weight_basis: str,
) -> LevelPreview:  # fmt: skip
    line = found.simulations[wish.line]
    visible = [part for part in drawn if wish.curve != EFFECT or part[3].model.effect]
    curves = tuple(_curve(part, wish) for part in visible)
    bands = _bands(wish, found, line, times)
    top = max(v for c in curves for v in c.level)
    beside = marks.marks_beside(line.model, top, plasma=wish.curve == PLASMA)
    chart = PkChart(
        title=f"{'Dissociation index' if wish.curve == INDEX else 'Estimated ketamine'}",
        curves=curves,
        horizon_min=float(times[-1]),
        bands=bands,
        bars=_bars(wish, draft, drawn),
        references=marks.drawn_lines(beside),
        unit=_UNIT[wish.curve],
    )
    rows = [*drawn]
    if wish.by == REGIMENS:
        others = (run for name, run in found.simulations.items() if name != wish.line)
        letter = next(part[0] for part in drawn if part[2] is draft)
        rows += [(letter, "", draft, run) for run in others]
    return LevelPreview(
        wish=wish,
        chart=chart,
        landmarks=tuple(_landmark(letter, dose, run, wish) for letter, _, dose, run in rows),
        marks=beside,
        bands=tuple(band.label for band in bands),
        cautions=_cautions(wish, found, weight_basis),
        index_says=marks.index_says(line),
        options=sets.options(line.patient, draft.regimen),
    )


def _curve(part: _Drawn, wish: LevelsWish) -> LevelCurve:
    letter, style, dose, run = part
    run = _with_peak(run, wish)
    label = f"{dose.name}, {_amounts(dose)}"
    if wish.by != REGIMENS:
        label = f"{run.model.id}, {run.model.site}"
    return LevelCurve(label, tuple(run.t_min), tuple(_values(run, wish)), style, letter=letter)


def _with_peak(run: Simulation, wish: LevelsWish) -> Simulation:
    """The run with its exact peak among its times; of plasma the stop is, already."""
    if wish.curve == PLASMA:
        return run
    at = marks.index_peak_min(run) if wish.curve == INDEX else run.peak("effect").t_min
    return replace(run, t_min=np.unique(np.append(run.t_min, at)))


def _values(run: Simulation, wish: LevelsWish) -> sets.FloatArray:
    if wish.curve == INDEX:
        return marks.index_of(run).index
    return run.curve("effect" if wish.curve == EFFECT else None)


def _bands(
    wish: LevelsWish, found: Comparison, line: Simulation, times: sets.FloatArray
) -> tuple[Band, ...]:
    """Spread over sets, then people (plasma) or the interval of the index."""
    bands = []
    able = {
        name: run
        for name, run in found.simulations.items()
        if wish.curve != EFFECT or run.model.effect
    }
    if wish.by == REGIMENS and len(able) > 1:
        stacked = np.array([_values(run, wish) for run in able.values()])
        words = sets.sets_words(Comparison(times, able, {}))
        bands.append(_band(times, stacked.min(axis=0), stacked.max(axis=0), words, "sets"))
    if wish.curve == INDEX:
        index = marks.index_of(line)
        bands.append(_band(times, index.low, index.high, "published interval of C50", "interval"))
    if wish.curve == PLASMA and (people := sets.people_band(line, times)):
        low, high = (people.quantiles[edge] for edge in sets.EDGES)
        bands.append(_band(times, low, high, sets.people_words(people), "people"))
    return tuple(bands)


def _band(
    times: sets.FloatArray, low: sets.FloatArray, high: sets.FloatArray, label: str, kind: str
) -> Band:
    return Band(tuple(times), tuple(low), tuple(high), label, kind)


def _bars(wish: LevelsWish, draft: Dose, drawn: Sequence[_Drawn]) -> tuple[InfusionBar, ...]:
    if wish.by != REGIMENS:
        return (InfusionBar(0.0, float(draft.duration_min), "infusion"),)
    return tuple(
        InfusionBar(0.0, float(dose.duration_min), f"infusion {letter}", style, row)
        for row, (letter, style, dose, _) in enumerate(drawn)
    )


def _landmark(letter: str, dose: Dose, run: Simulation, wish: LevelsWish) -> Landmark:
    effect = run.model.effect is not None and wish.curve == EFFECT
    numbers = _numbers(_Asked(run.model.id, run.patient, dose.dose_mg, dose.duration_min), run)
    return Landmark(
        letter=letter,
        regimen=f"{dose.name}, {_amounts(dose)}",
        model=run.model.id,
        site=run.model.site,
        analyte=sets.measured(run.model),
        cmax_ng_per_ml=numbers[0],
        tmax_min=numbers[1],
        auc_ng_h_per_ml=numbers[2],
        hour_after_ng_per_ml=numbers[3],
        effect_max_ng_per_ml=run.peak("effect").value_ng_per_ml if effect else None,
        index_max=numbers[4],
        grade=str(run.grade),
        unverified=run.grade.unverified,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the landmarks of a run follow from."""

    model_id: str
    person: Patient
    dose_mg: Decimal
    duration_min: Decimal


_KEPT: dict[_Asked, tuple[float, float, float, float, float]] = {}
_MOST_KEPT = 512


def _numbers(asked: _Asked, run: Simulation) -> tuple[float, float, float, float, float]:
    """Cmax, Tmax, area, level an hour after the stop, highest index.

    Kept for what does not change while one regimen among several is being typed.
    """
    numbers = _KEPT.get(asked)
    if numbers is None:
        summary = run.summary()
        after = run.at(np.array([float(asked.duration_min) + MINUTE]))
        numbers = (
            summary.cmax_ng_per_ml, summary.tmax_min, summary.auc_0_inf / MINUTE,
            float(after[0]), marks.index_max(run),
        )  # fmt: skip
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[asked] = numbers
    return numbers


def _amounts(dose: Dose) -> str:
    return f"{dose.dose_mg.normalize():f} mg over {dose.duration_min.normalize():f} min"


def _cautions(wish: LevelsWish, found: Comparison, weight_basis: str) -> tuple[str, ...]:
    words = list(sets.cautions(found))
    if weight_basis != "actual":
        words.insert(
            0, f"The plan's weight is {weight_basis}; every set scales with total weight."
        )
    if wish.curve == EFFECT:
        words.insert(
            0,
            "No variability between people was published for the rate of an effect site, so "
            "none is drawn.",
        )
    return tuple(words)
