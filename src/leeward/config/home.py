"""`LEEWARD_HOME`: the one folder that holds everything a running Leeward writes."""

import os
import secrets
import threading
import tomllib
from pathlib import Path
from typing import Any


def home() -> Path:
    """The folder of this clinic: database, secret, keys, outbox, documents. Made on first use.

    From then on this process and its children make files for their owner alone, also in a folder
    that somebody made before for all to read.
    """
    os.umask(0o077)
    folder = Path(os.environ.get("LEEWARD_HOME", "var")).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def secret_key(folder: Path) -> str:
    """The signing secret, made on first run and readable by its owner only."""
    file = folder / "secret.key"
    if not file.exists():
        _make_once(file, secrets.token_urlsafe(64))
    return file.read_text().strip()


def _make_once(file: Path, text: str) -> None:
    """Put a whole file in place, unless another process of the same start was first.

    Written elsewhere and linked: whoever finds it finds all of it.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def file_settings(folder: Path) -> dict[str, Any]:
    """`leeward.toml` in the home, if there is one."""
    file = folder / "leeward.toml"
    return tomllib.loads(file.read_text()) if file.exists() else {}
