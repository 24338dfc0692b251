"""The dashboard's charts, each drawn from the table that stands beside it."""

from __future__ import annotations

from outcomes.models import Measure, Release
from outcomes.queries.change import Change
from outcomes.queries.figures import Number, Reach
from vru_portal.core import charts
from vru_portal.core.periods import FinancialYear, Month

WORDS = {"c": "hidden", "x": "not available", "z": "not applicable"}


def trend(reach: Reach, scope: str) -> charts.Figure:
    """Month by month, this financial year over the last one."""
    release = reach.release
    year = Month.of(release.month).financial_year
    beside = ", over the year before" if reach.last_year else ""
    who = "Pupils exposed" if reach.headline.is_estimate else "People supported"
    mark = " (e: estimate)" if reach.headline.is_estimate else ""
    svg = charts.range_trend(
        [_point(number, release) for number in reach.months],
        id="reach-trend",
        title=f"{who} each month, {year}",
        previous=[_point(number, release) for number in reach.last_year],
    )
    return charts.Figure(
        title="Month by month",
        subtitle=f"{who} in each month{mark}, {scope}, {year}{beside}",
        svg=svg,
        source=f"{release}, {release.get_status_display().lower()}. "
        f"{reach.headline.received:,} of {reach.headline.due:,} returns.",
        table=charts.Table(
            head=["Month", "Lower", "Upper", "Returns"],
            rows=[
                [str(Month.of(n.start)), _cell(n.lower, n), _cell(n.upper, n), f"{n.received} of {n.due}"]
                for n in reach.months
            ],
        ),
    )


def district_tiles(reach: Reach, *, chosen: str) -> list[charts.Tile]:
    """A tile a district, the chosen one (by its code) marked; the shade is by the upper end, in four even steps of
    the largest."""
    districts = [number for number in reach.districts if number.label.code in charts.AREAS]
    largest = max((number.upper or 0 for number in districts), default=0)
    return [
        charts.Tile(
            code=number.label.code,
            number=_range(number),
            note="recorded as living here",
            is_chosen=number.label.code == chosen,
            level=min(4, 1 + 4 * (number.upper or 0) // (largest + 1)) if number.upper else 0,
        )
        for number in districts
    ]


def change(found: Change, year: FinancialYear) -> charts.Figure | None:
    """Before and after, or medians, month by month; None when nobody was measured."""
    if not found.months:
        return None
    before_after = found.measure.kind == Measure.Kind.BEFORE_AFTER
    points = [
        charts.MonthPoint(
            month.month,
            lower=float(month.after if before_after else month.smallest_median),
            upper=None if before_after else float(month.largest_median),
        )
        for month in found.months
    ]
    unit = found.measure.get_unit_display()
    return charts.Figure(
        title=f"{found.measure.name}, month by month",
        subtitle=f"{'After support' if before_after else 'Median'}, {unit}, {year}",
        svg=charts.range_trend(points, id=f"change-{found.measure.code}", title=found.measure.name),
        source="Accepted returns. For staff: not a published figure.",
        table=charts.Table(
            head=["Month", "Measured on", "Before", "After", "Change"]
            if before_after
            else ["Month", "Measured on", "Smallest median", "Largest median"],
            rows=[_change_row(month, before_after) for month in found.months],
        ),
    )


def _change_row(month, before_after: bool) -> list[str]:
    if before_after:
        return [
            str(month.month),
            f"{month.people:,}",
            f"{month.before:.1f}",
            f"{month.after:.1f}",
            f"{month.difference:+.1f}",
        ]
    return [
        str(month.month),
        f"{month.people:,}",
        f"{month.smallest_median:.1f}",
        f"{month.largest_median:.1f}",
    ]


def _point(number: Number, release: Release) -> charts.MonthPoint:
    hidden = number.lower is None or number.upper is None
    return charts.MonthPoint(
        Month.of(number.start),
        lower=None if hidden else number.lower,
        upper=None if hidden else number.upper,
        provisional=release.status == Release.Status.PROVISIONAL,
        reason=WORDS.get(number.symbol, "") if hidden else "",
    )


def _range(number: Number) -> str:
    if number.lower is None or number.upper is None:
        return WORDS[number.symbol]
    return f"{number.lower:,}" if number.lower == number.upper else f"{number.lower:,}–{number.upper:,}"


def _cell(value: int | None, number: Number) -> str:
    if value is None:
        return WORDS[number.symbol]
    return f"{value:,} e" if number.is_estimate else f"{value:,}"
