"""The finance page: a financial year's money by whom, where and for what, and what a young person cost. Composed of the
money and of the people behind it; each table is given as CSV and as an accessible spreadsheet too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView, View

from funding import queries
from funding.forms import FinanceForm
from funding.queries.deflators import Prices, prices
from funding.queries.finance import BY, Finance, Line, Sums, awards_behind, finance
from outcomes.queries.cost_base import CostBase, cost_bases
from partners.access import PermissionRequired
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.accessible_workbook import book
from vru_portal.core.money import pounds
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.core.tables_out import Column, Table


@dataclass(frozen=True)
class Cost:
    """What one young person of a programme cost: what was paid, over the most people and over the fewest."""

    base: CostBase
    paid: int
    refusal: str

    @property
    def words(self) -> str:
        if self.refusal:
            return f"not told: {self.refusal}"
        low, high = self.paid // self.base.upper, -(-self.paid // self.base.lower)
        return _pounds(low) if self.base.lower == self.base.upper else f"between {_pounds(low)} and {_pounds(high)}"


def _pounds(pence: int) -> str:
    """To the nearest pound: a range needs no pence."""
    return pounds(round(pence, -2))


@dataclass(frozen=True)
class RealYear:
    """The grant of a financial year as it was awarded, and in the prices of another year; None where the series does
    not have the year."""

    year: FinancialYear
    awarded: int
    real: int | None


class ShowFinance(PermissionRequired, TemplateView):
    """One financial year, as known on a day."""

    permission = Permission.VIEW_MONEY
    template_name = "portal/finance.html"

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        form = FinanceForm(self.request.GET, today=timezone.localdate())
        found = finance(user=user, as_at=form.day, year=form.year)
        known = prices(form.year)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "finance": found,
            "query": form.query,
            "tables": [(by, label, found.tables[by]) for by, label in BY.items()],
            "costs": costs(found),
            "until": _last_month(form.day, form.year),
            "real": real_terms(user, form.day, known) if known else [],
            "prices": known,
            "facilities": queries.facility_lines(user=user, as_at=form.day),
            "readings": [(grant.line.award_year, queries.readings(grant.line.award_year)) for grant in found.grants],
            "claims_due": queries.claims_due(user=user, today=form.day),
        }


def costs(found: Finance) -> list[Cost]:
    paid = {line.key: line.sums.paid for line in found.tables["programme"]}
    bases = cost_bases(found.year, _last_month(found.as_at, found.year))
    return [
        Cost(base, paid[base.programme.code], base.refusal or ("" if paid[base.programme.code] else "nothing is paid"))
        for base in bases
        if base.programme.code in paid
    ]


def _last_month(day: date, year: FinancialYear) -> Month:
    """The last month of the year that is over by the day; April while none is."""
    return max(year.months[0], min(Month.of(day).plus(-1), year.months[-1]))


def real_terms(user: User, day: date, known: Prices) -> list[RealYear]:
    """Every financial year's grant as awarded by the day, in the prices of the series' base year."""
    awarded: dict[FinancialYear, int] = {}
    for fund in queries.fund_lines(user=user, as_at=day):
        for line in fund.years:
            if line.standing and line.standing.awarded is not None:
                year = line.award_year.year
                awarded[year] = awarded.get(year, 0) + line.standing.awarded
    return [RealYear(year, pence, known.real(pence, year)) for year, pence in sorted(awarded.items())]


class ShowAwardsBehind(PermissionRequired, TemplateView):
    """The awards that one number of the finance page adds up; each leads to its movements."""

    permission = Permission.VIEW_MONEY
    template_name = "portal/finance_awards.html"

    def get_context_data(self, by: str, **kwargs) -> dict:
        form = FinanceForm(self.request.GET, today=timezone.localdate())
        key = self.request.GET.get("key", "")
        found = awards_behind(user=self.request.user, as_at=form.day, year=form.year, by=by, key=key)
        total = sum((Sums(each.awarded, each.claimed, each.approved, each.paid) for each in found), Sums())
        return super().get_context_data(**kwargs) | {
            "awards": found,
            "total": total,
            "by": "Grant" if by == "grant" else BY[by],
            "form": form,
            "shares": by == "district",
        }


class DownloadFinance(PermissionRequired, View):
    """One of the tables, as a CSV file, or all of them as a spreadsheet."""

    permission = Permission.VIEW_MONEY

    def get(self, request: HttpRequest, name: str, kind: str) -> HttpResponse:
        form = FinanceForm(request.GET, today=timezone.localdate())
        found = finance(user=request.user, as_at=form.day, year=form.year)
        tables = {table.name: table for table in tables_of(found)}
        file_name = f"{name}-{form.year.start}-as-at-{form.day:%Y-%m-%d}.{kind}"
        if kind == "csv":
            if name not in tables:
                raise Http404
            return _file(tables[name].csv(), "text/csv; charset=utf-8", file_name)
        data = book(
            [table for table in tables.values() if table.rows],
            title=f"Money of {form.year}",
            intro=[f"As known on {form.day:%-d %B %Y}."],
            about=["Amounts are pounds."],
            notes=["An award of several districts is shared equally between them."],
            called=f"Money of {form.year}",
            dated=form.day,
        )
        return _file(data, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", file_name)


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


_SUMS = (
    Column("committed", "Awarded to partners and agreed with them, pounds", "number"),
    Column("claimed", "Claimed by partners, pounds", "number"),
    Column("approved", "Of the claims, what the unit approved, pounds", "number"),
    Column("paid", "Paid to partners, pounds", "number"),
    Column("expected", "Expected to be spent in the year, by the latest forecasts, pounds", "number"),
    Column("variance", "Committed less expected, pounds", "number"),
)


def tables_of(found: Finance) -> list[Table]:
    grants = Table(
        "grants",
        "Grants",
        f"Award years of {found.year} as known on {found.as_at:%-d %B %Y}.",
        (
            Column("fund", "The fund"),
            *(
                Column(name, f"{name.capitalize()}, pounds; empty where nobody stated it", "number")
                for name in ("announced", "applied", "awarded")
            ),
            Column("received", "Come in, pounds", "number"),
            *_SUMS,
            Column("underspend", "What would be left on the last day of the year, pounds", "number"),
            Column("lost_after", "The day after which what is left is lost", "date"),
        ),
        ("fund",),
        [_grant_row(grant) for grant in found.grants],
    )
    return [grants, *(_table(by, label, found.tables[by], found) for by, label in BY.items())]


def _grant_row(grant) -> list:
    standing = grant.line.standing
    stated = (standing.announced, standing.applied, standing.awarded) if standing else (None, None, None)
    return [
        str(grant.line.award_year.fund),
        *map(_amount, stated),
        _amount(grant.line.received),
        *_sums(grant.sums),
        _amount(grant.underspend),
        grant.lost_after,
    ]


def _table(by: str, label: str, lines: Sequence[Line], found: Finance) -> Table:
    return Table(
        by,
        f"By {label.lower()}",
        f"Money to partners in {found.year} as known on {found.as_at:%-d %B %Y}.",
        (Column(by, label), *_SUMS),
        (by,),
        [[line.name or "none", *_sums(line.sums)] for line in lines],
    )


def _sums(sums: Sums) -> list[Decimal | None]:
    return [_amount(getattr(sums, column.name)) for column in _SUMS]


def _amount(pence: int | None) -> Decimal | None:
    return None if pence is None else Decimal(pence) / 100
