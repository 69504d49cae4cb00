"""The notifier of a clinic without a carrier: each message becomes a file in the outbox."""

import json
from pathlib import Path

from leeward.usecases.ports import Notice


class OutboxNotifier:
    """Writes one JSON file per message; writing the same message twice leaves one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, notice: Notice) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self.folder / f"{notice.id}.json"
        draft = file.with_suffix(".part")
        content = {
            "channel": notice.channel,
            "to": notice.to,
            "subject": notice.subject,
            "body": notice.body,
        }
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=1))
        draft.replace(file)
