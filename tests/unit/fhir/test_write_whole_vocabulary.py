"""A session with everything in it, as FHIR: two validators that know nothing of each other."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from leeward.core.treatment import commands as c
from leeward.core.treatment import fold
from leeward.exchange.fhir.session_bundle import session_bundle
from leeward.exchange.fhir.writing import to_json
from tests.unit.fhir.test_write_session_bundle import CORA, TERMS, of, validated
from tests.unit.treatment.walk import (
    ADAMS,
    BEN,
    DEVICES,
    EXPIRY,
    INJECTION,
    START,
    ready,
)

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
SERIES = [
    {"channel": "spo2", "unit": "%", "intermittent": False, "from": "2026-03-02T09:10:00+00:00",
     "to": "2026-03-02T09:10:08+00:00", "gaps": [],
     "readings": [[0, "97"], [2000, "96"], [4000, None, "sensor_off"], [8000, "95.5"]]},
    {"channel": "nibp_sys", "unit": "mm[Hg]", "intermittent": True, "gaps": [],
     "from": "2026-03-02T09:12:00+00:00", "to": "2026-03-02T09:12:00+00:00",
     "readings": [[0, "131"]]},
    {"channel": "nibp_dia", "unit": "mm[Hg]", "intermittent": True, "gaps": [],
     "from": "2026-03-02T09:12:00+00:00", "to": "2026-03-02T09:12:00+00:00",
     "readings": [[0, "82"]]},
]  # fmt: skip


def eventful():
    walk = ready()
    walk.do(c.DrawDrug(Decimal(50), Decimal(1), "LOT7", EXPIRY), at=8)
    walk.do(c.StartInfusion(START.rate_ml_per_h, START.concentration_mg_per_ml), at=10)
    walk.do(c.ExtendOrder("slow onset", bolus_ml=Decimal(3)), actor=ADAMS, at=12)
    walk.do(c.GiveBolus(Decimal(3), "slow onset"), at=12)
    walk.do(c.GiveRescue("ondansetron", Decimal(4), "mg", "IV", "nausea"), at=20)
    walk.do(c.SetOxygen(Decimal(2), "cannula"), at=21)
    walk.do(c.CallForHelp("k1", "bell", "sick"), at=22)
    walk.do(c.AnswerCall("k1", "bowl"), at=23)
    walk.do(c.RaiseAlarm("a1", "symptom.fainting", "symptom.fainting", "high", Decimal(1),
                         Decimal(1), "{effect}"), at=24)  # fmt: skip
    walk.do(c.DeclareEmergency("m1", "fainted"), at=24)
    walk.do(c.EndEmergency("m1", "awake"), at=26)
    walk.do(c.HandOver(BEN), at=30)
    walk.do(c.StopInfusion("completed"), at=48)
    walk.do(c.WasteDrug("1", Decimal("14.85"), BEN, "rest"), at=60)
    return walk


def injected():
    walk = ready(INJECTION)
    walk.do(c.GiveInjection(Decimal("0.70"), "left deltoid", lot="L", expiry=EXPIRY), at=10)
    return walk


def sprayed():
    walk = ready(DEVICES)
    walk.do(c.GiveDevice(lot="L", expiry=EXPIRY), at=10)
    walk.do(c.GiveDevice(), at=16)
    return walk


def written(walk, series=()):
    return session_bundle(
        fold(walk.log), CORA, TERMS, record_digest="3" * 64, written_at=AT, series=series
    )


WAYS = {"infusion": eventful, "injection": injected, "devices": sprayed}


@pytest.mark.parametrize("way", WAYS)
def test_every_route_is_valid_by_the_python_validator(way):
    assert validated(written(WAYS[way](), SERIES)).type == "collection"


@pytest.mark.parametrize("way", WAYS)
def test_every_route_is_valid_by_the_node_validator(way, tmp_path):
    home = os.environ.get("LEEWARD_NODE_FHIR") or (shutil.which("node") and _installed())
    if not home:
        pytest.skip("node with the npm package fhir is not here: scripts/fhir_node.sh installs it")
    text = to_json(written(WAYS[way](), SERIES))
    ran = _by_node(text, tmp_path, home)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    wrong = text.replace('"status": "final"', '"status": "finished"').replace(
        '"status":"final"', '"status":"finished"'
    )
    assert wrong != text
    assert _by_node(wrong, tmp_path, home).returncode == 1


def _by_node(text, folder, home):
    bundle = folder / "bundle.json"
    bundle.write_text(text)
    check = Path("tests/data/fhir_node/validate.cjs").resolve()
    return subprocess.run(
        ["node", str(check), str(bundle)], capture_output=True, text=True, timeout=120,
        check=False, env={**os.environ, "NODE_PATH": str(home)},
    )  # fmt: skip


def _installed():
    found = Path("var/node_fhir/node_modules")
    return found.resolve() if (found / "fhir").is_dir() else None


def test_device_readings_are_sampled_data_with_their_gaps():
    bundle = written(eventful(), SERIES)
    sampled = [o for o in of(bundle, "Observation") if "valueSampledData" in o]
    assert [o["valueSampledData"]["data"] for o in sampled] == ["97 96 E E 95.5"]
    assert sampled[0]["valueSampledData"]["period"] == 2000
    (cuff,) = (
        o for o in of(bundle, "Observation")
        if str(o.get("effectiveDateTime", "")).startswith("2026-03-02T09:12")
    )  # fmt: skip
    assert [p["valueQuantity"]["value"] for p in cuff["component"]] == [131, 82]


def test_boluses_rescue_drugs_and_overrides_are_all_there():
    bundle = written(eventful())
    given = [m["dosage"]["text"] for m in of(bundle, "MedicationAdministration")]
    assert any(text.startswith("Bolus of 3 mL by pump") for text in given)
    rescue = [m for m in of(bundle, "MedicationAdministration")
              if m.get("medicationCodeableConcept")]  # fmt: skip
    assert rescue[0]["medicationCodeableConcept"]["text"] == "ondansetron"
    issues = [i["detail"] for i in of(bundle, "DetectedIssue")]
    assert "Allowed beyond the order" in issues
    assert not any("{effect}" in detail for detail in issues)
    (document,) = of(bundle, "DocumentReference")
    assert document["identifier"][0]["value"] == "3" * 64
    assert [a["event"]["text"] for a in of(bundle, "AdverseEvent")] == ["Emergency: fainted"]
