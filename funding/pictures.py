"""The numbers at the head of a page, and the cover timeline as a chart with its table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from funding.gap_words import spans_in_words
from funding.queries import AS_IT_STANDS, Cover, FacilityLine, FundLine, Scenario, YearLine
from vru_portal.core import charts
from vru_portal.core.money import pounds
from vru_portal.core.periods import FinancialYear

WHAT_COUNTS = "Of grant only signed agreements count, and of one that was reduced or ended what came in."


@dataclass(frozen=True)
class Stat:
    """What the `stat` component shows."""

    label: str
    figure: str
    sentence: str = ""
    state: str = ""


def cover_stats(
    cover: Cover, funds: list[FundLine], facilities: list[FacilityLine], scenario: Scenario = AS_IT_STANDS
) -> list[Stat]:
    """Secured, announced only, bridge, first uncovered month: the ten-second reading."""
    year = FinancialYear.of(cover.as_at)
    lines = [line for fund in funds for line in fund.years if line.award_year.year >= year]
    this_year = [line for line in lines if line.award_year.year == year]
    secured = sum(scenario.secured(line.standing) for line in this_year)
    hoped_for = [line for line in lines if line.standing.hoped_for]
    return [
        Stat("Secured", pounds(secured), _secured_in_words(year, this_year, scenario), "secured" if secured else ""),
        Stat(
            "Announced only",
            pounds(sum(line.standing.hoped_for for line in hoped_for)),
            f"Not signed: {_years(hoped_for)}." if hoped_for else "Nothing waits for a signature.",
            "announced" if hoped_for else "",
        ),
        _bridge_stat(facilities),
        _uncovered_stat(cover),
    ]


def _secured_in_words(year: FinancialYear, lines: Iterable[YearLine], scenario: Scenario) -> str:
    if scenario.nothing_more:
        return f"What came in of signed grants for {year}."
    came_in = any(line.standing.secured for line in lines if line.standing.has_ended)
    return f"Grant for {year} under signed agreements{', and what came in of others' if came_in else ''}."


def _years(lines) -> str:
    return ", ".join(sorted({str(line.award_year.year) for line in lines}))


def _bridge_stat(facilities: list[FacilityLine]) -> Stat:
    owed = sum(line.owed for line in facilities)
    drawable = [line for line in facilities if line.drawable]
    if not drawable:
        return Stat("Bridge owed", pounds(owed), "Nothing more can be drawn.", "bridged" if owed else "")
    last = max(line.facility.expires_on for line in drawable)
    left = pounds(sum(line.drawable for line in drawable))
    return Stat("Bridge owed", pounds(owed), f"{left} can still be drawn, until {last:%-d %B %Y}.", "bridged")


def _uncovered_stat(cover: Cover) -> Stat:
    first = next((month for month in cover.months if month.exposure), None)
    if first is None:
        return Stat("First month not covered", "None", f"Looked at up to {cover.months[-1].month}.")
    return Stat(
        "First month not covered",
        str(first.month),
        f"{pounds(first.exposure)} is missing then. {cover.stopping_in_words}",
        "uncovered",
    )


def facility_stats(line: FacilityLine) -> list[Stat]:
    facility = line.facility
    return [
        Stat(
            "Limit",
            pounds(facility.limit_pence),
            f"From {facility.starts_on:%-d %B %Y} to {facility.expires_on:%-d %B %Y}.",
            line.status,
        ),
        Stat("Drawn", pounds(line.drawn)),
        Stat("Repaid", pounds(line.repaid), f"{pounds(line.owed)} is owed." if line.owed else "Nothing is owed."),
        Stat("Still drawable", pounds(line.drawable), "What was repaid cannot be drawn again."),
    ]


def cover_figure(cover: Cover, scenario: Scenario = AS_IT_STANDS) -> charts.Figure:
    """Cover against commitments, each month cumulative from April of its financial year."""
    title = finding(cover, scenario)
    return charts.Figure(
        title=title,
        subtitle=(
            f"Cover, and commitments with what the unit spent, {cover.months[0].month} to {cover.months[-1].month}, "
            "each month added up from April of its financial year, pounds"
        ),
        svg=charts.cover_timeline([_column(month) for month in cover.months], id="cover", title=title),
        source=f"award years, bridging, awards to partners and spending as known on {cover.as_at:%-d %B %Y}",
        table=_table(cover),
    )


def supposition(cover: Cover, scenario: Scenario) -> str:
    """What the scenario supposes, in a sentence; nothing for things as they stand."""
    if scenario.nothing_more:
        return (
            "This supposes that of signed grants nothing more comes than came in by then, and nothing of the others. "
            "“Secured” is what came in. Nothing of that is recorded."
        )
    if scenario.signed_in is None:
        return ""
    comes = "all" if scenario.percent == 100 else f"{scenario.percent} %"
    return (
        f"This supposes that every agreement which is not signed is signed in {_month(cover, scenario)}, "
        f"and that {comes} of what was announced for it comes. Nothing of that is recorded."
    )


def _month(cover: Cover, scenario: Scenario) -> str:
    return month_of_years(scenario.signed_in, cover.not_signed)


def month_of_years(place: int, years: Iterable[FinancialYear]) -> str:
    """“June 2027”; “June 2022 and 2023” where two years wait for a signature; “June” where none does."""
    found = [year.months[place] for year in years]
    numbers = " and ".join(str(month.year) for month in found)
    return f"{FinancialYear(2022).months[place].first:%B} {numbers}".rstrip()


def finding(cover: Cover, scenario: Scenario = AS_IT_STANDS) -> str:
    """What the picture shows, in a sentence."""
    found = _finding(cover)
    if not scenario.is_supposed:
        return found
    return f"If {_what_if(cover, scenario)}: {found[0].lower()}{found[1:]}"


def _what_if(cover: Cover, scenario: Scenario) -> str:
    if scenario.nothing_more:
        return "nothing more comes than came in"
    part = "" if scenario.percent == 100 else f" at {scenario.percent} %"
    return f"the rest is signed in {_month(cover, scenario)}{part}"


def _finding(cover: Cover) -> str:
    if not any(month.needed for month in cover.months):
        return "No commitments are recorded"
    if not cover.uncovered:
        return f"Every commitment is covered to {cover.months[-1].month}"
    spending = any(month.spent for month in cover.months if month.exposure)
    needed = "Commitments and spending" if spending else "Commitments"
    return f"{needed} are not covered {spans_in_words(cover.uncovered)}"


def _column(month) -> charts.CoverMonth:
    return charts.CoverMonth(
        month=month.month,
        secured=month.secured,
        supposed=month.supposed,
        bridge=month.bridge,
        match=month.match,
        announced=month.announced,
        commitments=month.needed,
        exposure=month.exposure,
    )


# The columns of the table beside the picture.
COLUMNS = {
    "secured": "Secured grant",
    "supposed": "Supposed grant",
    "ring_fenced_idle": "Kept for a purpose, not yet used",
    "match": "Match",
    "bridge_drawn": "Bridge drawn",
    "bridge_drawable": "Bridge still drawable",
    "announced": "Announced only",
    "committed": "Committed",
    "spent": "Spent by the unit",
    "repaid": "Bridge repaid",
    "repayment_due": "Bridge due back",
    "brought_forward": "Paid by loan before April",
    "exposure": "Not covered",
}


def _table(cover: Cover) -> charts.Table:
    supposes = any(month.supposed for month in cover.months)
    shown = [name for name in COLUMNS if supposes or name != "supposed"]
    return charts.Table(
        head=["Month", *(COLUMNS[name] for name in shown)],
        rows=[[str(month.month), *(pounds(getattr(month, name)) for name in shown)] for month in cover.months],
    )
