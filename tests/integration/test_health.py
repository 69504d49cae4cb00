"""What watches the machines learns how they do, and nothing about anybody."""

import asyncio
import io
import logging
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.routing import Route

from leeward.config.logs import JsonLines
from leeward.records.accounts.models import User
from leeward.usecases import run_alarms
from leeward.web import health as health_module
from leeward.web.health import Health, judge
from leeward.web.views import chart
from tests.cast import cid

LOOPBACK, ELSEWHERE = ("127.0.0.1", 40000), ("203.0.113.9", 40000)


class Scrape:
    """Asks the endpoints as somebody at an address."""

    def __init__(self, app, client):
        self.app, self.client = app, client

    def get(self, path, headers=None):
        async def ask():
            transport = httpx.ASGITransport(app=self.app, client=self.client)
            async with httpx.AsyncClient(transport=transport, base_url="http://t") as browser:
                return await browser.get(path, headers=headers)

        return asyncio.run(ask())


@pytest.fixture
def watch(real_cast, now, tmp_path):
    """A browser for the endpoints: `watch(client, token)`."""

    def make(client=LOOPBACK, token="", at=now):
        health = Health(tmp_path, token, lambda: at, lambda: 3)
        routes = [
            Route("/healthz", health.alive), Route("/readyz", health.ready),
            Route("/metrics", health.metrics),
        ]  # fmt: skip
        return Scrape(Starlette(routes=routes), client)

    return make


def beat(now):
    run_alarms.beat(actor=run_alarms.engine_actor(), now=now, boot_id=cid("boot"),
                    started_at=now, period_ms=1000)  # fmt: skip


def test_a_clinic_with_everything_running_is_ready(watch, now):
    beat(now)
    answer = watch().get("/readyz")
    assert (answer.status_code, answer.json()["state"]) == (200, "ready")
    assert watch().get("/healthz").text == "ok\n"


@pytest.mark.hazard("H2")
def test_a_late_alarm_engine_is_said_and_takes_no_screen_away(watch, now):
    beat(now - timedelta(seconds=30))
    answer = watch().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "state": "degraded",
        "checks": {"database": "ok", "disk": "ok", "alarm_engine": "late"},
    }


def test_a_full_disk_or_a_silent_database_is_not_ready(watch, now, monkeypatch):
    beat(now)
    monkeypatch.setattr(
        health_module.shutil, "disk_usage", lambda _: SimpleNamespace(free=10 * 1024 * 1024)
    )
    answer = watch().get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["disk"]) == (503, "full")

    def broken(_):
        raise health_module.DatabaseError("gone")

    monkeypatch.setattr(health_module, "read_pulse", broken)
    assert watch().get("/readyz").json()["checks"]["database"] == "does not answer"


def test_a_dead_gateway_is_named():
    checks = judge({"database": True, "disk_free_bytes": 1e12, "engine_age_s": 1.0,
                    "processes": {"gateway": False, "alarms": True}})  # fmt: skip
    assert checks["gateway"] == "down"


def test_metrics_are_for_this_machine_or_who_has_the_token(watch):
    assert watch().get("/metrics").status_code == 200
    assert watch(client=ELSEWHERE).get("/metrics").status_code == 403
    by_proxy = {"X-Forwarded-For": "203.0.113.9"}
    assert watch().get("/metrics", headers=by_proxy).status_code == 403
    guarded = watch(client=ELSEWHERE, token="s3cret")
    assert guarded.get("/metrics").status_code == 403
    assert guarded.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    held = {"Authorization": "Bearer s3cret"}
    assert guarded.get("/metrics", headers=held).status_code == 200


def test_metrics_are_what_prometheus_reads_and_name_nobody(watch, now, real_cast):
    beat(now)
    bea = Client()
    bea.force_login(User.objects.get(login="bea"))
    bea.get(reverse("chart", args=[real_cast.cora_patient.id]))
    bea.get("/patients/", {"search": "Castle"})
    text = watch().get("/metrics").text
    families = {f.name: f for f in text_string_to_metric_families(text)}
    assert families["leeward_alarm_engine_age_seconds"].samples[0].value == 0.0
    assert families["leeward_streams_open"].samples[0].value == 3
    answered = {s.labels["page"] for s in families["leeward_requests"].samples}
    assert {"chart", "patients"} <= answered
    for word in ("Castle", "Cora", "Bea", str(real_cast.cora_patient.id), "example.org"):
        assert word not in text


@pytest.fixture
def lines():
    """Everything that is logged, as the installation would write it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield out
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.django_db
def test_no_name_reaches_the_logs_even_when_a_page_breaks(cast, lines, monkeypatch):
    def broken(*_, **__):
        raise ValueError(f"Castle, Cora could not be read: {cast.cora_patient.email}")

    browser = Client(raise_request_exception=False)
    browser.post("/sign-in/", {"login": "Cora Castle", "password": "Castle123"})
    browser.force_login(User.objects.get(login="bea"))
    browser.get("/patients/", {"search": "Castle"})
    browser.get("/patients/Castle/")
    monkeypatch.setattr(chart, "get_patient_page", broken)
    assert browser.get(reverse("chart", args=[cast.cora_patient.id])).status_code == 500
    logging.getLogger("leeward.x").error("it broke: %s", ValueError("Cora"))
    logged = lines.getvalue()
    assert '"fault": "ValueError"' in logged
    assert "web/views/chart.py" in logged
    for word in ("Cora", "Castle", "example.org"):
        assert word not in logged, logged


def test_a_line_is_one_json_object_with_the_place_of_the_fault(lines):
    import json

    try:
        raise KeyError("a secret")
    except KeyError:
        logging.getLogger("leeward.x").exception("two\nlines")
    (line,) = lines.getvalue().splitlines()
    told = json.loads(line)
    assert (told["fault"], told["message"], told["level"]) == ("KeyError", "two\nlines", "ERROR")
    assert told["where"][-1].startswith(Path(__file__).name)
