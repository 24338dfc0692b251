"""What came in from funders. Money is whole pence."""

from __future__ import annotations

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
    takes,
)
from funding.models.grants import AwardYear, MoneyQuerySet
from funding.models.yearly_round import GrantClaim


class GrantReceiptQuerySet(DecidedQuerySet, MoneyQuerySet):
    def known_by(self, day) -> GrantReceiptQuerySet:
        """Come in, and approved, by the end of the day."""
        return self.approved_by_end_of(day).filter(on_date__lte=day)


# The row of the award year is locked, so that two at once cannot both take the last of it. No more comes in than the
# grant is, as far as its size is stated, and no more for a claim than it claims. What takes back leaves no day on which
# less than nothing has come in; within a day money in comes first.
_FITS = f"""
    SELECT * INTO award_year FROM funding_awardyear WHERE id = NEW.award_year_id FOR UPDATE;
    IF NEW.amount_pence > 0 THEN
        IF NEW.amount_pence + (
            SELECT COALESCE(sum(r.amount_pence), 0) FROM funding_grantreceipt r
            WHERE r.award_year_id = NEW.award_year_id AND r.id <> NEW.id AND {takes("r")})
            > COALESCE(award_year.awarded_pence, award_year.announced_pence, award_year.applied_pence) THEN
            RAISE EXCEPTION 'grantreceipt_within_award: % is more than is left of the grant', NEW.reference
                USING ERRCODE = 'check_violation', CONSTRAINT = 'grantreceipt_within_award';
        END IF;
        IF NEW.amount_pence + (
            SELECT COALESCE(sum(r.amount_pence), 0) FROM funding_grantreceipt r
            WHERE r.claim_id = NEW.claim_id AND r.id <> NEW.id AND {takes("r")})
            > (SELECT c.amount_pence FROM funding_grantclaim c WHERE c.id = NEW.claim_id) THEN
            RAISE EXCEPTION 'grantreceipt_within_claim: % is more than is left of the claim', NEW.reference
                USING ERRCODE = 'check_violation', CONSTRAINT = 'grantreceipt_within_claim';
        END IF;
        RETURN NEW;
    END IF;
    SELECT min(balance) INTO lowest FROM (
        SELECT sum(amount_pence) OVER (ORDER BY on_date, amount_pence DESC ROWS UNBOUNDED PRECEDING) AS balance
        FROM (
            SELECT r.on_date, r.amount_pence FROM funding_grantreceipt r
            WHERE r.award_year_id = NEW.award_year_id AND r.id <> NEW.id AND {holds("r")}
            UNION ALL SELECT NEW.on_date, NEW.amount_pence
        ) AS every
    ) AS running;
    IF lowest < 0 THEN
        RAISE EXCEPTION 'grantreceipt_not_below_zero: less has come in than % takes back', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantreceipt_not_below_zero';
    END IF;
    RETURN NEW;
"""  # noqa: S608 (fragments of ours)


# What is taken back of a receipt is no more than it is, after what waits for approval; what is recorded again of it no
# more than was taken back by two people.
_CORRECTS = """
    PERFORM 1 FROM funding_awardyear WHERE id = NEW.award_year_id FOR UPDATE;
    SELECT * INTO corrected FROM funding_grantreceipt r WHERE r.id = NEW.corrects_id;
    IF corrected.award_year_id <> NEW.award_year_id OR corrected.amount_pence < 0 OR corrected.approved_at IS NULL THEN
        RAISE EXCEPTION 'grantreceipt_corrects_a_receipt: % corrects no approved receipt of its award year',
            NEW.reference USING ERRCODE = 'check_violation', CONSTRAINT = 'grantreceipt_corrects_a_receipt';
    END IF;
    SELECT COALESCE(sum(r.amount_pence) FILTER (WHERE r.amount_pence < 0), 0),
        COALESCE(sum(r.amount_pence) FILTER (WHERE r.amount_pence > 0 OR r.approved_at IS NOT NULL), 0)
    INTO taken, gone FROM funding_grantreceipt r WHERE r.corrects_id = corrected.id AND r.declined_by_id IS NULL;
    IF (NEW.amount_pence < 0 AND corrected.amount_pence + taken + NEW.amount_pence < 0)
        OR (NEW.amount_pence > 0 AND gone + NEW.amount_pence > 0) THEN
        RAISE EXCEPTION 'grantreceipt_within_corrected: % is more than is left of what it corrects', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantreceipt_within_corrected';
    END IF;
    RETURN NEW;
"""


@pghistory.track()
class GrantReceipt(DecidedByTwo):
    """Money that came in; one person proposes it, another approves. Never changed: a correction is a further row, less
    than nothing where it must be, with its reason."""

    award_year = models.ForeignKey(AwardYear, models.PROTECT, related_name="receipts")
    amount_pence = models.BigIntegerField()
    on_date = models.DateField()
    reference = models.CharField(max_length=60, help_text="As on the bank statement or remittance.")
    claim = models.ForeignKey(
        GrantClaim, models.PROTECT, null=True, blank=True, related_name="receipts", help_text="Which claim it pays."
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        help_text="Which receipt it takes back, or, above nothing, records again once that is taken back.",
    )
    note = models.TextField(blank=True)

    objects = GrantReceiptQuerySet.as_manager()

    class Meta:
        ordering = ["on_date", "id"]
        constraints = [
            models.UniqueConstraint(
                name="grantreceipt_reference_once",
                fields=["award_year", "reference"],
                condition=models.Q(declined_by__isnull=True),
            ),
            corrections_say_why("grantreceipt"),
            *by_two_people("grantreceipt"),
        ]
        triggers = [
            *decided_once(),
            of_a_day_that_came("grantreceipt"),
            pgtrigger.Trigger(
                name="claim_of_award_year",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__claim__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM funding_grantclaim c WHERE c.id = NEW.claim_id
                        AND c.award_year_id = NEW.award_year_id AND c.approved_by_id IS NOT NULL) THEN
                        RAISE EXCEPTION 'grantreceipt_claim_of_award_year: % names a wrong claim', NEW.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantreceipt_claim_of_award_year';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="corrects",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__corrects__isnull=False),
                declare=[("corrected", "funding_grantreceipt"), ("taken", "bigint"), ("gone", "bigint")],
                func=_CORRECTS,
            ),
            pgtrigger.Trigger(
                name="fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__declined_by__isnull=True),
                declare=[("award_year", "funding_awardyear"), ("lowest", "bigint")],
                func=_FITS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, {self.on_date:%-d %B %Y}"
