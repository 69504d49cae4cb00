"""House rules that imports cannot show, read from the source."""

import ast
import re
from pathlib import Path

import pytest

import leeward

SRC = Path(leeward.__file__).parent
BANNED_IN_CORE = {"now", "utcnow", "today", "uuid4", "uuid1", "default_rng", "urandom"}
VAGUE = {"utils", "helpers", "manager", "managers", "common", "misc", "util", "helper"}


def modules(*folders):
    roots = [SRC / folder for folder in folders] or [SRC]
    return [file for root in roots for file in sorted(root.rglob("*.py"))]


def calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            func = node.func
            yield node, func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def test_core_takes_time_ids_and_chance_as_arguments():
    found = [
        f"{file.relative_to(SRC)}:{node.lineno} {name}"
        for file in modules("core")
        for node, name in calls(ast.parse(file.read_text()))
        if name in BANNED_IN_CORE
    ]
    assert found == []


def test_only_records_and_usecases_write():
    outside = [f for f in modules() if f.relative_to(SRC).parts[0] not in ("records", "usecases")]
    found = [
        f"{file.relative_to(SRC)}:{node.lineno} {name}"
        for file in outside
        for node, name in calls(ast.parse(file.read_text()))
        if name in ("get_model", "bulk_create", "bulk_update", "get_or_create", "update_or_create")
        or (name == "save" and isinstance(node.func, ast.Attribute) and not _saves_a_file(node))
    ]
    assert found == []


def _saves_a_file(node):
    """`image.save(path)` writes a file; a model's `save` takes no positional argument."""
    return bool(node.args)


def test_no_vague_module_names():
    assert [f for f in modules() if f.stem in VAGUE or f.parent.name in VAGUE] == []


def test_no_module_grows_past_four_hundred_lines():
    long = {
        str(f.relative_to(SRC)): n
        for f in modules()
        if "migrations" not in f.parts and (n := len(f.read_text().splitlines())) > 400
    }
    assert long == {}


LAYERS = [p.name for p in sorted(SRC.iterdir()) if p.is_dir() and not p.name.startswith("__")]


@pytest.mark.parametrize("folder", LAYERS)
def test_every_layer_says_what_it_is_for(folder):
    doc = ast.get_docstring(ast.parse((SRC / folder / "__init__.py").read_text()))
    assert doc, f"{folder}/__init__.py must say in one paragraph what the folder is for"


def test_every_public_float_in_core_names_its_unit():
    """A number without a unit in its docstring is a number waiting to be misread."""
    missing = []
    for file in modules("core"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                missing += _floats_without_unit(node, file)
    assert missing == []


def _floats_without_unit(function, file):
    doc = ast.get_docstring(function) or ""
    for arg in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        if arg.annotation is not None and ast.unparse(arg.annotation) == "float":
            entry = re.search(
                rf"^\s*(\w+, )*{arg.arg}(, \w+)* :.*?(?=^\s*\w[\w, ]* :|\Z)", doc, re.M | re.S
            )
            if entry is None or not re.search(r"\[[^\]]+\]", entry.group(0)):
                yield f"{file.relative_to(SRC)}:{function.lineno} {function.name}({arg.arg})"


def test_templates_hold_no_inline_style_or_script():
    found = []
    for file in sorted((SRC / "web" / "templates").rglob("*.html")):
        text = file.read_text()
        if re.search(r"\sstyle=|<script(?![^>]*\bsrc=)|\son\w+=|hx-on", text):
            found.append(str(file.relative_to(SRC)))
    assert found == []


def test_every_view_module_serves_a_page_and_every_template_has_one():
    """Page parity: web/views/x.py, web/templates/x.html and a URL belong together."""
    from django.urls import get_resolver

    routes = get_resolver().url_patterns[0].url_patterns
    served = {route.callback.__module__.rsplit(".", 1)[-1] for route in routes}
    views = {f.stem for f in (SRC / "web" / "views").glob("*.py")} - {"__init__", "errors"}
    assert views - served == set()
    source = "".join(f.read_text() for f in (SRC / "web").rglob("*.py"))
    templates = {f.name for f in (SRC / "web" / "templates").glob("*.html")}
    unused = {t for t in templates if t not in source and not t.startswith("base")}
    assert unused - {"404.html"} == set()
