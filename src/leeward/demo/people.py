"""Who plays in the demo: invented staff of two organizations, and invented patients."""

from dataclasses import dataclass
from datetime import date

# Every account of the demo opens with it; a demo home never serves a real clinic.
PASSPHRASE = "harbor demo phrase"  # noqa: S105 - printed, and good for the demo alone


@dataclass(frozen=True, slots=True)
class StaffPerson:
    """One member of staff: how they sign in, and what they do where."""

    login: str
    name: str
    role: str
    does: str


STAFF = (
    StaffPerson("adams", "Dr. Ines Adams", "prescriber", "prescriber"),
    StaffPerson("bea", "Bea Lindqvist", "nurse", "infusion nurse"),
    StaffPerson("ben", "Ben Okafor", "nurse", "second nurse"),
    StaffPerson("dev", "Dev Raman", "front_desk", "front desk"),
    StaffPerson("eve", "Dr. Eve Marchetti", "director", "medical director"),
    StaffPerson("gus", "Gus Whitlock", "custodian", "controlled-drug custodian"),
)
STRANGER = StaffPerson(
    "faye", "Dr. Faye Duval", "prescriber", "prescriber of another organization"
)


@dataclass(frozen=True, slots=True)
class Person:
    """An invented patient, as the record that is imported for them tells it."""

    key: str
    given: str
    family: str
    sex: str
    born: date
    weight_kg: str
    height_cm: str
    pressure_mmhg: tuple[str, str]
    tried: tuple[tuple[str, str], ...]
    takes: tuple[str, str] | None = None
    phone: str = ""
    email: str = ""


SERTRALINE, VENLAFAXINE = ("36437", "sertraline"), ("39786", "venlafaxine")
ESCITALOPRAM, MIRTAZAPINE = ("321988", "escitalopram"), ("15996", "mirtazapine")
DULOXETINE, BUPROPION = ("72625", "duloxetine"), ("42347", "bupropion")

RUNNING = Person(
    "running", "Peter", "Halloran", "male", date(1979, 8, 21), "82.4", "181", ("128", "79"),
    (SERTRALINE, VENLAFAXINE), DULOXETINE,
)  # fmt: skip
RECOVERING = Person(
    "recovering", "Naomi", "Achterberg", "female", date(1966, 2, 3), "64.0", "167", ("122", "74"),
    (ESCITALOPRAM, BUPROPION), VENLAFAXINE,
)  # fmt: skip
IN_COURSE = Person(
    "in-course", "Rosa", "Delgado", "female", date(1971, 11, 9), "70.0", "163", ("118", "76"),
    (SERTRALINE, DULOXETINE), MIRTAZAPINE, phone="+1 555 0142", email="rosa@example.org",
)  # fmt: skip
INVENTED = (RUNNING, RECOVERING, IN_COURSE)
PORTAL_LOGIN = "rosa"
