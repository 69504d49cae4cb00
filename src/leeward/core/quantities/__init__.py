"""Units, doses, rates, concentrations, and the two ways of saying no.

Every other core stands on this package, and it stands on none of them.
"""

from .errors import LeewardError, OutOfDomain, UnitMismatch
from .refusal import Refusal

__all__ = ["LeewardError", "OutOfDomain", "Refusal", "UnitMismatch"]
