"""Reads the case files: for each rule and status, records that give it."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from .people import AS_OF

CASES = Path(__file__).parent / "cases"
STATUSES = ("present", "unknown", "absent", "silent")


class Case(NamedTuple):
    rule: str
    expected: str
    number: int
    drug: str
    route: str
    as_of: str
    told: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.rule}-{self.expected}-{self.number}"


@cache
def read_cases() -> tuple[Case, ...]:
    return tuple(
        case
        for path in sorted(CASES.glob("*.yaml"))
        for rule, entry in yaml.load(path.read_text(), yaml.CSafeLoader).items()
        for case in _cases_of(rule, entry)
    )


def _cases_of(rule: str, entry: dict[str, Any]) -> list[Case]:
    drug, route = entry.get("drug", "racemic_ketamine"), entry.get("route", "iv")
    return [
        Case(
            rule,
            status,
            number,
            told.get("drug", drug),
            told.get("route", route),
            told.get("as_of", AS_OF),
            told,
        )
        for status in STATUSES
        for number, told in enumerate(entry.get(status, ()))
    ]
