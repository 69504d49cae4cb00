"""Which drug by which route a page is about; the address says `?way=esketamine.intranasal`."""

from dataclasses import dataclass

from django.http import HttpRequest

from leeward import content
from leeward.records.accounts.actor import NotFound

USUAL = "racemic_ketamine.iv"
_WRITTEN_OUT = ("intranasal", "oral", "sublingual")


@dataclass(frozen=True, slots=True)
class Way:
    """A drug by a route; `query` is what a link needs to stay with it."""

    key: str
    drug: str
    route: str
    title: str

    @property
    def query(self) -> str:
        """Empty for the usual way, so that its addresses stay short."""
        return "" if self.key == USUAL else f"?way={self.key}"

    @property
    def infusion(self) -> bool:
        """Whether it runs over time rather than being given at once."""
        return self.route == "iv"


def all_ways() -> tuple[Way, ...]:
    """Every drug by every route it is given by, infusion first."""
    library = content.load()
    ways = []
    for drug in library.drugs.values():
        for route in drug.routes:
            known = library.routes[route]
            how = known.name if route in _WRITTEN_OUT else known.short
            ways.append(Way(f"{drug.id}.{route}", drug.id, route, f"{drug.name} {how}"))
    return tuple(sorted(ways, key=lambda way: (way.key != USUAL, way.drug != "esketamine")))


def way_of(request: HttpRequest) -> Way:
    """The way a request names; one that nobody knows is not found."""
    asked = request.POST.get("way") or request.GET.get("way") or USUAL
    for way in all_ways():
        if way.key == asked:
            return way
    raise NotFound("way")


def context_of(way: Way) -> dict[str, object]:
    """What a page needs to name its way and to offer the others."""
    return {"way": way, "ways": all_ways()}
