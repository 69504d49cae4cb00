"""The person a model is asked about."""

from dataclasses import dataclass
from typing import Literal

Sex = Literal["female", "male"]
Race = Literal["asian", "japanese", "other"]


@dataclass(frozen=True, slots=True)
class Patient:
    """Covariates of one person.

    Attributes
    ----------
    weight_kg : float
        Total body weight [kg]; every weight scaling uses it.
    age_y : float or None
        Age [a]; None when it was not given.
    sex : {"female", "male"} or None
        No encoded set uses it; kept so that a result says for whom it was made.
    height_cm : float or None
        Height [cm]; no encoded set uses it.
    race : {"asian", "japanese", "other"} or None
        Used by sets that published it as a covariate, and only when entered.
    """

    weight_kg: float
    age_y: float | None = None
    sex: Sex | None = None
    height_cm: float | None = None
    race: Race | None = None
