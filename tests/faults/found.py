"""Founds a clinic for a fault test: `python -m tests.faults.found` prints what it needs."""

import json
import os
import sys
from datetime import UTC, datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.config.settings")


def main() -> None:
    import django

    django.setup()
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from leeward.records.accounts.models import User
    from tests.cast import make_cast
    from tests.integration.runtime.treating import bound, opened, started

    call_command("migrate", interactive=False, verbosity=0)
    now = datetime.now(UTC)
    cast = make_cast(now)
    session = opened(cast)
    started(cast, session)
    bound(cast, session)
    bea = User.objects.get(login="bea")
    signed_in = SessionStore()
    signed_in["_auth_user_id"] = str(bea.pk)
    signed_in["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    signed_in["_auth_user_hash"] = bea.get_session_auth_hash()
    signed_in.save()
    told = {
        "session": session.id, "cookie": signed_in.session_key, "patient": cast.cora_patient.id,
        "location": cast.location.id, "chair": cast.other_chair.id,
    }  # fmt: skip
    print(json.dumps({name: str(value) for name, value in told.items()}))


if __name__ == "__main__":
    sys.exit(main())
