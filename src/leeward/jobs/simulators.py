"""The simulator under the gateway: its scenario, and the pump as the trainee states it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from leeward.exchange.devices.simulated.scenario import find_file
from leeward.jobs.adapters import Adapter
from leeward.records.treatments.selectors_live import LiveBinding, stated_pump


@dataclass(slots=True)
class Simulators:
    """What each simulator was last told of its pump."""

    folders: tuple[Path, ...]
    _told: dict[str, str] = field(default_factory=dict)

    def arguments(self, binding: LiveBinding, elapsed_s: float) -> Sequence[str] | None:
        """How the simulator of a binding is started; None when its scenario is nowhere."""
        file = find_file(str(binding.settings.get("scenario", "")), self.folders)
        return file and (
            "--scenario", str(file), "--speed", _speed(binding),
            "--elapsed-s", f"{elapsed_s:.3f}", "--pump", pump_line(binding),
        )  # fmt: skip

    def tell(self, adapter: Adapter, binding: LiveBinding) -> None:
        """Say how the pump is stated to run, when that has changed."""
        line = pump_line(binding)
        if adapter.process is not None and self._told.get(adapter.name) != line:
            adapter.tell(line.encode() + b"\n")
            self._told[adapter.name] = line


def pump_line(binding: LiveBinding) -> str:
    """The stated pump in seconds of the scenario's clock, which began with the binding."""
    speed = float(_speed(binding))

    def at_s(moment: datetime) -> float:
        return round((moment - binding.bound_at).total_seconds() * speed, 1)

    steps = [(at_s(at), format(rate, "f")) for at, rate in stated_pump(binding.session_id)]
    return json.dumps({"pump": steps})


def _speed(binding: LiveBinding) -> str:
    return str(binding.settings.get("speed", "1"))
