"""Bridging: what somebody lends or promises until the grant comes. It is owed back, never income."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from funding.models.deciding import of_a_day_that_came
from funding.models.grants import MoneyQuerySet
from vru_portal.core.constraints import in_order, one_of


class BridgingFacilityQuerySet(MoneyQuerySet):
    def agreed_by(self, day) -> BridgingFacilityQuerySet:
        return self.filter(agreed_on__lte=day)


class BridgingFacilityKind(models.TextChoices):
    LOAN = "loan", "Loan"
    UNDERWRITING = "underwriting", "Underwriting"
    RESERVE = "reserve", "Reserve"


@pghistory.track()
class BridgingFacility(models.Model):
    """Up to a limit, between two days, for one fund whose grant has not come. A loan that also underwrites is one
    facility and counts once; what is repaid cannot be drawn again."""

    Kind = BridgingFacilityKind

    fund = models.ForeignKey("Fund", models.PROTECT, related_name="facilities", help_text="Whose delay it bridges.")
    lender = models.ForeignKey("partners.Organisation", models.PROTECT, related_name="facilities")
    kind = models.CharField(max_length=20, choices=BridgingFacilityKind)
    limit_pence = models.BigIntegerField()
    decision_reference = models.CharField(max_length=60, unique=True)
    agreed_on = models.DateField()
    starts_on = models.DateField()
    expires_on = models.DateField(help_text="The last day on which it can be drawn, and on which it is due.")
    purposes = models.TextField()

    objects = BridgingFacilityQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "decision_reference"]
        verbose_name_plural = "bridging facilities"
        constraints = [
            one_of("kind", BridgingFacilityKind, "bridgingfacility_kind"),
            models.CheckConstraint(name="bridgingfacility_limit_positive", condition=models.Q(limit_pence__gt=0)),
            in_order("starts_on", "expires_on", "bridgingfacility_dates_in_order"),
        ]
        triggers = [
            # What was drawn was drawn on what was agreed then; what was agreed since is another facility.
            pgtrigger.Trigger(
                name="stays_once_used",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("fund", "lender", "kind", "agreed_on", "starts_on", "expires_on"),
                func="""
                    IF EXISTS (SELECT 1 FROM funding_bridgeproposal p WHERE p.facility_id = NEW.id) THEN
                        RAISE EXCEPTION 'bridgingfacility_stays_once_used: money was proposed on it'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgingfacility_stays_once_used';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="limit_covers_drawn",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.limit_pence < (
                        SELECT COALESCE(sum(m.amount_pence), 0) FROM funding_bridgemovement m
                        WHERE m.facility_id = NEW.id AND m.kind = 'drawdown') THEN
                        RAISE EXCEPTION 'bridgingfacility_limit_covers_drawn: more has been drawn'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgingfacility_limit_covers_drawn';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.decision_reference}"


class BridgeMovementKind(models.TextChoices):
    DRAWDOWN = "drawdown", "Drawdown"
    REPAYMENT = "repayment", "Repayment"
    WRITE_OFF = "write_off", "Write-off"


class BridgeMovement(models.Model):
    """Money drawn from a facility or paid back to it, or owed no longer because the lender wrote it off; once
    approved. Never changed."""

    Kind = BridgeMovementKind

    facility = models.ForeignKey(BridgingFacility, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=20, choices=BridgeMovementKind)
    amount_pence = models.BigIntegerField()
    on_date = models.DateField()
    reference = models.CharField(max_length=60)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it is written off.")
    proposed_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["on_date", "id"]
        constraints = [
            one_of("kind", BridgeMovementKind, "bridgemovement_kind"),
            models.CheckConstraint(name="bridgemovement_amount_positive", condition=models.Q(amount_pence__gt=0)),
            models.CheckConstraint(
                name="bridgemovement_write_off_has_reason", condition=~models.Q(kind="write_off", reason="")
            ),
            models.CheckConstraint(
                name="bridgemovement_approved_by_another", condition=~models.Q(proposed_by=models.F("approved_by"))
            ),
            models.UniqueConstraint(fields=["facility", "reference"], name="bridgemovement_reference_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            # Looked at when the transaction ends, when the proposal names it.
            pgtrigger.Trigger(
                name="was_proposed",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM funding_bridgeproposal p WHERE p.movement_id = NEW.id) THEN
                        RAISE EXCEPTION 'bridgemovement_was_proposed: nobody proposed %', NEW.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_was_proposed';
                    END IF;
                    RETURN NULL;
                """,
            ),
            # The row of the facility is locked first, so that of twenty at once only those that fit go through.
            pgtrigger.Trigger(
                name="within_facility",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("facility", "funding_bridgingfacility"), ("drawn", "bigint"), ("lowest", "bigint")],
                func="""
                    SELECT * INTO facility FROM funding_bridgingfacility WHERE id = NEW.facility_id FOR UPDATE;
                    SELECT COALESCE(sum(amount_pence), 0) INTO drawn FROM funding_bridgemovement
                    WHERE facility_id = NEW.facility_id AND kind = 'drawdown';
                    IF NEW.kind = 'drawdown' AND drawn + NEW.amount_pence > facility.limit_pence THEN
                        RAISE EXCEPTION 'bridgemovement_drawn_within_limit: % is drawn', drawn
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_drawn_within_limit';
                    END IF;
                    IF NEW.kind = 'drawdown'
                       AND NEW.on_date NOT BETWEEN facility.starts_on AND facility.expires_on THEN
                        RAISE EXCEPTION 'bridgemovement_drawn_while_open: it is not open on %', NEW.on_date
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_drawn_while_open';
                    END IF;
                    -- On no day may more be settled than was drawn by then; within a day drawdowns come first.
                    SELECT min(balance) INTO lowest FROM (
                        SELECT sum(signed) OVER (ORDER BY on_date, signed DESC ROWS UNBOUNDED PRECEDING) AS balance
                        FROM (
                            SELECT on_date,
                                CASE WHEN kind IN ('repayment', 'write_off') THEN -amount_pence ELSE amount_pence END
                                AS signed
                            FROM funding_bridgemovement WHERE facility_id = NEW.facility_id
                            UNION ALL
                            SELECT NEW.on_date,
                                CASE WHEN NEW.kind IN ('repayment', 'write_off')
                                THEN -NEW.amount_pence ELSE NEW.amount_pence END
                        ) AS every
                    ) AS running;
                    IF lowest < 0 THEN
                        RAISE EXCEPTION 'bridgemovement_repaid_within_drawn: more than is owed'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_repaid_within_drawn';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"

    @property
    def signed_pence(self) -> int:
        """What it adds to the balance that is owed; below zero for a repayment or write-off."""
        return self.amount_pence if self.kind == BridgeMovementKind.DRAWDOWN else -self.amount_pence


class BridgeProposalQuerySet(models.QuerySet):
    def open(self) -> BridgeProposalQuerySet:
        return self.filter(movement__isnull=True, declined_at__isnull=True)


@pghistory.track()
class BridgeProposal(models.Model):
    """A drawdown, repayment or write-off that one person asks for; it becomes a movement when another approves."""

    facility = models.ForeignKey(BridgingFacility, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=20, choices=BridgeMovementKind)
    amount_pence = models.BigIntegerField()
    on_date = models.DateField()
    reference = models.CharField(max_length=60)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it is written off.")
    proposed_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    movement = models.OneToOneField(BridgeMovement, models.PROTECT, null=True, blank=True, related_name="proposal")
    declined_by = models.ForeignKey("partners.User", models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.CharField(max_length=300, blank=True)

    objects = BridgeProposalQuerySet.as_manager()

    class Meta:
        ordering = ["proposed_at", "id"]
        constraints = [
            one_of("kind", BridgeMovementKind, "bridgeproposal_kind"),
            models.CheckConstraint(name="bridgeproposal_amount_positive", condition=models.Q(amount_pence__gt=0)),
            models.CheckConstraint(
                name="bridgeproposal_declined_whole",
                condition=models.Q(declined_by__isnull=True, declined_at__isnull=True, declined_reason="")
                | (
                    models.Q(declined_by__isnull=False, declined_at__isnull=False, movement__isnull=True)
                    & ~models.Q(declined_reason="")
                ),
            ),
            models.UniqueConstraint(
                name="bridgeproposal_reference_once",
                fields=["facility", "reference"],
                condition=models.Q(declined_at__isnull=True),
            ),
        ]
        triggers = [
            of_a_day_that_came("bridgeproposal"),
            pgtrigger.ReadOnly(
                name="only_decided", exclude=["movement", "declined_by", "declined_at", "declined_reason"]
            ),
            pgtrigger.Protect(
                name="decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__movement__isnull=False) | pgtrigger.Q(old__declined_at__isnull=False),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="movement_as_proposed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__movement__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM funding_bridgemovement m WHERE m.id = NEW.movement_id
                        AND (m.facility_id, m.kind, m.amount_pence, m.on_date, m.reference, m.reason, m.proposed_by_id)
                        = (NEW.facility_id, NEW.kind, NEW.amount_pence, NEW.on_date, NEW.reference, NEW.reason,
                           NEW.proposed_by_id)
                    ) THEN
                        RAISE EXCEPTION 'bridgeproposal_movement_as_proposed: % is another movement', NEW.reference
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgeproposal_movement_as_proposed';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"

    @property
    def is_open(self) -> bool:
        return self.movement_id is None and self.declined_at is None
