"""Who is one person: what the linker and people decided, as a ledger, and the job that keeps it and the figures right.

An identity is a way in which one partner wrote somebody (`RegisterIdentity`); here it is a number alone, because an
objection may have taken the identity away since. A person is the lowest number of the identities put together.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from outcomes.registers.evidence import Birth, Name, Postcode
from outcomes.registers.linking import Because
from vru_portal.core.constraints import one_of, together


class RecountState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    FAILED = "failed", "Failed"


class Recount(models.Model):
    """People are put together anew, and the figures that follow. One waits at most, and one is at work at most."""

    State = RecountState

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    requested_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    stage = models.CharField(max_length=80, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    beat_at = models.DateTimeField(help_text="When the job was last heard of.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker has begun it.")
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("state", RecountState, "recount_state"),
            models.CheckConstraint(name="recount_percent", condition=models.Q(percent__lte=100)),
            models.UniqueConstraint(fields=["state"], name="recount_one_queued", condition=models.Q(state="queued")),
            models.UniqueConstraint(fields=["state"], name="recount_one_running", condition=models.Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"Recount {self.pk}"


class Linkage(models.Model):
    """People as they were put together once: of which rows, and how many they came to. The newest holds."""

    linked_at = models.DateTimeField()
    inputs = models.CharField(max_length=64, help_text="SHA-256 of the identities in use and the decisions about them.")
    contacts = models.PositiveIntegerField()
    identities = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    strict = models.PositiveIntegerField(help_text="People by a stricter threshold.")
    loose = models.PositiveIntegerField(help_text="People by a looser threshold.")

    class Meta:
        ordering = ["-pk"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Linkage {self.pk}"


class LinkedIdentity(models.Model):
    """Of which person an identity is, by the newest linkage, and by other thresholds: the lowest identity put together
    with it. Made anew with each."""

    identity = models.OneToOneField("RegisterIdentity", models.CASCADE, primary_key=True, related_name="linked")
    person = models.BigIntegerField()
    strict = models.BigIntegerField()
    loose = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "linked identities"
        indexes = [models.Index(fields=["person"], name="linkedidentity_person")]

    def __str__(self) -> str:
        return f"Identity {self.pk}"


class LedgerBecause(models.TextChoices):
    DECISION = Because.DECISION, "Somebody decided it"
    ROW = Because.ROW, "One row, written under two keys"
    REFERENCE = Because.REFERENCE, "The partner’s own reference"
    EVIDENCE = Because.EVIDENCE, "What was written agrees well enough"
    GONE = "gone", "The rows are in no register any more"


_LEVELS = ("forename", "surname", "birth", "postcode", "sex_differs")


class Compared(models.Model):
    """At which levels two rows agree: no value of either."""

    forename = models.PositiveSmallIntegerField(null=True, choices=[(each.value, each.name) for each in Name])
    surname = models.PositiveSmallIntegerField(null=True, choices=[(each.value, each.name) for each in Name])
    birth = models.PositiveSmallIntegerField(null=True, choices=[(each.value, each.name) for each in Birth])
    postcode = models.PositiveSmallIntegerField(null=True, choices=[(each.value, each.name) for each in Postcode])
    sex_differs = models.BooleanField(null=True)
    bits = models.FloatField(null=True, help_text="How much the two rows speak for one person.")

    class Meta:
        abstract = True


class LedgerEntry(Compared):
    """Two people became one, by two identities of theirs, or one became two again. Reading all up to a position gives
    who was one person then."""

    linkage = models.ForeignKey(Linkage, models.PROTECT, related_name="entries")
    joined = models.BooleanField(help_text="Off: this join no longer holds.")
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    because = models.CharField(max_length=10, choices=LedgerBecause)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "ledger entries"
        indexes = [models.Index(fields=["first", "second"], name="ledgerentry_pair")]
        constraints = [
            one_of("because", LedgerBecause, "ledgerentry_because"),
            models.CheckConstraint(name="ledgerentry_in_order", condition=models.Q(first__lt=models.F("second"))),
            together("ledgerentry_compared_whole", *_LEVELS),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.first} {'joined to' if self.joined else 'parted from'} {self.second}"


@pghistory.track()
class LinkDecision(models.Model):
    """Somebody decided that two identities are one person, or two. It can be taken back, and is kept all the same."""

    first = models.BigIntegerField()
    second = models.BigIntegerField()
    are_one = models.BooleanField()
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="linkdecision_in_order", condition=models.Q(first__lt=models.F("second"))),
            models.UniqueConstraint(
                fields=["first", "second"], name="linkdecision_one_holds", condition=models.Q(undone_at__isnull=True)
            ),
            together("linkdecision_undone_whole", "undone_at", "undone_by"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="keeps_what_was_decided",
                fields=["first", "second", "are_one", "reason", "decided_at", "decided_by"],
            ),
            pgtrigger.Protect(
                name="undone_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__undone_at__isnull=False)
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second} are {'one person' if self.are_one else 'two people'}"


class LinkQuestion(Compared):
    """Two identities of which the linker is not sure. Asked anew by each linkage."""

    first = models.BigIntegerField()
    second = models.BigIntegerField()
    are_one = models.BooleanField(help_text="How the linker left it.")
    beyond = models.FloatField(help_text="Bits above what makes two people one; below, if negative.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="linkquestion_once"),
            models.CheckConstraint(name="linkquestion_in_order", condition=models.Q(first__lt=models.F("second"))),
        ]

    def __str__(self) -> str:
        return f"Are {self.first} and {self.second} one person?"
