"""The one kind of exception that an action raises when a rule says no."""

import logging
from collections.abc import Container, Sequence
from http import HTTPStatus


class Refusal(Exception):
    """Its message is a sentence for the person who reads it: what is wrong and what to do.

    Interfaces catch it and show it; anything else that is raised is a fault of ours. `about` names what it may be
    about, in the action's words: a page shows it beside the first of these that it asks for.
    """

    about: Sequence[str] = ()

    def __init__(self, message: str, *, about: str = "") -> None:
        super().__init__(message)
        self.message = message
        if about:
            self.about = (about,)

    def field_among(self, names: Container[str]) -> str | None:
        """None: it is about the whole."""
        return next((name for name in self.about if name in names), None)


class NotAllowed(Refusal):
    """This person may not do this at all (as against: not in the present state)."""

    def __init__(self, message: str = "Your role does not allow this. Ask a colleague at the unit.") -> None:
        super().__init__(message)


class WithoutTraceback(logging.Filter):
    """For a log's handler: that somebody may not do something is a line, and no fault of ours with a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", None) == HTTPStatus.FORBIDDEN:
            record.exc_info = record.exc_text = None
        return True
