"""Every total that a page or a file shows is the sum of its movements, read row by row."""

from collections import Counter
from datetime import date

from funding import queries
from funding.models import (
    BridgeMovement,
    BudgetEntry,
    ClaimLine,
    GrantClaim,
    GrantReceipt,
    PartnerAward,
    PartnerPayment,
    UnitSpend,
)
from funding.queries.finance import BY, Sums, awards_behind
from funding.queries.finance import finance as finance_of
from vru_portal.core.periods import FinancialYear

YEAR = FinancialYear(2022)
AS_AT = date(2022, 12, 31)


def check_totals(region: dict) -> None:
    seen = finance_of(user=region["director"], as_at=AS_AT, year=YEAR)
    (grant,) = seen.grants
    committed = sum(award.amount_pence for award in approved(PartnerAward))
    asked = ClaimLine.objects.filter(claim__state__in=["sent", "queried", "approved"])
    granted = ClaimLine.objects.filter(claim__state="approved")
    paid = sum(payment.amount_pence for payment in approved(PartnerPayment))
    movements = (committed, sum_of(asked), sum_of(granted), paid)
    for line in (seen.total, grant.sums, *(_whole(table) for table in seen.tables.values())):
        assert (line.committed, line.claimed, line.approved, line.paid) == movements
    assert grant.line.committed == committed
    assert grant.line.received == sum_of(GrantReceipt.objects.approved())
    assert grant.own_spent == sum(spend.amount_pence for spend in approved(UnitSpend))
    lines = [(name, line.key, line.sums) for name in BY for line in seen.tables[name]]
    of_all = [("grant", str(grant.line.award_year.pk), grant.sums), ("all", "", seen.total)]
    for by, key, sums in lines + of_all:
        behind = awards_behind(user=region["director"], as_at=AS_AT, year=YEAR, by=by, key=key)
        assert _whole(behind) == sums, by
    facility = queries.facility_line(region["facility"], as_at=AS_AT)
    moved = Counter()
    for movement in approved(BridgeMovement):
        moved[movement.kind] += movement.amount_pence
    assert (facility.drawn, facility.repaid) == (moved["drawdown"], moved["repayment"])
    assert facility.owed == moved["drawdown"] - moved["repayment"] - moved["write_off"]
    assert facility.drawable == 1_000_00 - moved["drawdown"]
    _check_budget(region)
    _check_quarters(region)
    _check_cover(region, committed)


def _check_budget(region: dict) -> None:
    planned, spent = planned_and_spent()
    found = queries.commitments_of(region["year"])
    for each in found.lines:
        if each.line:
            assert (each.planned, each.spent) == (planned[each.line.pk], spent[each.line.pk])
    assert found.total.planned == queries.budget_of(region["year"]).total == sum(planned.values())
    assert found.total.awarded == sum(award.amount_pence for award in approved(PartnerAward))


def _check_quarters(region: dict) -> None:
    quarters = queries.quarters_of(region["year"])
    assert sum(line.claimed for line in quarters) == sum(claim.amount_pence for claim in approved(GrantClaim))
    assert sum(line.received for line in quarters) == sum_of(GrantReceipt.objects.approved().exclude(claim=None))


def _check_cover(region: dict, committed: int) -> None:
    """In March all of the year's commitments have fallen due, and the cover is what is signed and can be drawn."""
    march = YEAR.months[-1]
    seen = queries.cover(user=region["director"], as_at=AS_AT, first_month=march, months=1)
    (fund,) = seen.funds
    assert fund.months[0].committed == committed
    assert fund.months[0].secured == 5_000_00
    loan = queries.facility_line(region["facility"], as_at=AS_AT)
    assert (fund.months[0].bridge_drawn, fund.months[0].repaid) == (loan.drawn, loan.repaid)


def approved(model) -> list:
    return list(model.objects.filter(approved_by__isnull=False))


def planned_and_spent() -> tuple[Counter, Counter]:
    """Approved, by line."""
    planned, spent = Counter(), Counter()
    for entry in BudgetEntry.objects.filter(change__approved_by__isnull=False):
        planned[entry.line_id] += entry.amount_pence
    for spend in approved(UnitSpend):
        spent[spend.line_id] += spend.amount_pence
    return planned, spent


def _whole(lines) -> Sums:
    return sum((line.sums for line in lines), Sums())


def sum_of(rows) -> int:
    return sum(rows.values_list("amount_pence", flat=True))
