"""What all charts are drawn on and with: the frame, its axes, the marks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from vru_portal.core.periods import Month


@dataclass(frozen=True)
class Frame:
    """The paper: its size, its margins and how large its type is, in the units of the view box."""

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int = 24
    bottom: int = 44
    type_size: int = 14
    label_every: int = 1

    @property
    def inner_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def floor(self) -> int:
        return self.height - self.bottom

    def column(self, index: int, count: int) -> tuple[float, float]:
        """Where the column of a month begins, and how wide it is."""
        step = self.inner_width / max(count, 1)
        return self.left + index * step, step

    def y(self, value: float, maximum: float) -> float:
        return self.floor - (self.floor - self.top) * value / maximum


# Each is shown at widths that leave its type at 13 to 16 pixels (static/src/_charts.scss).
BROAD = Frame("broad", 1180, 340, left=64, right=12)
WIDE = Frame("wide", 760, 320, left=60, right=12)
NARROW = Frame("narrow", 340, 270, left=58, right=8, label_every=3)
SMALL = Frame("small", 300, 150, left=44, right=6, top=14, bottom=28, type_size=13, label_every=3)
BROAD_MONEY = Frame("broad", 1180, 400, left=68, right=12, top=40)
WIDE_MONEY = Frame("wide", 760, 380, left=64, right=12, top=40)
NARROW_MONEY = Frame("narrow", 340, 330, left=64, right=8, top=40, label_every=6)


def scale(highest: float, steps: int = 4) -> tuple[float, list[float]]:
    """A round ceiling not below the highest value, and its ticks from zero."""
    if highest <= 0:
        return 1, [0, 1]
    rough = highest / steps
    size = 10 ** math.floor(math.log10(rough))
    # Half a person is no tick.
    steps_allowed = [n * size for n in (1, 2, 2.5, 5, 10) if highest < 1 or n * size == int(n * size)] or [1]
    step = next(allowed for allowed in steps_allowed if allowed >= rough - 1e-9)
    count = math.ceil(highest / step - 1e-9)
    return step * count, [step * n for n in range(count + 1)]


def drawing(frame: Frame, id: str, title: str, description: str, parts: Iterable[str], interactive: bool) -> SafeString:
    """`group` where columns can be focused, because nothing inside an `img` can be reached."""
    name = f"{id}-{frame.name}"
    return format_html(
        '<svg class="chart chart--{}" viewBox="0 0 {} {}" role="{}" aria-labelledby="{}-title {}-desc" '
        'xmlns="http://www.w3.org/2000/svg"><title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        frame.name, frame.width, frame.height, "group" if interactive else "img", name, name, name, title, name,
        description, mark_safe("".join(parts)),
    )  # fmt: skip


def grid(frame: Frame, ticks: Sequence[float], ceiling: float, words) -> SafeString:
    parts = []
    for tick in ticks:
        y = frame.y(tick, ceiling)
        parts.append(straight(frame.left, y, frame.width - frame.right, y, "chart-grid" if tick else "chart-baseline"))
        parts.append(words_at(frame.left - 8, y + 4, words(tick), "chart-tick", frame.type_size, "end"))
    return format_html('<g aria-hidden="true">{}</g>', mark_safe("".join(parts)))


def month_labels(frame: Frame, months: Sequence[Month]) -> list[SafeString]:
    """Three letters under each month that has room, and under them the year where it is another than before."""
    every = frame.label_every if len(months) > 6 else 1
    if len(months) > 14 and frame.name == "wide":
        every = 3
    parts, year = [], None
    for n in range(0, len(months), every):
        x, step = frame.column(n, len(months))
        middle, month = x + step / 2, months[n]
        parts.append(words_at(middle, frame.floor + 18, str(month)[:3], "chart-tick", frame.type_size, "middle"))
        if month.year != year and frame.bottom >= 40:
            parts.append(words_at(middle, frame.floor + 36, str(month.year), "chart-year", frame.type_size, "middle"))
        year = month.year
    return [format_html('<g aria-hidden="true">{}</g>', mark_safe("".join(parts)))]


def column_group(label: str, parts: Iterable[str], interactive: bool) -> SafeString:
    inside = mark_safe("".join(parts))
    if not interactive:
        return format_html('<g class="chart-column"><title>{}</title>{}</g>', label, inside)
    return format_html('<g class="chart-column" tabindex="0" role="img" aria-label="{}">{}</g>', label, inside)


def hit_area(frame: Frame, x: float, step: float) -> SafeString:
    return rect(x, frame.top - 6, step, frame.floor - frame.top + 6, "chart-hit")


def readout(frame: Frame, month: Month, words: str) -> SafeString:
    """The month's value in words across the top, while the pointer or the keyboard is on its column.

    On the narrow paper the words have a line of their own.
    """
    line = frame.type_size + 4
    gap = format_html('<tspan x="2" dy="{}">', line) if frame.width < WIDE.width else mark_safe("<tspan>")
    height = 2 * line + 4 if frame.width < WIDE.width else line + 4
    return format_html(
        '<g class="chart-readout" aria-hidden="true"><rect class="chart-readout-ground" width="{}" height="{}"/>'
        '<text x="2" y="{}" font-size="{}"><tspan class="chart-readout-month">{}:</tspan> {}{}</tspan></text></g>',
        frame.width, height, frame.type_size + 1, frame.type_size, short_month(month), gap, words,
    )  # fmt: skip


def legend(items: Sequence[tuple[str, str]]) -> SafeString:
    if not items:
        return SafeString("")
    lines = format_html_join("", '<li><span class="chart-swatch chart-swatch--{}"></span>{}</li>', items)
    return format_html('<ul class="chart-key" aria-label="Key">{}</ul>', lines)


def hatching(name: str) -> SafeString:
    return format_html(
        '<defs><pattern id="{}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-ground" width="6" height="6"/><line class="hatch-line" x1="1.5" x2="1.5" y1="0" y2="6"/>'
        "</pattern></defs>",
        name,
    )


def dotting(name: str) -> SafeString:
    return format_html(
        '<defs><pattern id="{}-dots" width="7" height="7" patternUnits="userSpaceOnUse">'
        '<rect class="hatch-ground" width="7" height="7"/><circle class="dot" cx="3.5" cy="3.5" r="1.6"/>'
        "</pattern></defs>",
        name,
    )


def pattern_of(id: str, pattern: str) -> str:
    return f"url(#{id}-{pattern})" if pattern else ""


def bold_width(words: str, frame: Frame) -> float:
    """Bold type is at most this broad."""
    return len(words) * frame.type_size * 0.62


def rect(x: float, y: float, width: float, height: float, name: str, fill: str = "") -> SafeString:
    paint = format_html(' fill="{}"', fill) if fill else ""
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"{}/>',
        name, trimmed(x), trimmed(y), trimmed(width), trimmed(max(height, 0)), paint,
    )  # fmt: skip


def straight(x1: float, y1: float, x2: float, y2: float, name: str) -> SafeString:
    return format_html('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', name, *map(trimmed, (x1, y1, x2, y2)))


def polyline(places: Sequence[tuple[float, float]], name: str) -> SafeString:
    return format_html(
        '<polyline class="{}" points="{}"/>', name, " ".join(f"{trimmed(x)},{trimmed(y)}" for x, y in places)
    )


def words_at(x: float, y: float, words: str, name: str, size: int, anchor: str = "start") -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" font-size="{}" text-anchor="{}">{}</text>',
        name, trimmed(x), trimmed(y), size, anchor, words,
    )  # fmt: skip


def runs(places: Iterable[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The stretches without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return [run for run in runs if run]


def trimmed(value: float) -> str:
    """A coordinate: one figure after the point is finer than any screen."""
    return f"{value:.1f}".removesuffix(".0")


def short_month(month: Month) -> str:
    return f"{str(month)[:3]} {month.year}"


def in_millions(pence: float, ticks: Sequence[float]) -> str:
    """One unit for the whole axis, with as many figures as its step needs."""
    if pence == 0:
        return "£0"
    if ticks[-1] < 100_000_000:
        return f"£{pence / 100:,.0f}"
    step = ticks[1] / 100_000_000
    places = 0 if step == int(step) else 1 if step * 10 == int(step * 10) else 2
    return f"£{pence / 100_000_000:.{places}f}m"
