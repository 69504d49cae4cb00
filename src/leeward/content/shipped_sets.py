"""The shipped PK sets, read one at a time without loading the library that checks content.

A command or a new worker answers its first question sooner this way. Shipped files are checked
when content is loaded or `leeward content check` runs; here a file is taken only if it has exactly
the shape below, and anything else is read the strict way, which says what is wrong with it.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from leeward.core.pharmacology.model import Model
from leeward.core.quantities import UnitMismatch
from leeward.core.quantities.published import Citation, Grade

from .kinds._pk_building import build
from .strict_yaml import parse

if TYPE_CHECKING:
    from .kinds.pk_model import Doc

Read = Callable[[Any], Any]
_HOME = Path(__file__).parent / "pk_models"


class _Source(SimpleNamespace):
    def cited(self) -> Citation:
        return Citation(self.id, self.at)


def ids_of_sets() -> tuple[str, ...]:
    """Ids of the shipped sets: each stands in a file of its own name."""
    return tuple(sorted(file.stem for file in _HOME.glob("*.yaml")))


@cache
def read_set(name: str) -> Model:
    """Read one shipped set and nothing else, for commands that must answer at once.

    Raises
    ------
    KeyError
        If there is no such set.
    """
    if name not in ids_of_sets():
        raise KeyError(name)
    raw = parse((_HOME / f"{name}.yaml").read_text(encoding="utf-8")).data
    try:
        return build(cast("Doc", _DOC(raw)))
    except (ValueError, TypeError, AttributeError, UnitMismatch):
        return _strictly(raw)


def _strictly(raw: Any) -> Model:
    """Read with every check; a file of another shape is refused with the reason."""
    from .kinds import pk_model

    return pk_model.build(pk_model.Doc.model_validate(raw))


def _part(make: type[SimpleNamespace] = SimpleNamespace, /, **fields: Any) -> Read:
    """Read a mapping; a field given with a default (reader, default) may be left out."""
    needed = {name for name, how in fields.items() if not isinstance(how, tuple)}

    def read(raw: Any) -> Any:
        if not isinstance(raw, Mapping) or not needed <= raw.keys() <= fields.keys():
            raise ValueError("another shape")
        values = {}
        for name, how in fields.items():
            reader, default = how if isinstance(how, tuple) else (how, None)
            values[name] = reader(raw[name]) if name in raw else default
        return make(**values)

    return read


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("no text")
    return raw.strip()


def _flag(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueError("neither true nor false")
    return raw


def _amount(raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise ValueError("no number")
    return Decimal(raw)


def _real(raw: Any) -> float:
    return float(_amount(raw))


def _several(read: Read) -> Read:
    def read_all(raw: Any) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            raise ValueError("no list")
        return tuple(read(item) for item in raw)

    return read_all


def _named(read: Read) -> Read:
    return lambda raw: {_text(name): read(part) for name, part in raw.items()}


def _word(*allowed: str) -> Read:
    def read(raw: Any) -> str:
        if raw not in allowed:
            raise ValueError("another word")
        return str(raw)

    return read


def _unless_null(read: Read) -> tuple[Read, None]:
    return (lambda raw: None if raw is None else read(raw)), None


_NOTE = _unless_null(_text)
_SOURCE = _part(_Source, id=_text, at=_text)
_SEEN: Mapping[str, Any] = {"source": _SOURCE, "grade": Grade, "note": _NOTE}
_FIGURE = _part(value=_amount, unit=_text, **_SEEN)
_RANGE = _part(low=_amount, high=_amount, unit=_text, **_SEEN)
_WEIGHT = _part(exponent=_real, reference_kg=_real, alternative_exponent=_unless_null(_real))
_ROW = _several(_real)

_DOC = _part(
    id=_text,
    review=_part(status=_word("sourced")),
    title=_text,
    structure=_word("mammillary", "parent_metabolite", "nasal_oral_liver", "film_chain"),
    drug=_word("racemic_ketamine", "esketamine"),
    site=_part(value=_word("arterial", "venous"), basis=_text),
    analytes=_several(_text),
    routes=_several(_word("iv", "nasal", "oral", "film")),
    source=_SOURCE,
    population=_text,
    ranges=_part(weight=_unless_null(_RANGE), age=_unless_null(_RANGE)),
    parameters=_named(_part(value=_amount, unit=_text, weight=_unless_null(_WEIGHT), **_SEEN)),
    race_factors=(
        _several(
            _part(parameter=_text, races=_several(_word("asian", "japanese")), factor=_FIGURE)
        ),
        (),
    ),
    age_slopes=(_several(_part(parameter=_text, above=_FIGURE, per_year=_FIGURE)), ()),
    effect_site=_unless_null(
        _part(
            endpoint=_text,
            estimated=_flag,
            ke0=_FIGURE,
            ke0_per_log_kg=_unless_null(_FIGURE),
            ci95=_unless_null(_RANGE),
        )
    ),
    variability=(
        _several(
            _part(
                names=_several(_text),
                scale=(_word("log", "logit"), "log"),
                occasion=(_flag, False),
                covariance=_unless_null(_several(_ROW)),
                cv_pct=_unless_null(_ROW),
                sd=_unless_null(_ROW),
                **_SEEN,
            )
        ),
        (),
    ),
    residual=(
        _several(
            _part(
                analyte=_text,
                scale=(_word("linear", "log"), "linear"),
                proportional=_FIGURE,
                additive=_unless_null(_FIGURE),
            )
        ),
        (),
    ),
    unknown=_several(_text),
    notes=(_several(_part(code=_text, text=_text, outside_kg=_unless_null(_ROW))), ()),
    derived=(_named(_part(value=_amount, unit=_text)), {}),
)
