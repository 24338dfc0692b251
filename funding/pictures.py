"""The numbers at the head of a page, and the cover timeline as a chart with its table."""

from __future__ import annotations

from dataclasses import dataclass

from funding.queries import Cover, FacilityLine, FundLine
from vru_portal.core import charts
from vru_portal.core.money import pounds
from vru_portal.core.periods import FinancialYear


@dataclass(frozen=True)
class Stat:
    """What the `stat` component shows."""

    label: str
    figure: str
    sentence: str = ""
    state: str = ""


def cover_stats(cover: Cover, funds: list[FundLine], facilities: list[FacilityLine]) -> list[Stat]:
    """Secured, announced only, bridge, first uncovered month: the ten-second reading."""
    year = FinancialYear.of(cover.as_at)
    lines = [line for fund in funds for line in fund.years if line.award_year.year >= year]
    secured = sum(line.standing.secured for line in lines if line.award_year.year == year)
    hoped_for = [line for line in lines if line.standing.hoped_for]
    return [
        Stat("Secured", pounds(secured), f"Grant for {year} under signed agreements.", "secured" if secured else ""),
        Stat(
            "Announced only",
            pounds(sum(line.standing.hoped_for for line in hoped_for)),
            f"Not signed: {_years(hoped_for)}." if hoped_for else "Nothing waits for a signature.",
            "announced" if hoped_for else "",
        ),
        _bridge_stat(facilities),
        _uncovered_stat(cover),
    ]


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


def cover_figure(cover: Cover) -> charts.Figure:
    """Cover against commitments, each month cumulative from April of its financial year."""
    title = finding(cover)
    return charts.Figure(
        title=title,
        subtitle=(
            f"Cover and commitments, {cover.months[0].month} to {cover.months[-1].month}, "
            "each month added up from April of its financial year, pounds"
        ),
        svg=charts.cover_timeline([_column(month) for month in cover.months], id="cover", title=title),
        source=f"award years, bridging and awards to partners as known on {cover.as_at:%-d %B %Y}",
        table=_table(cover),
    )


def finding(cover: Cover) -> str:
    """What the picture shows, in a sentence."""
    first = cover.first_uncovered
    if not any(month.needed for month in cover.months):
        return "No commitments are recorded"
    if first is None:
        return f"Every commitment is covered to {cover.months[-1].month}"
    return f"Commitments are not covered from {first}"


def _column(month) -> charts.CoverMonth:
    return charts.CoverMonth(
        month=month.month,
        secured=month.secured,
        bridge=month.bridge,
        match=month.match,
        announced=month.announced,
        commitments=month.needed,
        exposure=month.exposure,
    )


def _table(cover: Cover) -> charts.Table:
    return charts.Table(
        head=[
            "Month",
            "Secured grant",
            "Kept for a purpose, not yet used",
            "Match",
            "Bridge drawn",
            "Bridge still drawable",
            "Announced only",
            "Committed",
            "Bridge repaid",
            "Bridge due back",
            "Paid by loan before April",
            "Not covered",
        ],
        rows=[
            [
                str(month.month),
                *(
                    pounds(pence)
                    for pence in (
                        month.secured,
                        month.ring_fenced_idle,
                        month.match,
                        month.bridge_drawn,
                        month.bridge_drawable,
                        month.announced,
                        month.committed,
                        month.repaid,
                        month.repayment_due,
                        month.brought_forward,
                        month.exposure,
                    )
                ),
            ]
            for month in cover.months
        ],
    )
