"""What runs on a home, as the supervisor wrote it down."""

import json
import os
from pathlib import Path
from typing import Any


def read_status(home: Path) -> dict[str, Any] | None:
    """What the supervisor last wrote, if the process that wrote it is still there."""
    status: dict[str, Any] = {}
    try:
        status = json.loads((home / "run" / "status.json").read_text())
        os.kill(int(status["pid"]), 0)
    except PermissionError:  # it is there, and somebody else's
        return status
    except (OSError, ValueError, KeyError):
        return None
    return status
