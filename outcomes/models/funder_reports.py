"""Reports that funders ask for each quarter: how their rows are filled, in numbered versions, and each report as it was
sent.

A mapping is built on the site; once live it cannot be edited, and a change is a new version. A report is filled by a
job, signed by two people, and then kept as it was sent: a correction is a further numbered one, with a reason.
"""

from __future__ import annotations

from decimal import Decimal

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from outcomes.models.releases import Release
from outcomes.models.return_rules import refuse
from programmes.models import Programme
from vru_portal.core.constraints import in_this_transaction, one_of, together
from vru_portal.core.periods import Month, Quarter


@pghistory.track()
class FunderReport(models.Model):
    """What one fund's giver asks for each quarter, through all its versions."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120, unique=True)
    fund = models.ForeignKey("funding.Fund", models.PROTECT, related_name="reports")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ReportMappingState(models.TextChoices):
    DRAFT = "draft", "Draft"
    LIVE = "live", "Live"


def _fixed_once_live(table: str, version: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="fixed_once_live",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            PERFORM 1 FROM outcomes_reportmapping m WHERE m.id IN ({version}) FOR SHARE;
            IF EXISTS (SELECT 1 FROM outcomes_reportmapping m WHERE m.state = 'live' AND m.id IN ({version})) THEN
                {refuse(f"{table}_fixed_once_live", "a live mapping is never edited")}
            END IF;
            RETURN COALESCE(NEW, OLD);
        """,  # noqa: S608 - the names are ours
    )


def first_of_quarter(field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=models.Q(**{f"{field}__day": 1, f"{field}__month__in": [1, 4, 7, 10]})
    )


@pghistory.track()
class ReportMapping(models.Model):
    """Which rows the funder asks for, and what fills each: in force from a quarter on."""

    State = ReportMappingState

    report = models.ForeignKey(FunderReport, models.PROTECT, related_name="mappings")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    effective_from = models.DateField(null=True, help_text="The first day of the first quarter that it fills.")
    what_changed = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["report", "number"]
        constraints = [
            one_of("state", ReportMappingState, "reportmapping_state"),
            models.UniqueConstraint(fields=["report", "number"], name="reportmapping_number_once"),
            models.UniqueConstraint(
                fields=["report"], name="reportmapping_one_draft", condition=models.Q(state="draft")
            ),
            models.UniqueConstraint(
                fields=["report", "effective_from"],
                name="reportmapping_one_from_a_quarter",
                condition=models.Q(state="live"),
            ),
            first_of_quarter("effective_from", "reportmapping_from_a_quarter"),
            models.CheckConstraint(
                name="reportmapping_live_is_whole",
                condition=models.Q(state="draft", published_at__isnull=True)
                | models.Q(
                    state="live", published_at__isnull=False, published_by__isnull=False, effective_from__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="reportmapping_says_what_changed",
                condition=models.Q(state="draft") | models.Q(number=1) | ~models.Q(what_changed=""),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fixed_once_live",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="live"),
                func=refuse("reportmapping_fixed_once_live", "mapping % is live", "OLD.id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}, mapping {self.number}"

    @property
    def first_quarter(self) -> Quarter | None:
        return Month.of(self.effective_from).quarter if self.effective_from else None


class RowSource(models.TextChoices):
    REACH = "reach", "Reach: people, from the release"
    MEASURE = "measure", "A measure that returns answer, from the release"
    MONEY = "money", "Money, from the fund's records"
    TEXT = "text", "Words that are written each quarter"


class RowOver(models.TextChoices):
    QUARTER = "quarter", "The quarter"
    YEAR_TO_DATE = "year_to_date", "April to the end of the quarter"


class RowMoney(models.TextChoices):
    AWARDED = "awarded", "Awarded"
    RECEIVED = "received", "Received"
    CLAIMED = "claimed", "Claimed from the funder"
    COMMITTED = "committed", "Committed to partners"
    APPROVED = "approved", "Claimed by partners and approved"
    PAID = "paid", "Paid to partners"


# What is known by programme, for it goes to partners.
TO_PARTNERS = (RowMoney.COMMITTED, RowMoney.APPROVED, RowMoney.PAID)


@pghistory.track()
class MappingRow(models.Model):
    """A row as the funder words it, and what fills it. An empty programme means all of them, an empty ring-fence the
    whole award year. Several programmes are added up: never people, who may be in more than one."""

    Source = RowSource
    Over = RowOver
    Money = RowMoney

    mapping = models.ForeignKey(ReportMapping, models.CASCADE, related_name="rows")
    order = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=120, help_text="The heading that it stands under, as the funder words it.")
    code = models.CharField(max_length=20, help_text="As the funder numbers it, for example 2.4.")
    label = models.CharField(max_length=300, help_text="As the funder words it.")
    source = models.CharField(max_length=10, choices=Source)
    over = models.CharField("which time", max_length=20, choices=Over, default=Over.QUARTER)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True, related_name="+")
    with_programmes = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="Codes of further programmes, whose numbers are added to it.",
    )
    measure = models.CharField(max_length=40, blank=True, help_text="A measure's code, or contacts.")
    money = models.CharField("amount", max_length=10, choices=Money, blank=True)
    ring_fence = models.CharField(
        max_length=200, blank=True, help_text="Its purpose: each award year has ring-fences of its own."
    )

    class Meta:
        ordering = ["mapping", "order"]
        constraints = [
            one_of("source", RowSource, "mappingrow_source"),
            one_of("over", RowOver, "mappingrow_over"),
            one_of("money", RowMoney, "mappingrow_money", blank=True),
            models.UniqueConstraint(fields=["mapping", "code"], name="mappingrow_code_once"),
            models.UniqueConstraint(
                fields=["mapping", "order"], name="mappingrow_order_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="mappingrow_says_what_fills_it",
                condition=models.Q(source="reach", measure="", money="", ring_fence="", with_programmes=[])
                | models.Q(source="measure", money="", ring_fence="") & ~models.Q(measure="")
                | models.Q(source="money", measure="", programme__isnull=True) & ~models.Q(money="")
                | models.Q(source="money", measure="", money__in=TO_PARTNERS)
                | models.Q(source="text", measure="", money="", ring_fence="", programme__isnull=True),
            ),
            models.CheckConstraint(
                name="mappingrow_adds_to_a_programme",
                condition=models.Q(with_programmes=[]) | models.Q(programme__isnull=False),
            ),
        ]
        triggers = [_fixed_once_live("mappingrow", "NEW.mapping_id, OLD.mapping_id")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def programmes(self) -> list[str]:
        """Codes of those whose numbers it adds up; none: it is of all programmes together."""
        return [self.programme.code, *self.with_programmes] if self.programme else []


# ---- A quarter's report ----
class QuarterReportState(models.TextChoices):
    FILLING = "filling", "Being filled"
    FAILED = "failed", "Not filled"
    DRAFT = "draft", "To be checked"
    AUTHORED = "authored", "Waits for a second signature"
    SIGNED = "signed", "Signed"


class QuarterReportQuerySet(models.QuerySet):
    def open(self) -> QuarterReportQuerySet:
        return self.exclude(state=QuarterReportState.SIGNED)

    def signed(self) -> QuarterReportQuerySet:
        return self.filter(state=QuarterReportState.SIGNED)


@pghistory.track(exclude=["stage", "percent", "beat_at"])
class QuarterReport(models.Model):
    """What is told to the funder of one quarter, numbered. Once two people have signed it, it is never edited."""

    State = QuarterReportState

    report = models.ForeignKey(FunderReport, models.PROTECT, related_name="quarters")
    mapping = models.ForeignKey(ReportMapping, models.PROTECT, related_name="quarters")
    first_day = models.DateField(help_text="Of the quarter.")
    number = models.PositiveSmallIntegerField(help_text="1 for the first of the quarter, 2 for its correction.")
    reason = models.TextField(blank=True, help_text="Why an earlier one is corrected.")
    state = models.CharField(max_length=10, choices=State, default=State.FILLING)
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="+")
    requested_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    stage = models.CharField(max_length=80, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    beat_at = models.DateTimeField(help_text="When the job was last heard of.")
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)
    filled_at = models.DateTimeField(null=True)
    authored_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    authored_at = models.DateTimeField(null=True)
    sent_back_reason = models.TextField(blank=True, help_text="Why the second person did not sign.")
    certified_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    certified_at = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="SHA-256 of report.csv.")

    objects = QuarterReportQuerySet.as_manager()

    class Meta:
        ordering = ["report", "-first_day", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "first_day", "number"], name="quarterreport_number_once"),
            models.UniqueConstraint(
                fields=["report", "first_day"], name="quarterreport_one_open", condition=~models.Q(state="signed")
            ),
            first_of_quarter("first_day", "quarterreport_of_a_quarter"),
            one_of("state", QuarterReportState, "quarterreport_state"),
            models.CheckConstraint(name="quarterreport_percent", condition=models.Q(percent__lte=100)),
            models.CheckConstraint(
                name="quarterreport_correction_has_reason", condition=models.Q(number=1) | ~models.Q(reason="")
            ),
            together("quarterreport_authored_whole", "authored_by", "authored_at"),
            together("quarterreport_certified_whole", "certified_by", "certified_at"),
            models.CheckConstraint(
                name="quarterreport_signed_by_two",
                condition=models.Q(certified_by__isnull=True)
                | models.Q(authored_by__isnull=False) & ~models.Q(authored_by=models.F("certified_by")),
            ),
            models.CheckConstraint(
                name="quarterreport_state_as_signed",
                condition=models.Q(state__in=["filling", "failed", "draft"], authored_by__isnull=True, fingerprint="")
                | models.Q(state="authored", authored_by__isnull=False, certified_by__isnull=True, fingerprint="")
                | models.Q(state="signed", certified_by__isnull=False) & ~models.Q(fingerprint=""),
            ),
            models.CheckConstraint(
                name="quarterreport_filled_from_a_release",
                condition=models.Q(state__in=["filling", "failed"])
                | models.Q(release__isnull=False, filled_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="never_edited",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="signed"),
                func=refuse("quarterreport_never_edited", "report % is signed", "OLD.id"),
            ),
            # What is signed was read by two people: first one, then, in a later step, another.
            pgtrigger.Trigger(
                name="signed_in_order",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state__in=["authored", "signed"]),
                func=f"""
                    IF TG_OP = 'INSERT' OR (OLD.state, NEW.state) NOT IN (
                        ('draft', 'authored'), ('authored', 'authored'), ('authored', 'signed'))
                       OR (NEW.state = 'signed' AND NEW.authored_by_id <> OLD.authored_by_id) THEN
                        {refuse("quarterreport_signed_in_order", "report % is signed step by step", "NEW.id")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.ReadOnly(name="never_moves", fields=["report", "first_day", "number", "reason"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.report}, {self.quarter}, report {self.number}"

    @property
    def quarter(self) -> Quarter:
        return Month.of(self.first_day).quarter

    @property
    def is_signed(self) -> bool:
        return self.state == self.State.SIGNED

    @property
    def may_be_written(self) -> bool:
        return self.state == self.State.DRAFT


@pghistory.track()
class QuarterRow(models.Model):
    """A row as it is told: one number, or the two ends of a range, or words, or the reason why there is nothing."""

    quarter_report = models.ForeignKey(QuarterReport, models.PROTECT, related_name="rows")
    order = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=120)
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=300)
    source = models.CharField(max_length=10, choices=RowSource)
    over = models.CharField(max_length=20, choices=RowOver)
    unit = models.CharField(max_length=120, blank=True)
    lower = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    upper = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    symbol = models.CharField(max_length=1, blank=True)
    returns_received = models.PositiveIntegerField(null=True)
    returns_due = models.PositiveIntegerField(null=True)
    release_row = models.PositiveIntegerField(null=True, help_text="The figure's row in the release, of reach.")
    came_from = models.CharField(max_length=300, blank=True)
    told_before = models.CharField(max_length=120, blank=True, help_text="What was told of an earlier quarter.")
    answer = models.TextField(blank=True, help_text="What is written, of a row of words.")
    comment = models.TextField(blank=True)
    written_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["quarter_report", "order"]
        constraints = [
            models.UniqueConstraint(fields=["quarter_report", "code"], name="quarterrow_code_once"),
            one_of("source", RowSource, "quarterrow_source"),
            one_of("over", RowOver, "quarterrow_over"),
            models.CheckConstraint(
                name="quarterrow_number_or_symbol",
                condition=models.Q(source="text", lower__isnull=True, upper__isnull=True, symbol="")
                | ~models.Q(source="text")
                & models.Q(answer="")
                & (
                    models.Q(lower__isnull=False, upper__isnull=False, symbol="")
                    | (models.Q(lower__isnull=True) | models.Q(upper__isnull=True)) & ~models.Q(symbol="")
                ),
            ),
            together("quarterrow_written_whole", "written_by", "written_at"),
        ]
        triggers = [
            # The report's row is locked, so that nobody signs at the same moment.
            pgtrigger.Trigger(
                name="fixed_once_signed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    PERFORM 1 FROM outcomes_quarterreport q
                    WHERE q.id IN (NEW.quarter_report_id, OLD.quarter_report_id) FOR SHARE;
                    IF EXISTS (
                        SELECT 1 FROM outcomes_quarterreport q
                        WHERE q.id IN (NEW.quarter_report_id, OLD.quarter_report_id)
                        AND q.state NOT IN ('filling', 'draft')) THEN
                        {refuse("quarterrow_fixed_once_signed", "somebody has signed its report")}
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,  # noqa: S608 - the names are ours
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def value(self) -> Decimal | None:
        return self.lower if self.lower == self.upper else None


class QuarterReportFile(models.Model):
    """A file of a report as it was signed: the same bytes for ever."""

    quarter_report = models.ForeignKey(QuarterReport, models.PROTECT, related_name="files")
    name = models.CharField(max_length=80)
    size = models.PositiveIntegerField(help_text="In bytes, before compression.")
    sha256 = models.CharField(max_length=64)
    compressed = models.BinaryField(help_text="gzip")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quarter_report", "name"], name="quarterreportfile_once")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="with_its_signature",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NOT EXISTS (
                        SELECT 1 FROM outcomes_quarterreport q WHERE q.id = NEW.quarter_report_id
                        AND q.state = 'signed' AND {in_this_transaction("q")}) THEN
                        {refuse("quarterreportfile_with_its_signature", "files are written as a report is signed")}
                    END IF;
                    RETURN NULL;
                """,  # noqa: S608 - the names are ours
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.quarter_report}"
