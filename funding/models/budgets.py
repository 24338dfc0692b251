"""What an award year is planned to be spent on, and how the plan moves. Money is whole pence.

A budget is its lines; what stands on a line is the sum of its approved entries. A change is proposed by one person with
its entries, approved by another and never edited: the plan itself, a virement (which moves money between lines and
adds up to zero) or a variation (which the funder agreed to, and which changes the total).
"""

from __future__ import annotations

from datetime import datetime

import pghistory
import pgtrigger
from django.db import models

from funding.models.deciding import DecidedByTwo, DecidedQuerySet, by_two_people, decided_once, takes
from funding.models.grants import AwardYear, MoneyQuerySet, SpendCategory
from funding.models.ring_fences import RingFence
from vru_portal.core.constraints import in_this_transaction, one_of
from vru_portal.core.money import pounds


@pghistory.track()
class BudgetLine(models.Model):
    """One line of an award year's budget, perhaps out of a ring-fence."""

    Category = SpendCategory

    award_year = models.ForeignKey(AwardYear, models.PROTECT, related_name="budget_lines")
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=20, choices=SpendCategory)
    ring_fence = models.ForeignKey(RingFence, models.PROTECT, null=True, blank=True, related_name="budget_lines")

    objects = MoneyQuerySet.as_manager()

    class Meta:
        ordering = ["award_year", "category", "name"]
        constraints = [
            one_of("category", SpendCategory, "budgetline_category"),
            models.UniqueConstraint(fields=["award_year", "name"], name="budgetline_name_once"),
        ]
        triggers = [
            # What was approved was approved for this purpose.
            pgtrigger.ReadOnly(name="never_moves", fields=["award_year", "category", "ring_fence"]),
            pgtrigger.Trigger(
                name="ring_fence_of_award_year",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__ring_fence__isnull=False),
                declare=[("fence", "funding_ringfence")],
                func="""
                    SELECT * INTO fence FROM funding_ringfence WHERE id = NEW.ring_fence_id;
                    IF fence.award_year_id <> NEW.award_year_id THEN
                        RAISE EXCEPTION 'budgetline_ring_fence_of_award_year: % names a wrong one', NEW.name
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetline_ring_fence_of_award_year';
                    END IF;
                    IF fence.category NOT IN ('', NEW.category) THEN
                        RAISE EXCEPTION 'budgetline_inside_ring_fence: % is for something else', NEW.name
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetline_inside_ring_fence';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BudgetChangeKind(models.TextChoices):
    PLAN = "plan", "Plan"
    VIREMENT = "virement", "Virement"
    VARIATION = "variation", "Variation"


class BudgetChangeQuerySet(DecidedQuerySet, MoneyQuerySet):
    pass


# A change is written with its entries in one transaction and looked at when that ends: a change without entries, a
# virement that does not add up, one that crosses a ring-fence or a variation without the funder's consent.
_ADDS_UP = """
    SELECT count(*), COALESCE(sum(e.amount_pence), 0),
           count(DISTINCT COALESCE(l.ring_fence_id, 0)), bool_and(l.award_year_id = NEW.award_year_id)
    INTO entries, total, purposes, of_year
    FROM funding_budgetentry e JOIN funding_budgetline l ON l.id = e.line_id WHERE e.change_id = NEW.id;
    IF entries = 0 THEN
        RAISE EXCEPTION 'budgetchange_has_entries: % moves nothing', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_has_entries';
    END IF;
    IF NOT of_year THEN
        RAISE EXCEPTION 'budgetchange_of_one_award_year: % leaves its award year', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_of_one_award_year';
    END IF;
    IF NEW.kind = 'virement' AND total <> 0 THEN
        RAISE EXCEPTION 'budgetchange_virement_balances: % adds up to %', NEW.reference, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_virement_balances';
    END IF;
    IF NEW.consent_reference = '' AND (NEW.kind = 'variation' OR (NEW.kind = 'virement' AND purposes > 1)) THEN
        RAISE EXCEPTION 'budgetchange_has_consent: % needs the consent of the funder', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_has_consent';
    END IF;
    RETURN NULL;
"""

# The award year is locked, so that of two changes at once the second sees what the first left.
_FITS = f"""
    SELECT y.state INTO state FROM funding_awardyear y WHERE y.id = NEW.award_year_id FOR UPDATE;
    IF NEW.kind = 'plan' AND NEW.consent_reference = '' AND state NOT IN ('announced', 'applied', 'approved')
       AND EXISTS (SELECT 1 FROM funding_budgetentry e WHERE e.change_id = NEW.id AND e.amount_pence < 0) THEN
        RAISE EXCEPTION 'budgetchange_plan_only_adds: % takes back what was agreed', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_plan_only_adds';
    END IF;
    IF EXISTS (
        SELECT 1 FROM funding_budgetentry e JOIN funding_budgetchange c ON c.id = e.change_id
        WHERE c.award_year_id = NEW.award_year_id AND (c.approved_by_id IS NOT NULL OR c.id = NEW.id)
        GROUP BY e.line_id HAVING sum(e.amount_pence) < 0) THEN
        RAISE EXCEPTION 'budgetchange_not_below_zero: % takes more than there is', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_not_below_zero';
    END IF;
    IF EXISTS (
        SELECT 1 FROM funding_budgetentry e JOIN funding_budgetchange c ON c.id = e.change_id
        JOIN funding_budgetline l ON l.id = e.line_id JOIN funding_ringfence f ON f.id = l.ring_fence_id
        WHERE c.award_year_id = NEW.award_year_id AND (c.approved_by_id IS NOT NULL OR c.id = NEW.id)
        AND f.amount_kind IN ('fixed', 'maximum')
        GROUP BY f.id, f.amount_pence HAVING sum(e.amount_pence) > f.amount_pence) THEN
        RAISE EXCEPTION 'budgetchange_within_ring_fence: % plans more than a ring-fence has', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_within_ring_fence';
    END IF;
    IF EXISTS (
        SELECT 1 FROM funding_unitspend s JOIN funding_budgetline l ON l.id = s.line_id
        WHERE l.award_year_id = NEW.award_year_id AND {takes("s")}
        GROUP BY s.line_id HAVING sum(s.amount_pence) > (
            SELECT COALESCE(sum(e.amount_pence), 0)
            FROM funding_budgetentry e JOIN funding_budgetchange c ON c.id = e.change_id
            WHERE e.line_id = s.line_id AND (c.approved_by_id IS NOT NULL OR c.id = NEW.id))) THEN
        RAISE EXCEPTION 'budgetchange_not_below_spent: % takes what is spent', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_not_below_spent';
    END IF;
    RETURN NEW;
"""  # noqa: S608 (a fragment of ours)


@pghistory.track()
class BudgetChange(DecidedByTwo):
    """Money put on lines, or moved between them, all at once; it counts when somebody else approves."""

    Kind = BudgetChangeKind

    award_year = models.ForeignKey(AwardYear, models.PROTECT, related_name="budget_changes")
    kind = models.CharField(max_length=20, choices=BudgetChangeKind)
    reference = models.CharField(max_length=60, unique=True, help_text="Of the decision.")
    consent_reference = models.CharField(max_length=60, blank=True, help_text="Of the funder's letter.")
    reason = models.CharField(max_length=300)

    objects = BudgetChangeQuerySet.as_manager()

    class Meta:
        ordering = ["proposed_at", "id"]
        constraints = [
            one_of("kind", BudgetChangeKind, "budgetchange_kind"),
            models.CheckConstraint(name="budgetchange_has_reason", condition=~models.Q(reason="")),
            *by_two_people("budgetchange"),
        ]
        triggers = [
            *decided_once(),
            pgtrigger.Trigger(
                name="adds_up",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("entries", "int"), ("total", "bigint"), ("purposes", "int"), ("of_year", "boolean")],
                func=_ADDS_UP,
            ),
            pgtrigger.Trigger(
                name="fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__approved_by__isnull=False),
                declare=[("state", "varchar")],
                func=_FITS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"

    def say_amounts(self, at: datetime) -> str:
        """“Evaluation from £410,000 to £425,000”, for the history: from what was approved by then."""
        return "; ".join(
            f"{entry.line} from {pounds(before)} to {pounds(before + entry.amount_pence)}"
            for entry in self.entries.select_related("line")
            for before in [self._before(entry.line, at)]
        )

    def _before(self, line: BudgetLine, at: datetime) -> int:
        approved = line.entries.filter(change__approved_at__lte=at).exclude(change=self)
        return int(approved.aggregate(pence=models.Sum("amount_pence"))["pence"] or 0)


class BudgetEntry(models.Model):
    """What a change puts on a line; less than nothing where it takes it away."""

    change = models.ForeignKey(BudgetChange, models.PROTECT, related_name="entries")
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="entries")
    amount_pence = models.BigIntegerField()

    class Meta:
        ordering = ["change", "line"]
        verbose_name_plural = "budget entries"
        constraints = [
            models.UniqueConstraint(fields=["change", "line"], name="budgetentry_line_once"),
            models.CheckConstraint(name="budgetentry_amount_not_zero", condition=~models.Q(amount_pence=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            # With its change and never later, so that what somebody approves is what stood there.
            pgtrigger.Trigger(
                name="with_its_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NOT EXISTS (SELECT 1 FROM funding_budgetchange c
                                   WHERE c.id = NEW.change_id AND {in_this_transaction("c")}) THEN
                        RAISE EXCEPTION 'budgetentry_with_its_change: the change was proposed without it'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetentry_with_its_change';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 (a piece of SQL of our own)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.amount_pence}"
