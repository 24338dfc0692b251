"""Reach as it stands now: who was met, person by person, and how many people that comes to in every slice.

Worked out from the accepted returns and the ledger, a financial year at a time; thrown away and made anew. Staff see
it; what is published is a release.
"""

from __future__ import annotations

from django.db import models

from programmes.models import Rung
from vru_portal.core.constraints import first_of_month, one_of


class ReachCube(models.Model):
    """A financial year's reach: first who was met, then how many that is in every slice. Each is made at one go."""

    year = models.PositiveSmallIntegerField(unique=True, help_text="2026 for 2026/27.")
    last_month = models.DateField()
    people = models.CharField(max_length=64, help_text="SHA-256 of all that its presence was made from.")
    sources = models.CharField(max_length=64, blank=True, help_text="SHA-256 of all that its cells were made from.")
    counted_at = models.DateTimeField(null=True, help_text="When its cells were made; empty while there are none.")

    class Meta:
        ordering = ["-year"]
        constraints = [first_of_month("last_month", "reachcube_last_month_is_first_day")]

    def __str__(self) -> str:
        return f"Reach of {self.year}"


class Presence(models.Model):
    """Registers tell that a person was met by a delivery in a month, in a setting and by a rung of support.

    `person`, and by other thresholds of linking `strict` and `loose`, are numbers of identities. Who they are is that
    of the year's first contact: one district and one age band in a financial year.
    """

    cube = models.ForeignKey(ReachCube, models.CASCADE, related_name="presence")
    month = models.DateField()
    person = models.BigIntegerField()
    strict = models.BigIntegerField()
    loose = models.BigIntegerField()
    delivery = models.ForeignKey("programmes.Delivery", models.PROTECT, related_name="+")
    setting = models.ForeignKey("programmes.Setting", models.PROTECT, related_name="+")
    rung = models.CharField(max_length=20, choices=Rung)
    district = models.ForeignKey("Category", models.PROTECT, related_name="+")
    age_band = models.ForeignKey("Category", models.PROTECT, related_name="+")
    sex = models.ForeignKey("Category", models.PROTECT, related_name="+")
    ethnicity = models.ForeignKey("Category", models.PROTECT, related_name="+")
    contacts = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "presence"
        constraints = [
            models.UniqueConstraint(
                fields=["cube", "month", "person", "strict", "loose", "delivery", "setting", "rung"],
                name="presence_once",
            ),
            first_of_month("month", "presence_month_is_first_day"),
            one_of("rung", Rung, "presence_rung"),
        ]

    def __str__(self) -> str:
        return f"Person {self.person}, {self.month:%B %Y}"


class CellPeriod(models.TextChoices):
    MONTH = "month", "Month"
    QUARTER = "quarter", "Quarter"
    YEAR_TO_DATE = "year_to_date", "Year to date"
    FINANCIAL_YEAR = "financial_year", "Financial year"
    ROLLING_YEAR = "rolling_year", "Twelve months"


class CellWhere(models.TextChoices):
    """By what deliveries are told from one another: each a slice of its own, never two at once."""

    ANY = "any", "Everything supported"
    PROGRAMME = "programme", "Programme"
    SETTING = "setting", "Setting"
    LEVEL = "level", "Prevention level"
    RUNG = "rung", "Rung of support"
    PARTNER = "partner", "Partner"


class ReachCell(models.Model):
    """How many people: of a period, of one slice of the deliveries, of one kind of people. Empty means any."""

    cube = models.ForeignKey(ReachCube, models.CASCADE, related_name="cells")
    period = models.CharField(max_length=20, choices=CellPeriod)
    start = models.DateField()
    end = models.DateField()
    where = models.CharField(max_length=20, choices=CellWhere)
    what = models.CharField(max_length=60, blank=True, help_text="The code of the programme, setting, … or partner.")
    district = models.CharField(max_length=40, blank=True)
    age_band = models.CharField(max_length=40, blank=True)
    sex = models.CharField(max_length=40, blank=True)
    ethnicity = models.CharField(max_length=100, blank=True, help_text="A group of categories.")
    told = models.PositiveIntegerField(help_text="People whom registers tell apart.")
    strict = models.PositiveIntegerField(null=True, help_text="The same by a stricter threshold of linking.")
    loose = models.PositiveIntegerField(null=True, help_text="The same by a looser threshold of linking.")
    lower = models.PositiveIntegerField()
    upper = models.PositiveIntegerField()
    is_unique = models.BooleanField(help_text="All of it is counted from registers.")
    received = models.PositiveIntegerField(help_text="Returns.")
    due = models.PositiveIntegerField(help_text="Returns.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cube", "period", "end", "where", "what", "district", "age_band", "sex", "ethnicity"],
                name="reachcell_once",
            ),
            one_of("period", CellPeriod, "reachcell_period"),
            one_of("where", CellWhere, "reachcell_where"),
            models.CheckConstraint(name="reachcell_in_order", condition=models.Q(lower__lte=models.F("upper"))),
            models.CheckConstraint(name="reachcell_told_within_range", condition=models.Q(told__lte=models.F("upper"))),
            models.CheckConstraint(
                name="reachcell_received_within_due", condition=models.Q(received__lte=models.F("due"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} from {self.start}, {self.where} {self.what}"
