"""Scenarios as files: what happens to the simulated patient, and when."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FOLDER = Path(str(files("leeward.exchange.devices.simulated"))) / "scenarios"
What = Literal[
    "desaturation", "hypertension", "vomiting", "panic", "movement", "pump_occlusion",
    "over_rate", "cuff_failure", "unplugged", "probe_off",
]  # fmt: skip
Text = Annotated[str, Field(min_length=1, max_length=400)]


class BadScenario(ValueError):
    """The file is not a scenario; the message says where."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Happening(_Strict):
    """One thing that happens: from `at_min` for `for_min` [min after the start of the infusion].

    `amount` is in the unit of what it changes (% of saturation, mmHg, a share of full arousal, a
    multiple of the rate). `settled_by` names acts that end it early, once the trainee does them.
    """

    what: What
    at_min: Annotated[float, Field(ge=0, le=240)]
    for_min: Annotated[float, Field(gt=0, le=240)]
    amount: Annotated[float, Field(ge=0, le=100)] = 1.0
    settled_by: tuple[Literal["pause", "stop", "slower"], ...] = ()
    words: Text
    looked_for: Text


class PumpStep(_Strict):
    """The pump as it runs when nobody drives it: from `at_min` on, at this rate."""

    at_min: Annotated[float, Field(ge=0, le=240)]
    rate_ml_per_h: Annotated[Decimal, Field(ge=0, le=1200)]


class Scenario(_Strict):
    """One scenario. `simulation` must be said: nobody takes the file for a record."""

    simulation: Literal[True]
    id: Annotated[str, Field(pattern=r"[a-z][a-z_]{1,39}")]
    title: Text
    about: Text
    seed: Annotated[int, Field(ge=0)]
    minutes: Annotated[float, Field(gt=0, le=240)]
    weight_kg: Annotated[float, Field(gt=30, lt=250)]
    age_y: Annotated[float, Field(ge=18, lt=100)]
    concentration_mg_per_ml: Annotated[Decimal, Field(gt=0)]
    pump: tuple[PumpStep, ...]
    happenings: tuple[Happening, ...]


def read_scenario(text: str) -> Scenario:
    """The scenario of a JSON text. Raises `BadScenario` with the place and the reason."""
    try:
        return Scenario.model_validate_json(text)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadScenario(f"{where or 'scenario'}: {first['msg']}") from fault


@cache
def shipped() -> dict[str, Scenario]:
    """The scenarios that come with Leeward, by id."""
    found = (read_scenario(f.read_text("utf-8")) for f in sorted(FOLDER.glob("*.json")))
    return {scenario.id: scenario for scenario in found}


def find_file(name: str, folders: Iterable[Path] = ()) -> Path | None:
    """The file of a scenario by its id: the clinic's own first, then the shipped ones."""
    candidates = (folder / f"{Path(name).name}.json" for folder in (*folders, FOLDER))
    return next((file for file in candidates if name and file.is_file()), None)
