"""The shipped PK sets, read file by file, so that these tests need no other content."""

from functools import lru_cache
from pathlib import Path

import leeward.content
from leeward.content.kinds import pk_model
from leeward.content.strict_yaml import parse
from leeward.core.pharmacology import Model

FOLDER = Path(leeward.content.__file__).parent / "pk_models"
IDS = ("clements250", "domino", "kamp2020", "otto2021", "perezruixo2021", "simons2022")


@lru_cache
def published(name: str) -> Model:
    """Load one set by id."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return pk_model.build(pk_model.Doc.model_validate(parse(text).data))
