"""What the clinic of the stories holds before anybody opens a browser, made by the use cases.

Cora was treated this morning: her first session is over and its note waits for a signature. Her
second visit is open and in preparation. A questionnaire, a task and a difference in the drug
ledger wait. So every page can be met without walking to it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from leeward.exchange.notify.stop_links import StopLink, stop_link
from leeward.records.accounts.actor import ANONYMOUS
from leeward.records.organizations.models import Chair
from leeward.usecases.book_appointment import book_appointment
from leeward.usecases.count_stock import count_stock, record_inventory
from leeward.usecases.follow_up import ask_questionnaire
from leeward.usecases.open_session import open_session
from leeward.usecases.request_consultation import Asked, request_consultation
from leeward.usecases.tasks import raise_task
from leeward.web.call_tokens import call_token
from tests.cast import Cast, cid
from tests.integration.after_session import go_home, in_recovery
from tests.integration.ledger_story import Stock
from tests.integration.runtime.treating import ok

# Long enough for a session, its recovery and the way home.
AGO = timedelta(hours=4)
CHAIR = "8"


def furnish(cast: Cast, now: datetime) -> dict[str, str]:
    """Ids of what was made, by the names that URLs give them."""
    over = go_home(in_recovery(cast))
    later = replace(cast, now=now)
    preparing = _preparing(later)
    return {
        "patient_id": str(cast.cora_patient.id),
        "over": str(over.session.id),
        "preparing": preparing,
        "call": call_token(UUID(preparing), now),
        "response_id": _asked(later),
        **_drugs(later),
        **_task(later),
        **_public_side(later),
    }


def _preparing(cast: Cast) -> str:
    begins = cast.now.replace(
        minute=cast.now.minute - cast.now.minute % 5, second=0, microsecond=0
    )
    chair = Chair.objects.get(location=cast.location, label=CHAIR)
    visit = ok(book_appointment(
        actor=cast.dev, now=cast.now, command_id=cid("book-2"), patient_id=cast.cora_patient.id,
        chair_id=chair.id, starts=begins, ends=begins + timedelta(minutes=30),
    ))  # fmt: skip
    session = ok(open_session(
        actor=cast.bea, now=cast.now, command_id=cid("open-2"), appointment_id=visit.id
    ))  # fmt: skip
    return str(session.id)


def _asked(cast: Cast) -> str:
    asked = ok(ask_questionnaire(
        actor=cast.bea, now=cast.now, command_id=cid("ask"), patient_id=cast.cora_patient.id,
        link="/portal/",
    ))  # fmt: skip
    return str(asked.response.id)


def _task(cast: Cast) -> dict[str, str]:
    task = ok(raise_task(
        actor=cast.bea, now=cast.now, command_id=cid("task"), patient=cast.cora_patient,
        kind="call", because="Call back about the morning.",
    ))  # fmt: skip
    return {"task_id": str(task.id)}


def _public_side(cast: Cast) -> dict[str, str]:
    """Somebody who asked for a consultation, and the link that stops their e-mail."""
    asked = ok(request_consultation(
        actor=ANONYMOUS, now=cast.now, command_id=cid("asked"),
        organization_id=cast.organization.id, location_id=cast.location.id,
        asked=Asked("Ann", "ann@example.org", "", "en", "Leg pain.", ("email.1",), "/talk/"),
    ))  # fmt: skip
    link = stop_link(StopLink(cast.organization.id, "email", "ann@example.org"))
    return {"request_id": str(asked.id), "stop_link": link}


def _drugs(cast: Cast) -> dict[str, str]:
    """A safe with vials, the inventory and a count that found one vial short."""
    stock = Stock(cast, vials=2)
    count = {"actor": cast.eve, "now": cast.now, "store_id": stock.safe.id}
    ok(count_stock(**count, command_id=stock.new(), counted=stock.in_safe()))
    (inventory, *_) = ok(record_inventory(
        actor=cast.eve, now=cast.now, command_id=stock.new(), location_id=cast.location.id,
        moment="close", witness=stock.confirmed("ben"),
    ))  # fmt: skip
    vial = stock.vials[0].id
    (short, *_) = ok(count_stock(
        **count, command_id=stock.new(), counted={**stock.in_safe(), vial: 990}
    ))  # fmt: skip
    return {"store_id": str(stock.safe.id), "entry_id": str(inventory.id),
            "case_id": str(short.found.get().id)}  # fmt: skip
