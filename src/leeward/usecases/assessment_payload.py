"""An assessment as the dictionary a decision keeps."""

from typing import Any

from leeward.core.candidacy import Assessment, Finding, IndicationFinding


def to_payload(assessment: Assessment) -> dict[str, Any]:
    """What was found, with its facts and sources, as plain JSON-able content."""
    return {
        "as_of": assessment.as_of.isoformat(),
        "drug": assessment.drug,
        "route": assessment.route,
        "findings": [_finding(f) for f in assessment.findings],
        "indications": [_indication(i) for i in assessment.indications],
        "workup_missing": [item.id for item in assessment.workup_missing],
        "notes": list(assessment.notes),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "version": finding.version,
        "effect": finding.effect.value,
        "status": finding.status.value,
        "because": finding.because,
        "facts": [{"what": f.what, "date": f.date, "resource": f.resource} for f in finding.facts],
        "missing": list(finding.missing),
        "source": {"id": finding.source.source, "at": finding.source.at},
        "unverified": finding.unverified,
    }


def _indication(indication: IndicationFinding) -> dict[str, Any]:
    return {
        "id": indication.id,
        "status": indication.status.value,
        "evidence": indication.evidence,
        "approved": indication.approved,
    }
