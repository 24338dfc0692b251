"""What the unit itself spends of a grant, beside what it awards to partners: its team, evaluation, running costs."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from funding.models.budgets import BudgetLine
from funding.models.deciding import (
    DecidedByTwo,
    DecidedQuerySet,
    by_two_people,
    corrections_say_why,
    decided_once,
    holds,
    of_a_day_that_came,
    takes,
)
from funding.models.ring_fences import taken
from partners.permissions import Permission


class UnitSpendQuerySet(DecidedQuerySet):
    def visible_to(self, user) -> UnitSpendQuerySet:
        return self if user.may(Permission.VIEW_MONEY) else self.none()

    def known_by(self, day) -> UnitSpendQuerySet:
        """Of days until then, and approved by the end of the day."""
        return self.approved_by_end_of(day).filter(on_date__lte=day)


# What takes from a line counts from the day it is proposed, what gives back once it is approved: whichever way the
# open ones are decided, no line is overspent. The award year is locked, so that the second of two sees the first.
_FITS = f"""
    SELECT * INTO line FROM funding_budgetline WHERE id = NEW.line_id;
    SELECT * INTO award_year FROM funding_awardyear WHERE id = line.award_year_id FOR UPDATE;
    IF line.category = 'delivery' THEN
        RAISE EXCEPTION 'unitspend_not_for_partners: % is for what partners are awarded', line.name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unitspend_not_for_partners';
    END IF;
    IF NEW.on_date < make_date(award_year.financial_year, 4, 1)
        OR NEW.on_date > make_date(award_year.financial_year + 1, 3, 31) THEN
        RAISE EXCEPTION 'unitspend_in_its_year: % is of another year', NEW.on_date
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unitspend_in_its_year';
    END IF;
    SELECT COALESCE(sum(e.amount_pence), 0) INTO planned
    FROM funding_budgetentry e JOIN funding_budgetchange c ON c.id = e.change_id
    WHERE e.line_id = NEW.line_id AND c.approved_by_id IS NOT NULL;
    SELECT COALESCE(sum(s.amount_pence) FILTER (WHERE {takes("s")}), 0),
           COALESCE(sum(s.amount_pence) FILTER (WHERE {holds("s")}), 0)
    INTO most, least
    FROM funding_unitspend s WHERE s.line_id = NEW.line_id AND s.id <> NEW.id;
    IF NEW.amount_pence > 0 AND most + NEW.amount_pence > planned THEN
        RAISE EXCEPTION 'unitspend_within_plan: % is left on %', planned - most, line.name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unitspend_within_plan';
    END IF;
    -- A ring-fence is for partners and the unit together; its row is locked, as an award out of it does.
    SELECT * INTO fence FROM funding_ringfence WHERE id = line.ring_fence_id FOR UPDATE;
    IF NEW.amount_pence > 0 AND fence.amount_kind IN ('fixed', 'maximum')
       AND NEW.amount_pence + {taken("fence.id", but_spend="NEW.id")} > fence.amount_pence THEN
        RAISE EXCEPTION 'unitspend_within_ring_fence: % is more than is left', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unitspend_within_ring_fence';
    END IF;
    IF NEW.amount_pence < 0 AND least + NEW.amount_pence < 0 THEN
        RAISE EXCEPTION 'unitspend_not_below_zero: % is spent on %', least, line.name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unitspend_not_below_zero';
    END IF;
    RETURN NEW;
"""  # noqa: S608 (fragments of ours)


@pghistory.track()
class UnitSpend(DecidedByTwo):
    """An amount that the unit spent on a line of its budget; one person proposes it, another approves. Never changed:
    a correction is a further one, less than nothing where it must be, with its reason."""

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="spending")
    on_date = models.DateField(help_text="When the work was done or the goods came.")
    amount_pence = models.BigIntegerField()
    payee = models.CharField(max_length=120)
    reference = models.CharField(max_length=60, unique=True, help_text="As in the ledger.")
    note = models.CharField(max_length=300, blank=True)

    objects = UnitSpendQuerySet.as_manager()

    class Meta:
        ordering = ["on_date", "id"]
        verbose_name = "spending of the unit"
        verbose_name_plural = "spending of the unit"
        constraints = [
            corrections_say_why("unitspend"),
            models.CheckConstraint(
                name="unitspend_says_to_whom", condition=~models.Q(payee="") & ~models.Q(reference="")
            ),
            *by_two_people("unitspend"),
        ]
        triggers = [
            *decided_once(),
            of_a_day_that_came("unitspend"),
            pgtrigger.Trigger(
                name="fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__declined_by__isnull=True),
                declare=[
                    ("line", "funding_budgetline"),
                    ("award_year", "funding_awardyear"),
                    ("fence", "funding_ringfence"),
                    ("planned", "bigint"),
                    ("most", "bigint"),
                    ("least", "bigint"),
                ],
                func=_FITS,
            ),
        ]

    def __str__(self) -> str:
        return self.reference
