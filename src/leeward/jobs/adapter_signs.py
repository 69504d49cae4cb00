"""Whether the links to a session's devices live: by their heartbeats, or by what they send.

The link is dead when nothing new is heard of it, whoever is to blame: the adapter, the gateway, or
the record that neither can write to. Ages run from when a sign of life was first seen here, never
on the wall clock.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from leeward.core import alarms as a
from leeward.records.treatments.selectors_devices import AdapterPulse, name_of_adapter
from leeward.records.treatments.selectors_live import LiveBinding

ADAPTER = "adapter"
Signs = tuple[datetime | None, int | None]


@dataclass(slots=True)
class AdapterSigns:
    """The newest sign of life of each binding's adapter, and the engine's time [ms] of it."""

    seen: dict[UUID, tuple[Signs, int]] = field(default_factory=dict)
    stands: bool = False

    def look(
        self,
        bindings: Iterable[LiveBinding],
        pulses: Mapping[str, AdapterPulse],
        row_of: Mapping[UUID, int],
        now_ms: int,
    ) -> Iterator[a.Incoming]:
        """The fault, dated by the link that has been silent for longest."""
        oldest_ms = now_ms
        for binding in bindings:
            pulse = pulses.get(name_of_adapter(binding))
            heard = pulse.heard_at if pulse is not None and pulse.running else None
            signs = (heard, row_of.get(binding.id))
            known = self.seen.get(binding.id)
            if known is None or (signs != known[0] and any(signs)):
                self.seen[binding.id] = known = (signs, now_ms)
            oldest_ms = min(oldest_ms, known[1])
        stands = oldest_ms < now_ms
        if stands or self.stands:
            self.stands = stands
            yield a.FaultStated(ADAPTER, stands, since_ms=oldest_ms)
