"""A measure month by month: bars and bands, or small as a line."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from vru_portal.core.charts.paper import (
    BROAD,
    NARROW,
    SMALL,
    WIDE,
    Frame,
    column_group,
    drawing,
    grid,
    hatching,
    hit_area,
    legend,
    month_labels,
    pattern_of,
    polyline,
    readout,
    rect,
    runs,
    scale,
    straight,
    trimmed,
    words_at,
)
from vru_portal.core.charts.values import Break, MonthPoint, grouped

WIDEST_BAR = 72  # units of the view box


def range_trend(
    points: Sequence[MonthPoint],
    *,
    id: str,
    title: str,
    description: str = "",
    previous: Sequence[MonthPoint] = (),
    breaks: Sequence[Break] = (),
    maximum: float | None = None,
    interactive: bool = True,
    small: bool = False,
) -> SafeString:
    """A measure month by month: a bar to its lower end, a band to its upper end; last year as a grey line over it.

    `previous` is matched by position: its first month lies under the first of `points`.
    """
    tops = [point.top for point in [*points, *previous] if point.top is not None]
    ceiling, ticks = scale(maximum if maximum is not None else max(tops, default=0), steps=2 if small else 4)
    description = " ".join([description or _trend_in_words(points), *map(_break_in_words, breaks)])
    drawings = []
    for frame in [SMALL] if small else [BROAD, WIDE, NARROW]:
        parts = [
            hatching(f"{id}-{frame.name}"),
            grid(frame, ticks, ceiling, grouped),
            *month_labels(frame, [point.month for point in points]),
            *(_trend_column(frame, id, n, points, ceiling, interactive) for n in range(len(points))),
            *_previous_line(frame, previous, len(points), ceiling),
            *_gap_reasons(frame, points),
            *_break_lines(frame, points, breaks),
            *_last_value(frame, points, ceiling),
        ]
        drawings.append(drawing(frame, id, title, description, parts, interactive))
    return mark_safe("".join(drawings) + ("" if small else _trend_key(points, previous, breaks)))


def sparkline(values: Sequence[float | None], *, id: str, title: str) -> SafeString:
    """A line as small as a word, from zero; a missing value is a gap."""
    width, height, edge = 120, 28, 3
    highest = max((value for value in values if value is not None), default=0) or 1
    step = (width - 2 * edge) / max(len(values) - 1, 1)
    places = [
        None if value is None else (edge + n * step, height - edge - (height - 2 * edge) * value / highest)
        for n, value in enumerate(values)
    ]
    lines = [polyline(run, "spark-line") for run in runs(places)]
    last = next((place for place in reversed(places) if place), None)
    dot = format_html('<circle class="spark-dot" cx="{}" cy="{}" r="2.5"/>', *map(trimmed, last)) if last else ""
    return format_html(
        '<svg class="chart-spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-labelledby="{}-title" '
        'xmlns="http://www.w3.org/2000/svg"><title id="{}-title">{}</title>{}{}</svg>',
        width, height, width, height, id, id, title, mark_safe("".join(lines)), dot,
    )  # fmt: skip


def _trend_column(
    frame: Frame, id: str, index: int, points: Sequence[MonthPoint], ceiling: float, interactive: bool
) -> SafeString:
    point = points[index]
    x, step = frame.column(index, len(points))
    gap = _gap(step)
    parts = [hit_area(frame, x, step)]
    if point.lower is None:
        parts.append(straight(x + step / 2, frame.top, x + step / 2, frame.floor, "trend-gap"))
    else:
        parts += _bar_and_band(frame, f"{id}-{frame.name}", x + gap, step - 2 * gap, point, ceiling)
    if interactive:
        parts.append(readout(frame, point.month, point.words))
    return column_group(f"{point.month}: {point.words}", parts, interactive)


def _gap(step: float) -> float:
    """Left and right of a bar, which is never broader than it needs to be compared."""
    return max(step * 0.18, (step - WIDEST_BAR) / 2)


def _bar_and_band(
    frame: Frame, pattern: str, x: float, width: float, point: MonthPoint, ceiling: float
) -> list[SafeString]:
    low, high = frame.y(point.lower, ceiling), frame.y(point.top, ceiling)
    provisional = "-provisional" if point.provisional else ""
    hatch = pattern_of(pattern, "hatch" if point.provisional else "")
    parts = [rect(x, low, width, frame.floor - low, f"trend-bar{provisional}", hatch)]
    if point.is_range:
        parts.append(rect(x, high, width, low - high, f"trend-band{provisional}"))
        parts.append(straight(x, low, x + width, low, "trend-end"))
    parts.append(straight(x, high, x + width, high, "trend-end"))
    return parts


def _gap_reasons(frame: Frame, points: Sequence[MonthPoint]) -> list[SafeString]:
    """Why a month has no value, standing up because a month is narrow; over last year's line, to stay readable."""
    reasons = []
    for n, point in enumerate(points):
        if point.lower is None:
            x, step = frame.column(n, len(points))
            place = f"translate({trimmed(x + step / 2 - 4)} {frame.floor - 6}) rotate(-90)"
            words = point.reason or "not available"
            reasons.append(
                format_html(
                    '<text class="chart-reason" aria-hidden="true" font-size="{}" transform="{}">{}</text>',
                    frame.type_size - 1,
                    place,
                    words,
                )
            )
    return reasons


def _previous_line(frame: Frame, previous: Sequence[MonthPoint], count: int, ceiling: float) -> list[SafeString]:
    places = []
    for n, point in enumerate(previous[:count]):
        x, step = frame.column(n, count)
        places.append(None if point.lower is None else (x + step / 2, frame.y(point.lower, ceiling)))
    return [polyline(run, name) for run in runs(places) for name in ("trend-previous-edge", "trend-previous")]


def _break_lines(frame: Frame, points: Sequence[MonthPoint], breaks: Sequence[Break]) -> list[SafeString]:
    """Between the last month that was counted otherwise and the first that is counted anew."""
    parts = []
    for each in breaks:
        index = next((n for n, point in enumerate(points) if point.month >= each.month), None)
        if index is not None:
            x, _ = frame.column(index, len(points))
            parts.append(straight(x, frame.top - 6, x, frame.floor, "trend-break"))
            parts.append(words_at(x + 4, frame.top + 4, "break", "chart-tick", frame.type_size))
    return [format_html('<g aria-hidden="true">{}</g>', mark_safe("".join(parts)))] if parts else []


def _break_in_words(each: Break) -> str:
    return f"Break from {each.month}: {each.words}"


def _last_value(frame: Frame, points: Sequence[MonthPoint], ceiling: float) -> list[SafeString]:
    """The last known month says its value above its column: what the reader came for."""
    index = next((n for n in reversed(range(len(points))) if points[n].lower is not None), None)
    if index is None:
        return []
    point = points[index]
    x, step = frame.column(index, len(points))
    words = f"{grouped(point.lower)}–{grouped(point.top)}" if point.is_range else grouped(point.lower)
    words += " e" if point.estimated else ""
    y = frame.y(point.top, ceiling) - 6
    return [words_at(x + step - _gap(step), y, words, "chart-label-value", frame.type_size, "end")]


def _trend_key(points: Sequence[MonthPoint], previous: Sequence[MonthPoint], breaks: Sequence[Break]) -> SafeString:
    """Only what is in the picture; a picture of one plain series needs no key."""
    known = [point for point in points if point.lower is not None]
    has_range = any(point.is_range for point in known)
    settled = [point for point in known if not point.provisional]
    items = []
    if has_range and settled:
        items += [("bar", "at least"), ("band", "at most")]
    if len(settled) < len(known):
        ends = [("provisional", "at least, provisional"), ("band-provisional", "at most, provisional")]
        items += ends if has_range else [("provisional", "provisional")]
    if any(point.lower is not None for point in previous):
        items.append(("previous", "at least, a year earlier" if has_range else "a year earlier"))
    items += [("break", _break_in_words(each)) for each in breaks]
    return legend(items)


def _trend_in_words(points: Sequence[MonthPoint]) -> str:
    known = [point for point in points if point.lower is not None]
    if not known:
        return "No month has a value."
    sentence = f"From {known[0].month} ({known[0].words}) to {known[-1].month} ({known[-1].words})."
    missing = [f"{point.month} ({point.words})" for point in points if point.lower is None]
    return f"{sentence} Missing: {', '.join(missing)}." if missing else sentence
