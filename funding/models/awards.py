"""What the unit commits to its partners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pghistory
import pgtrigger
from django.db import models

from funding.models.deciding import (
    DecidedByTwo,
    DecidedQuerySet,
    by_two_people,
    corrections_say_why,
    decided_once,
    holds,
    of_a_day_that_came,
)
from funding.models.grants import SpendCategory
from funding.models.ring_fences import taken
from partners.permissions import Permission
from vru_portal.core.constraints import in_order, one_of
from vru_portal.core.money import even_parts
from vru_portal.core.periods import Month, months_between


class PaidBy(models.TextChoices):
    """How an award reaches the partner."""

    CLAIMS = "claims", "Claims for what was spent, quarter by quarter"
    MONTHLY = "monthly", "Instalments at the beginning of each month"
    QUARTERLY = "quarterly", "Instalments at the beginning of every third month"


# From one instalment to the next.
MONTHS_APART = {PaidBy.MONTHLY: 1, PaidBy.QUARTERLY: 3}


class PartnerAwardQuerySet(DecidedQuerySet):
    def visible_to(self, user) -> PartnerAwardQuerySet:
        """All for those who may see the unit's money, its own for a partner."""
        if user.may(Permission.VIEW_MONEY):
            return self
        return self.filter(delivery__partner__in=user.organisations_where(Permission.VIEW_OWN_MONEY))

    def agreed_by(self, day) -> PartnerAwardQuerySet:
        """Approved and agreed with the partner by the end of the day."""
        return self.approved_by_end_of(day).filter(agreed_on__lte=day)

    def like(self, award: PartnerAward) -> PartnerAwardQuerySet:
        """The award with all that corrects it or adds to it: for the same delivery, out of the same money, paid the
        same way."""
        return self.filter(
            award_year=award.award_year_id,
            delivery=award.delivery_id,
            ring_fence=award.ring_fence_id,
            paid_by=award.paid_by,
        )


def of_same_money(awards: Iterable[PartnerAward]) -> list[list[PartnerAward]]:
    """Those that are `like` each other, together."""
    together: dict[tuple, list[PartnerAward]] = defaultdict(list)
    for award in awards:
        together[award.award_year_id, award.delivery_id, award.ring_fence_id, award.paid_by].append(award)
    return list(together.values())


def alike(row: str, award: str = "award") -> str:
    """SQL of `like`, of a table's alias and of the award that a trigger is about."""
    return f"""({row}.award_year_id = {award}.award_year_id AND {row}.delivery_id = {award}.delivery_id
        AND {row}.ring_fence_id IS NOT DISTINCT FROM {award}.ring_fence_id AND {row}.paid_by = {award}.paid_by)"""


@pghistory.track()
class PartnerAward(DecidedByTwo):
    """A commitment to a partner for a delivery, out of one award year and perhaps one of its ring-fences.

    One person proposes it; it commits nothing until another approves. It is never changed: a correction is a further
    award, less than nothing where it must be, with its reason."""

    delivery = models.ForeignKey("programmes.Delivery", models.PROTECT, related_name="awards")
    award_year = models.ForeignKey("AwardYear", models.PROTECT, related_name="partner_awards")
    ring_fence = models.ForeignKey("RingFence", models.PROTECT, null=True, blank=True, related_name="partner_awards")
    category = models.CharField(max_length=20, choices=SpendCategory, default=SpendCategory.DELIVERY)
    amount_pence = models.BigIntegerField()
    paid_by = models.CharField(max_length=20, choices=PaidBy, default=PaidBy.CLAIMS)
    holds_for_returns = models.BooleanField(default=False, help_text="Nothing of it is paid while a return is missing.")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day.")
    reference = models.CharField(max_length=40, unique=True)
    agreed_on = models.DateField(help_text="With the partner.")
    note = models.TextField(blank=True)

    objects = PartnerAwardQuerySet.as_manager()

    class Meta:
        ordering = ["agreed_on", "reference"]
        constraints = [
            corrections_say_why("partneraward"),
            *by_two_people("partneraward"),
            in_order("starts_on", "ends_on", "partneraward_dates_in_order"),
            one_of("category", SpendCategory, "partneraward_category"),
            one_of("paid_by", PaidBy, "partneraward_paid_by"),
        ]
        triggers = [
            *decided_once(),
            of_a_day_that_came("partneraward", "agreed_on"),
            pgtrigger.Trigger(
                name="within_award_year",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM funding_awardyear y WHERE y.id = NEW.award_year_id
                        AND NEW.starts_on >= make_date(y.financial_year, 4, 1)
                        AND NEW.ends_on <= make_date(y.financial_year + 1, 3, 31)) THEN
                        RAISE EXCEPTION 'partneraward_within_award_year: % leaves its award year', NEW.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_within_award_year';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # Commitments may pass the grant, which the cover shows; one award that does is a slip of the hand.
            pgtrigger.Trigger(
                name="within_grant",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__declined_by__isnull=True),
                func="""
                    IF NEW.amount_pence > (
                        SELECT COALESCE(y.awarded_pence, y.announced_pence, y.applied_pence)
                        FROM funding_awardyear y WHERE y.id = NEW.award_year_id) THEN
                        RAISE EXCEPTION 'partneraward_within_grant: % is more than the whole grant', NEW.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_within_grant';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # The award year is locked, then the ring-fence, as spending of the unit does it: two at once cannot both
            # take the last of it, nor wait for each other. What is proposed takes its part, and what would be given
            # back does so once it is approved.
            pgtrigger.Trigger(
                name="within_ring_fence",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__ring_fence__isnull=False) & pgtrigger.Q(new__declined_by__isnull=True),
                declare=[("fence", "funding_ringfence")],
                func=f"""
                    PERFORM 1 FROM funding_awardyear WHERE id = NEW.award_year_id FOR UPDATE;
                    SELECT * INTO fence FROM funding_ringfence WHERE id = NEW.ring_fence_id FOR UPDATE;
                    IF fence.award_year_id <> NEW.award_year_id THEN
                        RAISE EXCEPTION 'partneraward_ring_fence_of_award_year: % names a wrong one', NEW.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_ring_fence_of_award_year';
                    END IF;
                    IF fence.category NOT IN ('', NEW.category) THEN
                        RAISE EXCEPTION 'partneraward_inside_ring_fence: % is for something else', NEW.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_inside_ring_fence';
                    END IF;
                    IF NEW.amount_pence > 0 AND fence.amount_kind IN ('fixed', 'maximum')
                       AND NEW.amount_pence + {taken("fence.id", but_award="NEW.id")} > fence.amount_pence THEN
                        RAISE EXCEPTION 'partneraward_within_ring_fence: % is more than is left', NEW.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_within_ring_fence';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 (a fragment of ours)
            ),
            # Looked at when the transaction ends, when its instalments are written.
            pgtrigger.Trigger(
                name="instalments_add_up",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF (SELECT COALESCE(sum(i.amount_pence), 0) FROM funding_instalment i WHERE i.award_id = NEW.id)
                       <> (CASE WHEN NEW.paid_by <> 'claims' AND NEW.amount_pence > 0
                           THEN NEW.amount_pence ELSE 0 END) THEN
                        RAISE EXCEPTION 'partneraward_instalments_add_up: those of %', NEW.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_instalments_add_up';
                    END IF;
                    RETURN NULL;
                """,
            ),
            # A correction takes back no more than was approved, however many come at once.
            pgtrigger.Trigger(
                name="not_below_zero",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__amount_pence__lt=0) & pgtrigger.Q(new__declined_by__isnull=True),
                declare=[("others", "bigint")],
                func=f"""
                    PERFORM 1 FROM funding_awardyear WHERE id = NEW.award_year_id FOR UPDATE;
                    SELECT COALESCE(sum(a.amount_pence), 0) INTO others FROM funding_partneraward a
                    WHERE {alike("a", "NEW")} AND a.id <> NEW.id AND {holds("a")};
                    IF others + NEW.amount_pence < 0 THEN
                        RAISE EXCEPTION 'partneraward_not_below_zero: only % was awarded', others
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_not_below_zero';
                    END IF;
                    IF NEW.approved_by_id IS NOT NULL AND others + NEW.amount_pence < (
                        SELECT COALESCE(sum(l.amount_pence), 0) FROM funding_claimline l
                        JOIN funding_claim c ON c.id = l.claim_id AND c.state = 'approved'
                        JOIN funding_partneraward a ON a.id = c.award_id
                        WHERE {alike("a", "NEW")}) THEN
                        RAISE EXCEPTION 'partneraward_covers_claims: more was claimed and approved'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_covers_claims';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 (fragments of ours)
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def by_month(self) -> dict[Month, int]:
        """Pence that fall on each month: evenly, what does not divide on the last."""
        months = months_between(Month.of(self.starts_on), Month.of(self.ends_on))
        return dict(zip(months, even_parts(self.amount_pence, len(months)), strict=True))

    @property
    def is_claimed(self) -> bool:
        """Paid for what was spent, as against on set days."""
        return self.paid_by == PaidBy.CLAIMS

    @property
    def monthly_pence(self) -> int:
        """What falls on every month but perhaps the last."""
        return next(iter(self.by_month.values()))
