"""Keeps the Spanish catalogue in step with the pages: `python scripts/catalogues.py`.

Reads every text marked for translation in the templates and the Python of the patient's side,
adds what is new to `django.po` (untranslated), drops what is gone, and compiles `django.mo`.
Needs no gettext program. `--check` changes nothing and fails if the catalogue is not fresh,
not complete or has uncertain entries.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1] / "src" / "leeward"
SOURCES = ("web", "usecases")
CATALOGUE = ROOT / "web" / "locale" / "es" / "LC_MESSAGES" / "django.po"
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
# What `templatize` writes for {% translate %} and {% blocktranslate %}.
STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(
    rf"\b(n?p?gettext|_)\(\s*{STRING}(?:\s*,\s*{STRING})?(?:\s*,\s*{STRING})?"
)

# (context, text, plural)
Text = tuple[str, str, str]


def texts() -> dict[Text, list[str]]:
    """Every marked text with the files it stands in."""
    found: dict[Text, list[str]] = {}
    for folder in SOURCES:
        for file in sorted((ROOT / folder).rglob("*")):
            read = {".py": _in_python, ".html": _in_template}.get(file.suffix)
            if read is not None:
                for text in read(file.read_text()):
                    found.setdefault(text, []).append(file.relative_to(ROOT).as_posix())
    return found


def _in_python(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            words = [a.value for a in node.args if isinstance(a, ast.Constant)]
            strings = [word for word in words if isinstance(word, str)]
            text = _text(name, strings)
            if text is not None:
                yield text


def _in_template(source: str) -> Iterator[Text]:
    for match in IN_TEMPLATE.finditer(templatize(source)):
        strings = [ast.literal_eval(part) for part in match.groups()[1:] if part]
        text = _text(match[1], strings)
        if text is not None:
            yield text


def _text(name: str, strings: list[str]) -> Text | None:
    if name in PLAIN and len(strings) == 1:
        return "", strings[0], ""
    if name in PLURAL and len(strings) >= 2:
        return "", strings[0], strings[1]
    if name in CONTEXT and len(strings) == 2:
        return strings[0], strings[1], ""
    return None


def merged() -> polib.POFile:
    """The catalogue as it should be: the pages' texts, with the translations there are."""
    old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    known = {(e.msgctxt or "", e.msgid): e for e in old}
    new = polib.POFile(wrapwidth=99)
    new.metadata = {
        "Project-Id-Version": "leeward",
        "Language": "es",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for (context, text, plural), files in sorted(texts().items()):
        entry = known.get((context, text)) or polib.POEntry(msgid=text)
        entry.msgctxt, entry.msgid_plural = context or None, plural
        if plural and not entry.msgstr_plural:
            entry.msgstr_plural, entry.msgstr = {0: "", 1: ""}, ""
        entry.occurrences = [(name, "") for name in sorted(set(files))]
        entry.obsolete = False
        new.append(entry)
    return new


def faults() -> list[str]:
    """What is wrong with the committed catalogue, in words."""
    kept, wanted = polib.pofile(str(CATALOGUE)), merged()
    found = [f"not translated: {e.msgid}" for e in wanted.untranslated_entries()]
    found += [f"uncertain: {e.msgid}" for e in wanted.fuzzy_entries()]
    gone = {(e.msgctxt, e.msgid) for e in kept} - {(e.msgctxt, e.msgid) for e in wanted}
    found += [f"no longer on any page: {text}" for _, text in sorted(gone, key=str)]
    compiled = CATALOGUE.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != kept.to_binary():
        found.append("django.mo is not what django.po compiles to")
    return [*found, *_broken_placeholders(wanted)]


def _broken_placeholders(catalogue: polib.POFile) -> Iterator[str]:
    """A translation must fill in what its text fills in, or a page fails."""
    marks = re.compile(r"%\(\w+\)s|\{\w+\}")
    for entry in catalogue:
        for string in [entry.msgstr, *entry.msgstr_plural.values()]:
            wanted = set(marks.findall(entry.msgid)) | set(marks.findall(entry.msgid_plural))
            if string and set(marks.findall(string)) != wanted:
                yield f"other placeholders than its text: {string}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, fail if not fresh")
    arguments = parser.parse_args()
    if not settings.configured:
        settings.configure()
    if not arguments.check:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        catalogue = merged()
        catalogue.save(str(CATALOGUE))
        CATALOGUE.with_suffix(".mo").write_bytes(polib.pofile(str(CATALOGUE)).to_binary())
    wrong = faults()
    for fault in wrong:
        print(fault, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
