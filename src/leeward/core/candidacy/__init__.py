"""From what the records say to findings with reasons, gaps and sources.

Pure: facts, rules, code lists, limits and the date arrive as arguments. Knows nothing of FHIR
resources, files or pages, and never takes absence of a record for absence of a condition.

`Fact` is what goes in (see `facts` for how records become facts), `assess` does the work,
`Assessment` comes out. `suicide_risk` stands beside it.
"""

from .concepts import Concept, Ingredient, ListedCode
from .engine import assess
from .facts import Coding, Fact, FactKind, demographic
from .findings import Assessment, FactLine, Finding, IndicationFinding, Status, WorkupFinding
from .indications import EvidenceFor, Indication
from .recognition import Recogniser
from .rules import DRUGS, ROUTES, Effect, Rule, RuleEffect, Words
from .when import When
from .workup import WorkupItem

__all__ = [
    "DRUGS",
    "ROUTES",
    "Assessment",
    "Coding",
    "Concept",
    "Effect",
    "EvidenceFor",
    "Fact",
    "FactKind",
    "FactLine",
    "Finding",
    "Indication",
    "IndicationFinding",
    "Ingredient",
    "ListedCode",
    "Recogniser",
    "Rule",
    "RuleEffect",
    "Status",
    "When",
    "Words",
    "WorkupFinding",
    "WorkupItem",
    "assess",
    "demographic",
]
