"""A use case that writes says so in the audit trail."""

import ast
from pathlib import Path

import leeward.usecases

FOLDER = Path(leeward.usecases.__file__).parent
WRITES = {"save", "create", "get_or_create", "bulk_create", "update", "delete", "append"}
# Machines at work: samples and heartbeats come every second; what they mean is an event.
MACHINERY = {"record_samples"}
# Parts of a larger use case, which records for them.
PARTS = {"imported_patient": "import_records"}
ROWS = {"objects", "store"}


def writes(tree):
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in WRITES
        ):
            owner = ast.unparse(node.func.value)
            if owner.endswith(tuple(ROWS)) or ".objects" in owner or node.func.attr == "save":
                yield node.lineno, ast.unparse(node.func)


def speaks(tree):
    """Calls the audit, or hands the write to a use case that does."""
    names = {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    return bool(names & {"audit.record", "write", "carry_out", "_audit", "enter"})


def _whole(name, tree):
    return ast.parse((FOLDER / f"{PARTS[name]}.py").read_text()) if name in PARTS else tree


def test_every_module_that_writes_records_it():
    silent = {
        file.stem: list(writes(tree))
        for file in sorted(FOLDER.glob("*.py"))
        if file.stem not in MACHINERY
        and list(writes(tree := ast.parse(file.read_text())))
        and not speaks(_whole(file.stem, tree))
    }
    assert silent == {}
    assert sum(1 for f in FOLDER.glob("*.py") if list(writes(ast.parse(f.read_text())))) > 8
