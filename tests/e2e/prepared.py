"""One of everything that a page can show, for the stories that only look.

What the clinic holds from the start is made by `furnish`; what only a browser shows (a running
session with its monitor, a report of an import, an error beside its field) is made here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.cast import PASSWORD
from tests.e2e import aftercare, session, walk
from tests.e2e.visitor import PHONE, Visitor, visit
from tests.e2e.walk import Course

CHAIR = "4"
VITALS = {
    "spo2_pct": "98", "hr_per_min": "72", "sbp_mmhg": "124", "dbp_mmhg": "78",
    "rr_per_min": "14", "temp_cel": "36.6",
}  # fmt: skip
LEVELS = "weight_kg=70&dose_mg_per_kg=0.5&duration_min=40&alt_dose_1=1&alt_duration_1=60"
# Pages that have an address in each language.
IN_BOTH = (
    "library/", "library/depression/", "library/depression/print/", "library/side-effects/",
    "ask/", "ask/?q=drive", "ask/?q=manejar", "ask/?q=i+want+to+die", "self-check/",
    "self-check/pressure/start/", "places/", "places/harbor/harbor/", "talk/harbor/",
    "talk/harbor/thank-you/",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """A page to look at: where it is, how it answers, and what is done there before looking."""

    path: str
    status: int = 200
    language: str = ""  # its own, whatever the reader's
    does: Callable[[Visitor], None] | None = None

    def arrive(self, visitor: Visitor) -> None:
        visitor.go(self.path, status=self.status)
        if self.does is not None:
            self.does(visitor)


@dataclass
class Pages:
    """Pages by who looks at them."""

    patient_login: str
    plan: str
    by_person: dict[str, list[Look]] = field(default_factory=dict)
    password: str = PASSWORD

    def of(self, who: str) -> list[Look]:
        return self.by_person[who]

    def login_of(self, who: str) -> str:
        return self.patient_login if who == "patient" else who


@dataclass(frozen=True)
class Places:
    """Addresses that several people look at."""

    chart: str
    fresh: str
    running: str
    over: str
    preparing: str
    done: str


def addresses(clinic, browser, chosen) -> Pages:
    """Somebody in treatment, somebody just imported, and Cora of `furnish`."""
    another, fresh = (Course(who, CHAIR) for who in _others(chosen))
    with visit(browser, clinic.address) as adams, visit(browser, clinic.address) as bea:
        adams.sign_in("adams")
        bea.sign_in("bea")
        walk.import_file(adams, fresh)
        walk.open_chart(adams, fresh)
        login = _treated(adams, bea, clinic, another)
    with visit(browser, clinic.address, size=PHONE) as patient:
        patient.sign_in(login)
        patient.go("/portal/")
        aftercare.answer_phq9(patient, item_9=1)
        done = patient.path
    held = clinic.held
    places = Places(
        another.chart, fresh.chart, another.session, f"/sessions/{held['over']}/",
        f"/sessions/{held['preparing']}/", done,
    )  # fmt: skip
    everybody = {
        "anybody": _public(held), "adams": _prescriber(places, another, clinic),
        "bea": _nurse(places, clinic), "dev": _desk(places, clinic), "eve": _director(clinic),
        "patient": [Look(p) for p in ("/portal/", "/portal/progress/", places.done, "/help/")],
        "cora": _cora(held),
    }  # fmt: skip
    return Pages(login, f"{another.chart}plan/", everybody)


def _public(held: dict[str, str]) -> list[Look]:
    both = (Look(f"{start}/{page}", language=language)
            for start, language in (("", "en"), ("/es", "es")) for page in IN_BOTH)  # fmt: skip
    return [
        Look("/"), Look("/help/"), Look("/sign-in/"), Look("/sign-in/", does=_wrong_password),
        Look("/nothing/", 404), *both, Look(f"/stop/{held['stop_link']}/", language="en"),
        Look(f"/es/stop/{held['stop_link']}/", language="es"),
        Look(f"/call/{held['call']}/", language="en"),
        Look(f"/call/{held['call']}/?language=es", language="es"),
    ]  # fmt: skip


def _prescriber(places: Places, course: Course, clinic) -> list[Look]:
    chart, fresh, over = places.chart, places.fresh, places.over
    return [
        *(Look(f"{who}{part}") for who in (chart, fresh) for part in
          ("", "candidacy/", "consent/", "plan/", "visits/", "outcomes/")),
        Look(f"{chart}plan/levels/"), Look(f"{chart}plan/levels/?{LEVELS}"),
        Look(f"{fresh}plan/", does=lambda v: v.press("Sign order")),
        Look(f"{fresh}candidacy/", does=lambda v: v.press("Sign decision")),
        Look("/patients/import/", does=lambda v: v.press("Import")),
        Look("/patients/import/", does=lambda v: walk.import_file(v, course)),
        Look(f"{places.running}levels/"),
        Look(f"{places.running}levels/?what_rate=20&what_below=50"),
        Look(f"{places.running}note/"), Look(f"{over}note/"), Look(f"{over}note/print/"),
        Look(f"{over}note/", does=aftercare.sign_note), Look(f"{over}discharge/"),
        Look(f"/limits/{clinic.harbor}/"), Look("/nothing/", 404),
    ]  # fmt: skip


def _nurse(places: Places, clinic) -> list[Look]:
    """The last looks stop the infusion: whoever else looks at it running comes before."""
    running = places.running
    return [
        Look(f"/board/{clinic.harbor}/"), Look(f"/board/{clinic.quay}/?stage=infusing"),
        Look("/tasks/"), Look("/patients/"), Look(f"/devices/{clinic.harbor}/"),
        Look("/training/"),
        Look("/patients/?search=nobody"), Look(places.preparing),
        Look(f"{places.preparing}levels/"), Look(f"{places.preparing}call/"),
        Look(f"{places.preparing}emergency/"), Look(f"{running}sheet/"),
        Look(f"/flowsheet/{clinic.harbor}/"), Look(f"/emergency-protocol/{clinic.harbor}/"),
        Look(places.over), Look(f"{places.over}instructions/?language=en"),
        Look(f"{places.over}instructions/?language=es", language="es"), Look(running),
        Look(f"{running}discharge/"), Look(running, does=session.stop),
        Look(f"{running}discharge/"),
        Look(f"{running}discharge/", does=lambda v: v.press("Record score")),
    ]  # fmt: skip


def _desk(places: Places, clinic) -> list[Look]:
    return [
        Look("/schedule/"), Look(f"/schedule/{clinic.quay}/?day=2031-01-02"),
        Look("/patients/import/"),
        Look(f"{places.chart}visits/"), Look(places.running, 403),
    ]  # fmt: skip


def _director(clinic) -> list[Look]:
    held, ledger = clinic.held, f"/ledger/{clinic.harbor}/"
    return [
        Look(f"/alarms/{clinic.harbor}/"), Look(f"/alarms/{clinic.harbor}/report/"),
        Look("/articles/"), Look("/requests/"), Look(f"/requests/{held['request_id']}/"),
        Look("/audit/"), Look("/audit/anchors/"), Look(f"/audit/patients/{held['patient_id']}/"),
        Look("/limits/"), Look(f"/limits/{clinic.quay}/"), Look("/tasks/"),
        Look(ledger),
        Look(f"/ledger/{clinic.quay}/"), Look(f"{ledger}dispensed/"), Look(f"{ledger}open/"),
        Look(f"{ledger}inventory/{held['entry_id']}/"), Look(f"{ledger}stock/"),
        Look(f"/ledger/{clinic.quay}/stock/"),
        Look(f"{ledger}count/{held['store_id']}/"), Look(f"{ledger}case/{held['case_id']}/"),
    ]  # fmt: skip


def _cora(held: dict[str, str]) -> list[Look]:
    """A patient with everything before her: questions to answer, no score yet."""
    form, consent = f"/portal/q/{held['response_id']}/", f"/patients/{held['patient_id']}/consent/"
    return [
        Look("/portal/"), Look("/portal/progress/"), Look(form), Look(f"{form}?item=9"),
        Look(f"{form}?item=10"), Look(form, does=_go_on_unanswered),
        Look(f"{form}check/"), Look(f"{form}help/?item=9"), Look(consent), Look("/tasks/", 403),
    ]  # fmt: skip


def _go_on_unanswered(visitor: Visitor) -> None:
    visitor.page.locator(".acts .btn").first.click()
    visitor.page.locator(".problem").wait_for()


def _wrong_password(visitor: Visitor) -> None:
    for name in ("login", "password"):
        visitor.page.locator(f"[name={name}]").fill("nobody")
    visitor.page.locator("main button[type=submit]").click()
    visitor.page.locator(".problem").wait_for()


def _treated(adams, bea, clinic, course: Course) -> str:
    walk.import_file(adams, course)
    walk.open_chart(adams, course)
    walk.answer_screening(adams, course)
    walk.accept(adams, course)
    walk.consent(bea, course)
    walk.fill_plan(adams, course, dose="0.5")
    walk.sign_plan(adams, course)
    walk.book(bea, course, clinic.zone)
    login = aftercare.open_portal(bea, course, PASSWORD)
    aftercare.ask(bea, course)
    page = walk.open_session(bea, course)
    walk.identify(bea)
    walk.answer_checks(bea)
    walk.record_vitals(bea, **VITALS)
    course.figures = walk.figures_of(page)
    walk.time_out(bea, course, "time-out-first")
    bea.sees("Second person:")
    walk.time_out(bea, course, "time-out-second")
    bea.sees("Both agree")
    walk.bind_monitor(bea)
    walk.go_on_with_old_weight(bea, adams, course)
    walk.start(bea, course)
    session.sees_live_numbers(bea)
    session.tap_effect(bea, "Nausea")
    return login


def _others(chosen) -> Iterator:
    """Two people whom the walk does not treat."""
    from tests.e2e.chosen import living

    taken = {person.file for person in chosen.values()}
    others = (person for person in living() if person.file not in taken)
    yield next(others)
    yield next(others)
