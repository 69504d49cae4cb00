"""JSON Schema of every kind of content, so that an editor helps while a file is written."""

import json
from pathlib import Path
from typing import Any

from .kind import Kind, all_kinds

FOLDER = Path(__file__).parent / "schema"


def schema_of(kind: Kind) -> str:
    """Write the schema of one kind: a document, or a list of documents.

    Parameters
    ----------
    kind : Kind
        The kind.

    Returns
    -------
    str
        JSON text, the same for the same model.
    """
    schema: dict[str, Any] = kind.doc.model_json_schema(mode="validation")
    definitions = schema.pop("$defs", {})
    title = f"Leeward content: {kind.folder}"
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "anyOf": [{"$ref": "#/$defs/Doc"}, {"type": "array", "items": {"$ref": "#/$defs/Doc"}}],
        "$defs": {**definitions, "Doc": schema},
    }
    return json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def all_schemas() -> dict[str, str]:
    """Give the file name and text of every schema."""
    return {f"{kind.name}.schema.json": schema_of(kind) for kind in all_kinds()}


def stale_schemas(folder: Path = FOLDER) -> list[str]:
    """Name the schema files that are missing, out of date or left over."""
    wanted = all_schemas()
    there = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.json")}
    return sorted(
        name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name)
    )


def write_schemas(folder: Path = FOLDER) -> list[str]:
    """Bring the schema files up to date and name those that changed."""
    changed = stale_schemas(folder)
    wanted = all_schemas()
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return changed
