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
