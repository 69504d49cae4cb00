"""Estimated levels: of a plan before it is ordered, and of a session as it runs.

An estimate never decides: the published sets disagree, their spread is shown beside the line, and
no regimen is recommended. Split by what is asked: `preview_levels_plan`, `preview_levels_session`.
"""

from .preview_levels_plan import MOST, preview_plan
from .preview_levels_session import NOTHING_ASKED, WhatIfAsked, session_levels
from .preview_levels_sets import set_choices
from .preview_levels_values import CURVES, LINE, Dose, LevelPreview, LevelsWish, SessionLevels

__all__ = ["CURVES", "LINE", "MOST", "NOTHING_ASKED", "Dose", "LevelPreview", "LevelsWish",
           "SessionLevels", "WhatIfAsked", "preview_plan", "session_levels",
           "set_choices"]  # fmt: skip
