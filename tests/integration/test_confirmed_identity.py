"""Step-up: the second person proves who they are, at that moment, for that act."""

from datetime import timedelta

import pytest

from leeward.core.quantities import Refusal
from leeward.records.audit.models import AuditEntry
from leeward.usecases.confirm_identity import confirm_identity
from leeward.usecases.sign_in import sign_in
from tests.cast import PASSWORD, cid


def confirm(cast, *, login="ben", password=PASSWORD, name="c", now=None, actor=None):
    return confirm_identity(
        actor=actor or cast.bea, now=now or cast.now, command_id=cid(name), login=login,
        password=password, purpose="session.time_out",
    )  # fmt: skip


def test_confirms_a_colleague_who_knows_their_password(cast):
    assert confirm(cast).user.login == "ben"


@pytest.mark.parametrize("login", ["ben", "nobody", "cora", "faye"])
def test_refuses_wrong_password_strangers_patients_and_other_organizations(cast, login):
    password = "wrong" if login == "ben" else PASSWORD
    assert confirm(cast, login=login, password=password).code == "identity.not_confirmed"
    assert AuditEntry.objects.filter(action="identity.refused").count() == 1


def test_too_many_wrong_passwords_are_held_off_and_let_in_again_later(cast):
    for n in range(5):
        confirm(cast, password="wrong", name=f"w{n}")
    assert confirm(cast, name="right").code == "identity.throttled"
    later = cast.now + timedelta(minutes=11)
    assert not isinstance(confirm(cast, name="later", now=later), Refusal)


def test_signing_in_is_throttled_and_audited_the_same_way(cast):
    def attempt(password):
        return sign_in(origin="198.51.100.7", now=cast.now, login="bea", password=password)

    assert attempt(PASSWORD).login == "bea"
    for _ in range(5):
        assert attempt("wrong").code == "sign_in.wrong"
    assert attempt(PASSWORD).code == "sign_in.throttled"
    entry = AuditEntry.objects.filter(action="access.signed_in").last()
    assert (entry.actor_name, entry.origin) == ("Bea", "198.51.100.7")


def test_a_second_person_under_the_same_command_is_not_taken_for_the_first(cast):
    """A refused form, sent again by somebody else, must not sign in the first one's name."""
    assert confirm(cast, login="ben").user.login == "ben"
    assert confirm(cast, login="adams").user.login == "adams"
    assert confirm(cast, login="ben").user.login == "ben"


def test_a_confirmation_for_one_purpose_is_not_handed_out_for_another(cast):
    from leeward.usecases.sign_note import SIGNING

    first = confirm(cast, login="ben")
    second = confirm_identity(
        actor=cast.bea, now=cast.now, command_id=cid("c"), login="ben", password=PASSWORD,
        purpose=SIGNING,
    )  # fmt: skip
    assert (first.purpose, second.purpose) == ("session.time_out", SIGNING)


def test_a_login_that_differs_by_capitals_alone_is_taken(cast):
    from leeward.usecases.set_up_clinic import create_staff

    refused = create_staff(
        actor=cast.eve, now=cast.now, command_id=cid("second bea"),
        organization=cast.organization, login="Bea", name="Beatrix", password=PASSWORD,
        roles=[("nurse", cast.location)],
    )  # fmt: skip
    assert refused.code == "account.login_taken"


def test_a_closed_account_costs_the_same_work_as_an_open_one(cast, monkeypatch):
    """Else the time of the answer tells who once worked here."""
    from leeward.usecases import set_up_clinic
    from leeward.usecases import sign_in as module

    set_up_clinic.StaffRole.objects.create(user_id=cast.eve.id, role="director", location=None)
    from leeward.records.accounts.selectors import get_actor

    set_up_clinic.close_account(
        actor=get_actor(cast.eve.id), now=cast.now, command_id=cid("close"), user_id=cast.ben.id
    )
    checked = []
    monkeypatch.setattr(module, "check_password", lambda *_: checked.append(1) or True)
    refused = sign_in(origin="", now=cast.now, login="ben", password=PASSWORD)
    assert (refused.code, checked) == ("sign_in.wrong", [1])


def test_a_password_typed_where_the_login_belongs_is_not_kept_for_ever(cast):
    slip = "my secret passphrase"
    for _ in range(5):
        sign_in(origin="", now=cast.now, login=slip, password="")
        confirm(cast, login=slip, password="x", name="slip")
    kept = AuditEntry.objects.filter(outcome="refused")
    assert kept.count() == 10
    assert slip not in str(list(kept.values_list("detail", flat=True)))
    assert sign_in(origin="", now=cast.now, login=slip, password="").code == "sign_in.throttled"
    assert confirm(cast, login=slip, name="slip").code == "identity.throttled"
