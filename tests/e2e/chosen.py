"""Three people for the walk, chosen from the recorded files by what their records hold today."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from leeward.cli.assess import assess_facts
from leeward.core.candidacy import Effect, Status
from leeward.core.quantities import Refusal
from leeward.exchange.fhir.one_person import read_one_person

RECORDS = Path(__file__).parents[1] / "data" / "synthea-r4"
DRUG, ROUTE = "racemic_ketamine", "iv"


@dataclass(frozen=True)
class Chosen:
    """A record, whose it is, and the titles of what speaks against treating them."""

    kind: str
    file: Path
    family: str
    given: str
    birth_date: str
    stops: tuple[str, ...]
    cautions: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.family}, {self.given}"


def choose() -> dict[str, Chosen]:
    """The first living person with a stop, with neither stop nor caution, and with a caution."""
    kinds: dict[str, Chosen] = {}
    for person in living():
        kinds.setdefault(person.kind, person)
    return kinds


def living() -> Iterator[Chosen]:
    """Everybody on file who is alive, in the order of the files."""
    for file in sorted(RECORDS.glob("*.json.gz")):
        person = _read(file)
        if person is not None:
            yield person


def _read(file: Path) -> Chosen | None:
    patient = _patient(file)
    if "deceasedDateTime" in patient:
        return None
    person = read_one_person(str(file))
    assert not isinstance(person, Refusal), person
    found = assess_facts(person.facts, DRUG, ROUTE, date.today(), None)
    assert not isinstance(found, Refusal), found
    stops, cautions = (
        tuple(f.title.en for f in found.having(Status.PRESENT, effect))
        for effect in (Effect.BLOCK, Effect.DECISION)
    )
    kind = "stop" if stops else "caution" if cautions else "clear"
    name = patient["name"][0]
    return Chosen(
        kind, file, name["family"], " ".join(name["given"]), patient["birthDate"], stops, cautions
    )


def _patient(file: Path) -> dict:
    with gzip.open(file, "rt") as text:
        entries = json.load(text)["entry"]
    return next(e["resource"] for e in entries if e["resource"]["resourceType"] == "Patient")
