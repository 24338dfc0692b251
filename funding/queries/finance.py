"""The finance page's tables: one financial year as it was known on a day. Whole pence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from funding.models import AwardYear, PartnerAward
from funding.models.awards import of_same_money
from funding.models.grants import GONE_STATES, SETTLED_STATES, SpendCategory
from funding.queries.budgets import budget_of
from funding.queries.funds import YearLine, fund_lines
from funding.queries.payments import AwardMoney, latest_forecasts, money_of_awards
from funding.queries.spending import spent_by
from partners.models import User
from vru_portal.core.money import even_parts
from vru_portal.core.periods import FinancialYear, Month


def years_with_money(*, user: User) -> list[FinancialYear]:
    """Those that a grant is known for."""
    starts = AwardYear.objects.visible_to(user).order_by().values_list("financial_year", flat=True).distinct()
    return [FinancialYear(start) for start in starts]


@dataclass(frozen=True)
class Sums:
    """`expected`: what partners are expected to spend in the whole year: the latest forecast of each month, and where
    nobody made one an even part of what is committed."""

    committed: int = 0
    claimed: int = 0
    approved: int = 0
    paid: int = 0
    expected: int = 0

    @property
    def variance(self) -> int:
        """Above nothing where less is expected to be spent than is committed."""
        return self.committed - self.expected

    @property
    def named(self) -> list[tuple[str, int]]:
        """Each with the heading of its column."""
        names = [*(each.name for each in fields(self)), "variance"]
        return [(name.capitalize(), getattr(self, name)) for name in names]

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Sums)))


@dataclass(frozen=True)
class Line:
    """One line of a table. `key`: what its awards are found by."""

    key: str
    name: str
    sums: Sums


@dataclass(frozen=True)
class Grant:
    """An award year with its four amounts, and what is committed to partners and paid out of it. `own`: what is planned
    for spending of the unit's own, which no award to a partner is for; `own_spent`: what the unit spent by the day;
    `own_expected`: what it will have spent: while the year lasts what is planned, or more where more is spent already,
    and once it is over what was spent."""

    line: YearLine
    sums: Sums
    own: int
    own_spent: int
    own_expected: int

    @property
    def underspend(self) -> int | None:
        """What would be left on the last day of the year, which a grant does not carry over; None while its size is
        not stated, and of one that will not come. Below nothing where more would be spent than there is."""
        known = self.line.standing
        if known is None or known.size is None or known.state in GONE_STATES:
            return None
        return known.size - self.own_expected - self.sums.expected

    @property
    def in_hand(self) -> int:
        """What came in from the funder and is neither paid to partners nor spent by the unit; below nothing where more
        went out than came in, so that somebody advances it."""
        return self.line.received - self.sums.paid - self.own_spent

    @property
    def still_pays(self) -> bool:
        """Whether more of it may come in."""
        known = self.line.standing
        return known is not None and known.state not in SETTLED_STATES

    @property
    def paid_ahead(self) -> int:
        return max(0, -self.in_hand)

    @property
    def lost_after(self) -> date:
        return self.line.award_year.year.last


@dataclass(frozen=True)
class Finance:
    as_at: date
    year: FinancialYear
    grants: tuple[Grant, ...]
    tables: Mapping[str, tuple[Line, ...]]  # by the names of `BY`

    @property
    def total(self) -> Sums:
        return sum((line.sums for line in self.tables["partner"]), Sums())


BY = {"ring_fence": "Ring-fence", "programme": "Programme", "partner": "Partner", "district": "District"}


def finance(*, user: User, as_at: date, year: FinancialYear) -> Finance:
    money = _of_year(user, as_at, year)
    sums = _sums(money, as_at)
    grants = tuple(
        _grant(line, money, sums, as_at)
        for fund in fund_lines(user=user, as_at=as_at)
        for line in fund.years
        if line.award_year.year == year
    )
    return Finance(as_at, year, grants, {by: _lines(money, sums, by) for by in BY})


@dataclass(frozen=True)
class Behind:
    """An award with the part of its sums that a line of a table adds up; `name` is the line's."""

    name: str
    award: PartnerAward
    sums: Sums


def awards_behind(*, user: User, as_at: date, year: FinancialYear, by: str, key: str) -> list[Behind]:
    """What a line of the table `by` adds up, a “grant” does, or “all” of the year."""
    money = _of_year(user, as_at, year)
    sums = _sums(money, as_at)
    return [
        Behind(name, each.award, part)
        for each in money
        for (found, name), part in _parts(each.award, sums[each.award.pk], by)
        if found == key
    ]


def _of_year(user: User, as_at: date, year: FinancialYear) -> list[AwardMoney]:
    return [m for m in money_of_awards(user=user, as_at=as_at) if m.award.award_year.year == year]


def _parts(award: PartnerAward, sums: Sums, by: str) -> Iterable[tuple[tuple[str, str], Sums]]:
    """By key and name (empty where it has none), what of an award stands on each line. One of several districts is
    shared equally between them; pence that do not divide go to the last."""
    places = _places(award, by)
    return zip(places, shared(sums, len(places)), strict=True)


def _places(award: PartnerAward, by: str) -> list[tuple[str, str]]:
    delivery, fence = award.delivery, award.ring_fence
    if by == "district":
        areas = sorted(delivery.areas.all(), key=lambda area: area.gss_code)
        return [(area.gss_code, area.name) for area in areas] or [("", "")]
    return [
        {
            "ring_fence": (str(fence.pk), fence.purpose) if fence else ("", ""),
            "programme": (delivery.programme.code, delivery.programme.name),
            "partner": (str(delivery.partner_id), delivery.partner.name),
            "grant": (str(award.award_year_id), award.award_year.fund.name),
            "all": ("", ""),
        }[by]
    ]


def _sums(money: Iterable[AwardMoney], as_at: date) -> dict[int, Sums]:
    """By award."""
    expects = expected([each.award for each in money], as_at)
    return {
        each.award.pk: Sums(each.awarded, each.claimed, each.approved, each.paid, expects[each.award.pk])
        for each in money
    }


def expected(awards: Iterable[PartnerAward], as_at: date) -> dict[int, int]:
    """By award, what is expected to be spent of it: month by month the forecast, or an even part where there is none. A
    correction takes back only what would be more than is awarded together: partners forecast what is left to them."""
    together = of_same_money(awards)
    forecasts = latest_forecasts([award for alike in together for award in alike], as_at=as_at)
    found: dict[int, int] = {}
    for alike in together:
        given = [award for award in alike if award.amount_pence > 0]
        found |= {award.pk: _forecast(award, forecasts.get(award.pk, {})) for award in given}
        too_much = sum(found[award.pk] for award in given) - sum(award.amount_pence for award in alike)
        for correction in (award for award in alike if award.amount_pence < 0):
            found[correction.pk] = -min(max(0, too_much), -correction.amount_pence)
            too_much += found[correction.pk]
    return found


def _forecast(award: PartnerAward, forecast: Mapping[Month, int]) -> int:
    return sum(forecast.get(month, pence) for month, pence in award.by_month.items())


def _lines(money: Iterable[AwardMoney], sums: Mapping[int, Sums], by: str) -> tuple[Line, ...]:
    found: dict[tuple[str, str], Sums] = defaultdict(Sums)
    for each in money:
        for place, part in _parts(each.award, sums[each.award.pk], by):
            found[place] += part
    return tuple(Line(key, name, total) for (key, name), total in sorted(found.items(), key=lambda line: line[0][1]))


def shared(sums: Sums, among: int) -> list[Sums]:
    """Equal parts that add up to the whole."""
    divided = (even_parts(getattr(sums, each.name), among) for each in fields(Sums))
    return [Sums(*parts) for parts in zip(*divided, strict=True)]


def _grant(line: YearLine, money: Iterable[AwardMoney], sums: Mapping[int, Sums], as_at: date) -> Grant:
    awards = [each.award for each in money if each.award.award_year_id == line.award_year.pk]
    own: dict[str, int] = defaultdict(int)
    for each, planned in budget_of(line.award_year, as_at=as_at).lines:
        own[each.category] += planned
    for award in awards:
        own[award.category] -= sums[award.pk].committed
    planned = {category: max(0, own[category]) for category in SpendCategory if category != SpendCategory.DELIVERY}
    spent = spent_by(line.award_year, as_at)
    lasts = as_at <= line.award_year.year.last
    to_come = sum(max(0, pence - spent.get(category, 0)) for category, pence in planned.items()) if lasts else 0
    own_spent = sum(spent.values())
    total = sum((sums[award.pk] for award in awards), Sums())
    return Grant(line, total, sum(planned.values()), own_spent, own_spent + to_come)
