"""What funders promise: funds, their award years and the steps these take. Money is whole pence."""

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
    takes,
)
from partners.permissions import Permission
from vru_portal.core.constraints import one_of
from vru_portal.core.periods import FinancialYear


class MoneyQuerySet(models.QuerySet):
    """What the unit holds, promises and owes: for those who may see all of its money."""

    def visible_to(self, user) -> MoneyQuerySet:
        return self if user.may(Permission.VIEW_MONEY) else self.none()


@pghistory.track()
class Fund(models.Model):
    """Who gives, and for what. The announcement's wording stands beside the parts and is never made to agree."""

    funder = models.ForeignKey("partners.Organisation", models.PROTECT, related_name="funds")
    name = models.CharField(max_length=150, unique=True)
    purpose = models.TextField()
    announced_wording = models.TextField(blank=True, help_text="As the funder put it, word for word.")
    announced_on = models.DateField(null=True, blank=True)
    announced_total_pence = models.BigIntegerField(
        null=True, blank=True, help_text="The total that the wording names, not the sum of the parts."
    )

    objects = MoneyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="fund_announced_total_not_negative",
                condition=models.Q(announced_total_pence__isnull=True) | models.Q(announced_total_pence__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AwardYearState(models.TextChoices):
    ANNOUNCED = "announced", "Announced"
    APPLIED = "applied", "Applied for"
    APPROVED = "approved", "Approved"
    AGREEMENT_SIGNED = "agreement_signed", "Agreement signed"
    PART_CLAIMED = "part_claimed", "Part claimed"
    FULLY_CLAIMED = "fully_claimed", "Fully claimed"
    RECONCILED = "reconciled", "Reconciled"
    CLOSED = "closed", "Closed"
    REDUCED = "reduced", "Reduced"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LAPSED = "lapsed", "Lapsed"


_S = AwardYearState

# Only these may be relied on. A reduced award is secured again once the changed agreement is signed.
SECURED_STATES = frozenset({_S.AGREEMENT_SIGNED, _S.PART_CLAIMED, _S.FULLY_CLAIMED, _S.RECONCILED, _S.CLOSED})
# The unit may still plan as it likes.
BEFORE_SIGNATURE = frozenset({_S.ANNOUNCED, _S.APPLIED, _S.APPROVED})
# Told of, and neither secured nor gone.
HOPED_FOR_STATES = frozenset({_S.ANNOUNCED, _S.APPLIED, _S.APPROVED, _S.REDUCED})
# It will not come.
GONE_STATES = frozenset({_S.WITHDRAWN, _S.LAPSED})
# What was agreed holds no longer. Of what was signed only what came in, and was not paid back, may be relied on.
EXITS = frozenset({_S.REDUCED, *GONE_STATES})
# Nothing more is claimed or paid out of it in the usual way.
SETTLED_STATES = frozenset({_S.RECONCILED, _S.CLOSED, *GONE_STATES})

# Which of the award year's amounts a step states.
STATED_AMOUNT = {
    _S.ANNOUNCED: "announced_pence",
    _S.APPLIED: "applied_pence",
    _S.APPROVED: "awarded_pence",
    _S.AGREEMENT_SIGNED: "awarded_pence",
    _S.REDUCED: "awarded_pence",
}

# From each state to the states that may follow it; "" is before the first step. A state that states an amount may
# also follow itself, with a note: that corrects the amount.
TRANSITIONS: dict[str, frozenset[str]] = {
    "": frozenset({_S.ANNOUNCED, _S.APPLIED}),
    _S.ANNOUNCED: frozenset({_S.ANNOUNCED, _S.APPLIED, *EXITS}),
    _S.APPLIED: frozenset({_S.APPLIED, _S.APPROVED, *EXITS}),
    _S.APPROVED: frozenset({_S.APPROVED, _S.AGREEMENT_SIGNED, *EXITS}),
    _S.AGREEMENT_SIGNED: frozenset({_S.AGREEMENT_SIGNED, _S.PART_CLAIMED, _S.FULLY_CLAIMED, *EXITS}),
    _S.PART_CLAIMED: frozenset({_S.FULLY_CLAIMED, *EXITS}),
    _S.FULLY_CLAIMED: frozenset({_S.RECONCILED, _S.REDUCED}),
    _S.RECONCILED: frozenset({_S.CLOSED}),
    _S.CLOSED: frozenset(),
    _S.REDUCED: frozenset({_S.REDUCED, _S.AGREEMENT_SIGNED, _S.WITHDRAWN, _S.LAPSED}),
    _S.WITHDRAWN: frozenset(),
    _S.LAPSED: frozenset(),
}


def size_of(*, awarded: int | None, announced: int | None, applied: int | None) -> int | None:
    """What the funder awarded, or as much as is stated so far; None while nothing is."""
    return next((pence for pence in (awarded, announced, applied) if pence is not None), None)


def _sql_list(values) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


_LEGAL_STEPS = ", ".join(
    sorted(f"('{before}', '{after}')" for before, follow in TRANSITIONS.items() for after in follow)
)


def _agrees_with_steps(award_year: str) -> str:
    """SQL: the award year's own columns say what its approved steps say; looked at when the transaction ends, when both
    are written. One step waits at a time, so the order of their numbers is that of their approvals."""
    return f"""
        IF EXISTS (
            SELECT 1 FROM funding_awardyear y
            WHERE y.id = {award_year} AND (
                y.state IS DISTINCT FROM COALESCE((
                    SELECT s.state FROM funding_awardyearstep s
                    WHERE s.award_year_id = y.id AND s.approved_at IS NOT NULL ORDER BY s.id DESC LIMIT 1), '')
                OR y.announced_pence IS DISTINCT FROM {_latest("announced_pence")}
                OR y.applied_pence IS DISTINCT FROM {_latest("applied_pence")}
                OR y.awarded_pence IS DISTINCT FROM {_latest("awarded_pence")})) THEN
            RAISE EXCEPTION 'awardyear_agrees_with_steps: award year % differs from its steps', {award_year}
                USING ERRCODE = 'check_violation', CONSTRAINT = 'awardyear_agrees_with_steps';
        END IF;
        RETURN NULL;
    """  # noqa: S608 (made of the tables above)


def _latest(amount: str) -> str:
    states = _sql_list(state for state, stated in STATED_AMOUNT.items() if stated == amount)
    return f"""(
        SELECT s.amount_pence FROM funding_awardyearstep s WHERE s.award_year_id = y.id AND s.approved_at IS NOT NULL
        AND s.state IN ({states}) AND s.amount_pence IS NOT NULL ORDER BY s.id DESC LIMIT 1)"""  # noqa: S608


@pghistory.track()
class AwardYear(models.Model):
    """One fund in one financial year. Announced, applied for and awarded are facts of their own: none is worked out
    from another. What was received is in its receipts; what was true on a day is in its steps."""

    State = AwardYearState

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="award_years")
    financial_year = models.PositiveSmallIntegerField(help_text="The year in which it begins: 2022 for 2022/23.")
    announced_pence = models.BigIntegerField(null=True, blank=True)
    applied_pence = models.BigIntegerField(null=True, blank=True)
    awarded_pence = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=20, choices=AwardYearState, blank=True, help_text="Empty until its first step is approved."
    )

    objects = MoneyQuerySet.as_manager()

    class Meta:
        ordering = ["fund", "financial_year"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "financial_year"], name="awardyear_once"),
            one_of("state", AwardYearState, "awardyear_state", blank=True),
            models.CheckConstraint(
                name="awardyear_amounts_not_negative",
                condition=~models.Q(announced_pence__lt=0)
                & ~models.Q(applied_pence__lt=0)
                & ~models.Q(awarded_pence__lt=0),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="never_moves", fields=["fund", "financial_year"]),
            pgtrigger.Trigger(
                name="agrees_with_steps",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=_agrees_with_steps("NEW.id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund}, {self.year}"

    @property
    def year(self) -> FinancialYear:
        return FinancialYear(self.financial_year)

    @property
    def size_pence(self) -> int | None:
        """What the funder awarded, or as much as is stated so far."""
        return size_of(awarded=self.awarded_pence, announced=self.announced_pence, applied=self.applied_pence)

    @property
    def is_secured(self) -> bool:
        return self.state in SECURED_STATES

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED_STATES

    @property
    def next_states(self) -> list[AwardYearState]:
        """What may be recorded next, in the order of the choices."""
        return [state for state in AwardYearState if state in TRANSITIONS[self.state]]


# What is claimed from the funder, or has come in, is not taken back by an amount that is awarded afterwards.
_COVERS = f"""
    IF NEW.state IN ({_sql_list(s for s, amount in STATED_AMOUNT.items() if amount == "awarded_pence")}) THEN
        IF NEW.amount_pence < (
            SELECT COALESCE(sum(c.amount_pence), 0) FROM funding_grantclaim c
            WHERE c.award_year_id = NEW.award_year_id AND {takes("c")}) THEN
            RAISE EXCEPTION 'awardyearstep_covers_claims: more is claimed from the funder'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'awardyearstep_covers_claims';
        END IF;
        IF NEW.amount_pence < (
            SELECT COALESCE(sum(r.amount_pence), 0) FROM funding_grantreceipt r
            WHERE r.award_year_id = NEW.award_year_id AND {takes("r")}) THEN
            RAISE EXCEPTION 'awardyearstep_covers_receipts: more has come in'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'awardyearstep_covers_receipts';
        END IF;
    END IF;
"""  # noqa: S608 (fragments of ours)


@pghistory.track()
class AwardYearStep(DecidedByTwo):
    """The award year reached a state on a day, once a second person approves. What held at any date is read from these;
    of each award year one at a time waits."""

    award_year = models.ForeignKey(AwardYear, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=20, choices=AwardYearState)
    on_date = models.DateField()
    amount_pence = models.BigIntegerField(
        null=True, blank=True, help_text="What this step states: announced, applied for or awarded."
    )
    note = models.TextField(blank=True)

    objects = DecidedQuerySet.as_manager()

    class Meta:
        ordering = ["award_year", "id"]
        constraints = [
            one_of("state", AwardYearState, "awardyearstep_state"),
            models.CheckConstraint(
                name="awardyearstep_amount_where_stated",
                condition=models.Q(amount_pence__isnull=True)
                | (models.Q(amount_pence__gte=0) & models.Q(state__in=sorted(STATED_AMOUNT))),
            ),
            models.UniqueConstraint(
                name="awardyearstep_one_waits",
                fields=["award_year"],
                condition=models.Q(approved_at__isnull=True, declined_by__isnull=True),
            ),
            *by_two_people("awardyearstep"),
        ]
        triggers = [
            *decided_once(),
            of_a_day_that_came("awardyearstep"),
            pgtrigger.Trigger(
                name="legal",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__declined_by__isnull=True),
                declare=[("before", "funding_awardyearstep")],
                func=f"""
                    PERFORM 1 FROM funding_awardyear WHERE id = NEW.award_year_id FOR UPDATE;
                    SELECT * INTO before FROM funding_awardyearstep
                    WHERE award_year_id = NEW.award_year_id AND approved_at IS NOT NULL ORDER BY id DESC LIMIT 1;
                    IF (COALESCE(before.state, ''), NEW.state) NOT IN ({_LEGAL_STEPS}) THEN
                        RAISE EXCEPTION 'awardyearstep_legal: % does not follow %', NEW.state, before.state
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'awardyearstep_legal';
                    END IF;
                    IF NEW.on_date < before.on_date THEN
                        RAISE EXCEPTION 'awardyearstep_in_order: the step before was on %', before.on_date
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'awardyearstep_in_order';
                    END IF;
                    IF NEW.state = before.state AND NEW.note = '' THEN
                        RAISE EXCEPTION 'awardyearstep_correction_has_note: say why the amount is corrected'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'awardyearstep_correction_has_note';
                    END IF;
                    {_COVERS}
                    RETURN NEW;
                """,  # noqa: S608 (made of the table above)
            ),
            pgtrigger.Trigger(
                name="agrees_with_steps",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=_agrees_with_steps("NEW.award_year_id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} on {self.on_date:%-d %B %Y}"


class SpendCategory(models.TextChoices):
    """What money is spent on: the headings that funders ask for, of budgets, awards and claims alike."""

    DELIVERY = "delivery", "Services by partners"
    EVALUATION = "evaluation", "Evaluation and learning"
    TEAM = "team", "The unit’s own team"
    ENGAGEMENT = "engagement", "Networks and engagement"
    RUNNING = "running", "Running costs"
