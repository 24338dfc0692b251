"""Two people at one form: what it was drawn from goes out with it as a short revision and comes back with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from vru_portal.core.refusals import Refusal


class ChangedMeanwhile(Refusal):
    """Somebody else saved after the form was opened. `revision` is that of what is kept now."""

    def __init__(self, what: str, differs: Mapping[str, object], revision: str, *, by: object = None) -> None:
        kept = "; ".join(f"{name}: {_in_words(value)}" for name, value in differs.items())
        now = f" Now it has {kept}." if kept else ""
        whom = f" by {by}" if by else ""
        super().__init__(
            f"{what} was changed{whom} after you opened this page.{now} Check what is below and save again."
        )
        self.revision = revision


def revision_of(facts: Mapping[str, object]) -> str:
    """The same facts give the same revision."""
    return hashlib.sha256(repr(sorted(facts.items())).encode()).hexdigest()[:32]


def _in_words(value: object) -> str:
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value) if value not in (None, "") else "nothing"
