"""What the portal writes to people: each message once, with what became of it.

Links that let in whoever holds them are never written here (see `vru_portal.core.secret_links`): the database refuses
them, so that invitations and forgotten passwords go out by themselves.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from partners.models.events import in_words
from partners.permissions import Permission
from vru_portal.core.constraints import one_of
from vru_portal.core.secret_links import PATTERN


class MessageState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Not sent"
    NOT_KNOWN = "not_known", "Perhaps sent"


_State = MessageState

# What may follow each state. Only a person takes a message up again that has failed, or of which nobody knows.
STEPS: dict[str, tuple[str, ...]] = {
    _State.QUEUED: (_State.SENDING,),
    _State.SENDING: (_State.SENT, _State.FAILED, _State.NOT_KNOWN, _State.QUEUED),
    _State.SENT: (),
    _State.FAILED: (_State.QUEUED,),
    _State.NOT_KNOWN: (_State.QUEUED,),
}
_LEGAL = ", ".join(f"('{before}', '{after}')" for before, follow in STEPS.items() for after in follow)


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user) -> MessageQuerySet:
        """All for staff and auditors; for a partner what was written to its own people."""
        if user.may(Permission.VIEW_MESSAGES):
            return self
        return self.filter(organisation__in=user.organisations_where(Permission.VIEW_OWN_RETURNS))

    def about(self, *subjects: models.Model) -> MessageQuerySet:
        """Those about any of the subjects."""
        return self.filter(pk__in=MessageSubject.objects.of(*subjects).values("message"))

    def to_hand_over(self, now) -> MessageQuerySet:
        """Waiting, and not put off."""
        return self.filter(state=MessageState.QUEUED).filter(models.Q(not_before=None) | models.Q(not_before__lte=now))

    def unsettled(self) -> MessageQuerySet:
        """What a person should look at: not sent, or perhaps not."""
        return self.filter(state__in=[MessageState.FAILED, MessageState.NOT_KNOWN])


@pghistory.track(exclude=["body"])
class Message(models.Model):
    """One mail to one person. Its `key` says what it is for, so that asking for it again writes no second one."""

    State = MessageState

    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=60, help_text="app.what, e.g. outcomes.digest")
    to_user = models.ForeignKey("User", models.PROTECT, null=True, related_name="+")
    to_email = models.EmailField()
    organisation = models.ForeignKey(
        "Organisation", models.PROTECT, null=True, related_name="+", help_text="To whose people it was written."
    )
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True, help_text="When a worker last began to send it.")
    not_before = models.DateTimeField(null=True, help_text="Put off until then: the mail server was not there.")
    problem = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            one_of("state", MessageState, "message_state"),
            models.UniqueConstraint(fields=["key"], name="message_key_once"),
            models.CheckConstraint(
                name="message_sent_has_moment",
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_attempted_before_anything_else",
                condition=models.Q(state="queued") | models.Q(attempts__gt=0, attempted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="message_problem_said",
                condition=~models.Q(state__in=["failed", "not_known"]) | ~models.Q(problem=""),
            ),
            models.CheckConstraint(
                name="message_holds_no_secret",
                condition=~models.Q(body__iregex=PATTERN) & ~models.Q(subject__iregex=PATTERN),
            ),
            models.CheckConstraint(
                name="message_subject_is_one_line",
                condition=~models.Q(subject="") & ~models.Q(subject__regex=r"[\n\r]"),
            ),
        ]
        indexes = [
            models.Index(fields=["state"], name="message_open", condition=~models.Q(state="sent")),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="says_what_it_said",
                fields=["key", "kind", "to_user", "to_email", "organisation", "subject", "body", "created_at"],
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="legal_step",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                func=f"""
                    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({_LEGAL}) THEN
                        RAISE EXCEPTION 'message_legal_step: % does not follow %', NEW.state, OLD.state
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'message_legal_step';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}, to {self.to_email}"

    @property
    def words(self) -> str:
        """Its kind: “Return came back”."""
        return in_words(self.kind)

    @property
    def is_unsettled(self) -> bool:
        """Not sent, or perhaps not: a person can send it again."""
        return self.state in (MessageState.FAILED, MessageState.NOT_KNOWN)


class MessageSubjectQuerySet(models.QuerySet):
    def of(self, *subjects: models.Model) -> MessageSubjectQuerySet:
        wanted = models.Q(pk__in=[])
        for subject in subjects:
            wanted |= models.Q(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        return self.filter(wanted)


class MessageSubject(models.Model):
    """One thing that a message is about. A digest is about many."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="subjects")
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject = models.CharField(max_length=250)

    objects = MessageSubjectQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["message", "subject_type", "subject_id"], name="messagesubject_once"),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="message_subject")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.subject
