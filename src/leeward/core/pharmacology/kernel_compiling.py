"""How the loops for large populations are compiled.

Importing this module imports numba, so only large work does.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Compile on first use, let other threads run meanwhile, keep the result on disk."""
    return cast(Loop, numba.njit(nogil=True, cache=True)(loop))
