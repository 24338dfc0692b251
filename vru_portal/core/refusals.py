"""The one kind of exception that an action raises when a rule says no."""

import logging
from http import HTTPStatus


class Refusal(Exception):
    """Its message is a sentence for the person who reads it: what is wrong and what to do.

    Interfaces catch it and show it; anything else that is raised is a fault of ours.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


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
