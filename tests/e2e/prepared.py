"""One of everything that a page can show, made in the browser, for the stories that only look."""

from dataclasses import dataclass, field

from tests.cast import PASSWORD
from tests.e2e import aftercare, session, walk
from tests.e2e.visitor import visit
from tests.e2e.walk import Course

CHAIR = "4"
VITALS = {
    "spo2_pct": "98", "hr_per_min": "72", "sbp_mmhg": "124", "dbp_mmhg": "78",
    "rr_per_min": "14", "temp_cel": "36.6",
}  # fmt: skip


@dataclass
class Pages:
    """Addresses by who looks at them."""

    patient_login: str
    plan: str
    by_person: dict[str, list[str]] = field(default_factory=dict)
    password: str = PASSWORD

    def of(self, who: str) -> list[str]:
        return self.by_person[who]

    def login_of(self, who: str) -> str:
        return self.patient_login if who == "patient" else who


def addresses(clinic, browser, chosen) -> Pages:
    """A person in treatment: one session in preparation, one running, one in recovery."""
    course = Course(_another(chosen), CHAIR)
    with visit(browser, clinic.address) as adams, visit(browser, clinic.address) as bea:
        adams.sign_in("adams")
        bea.sign_in("bea")
        login = _treated(adams, bea, clinic, course)
    chart, at_chair = course.chart, course.session
    return Pages(
        patient_login=login,
        plan=f"{chart}plan/",
        by_person={
            "anybody": [
                "/", "/help/", "/sign-in/", "/library/", "/library/side-effects/",
                "/library/session/print/", "/ask/", "/ask/?q=drive", "/ask/?q=i+want+to+die",
                "/self-check/", "/self-check/vessels/start/", "/es/library/", "/es/ask/?q=manejar",
                "/es/library/side-effects/", "/es/self-check/pressure/start/",
            ],
            "adams": [
                "/board/", "/schedule/", "/patients/", "/patients/import/", "/tasks/", chart,
                *(f"{chart}{p}/" for p in ("candidacy", "consent", "plan", "visits", "outcomes")),
                at_chair, f"{at_chair}discharge/", f"{at_chair}note/",
            ],
            "bea": ["/board/", at_chair, f"{at_chair}discharge/", "/limits/"],
            "eve": ["/limits/", f"/limits/{clinic.quay}/", "/articles/"],
            "patient": ["/portal/", "/portal/progress/", "/help/"],
        },
    )  # fmt: skip


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


def _another(chosen):
    """Somebody whom the walk did not treat."""
    from tests.e2e.chosen import living

    taken = {person.file for person in chosen.values()}
    return next(person for person in living() if person.file not in taken)
