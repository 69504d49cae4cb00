"""The equations behind each kind of set: A' = K A + u, and where doses enter.

Amounts are in mg of base (metabolites as the publication counts them), time in minutes.  A
matrix is built for one person or for a stack of persons alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leeward.core.quantities import OutOfDomain

from .model import Model
from .parameters import Number
from .regimen import (
    Bolus,
    DoseEvent,
    Extravascular,
    Film,
    Infusion,
    NasalDevice,
    Regimen,
    sessions_of_nasal_devices,
)

FloatArray = npt.NDArray[np.float64]
Values = Mapping[str, Number]

NG_PER_ML_PER_MG_PER_L = 1000.0
"""1 mg/L is 1000 ng/mL."""
MW_KETAMINE, MW_NORKETAMINE, MW_HYDROXYNORKETAMINE = 237.73, 223.70, 239.70
"""Molar masses [g/mol]."""


@dataclass(frozen=True, slots=True)
class Jump:
    """An amount that enters a state at once.

    Attributes
    ----------
    t_min : float
        Time [min].
    state : int
        Index of the state.
    amount_mg : float or float array
        Amount [mg].
    """

    t_min: float
    state: int
    amount_mg: Number


@dataclass(frozen=True, slots=True)
class Flow:
    """A constant rate into a state.

    Attributes
    ----------
    t_min, end_min : float or float array
        From and to [min]; an individual duration makes the end individual.
    state : int
        Index of the state.
    rate_mg_per_min : float or float array
        Rate [mg/min].
    """

    t_min: float
    end_min: Number
    state: int
    rate_mg_per_min: Number


@dataclass(frozen=True, slots=True)
class System:
    """A set made concrete for one person (or a stack of them).

    Attributes
    ----------
    rates : float array, shape (..., n, n)
        Matrix K [1/min].
    outputs : mapping of str to (int, float or float array)
        Analyte to its state and the factor from mg to ng/mL.
    inputs : tuple of Jump or Flow
        Doses, already turned into inputs.
    """

    rates: FloatArray
    outputs: Mapping[str, tuple[int, Number]]
    inputs: tuple[Jump | Flow, ...]


def build_system(
    model: Model, values: Values, regimen: Regimen, ke0_per_min: float | None = None
) -> System:
    """Build matrix, outputs and inputs of a set.

    Parameters
    ----------
    model : Model
        The set.
    values : mapping
        Parameters from `individual_parameters`.
    regimen : Regimen
        Doses; a racemate given to an S set enters with its S half.
    ke0_per_min : float, optional
        Adds an effect site on the parent with this rate [1/min], analyte name ``effect``.

    Returns
    -------
    System
        Equations and inputs.
    """
    rates, outputs = _MATRICES[model.structure](model, values)
    if ke0_per_min is not None:
        rates, outputs = _with_effect_site(rates, outputs, model.parent, ke0_per_min)
    share = drug_share(model, regimen)
    ordinals = sessions_of_nasal_devices(regimen)
    inputs: list[Jump | Flow] = []
    for event in regimen.events:
        inputs += _inputs(model, values, event, ordinals, share)
    return System(rates, outputs, tuple(inputs))


def drug_share(model: Model, regimen: Regimen) -> float:
    """Return the part of the dose that drives the set [1]: half of a racemate in an S set."""
    if regimen.drug == "racemic_ketamine" and model.drug == "esketamine":
        return 0.5
    return 1.0


def core_names(values: Values) -> tuple[tuple[str, str], ...]:
    """Return the (clearance, volume) names of the peripheral compartments of a core."""
    return tuple((f"q{i}", f"v{i}") for i in (2, 3) if f"q{i}" in values)


def _empty(values: Values, n: int) -> FloatArray:
    shape = np.broadcast_shapes(*(np.shape(v) for v in values.values()))
    return np.zeros((*shape, n, n))


def _flow(rates: FloatArray, source: int, target: int | None, rate: Number) -> None:
    rates[..., source, source] -= rate
    if target is not None:
        rates[..., target, source] += rate


def _core(rates: FloatArray, values: Values, at: int, names: Mapping[str, str]) -> None:
    """Link a central compartment at `at` to its peripherals, which follow it."""
    v1 = values[names["v1"]]
    for k, (q, v) in enumerate((("q2", "v2"), ("q3", "v3")), start=1):
        if q in names:
            _flow(rates, at, at + k, values[names[q]] / v1)
            _flow(rates, at + k, at, values[names[q]] / values[names[v]])


def _per_litre(volume: Number) -> Number:
    return NG_PER_ML_PER_MG_PER_L / volume


_Matrix = tuple[FloatArray, dict[str, tuple[int, Number]]]


def _mammillary(model: Model, values: Values) -> _Matrix:
    names = {"v1": "v1", **{n: n for pair in core_names(values) for n in pair}}
    rates = _empty(values, 1 + len(core_names(values)))
    _core(rates, values, 0, names)
    _flow(rates, 0, None, values["cl"] / values["v1"])
    return rates, {model.parent: (0, _per_litre(values["v1"]))}


def _parent_metabolite(model: Model, values: Values) -> _Matrix:
    """Parent 3-compartment, all of its clearance into a 2-compartment metabolite."""
    rates = _empty(values, 5)
    _core(rates, values, 0, {n: n for n in ("v1", "q2", "v2", "q3", "v3")})
    _flow(rates, 0, 3, values["cl"] / values["v1"] * values["fm"])
    _flow(rates, 0, None, values["cl"] / values["v1"] * (1.0 - values["fm"]))
    _core(rates, values, 3, {"v1": "vnk", "q2": "q_nk", "v2": "vp_nk"})
    _flow(rates, 3, None, values["clnk"] / values["vnk"])
    outputs = {
        model.analytes[0]: (0, _per_litre(values["v1"])),
        model.analytes[1]: (3, _per_litre(values["vnk"])),
    }
    return rates, outputs


_NASAL, _SWALLOWED, _ORAL, _CENTRAL, _LIVER, _NK = 0, 1, 2, 3, 6, 7


def _nasal_oral_liver(model: Model, values: Values) -> _Matrix:
    """Depots, parent 3-compartment, well-stirred liver, metabolite 2-compartment."""
    rates = _empty(values, 9)
    _flow(rates, _NASAL, _CENTRAL, values["ka_n"])
    _flow(rates, _SWALLOWED, _LIVER, values["ka_sw"])
    _flow(rates, _ORAL, _LIVER, values["ka_po"])
    parent = {"v1": "vc", "q2": "q1", "v2": "vp1", "q3": "q2", "v3": "vp2"}
    _core(rates, values, _CENTRAL, parent)
    _flow(rates, _CENTRAL, _LIVER, values["qh"] / values["vc"])
    _flow(rates, _LIVER, _CENTRAL, values["qh"] / values["vh"])
    _flow(rates, _LIVER, None, values["kel"])
    _flow(rates, _LIVER, _NK, values["kmet"])
    _core(rates, values, _NK, {"v1": "vcn", "q2": "q3", "v2": "vpn"})
    _flow(rates, _NK, None, values["cln"] / values["vcn"])
    outputs = {
        model.analytes[0]: (_CENTRAL, _per_litre(values["vc"])),
        model.analytes[1]: (_NK, _per_litre(values["vcn"])),
    }
    return rates, outputs


_MUCOSA, _SKET, _GUT, _DELAY, _CHAIN, _NOR, _HCHAIN, _HNK = 0, 1, 4, 5, 6, 8, 10, 12


def _film_chain(model: Model, values: Values) -> _Matrix:
    """Film depots, parent, transit chains of two, metabolite, transit chain of two, metabolite.

    States count mg of parent equivalents throughout; concentrations follow by molar mass.
    """
    rates = _empty(values, 14)
    _flow(rates, _MUCOSA, _SKET, values["ka1"])
    _core(
        rates, values, _SKET, {"v1": "vk1", "q2": "clk2", "v2": "vk2", "q3": "clk3", "v3": "vk3"}
    )
    _flow(rates, _SKET, _CHAIN, values["clk1"] / values["vk1"])
    _flow(rates, _GUT, _DELAY, values["ka2"])
    _flow(rates, _DELAY, _CHAIN, 1.0 / values["mtt_gut"])
    _chain_of_two(rates, _CHAIN, _NOR, 2.0 / values["mtt_kn"], values["fm_nk"])
    _core(rates, values, _NOR, {"v1": "vn1", "q2": "cln2", "v2": "vn2"})
    _flow(rates, _NOR, _HCHAIN, values["cln1"] / values["vn1"])
    _chain_of_two(rates, _HCHAIN, _HNK, 2.0 / values["mtt_nh"], values["fm_hnk"])
    _core(rates, values, _HNK, {"v1": "vh1", "q2": "clh2", "v2": "vh2"})
    _flow(rates, _HNK, None, values["clh1"] / values["vh1"])
    sket, nor, hnk = model.analytes
    outputs = {
        sket: (_SKET, _per_litre(values["vk1"])),
        nor: (_NOR, _per_litre(values["vn1"]) * (MW_NORKETAMINE / MW_KETAMINE)),
        hnk: (_HNK, _per_litre(values["vh1"]) * (MW_HYDROXYNORKETAMINE / MW_KETAMINE)),
    }
    return rates, outputs


def _chain_of_two(rates: FloatArray, at: int, to: int, rate: Number, passed: Number) -> None:
    _flow(rates, at, at + 1, rate)
    _flow(rates, at + 1, to, rate * passed)
    _flow(rates, at + 1, None, rate * (1.0 - passed))


_MATRICES: Mapping[str, Callable[[Model, Values], _Matrix]] = {
    "mammillary": _mammillary,
    "parent_metabolite": _parent_metabolite,
    "nasal_oral_liver": _nasal_oral_liver,
    "film_chain": _film_chain,
}
_CENTRAL_STATE = {
    "mammillary": 0,
    "parent_metabolite": 0,
    "nasal_oral_liver": _CENTRAL,
    "film_chain": _SKET,
}


def _with_effect_site(
    rates: FloatArray, outputs: Mapping[str, tuple[int, Number]], parent: str, ke0: float
) -> _Matrix:
    """Append a state that follows the parent and takes no mass; it counts in the parent's mg."""
    state, factor = outputs[parent]
    n = rates.shape[-1]
    larger = np.zeros((*rates.shape[:-2], n + 1, n + 1))
    larger[..., :n, :n] = rates
    larger[..., n, state] = ke0
    larger[..., n, n] = -ke0
    return larger, {**outputs, "effect": (n, factor)}


def _inputs(
    model: Model,
    values: Values,
    event: DoseEvent,
    ordinals: Mapping[NasalDevice, int],
    share: float,
) -> list[Jump | Flow]:
    central = _CENTRAL_STATE[model.structure]
    match event:
        case Bolus(t, dose):
            return [Jump(t, central, share * dose)]
        case Infusion(t, duration, rate):
            return [Flow(t, t + duration, central, share * rate)]
        case NasalDevice(t, dose):
            later = ordinals[event] > 0
            direct = values["frn"] * (values["frn_later"] if later else 1.0)
            swallowed = (1.0 - direct) * values["fgut"] * (share * dose)
            return [
                Jump(t, _NASAL, direct * (share * dose)),
                Flow(t, t + values["d_sw"], _SWALLOWED, swallowed / values["d_sw"]),
            ]
        case Film(t, dose):
            return [
                Flow(t, t + values["d1"], _MUCOSA, values["f1"] * (share * dose) / values["d1"]),
                Flow(t, t + values["d2"], _GUT, values["f2"] * (share * dose) / values["d2"]),
            ]
        case Extravascular(t, dose, "oral") if model.structure == "nasal_oral_liver":
            into_gut = values["fgut"] * (share * dose) / values["d_po"]
            return [Flow(t, t + values["d_po"], _ORAL, into_gut)]
    raise OutOfDomain(f"{model.id} has no input for {event}; check the route first")
