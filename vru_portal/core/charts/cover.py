"""Cover and commitments, month by month."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from vru_portal.core.charts.paper import (
    BROAD_MONEY,
    NARROW_MONEY,
    WIDE_MONEY,
    Frame,
    bold_width,
    column_group,
    dotting,
    drawing,
    grid,
    hatching,
    hit_area,
    in_millions,
    legend,
    month_labels,
    pattern_of,
    polyline,
    readout,
    rect,
    scale,
    short_month,
    straight,
    trimmed,
    words_at,
)
from vru_portal.core.charts.values import CoverMonth
from vru_portal.core.money import pounds


def cover_timeline(
    months: Sequence[CoverMonth], *, id: str, title: str, description: str = "", interactive: bool = True
) -> SafeString:
    """Cumulative cover, stacked, against the stepped line of commitments; a flag at the first uncovered month."""
    highest = max((max(m.cover + m.announced, m.commitments) for m in months), default=0)
    ceiling, ticks = scale(highest, steps=4)
    description = description or _cover_in_words(months)
    drawings = []
    for frame in [BROAD_MONEY, WIDE_MONEY, NARROW_MONEY]:
        parts = [
            hatching(f"{id}-{frame.name}"),
            dotting(f"{id}-{frame.name}"),
            grid(frame, ticks, ceiling, lambda pence: in_millions(pence, ticks)),
            *month_labels(frame, [m.month for m in months]),
            *(_cover_column(frame, id, n, months, ceiling, interactive) for n in range(len(months))),
            _commitments_line(frame, months, ceiling),
            *_cover_labels(frame, months, ceiling),
            *_flag(frame, months),
        ]
        drawings.append(drawing(frame, id, title, description, parts, interactive))
    return mark_safe("".join(drawings) + legend([*_layers(months), ("commitments", "Commitments")]))


# The outline comes last: it stands on top of the stack and counts for nothing.
_LAYERS = (
    ("secured", "Secured"),
    ("match", "Match"),
    ("bridge", "Bridge"),
    ("supposed", "Supposed"),
    ("announced", "Announced only"),
)

# Beside shades, so that no two layers are told apart by colour alone. Commitments are a line, with a white edge.
_PATTERNS = {"bridge": "hatch", "supposed": "dots"}


def _layers(months: Sequence[CoverMonth]) -> list[tuple[str, str]]:
    """Of what is supposed nothing is said where nothing is supposed."""
    return [layer for layer in _LAYERS if layer[0] != "supposed" or any(month.supposed for month in months)]


def _cover_column(
    frame: Frame, id: str, index: int, months: Sequence[CoverMonth], ceiling: float, interactive: bool
) -> SafeString:
    month = months[index]
    x, step = frame.column(index, len(months))
    gap = step * 0.1
    parts = [hit_area(frame, x, step)]
    below = 0
    for name, _ in _LAYERS:
        amount = getattr(month, name)
        if amount > 0:
            top = frame.y(below + amount, ceiling)
            height = frame.y(below, ceiling) - top
            fill = pattern_of(f"{id}-{frame.name}", _PATTERNS.get(name, ""))
            parts.append(rect(x + gap, top, step - 2 * gap, height, f"cover-{name}", fill))
        below += max(amount, 0)
    words = _cover_words(month)
    if interactive:
        parts.append(readout(frame, month.month, _short_cover_words(month, frame)))
    return column_group(f"{month.month}: {words}", parts, interactive)


def _commitments_line(frame: Frame, months: Sequence[CoverMonth], ceiling: float) -> SafeString:
    corners = []
    for n, month in enumerate(months):
        x, step = frame.column(n, len(months))
        y = frame.y(month.commitments, ceiling)
        corners += [(x, y), (x + step, y)]
    edge_and_line = ("cover-commitments-edge", "cover-commitments")
    return mark_safe("".join(polyline(corners, name) for name in edge_and_line) if corners else "")


def _cover_labels(frame: Frame, months: Sequence[CoverMonth], ceiling: float) -> list[SafeString]:
    """The line is named at its last peak, on one side of the flag's pole; the layers in the key under the picture."""
    if not months:
        return []
    index = max(range(len(months)), key=lambda n: (months[n].commitments, n))
    x, step = frame.column(index, len(months))
    place, anchor = (x + step, "end") if index > len(months) / 2 else (x, "start")
    flagged, words = _first_uncovered(months), "Commitments"
    if flagged is not None:
        pole, width = frame.column(flagged, len(months))[0], bold_width(words, frame)
        start = place - width if anchor == "end" else place
        if start - 6 < pole < start + width + 6:
            place, anchor = (pole - 8, "end") if pole - 8 - width > frame.left else (pole + 8, "start")
    y = frame.y(months[index].commitments, ceiling) - 8
    return [words_at(place, y, words, "chart-label-commitments", frame.type_size, anchor)]


def _first_uncovered(months: Sequence[CoverMonth]) -> int | None:
    return next((n for n, month in enumerate(months) if month.is_uncovered), None)


def _flag(frame: Frame, months: Sequence[CoverMonth]) -> list[SafeString]:
    index = _first_uncovered(months)
    if index is None:
        return []
    x, _ = frame.column(index, len(months))
    month = months[index].month
    words = f"Not covered: {short_month(month)}" if frame is NARROW_MONEY else f"Not covered from {month}"
    # The words stand on the side that has room for them.
    on_left = x + 16 + bold_width(words, frame) > frame.width
    place, anchor = (x - 6, "end") if on_left else (x + 16, "start")
    return [
        straight(x, 8, x, frame.floor, "cover-flag-pole"),
        format_html('<path class="cover-flag" d="M{} 6 l12 6 l-12 6 z"/>', trimmed(x)),
        words_at(place, 18, words, "chart-label-flag", frame.type_size, anchor),
    ]


def _cover_words(month: CoverMonth) -> str:
    layers = ", ".join(f"{label.lower()} {pounds(getattr(month, name))}" for name, label in _layers([month]))
    state = f"; not covered: {pounds(month.uncovered)}" if month.is_uncovered else ""
    return f"{layers}; commitments {pounds(month.commitments)}{state}"


def _short_cover_words(month: CoverMonth, frame: Frame) -> str:
    """To the pound where there is room for it."""
    words = _rounded if frame is NARROW_MONEY else pounds
    return f"cover {words(month.cover)}, commitments {words(month.commitments)}"


def _rounded(pence: int) -> str:
    """£4.38m"""
    return f"£{pence / 100_000_000:.2f}m"


def _cover_in_words(months: Sequence[CoverMonth]) -> str:
    if not months:
        return "There is no month to show."
    first = next((month for month in months if month.is_uncovered), None)
    if first is None:
        return f"Commitments are covered in every month from {months[0].month} to {months[-1].month}."
    return f"Commitments are first not covered in {first.month}, by {pounds(first.uncovered)}."
