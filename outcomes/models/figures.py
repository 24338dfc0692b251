"""The figures of reach releases: each number, or range, or the reason why there is none."""

from __future__ import annotations

import pgtrigger
from django.db import models

from outcomes.disclosure.rule import is_at_least
from outcomes.models.releases import Release, written_with_its_release
from programmes.models import Beneficiary
from vru_portal.core.constraints import one_of


class FigurePeriodType(models.TextChoices):
    MONTH = "month", "Month"
    QUARTER = "quarter", "Quarter"
    YEAR_TO_DATE = "year_to_date", "Year to date"
    FINANCIAL_YEAR = "financial_year", "Financial year"


class FigureMeasured(models.TextChoices):
    PEOPLE_SUPPORTED = "people_supported", "People supported"
    PEOPLE_EXPOSED = "people_exposed", "People exposed (estimate)"


class FigureBasis(models.TextChoices):
    UNIQUE = "unique", "Counted once"
    RANGE = "range", "Range: some may be counted by more than one delivery"
    BOUNDS = "bounds", "Bounds: two breakdowns crossed"
    ESTIMATE = "estimate", "Estimate"


class FigureSymbol(models.TextChoices):
    CONFIDENTIAL = "c", "Fewer than 5 or hidden to protect them"
    NOT_AVAILABLE = "x", "Not available"
    NOT_APPLICABLE = "z", "Not applicable"


class Figure(models.Model):
    """One published number, or range, or the reason why there is none.

    An empty programme, district or age band means all. `lower` and `upper` are as published, after rounding and
    hiding; `exact_lower` and `exact_upper` are for the unit's own staff and are served by no file and no API.
    """

    PeriodType = FigurePeriodType
    Measured = FigureMeasured
    Basis = FigureBasis
    Symbol = FigureSymbol

    release = models.ForeignKey(Release, models.PROTECT, related_name="figures")
    order = models.PositiveIntegerField(help_text="Its row in reach.csv, from 1.")
    period_type = models.CharField(max_length=20, choices=PeriodType)
    period_start = models.DateField()
    period_end = models.DateField()
    programme = models.ForeignKey("programmes.Programme", models.PROTECT, null=True, related_name="+")
    district = models.ForeignKey("Category", models.PROTECT, null=True, related_name="+")
    age_band = models.ForeignKey("Category", models.PROTECT, null=True, related_name="+")
    measure = models.CharField(max_length=20, choices=Measured)
    beneficiary = models.CharField(max_length=20, choices=Beneficiary)
    rungs = models.CharField(max_length=80, help_text="The rungs counted, separated by a plus.")
    basis = models.CharField(max_length=20, choices=Basis)
    lower = models.PositiveIntegerField(null=True)
    upper = models.PositiveIntegerField(null=True)
    symbol = models.CharField(max_length=1, choices=Symbol, blank=True)
    exact_lower = models.PositiveIntegerField(null=True)
    exact_upper = models.PositiveIntegerField(null=True)
    returns_received = models.PositiveIntegerField()
    returns_due = models.PositiveIntegerField()
    returns_estimated = models.PositiveIntegerField(
        default=0, help_text="Missing returns that the upper end takes in by estimate."
    )
    estimated_percent = models.PositiveSmallIntegerField(
        null=True, help_text="How much of the upper end is estimated, at most; empty where it is hidden."
    )

    class Meta:
        ordering = ["release", "order"]
        constraints = [
            models.UniqueConstraint(fields=["release", "order"], name="figure_order_once"),
            models.UniqueConstraint(
                fields=[
                    "release",
                    "period_type",
                    "period_start",
                    "period_end",
                    "programme",
                    "district",
                    "age_band",
                    "measure",
                ],
                nulls_distinct=False,
                name="figure_once",
            ),
            one_of("period_type", FigurePeriodType, "figure_period_type"),
            one_of("measure", FigureMeasured, "figure_measure"),
            one_of("basis", FigureBasis, "figure_basis"),
            one_of("symbol", FigureSymbol, "figure_symbol", blank=True),
            one_of("beneficiary", Beneficiary, "figure_beneficiary"),
            models.CheckConstraint(
                name="figure_value_or_symbol",
                condition=models.Q(lower__isnull=False, upper__isnull=False, symbol="")
                | (models.Q(lower__isnull=True) | models.Q(upper__isnull=True)) & ~models.Q(symbol=""),
            ),
            models.CheckConstraint(
                name="figure_range_in_order",
                condition=models.Q(lower__isnull=True)
                | models.Q(upper__isnull=True)
                | models.Q(lower__lte=models.F("upper")),
            ),
            models.CheckConstraint(
                name="figure_exact_range_in_order",
                condition=models.Q(exact_lower__isnull=True) | models.Q(exact_lower__lte=models.F("exact_upper")),
            ),
            models.CheckConstraint(
                name="figure_estimated_within_missing",
                condition=models.Q(
                    returns_received__lte=models.F("returns_due") - models.F("returns_estimated"),
                ),
            ),
            models.CheckConstraint(
                name="figure_estimated_percent",
                condition=models.Q(estimated_percent__isnull=True)
                | models.Q(estimated_percent__lte=100, returns_estimated__gt=0),
            ),
        ]
        triggers = [
            written_with_its_release("figure"),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Row {self.order} of {self.release}"

    @property
    def is_one_number(self) -> bool:
        """Whether it is no range, by how it was counted."""
        return self.basis in {FigureBasis.UNIQUE, FigureBasis.ESTIMATE}

    @property
    def value(self) -> int | None:
        """The one number; None where it is a range, hidden or missing."""
        return self.lower if self.is_one_number and not self.symbol else None

    @property
    def is_at_least(self) -> bool:
        return is_at_least(self.lower, self.upper, received=self.returns_received, due=self.returns_due)

    @property
    def marker(self) -> str:
        """What stands beside the number: “e” where all of it, or a part, is estimated."""
        return "e" if self.basis == FigureBasis.ESTIMATE or self.returns_estimated else ""
