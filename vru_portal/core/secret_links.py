"""Links that let in whoever holds them: what makes them secret stays out of logs and off pages."""

from __future__ import annotations

import logging
import re

WORDS = "(secret)"

# The page of an invitation, and the page behind a forgotten password; also within another address (`?next=`).
# Understood by PostgreSQL too, which asks it of every message that is kept.
_PAGES = r"(?:/|%2F)(?:partners(?:/|%2F)join|accounts(?:/|%2F)password(?:/|%2F)reset(?:/|%2F)key)(?:/|%2F)"
PATTERN = _PAGES + r"(?!done/|[(]secret[)])[^\s/?&\"'<>]+"

_SECRET = re.compile(rf"({_PAGES})(?!done/)[^\s/?&\"'<>]+", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """The text with a word where such a link has its secret."""
    return _SECRET.sub(rf"\1{WORDS}", text)


class WithoutSecrets(logging.Filter):
    """For a log's handler: Django writes down the path of whatever it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_secrets(record.getMessage()), ()
        return True
