"""What a reference points at: fullUrl, relative, absolute, contained or by identifier."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from leeward.usecases.imported import Concept

from .datatypes import Json, Unreadable, Unresolved, concept, member, members, string

_RELATIVE = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]+)?$")
_CONDITIONAL = re.compile(r"^([A-Z][A-Za-z]+)\?identifier=(.+)$")


@dataclass(slots=True)
class References:
    """What has been seen so far that others may point at.

    One for a whole run; a Bundle adds a child of its own, whose fullUrls end with it. Once
    `complete`, nothing more will come, and a name beside a dangling reference has to do.
    """

    parent: "References | None" = None
    by_url: dict[str, str] = field(default_factory=dict)
    by_identifier: dict[str, str] = field(default_factory=dict)
    medications: dict[str, Concept] = field(default_factory=dict)
    complete: bool = False

    def add(self, resource: Json, full_url: str = "") -> None:
        """Note a resource; malformed ones are noted as far as they can be read."""
        name = resource_name(resource, full_url)
        if name is None:
            return
        if full_url:
            self.by_url[full_url] = name
        home = self.parent or self
        if resource["resourceType"] == "Patient":
            for identifier in members(resource, "identifier"):
                key = f"{string(identifier, 'system')}|{string(identifier, 'value')}"
                home.by_identifier[f"Patient?{key}"] = name
        elif resource["resourceType"] == "Medication":
            medicine = concept(resource, "code")
            if medicine:
                home.medications[name] = medicine

    def keep_urls_of(self, bundle: "References") -> None:
        """Remember a Bundle's own addresses, for what had to be put off from it."""
        self.by_url.update(bundle.by_url)

    def target(self, reference: Json) -> str:
        """The `Type/id` that a Reference points at.

        Raises
        ------
        Unresolved
            If it names something by identifier or by a urn that has not been seen.
        """
        text = string(reference, "reference")
        if not text:
            return self._by_identifier(reference)
        for scope in self._scopes():
            if text in scope.by_url:
                return scope.by_url[text]
        conditional = _CONDITIONAL.match(text)
        if conditional:
            return self._named(conditional[1], unquote(conditional[2]), text)
        relative = _RELATIVE.search(text)
        if relative:
            return f"{relative[1]}/{relative[2]}"
        if text.startswith("urn:") and string(reference, "type"):
            return f"{string(reference, 'type')}/{text.rpartition(':')[2]}"
        raise Unresolved(f"it points at {text[:120]}, which is not in these files")

    def medicine(self, resource: Json) -> Concept:
        """The medicine of an order or statement: coded, contained, or a Medication resource."""
        coded = concept(resource, "medicationCodeableConcept")
        if coded:
            return coded
        reference = member(resource, "medicationReference")
        if reference is None:
            raise Unreadable("it does not say which medicine")
        text = string(reference, "reference")
        found = self._contained(resource, text[1:]) if text.startswith("#") else None
        if found is None and text and not text.startswith("#"):
            found = self._medication(reference)
        if found is None and self.complete and string(reference, "display"):
            found = Concept((), string(reference, "display"))
        if found is None:
            raise Unresolved(
                f"its medicine is described in {text[:120] or 'a resource without address'}, which"
                f" is not in these files{_called(reference)}"
            )
        return found

    def _medication(self, reference: Json) -> Concept | None:
        try:
            name = self.target(reference)
        except Unresolved:
            return None
        return next((s.medications[name] for s in self._scopes() if name in s.medications), None)

    def _contained(self, resource: Json, identity: str) -> Concept | None:
        for each in members(resource, "contained"):
            if string(each, "id") == identity:
                return concept(each, "code")
        return None

    def _by_identifier(self, reference: Json) -> str:
        identifier = member(reference, "identifier")
        if identifier is None:
            raise Unreadable(f"a reference in it leads nowhere{_called(reference)}")
        key = f"{string(identifier, 'system')}|{string(identifier, 'value')}"
        return self._named(string(reference, "type") or "Patient", key, key)

    def _named(self, kind: str, key: str, shown: str) -> str:
        for scope in self._scopes():
            if f"{kind}?{key}" in scope.by_identifier:
                return scope.by_identifier[f"{kind}?{key}"]
        raise Unresolved(f"it points at {shown[:120]}, which is not in these files")

    def _scopes(self) -> tuple["References", ...]:
        return (self, self.parent) if self.parent else (self,)


def resource_name(resource: Json, full_url: str = "") -> str | None:
    """`Type/id` of a resource; the id is its own, else the tail of its fullUrl."""
    kind, identity = resource.get("resourceType"), resource.get("id")
    if not isinstance(kind, str):
        return None
    if isinstance(identity, str) and identity.strip():
        return f"{kind}/{identity.strip()}"
    tail = re.split(r"[:/]", full_url)[-1] if full_url else ""
    return f"{kind}/{tail}" if tail else None


def _called(reference: Json) -> str:
    display = string(reference, "display")
    return f' (it is called "{display[:80]}" there)' if display else ""
