"""What is delivered, where, by whom, when."""

from __future__ import annotations

from datetime import date

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from partners.models import DataSharingAgreement
from partners.permissions import Permission
from programmes.calendar import owed_in
from vru_portal.core.constraints import in_order, one_of
from vru_portal.core.periods import FinancialYear, Month


class Rung(models.TextChoices):
    """The ladder of support, lowest first. Never added across rungs."""

    EXPOSURE = "exposure", "Exposure"
    BRIEF_CONTACT = "brief_contact", "Brief contact"
    GROUP = "group", "Group"
    ONE_TO_ONE = "one_to_one", "One-to-one"


class Beneficiary(models.TextChoices):
    YOUNG_PEOPLE = "young_people", "Young people"
    PARENTS = "parents", "Parents and carers"
    PROFESSIONALS = "professionals", "Professionals trained"
    NETWORK_MEMBERS = "network_members", "Network members"


class CountingBasis(models.TextChoices):
    """What the partner gives each month, and so what can be known."""

    REGISTER = "register", "Register"
    CASE_REFERENCE = "case_reference", "Case references"
    AGGREGATE = "aggregate", "Counts"


@pghistory.track()
class Setting(models.Model):
    """Where support is met: an emergency department, the street, a school."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100, unique=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class ProgrammePreventionLevel(models.TextChoices):
    PRIMARY = "primary", "Universal (primary)"
    SECONDARY = "secondary", "Targeted (secondary)"
    TERTIARY = "tertiary", "Specialist (tertiary)"


class ProgrammeLifeStage(models.TextChoices):
    EARLY_YEARS = "early_years", "Maternity and early years"
    SCHOOL_AGE = "school_age", "School age"
    YOUNG_ADULTS = "young_adults", "Young adults"
    ALL = "all", "All ages"


class ProgrammeEvidenceRating(models.TextChoices):
    HIGH = "high", "High impact"
    MODERATE = "moderate", "Moderate impact"
    LOW = "low", "Low impact"
    EMERGING = "emerging", "Too early to say"


@pghistory.track()
class Programme(models.Model):
    PreventionLevel = ProgrammePreventionLevel
    LifeStage = ProgrammeLifeStage
    EvidenceRating = ProgrammeEvidenceRating

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120, unique=True)
    summary = models.TextField()
    theory_of_change = models.TextField(blank=True, help_text="One step a line, from what we do to what changes.")
    prevention_level = models.CharField(max_length=20, choices=PreventionLevel)
    life_stage = models.CharField(max_length=20, choices=LifeStage)
    evidence_rating = models.CharField(max_length=20, choices=EvidenceRating, default=EvidenceRating.EMERGING)
    rung = models.CharField("rung of support", max_length=20, choices=Rung)
    beneficiary = models.CharField(max_length=20, choices=Beneficiary, default=Beneficiary.YOUNG_PEOPLE)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            one_of("prevention_level", ProgrammePreventionLevel, "programme_prevention_level"),
            one_of("life_stage", ProgrammeLifeStage, "programme_life_stage"),
            one_of("evidence_rating", ProgrammeEvidenceRating, "programme_evidence_rating"),
            one_of("rung", Rung, "programme_rung"),
            one_of("beneficiary", Beneficiary, "programme_beneficiary"),
        ]
        triggers = [
            # What a return asked, and whom it counted, follows from these. Returns come with a later app, so the
            # function asks whether there is such a table before it looks into it.
            pgtrigger.Trigger(
                name="keeps_what_returns_counted",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("rung", "beneficiary"),
                func="""
                    IF to_regclass('outcomes_returnversion') IS NOT NULL THEN
                        IF EXISTS (
                            SELECT 1 FROM programmes_delivery d JOIN outcomes_obligation o ON o.delivery_id = d.id
                            JOIN outcomes_returnversion v ON v.obligation_id = o.id WHERE d.programme_id = NEW.id) THEN
                            RAISE EXCEPTION 'programme_keeps_what_returns_counted: returns of % are begun', OLD.code
                                USING ERRCODE = 'check_violation', CONSTRAINT = 'programme_keeps_what_returns_counted';
                        END IF;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def counts_exposure(self) -> bool:
        """An estimate of people exposed, not a count of people."""
        return self.rung == Rung.EXPOSURE

    @property
    def steps(self) -> list[str]:
        return [line.strip() for line in self.theory_of_change.splitlines() if line.strip()]


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user) -> DeliveryQuerySet:
        """All for staff and auditors, its own for a partner."""
        if user.may(Permission.VIEW_PROGRAMMES):
            return self
        return self.filter(partner__in=user.organisations_where(Permission.VIEW_OWN_RETURNS))

    def owing(self, month: Month) -> DeliveryQuerySet:
        """Those that owe a return for the month."""
        return self.filter(owed_in(month.first))

    def running_in(self, first, last) -> DeliveryQuerySet:
        """Running on at least one day from the first to the last."""
        return self.filter(starts_on__lte=last).filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=first))

    def chosen_to_give_rows(self) -> DeliveryQuerySet:
        """A row for each contact, whether or not an agreement holds."""
        return self.exclude(counting_basis=CountingBasis.AGGREGATE)


@pghistory.track()
class Delivery(models.Model):
    """One partner delivering one programme, at a setting, in areas, between dates. What a return is owed for."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=200)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="deliveries")
    partner = models.ForeignKey("partners.Organisation", models.PROTECT, related_name="deliveries")
    setting = models.ForeignKey(Setting, models.PROTECT, related_name="deliveries")
    areas = models.ManyToManyField("partners.Area", related_name="deliveries", help_text="Where it takes place.")
    counting_basis = models.CharField(max_length=20, choices=CountingBasis, default=CountingBasis.AGGREGATE)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day.")
    is_term_time = models.BooleanField(
        "in term time only",
        default=False,
        help_text="Owes nothing for a month without a school day in any of its districts.",
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "name"]
        verbose_name_plural = "deliveries"
        constraints = [
            one_of("counting_basis", CountingBasis, "delivery_counting_basis"),
            in_order("starts_on", "ends_on", "delivery_dates_in_order"),
            models.CheckConstraint(
                name="delivery_code_shape",
                condition=models.Q(code__regex=r"^[A-Z0-9]+(-[A-Z0-9]+)*$"),
                violation_error_message="Write the code in capitals, figures and hyphens, as in HEAL-HUB-2.",
            ),
        ]
        triggers = [
            # Returns belong to whom and to what they were made under. Obligations come with a later app, so the
            # function asks whether there is such a table before it looks into it.
            pgtrigger.Trigger(
                name="keeps_its_returns",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("programme", "partner", "code"),
                func="""
                    IF to_regclass('outcomes_obligation') IS NOT NULL THEN
                        IF EXISTS (SELECT 1 FROM outcomes_obligation o WHERE o.delivery_id = NEW.id) THEN
                            RAISE EXCEPTION 'delivery_keeps_its_returns: returns are owed for %', OLD.code
                                USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_keeps_its_returns';
                        END IF;
                    END IF;
                    RETURN NEW;
                """,
            ),
            # Asked when rows are chosen. Whether the agreement still holds is asked each time they are given.
            pgtrigger.Trigger(
                name="rows_under_agreement",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__counting_basis__in=[CountingBasis.REGISTER, CountingBasis.CASE_REFERENCE]),
                declare=[("day", "date")],
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        IF (NEW.counting_basis, NEW.partner_id) = (OLD.counting_basis, OLD.partner_id) THEN
                            RETURN NEW;
                        END IF;
                    END IF;
                    day := LEAST(GREATEST((now() AT TIME ZONE 'Europe/London')::date, NEW.starts_on), NEW.ends_on);
                    IF NOT EXISTS (
                        SELECT 1 FROM partners_datasharingagreement a
                        WHERE a.organisation_id = NEW.partner_id AND a.starts_on <= day
                        AND (a.ends_on IS NULL OR a.ends_on >= day)
                        AND (a.ended_on IS NULL OR a.ended_on > day)) THEN
                        RAISE EXCEPTION 'delivery_rows_under_agreement: % has no agreement on %', NEW.code, day
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_rows_under_agreement';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def gives_rows(self) -> bool:
        """So it was chosen; whether it may is asked of `programmes.queries.gives_registers`."""
        return self.counting_basis != CountingBasis.AGGREGATE

    def clean(self) -> None:
        """The sentences for what cannot be chosen: by whatever way, form, file or admin, it comes here."""
        if not self.gives_rows or None in (self.programme_id, self.partner_id, self.starts_on):
            return
        if Delivery.objects.filter(pk=self.pk, counting_basis=self.counting_basis, partner=self.partner_id).exists():
            return  # chosen before
        if self.programme.counts_exposure:
            raise ValidationError(
                {"counting_basis": f"{self.programme} counts an estimate of exposure: choose counts."}
            )
        day = self._first_day_from(timezone.localdate())
        if not DataSharingAgreement.objects.filter(organisation=self.partner_id).live_on(day).exists():
            sentence = (
                f"{self.partner} has no data-sharing agreement that holds on {day:%-d %B %Y}. "
                "Choose counts, or record the agreement on the partner’s page first."
            )
            raise ValidationError({"counting_basis": sentence})

    def _first_day_from(self, today: date) -> date:
        """Today, or the nearest day on which it runs."""
        day = max(today, self.starts_on)
        return min(day, self.ends_on) if self.ends_on else day


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class DeliveryArea(Delivery.areas.through):
    """An area of a delivery, for the history of the two."""

    class Meta:
        proxy = True


class Target(models.Model):
    """How many people a delivery is to reach in a financial year, as the unit set it. The newest of a year is in force;
    a change is another one, and one without a number takes the target back.

    People first seen in the year; for a delivery that estimates exposure, people exposed in its largest month.
    """

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField(help_text="The year of its April: 2026 for 2026/27.")
    people = models.PositiveIntegerField(null=True)
    reason = models.TextField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["delivery", "year", "pk"]
        constraints = [
            models.CheckConstraint(
                name="target_is_somebody", condition=models.Q(people__isnull=True) | models.Q(people__gt=0)
            ),
            models.CheckConstraint(name="target_has_reason", condition=~models.Q(reason="")),
            models.CheckConstraint(name="target_year", condition=models.Q(year__range=(2000, 2199))),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        people = "no target" if self.people is None else f"{self.people:,}"
        return f"{self.delivery}, {FinancialYear(self.year)}: {people}"


@pghistory.track()
class SchoolTerm(models.Model):
    """A term of an area's schools. Between two are holidays; before the first and after the last nobody knows."""

    area = models.ForeignKey("partners.Area", models.PROTECT, related_name="school_terms")
    name = models.CharField(max_length=60, help_text="For example Autumn 2026.")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")

    class Meta:
        ordering = ["area", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="schoolterm_once"),
            in_order("starts_on", "ends_on", "schoolterm_dates_in_order"),
        ]
        triggers = [
            # One at a time for each area: two that overlap would not see each other.
            pgtrigger.Trigger(
                name="no_overlap",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    PERFORM 1 FROM partners_area WHERE id = NEW.area_id FOR NO KEY UPDATE;
                    IF EXISTS (
                        SELECT 1 FROM programmes_schoolterm t
                        WHERE t.area_id = NEW.area_id AND t.id IS DISTINCT FROM NEW.id
                        AND t.starts_on <= NEW.ends_on AND t.ends_on >= NEW.starts_on) THEN
                        RAISE EXCEPTION 'schoolterm_no_overlap: % overlaps another term', NEW.name
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'schoolterm_no_overlap';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.area}"

    def clean(self) -> None:
        """The sentence for what the trigger refuses."""
        if self.area_id and self.starts_on and self.ends_on:
            others = SchoolTerm.objects.filter(area=self.area_id).exclude(pk=self.pk)
            others = others.filter(starts_on__lte=self.ends_on, ends_on__gte=self.starts_on)
            other = others.order_by("starts_on").values_list("name", flat=True).first()
            if other is not None:
                raise ValidationError(f"It overlaps {other}. Correct one of them.")
