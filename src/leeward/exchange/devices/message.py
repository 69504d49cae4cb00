"""The internal observation message: one JSON line a batch, whatever the device spoke.

Nothing above this line knows a vendor's codes. An unknown schema is refused loudly, and a reading
that is none travels as ``null``, never as a number.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from leeward.records.treatments.channels import CHANNELS

SCHEMA = "leeward.observation.v1"
LONGEST_LINE = 64 * 1024

ChannelName = Literal[
    "hr", "pr", "spo2", "nibp_sys", "nibp_dia", "nibp_map", "rr", "etco2", "temp",
    "pump_rate_ml_h", "pump_vol_ml", "pump_state", "pump_vtbi_ml",
]  # fmt: skip
Quality = Literal[
    "valid", "questionable", "invalid", "sensor_off", "out_of_range", "no_value"
]  # fmt: skip
Kind = Literal["continuous", "intermittent", "setting", "event", "device_alarm"]
Text = Annotated[str, Field(max_length=120)]


class UnreadableMessage(ValueError):
    """A line that is not an observation message of a known schema."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Device(_Strict):
    """What is known of the machine itself."""

    vendor: Text = ""
    model: Text = ""
    serial: Text = ""
    udi: Text | None = None


class Raw(_Strict):
    """The reading in the device's own code and unit, kept beside ours."""

    code: Text
    value: Text | None = None
    unit: Text


class Reading(_Strict):
    """One observation; `value` is a decimal string in the channel's one unit."""

    channel: ChannelName
    value: Annotated[str, Field(max_length=40)] | None = None
    unit: Text
    quality: Quality = "valid"
    kind: Kind = "continuous"
    raw: Raw | None = None

    @model_validator(mode="after")
    def _one_unit_passes(self) -> "Reading":
        wanted = CHANNELS[self.channel].unit
        if self.unit != wanted:
            raise ValueError(f"{self.channel} comes in {self.unit!r}; only {wanted!r} passes")
        return self


class Batch(_Strict):
    """What an adapter says at one moment; with no observations it is a heartbeat."""

    schema_: Literal["leeward.observation.v1"] = Field(SCHEMA, alias="schema")
    adapter: Text
    adapter_version: Text
    device: Device
    boot_id: UUID
    seq: Annotated[int, Field(ge=1)]
    t_device: datetime | None = None
    t_adapter_mono: Decimal
    t_adapter_wall: AwareDatetime
    clock_offset_est: Decimal | None = None
    observations: tuple[Reading, ...] = ()
    # From an adapter that serves many devices: which one, and what it sent that has no channel.
    device_key: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    unknown_codes: Annotated[tuple[Text, ...], Field(max_length=50)] = ()

    @property
    def is_heartbeat(self) -> bool:
        return not self.observations and self.device_key is None

    def to_line(self) -> bytes:
        return self.model_dump_json(by_alias=True, exclude_none=True).encode() + b"\n"

    def clocks(self) -> dict[str, str]:
        """Every clock the message carries, as text; none is ever overwritten by another."""
        clocks: dict[str, Any] = {
            "device": self.t_device,
            "mono_s": self.t_adapter_mono,
            "wall": self.t_adapter_wall,
            "offset_s": self.clock_offset_est,
        }
        return {
            name: value.isoformat() if isinstance(value, datetime) else str(value)
            for name, value in clocks.items()
            if value is not None
        }


def parse_line(line: bytes) -> Batch:
    """The message of one line. Raises `UnreadableMessage` with the reason."""
    if len(line) > LONGEST_LINE:
        raise UnreadableMessage(f"a line of {len(line)} bytes is longer than {LONGEST_LINE}")
    try:
        return Batch.model_validate_json(line)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnreadableMessage(f"{where or 'message'}: {first['msg']}") from fault
