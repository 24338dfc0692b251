"""Pictures drawn on the server, as SVG, from the same values as the table beside them.

Pure functions: dataclasses in, SVG out. No style attribute anywhere (the content security policy refuses it): colours
and type come from classes in static/src/charts.scss. Each chart is drawn twice, wide and narrow, and the style sheet
shows the one that fits, so that type stays readable on a phone. See docs/decisions/0011-charts.md.

Ranges are drawn, never hidden; a missing month is a gap with its reason, never a zero; the baseline is zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from vru_portal.core.money import pounds
from vru_portal.core.periods import Month

# ---- What a page hands over ----


@dataclass(frozen=True)
class MonthPoint:
    """One month of a measure. `lower` None: nothing is known, and `reason` says why."""

    month: Month
    lower: float | None
    upper: float | None = None
    provisional: bool = False
    reason: str = ""

    @property
    def top(self) -> float | None:
        return self.lower if self.upper is None else self.upper

    @property
    def is_range(self) -> bool:
        return self.lower is not None and self.top != self.lower

    @property
    def words(self) -> str:
        if self.lower is None:
            return self.reason or "not available"
        words = f"between {_grouped(self.lower)} and {_grouped(self.top)}" if self.is_range else _grouped(self.lower)
        return f"{words}, provisional" if self.provisional else words


@dataclass(frozen=True)
class CoverMonth:
    """Money up to the end of a month, cumulative, in whole pence."""

    month: Month
    secured: int
    bridge: int
    match: int
    announced: int
    commitments: int
    # What is not covered, where the reckoning knows more than these sums (ring-fences, several funds).
    exposure: int | None = None

    @property
    def cover(self) -> int:
        """What stands behind commitments; an announcement does not."""
        return self.secured + self.bridge + self.match

    @property
    def uncovered(self) -> int:
        return max(0, self.commitments - self.cover) if self.exposure is None else self.exposure

    @property
    def is_uncovered(self) -> bool:
        return self.uncovered > 0


@dataclass(frozen=True)
class Table:
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    caption: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture with the finding as its title and the table that it is drawn from."""

    title: str
    subtitle: str
    svg: str
    source: str = ""
    table: Table | None = None
    heading: int = 2


AREAS = {
    "E08000025": "Birmingham",
    "E08000026": "Coventry",
    "E08000027": "Dudley",
    "E08000028": "Sandwell",
    "E08000029": "Solihull",
    "E08000030": "Walsall",
    "E08000031": "Wolverhampton",
}


@dataclass(frozen=True)
class Tile:
    """One district of the tile map. `level` 0 to 4 is its shade; the number is in words or figures."""

    code: str
    number: str
    note: str = ""
    url: str = ""
    level: int = 0
    sparkline: str = ""

    @property
    def name(self) -> str:
        return AREAS[self.code]

    @property
    def place(self) -> str:
        return self.name.lower()


# ---- Drawing ----


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


WIDE = Frame("wide", 760, 320, left=60, right=12)
NARROW = Frame("narrow", 340, 270, left=50, right=8, type_size=13, label_every=3)
SMALL = Frame("small", 300, 150, left=44, right=6, top=14, bottom=28, type_size=12, label_every=3)
WIDE_MONEY = Frame("wide", 760, 380, left=64, right=12, top=40)
NARROW_MONEY = Frame("narrow", 340, 330, left=56, right=8, top=40, type_size=13, label_every=6)


def range_trend(
    points: Sequence[MonthPoint],
    *,
    id: str,
    title: str,
    description: str = "",
    previous: Sequence[MonthPoint] = (),
    maximum: float | None = None,
    interactive: bool = True,
    small: bool = False,
) -> SafeString:
    """A measure month by month: a bar to its lower end, a band to its upper end; last year as a grey line over it.

    `previous` is matched by position: its first month lies under the first of `points`.
    """
    tops = [point.top for point in [*points, *previous] if point.top is not None]
    ceiling, ticks = scale(maximum if maximum is not None else max(tops, default=0), steps=2 if small else 4)
    description = description or _trend_in_words(points)
    drawings = []
    for frame in [SMALL] if small else [WIDE, NARROW]:
        parts = [
            _hatching(f"{id}-{frame.name}"),
            _grid(frame, ticks, ceiling, _grouped),
            *_months(frame, [point.month for point in points]),
            *(_trend_column(frame, id, n, points, ceiling, interactive) for n in range(len(points))),
            *_previous_line(frame, previous, len(points), ceiling),
            *_gap_reasons(frame, points),
            *_last_value(frame, points, ceiling),
        ]
        drawings.append(_svg(frame, id, title, description, parts, interactive))
    return mark_safe("".join(drawings) + ("" if small else _trend_key(points, previous)))


def cover_timeline(
    months: Sequence[CoverMonth], *, id: str, title: str, description: str = "", interactive: bool = True
) -> SafeString:
    """Cumulative cover, stacked, against the stepped line of commitments; a flag at the first uncovered month."""
    highest = max((max(m.cover + m.announced, m.commitments) for m in months), default=0)
    ceiling, ticks = scale(highest, steps=4)
    description = description or _cover_in_words(months)
    drawings = []
    for frame in [WIDE_MONEY, NARROW_MONEY]:
        parts = [
            _hatching(f"{id}-{frame.name}"),
            _grid(frame, ticks, ceiling, lambda pence: _in_millions(pence, ticks)),
            *_months(frame, [m.month for m in months]),
            *(_cover_column(frame, id, n, months, ceiling, interactive) for n in range(len(months))),
            _commitments_line(frame, months, ceiling),
            *_cover_labels(frame, months, ceiling),
            *_flag(frame, months),
        ]
        drawings.append(_svg(frame, id, title, description, parts, interactive))
    return mark_safe("".join(drawings) + _key([*_LAYERS, ("commitments", "Commitments")]))


def sparkline(values: Sequence[float | None], *, id: str, title: str) -> SafeString:
    """A line as small as a word, from zero; a missing value is a gap."""
    width, height, edge = 120, 28, 3
    highest = max((value for value in values if value is not None), default=0) or 1
    step = (width - 2 * edge) / max(len(values) - 1, 1)
    places = [
        None if value is None else (edge + n * step, height - edge - (height - 2 * edge) * value / highest)
        for n, value in enumerate(values)
    ]
    lines = [_polyline(run, "spark-line") for run in _runs(places)]
    last = next((place for place in reversed(places) if place), None)
    dot = format_html('<circle class="spark-dot" cx="{}" cy="{}" r="2.5"/>', *map(_n, last)) if last else ""
    return format_html(
        '<svg class="chart-spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-labelledby="{}-title" '
        'xmlns="http://www.w3.org/2000/svg"><title id="{}-title">{}</title>{}{}</svg>',
        width, height, width, height, id, id, title, mark_safe("".join(lines)), dot,
    )  # fmt: skip


# ---- Parts of the trend ----


def _trend_column(
    frame: Frame, id: str, index: int, points: Sequence[MonthPoint], ceiling: float, interactive: bool
) -> SafeString:
    point = points[index]
    x, step = frame.column(index, len(points))
    gap = step * 0.18
    parts = [_hit_area(frame, x, step)]
    if point.lower is None:
        parts.append(_line(x + step / 2, frame.top, x + step / 2, frame.floor, "trend-gap"))
    else:
        parts += _bar_and_band(frame, f"{id}-{frame.name}", x + gap, step - 2 * gap, point, ceiling)
    if interactive:
        parts.append(_readout(frame, f"{_short(point.month)}: {point.words}"))
    return _column_group(f"{point.month}: {point.words}", parts, interactive)


def _bar_and_band(
    frame: Frame, pattern: str, x: float, width: float, point: MonthPoint, ceiling: float
) -> list[SafeString]:
    low, high = frame.y(point.lower, ceiling), frame.y(point.top, ceiling)
    provisional = "-provisional" if point.provisional else ""
    parts = [_rect(x, low, width, frame.floor - low, f"trend-bar{provisional}", _fill(pattern, point.provisional))]
    if point.is_range:
        parts.append(_rect(x, high, width, low - high, f"trend-band{provisional}"))
        parts.append(_line(x, low, x + width, low, "trend-end"))
    parts.append(_line(x, high, x + width, high, "trend-end"))
    return parts


def _gap_reasons(frame: Frame, points: Sequence[MonthPoint]) -> list[SafeString]:
    """Why a month has no value, standing up because a month is narrow; over last year's line, to stay readable."""
    reasons = []
    for n, point in enumerate(points):
        if point.lower is None:
            x, step = frame.column(n, len(points))
            place = f"translate({_n(x + step / 2 - 4)} {frame.floor - 6}) rotate(-90)"
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
    return [_polyline(run, name) for run in _runs(places) for name in ("trend-previous-edge", "trend-previous")]


def _last_value(frame: Frame, points: Sequence[MonthPoint], ceiling: float) -> list[SafeString]:
    """The last known month says its value above its column: what the reader came for."""
    index = next((n for n in reversed(range(len(points))) if points[n].lower is not None), None)
    if index is None:
        return []
    point = points[index]
    x, step = frame.column(index, len(points))
    words = f"{_grouped(point.lower)}–{_grouped(point.top)}" if point.is_range else _grouped(point.lower)
    y = frame.y(point.top, ceiling) - 6
    return [_text(x + step * 0.9, y, words, "chart-label-value", frame.type_size, "end")]


def _trend_key(points: Sequence[MonthPoint], previous: Sequence[MonthPoint]) -> SafeString:
    """Only what is in the picture; a picture of one plain series needs no key."""
    has_range = any(point.is_range for point in points)
    items = [("bar", "at least"), ("band", "at most")] if has_range else []
    if any(point.provisional for point in points):
        items.append(("provisional", "provisional"))
    if any(point.lower is not None for point in previous):
        items.append(("previous", "a year earlier"))
    return _key(items)


def _trend_in_words(points: Sequence[MonthPoint]) -> str:
    known = [point for point in points if point.lower is not None]
    if not known:
        return "No month has a value."
    sentence = f"From {known[0].month} ({known[0].words}) to {known[-1].month} ({known[-1].words})."
    missing = [f"{point.month} ({point.words})" for point in points if point.lower is None]
    return f"{sentence} Missing: {', '.join(missing)}." if missing else sentence


# ---- Parts of the cover timeline ----

# The outline comes last: it stands on top of the stack and counts for nothing.
_LAYERS = (("secured", "Secured"), ("match", "Match"), ("bridge", "Bridge"), ("announced", "Announced only"))


def _cover_column(
    frame: Frame, id: str, index: int, months: Sequence[CoverMonth], ceiling: float, interactive: bool
) -> SafeString:
    month = months[index]
    x, step = frame.column(index, len(months))
    gap = step * 0.1
    parts = [_hit_area(frame, x, step)]
    below = 0
    for name, _ in _LAYERS:
        amount = getattr(month, name)
        if amount > 0:
            top = frame.y(below + amount, ceiling)
            height = frame.y(below, ceiling) - top
            fill = _fill(f"{id}-{frame.name}", name == "bridge")
            parts.append(_rect(x + gap, top, step - 2 * gap, height, f"cover-{name}", fill))
        below += max(amount, 0)
    words = _cover_words(month)
    if interactive:
        parts.append(_readout(frame, f"{_short(month.month)}: {_short_cover_words(month)}"))
    return _column_group(f"{month.month}: {words}", parts, interactive)


def _commitments_line(frame: Frame, months: Sequence[CoverMonth], ceiling: float) -> SafeString:
    corners = []
    for n, month in enumerate(months):
        x, step = frame.column(n, len(months))
        y = frame.y(month.commitments, ceiling)
        corners += [(x, y), (x + step, y)]
    return _polyline(corners, "cover-commitments") if corners else SafeString("")


def _cover_labels(frame: Frame, months: Sequence[CoverMonth], ceiling: float) -> list[SafeString]:
    """The line is named where there is room above it; the layers are named in the key under the picture."""
    if not months:
        return []
    y = frame.y(months[-1].commitments, ceiling) - 8
    return [_text(frame.width - frame.right, y, "Commitments", "chart-label-commitments", frame.type_size, "end")]


def _flag(frame: Frame, months: Sequence[CoverMonth]) -> list[SafeString]:
    index = next((n for n, month in enumerate(months) if month.is_uncovered), None)
    if index is None:
        return []
    x, _ = frame.column(index, len(months))
    # The words stand on the side that has room for them.
    on_left = index > len(months) / 2
    month = months[index].month
    words = f"Not covered from {_short(month) if frame is NARROW_MONEY else month}"
    place, anchor = (x - 6, "end") if on_left else (x + 16, "start")
    return [
        _line(x, 8, x, frame.floor, "cover-flag-pole"),
        format_html('<path class="cover-flag" d="M{} 6 l12 6 l-12 6 z"/>', _n(x)),
        _text(place, 18, words, "chart-label-flag", frame.type_size, anchor),
    ]


def _cover_words(month: CoverMonth) -> str:
    layers = ", ".join(f"{label.lower()} {pounds(getattr(month, name))}" for name, label in _LAYERS)
    state = f"; not covered: {pounds(month.uncovered)}" if month.is_uncovered else ""
    return f"{layers}; commitments {pounds(month.commitments)}{state}"


def _short_cover_words(month: CoverMonth) -> str:
    return f"cover {pounds(month.cover)}, commitments {pounds(month.commitments)}"


def _cover_in_words(months: Sequence[CoverMonth]) -> str:
    if not months:
        return "There is no month to show."
    first = next((month for month in months if month.is_uncovered), None)
    if first is None:
        return f"Commitments are covered in every month from {months[0].month} to {months[-1].month}."
    return f"Commitments are first not covered in {first.month}, by {pounds(first.uncovered)}."


# ---- Parts of both ----


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


def _svg(frame: Frame, id: str, title: str, description: str, parts: Iterable[str], interactive: bool) -> SafeString:
    """`group` where columns can be focused, because nothing inside an `img` can be reached."""
    name = f"{id}-{frame.name}"
    return format_html(
        '<svg class="chart chart--{}" viewBox="0 0 {} {}" role="{}" aria-labelledby="{}-title {}-desc" '
        'xmlns="http://www.w3.org/2000/svg"><title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        frame.name, frame.width, frame.height, "group" if interactive else "img", name, name, name, title, name,
        description, mark_safe("".join(parts)),
    )  # fmt: skip


def _grid(frame: Frame, ticks: Sequence[float], ceiling: float, words) -> SafeString:
    parts = []
    for tick in ticks:
        y = frame.y(tick, ceiling)
        parts.append(_line(frame.left, y, frame.width - frame.right, y, "chart-grid" if tick else "chart-baseline"))
        parts.append(_text(frame.left - 8, y + 4, words(tick), "chart-tick", frame.type_size, "end"))
    return format_html('<g aria-hidden="true">{}</g>', mark_safe("".join(parts)))


def _months(frame: Frame, months: Sequence[Month]) -> list[SafeString]:
    """Three letters under each month that has room, the year under the first and under each January."""
    parts = []
    for n, month in enumerate(months):
        x, step = frame.column(n, len(months))
        middle = x + step / 2
        every = frame.label_every if len(months) > 6 else 1
        if len(months) > 14 and frame.name == "wide":
            every = 3
        if n % every == 0:
            parts.append(_text(middle, frame.floor + 18, str(month)[:3], "chart-tick", frame.type_size, "middle"))
        if (n == 0 or month.number == 1) and frame.bottom >= 40:
            parts.append(_text(middle, frame.floor + 36, str(month.year), "chart-year", frame.type_size, "middle"))
    return [format_html('<g aria-hidden="true">{}</g>', mark_safe("".join(parts)))]


def _column_group(label: str, parts: Iterable[str], interactive: bool) -> SafeString:
    inside = mark_safe("".join(parts))
    if not interactive:
        return format_html('<g class="chart-column"><title>{}</title>{}</g>', label, inside)
    return format_html('<g class="chart-column" tabindex="0" role="img" aria-label="{}">{}</g>', label, inside)


def _hit_area(frame: Frame, x: float, step: float) -> SafeString:
    return _rect(x, frame.top - 6, step, frame.floor - frame.top + 6, "chart-hit")


def _readout(frame: Frame, words: str) -> SafeString:
    """The month's value in words at the top, while the pointer or the keyboard is on its column."""
    return format_html(
        '<g class="chart-readout" aria-hidden="true"><rect class="chart-readout-ground" x="{}" y="0" width="{}" '
        'height="{}"/><text x="{}" y="{}" font-size="{}">{}</text></g>',
        frame.left, frame.inner_width, frame.type_size + 8, frame.left + 2, frame.type_size + 1, frame.type_size, words,
    )  # fmt: skip


def _key(items: Sequence[tuple[str, str]]) -> SafeString:
    if not items:
        return SafeString("")
    lines = format_html_join("", '<li><span class="chart-swatch chart-swatch--{}"></span>{}</li>', items)
    return format_html('<ul class="chart-key" aria-label="Key">{}</ul>', lines)


def _hatching(name: str) -> SafeString:
    return format_html(
        '<defs><pattern id="{}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-ground" width="6" height="6"/><line class="hatch-line" x1="1.5" x2="1.5" y1="0" y2="6"/>'
        "</pattern></defs>",
        name,
    )


def _fill(pattern: str, hatched: bool) -> str:
    return f"url(#{pattern}-hatch)" if hatched else ""


def _rect(x: float, y: float, width: float, height: float, name: str, fill: str = "") -> SafeString:
    paint = format_html(' fill="{}"', fill) if fill else ""
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"{}/>',
        name, _n(x), _n(y), _n(width), _n(max(height, 0)), paint,
    )  # fmt: skip


def _line(x1: float, y1: float, x2: float, y2: float, name: str) -> SafeString:
    return format_html('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', name, *map(_n, (x1, y1, x2, y2)))


def _polyline(places: Sequence[tuple[float, float]], name: str) -> SafeString:
    return format_html('<polyline class="{}" points="{}"/>', name, " ".join(f"{_n(x)},{_n(y)}" for x, y in places))


def _text(x: float, y: float, words: str, name: str, size: int, anchor: str = "start") -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" font-size="{}" text-anchor="{}">{}</text>',
        name, _n(x), _n(y), size, anchor, words,
    )  # fmt: skip


def _runs(places: Iterable[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The stretches without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return [run for run in runs if run]


def _n(value: float) -> str:
    """A coordinate: one figure after the point is finer than any screen."""
    return f"{value:.1f}".removesuffix(".0")


def _grouped(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:,.1f}"


def _short(month: Month) -> str:
    return f"{str(month)[:3]} {month.year}"


def _in_millions(pence: float, ticks: Sequence[float]) -> str:
    """One unit for the whole axis, with as many figures as its step needs."""
    if pence == 0:
        return "£0"
    if ticks[-1] < 100_000_000:
        return f"£{pence / 100:,.0f}"
    step = ticks[1] / 100_000_000
    places = 0 if step == int(step) else 1 if step * 10 == int(step * 10) else 2
    return f"£{pence / 100_000_000:.{places}f}m"
