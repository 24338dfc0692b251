"""Bridging: what somebody lends or promises until the grant comes. It is owed back, never income."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from funding.models.deciding import (
    DecidedByTwo,
    DecidedQuerySet,
    by_two_people,
    decided_once,
    of_a_day_that_came,
)
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
                    IF EXISTS (SELECT 1 FROM funding_bridgemovement m WHERE m.facility_id = NEW.id) THEN
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
                        WHERE m.facility_id = NEW.id AND m.kind = 'drawdown' AND m.declined_by_id IS NULL) THEN
                        RAISE EXCEPTION 'bridgingfacility_limit_covers_drawn: more is drawn or proposed to be'
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


class BridgeMovementQuerySet(DecidedQuerySet):
    def binding(self) -> BridgeMovementQuerySet:
        """What takes of the limit: each drawdown that is not declined, for what is repaid cannot be drawn again."""
        return self.filter(kind=BridgeMovementKind.DRAWDOWN, declined_by__isnull=True)

    def at_least(self) -> BridgeMovementQuerySet:
        """What counts when something is to be settled: what is approved, and all that waits to be settled."""
        return self.filter(declined_by__isnull=True).exclude(kind=BridgeMovementKind.DRAWDOWN, approved_at__isnull=True)


# The row of the facility is locked first, so that of twenty at once only those that fit go through. A drawdown takes of
# the limit, and what settles takes of what is owed, from the day it is proposed: whichever way the open ones are
# decided, neither is overdrawn.
_WITHIN_FACILITY = """
    SELECT * INTO facility FROM funding_bridgingfacility WHERE id = NEW.facility_id FOR UPDATE;
    IF NEW.kind = 'drawdown' THEN
        SELECT COALESCE(sum(m.amount_pence), 0) INTO drawn FROM funding_bridgemovement m
        WHERE m.facility_id = NEW.facility_id AND m.kind = 'drawdown' AND m.declined_by_id IS NULL AND m.id <> NEW.id;
        IF drawn + NEW.amount_pence > facility.limit_pence THEN
            RAISE EXCEPTION 'bridgemovement_drawn_within_limit: % is drawn or proposed to be', drawn
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_drawn_within_limit';
        END IF;
        IF NEW.on_date NOT BETWEEN facility.starts_on AND facility.expires_on THEN
            RAISE EXCEPTION 'bridgemovement_drawn_while_open: it is not open on %', NEW.on_date
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_drawn_while_open';
        END IF;
        RETURN NEW;
    END IF;
    -- On no day may more be settled than was drawn by then; within a day drawdowns come first.
    SELECT min(balance) INTO lowest FROM (
        SELECT sum(signed) OVER (ORDER BY on_date, signed DESC ROWS UNBOUNDED PRECEDING) AS balance
        FROM (
            SELECT m.on_date, CASE WHEN m.kind = 'drawdown' THEN m.amount_pence ELSE -m.amount_pence END AS signed
            FROM funding_bridgemovement m
            WHERE m.facility_id = NEW.facility_id AND m.id <> NEW.id AND m.declined_by_id IS NULL
            AND (m.kind <> 'drawdown' OR m.approved_at IS NOT NULL)
            UNION ALL SELECT NEW.on_date, -NEW.amount_pence
        ) AS every
    ) AS running;
    IF lowest < 0 THEN
        RAISE EXCEPTION 'bridgemovement_repaid_within_drawn: more than is owed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_repaid_within_drawn';
    END IF;
    RETURN NEW;
"""


@pghistory.track()
class BridgeMovement(DecidedByTwo):
    """Money drawn from a facility or paid back to it, or owed no longer because the lender wrote it off; it moves when
    a second person approves, and never changes."""

    Kind = BridgeMovementKind

    facility = models.ForeignKey(BridgingFacility, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=20, choices=BridgeMovementKind)
    amount_pence = models.BigIntegerField()
    on_date = models.DateField()
    reference = models.CharField(max_length=60)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it is written off.")

    objects = BridgeMovementQuerySet.as_manager()

    class Meta:
        ordering = ["on_date", "id"]
        constraints = [
            one_of("kind", BridgeMovementKind, "bridgemovement_kind"),
            models.CheckConstraint(name="bridgemovement_amount_positive", condition=models.Q(amount_pence__gt=0)),
            models.CheckConstraint(
                name="bridgemovement_write_off_has_reason", condition=~models.Q(kind="write_off", reason="")
            ),
            models.UniqueConstraint(
                name="bridgemovement_reference_once",
                fields=["facility", "reference"],
                condition=models.Q(declined_by__isnull=True),
            ),
            *by_two_people("bridgemovement"),
        ]
        triggers = [
            *decided_once(),
            of_a_day_that_came("bridgemovement"),
            pgtrigger.Trigger(
                name="within_facility",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__declined_by__isnull=True),
                declare=[("facility", "funding_bridgingfacility"), ("drawn", "bigint"), ("lowest", "bigint")],
                func=_WITHIN_FACILITY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"

    @property
    def signed_pence(self) -> int:
        """What it adds to the balance that is owed; below zero for a repayment or write-off."""
        return self.amount_pence if self.kind == BridgeMovementKind.DRAWDOWN else -self.amount_pence
