"""What a funder asks in return for an award year: shares that must be reached, and duties in words."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from funding.models.grants import AwardYear, MoneyQuerySet, SpendCategory
from vru_portal.core.constraints import one_of


class ConditionKind(models.TextChoices):
    CATEGORY_SHARE = "category_share", "At least a share of the grant is budgeted for a purpose"
    MATCH_SHARE = "match_share", "Confirmed match is at least a share of the grant"
    DUTY = "duty", "Something else, in words"


class ConditionBasis(models.TextChoices):
    """Of which amount of the award year the share is taken."""

    AWARDED = "awarded", "What is awarded"
    ANNOUNCED = "announced", "What was announced"


@pghistory.track()
class Condition(models.Model):
    """One condition of an award year. What is reached is read live from the budget and the match, never typed."""

    Kind = ConditionKind
    Basis = ConditionBasis

    award_year = models.ForeignKey(AwardYear, models.PROTECT, related_name="conditions")
    kind = models.CharField(max_length=20, choices=ConditionKind)
    category = models.CharField(max_length=20, choices=SpendCategory, blank=True)
    basis = models.CharField(max_length=20, choices=ConditionBasis, blank=True)
    threshold = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Hundredths of a per cent: 1000 for 10 %."
    )
    wording = models.TextField(help_text="As the funder puts it.")
    evidence = models.CharField(max_length=200, help_text="Where it is written: the clause, letter or guidance.")
    met_on = models.DateField(null=True, blank=True, help_text="When a duty in words was done.")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        ordering = ["award_year", "id"]
        constraints = [
            one_of("kind", ConditionKind, "condition_kind"),
            one_of("category", SpendCategory, "condition_category", blank=True),
            one_of("basis", ConditionBasis, "condition_basis", blank=True),
            models.CheckConstraint(
                name="condition_share_or_words",
                condition=models.Q(kind="duty", basis="", category="", threshold__isnull=True)
                | (models.Q(kind="match_share", category="", threshold__isnull=False) & ~models.Q(basis=""))
                | (
                    models.Q(kind="category_share", threshold__isnull=False)
                    & ~models.Q(basis="")
                    & ~models.Q(category="")
                ),
            ),
            models.CheckConstraint(
                name="condition_met_on_for_duties",
                condition=models.Q(met_on__isnull=True) | models.Q(kind="duty"),
            ),
            models.CheckConstraint(
                name="condition_threshold_in_range",
                condition=models.Q(threshold__isnull=True) | models.Q(threshold__gte=1, threshold__lte=10_000),
            ),
            models.CheckConstraint(name="condition_in_words", condition=~models.Q(wording="") & ~models.Q(evidence="")),
        ]
        triggers = [pgtrigger.ReadOnly(name="never_moves", fields=["award_year"])]

    def __str__(self) -> str:
        return self.wording[:80]
