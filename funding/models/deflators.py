"""What a pound of one year is in pounds of another: the Treasury's published series, every version kept."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from vru_portal.core.periods import FinancialYear


class DeflatorSeriesQuerySet(models.QuerySet):
    def standing(self) -> DeflatorSeriesQuerySet:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


@pghistory.track()
class DeflatorSeries(models.Model):
    """A series as it was published on a day. A later publication is a further one, and none is changed. One that was
    loaded wrongly is withdrawn, with a reason: it stays, and nothing goes by it any more."""

    name = models.CharField(max_length=120)
    published_on = models.DateField()
    loaded_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey("partners.User", models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = DeflatorSeriesQuerySet.as_manager()

    class Meta:
        ordering = ["-published_on", "name", "-id"]
        verbose_name_plural = "deflator series"
        constraints = [
            models.UniqueConstraint(
                fields=["name", "published_on"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="deflatorseries_published_once",
            ),
            models.CheckConstraint(
                name="deflatorseries_withdrawn_whole",
                condition=models.Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True, withdrawn_reason="")
                | (models.Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~models.Q(withdrawn_reason="")),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="only_withdrawn", exclude=["withdrawn_by", "withdrawn_at", "withdrawn_reason"]),
            pgtrigger.Protect(
                name="withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.name}, published on {self.published_on:%-d %B %Y}"


class DeflatorIndex(models.Model):
    """The index of a financial year; only its proportion to another one means something."""

    series = models.ForeignKey(DeflatorSeries, models.PROTECT, related_name="indices")
    financial_year = models.PositiveSmallIntegerField(help_text="The year in which it begins: 2022 for 2022/23.")
    index = models.DecimalField(max_digits=9, decimal_places=4)

    class Meta:
        ordering = ["series", "financial_year"]
        verbose_name_plural = "deflator indices"
        constraints = [
            models.UniqueConstraint(fields=["series", "financial_year"], name="deflatorindex_year_once"),
            models.CheckConstraint(name="deflatorindex_positive", condition=models.Q(index__gt=0)),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.year}: {self.index}"

    @property
    def year(self) -> FinancialYear:
        return FinancialYear(self.financial_year)
