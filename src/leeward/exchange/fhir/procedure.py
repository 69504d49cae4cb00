"""Procedure: what was done."""

from leeward.usecases.imported import ImportedProcedure, Origin

from .datatypes import Json, moment_or_period, required_concept, string
from .references import References
from .subject import patient_of


def read_procedure(resource: Json, origin: Origin, references: References) -> ImportedProcedure:
    """Read a Procedure; one that was not done keeps that status."""
    starts, ends = moment_or_period(resource, "performed")
    return ImportedProcedure(
        origin=origin,
        patient=patient_of(resource, references),
        concept=required_concept(resource, "code", "which procedure"),
        status=string(resource, "status"),
        starts=starts,
        ends=ends,
    )
