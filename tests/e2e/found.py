"""Founds the clinic of the stories: `LEEWARD_HOME=... python -m tests.e2e.found`.

Harbor of `tests/cast.py` with more chairs, and Quay, whose limits nobody has approved yet.
"""

import json
import os
import sys
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.config.settings")

# The clinic lies where it is day now, so that a visit now lies within its opening hours.
ZONES = ("America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "Australia/Sydney",
         "Asia/Tokyo", "Asia/Kolkata", "Europe/Paris")  # fmt: skip
CHAIRS = tuple(str(number) for number in range(1, 9))
# The recorded heart rate falls under this some twenty seconds after the monitor is put on.
CROSSED = {
    "alarm.hr_low.warn": "66", "alarm.hr_low.warn_delay_s": "1", "alarm.hr_low.clear": "90",
    "alarm.hr_low.clear_delay_s": "60", "alarm.stale_warn_s": "60", "alarm.stale_act_s": "120",
    "alarm.no_value_s": "60", "alarm.spo2_low.warn": "30", "alarm.spo2_low.act": "20",
    "alarm.spo2_low.at_once": "10", "alarm.sbp_low.warn": "40", "alarm.sbp_low.act": "30",
    "alarm.dbp_high.warn": "190", "alarm.dbp_high.act": "200", "alarm.sbp_high.warn": "250",
    "alarm.sbp_high.act": "260", "alarm.sbp_rise": "200", "alarm.dbp_rise": "200",
}  # fmt: skip


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)

    from leeward.records.accounts.models import StaffRole, User
    from leeward.records.accounts.selectors import get_actor
    from leeward.records.organizations.models import Chair
    from leeward.usecases import set_up_clinic
    from tests import cast as people
    from tests.e2e.furnish import AGO, furnish
    from tests.limits import INVENTED

    INVENTED.update(CROSSED)
    now = datetime.now(UTC)
    cast = people.make_cast(now - AGO)
    zone = daylight(now)
    cast.location.timezone, cast.location.opens, cast.location.closes = zone, time(0), time(23, 59)
    cast.location.save()
    cast.organization.timezone = zone
    cast.organization.save()
    for position, label in enumerate(CHAIRS[3:], start=3):
        Chair.objects.create(location=cast.location, label=label, position=position)
    quay = set_up_clinic.create_location(
        actor=get_actor(cast.eve.id), now=now, command_id=people.cid("Quay-place"),
        organization=cast.organization,
        details=set_up_clinic.LocationDetails(
            name="Quay Lane", slug="quay", timezone=zone, phone="+1 555 0101",
            chairs=("1", "2"), opens=time(0), closes=time(23, 59),
        ),
    )  # fmt: skip
    for login, role in (
        ("adams", "prescriber"), ("bea", "nurse"), ("ben", "nurse"), ("dev", "front_desk"),
        ("eve", "director"),
    ):  # fmt: skip
        StaffRole.objects.create(user=User.objects.get(login=login), role=role, location=quay)
    held = furnish(cast, now)
    print(json.dumps(
        {"harbor": str(cast.location.id), "quay": str(quay.id), "zone": zone, "held": held}
    ))  # fmt: skip


def daylight(now: datetime) -> str:
    """A zone in which it is between nine and three, so that this morning is today."""
    return next(z for z in ZONES if 9 <= now.astimezone(ZoneInfo(z)).hour < 15)


if __name__ == "__main__":
    sys.exit(main())
