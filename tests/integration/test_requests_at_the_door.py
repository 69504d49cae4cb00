"""What the door takes from a browser: which methods act, how large a request may be."""

import pytest
from django.test import Client
from django.urls import reverse

from leeward.records.accounts.models import User
from leeward.records.audit.models import AuditEntry
from leeward.records.consents.models import Consent
from leeward.records.treatments.models import TreatmentSession
from tests.cast import chart_weight
from tests.integration.test_one_patient_all_the_way import accept, booked, consent, order

pytestmark = pytest.mark.django_db


def signed_in(login, **headers):
    client = Client(enforce_csrf_checks=True, **headers)
    client.force_login(User.objects.get(login=login))
    return client


def test_a_head_request_never_acts(cast):
    chart_weight(cast)
    accept(cast), order(cast)
    given, visit = consent(cast), booked(cast)
    bea, cora = signed_in("bea"), signed_in("cora")
    opened = bea.head(reverse("session-open", args=[visit.id]))
    withdrawn = cora.head(reverse("consent-withdraw", args=[cast.cora_patient.id, given.id]))
    left = bea.head(reverse("sign-in-leave"))
    assert {opened.status_code, withdrawn.status_code, left.status_code} == {405}
    assert not TreatmentSession.objects.exists()
    assert Consent.objects.get(id=given.id).withdrawn_at is None
    assert bea.get(reverse("patients")).status_code == 200


def test_a_head_request_of_a_form_is_answered_as_reading_it(cast):
    response = cast.cora_patient.questionnaire_responses.create(
        instrument="phq-9", language="en", requested_at=cast.now, status="in-progress",
        answers={"/44250-9": 1},
    )  # fmt: skip
    cora = signed_in("cora")
    assert cora.head(reverse("questionnaire-check", args=[response.id])).status_code == 200
    response.refresh_from_db()
    assert response.status == "in-progress"
    assert signed_in("bea").head(reverse("import-records")).status_code == 200


@pytest.mark.parametrize(("page", "limit"), [("sign-in", "5"), ("import-records", "200")])
def test_a_request_too_large_is_refused_before_it_is_read(cast, page, limit):
    length = (int(limit) * 1024 * 1024) + 1
    answer = signed_in("bea").post(
        reverse(page), data=b"", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(length),
    )  # fmt: skip
    assert answer.status_code == 413
    assert f"{limit} MB" in answer.content.decode()


def test_an_upload_within_its_limit_is_not_held_to_that_of_a_form(cast):
    answer = signed_in("bea").post(
        reverse("import-records"), data=b"", content_type="text/plain",
        CONTENT_LENGTH=str(6 * 1024 * 1024),
    )  # fmt: skip
    assert answer.status_code == 403  # read as far as the missing form token


@pytest.mark.parametrize("path", ["/portal/q/{}/?item=" + "9" * 5000])
def test_a_number_too_long_to_read_is_no_number(cast, path):
    response = cast.cora_patient.questionnaire_responses.create(
        instrument="phq-9", language="en", requested_at=cast.now
    )
    assert signed_in("cora").get(path.format(response.id)).status_code == 200


def test_a_form_sent_again_by_somebody_else_is_refused_and_not_answered_with_their_result(cast):
    from leeward.usecases.tasks import raise_task
    from tests.cast import cid

    tasks = [
        raise_task(actor=cast.bea, now=cast.now, command_id=cid(name), patient=cast.cora_patient,
                   kind="call", because="Call back.")
        for name in ("one", "two")
    ]  # fmt: skip
    form = {"outcome": "Called.", "command_id": str(cid("shared"))}
    statuses = []
    for login, task in (("bea", tasks[0]), ("ben", tasks[1])):
        client = Client()
        client.force_login(User.objects.get(login=login))
        statuses.append(client.post(reverse("tasks-done", args=[task.id]), form).status_code)
    assert statuses == [302, 409]
    tasks[1].refresh_from_db()
    assert tasks[1].status == "open"
    assert AuditEntry.objects.filter(action="task.done").count() == 1


def test_no_page_is_kept_in_the_storage_of_the_browser(cast):
    """The library's copies of visited pages would outlive the sign-out."""
    assert '"historyCacheSize":0' in signed_in("bea").get(reverse("patients")).content.decode()
