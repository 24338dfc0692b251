"""Under which agreement an organisation gives data about people: a small record, and where the signed paper is kept."""

from __future__ import annotations

from datetime import date, timedelta

import pghistory
import pgtrigger
from django.db import models

from partners.permissions import Permission
from vru_portal.core.constraints import in_order


class DataSharingAgreementQuerySet(models.QuerySet):
    def visible_to(self, user) -> DataSharingAgreementQuerySet:
        """All for staff and auditors, its own for a partner."""
        if user.may(Permission.VIEW_PARTNERS):
            return self
        return self.filter(organisation__in=user.organisations_where(Permission.VIEW_OWN_RETURNS))

    def live_on(self, day) -> DataSharingAgreementQuerySet:
        """Those that hold on the day."""
        return (
            self.filter(starts_on__lte=day)
            .filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=day))
            .filter(models.Q(ended_on__isnull=True) | models.Q(ended_on__gt=day))
        )


_ENDING = ["ended_on", "ended_at", "ended_by", "ended_reason"]


@pghistory.track()
class DataSharingAgreement(models.Model):
    """What was agreed is never edited: an agreement is ended early, and another one recorded."""

    organisation = models.ForeignKey("Organisation", models.PROTECT, related_name="agreements")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day", null=True, blank=True, help_text="Empty: until further notice.")
    document = models.CharField(
        max_length=200,
        help_text="Where the signed document is kept, in words, for example Information governance, DSA-2026-014.",
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("User", models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True, help_text="The first day on which it no longer holds.")
    ended_at = models.DateTimeField("end recorded at", null=True, blank=True)
    ended_by = models.ForeignKey(
        "User", models.PROTECT, verbose_name="end recorded by", null=True, blank=True, related_name="+"
    )
    ended_reason = models.TextField("why it was ended early", blank=True)

    objects = DataSharingAgreementQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "-starts_on", "-id"]
        verbose_name = "data-sharing agreement"
        constraints = [
            in_order("starts_on", "ends_on", "datasharingagreement_dates_in_order"),
            models.CheckConstraint(name="datasharingagreement_names_document", condition=~models.Q(document="")),
            models.CheckConstraint(
                name="datasharingagreement_ended_whole",
                condition=models.Q(ended_on=None, ended_at=None, ended_by=None, ended_reason="")
                | (
                    models.Q(ended_on__isnull=False, ended_at__isnull=False, ended_by__isnull=False)
                    & ~models.Q(ended_reason="")
                ),
            ),
            # On its first day: it never held.
            models.CheckConstraint(
                name="datasharingagreement_ended_early",
                condition=models.Q(ended_on=None)
                | (
                    models.Q(ended_on__gte=models.F("starts_on"))
                    & (models.Q(ends_on=None) | models.Q(ended_on__lte=models.F("ends_on")))
                ),
            ),
            models.UniqueConstraint(
                name="datasharingagreement_once",
                fields=["organisation", "document", "starts_on"],
                condition=models.Q(ended_on=None),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="only_ended", exclude=_ENDING),
            pgtrigger.Protect(
                name="ended_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__ended_on__isnull=False)
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.document}"

    @property
    def last_day(self) -> date | None:
        """On which it holds; None: until further notice."""
        return self.ended_on - timedelta(days=1) if self.ended_on else self.ends_on

    def standing_on(self, day: date) -> str:
        """In a word."""
        if self.last_day is not None and self.last_day < max(day, self.starts_on):
            return "ended"
        return "live" if self.starts_on <= day else "to come"
