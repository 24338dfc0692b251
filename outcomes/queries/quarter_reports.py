"""What fills a funder's report of a quarter, and where each row came from.

Reach and activity come from one release that is public, so that the funder is told what everybody is told: what is
hidden there goes to the funder hidden. Money is as it was recorded at the end of the quarter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from funding.queries import Amounts, amounts_of
from outcomes.activity import ALL
from outcomes.disclosure.rule import is_at_least
from outcomes.models import Figure, FunderReport, MappingRow, QuarterReport, QuarterRow, Release, ReportMapping
from outcomes.queries.figures import breaks
from outcomes.queries.reports import rows_of
from outcomes.sentences import NOUNS
from programmes.models import Programme
from vru_portal.core.money import pounds
from vru_portal.core.periods import FinancialYear, Month, Quarter
from vru_portal.core.refusals import Refusal

MISSING = {"c": "hidden", "x": "not available", "z": "nothing due"}
POUNDS = "pounds"


class NothingPublished(Refusal):
    pass


def mapping_for(report: FunderReport, quarter: Quarter) -> ReportMapping | None:
    """The live one in force."""
    live = report.mappings.filter(state=ReportMapping.State.LIVE, effective_from__lte=quarter.months[0].first)
    return live.order_by("-effective_from").first()


def release_for(quarter: Quarter, at: datetime) -> Release:
    """The newest that is public of April to the end of the quarter."""
    month = quarter.months[-1]
    release = Release.objects.published(at).filter(month=month.first).order_by("-number").first()
    if release is None:
        raise NothingPublished(f"No release of April to {month} is public yet. The report is filled from it.")
    return release


def quarters_to_report(report: FunderReport, at: datetime) -> list[Quarter]:
    """Those that can be filled and of which nothing was begun, newest first."""
    months = Release.objects.published(at).filter(month__month__in=[3, 6, 9, 12]).values_list("month", flat=True)
    begun = {each.quarter for each in report.quarters.all()}
    found = {Month.of(month).quarter for month in months} - begun
    return sorted((quarter for quarter in found if mapping_for(report, quarter)), reverse=True)


def told_before(quarter_report: QuarterReport) -> QuarterReport | None:
    """The last that was signed of an earlier quarter: as a rule, of the quarter before."""
    earlier = quarter_report.report.quarters.signed().filter(first_day__lt=quarter_report.first_day)
    return earlier.order_by("-first_day", "-number").first()


def breaks_since(quarter_report: QuarterReport) -> list[tuple[date, list[str], str]]:
    """From when on, and in which programmes, the people told of now are counted otherwise than those told before."""
    before = told_before(quarter_report)
    if before is None or quarter_report.release is None:
        return []
    return [each for each in breaks(quarter_report.release) if each[0] > before.first_day]


# ---- Filling ----
@dataclass(frozen=True)
class _Told:
    """What is said of a row."""

    came_from: str
    lower: Decimal | None = None
    upper: Decimal | None = None
    symbol: str = ""
    unit: str = ""
    received: int | None = None
    due: int | None = None
    release_row: int | None = None


def filled_rows(quarter_report: QuarterReport, release: Release) -> Iterator[QuarterRow]:
    """Not stored yet, in their order."""
    filling = _Filling(quarter_report, release)
    before = told_before(quarter_report)
    last = {row.code: _as_told_then(row, before.quarter) for row in before.rows.all()} if before else {}
    for order, row in enumerate(quarter_report.mapping.rows.select_related("programme"), 1):
        told = filling.told(row)
        yield QuarterRow(
            quarter_report=quarter_report,
            order=order,
            section=row.section,
            code=row.code,
            label=row.label,
            source=row.source,
            over=row.over,
            unit=told.unit,
            lower=told.lower,
            upper=told.upper,
            symbol=told.symbol,
            returns_received=told.received,
            returns_due=told.due,
            release_row=told.release_row,
            came_from=told.came_from[:300],
            told_before=last.get(row.code, "")[:120],
        )


def _as_told_then(row: QuarterRow, quarter: Quarter) -> str:
    """A year to date with its months: it is of a longer or shorter time than the one that it will stand beside."""
    words = in_words(row)
    is_to_date = row.over == MappingRow.Over.YEAR_TO_DATE
    return f"{words}, {_months(quarter, row.over)}" if words and is_to_date else words


def _months(quarter: Quarter, over: str) -> str:
    first = quarter.months[0] if over == MappingRow.Over.QUARTER else quarter.year.months[0]
    return f"{first} to {quarter.months[-1]}"


class _Filling:
    def __init__(self, quarter_report: QuarterReport, release: Release) -> None:
        self.quarter, self.release = quarter_report.quarter, release
        self.fund = quarter_report.report.fund
        self.activity = rows_of(release, "activity.csv")
        self.programmes = dict(Programme.objects.values_list("code", "name"))

    def told(self, row: MappingRow) -> _Told:
        by = {
            MappingRow.Source.REACH: self._reach,
            MappingRow.Source.MEASURE: self._measure,
            MappingRow.Source.MONEY: self._money,
        }.get(row.source)
        return by(row) if by else _Told("Written by the unit.")

    def _span(self, row: MappingRow) -> str:
        return _months(self.quarter, row.over)

    def _of(self, row: MappingRow) -> str:
        return f"{self.release}: {self._whose(row) or 'all programmes'}, {self._span(row)}"

    def _whose(self, row: MappingRow) -> str:
        return " + ".join(self.programmes[code] for code in row.programmes)

    def _reach(self, row: MappingRow) -> _Told:
        figures = self.release.figures.filter(
            period_type=row.over, period_end=self.quarter.months[-1].last, programme=row.programme
        )
        figure = figures.filter(district=None, age_band=None).first()
        if figure is None:
            return _Told(self._of(row), symbol="x", unit="people")
        exposed = figure.measure == Figure.Measured.PEOPLE_EXPOSED
        return _Told(
            self._of(row),
            lower=_decimal(figure.lower),
            upper=_decimal(figure.upper),
            symbol=figure.symbol,
            unit="pupils exposed, an estimate" if exposed else NOUNS[figure.beneficiary],
            received=figure.returns_received,
            due=figure.returns_due,
            release_row=figure.order,
        )

    def _measure(self, row: MappingRow) -> _Told:
        """All programmes: what several do together, or the one that is asked. Of programmes that are added up none may
        be missing or hidden: what is published of each is all that their sum may tell."""
        end, wanted = self.quarter.months[-1].last.isoformat(), row.programmes or [ALL]
        found = [
            told
            for told in self.activity
            if (told["period_type"], told["period_end"], told["measure_code"]) == (row.over, end, row.measure)
            and (told["partner_kind_code"], told["setting_code"]) == (ALL, ALL)
        ]
        programmes = {told["programme_code"]: told for told in found}
        if wanted == [ALL] and len(programmes) == 1:
            wanted = list(programmes)
        parts = [programmes[code] for code in wanted if code in programmes]
        if len(parts) < len(wanted):
            return _Told(f"{row.measure}, {self._of(row)}", symbol="x")
        symbol = max((part["symbol"] for part in parts), key=["", "x", "c"].index)
        value = None if symbol else sum(Decimal(part["value"]) for part in parts)
        return _Told(
            f"{parts[0]['measure']}, {self._of(row)}",
            lower=value,
            upper=value,
            symbol=symbol,
            unit=parts[0]["unit"],
            received=sum(int(part["returns_answered"]) for part in parts),
            due=sum(int(part["returns_due"]) for part in parts),
        )

    def _money(self, row: MappingRow) -> _Told:
        year, last = self.quarter.year, self.quarter.months[-1].last
        of = {"purpose": row.ring_fence, "programmes": row.programmes}
        now = self._amount(amounts_of(self.fund, year, **of, as_at=last), row)
        what = ": ".join(filter(None, (f"{self.fund}, {year}", row.ring_fence, self._whose(row))))
        if now is not None and self._flows(row):
            eve = self.quarter.months[0].first - timedelta(days=1)
            now -= self._amount(amounts_of(self.fund, year, **of, as_at=eve), row) or 0
            what += f", {self._span(row)}"
        else:
            what += f", on {last:%-d %B %Y}"
        amount = None if now is None else Decimal(now) / 100
        return _Told(what, lower=amount, upper=amount, symbol="x" if amount is None else "", unit=POUNDS)

    def _flows(self, row: MappingRow) -> bool:
        """What is awarded is awarded for a year; the others are told by what was added in the quarter."""
        return row.over == MappingRow.Over.QUARTER and row.money != MappingRow.Money.AWARDED

    def _amount(self, amounts: Amounts, row: MappingRow) -> int | None:
        return getattr(amounts, row.money)


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


# ---- In words ----
def in_words(row: QuarterRow) -> str:
    """“between 410 and 455”, “£600,000”, “hidden”; of a row of words nothing."""
    if row.source == MappingRow.Source.TEXT:
        return ""
    if row.lower is None and row.upper is None:
        return MISSING[row.symbol]
    returns = {"received": row.returns_received or 0, "due": row.returns_due or 0}
    is_more = row.source == MappingRow.Source.REACH and is_at_least(row.lower, row.upper, **returns)
    if row.upper is None or is_more:
        return f"at least {_number(row.lower, row.unit)}"
    if row.lower is None:
        return f"at most {_number(row.upper, row.unit)}"
    if row.lower == row.upper:
        return _number(row.lower, row.unit)
    return f"between {_number(row.lower, row.unit)} and {_number(row.upper, row.unit)}"


def _number(value: Decimal, unit: str) -> str:
    if unit == POUNDS:
        return pounds(int(value * 100))
    return f"{value.normalize():,f}" if value != value.to_integral() else f"{value:,.0f}"


# ---- For pages ----
def unanswered(quarter_report: QuarterReport) -> list[QuarterRow]:
    """Rows of words that nobody has written yet."""
    return list(quarter_report.rows.filter(source=MappingRow.Source.TEXT, answer=""))


def waiting_for_second() -> list[QuarterReport]:
    waiting = QuarterReport.objects.filter(state=QuarterReport.State.AUTHORED)
    return list(waiting.select_related("report", "authored_by").order_by("authored_at"))


def purposes_of(report: FunderReport) -> list[str]:
    """The purposes for which parts of the fund are kept, in any of its years."""
    fences = report.fund.award_years.values_list("ring_fences__purpose", flat=True).distinct()
    return sorted(purpose for purpose in fences if purpose)


def first_quarters(today_year: FinancialYear) -> list[Quarter]:
    """From which a mapping may begin: of last year, this one and the next."""
    years = [FinancialYear(today_year.start + n) for n in (-1, 0, 1)]
    return [quarter for year in years for quarter in year.quarters]
