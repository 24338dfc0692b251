"""Measures of change, beside the counts of people."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from outcomes.models.return_rules import written_with_its_submission
from vru_portal.core.constraints import one_of


class MeasureKind(models.TextChoices):
    BEFORE_AFTER = "before_after", "Average before and after"
    MEDIAN = "median", "Median"


class MeasureUnit(models.TextChoices):
    PERCENT = "percent", "%"
    DAYS = "days", "days"


class MeasureBetter(models.TextChoices):
    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"


@pghistory.track()
class Measure(models.Model):
    """Something asked each month of some programmes, e.g. school attendance before and after."""

    Kind = MeasureKind
    Unit = MeasureUnit
    Better = MeasureBetter

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    definition = models.TextField()
    people_label = models.CharField(max_length=120, help_text="Whom it is measured on, e.g. pupils.")
    kind = models.CharField(max_length=20, choices=Kind)
    unit = models.CharField(max_length=10, choices=Unit)
    better = models.CharField(max_length=10, choices=Better)
    programmes = models.ManyToManyField("programmes.Programme", related_name="measures", blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            one_of("kind", MeasureKind, "measure_kind"),
            one_of("unit", MeasureUnit, "measure_unit"),
            one_of("better", MeasureBetter, "measure_better"),
        ]

    def __str__(self) -> str:
        return self.name


class MeasureAnswer(models.Model):
    """What one submission says of one measure. `people` is how many it was measured on."""

    submission = models.ForeignKey("Submission", models.PROTECT, related_name="measure_answers")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="answers")
    people = models.PositiveIntegerField()
    before = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    after = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    median = models.DecimalField(max_digits=8, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "measure"], name="measureanswer_once"),
            # Nobody measured: no value. Somebody measured: before and after, or a median.
            models.CheckConstraint(
                name="measureanswer_whole",
                condition=models.Q(people=0, before__isnull=True, after__isnull=True, median__isnull=True)
                | models.Q(
                    people__gt=0,
                    before__isnull=False,
                    before__gte=0,
                    after__isnull=False,
                    after__gte=0,
                    median__isnull=True,
                )
                | models.Q(people__gt=0, before__isnull=True, after__isnull=True, median__isnull=False, median__gte=0),
            ),
        ]
        triggers = [
            written_with_its_submission("measureanswer"),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.measure} of {self.submission}"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class MeasureProgramme(Measure.programmes.through):
    """A programme that a measure is asked of, for the history of the two."""

    class Meta:
        proxy = True
