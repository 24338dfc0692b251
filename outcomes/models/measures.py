"""The library of measures: what a return may ask beside its counts of people, and what each return answered.

A measure's definition never changes once a published template asks it. A change is a new measure that succeeds the old
one: the series goes on through the crosswalk, with a break marked.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from outcomes.answer_words import answer_in_words
from outcomes.models.return_rules import refuse, written_with_its_submission
from vru_portal.core.constraints import first_of_month, one_of


class MeasureKind(models.TextChoices):
    """The shape of an answer."""

    NUMBER = "number", "A number"
    BEFORE_AFTER = "before_after", "Average before and after"
    MEDIAN = "median", "Median"
    TEXT = "text", "Words"


class MeasureUnit(models.TextChoices):
    PEOPLE = "people", "people"
    CONTACTS = "contacts", "contacts"
    COUNT = "count", "things"
    HOURS = "hours", "hours"
    MONEY = "money", "£"
    DAYS = "days", "days"
    POINTS = "points", "points"
    PERCENT = "percent", "%"


class MeasureBetter(models.TextChoices):
    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"
    NEITHER = "neither", "Neither is better"


class AddsUp(models.TextChoices):
    """What several months, or several places, come to."""

    SUM = "sum", "Sum"
    LATEST = "latest", "Latest"
    MAXIMUM = "maximum", "Largest"
    MEDIAN = "median", "Smallest to largest median"
    AVERAGE = "average", "Average weighted by people"
    NOT_ADDITIVE = "not_additive", "Does not add up"


# Units that are counted one by one: their numbers are whole.
WHOLE_UNITS = (MeasureUnit.PEOPLE, MeasureUnit.CONTACTS, MeasureUnit.COUNT)

_TEXT = models.Q(kind=MeasureKind.TEXT)


@pghistory.track()
class Measure(models.Model):
    """Something that templates ask each month, e.g. sessions held, or attendance before and after."""

    Kind = MeasureKind
    Unit = MeasureUnit
    Better = MeasureBetter

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    definition = models.TextField(help_text="What counts and what does not. Published beside the numbers.")
    example = models.CharField(max_length=300, blank=True, help_text="An example that helps to answer.")
    people_label = models.CharField(
        "what it counts", max_length=120, blank=True, help_text="In the plural, e.g. pupils, sessions, incidents."
    )
    kind = models.CharField(max_length=20, choices=Kind)
    unit = models.CharField(max_length=10, choices=Unit, blank=True, help_text="Empty for words.")
    is_about_people = models.BooleanField(
        "each one is about somebody",
        default=True,
        help_text="People, and what happens to them: contacts, referrals, appointments, days lost. Published rounded, "
        "with small numbers hidden. Sessions, hours or routes are not, and are published as they are.",
    )
    better = models.CharField(max_length=10, choices=Better, default=Better.NEITHER)
    over_months = models.CharField(max_length=20, choices=AddsUp, default=AddsUp.SUM)
    over_places = models.CharField(max_length=20, choices=AddsUp, default=AddsUp.SUM)

    class Meta:
        ordering = ["name"]
        constraints = [
            one_of("kind", MeasureKind, "measure_kind"),
            one_of("unit", MeasureUnit, "measure_unit", blank=True),
            one_of("better", MeasureBetter, "measure_better"),
            one_of("over_months", AddsUp, "measure_over_months"),
            one_of("over_places", AddsUp, "measure_over_places"),
            models.CheckConstraint(
                name="measure_words_have_no_unit",
                condition=(_TEXT & models.Q(unit="")) | (~_TEXT & ~models.Q(unit="")),
                violation_error_message="Words have no unit; everything else has one.",
            ),
            models.CheckConstraint(
                name="measure_people_are_protected",
                condition=~models.Q(unit__in=[MeasureUnit.PEOPLE, MeasureUnit.CONTACTS])
                | models.Q(is_about_people=True),
                violation_error_message="People and contacts are about people: is_about_people must be yes.",
            ),
            # Medians, shares and words are never summed.
            models.CheckConstraint(
                name="measure_sums_numbers_only",
                condition=models.Q(kind=MeasureKind.NUMBER) & ~models.Q(unit=MeasureUnit.PERCENT)
                | ~models.Q(over_months=AddsUp.SUM) & ~models.Q(over_places=AddsUp.SUM),
                violation_error_message="Only numbers that are no percentages can be summed over months or places.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fixed_once_asked",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("code", "definition", "kind", "unit", "over_months", "over_places"),
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM outcomes_templatequestion q
                        JOIN outcomes_templatesection s ON s.id = q.section_id
                        JOIN outcomes_templateversion v ON v.id = s.version_id
                        WHERE q.measure_id = OLD.id AND v.state = 'live') THEN
                        {refuse("measure_fixed_once_asked", "published templates ask %", "OLD.code")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - the names are ours
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_whole(self) -> bool:
        return self.unit in WHOLE_UNITS

    @property
    def is_stock(self) -> bool:
        """A level at the month's end, such as open cases: a month with nothing to report says nothing of it."""
        return self.kind == MeasureKind.NUMBER and self.over_months == AddsUp.LATEST


@pghistory.track()
class MeasureOption(models.Model):
    """One line that a number is broken down by, e.g. a reason for declining. The lines add up to the number."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="options")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["measure", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "code"], name="measureoption_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fixed_once_asked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM outcomes_templatequestion q
                        JOIN outcomes_templatesection s ON s.id = q.section_id
                        JOIN outcomes_templateversion v ON v.id = s.version_id
                        WHERE q.measure_id IN (NEW.measure_id, OLD.measure_id) AND v.state = 'live') THEN
                        {refuse("measureoption_fixed_once_asked", "published templates ask this measure")}
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,  # noqa: S608 - the names are ours
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class MeasureSuccession(models.Model):
    """The crosswalk from a measure to the one that takes its place from a month on.

    An earlier value of `old` stands in the series of `new` as value × factor, behind a break.
    """

    old = models.OneToOneField(Measure, models.PROTECT, related_name="succeeded_by")
    new = models.ForeignKey(Measure, models.PROTECT, related_name="successions")
    month = models.DateField(help_text="The first month of the new measure.")
    factor = models.DecimalField(max_digits=8, decimal_places=4, default=1)
    note = models.CharField(max_length=300, help_text="What is counted otherwise. Stands at the break.")

    class Meta:
        ordering = ["new", "month"]
        constraints = [
            first_of_month("month", "measuresuccession_month_is_first_day"),
            models.CheckConstraint(name="measuresuccession_of_another", condition=~models.Q(old=models.F("new"))),
            models.CheckConstraint(name="measuresuccession_factor", condition=models.Q(factor__gt=0)),
            models.CheckConstraint(name="measuresuccession_says_what_changes", condition=~models.Q(note="")),
        ]
        triggers = [
            # One at a time, so that two that would close a circle together see each other.
            pgtrigger.Trigger(
                name="goes_on",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    PERFORM pg_advisory_xact_lock(hashtext('outcomes_measuresuccession'));
                    IF EXISTS (
                        WITH RECURSIVE line(measure_id) AS (
                            SELECT NEW.new_id
                            UNION SELECT s.new_id FROM outcomes_measuresuccession s JOIN line ON s.old_id = measure_id)
                        SELECT 1 FROM line WHERE measure_id = NEW.old_id) THEN
                        {refuse("measuresuccession_no_circle", "measure % would follow itself", "NEW.old_id")}
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM outcomes_measure o JOIN outcomes_measure n ON n.id = NEW.new_id
                        WHERE o.id = NEW.old_id AND (o.kind <> n.kind OR o.kind = 'text')) THEN
                        {refuse("measuresuccession_of_one_kind", "measure % is of another kind", "NEW.new_id")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - the names are ours
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class MeasureAnswer(models.Model):
    """What one submission says of one measure: a value, or words, or averages or a median over `people` measured."""

    submission = models.ForeignKey("Submission", models.PROTECT, related_name="measure_answers")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="answers")
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    people = models.PositiveIntegerField(null=True)
    before = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    after = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    median = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "measure"], name="measureanswer_once"),
            # Nobody measured: no value. Somebody measured: before and after, or a median.
            models.CheckConstraint(
                name="measureanswer_whole",
                condition=models.Q(
                    value__isnull=True, text="", people=0, before__isnull=True, after__isnull=True, median__isnull=True
                )
                | models.Q(
                    value__isnull=True,
                    text="",
                    people__gt=0,
                    before__isnull=False,
                    before__gte=0,
                    after__isnull=False,
                    after__gte=0,
                    median__isnull=True,
                )
                | models.Q(
                    value__isnull=True,
                    text="",
                    people__gt=0,
                    before__isnull=True,
                    after__isnull=True,
                    median__isnull=False,
                    median__gte=0,
                )
                | models.Q(
                    value__isnull=False,
                    value__gte=0,
                    text="",
                    people__isnull=True,
                    before__isnull=True,
                    after__isnull=True,
                    median__isnull=True,
                )
                | models.Q(
                    ~models.Q(text=""),
                    value__isnull=True,
                    people__isnull=True,
                    before__isnull=True,
                    after__isnull=True,
                    median__isnull=True,
                ),
            ),
        ]
        triggers = [
            written_with_its_submission("measureanswer"),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="fits_its_measure",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("asked", "outcomes_measure")],
                func=f"""
                    SELECT * INTO asked FROM outcomes_measure WHERE id = NEW.measure_id;
                    IF NOT (CASE asked.kind
                        WHEN 'number' THEN NEW.value IS NOT NULL
                        WHEN 'text' THEN NEW.text <> ''
                        WHEN 'median' THEN NEW.people IS NOT NULL AND NEW.before IS NULL
                        ELSE NEW.people IS NOT NULL AND NEW.median IS NULL END) THEN
                        {refuse("measureanswer_fits_its_measure", "% is a %", "asked.code", "asked.kind")}
                    END IF;
                    IF NEW.value IS NOT NULL AND (
                        (asked.unit IN ('people', 'contacts', 'count') AND NEW.value <> trunc(NEW.value))
                        OR (asked.unit = 'percent' AND NEW.value > 100)) THEN
                        {refuse("measureanswer_fits_its_unit", "% is in %", "asked.code", "asked.unit")}
                    END IF;
                    IF EXISTS (SELECT 1 FROM outcomes_submission s WHERE s.id = NEW.submission_id AND s.is_nil)
                       AND (COALESCE(NEW.value, NEW.people, 1) <> 0
                            OR (asked.kind = 'number' AND asked.over_months = 'latest')) THEN
                        {refuse("measureanswer_nil_is_zero_and_no_stock", "% in a nil return", "asked.code")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - the names are ours
            ),
            # At commit, when the lines are there too.
            pgtrigger.Trigger(
                name="options_add_up",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__value__isnull=False),
                func=f"""
                    IF EXISTS (SELECT 1 FROM outcomes_measureoption o WHERE o.measure_id = NEW.measure_id)
                       AND NEW.value <> (
                        SELECT COALESCE(sum(p.value), 0) FROM outcomes_measureanswerpart p WHERE p.answer_id = NEW.id)
                    THEN
                        {refuse("measureanswer_options_add_up", "the lines of answer %", "NEW.id")}
                    END IF;
                    RETURN NULL;
                """,  # noqa: S608 - the names are ours
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} of {self.submission}"

    @property
    def words(self) -> str:
        return answer_in_words(self.measure, self, [(part.option.name, part.value) for part in self.parts.all()])


class MeasureAnswerPart(models.Model):
    """One line of a number that is broken down. A line without a row is a true zero."""

    answer = models.ForeignKey(MeasureAnswer, models.PROTECT, related_name="parts")
    option = models.ForeignKey(MeasureOption, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["option__order"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "option"], name="measureanswerpart_once"),
            models.CheckConstraint(name="measureanswerpart_not_zero", condition=models.Q(value__gt=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_its_measure",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NOT EXISTS (
                        SELECT 1 FROM outcomes_measureanswer a JOIN outcomes_measureoption o USING (measure_id)
                        WHERE a.id = NEW.answer_id AND o.id = NEW.option_id) THEN
                        {refuse("measureanswerpart_of_its_measure", "line % is of another measure", "NEW.option_id")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - the names are ours
            ),
        ]

    def __str__(self) -> str:
        return f"{self.option}: {self.value}"
