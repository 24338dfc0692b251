"""Acceptance locks a return. Who asked to have one unlocked, and for whom, why and until when it was."""

from __future__ import annotations

from datetime import date

import pghistory
import pgtrigger
from django.db import models

from outcomes.models import unlock_rules as rules
from outcomes.models.return_rules import ReturnVersionState
from partners.permissions import Permission
from vru_portal.core.constraints import together


class UnlockRequestQuerySet(models.QuerySet):
    def waiting(self) -> UnlockRequestQuerySet:
        """Nobody has decided it, and what it asks for is still what counts."""
        return self.filter(decided_at__isnull=True, version__state=ReturnVersionState.ACCEPTED)


@pghistory.track()
class UnlockRequest(models.Model):
    """A partner asks to change what was accepted. Answered once: by an unlock, or declined with words."""

    version = models.ForeignKey("ReturnVersion", models.PROTECT, related_name="unlock_requests")
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    declined_reason = models.TextField(blank=True)

    objects = UnlockRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(name="unlockrequest_has_reason", condition=~models.Q(reason="")),
            models.UniqueConstraint(
                fields=["version"], name="unlockrequest_one_open", condition=models.Q(decided_at__isnull=True)
            ),
            together("unlockrequest_decided_whole", "decided_at", "decided_by"),
            models.CheckConstraint(
                name="unlockrequest_declined_when_decided",
                condition=models.Q(declined_reason="") | models.Q(decided_at__isnull=False),
            ),
        ]
        triggers = [
            rules.of_what_is_accepted("unlockrequest"),
            rules.decided_once("unlockrequest", "decided_at", "decided_at", "decided_by_id", "declined_reason"),
            rules.REQUEST_IS_ANSWERED,
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.version.obligation}, asked to unlock"


class UnlockQuerySet(models.QuerySet):
    def in_force(self, today: date) -> UnlockQuerySet:
        """Of what is accepted still, not taken back, and its last day has not passed."""
        return self.filter(version__state=ReturnVersionState.ACCEPTED, taken_back_at__isnull=True, until__gte=today)

    def usable_by(self, user) -> UnlockQuerySet:
        """Given to this person, or to an organisation whose returns they send."""
        organisations = user.organisations_where(Permission.SUBMIT_RETURN)
        return self.filter(models.Q(for_person=user.pk) | models.Q(for_organisation__in=organisations))


@pghistory.track()
class Unlock(models.Model):
    """An accepted version can be corrected: by whom, why, and until the end of which day.

    It ends by itself, after its day or as soon as another version is accepted. Nothing of it is ever changed; it can
    be taken back early, once. What it led to: the versions that were begun under it.
    """

    version = models.ForeignKey("ReturnVersion", models.PROTECT, related_name="unlocks")
    request = models.ForeignKey(UnlockRequest, models.PROTECT, null=True, related_name="unlocks")
    for_organisation = models.ForeignKey("partners.Organisation", models.PROTECT, null=True, related_name="+")
    for_person = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    unlocked_at = models.DateTimeField()
    unlocked_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    until = models.DateField(help_text="Its last day.")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    taken_back_reason = models.TextField(blank=True)

    objects = UnlockQuerySet.as_manager()

    class Meta:
        ordering = ["unlocked_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="unlock_for_one",
                condition=models.Q(for_organisation__isnull=True, for_person__isnull=False)
                | models.Q(for_organisation__isnull=False, for_person__isnull=True),
            ),
            models.CheckConstraint(name="unlock_has_reason", condition=~models.Q(reason="")),
            models.UniqueConstraint(fields=["request"], name="unlock_request_once"),
            together("unlock_taken_back_whole", "taken_back_at", "taken_back_by"),
            models.CheckConstraint(
                name="unlock_taken_back_with_reason",
                condition=models.Q(taken_back_at__isnull=True, taken_back_reason="")
                | (models.Q(taken_back_at__isnull=False) & ~models.Q(taken_back_reason="")),
            ),
        ]
        triggers = [
            rules.of_what_is_accepted("unlock"),
            rules.decided_once("unlock", "taken_back_at", "taken_back_at", "taken_back_by_id", "taken_back_reason"),
            rules.UNLOCK_FITS,
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.version.obligation}, unlocked until {self.until:%-d %B %Y}"

    @property
    def for_whom(self):
        return self.for_person or self.for_organisation
