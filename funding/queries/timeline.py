"""Cover: what stands against the commitments, month by month, as it was known on a day.

Each month is cumulative from April of its financial year, because a grant is for one year: what a year leaves unspent
does not pay for the next one. A grant counts from April in full once its agreement is signed, although agreements are
commonly signed about June: until then nothing of it counts, and a bridge has to.

Cover is secured grant + confirmed match + bridge drawn + bridge still drawable, against commitments + what the unit
spent itself + bridge repayments made and due. So a drawdown changes neither side, and a repayment gives back what was
borrowed. Across the turn of a year:

* `bridge_drawn` begins with what is still owed on 1 April;
* what only borrowed money has paid for by then comes along as `brought_forward`: a need, for the loan is no income.

A `Scenario` asks what if: agreements that nobody has signed are signed in some month, for a part of what was told of
(what it supposes stands apart from what is secured), or nothing more comes than came in.

All amounts are whole pence. What could be drawn counts in a month if it can be drawn on the month's last day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import cached_property

from funding.models import AwardYear, BridgingFacility, Fund, Match, PartnerAward, RingFence, UnitSpend
from funding.queries.gaps import DeliveryCover, FundGap, Span, delivery_covers, fund_gaps, spans_uncovered
from funding.queries.month_cover import MonthCover
from funding.queries.priorities import LAST, ranks
from funding.queries.standing import Bridge, Standing, award_years_known, bridges_known
from partners.models import User
from programmes.models import Delivery
from vru_portal.core.periods import FinancialYear, Month


@dataclass(frozen=True)
class Scenario:
    """What if the agreements that nobody has signed are signed in this month of their own financial year (0 for April,
    11 for March), and so many per cent of what was told of come? None: never, so that only signed ones count. Or if
    `nothing_more` comes of signed ones than came in, and nothing of the others."""

    signed_in: int | None = None
    percent: int = 100
    nothing_more: bool = False

    @property
    def is_supposed(self) -> bool:
        return self.signed_in is not None or self.nothing_more

    def secured(self, known: Standing) -> int:
        """The pence of a grant that may be relied on."""
        return min(known.secured, known.received) if self.nothing_more else known.secured

    def supposed(self, award_year: AwardYear, known: Standing, month: Month) -> int:
        """The pence that count by the month although nobody has signed; a part of a penny does not."""
        if self.signed_in is None or month < award_year.year.months[self.signed_in]:
            return 0
        return known.hoped_for * self.percent // 100


AS_IT_STANDS = Scenario()


@dataclass(frozen=True)
class FenceCover:
    """A ring-fence over its financial year: what counts of the grant for it, and what is committed to partners and
    spent by the unit out of it, in pence. Match and bridge belong to the whole fund, and are not among it.
    `first_uncovered` is the first month shown by which more is committed and spent than counts."""

    ring_fence: RingFence
    counts: int
    committed: int
    spent: int
    first_uncovered: Month | None


@dataclass(frozen=True)
class FundCover:
    """A fund's months. `first_uncovered` is None when all of them are covered."""

    fund: Fund
    months: tuple[MonthCover, ...]
    ring_fences: tuple[FenceCover, ...]
    gaps: tuple[FundGap, ...]

    @property
    def first_uncovered(self) -> Month | None:
        return _first_uncovered(self.months)

    @property
    def is_needed(self) -> bool:
        """Whether anything is to be paid from it in its months: not where it has ended."""
        return any(month.needed for month in self.months)


@dataclass(frozen=True)
class Cover:
    """What was known on `as_at`, for the months asked for."""

    as_at: date
    months: tuple[MonthCover, ...]
    funds: tuple[FundCover, ...]
    deliveries: tuple[DeliveryCover, ...]  # in the order in which they would stop; those that go on come last
    not_signed: tuple[FinancialYear, ...]  # of the months shown, those for which a grant waits for a signature

    @property
    def gaps(self) -> tuple[FundGap, ...]:
        return tuple(gap for fund in self.funds for gap in fund.gaps)

    @property
    def uncovered(self) -> tuple[Span, ...]:
        """The months by which something is not covered, whichever fund's."""
        return spans_uncovered(self.months)

    @property
    def first_uncovered(self) -> Month | None:
        return _first_uncovered(self.months)

    def of(self, fund: Fund) -> FundCover:
        return next(each for each in self.funds if each.fund == fund)

    @property
    def stopping(self) -> tuple[DeliveryCover, ...]:
        return tuple(delivery for delivery in self.deliveries if delivery.stops)

    @property
    def stopping_in_words(self) -> str:
        """“25 deliveries stop in April 2027 and 8 more by May 2027, unless cover comes.”"""
        if not self.stopping:
            return "No delivery stops by then."
        first, last = self.stopping[0].stops, self.stopping[-1].stops
        at_first = sum(line.stops == first for line in self.stopping)
        later = len(self.stopping) - at_first
        words = f"1 delivery stops in {first}" if at_first == 1 else f"{at_first:,} deliveries stop in {first}"
        return f"{words}{f' and {later:,} more by {last}' if later else ''}, {self._for_how_long}."

    @property
    def _for_how_long(self) -> str:
        spans = [gap.span for line in self.stopping for gap in line.gaps]
        if any(span.is_open for span in spans):
            return "unless cover comes"
        return f"until {max(span.covered_again for span in spans)} when cover comes"


def cover(
    *, user: User, as_at: date, scenario: Scenario = AS_IT_STANDS, first_month: Month | None = None, months: int = 18
) -> Cover:
    """The cover of `months` months from `first_month` (the month of `as_at` by itself), as known at the end of `as_at`.

    Exposure is reckoned fund by fund, for one funder's grant cannot pay for another's commitments, and then added up.
    Within a fund earlier months are paid before later ones. Within a month deliveries are paid in the order in which
    the unit would keep them, then those that it has not placed, and of equals the awards that were agreed first: so the
    deliveries get an order of stopping, if nothing is done.
    """
    start = first_month or Month.of(as_at)
    shown = [start.plus(n) for n in range(months)]
    books = _books(user, as_at, scenario)
    funds = tuple(book.cover(shown, as_at) for book in books)
    return Cover(
        as_at=as_at,
        months=tuple(_total(month, [fund.months[n] for fund in funds]) for n, month in enumerate(shown)),
        funds=funds,
        deliveries=_deliveries(books, funds),
        not_signed=tuple(sorted({year for book in books for year in book.not_signed(shown)})),
    )


def _first_uncovered(months: Iterable[MonthCover]) -> Month | None:
    return next((each.month for each in months if each.exposure > 0), None)


_AMOUNTS = [each.name for each in fields(MonthCover) if each.name != "month"]


def _total(month: Month, parts: list[MonthCover]) -> MonthCover:
    return MonthCover(month, **{name: sum(getattr(part, name) for part in parts) for name in _AMOUNTS})


# ---- One fund ----


@dataclass
class _Book:
    """Everything about one fund that was known on the day, and what is supposed."""

    fund: Fund
    scenario: Scenario
    kept: dict[int, int]  # by delivery: 1 would be kept longest
    award_years: list[tuple[AwardYear, Standing]] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    awards: list[PartnerAward] = field(default_factory=list)
    bridges: list[Bridge] = field(default_factory=list)
    spending: list[UnitSpend] = field(default_factory=list)

    def cover(self, shown: Sequence[Month], as_at: date) -> FundCover:
        months = tuple(map(self.month, shown))
        unpaid = {each.month: [award.delivery_id for award in self.unpaid(each)] for each in months}
        gaps = fund_gaps(self.fund, months, self.bridges, unpaid, as_at)
        return FundCover(self.fund, months, tuple(self.fences(shown)), tuple(gaps))

    def month(self, month: Month) -> MonthCover:
        return self._reckon(month, self.brought_forward(month.financial_year))

    def brought_forward(self, year: FinancialYear) -> int:
        """What borrowed money alone has paid for by 1 April: no more than is owed then."""
        if year not in self._brought_forward:
            self._brought_forward[year] = self._bring_forward(year)
        return self._brought_forward[year]

    def _bring_forward(self, year: FinancialYear) -> int:
        if year <= self._first_year:
            return 0
        eve = year.first - timedelta(days=1)
        owed = sum(bridge.owed(eve) for bridge in self.bridges)
        if owed == 0:
            return 0
        before = FinancialYear(year.start - 1)
        march = self._reckon(Month.of(eve), self.brought_forward(before))
        needed = march.committed + march.spent + march.brought_forward + march.ring_fenced_idle
        return min(owed, max(0, needed - march.secured - march.supposed - march.match))

    def _reckon(self, month: Month, brought_forward: int) -> MonthCover:
        year, end = month.financial_year, month.last
        eve = year.first - timedelta(days=1)
        standings = [(award_year, known) for award_year, known in self.award_years if award_year.year == year]
        secured = sum(self.scenario.secured(known) for _, known in standings)
        supposed = sum(self.scenario.supposed(award_year, known, month) for award_year, known in standings)
        match = sum(each.amount_pence for each in self.matches if each.award_year.year == year)
        drawn = sum(bridge.drawn(end) - bridge.settled(eve) for bridge in self.bridges)
        drawable = sum(bridge.drawable(end) for bridge in self.bridges)
        idle = sum(self._idle(award_year, known, month) for award_year, known in standings)
        committed, spent = self._committed(month), self._spent(month)
        repaid = sum(bridge.repaid(end) - bridge.repaid(eve) for bridge in self.bridges)
        due = sum(bridge.due(end) for bridge in self.bridges)
        needed = committed + spent + repaid + due + brought_forward
        return MonthCover(
            month=month,
            secured=secured,
            supposed=supposed,
            announced=sum(known.hoped_for for _, known in standings) - supposed,
            match=match,
            bridge_drawn=drawn,
            bridge_drawable=drawable,
            ring_fenced_idle=idle,
            committed=committed,
            spent=spent,
            repaid=repaid,
            repayment_due=due,
            brought_forward=brought_forward,
            exposure=max(0, needed + idle - secured - supposed - match - drawn - drawable),
        )

    def _idle(self, award_year: AwardYear, known: Standing, month: Month) -> int:
        """Of the grant that counts, what is kept for ring-fenced purposes and not yet used for them."""
        idle = sum(
            max(0, fence.reserved_pence - self._used(month, fence=fence.pk)) for fence in award_year.ring_fences.all()
        )
        return min(idle, self._counts(award_year, known, month))

    def not_signed(self, shown: Sequence[Month]) -> set[FinancialYear]:
        years = {month.financial_year for month in shown}
        return (
            award_year.year for award_year, known in self.award_years if known.hoped_for and award_year.year in years
        )

    def fences(self, shown: Sequence[Month]) -> Iterator[FenceCover]:
        for award_year, known in self.award_years:
            months = [month for month in shown if month.financial_year == award_year.year]
            for fence in award_year.ring_fences.all() if months else ():
                counts = {month: self._counts_for(fence, award_year, known, month) for month in months}
                short = (month for month in months if self._used(month, fence=fence.pk) > counts[month])
                march = award_year.year.months[-1]
                used = self._committed(march, fence=fence.pk), self._spent(march, fence=fence.pk)
                yield FenceCover(fence, counts[months[-1]], *used, next(short, None))

    def _counts_for(self, fence: RingFence, award_year: AwardYear, known: Standing, month: Month) -> int:
        """As much as the ring-fence lets be used, of the grant that counts by the month."""
        counts = self._counts(award_year, known, month)
        return counts if fence.limit_pence is None else min(fence.limit_pence, counts)

    def _counts(self, award_year: AwardYear, known: Standing, month: Month) -> int:
        return self.scenario.secured(known) + self.scenario.supposed(award_year, known, month)

    @cached_property
    def _brought_forward(self) -> dict[FinancialYear, int]:
        return {}

    @cached_property
    def _first_year(self) -> FinancialYear:
        starts = [award_year.year for award_year, _ in self.award_years]
        starts += [FinancialYear.of(bridge.facility.starts_on) for bridge in self.bridges]
        return min(starts, default=FinancialYear(9999))

    @cached_property
    def falling(self) -> dict[Month, list[tuple[PartnerAward, int]]]:
        """What falls on each month: the awards in the order in which they are paid, with their pence."""
        found = defaultdict(list)
        for award in sorted(self.awards, key=self._turn):
            for month, pence in award.by_month.items():
                found[month].append((award, pence))
        return found

    def _turn(self, award: PartnerAward) -> tuple:
        """Corrections below zero come first, so that what they take back is there to pay for the rest."""
        rank = self.kept.get(award.delivery_id, LAST)
        return award.amount_pence > 0, rank, award.agreed_on, award.reference

    def _committed(self, month: Month, *, fence: int | None = None) -> int:
        """From April to the month; to one ring-fence if given. An award never leaves its financial year."""
        return sum(
            pence
            for each in month.financial_year.months_to(month)
            for award, pence in self.falling.get(each, [])
            if fence is None or award.ring_fence_id == fence
        )

    def _spent(self, month: Month, *, fence: int | None = None) -> int:
        """By the unit itself from April to the month; out of one ring-fence if given."""
        april = month.financial_year.first
        return sum(
            spend.amount_pence
            for spend in self.spending
            if april <= spend.on_date <= month.last and (fence is None or spend.line.ring_fence_id == fence)
        )

    def _used(self, month: Month, *, fence: int) -> int:
        """Of a ring-fence: committed to partners, and spent by the unit."""
        return self._committed(month, fence=fence) + self._spent(month, fence=fence)

    def unpaid(self, covered: MonthCover) -> list[PartnerAward]:
        """The awards whose instalment of the month is not covered."""
        if covered.exposure == 0:
            return []
        instalments = self.falling.get(covered.month, [])
        left = sum(pence for _, pence in instalments) - covered.exposure
        unpaid = []
        for award, pence in instalments:
            left -= pence
            if left < 0 < pence:
                unpaid.append(award)
        return unpaid


def _deliveries(books: list[_Book], funds: tuple[FundCover, ...]) -> tuple[DeliveryCover, ...]:
    falling: dict[Delivery, dict[Month, int]] = defaultdict(lambda: defaultdict(int))
    unpaid: dict[Delivery, set[Month]] = defaultdict(set)
    for book, fund in zip(books, funds, strict=True):
        for covered in fund.months:
            for award, pence in book.falling.get(covered.month, []):
                falling[award.delivery][covered.month] += pence
            for award in book.unpaid(covered):
                unpaid[award.delivery].add(covered.month)
    return delivery_covers(falling, unpaid, books[0].kept if books else {})


def _books(user: User, as_at: date, scenario: Scenario) -> list[_Book]:
    """One book for each fund that the user may see, in a fixed number of queries."""
    kept = ranks()
    books = {fund.pk: _Book(fund, scenario, kept) for fund in Fund.objects.visible_to(user).select_related("funder")}
    years = AwardYear.objects.visible_to(user).prefetch_related("steps", "ring_fences")
    for award_year, known in award_years_known(years, as_at):
        books[award_year.fund_id].award_years.append((award_year, known))
    for match in Match.objects.visible_to(user).confirmed_by(as_at).select_related("award_year"):
        books[match.award_year.fund_id].matches.append(match)
    awards = PartnerAward.objects.visible_to(user).agreed_by(as_at).filter(award_year__fund__in=books)
    for award in awards.select_related("award_year", "delivery__partner", "delivery__programme"):
        books[award.award_year.fund_id].awards.append(award)
    spending = UnitSpend.objects.visible_to(user).known_by(as_at).filter(line__award_year__fund__in=books)
    for spend in spending.select_related("line__award_year"):
        books[spend.line.award_year.fund_id].spending.append(spend)
    facilities = BridgingFacility.objects.visible_to(user).agreed_by(as_at).prefetch_related("movements")
    for bridge in bridges_known(facilities, as_at):
        books[bridge.facility.fund_id].bridges.append(bridge)
    return list(books.values())
