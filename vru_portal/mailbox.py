"""The messages that the embedded default writes to a folder instead of sending."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

from vru_portal.core.secret_links import without_secrets

# Between the messages of one file, by Django's file-based mail backend.
RULE = b"-" * 79


@dataclass(frozen=True)
class Message:
    sent_at: datetime
    to: str
    subject: str
    body: str
    is_kept: bool = False  # among the portal's own messages, too

    def without_secrets(self) -> Message:
        return replace(self, body=without_secrets(self.body))


def messages(folder: Path, most: int = 100) -> list[Message]:
    """The newest messages first; none if the folder does not exist."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)[:most]
    found = [_read(part) for file in files for part in file.read_bytes().split(RULE) if part.strip()]
    return sorted(found, key=lambda message: message.sent_at, reverse=True)[:most]


def _read(raw: bytes) -> Message:
    parsed = message_from_bytes(raw.strip(), policy=policy.default)
    body = parsed.get_body(("plain",))
    return Message(
        sent_at=parsedate_to_datetime(parsed["Date"]),
        to=str(parsed["To"]),
        subject=str(parsed["Subject"]),
        body=body.get_content() if body else "",
        is_kept="X-Portal-Message" in parsed,
    )
