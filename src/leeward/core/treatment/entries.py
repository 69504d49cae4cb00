"""The entries a session's state is made of: what was said, with its author and its time."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .events import Actor, ScoredItem, TimeOutFirstRecorded, TimeOutSecondRecorded


@dataclass(frozen=True, slots=True)
class Said:
    """Where an entry of the state comes from: its place in the log, its time and its author."""

    seq: int
    at: datetime
    recorded_at: datetime
    by: Actor


@dataclass(frozen=True, slots=True)
class Identification:
    """Which kinds of identifier the patient gave."""

    said: Said
    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """The latest answer to an item of the checklist."""

    said: Said
    item: str
    answer: str
    note: str


@dataclass(frozen=True, slots=True)
class Override:
    """A named person went on without an item, and why."""

    said: Said
    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """One set of typed or confirmed vital signs; None is no value.

    Attributes
    ----------
    said : Said
        Author and time.
    context, source : str
        As in the event.
    values : dict of str to Decimal
        The vital signs that were given, by name with unit, such as ``"sbp_mmhg"``.
    """

    said: Said
    context: str
    source: str
    values: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Observation:
    """One rating on a scale [points]."""

    said: Said
    scale: str
    value: int


@dataclass(frozen=True, slots=True)
class TimeOutFirst:
    """What the first person read."""

    said: Said
    figures: TimeOutFirstRecorded


@dataclass(frozen=True, slots=True)
class TimeOutSecond:
    """What the second person worked out."""

    said: Said
    figures: TimeOutSecondRecorded


@dataclass(frozen=True, slots=True)
class Binding:
    """A device confirmed by a named person to be on this patient."""

    said: Said
    binding_id: str
    device: str
    kind: str
    label: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EffectCourse:
    """One effect from its start to its end, with every grade it had.

    Attributes
    ----------
    effect : str
        Id of the effect.
    grades : tuple of (Said, str)
        Grade at the start and at each change.
    ended : Said or None
        None while it lasts.
    """

    effect: str
    grades: tuple[tuple[Said, str], ...]
    ended: Said | None = None

    @property
    def grade(self) -> str:
        """The latest grade."""
        return self.grades[-1][1]

    @property
    def started_at(self) -> datetime:
        """When it began."""
        return self.grades[0][0].at

    @property
    def last_seq(self) -> int:
        """Place in the log of the last that was said about it."""
        return self.ended.seq if self.ended else self.grades[-1][0].seq


@dataclass(frozen=True, slots=True)
class AlarmRecord:
    """One alarm as the log tells it; figures in `unit`."""

    said: Said
    alarm_id: str
    condition: str
    channel: str
    priority: str
    limit: Decimal | None
    value: Decimal | None
    unit: str
    ended_at: datetime | None = None
    acknowledged: Said | None = None
    escalated_step: int = 0
    audio_paused_until: datetime | None = None

    @property
    def present(self) -> bool:
        """Whether the condition lasts."""
        return self.ended_at is None

    @property
    def unanswered(self) -> bool:
        """Whether somebody must still look: present or HIGH, and not acknowledged."""
        return self.acknowledged is None and (self.present or self.priority == "high")


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which monitoring did not run."""

    from_at: datetime
    to_at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class RecoveryScore:
    """One recovery score [points]."""

    said: Said
    instrument: str
    version: str
    items: tuple[ScoredItem, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The latest confirmation of a discharge criterion."""

    said: Said
    item: str
    note: str


@dataclass(frozen=True, slots=True)
class Escort:
    """Who takes the patient home."""

    said: Said
    name: str
    phone: str
    relation: str


@dataclass(frozen=True, slots=True)
class Instructions:
    """Which instructions were given, and whether they were said back."""

    said: Said
    language: str
    version: str
    teach_back: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of the note."""

    said: Said
    digest: str
    meaning: str
    key_id: str
    signature: str


@dataclass(frozen=True, slots=True)
class Addendum:
    """One addition to the signed note."""

    said: Said
    text: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An entry taken back: it stays in the log and no longer counts."""

    said: Said
    of_seq: int
    reason: str
