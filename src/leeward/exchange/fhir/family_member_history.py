"""FamilyMemberHistory: what relatives had."""

from leeward.usecases.imported import Concept, ImportedFamilyHistory, Origin, RelativesCondition

from .condition import dated
from .datatypes import Json, Unreadable, concept, members, string, when
from .references import References
from .subject import patient_of


def read_family_history(
    resource: Json, origin: Origin, references: References
) -> ImportedFamilyHistory:
    """Read a FamilyMemberHistory; the relative's name, birth and death are left behind."""
    return ImportedFamilyHistory(
        origin=origin,
        patient=patient_of(resource, references, "patient"),
        relation=concept(resource, "relationship") or Concept(),
        status=string(resource, "status"),
        recorded=when(resource, "date"),
        conditions=tuple(
            RelativesCondition(named, _onset(told))
            for told in members(resource, "condition")
            if (named := concept(told, "code"))
        ),
    )


def _onset(told: Json) -> str:
    """From what age, in words. It is only shown: written wrongly, it must not cost the fact."""
    try:
        return dated(told, "onset")[1]
    except Unreadable:
        return ""
