"""Recording what people do: every action runs inside `acting`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pghistory
from django.db import models, transaction

from partners.models import Event, Organisation, User
from partners.permissions import Permission
from vru_portal.core.refusals import NotAllowed


class Recorder:
    """Handed to the body of `acting`, which says with `on` what the action was done to."""

    def __init__(self, name: str, by: User | None, now: datetime, reason: str) -> None:
        self.name, self.by, self.now, self.reason = name, by, now, reason
        self.events: list[Event] = []

    def on(self, subject: models.Model, *, organisation: Organisation | None = None) -> None:
        """The event is about `subject`; `organisation` is whose event it is: its people see it among their own.

        A subject whose name not everybody may read says with `name_in_events` what stands in its place.
        """
        self.events.append(
            Event(
                name=self.name,
                occurred_at=self.now,
                by=self.by,
                organisation=organisation,
                subject_type=subject._meta.label_lower,
                subject_id=subject.pk,
                subject=str(getattr(subject, "name_in_events", subject))[:250],
                reason=self.reason,
            )
        )


@contextmanager
def acting(name: str, *, by: User | None, now: datetime, reason: str = "") -> Iterator[Recorder]:
    """One transaction in which `by` (None: the clock) does `name`, recorded in words and in the row history.

    The rows that the history's triggers write inside carry who, what and why. An action that changed nothing calls
    `on` for nothing, and nothing is recorded. An exception undoes all of it.
    """
    context = pghistory.context(user=by.pk if by else None, event=name, reason=reason)
    with transaction.atomic(), context:
        recorder = Recorder(name, by, now, reason)
        yield recorder
        Event.objects.bulk_create(recorder.events)


def require(user: User, permission: Permission) -> None:
    """Raise `NotAllowed` unless the user may."""
    if not user.may(permission):
        raise NotAllowed()
