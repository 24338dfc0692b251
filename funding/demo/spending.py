"""What the demo region's unit itself spent of each grant: every quarter a part of what its budget plans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F

from funding.demo.days import midday
from funding.demo.plans import POUND, WAITING_SINCE
from funding.models import AwardYear, BudgetLine, UnitSpend
from funding.models.grants import SpendCategory
from funding.queries.budgets import planned_on
from funding.queries.spending import own_lines
from partners.models import User
from vru_portal.core.periods import Quarter

PARTS = (24, 25, 25, 24)  # of a hundred: a little is left at the end of every year
PAYEES = {
    "team": "Payroll of the Police and Crime Commissioner",
    "engagement": "Venues and travel, community networks",
    "running": "Offices and data services",
    SpendCategory.EVALUATION: "Lighthouse Evaluation",
}


def load(award_year: AwardYear, *, finance: User, director: User, today: date) -> None:
    made = UnitSpend.objects.bulk_create(_spent(award_year, finance, today))
    UnitSpend.objects.filter(pk__in=[each.pk for each in made]).update(
        approved_by=director, approved_at=F("proposed_at") + timedelta(days=1)
    )
    line = own_lines(award_year).filter(category=SpendCategory.EVALUATION).first()
    if line and award_year.year.first <= WAITING_SINCE <= min(award_year.year.last, today):
        UnitSpend.objects.create(
            line=line,
            on_date=WAITING_SINCE,
            amount_pence=12_000 * POUND,
            payee=PAYEES[SpendCategory.EVALUATION],
            reference=f"UNIT-{award_year.financial_year}-interim",
            note="Interim report on the exploitation hubs",
            proposed_by=finance,
            proposed_at=midday(WAITING_SINCE),
        )


def _spent(award_year: AwardYear, finance: User, today: date) -> Iterable[UnitSpend]:
    lines = list(own_lines(award_year))
    planned = planned_on(lines)
    for quarter, part in zip(award_year.year.quarters, PARTS, strict=True):
        if recorded_on(quarter) < today:
            yield from (_spend(line, quarter, planned[line.pk] * part // 100, finance) for line in lines)


def recorded_on(quarter: Quarter) -> date:
    return quarter.months[-1].last + timedelta(days=6)


def _spend(line: BudgetLine, quarter: Quarter, pence: int, finance: User) -> UnitSpend:
    return UnitSpend(
        line=line,
        on_date=quarter.months[-1].last,
        amount_pence=pence,
        payee=PAYEES[line.category],
        reference=f"UNIT-{quarter.months[0].code}-{line.category}",
        proposed_by=finance,
        proposed_at=midday(recorded_on(quarter)),
    )
