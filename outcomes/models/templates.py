"""Return templates: what is asked of a programme's deliveries, in sections, in numbered versions with a first month.

A draft is built on the site. Once live it cannot be edited by anybody: a change is a new version, which says what
changed. Each return keeps the version that it was begun with.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from outcomes.models.measures import Measure
from outcomes.models.return_rules import refuse
from vru_portal.core.constraints import first_of_month, one_of
from vru_portal.core.periods import Month


class StandardFor(models.TextChoices):
    """Programmes without a template of their own use the standard one."""

    PEOPLE = "people", "Programmes that count people"
    EXPOSURE = "exposure", "Programmes that estimate how many are exposed"


@pghistory.track()
class ReturnTemplate(models.Model):
    """What one kind of programme is asked each month, through all its versions."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120, unique=True)
    summary = models.CharField(max_length=300, blank=True)
    standard_for = models.CharField(max_length=20, choices=StandardFor, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            one_of("standard_for", StandardFor, "returntemplate_standard_for", blank=True),
            models.UniqueConstraint(
                fields=["standard_for"], name="returntemplate_one_standard", condition=~models.Q(standard_for="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class ProgrammeTemplate(models.Model):
    """Which template a programme's deliveries answer."""

    programme = models.OneToOneField("programmes.Programme", models.PROTECT, related_name="return_template")
    template = models.ForeignKey(ReturnTemplate, models.PROTECT, related_name="programmes")

    def __str__(self) -> str:
        return f"{self.programme}: {self.template}"


class TemplateVersionState(models.TextChoices):
    DRAFT = "draft", "Draft"
    LIVE = "live", "Live"


# A live version, and whatever belongs to it, is fixed. `{version}` is SQL for the id of the version concerned.
def _fixed_once_live(table: str, version: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="fixed_once_live",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            -- Locked, so that nobody publishes it at the same moment.
            PERFORM 1 FROM outcomes_templateversion v WHERE v.id IN ({version}) FOR SHARE;
            IF EXISTS (SELECT 1 FROM outcomes_templateversion v WHERE v.state = 'live' AND v.id IN ({version})) THEN
                {refuse(f"{table}_fixed_once_live", "a live version is never edited")}
            END IF;
            RETURN COALESCE(NEW, OLD);
        """,  # noqa: S608 - the names are ours
    )


_OF_SECTION = "SELECT s.version_id FROM outcomes_templatesection s WHERE s.id IN (NEW.section_id, OLD.section_id)"


@pghistory.track()
class TemplateVersion(models.Model):
    State = TemplateVersionState

    template = models.ForeignKey(ReturnTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    effective_from = models.DateField(null=True, help_text="The first month that is asked for in this version.")
    what_changed = models.TextField(blank=True, help_text="For partners: what is asked otherwise than before.")
    minutes = models.PositiveSmallIntegerField(default=10, help_text="How long filling it in takes, for the burden.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("partners.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["template", "number"]
        constraints = [
            one_of("state", TemplateVersionState, "templateversion_state"),
            models.UniqueConstraint(fields=["template", "number"], name="templateversion_number_once"),
            models.UniqueConstraint(
                fields=["template"], name="templateversion_one_draft", condition=models.Q(state="draft")
            ),
            models.UniqueConstraint(
                fields=["template", "effective_from"],
                name="templateversion_one_from_a_month",
                condition=models.Q(state="live"),
            ),
            first_of_month("effective_from", "templateversion_effective_from_first_day"),
            models.CheckConstraint(
                name="templateversion_live_is_whole",
                condition=models.Q(state="draft", published_at__isnull=True)
                | models.Q(state="live", published_at__isnull=False, effective_from__isnull=False),
            ),
            models.CheckConstraint(
                name="templateversion_says_what_changed",
                condition=models.Q(state="draft") | models.Q(number=1) | ~models.Q(what_changed=""),
            ),
            models.CheckConstraint(name="templateversion_minutes", condition=models.Q(minutes__gt=0)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fixed_once_live",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="live"),
                func=refuse("templateversion_fixed_once_live", "version % is live", "OLD.id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template}, version {self.number}"

    @property
    def first_month(self) -> Month | None:
        return Month.of(self.effective_from) if self.effective_from else None


class SectionBlock(models.TextChoices):
    """What a section asks beside measures."""

    PEOPLE = "people", "People: A, B, C and contacts"
    WHO = "who", "Who they were: age, sex, ethnicity, district"
    EXPOSURE = "exposure", "An estimate of how many are exposed"


@pghistory.track()
class TemplateSection(models.Model):
    """A page of the form."""

    Block = SectionBlock

    version = models.ForeignKey(TemplateVersion, models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    intro = models.TextField(blank=True)
    block = models.CharField(max_length=10, choices=Block, blank=True)

    class Meta:
        ordering = ["version", "order"]
        constraints = [
            one_of("block", SectionBlock, "templatesection_block", blank=True),
            models.UniqueConstraint(fields=["version", "key"], name="templatesection_key_once"),
            models.UniqueConstraint(
                fields=["version", "order"], name="templatesection_order_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["version", "block"], name="templatesection_block_once", condition=~models.Q(block="")
            ),
        ]
        triggers = [_fixed_once_live("templatesection", "NEW.version_id, OLD.version_id")]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class TemplateQuestion(models.Model):
    """A measure that a section asks."""

    section = models.ForeignKey(TemplateSection, models.CASCADE, related_name="questions")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="questions")
    order = models.PositiveSmallIntegerField()
    is_required = models.BooleanField(default=True)
    is_prefilled = models.BooleanField(default=False, help_text="Last month's answer is the likely one.")

    class Meta:
        ordering = ["section", "order"]
        constraints = [
            models.UniqueConstraint(fields=["section", "measure"], name="templatequestion_once"),
            models.UniqueConstraint(
                fields=["section", "order"], name="templatequestion_order_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]
        triggers = [_fixed_once_live("templatequestion", _OF_SECTION)]

    def __str__(self) -> str:
        return f"{self.section}: {self.measure}"


class CheckSeverity(models.TextChoices):
    HARD = "hard", "Must be mended"
    SOFT = "soft", "Needs an explanation"


class CheckRule(models.TextChoices):
    AT_MOST = "at_most", "is at most"
    EQUALS = "equals", "equals"
    AT_LEAST = "at_least", "is at least"
    JUMP = "jump", "is more than so many times last month’s, or under that part of it"


@pghistory.track()
class TemplateCheck(models.Model):
    """A rule between answers: `left` is at most, equals or is at least the sum of `right`, or `limit`.

    Items are measures by their codes, and the counts of people by `core:` names (see `outcomes.queries.questions`).
    """

    Severity = CheckSeverity
    Rule = CheckRule

    version = models.ForeignKey(TemplateVersion, models.CASCADE, related_name="checks")
    order = models.PositiveSmallIntegerField()
    severity = models.CharField(max_length=10, choices=Severity)
    left = models.CharField(max_length=40)
    rule = models.CharField(max_length=10, choices=Rule)
    right = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    limit = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    sentence = models.CharField(max_length=300, blank=True, help_text="Instead of the sentence made from the names.")

    class Meta:
        ordering = ["version", "order"]
        constraints = [
            one_of("severity", CheckSeverity, "templatecheck_severity"),
            one_of("rule", CheckRule, "templatecheck_rule"),
            models.UniqueConstraint(
                fields=["version", "order"], name="templatecheck_order_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="templatecheck_against_items_or_a_limit",
                condition=models.Q(right__len__gt=0, limit__isnull=True) | models.Q(right__len=0, limit__isnull=False),
            ),
            # A jump is asked about, never forbidden.
            models.CheckConstraint(
                name="templatecheck_jump_is_soft",
                condition=~models.Q(rule="jump") | models.Q(severity="soft", limit__isnull=False, limit__gt=1),
            ),
        ]
        triggers = [_fixed_once_live("templatecheck", "NEW.version_id, OLD.version_id")]

    def __str__(self) -> str:
        return f"{self.left} {self.get_rule_display()} {' + '.join(self.right) or self.limit}"
