"""The dashboard's charts, each drawn from the table that stands beside it."""

from __future__ import annotations

from outcomes.answer_words import said
from outcomes.models import Measure, Release
from outcomes.queries.change import MonthValue, Series
from outcomes.queries.figures import Number, Reach
from vru_portal.core import charts
from vru_portal.core.periods import FinancialYear, Month, months_between

WORDS = {"c": "hidden", "x": "not available", "z": "not applicable"}


def trend(reach: Reach, scope: str) -> charts.Figure:
    """Month by month, this financial year over the last one."""
    release = reach.release
    year = Month.of(release.month).financial_year
    beside = ", over the year before" if reach.last_year else ""
    who = "Pupils exposed" if reach.headline.is_estimate else "People supported"
    is_marked = reach.headline.is_estimate or any(number.returns_estimated for number in reach.months)
    mark = " (e: estimate)" if is_marked else ""
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


def change(series: Series, year: FinancialYear) -> charts.Figure:
    """A measure month by month, with its breaks; averages as they were after support."""
    measure = series.measure
    values = {month.month: month for month in series.months}
    months = months_between(min(values), max(values))
    points = [_change_point(month, values.get(month)) for month in months]
    what = {Measure.Kind.BEFORE_AFTER: "After support", Measure.Kind.MEDIAN: "Median"}.get(measure.kind, "")
    return charts.Figure(
        title="Month by month",
        subtitle=", ".join(filter(None, [what, unit_of(measure), str(year)])),
        svg=charts.range_trend(
            points,
            id=f"change-{measure.code}",
            title=measure.name,
            breaks=[charts.Break(each.month, each.note) for each in series.breaks],
        ),
        source="Accepted returns. For staff: not a published figure.",
        table=charts.Table(
            head=_change_head(measure),
            rows=[_change_row(series, month) for month in series.months],
            caption=f"{measure.name}, month by month",
        ),
        heading=3,
    )


def unit_of(measure: Measure) -> str:
    return measure.people_label if measure.is_whole and measure.people_label else measure.get_unit_display()


def _change_point(month: Month, found: MonthValue | None) -> charts.MonthPoint:
    if found is None:
        return charts.MonthPoint(month, lower=None, reason="no answer")
    return charts.MonthPoint(month, lower=float(found.value.low), upper=float(found.value.high))


def _change_head(measure: Measure) -> list[str]:
    values = {
        Measure.Kind.BEFORE_AFTER: ["Measured on", "Before", "After", "Change"],
        Measure.Kind.MEDIAN: ["Measured on", "Smallest median", "Largest median"],
    }
    return ["Month", "Places", *values.get(measure.kind, ["Value"]), "Counted"]


def _change_row(series: Series, month: MonthValue) -> list[str]:
    value, kind = month.value, series.measure.kind
    if kind == Measure.Kind.BEFORE_AFTER:
        values = [f"{value.people:,}", f"{value.before:.1f}", f"{value.high:.1f}", f"{value.difference:+.1f}"]
    elif kind == Measure.Kind.MEDIAN:
        values = [f"{value.people:,}", f"{value.low:.1f}", f"{value.high:.1f}"]
    else:
        values = [value.words]
    return [str(month.month), f"{value.deliveries:,}", *values, _counted(series, month)]


def _counted(series: Series, month: MonthValue) -> str:
    """How a month stands to a break: “otherwise: × 2.4”, and at the break “b”."""
    if any(each.month == month.month for each in series.breaks):
        return "b: anew from here"
    return "" if month.factor is None else f"otherwise: × {said(month.factor)}"


def _point(number: Number, release: Release) -> charts.MonthPoint:
    hidden = number.lower is None or number.upper is None
    return charts.MonthPoint(
        Month.of(number.start),
        lower=None if hidden else number.lower,
        upper=None if hidden else number.upper,
        provisional=release.status == Release.Status.PROVISIONAL,
        reason=WORDS.get(number.symbol, "") if hidden else "",
        estimated=bool(number.returns_estimated),
    )


def _range(number: Number) -> str:
    if number.lower is None or number.upper is None:
        return WORDS[number.symbol]
    if number.lower != number.upper:
        return f"{number.lower:,}–{number.upper:,}"
    return f"{number.lower:,}" if number.is_complete else f"at least {number.lower:,}"


def _cell(value: int | None, number: Number) -> str:
    if value is None:
        return WORDS[number.symbol]
    is_estimated = number.is_estimate or (number.returns_estimated and value == number.upper)
    at_least = "at least " if number.lower == number.upper and not number.is_complete else ""
    return f"{at_least}{value:,}{' e' if is_estimated else ''}"
