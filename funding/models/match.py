"""What others give beside a grant. Money is whole pence."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from funding.models.grants import AwardYear, MoneyQuerySet
from vru_portal.core.constraints import one_of


class MatchQuerySet(MoneyQuerySet):
    def confirmed_by(self, day) -> MatchQuerySet:
        return self.filter(confirmed_on__lte=day)


class MatchKind(models.TextChoices):
    CASH = "cash", "Cash"
    IN_KIND = "in_kind", "In kind"


@pghistory.track()
class Match(models.Model):
    """What somebody else gives beside the grant. One piece of evidence counts once, wherever it is entered."""

    Kind = MatchKind

    award_year = models.ForeignKey(AwardYear, models.PROTECT, related_name="matches")
    organisation = models.ForeignKey("partners.Organisation", models.PROTECT, related_name="matches")
    kind = models.CharField(max_length=20, choices=MatchKind)
    amount_pence = models.BigIntegerField()
    evidence = models.CharField(max_length=200, help_text="The letter, minute or agreement that proves it.")
    confirmed_on = models.DateField(null=True, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["award_year", "organisation"]
        verbose_name_plural = "matches"
        constraints = [
            one_of("kind", MatchKind, "match_kind"),
            models.CheckConstraint(name="match_amount_positive", condition=models.Q(amount_pence__gt=0)),
            models.CheckConstraint(name="match_has_evidence", condition=~models.Q(evidence="")),
            models.UniqueConstraint(fields=["organisation", "evidence"], name="match_evidence_once"),
        ]
        triggers = [
            # It is cover: what changed since is another one.
            pgtrigger.Protect(
                name="stays_once_confirmed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__confirmed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.evidence}"
