"""Parts of an award year that are kept for a purpose, or limited to one. Money is whole pence."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from funding.models.deciding import takes
from funding.models.grants import AwardYear, MoneyQuerySet, SpendCategory
from vru_portal.core.constraints import one_of


class RingFenceAmountKind(models.TextChoices):
    FIXED = "fixed", "Exactly"
    MINIMUM = "minimum", "At least"
    MAXIMUM = "maximum", "At most"
    UNKNOWN = "unknown", "Amount not known"


def taken(fence: str, *, but_award: str = "0", but_spend: str = "0") -> str:
    """SQL: the pence of a ring-fence that are awarded to partners or spent by the unit, or proposed to be; without one
    award, or one amount that the unit spends."""
    return f"""(
        SELECT COALESCE(sum(t.amount_pence), 0) FROM (
            SELECT a.amount_pence FROM funding_partneraward a
            WHERE a.ring_fence_id = {fence} AND a.id <> {but_award} AND {takes("a")}
            UNION ALL
            SELECT s.amount_pence FROM funding_unitspend s JOIN funding_budgetline l ON l.id = s.line_id
            WHERE l.ring_fence_id = {fence} AND s.id <> {but_spend} AND {takes("s")}) AS t)"""  # noqa: S608 (names of ours)


@pghistory.track()
class RingFence(models.Model):
    """A purpose for which a part of an award year is kept, or to which it is limited. Where it names a category,
    nothing of another category is budgeted for or awarded out of it."""

    AmountKind = RingFenceAmountKind

    award_year = models.ForeignKey(AwardYear, models.PROTECT, related_name="ring_fences")
    purpose = models.CharField(max_length=200)
    amount_kind = models.CharField(max_length=20, choices=RingFenceAmountKind)
    amount_pence = models.BigIntegerField(null=True, blank=True)
    category = models.CharField(
        max_length=20, choices=SpendCategory, blank=True, help_text="Only spending of this kind; empty for any."
    )

    objects = MoneyQuerySet.as_manager()

    class Meta:
        ordering = ["award_year", "purpose"]
        constraints = [
            one_of("amount_kind", RingFenceAmountKind, "ringfence_amount_kind"),
            one_of("category", SpendCategory, "ringfence_category", blank=True),
            models.UniqueConstraint(fields=["award_year", "purpose"], name="ringfence_purpose_once"),
            models.CheckConstraint(
                name="ringfence_amount_unless_unknown",
                condition=models.Q(amount_kind="unknown", amount_pence__isnull=True)
                | (~models.Q(amount_kind="unknown") & models.Q(amount_pence__isnull=False, amount_pence__gte=0)),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="never_moves", fields=["award_year"]),
            pgtrigger.Trigger(
                name="covers_awards",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__amount_kind__in=["fixed", "maximum"]),
                func=f"""
                    IF NEW.amount_pence < {taken("NEW.id")} THEN
                        RAISE EXCEPTION 'ringfence_covers_awards: more has been awarded or spent'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ringfence_covers_awards';
                    END IF;
                    IF NEW.amount_pence < (
                        SELECT COALESCE(sum(e.amount_pence), 0) FROM funding_budgetentry e
                        JOIN funding_budgetline l ON l.id = e.line_id
                        JOIN funding_budgetchange c ON c.id = e.change_id
                        WHERE l.ring_fence_id = NEW.id AND c.approved_by_id IS NOT NULL) THEN
                        RAISE EXCEPTION 'ringfence_covers_plan: more is planned'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ringfence_covers_plan';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 (a fragment of ours)
            ),
            pgtrigger.Trigger(
                name="keeps_its_category",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("category"),
                func="""
                    IF EXISTS (SELECT 1 FROM funding_partneraward a WHERE a.ring_fence_id = NEW.id)
                       OR EXISTS (SELECT 1 FROM funding_budgetline l WHERE l.ring_fence_id = NEW.id) THEN
                        RAISE EXCEPTION 'ringfence_keeps_its_category: money is budgeted or awarded out of it'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ringfence_keeps_its_category';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.purpose

    @property
    def reserved_pence(self) -> int:
        """What nothing else may use."""
        kept = self.amount_kind in {RingFenceAmountKind.FIXED, RingFenceAmountKind.MINIMUM}
        return self.amount_pence if kept else 0

    @property
    def limit_pence(self) -> int | None:
        """The most that it may use; None where nothing is said."""
        limited = self.amount_kind in {RingFenceAmountKind.FIXED, RingFenceAmountKind.MAXIMUM}
        return self.amount_pence if limited else None
