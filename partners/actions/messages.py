"""Writing to people: each message once, however often it is asked for and however often a worker is given it.

`write` keeps the message with what caused it, in one transaction; a worker sends it after the commit. A worker first
says that it is sending (`sending`, committed), then sends, then says what came of it. If it dies in between, nobody
knows whether the message went: it is shown as such, and only a person sends it again.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, models, transaction

from partners.actions.events import acting, require
from partners.models import Message, MessageSubject, Organisation, User
from partners.permissions import Permission
from vru_portal.core.refusals import Refusal
from vru_portal.core.secret_links import without_secrets

State = Message.State

# While the mail server is away, a message is tried again after so long, twice as long each time; then it has failed.
FIRST_BREAK = timedelta(minutes=5)
MOST_ATTEMPTS = 6
# A worker that has not said for so long what became of a message is dead.
PATIENCE = timedelta(minutes=20)

NOBODY_KNOWS = "The worker stopped while it was sending this. It may have gone out, or not."


class NotToBeSentAgain(Refusal):
    """It was sent, or will be without anybody's help."""


# ---- Writing ----
def write(
    *,
    key: str,
    kind: str,
    to: User,
    subject: str,
    body: str,
    about: Iterable[models.Model] = (),
    organisation: Organisation | None = None,
    now: datetime,
) -> Message | None:
    """Keep a message to a person; it goes out after the commit. None if one with this `key` is there already.

    `kind` is “app.what”; `organisation` that at which the person is written to.
    """
    message = Message(
        key=key,
        kind=kind,
        to_user=to,
        to_email=to.email,
        organisation=organisation,
        subject=without_secrets(" ".join(subject.split()))[:200],
        body=without_secrets(body),
        created_at=now,
    )
    with transaction.atomic():
        if not _keep(message):
            return None
        MessageSubject.objects.bulk_create(
            MessageSubject(
                message=message, subject_type=one._meta.label_lower, subject_id=one.pk, subject=str(one)[:250]
            )
            for one in about
        )
        _hand_over(message.pk)
    return message


def _keep(message: Message) -> bool:
    """Whether the message is new. Another transaction that is writing the same one is waited for."""
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "message_key_once":
            raise
        return False
    return True


def _hand_over(message_id: int) -> None:
    # If the queue is away the clock hands it over later (`hand_over_waiting`).
    transaction.on_commit(lambda: current_app.send_task("partners.send_message", args=[message_id]), robust=True)


# ---- Sending ----
def send(*, message_id: int, clock: Callable[[], datetime]) -> str:
    """What a worker does: send the message if nobody has begun to. Gives the state it has come to."""
    message = _take(message_id, clock())
    if message is None:
        return ""
    began_at = message.attempted_at
    state, problem = _post(message)
    now = clock()
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        # Given up as lost meanwhile (and perhaps taken up again by a person): that stands.
        if (message.state, message.attempted_at) == (State.SENDING, began_at):
            _settle(message, state, problem, now)
    return message.state


def _take(message_id: int, now: datetime) -> Message | None:
    """The message, now marked as being sent and committed so; None if another worker has it, or had it."""
    with transaction.atomic():
        message = Message.objects.select_for_update().to_hand_over(now).filter(pk=message_id).first()
        if message is None:
            return None
        message.state, message.attempted_at, message.not_before = State.SENDING, now, None
        message.attempts += 1
        message.save(update_fields=["state", "attempted_at", "not_before", "attempts"])
    return message


def _post(message: Message) -> tuple[str, str]:
    """Give it to the mail server: the state that follows, and the problem. Queued: the server was not there."""
    mail = EmailMessage(
        message.subject,
        message.body,
        settings.DEFAULT_FROM_EMAIL,
        [message.to_email],
        headers={"X-Portal-Message": str(message.pk)},
    )
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # smtplib's exceptions are among them
        return State.QUEUED, f"The mail server was not there: {error}"
    try:
        connection.send_messages([mail])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        return State.FAILED, f"The mail server refused it: {error}"
    except OSError as error:
        return State.NOT_KNOWN, f"The connection broke while it was sent: {error}"
    except Exception as error:  # before anything went out: a message that cannot be written as mail
        return State.FAILED, f"It cannot be sent as it is: {error}"
    finally:
        _close(connection)
    return State.SENT, ""


def _close(connection) -> None:
    with suppress(OSError):  # the message is out already
        connection.close()


def _settle(message: Message, state: str, problem: str, now: datetime) -> None:
    if state == State.QUEUED and message.attempts % MOST_ATTEMPTS == 0:
        state = State.FAILED
    message.state, message.problem = state, problem
    message.sent_at = now if state == State.SENT else None
    message.not_before = now + _break_after(message.attempts) if state == State.QUEUED else None
    message.save(update_fields=["state", "problem", "sent_at", "not_before"])


def _break_after(attempts: int) -> timedelta:
    return FIRST_BREAK * 2 ** ((attempts - 1) % MOST_ATTEMPTS)


# ---- The clock ----
def hand_over_waiting(*, now: datetime) -> int:
    """Give to the workers again what waits: the queue was away, or the mail server. Returns how many."""
    written = Message.objects.filter(created_at__lte=now - FIRST_BREAK)  # before that, it is on its way already
    waiting = list(written.to_hand_over(now).values_list("pk", flat=True))
    for message_id in waiting:
        current_app.send_task("partners.send_message", args=[message_id])
    return len(waiting)


def give_up_lost(*, now: datetime) -> int:
    """Mark what a worker began to send and never finished: perhaps it went out. Returns how many."""
    with acting("partners.message.lost", by=None, now=now, reason=NOBODY_KNOWS) as act:
        lost = list(
            Message.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=State.SENDING, attempted_at__lte=now - PATIENCE)
            .select_related("organisation")
        )
        for message in lost:
            message.state, message.problem = State.NOT_KNOWN, NOBODY_KNOWS
            message.save(update_fields=["state", "problem"])
            act.on(message, organisation=message.organisation)
    return len(lost)


# ---- People ----
def send_again(*, message: Message, by: User, now: datetime) -> Message:
    """Send what has failed, or what perhaps never went out. `NotToBeSentAgain` for anything else."""
    require(by, Permission.SEND_MESSAGE_AGAIN)
    with acting("partners.message.sent_again", by=by, now=now) as act:
        message = Message.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=message.pk)
        if not message.is_unsettled:
            raise NotToBeSentAgain(_WHY_NOT[message.state])
        message.state = State.QUEUED
        message.save(update_fields=["state"])
        act.on(message, organisation=message.organisation)
        _hand_over(message.pk)
    return message


_WHY_NOT = {
    State.QUEUED: "This message waits to be sent already.",
    State.SENDING: "This message is being sent just now.",
    State.SENT: "This message was sent already.",
}
