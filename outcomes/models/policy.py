"""Code lists and rules that staff can edit: never constants in code."""

from __future__ import annotations

from datetime import time

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from programmes.models import Rung
from vru_portal.core.constraints import one_of
from vru_portal.core.periods import Month


class Dimension(models.TextChoices):
    """What the people of a return are broken down by."""

    AGE_BAND = "age_band", "Age on 1 April"
    SEX = "sex", "Sex"
    ETHNICITY = "ethnicity", "Ethnicity"
    DISTRICT = "district", "District they live in"


@pghistory.track()
class Category(models.Model):
    """One line of a breakdown, e.g. age 14–15, or Walsall. Collected fine, published by `group`."""

    dimension = models.CharField(max_length=20, choices=Dimension)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    group = models.CharField(max_length=100, blank=True, help_text="The wider line it is published in.")
    order = models.PositiveSmallIntegerField(default=0)
    is_known = models.BooleanField(default=True, help_text="Off for “not known” and “prefer not to say”.")
    area = models.ForeignKey("partners.Area", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["dimension", "order"]
        verbose_name_plural = "categories"
        constraints = [
            one_of("dimension", Dimension, "category_dimension"),
            models.UniqueConstraint(fields=["dimension", "code"], name="category_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="code_fixed_once_used",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("code", "dimension", "is_known"),
                func="""
                    IF EXISTS (SELECT 1 FROM outcomes_submissioncount c WHERE c.category_id = OLD.id) THEN
                        RAISE EXCEPTION 'category_code_fixed_once_used: returns were counted under %', OLD.code
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'category_code_fixed_once_used';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Policy(models.Model):
    """The rules of counting and publishing from a day on. A release keeps the policy that it was made under."""

    effective_from = models.DateField(unique=True)
    supported_rungs = ArrayField(
        models.CharField(max_length=20, choices=Rung),
        help_text="The rungs that “young people supported” means. Printed with the number.",
    )
    due_working_day = models.PositiveSmallIntegerField(
        help_text="A month's return is due on this working day of the next month; one that is asked for later, on this "
        "working day from then on."
    )
    release_working_day = models.PositiveSmallIntegerField(
        help_text="A month's reach is produced on this working day of the next month."
    )
    round_to = models.PositiveSmallIntegerField(
        help_text="Published figures are rounded to the nearest of this; down while returns are missing."
    )
    hide_below = models.PositiveSmallIntegerField(help_text="Figures from 1 to under this are hidden.")
    one_number_within = models.PositiveSmallIntegerField(
        "one number within",
        default=20,
        help_text="Percent. A headline says “more than …” where the upper end is at most so much above the lower one, "
        "and “between … and …” elsewhere.",
    )
    breaks_down_every_period = models.BooleanField(
        "break programmes down for every period",
        default=False,
        help_text="Each programme by district and by age also for single months and for every year to date, not for "
        "quarters and years to the end of one alone. More is hidden, and a release takes many times as long to "
        "produce. Once on, it stays on until the financial year is over.",
    )
    estimate_from = models.PositiveSmallIntegerField(
        "estimate from",
        default=0,
        help_text="A missing return is estimated from so many of the delivery’s own last accepted months. 0: never.",
    )
    estimate_at_most = models.PositiveSmallIntegerField(
        "estimate at most",
        default=0,
        help_text="Percent. A month of a programme of which more would be estimated stays without estimates.",
    )
    # How the clock reminds, in working days, and how long unlocks last; staff may change these at any time.
    remind_before = models.PositiveSmallIntegerField(
        default=3, help_text="Who fills in a return is reminded so many working days before it is due. 0: not before."
    )
    remind_on_day = models.BooleanField("remind on the day", default=True)
    remind_every = models.PositiveSmallIntegerField(
        default=3, help_text="And again every so many working days after it was due. 0: not again."
    )
    escalate_to_lead_after = models.PositiveSmallIntegerField(
        default=5, help_text="The partner's lead hears of it so many working days after it was due. 0: never."
    )
    escalate_to_manager_after = models.PositiveSmallIntegerField(
        default=10, help_text="The programme manager hears of it so many working days after it was due. 0: never."
    )
    unlock_days = models.PositiveSmallIntegerField(
        "unlock for", default=5, help_text="An accepted return is unlocked for so many working days, if nobody says."
    )
    unlock_days_most = models.PositiveSmallIntegerField(
        "unlock for at most", default=20, help_text="Working days. No return is unlocked for longer at once."
    )

    # When releases become public, and when a year's figures are settled. Each release keeps the day and the status that
    # it was given, and a final one stays final, so these too may be changed at any time.
    publish_after = models.PositiveSmallIntegerField(
        default=2, help_text="A release is announced for so many working days after it is produced."
    )
    publish_at = models.TimeField(default=time(9, 30), help_text="At this time of that day.")
    final_after_months = models.PositiveSmallIntegerField(
        default=6, help_text="A release of March that is produced so many months after March ended is final."
    )

    class Meta:
        ordering = ["-effective_from"]
        get_latest_by = "effective_from"
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(
                name="policy_supported_rungs",
                condition=models.Q(supported_rungs__contained_by=Rung.values) & models.Q(supported_rungs__len__gt=0),
                violation_error_message=f"Name the rungs that are supported, of these: {', '.join(Rung.values)}.",
            ),
            models.CheckConstraint(
                name="policy_working_days",
                condition=models.Q(due_working_day__range=(1, 20)) & models.Q(release_working_day__range=(1, 20)),
                violation_error_message="A month's return is due, and its release produced, on working day 1 to 20.",
            ),
            models.CheckConstraint(
                name="policy_rounding",
                condition=models.Q(round_to__gte=1) & models.Q(hide_below__gte=1),
                violation_error_message="Round to the nearest 1 or more, and hide below 1 or more.",
            ),
            models.CheckConstraint(
                name="policy_one_number_within",
                condition=models.Q(one_number_within__lte=100),
                violation_error_message="Say one number within at most 100 percent.",
            ),
            models.CheckConstraint(
                name="policy_estimates",
                condition=models.Q(estimate_from=0, estimate_at_most=0)
                | models.Q(estimate_from__range=(1, 6), estimate_at_most__range=(1, 50)),
                violation_error_message="Estimate from 1 to 6 months, and at most 50 percent; or 0 and 0 for never.",
            ),
            models.CheckConstraint(
                name="policy_reminders",
                condition=models.Q(remind_before__lte=20, remind_every__lte=20),
                violation_error_message="Remind at most 20 working days before, and every 20 at most.",
            ),
            models.CheckConstraint(
                name="policy_escalates_upwards",
                condition=models.Q(escalate_to_lead_after__lte=60, escalate_to_manager_after__lte=60)
                & (
                    models.Q(escalate_to_manager_after=0)
                    | models.Q(escalate_to_manager_after__gte=models.F("escalate_to_lead_after"))
                ),
                violation_error_message="The programme manager must not hear of a late return before the lead.",
            ),
            models.CheckConstraint(
                name="policy_unlocks",
                condition=models.Q(unlock_days__gte=1, unlock_days_most__lte=60)
                & models.Q(unlock_days__lte=models.F("unlock_days_most")),
                violation_error_message="Unlock for 1 working day or more, and at most for 60.",
            ),
            models.CheckConstraint(
                name="policy_publishing",
                condition=models.Q(publish_after__lte=20, final_after_months__range=(1, 36)),
                violation_error_message="Publish at most 20 working days later; final after 1 to 36 months.",
            ),
        ]

        triggers = [
            # What is published was counted and hidden by its own rules; others begin with a month that is not.
            pgtrigger.Trigger(
                name="of_unpublished_months",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("effective_from"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM outcomes_release r JOIN outcomes_policy p ON p.id = r.policy_id
                        WHERE r.approved_at IS NOT NULL AND p.effective_from < NEW.effective_from
                        AND NEW.effective_from < r.month + interval '1 month'
                    ) THEN
                        RAISE EXCEPTION 'policy_of_unpublished_months: figures of % are published',
                            to_char(NEW.effective_from, 'FMMonth YYYY')
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_of_unpublished_months';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # A release's pages say the rules that it was made under; reminders, unlocks and days are none of them.
            pgtrigger.Trigger(
                name="fixed_once_used",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    exclude=[
                        "remind_before",
                        "remind_on_day",
                        "remind_every",
                        "escalate_to_lead_after",
                        "escalate_to_manager_after",
                        "unlock_days",
                        "unlock_days_most",
                        "publish_after",
                        "publish_at",
                        "final_after_months",
                    ]
                ),
                func="""
                    IF EXISTS (SELECT 1 FROM outcomes_release r WHERE r.policy_id = OLD.id) THEN
                        RAISE EXCEPTION 'policy_fixed_once_used: releases were made under policy %', OLD.id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_fixed_once_used';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # Whoever read a programme's months would find them gone, and no log of revisions says so.
            pgtrigger.Trigger(
                name="broken_down_till_april",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM (
                            SELECT effective_from, breaks_down_every_period AS is_on,
                                lag(breaks_down_every_period) OVER (ORDER BY effective_from) AS was_on
                            FROM outcomes_policy) p
                        WHERE was_on AND NOT is_on AND to_char(effective_from, 'MM-DD') <> '04-01'
                    ) THEN
                        RAISE EXCEPTION 'policy_broken_down_till_april: it would end within a financial year'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_broken_down_till_april';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Policy from {self.effective_from:%-d %B %Y}"

    def clean(self) -> None:
        """The database refuses the same; here it says what to do."""
        if self.effective_from is not None:
            self._begins_with_what_is_not_published()
            self._breaks_down_till_april()

    def _begins_with_what_is_not_published(self) -> None:
        day = self.effective_from
        if Policy.objects.filter(pk=self.pk, effective_from=day).exists():
            return
        published = self._meta.apps.get_model("outcomes", "Release").objects.approved()
        by_older_rules = published.filter(month__gte=day.replace(day=1), policy__effective_from__lt=day)
        if last := by_older_rules.order_by("month").last():
            month = Month.of(last.month)
            raise ValidationError(
                {
                    "effective_from": f"Figures of {month} are published by the rules before. "
                    f"Let these begin on {month.plus(1).first:%-d %B %Y} or later."
                }
            )

    def _breaks_down_till_april(self) -> None:
        others = Policy.objects.exclude(pk=self.pk).order_by("effective_from")
        before = others.filter(effective_from__lt=self.effective_from).last()
        after = others.filter(effective_from__gt=self.effective_from).first()
        for was, now in ((before, self), (self, after)):
            if was and now and was.breaks_down_every_period and not now.breaks_down_every_period:
                day = now.effective_from
                if (day.month, day.day) != (4, 1):
                    raise ValidationError(
                        {
                            "breaks_down_every_period": "Programmes are broken down for every period until a financial "
                            f"year is over. Leave it on from {day:%-d %B %Y}, or end it on a 1 April."
                        }
                    )
