"""What every row that two people decide keeps: one proposes it, another approves or declines, once."""

from __future__ import annotations

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models

DECIDED = ("approved_by", "approved_at", "declined_by", "declined_reason")


class DecidedQuerySet(models.QuerySet):
    def open(self) -> DecidedQuerySet:
        """Proposed, and not decided yet."""
        return self.filter(approved_at__isnull=True, declined_by__isnull=True)

    def approved(self) -> DecidedQuerySet:
        return self.filter(approved_at__isnull=False)

    def declined(self) -> DecidedQuerySet:
        return self.filter(declined_by__isnull=False)

    def approved_by_end_of(self, day: date) -> DecidedQuerySet:
        return self.filter(approved_at__date__lte=day)

    def binding(self) -> DecidedQuerySet:
        """What counts when room is looked for: all but the declined, and what gives back once it is approved."""
        return self.filter(declined_by__isnull=True).exclude(amount_pence__lt=0, approved_at__isnull=True)

    def at_least(self) -> DecidedQuerySet:
        """What counts when something is to be given back: what is approved, and all that gives back already."""
        return self.filter(declined_by__isnull=True).exclude(amount_pence__gt=0, approved_at__isnull=True)


def takes(row: str) -> str:
    """SQL of `binding`, of a table's alias."""
    return f"({row}.declined_by_id IS NULL AND ({row}.amount_pence > 0 OR {row}.approved_at IS NOT NULL))"


def holds(row: str) -> str:
    """SQL of `at_least`, of a table's alias."""
    return f"({row}.declined_by_id IS NULL AND ({row}.amount_pence < 0 OR {row}.approved_at IS NOT NULL))"


class DecidedByTwo(models.Model):
    """One proposes, another approves, or declines with a reason. What has a time of approval and no name was recorded
    by one person before two were asked; no such row can be added."""

    proposed_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey("partners.User", models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey("partners.User", models.PROTECT, null=True, blank=True, related_name="+")
    declined_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Decided by nobody yet."""
        return self.approved_at is None and self.declined_by_id is None


def by_two_people(table: str) -> list[models.CheckConstraint]:
    """For a model that is `DecidedByTwo`."""
    undecided = models.Q(approved_by__isnull=True, approved_at__isnull=True)
    not_declined = models.Q(declined_by__isnull=True, declined_reason="")
    return [
        models.CheckConstraint(
            name=f"{table}_approved_by_another", condition=~models.Q(proposed_by=models.F("approved_by"))
        ),
        models.CheckConstraint(
            name=f"{table}_decided_whole",
            condition=(undecided & not_declined)
            | (models.Q(approved_by__isnull=False, approved_at__isnull=False) & not_declined)
            | (undecided & models.Q(declined_by__isnull=False) & ~models.Q(declined_reason="")),
        ),
    ]


def of_a_day_that_came(table: str, field: str = "on_date") -> pgtrigger.Trigger:
    """For a model with `proposed_at`: what is proposed is not of a day to come."""
    rule = f"{table}_of_a_day_that_came"
    return pgtrigger.Trigger(
        name="of_a_day_that_came",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NEW.{field} > (NEW.proposed_at AT TIME ZONE '{settings.TIME_ZONE}')::date THEN
                RAISE EXCEPTION '{rule}: % is to come', NEW.{field}
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}';
            END IF;
            RETURN NEW;
        """,
    )


def corrections_say_why(table: str) -> models.CheckConstraint:
    """For a model with `amount_pence` and `note`: below nothing an amount corrects others, and says why."""
    return models.CheckConstraint(
        name=f"{table}_correction_has_note",
        condition=models.Q(amount_pence__gt=0) | (models.Q(amount_pence__lt=0) & ~models.Q(note="")),
    )


def decided_once() -> list[pgtrigger.Trigger]:
    """Nothing of it changes but that it is decided."""
    return [
        pgtrigger.ReadOnly(name="only_decided", exclude=list(DECIDED)),
        pgtrigger.Protect(
            name="decided_once",
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(old__approved_at__isnull=False) | pgtrigger.Q(old__declined_by__isnull=False),
        ),
        pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        pgtrigger.Protect(
            name="proposed_first",
            operation=pgtrigger.Insert,
            condition=pgtrigger.Q(new__approved_by__isnull=False) | pgtrigger.Q(new__declined_by__isnull=False),
        ),
    ]
