"""What is paid to partners, when, and what stands in the way. Money is whole pence."""

from __future__ import annotations

from datetime import date

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import TruncDate
from django.utils import timezone

from funding.models.awards import PartnerAward, alike
from funding.models.claims import Claim
from funding.models.deciding import (
    DecidedByTwo,
    DecidedQuerySet,
    by_two_people,
    corrections_say_why,
    decided_once,
    holds,
    takes,
)
from partners.permissions import Permission
from vru_portal.core.constraints import first_of_month, in_this_transaction


class Instalment(models.Model):
    """A part of an award that is paid on a set day. Made with its award; together they are the whole of it."""

    award = models.ForeignKey(PartnerAward, models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount_pence = models.BigIntegerField()

    class Meta:
        ordering = ["award", "number"]
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="instalment_number_once"),
            models.CheckConstraint(name="instalment_amount_positive", condition=models.Q(amount_pence__gt=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="with_its_award",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NOT EXISTS (
                        SELECT 1 FROM funding_partneraward a
                        WHERE a.id = NEW.award_id AND {in_this_transaction("a")}) THEN
                        RAISE EXCEPTION 'instalment_with_its_award: the award stands already'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalment_with_its_award';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 (a fragment of ours)
            ),
        ]

    def __str__(self) -> str:
        return f"Instalment {self.number} of {self.award}"


class PartnerPaymentQuerySet(DecidedQuerySet):
    def ready(self, today: date) -> PartnerPaymentQuerySet:
        """Those that wait for a second person and whose day has come."""
        return self.open().filter(on_date__lte=today)

    def prepared(self, today: date) -> PartnerPaymentQuerySet:
        """Those that wait for their day first."""
        return self.open().filter(on_date__gt=today)

    def with_day(self) -> PartnerPaymentQuerySet:
        """Each with its `day`: see `paid_on`."""
        was_prepared = models.Q(proposed_at__date__lt=models.F("on_date"))
        approved = models.When(was_prepared, then=TruncDate("approved_at"))
        return self.annotate(day=models.Case(approved, default=models.F("on_date")))

    def visible_to(self, user) -> PartnerPaymentQuerySet:
        """All for those who may see the unit's money; a partner's own once they are approved."""
        if user.may(Permission.VIEW_MONEY):
            return self
        own = user.organisations_where(Permission.VIEW_OWN_MONEY)
        return self.approved().filter(
            models.Q(instalment__award__delivery__partner__in=own) | models.Q(claim__award__delivery__partner__in=own)
        )


# The award year is locked first, as for all that is decided about its money: of many payments at once only those that
# fit go through, and none while a hold is being placed.
_FITS = f"""
    IF NEW.claim_id IS NULL THEN
        SELECT a.* INTO award FROM funding_partneraward a JOIN funding_instalment i ON i.award_id = a.id
        WHERE i.id = NEW.instalment_id;
    ELSE
        SELECT a.* INTO award FROM funding_partneraward a JOIN funding_claim c ON c.award_id = a.id
        WHERE c.id = NEW.claim_id;
    END IF;
    PERFORM 1 FROM funding_awardyear WHERE id = award.award_year_id FOR UPDATE;
    IF award.approved_by_id IS NULL OR EXISTS (
        SELECT 1 FROM funding_claim c WHERE c.id = NEW.claim_id AND c.state <> 'approved') THEN
        RAISE EXCEPTION 'partnerpayment_of_what_is_owed: nothing is approved yet'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'partnerpayment_of_what_is_owed';
    END IF;
    SELECT COALESCE(sum(p.amount_pence) FILTER (WHERE {takes("p")}), 0),
           COALESCE(sum(p.amount_pence) FILTER (WHERE {holds("p")}), 0)
    INTO taken, held
    FROM funding_partnerpayment p
    WHERE p.instalment_id IS NOT DISTINCT FROM NEW.instalment_id AND p.claim_id IS NOT DISTINCT FROM NEW.claim_id
    AND p.id <> NEW.id;
    IF NEW.amount_pence < 0 THEN
        IF held + NEW.amount_pence < 0 THEN
            RAISE EXCEPTION 'partnerpayment_not_below_zero: only % was paid', held
                USING ERRCODE = 'check_violation', CONSTRAINT = 'partnerpayment_not_below_zero';
        END IF;
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM funding_paymenthold h WHERE h.award_id = award.id AND h.lifted_at IS NULL) THEN
        RAISE EXCEPTION 'partnerpayment_not_held: % is held', award.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'partnerpayment_not_held';
    END IF;
    IF NEW.claim_id IS NULL THEN
        SELECT i.amount_pence INTO due FROM funding_instalment i WHERE i.id = NEW.instalment_id;
    ELSE
        SELECT sum(l.amount_pence) INTO due FROM funding_claimline l WHERE l.claim_id = NEW.claim_id;
    END IF;
    IF taken + NEW.amount_pence > due THEN
        RAISE EXCEPTION 'partnerpayment_within_due: % of % is paid or proposed', taken, due
            USING ERRCODE = 'check_violation', CONSTRAINT = 'partnerpayment_within_due';
    END IF;
    IF NEW.claim_id IS NULL AND NEW.amount_pence + (
        SELECT COALESCE(sum(p.amount_pence), 0) FROM funding_partnerpayment p
        JOIN funding_instalment i ON i.id = p.instalment_id JOIN funding_partneraward a ON a.id = i.award_id
        WHERE {alike("a")} AND p.id <> NEW.id AND {takes("p")}
    ) > (
        SELECT sum(a.amount_pence) FROM funding_partneraward a
        WHERE {alike("a")} AND a.approved_by_id IS NOT NULL) + (
        SELECT COALESCE(sum(w.amount_pence), 0) FROM funding_writeoff w JOIN funding_partneraward a ON a.id = w.award_id
        WHERE {alike("a")} AND w.approved_by_id IS NOT NULL) THEN
        RAISE EXCEPTION 'partnerpayment_within_award: % is awarded no more', award.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'partnerpayment_within_award';
    END IF;
    RETURN NEW;
"""  # noqa: S608 (fragments of ours)


@pghistory.track()
class PartnerPayment(DecidedByTwo):
    """Money to a partner, of one instalment or one approved claim; it counts when a second person approves, on its day
    or later. What came back, or was recorded wrongly, is a further payment below zero with its reason."""

    instalment = models.ForeignKey(Instalment, models.PROTECT, null=True, blank=True, related_name="payments")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="payments")
    amount_pence = models.BigIntegerField()
    on_date = models.DateField()
    reference = models.CharField(max_length=60, help_text="As on the remittance.")
    note = models.TextField(blank=True)

    objects = PartnerPaymentQuerySet.as_manager()

    class Meta:
        ordering = ["on_date", "id"]
        constraints = [
            models.CheckConstraint(
                name="partnerpayment_of_one_thing",
                condition=models.Q(instalment__isnull=True, claim__isnull=False)
                | models.Q(instalment__isnull=False, claim__isnull=True),
            ),
            corrections_say_why("partnerpayment"),
            # What was declined was never paid, so that the same remittance can be proposed again, put right.
            models.UniqueConstraint(
                name="partnerpayment_reference_once",
                fields=["reference"],
                condition=models.Q(declined_by__isnull=True),
            ),
            *by_two_people("partnerpayment"),
        ]
        triggers = [
            *decided_once(),
            # What is prepared for a coming day is approved on that day or later, so that what is approved is paid; what
            # came back came back already.
            pgtrigger.Trigger(
                name="of_a_day_that_came",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__declined_by__isnull=True),
                declare=[("proposed", "date"), ("approved", "date")],
                func=f"""
                    proposed := (NEW.proposed_at AT TIME ZONE '{settings.TIME_ZONE}')::date;
                    approved := (NEW.approved_at AT TIME ZONE '{settings.TIME_ZONE}')::date;
                    IF NEW.on_date > approved OR (NEW.amount_pence < 0 AND NEW.on_date > proposed) THEN
                        RAISE EXCEPTION 'partnerpayment_of_a_day_that_came: % is to come', NEW.on_date
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partnerpayment_of_a_day_that_came';
                    END IF;
                    IF NEW.on_date >= date_trunc('month', proposed) + interval '2 months' THEN
                        RAISE EXCEPTION 'partnerpayment_no_later_than_next_month: % is too far ahead', NEW.on_date
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partnerpayment_no_later_than_next_month';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__declined_by__isnull=True),
                declare=[
                    ("award", "funding_partneraward"),
                    ("due", "bigint"),
                    ("taken", "bigint"),
                    ("held", "bigint"),
                ],
                func=_FITS,
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def award(self) -> PartnerAward:
        return (self.claim or self.instalment).award

    @property
    def of(self) -> str:
        """What of the award it is, in words."""
        return f"claim for {self.claim.period}" if self.claim else f"instalment {self.instalment.number}"

    @property
    def paid_on(self) -> date:
        """Its own day, also where it is recorded after it. What was prepared before its day and approved after it is
        paid on the day of approval."""
        if self.approved_at and timezone.localdate(self.proposed_at) < self.on_date:
            return timezone.localdate(self.approved_at)
        return self.on_date


@pghistory.track()
class PaymentHold(models.Model):
    """Nothing of the award is paid while one is open, and it says why. The clock places and lifts it."""

    award = models.ForeignKey(PartnerAward, models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=300, help_text="What payments wait for, as a sentence.")
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["placed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["award"], condition=models.Q(lifted_at__isnull=True), name="paymenthold_one_open"
            ),
            models.CheckConstraint(name="paymenthold_has_reason", condition=~models.Q(reason="")),
            models.CheckConstraint(
                name="paymenthold_lifted_after",
                condition=models.Q(lifted_at__isnull=True) | models.Q(lifted_at__gte=models.F("placed_at")),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="only_lifted", exclude=["lifted_at"]),
            pgtrigger.Protect(
                name="lifted_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__lifted_at__isnull=False)
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            # So that no payment is decided while it is being placed.
            pgtrigger.Trigger(
                name="where_agreed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("award", "funding_partneraward")],
                func="""
                    SELECT * INTO award FROM funding_partneraward WHERE id = NEW.award_id;
                    PERFORM 1 FROM funding_awardyear WHERE id = award.award_year_id FOR UPDATE;
                    IF NOT award.holds_for_returns OR award.approved_by_id IS NULL THEN
                        RAISE EXCEPTION 'paymenthold_where_agreed: % says nothing of it', award.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'paymenthold_where_agreed';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Forecast(models.Model):
    """What somebody, of the unit or the partner, expects to be spent of an award in a month. The latest counts."""

    award = models.ForeignKey(PartnerAward, models.PROTECT, related_name="forecasts")
    month = models.DateField()
    amount_pence = models.BigIntegerField()
    made_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["award", "month", "id"]
        constraints = [
            first_of_month("month", "forecast_month_first_day"),
            models.CheckConstraint(name="forecast_not_negative", condition=models.Q(amount_pence__gte=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="within_award",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM funding_partneraward a WHERE a.id = NEW.award_id
                        AND a.approved_by_id IS NOT NULL AND a.amount_pence > 0
                        AND NEW.month <= a.ends_on AND NEW.month + interval '1 month' > a.starts_on) THEN
                        RAISE EXCEPTION 'forecast_within_award: % is not of it', NEW.month
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'forecast_within_award';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y} of {self.award}"


class WriteOffQuerySet(DecidedQuerySet):
    def visible_to(self, user) -> WriteOffQuerySet:
        return self if user.may(Permission.VIEW_MONEY) else self.none()


@pghistory.track()
class WriteOff(DecidedByTwo):
    """What was paid beyond an award that was corrected since, and is not asked back. What was paid stays as it is."""

    award = models.ForeignKey(PartnerAward, models.PROTECT, related_name="write_offs")
    amount_pence = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    decision_reference = models.CharField(max_length=60, unique=True)

    objects = WriteOffQuerySet.as_manager()

    class Meta:
        ordering = ["proposed_at", "id"]
        constraints = [
            models.CheckConstraint(name="writeoff_amount_positive", condition=models.Q(amount_pence__gt=0)),
            models.CheckConstraint(
                name="writeoff_has_reason", condition=~models.Q(reason="") & ~models.Q(decision_reference="")
            ),
            *by_two_people("writeoff"),
        ]
        triggers = [
            *decided_once(),
            pgtrigger.Trigger(
                name="within_overpaid",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__declined_by__isnull=True),
                declare=[("award", "funding_partneraward"), ("overpaid", "bigint")],
                func=f"""
                    SELECT * INTO award FROM funding_partneraward WHERE id = NEW.award_id;
                    PERFORM 1 FROM funding_awardyear WHERE id = award.award_year_id FOR UPDATE;
                    WITH awarded AS (
                        SELECT a.id, a.amount_pence FROM funding_partneraward a
                        WHERE {alike("a")} AND a.approved_by_id IS NOT NULL)
                    SELECT (
                        SELECT COALESCE(sum(p.amount_pence), 0) FROM funding_partnerpayment p
                        LEFT JOIN funding_instalment i ON i.id = p.instalment_id
                        LEFT JOIN funding_claim c ON c.id = p.claim_id
                        JOIN awarded ON awarded.id = COALESCE(i.award_id, c.award_id)
                        WHERE p.approved_by_id IS NOT NULL)
                        - (SELECT COALESCE(sum(amount_pence), 0) FROM awarded)
                        - (SELECT COALESCE(sum(w.amount_pence), 0) FROM funding_writeoff w
                           JOIN awarded ON awarded.id = w.award_id WHERE w.declined_by_id IS NULL AND w.id <> NEW.id)
                    INTO overpaid;
                    IF NEW.amount_pence > overpaid THEN
                        RAISE EXCEPTION 'writeoff_within_overpaid: % is overpaid', overpaid
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'writeoff_within_overpaid';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 (a fragment of ours)
            ),
        ]

    def __str__(self) -> str:
        return self.decision_reference
