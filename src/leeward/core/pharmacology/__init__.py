"""Ketamine pharmacokinetics and pharmacodynamics: exact, fast, honest about uncertainty.

Pure functions on frozen values; knows nothing of files, clocks, people or pages.  A published
set is a `Model` from the content library; doses are a `Regimen` in mg of base on a clock in
minutes; an expected "no" (out of range, under 18, a route without a published input) is a
`Refusal`.  Curves come from the exact solution, landmarks (Cmax, Tmax, areas, times above a
level) never from a grid.  Single-person work needs no compiling.

Preview of a plan::

    from leeward import content
    from leeward.core.pharmacology import (
        Patient, compare, parse_regimen_text, population, simulate,
    )
    from leeward.core.quantities import Refusal

    models = content.load().pk_models
    patient = Patient(weight_kg=70.0, age_y=40.0)
    regimen = parse_regimen_text("0.5 mg/kg over 40 min", patient.weight_kg, "racemic_ketamine")
    run = simulate(models["domino"], patient, regimen, range(0, 241))
    if not isinstance(run, Refusal):
        run.curve()                     # plasma ketamine [ng/mL] at each minute
        run.curve("effect")             # effect site [ng/mL]
        run.summary(thresholds=[100.0]) # exact cmax, tmax, auc_0_t, auc_0_inf, time above
        run.findings, run.grade         # to be shown beside the curve
    both = compare([models["domino"], models["kamp2020"]], patient, regimen, range(0, 241))
    low, high = both.spread("arterial") # disagreement among published sets
    band = population(models["domino"], patient, regimen, range(0, 241), n=2000, seed=1,
                      iiv=models["otto2021"])     # borrowed, and `band.label` says so
    band.quantiles[0.05], band.quantiles[0.95]

Chair side, from the recorded pump log (segments ``(from [min], rate [mg/min])``; 0 stops)::

    session = track(models["domino"], patient, [(0.0, 0.875), (20.0, 0.5)])
    session.level_now(25.0).levels_ng_per_ml            # {"ketamine": ..., "effect": ...}
    session.forecast(np.arange(0.0, 121.0), 25.0, stop_min=40.0).curve()
    session.forecast(np.arange(0.0, 121.0), 25.0, rate_mg_per_min=0.7, stop_min=40.0)  # what if
    session.time_below(50.0, 25.0, stop_min=40.0, iiv=models["otto2021"])  # with its band

A level below a number is never "safe to leave"; `TimeBelow.caution` says so and is to be shown.
"""

from .compare import Comparison, compare
from .metrics import Peak
from .model import Model
from .patient import Patient
from .population import Population, population
from .provenance import Finding
from .pump_log import PumpLog, pump_log
from .regimen import (
    Bolus,
    Extravascular,
    Film,
    Infusion,
    NasalDevice,
    Regimen,
)
from .regimen_text import parse_regimen_data, parse_regimen_text
from .session import LevelNow, Session, TimeBelow, level_now, track
from .simulate import Simulation, Summary, simulate
from .variability import Variability, lognormal, variability_of

__all__ = [
    "Bolus",
    "Comparison",
    "Extravascular",
    "Film",
    "Finding",
    "Infusion",
    "LevelNow",
    "Model",
    "NasalDevice",
    "Patient",
    "Peak",
    "Population",
    "PumpLog",
    "Regimen",
    "Session",
    "Simulation",
    "Summary",
    "TimeBelow",
    "Variability",
    "compare",
    "level_now",
    "lognormal",
    "parse_regimen_data",
    "parse_regimen_text",
    "population",
    "pump_log",
    "simulate",
    "track",
    "variability_of",
]
