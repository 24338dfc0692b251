"""A chart as a file of its own, to be pasted into a paper: SVG with everything in it, and the same as PNG.

Unlike the charts of pages it leans on no style sheet: colours and type stand in it. One size for slides and papers,
type that can be read at half a page, bars from zero, values beside them, colours of the Analysis Function's palette.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from textwrap import wrap

from django.utils.html import escape

from vru_portal.core.charts.paper import scale, trimmed
from vru_portal.core.charts.values import grouped

WIDTH, HEIGHT = 1200, 675
LEFT, RIGHT = 48, 48
DARK_BLUE, TINT, ORANGE, INK, GREY, LINE = "#12436D", "#A9C1D9", "#F46A25", "#0B0C0C", "#505A5F", "#B1B4B6"
FONT = "Source Sans Pro, Arial, sans-serif"
TITLE, TEXT, SMALL = 32, 22, 18  # sizes of type
# Letters of the title that go into a line at that size, and of the lines below it.
TITLE_LETTERS, SMALL_LETTERS = 74, 140
PNG_WIDTH = 1200  # pixels


@dataclass(frozen=True)
class Bar:
    """One range, from zero to `lower` and on to `upper`; without numbers `reason` says why. `beside`: what is compared
    with it, from the year before. `is_at_least`: of one number, that there may be more."""

    name: str
    lower: int | None
    upper: int | None
    reason: str = ""
    mark: str = ""
    beside: tuple[int, int] | None = None
    is_at_least: bool = False

    @property
    def words(self) -> str:
        if self.lower is None or self.upper is None:
            return self.reason
        number = grouped(self.lower) if self.lower == self.upper else f"{grouped(self.lower)}–{grouped(self.upper)}"
        return f"{'at least ' if self.is_at_least else ''}{number} {self.mark}".rstrip()


@dataclass(frozen=True)
class Sheet:
    """`name`: of its files. The title says what was found, the subtitle what is shown; `source` also how firm it is."""

    name: str
    title: str
    subtitle: str
    source: str
    bars: Sequence[Bar]
    is_over_time: bool = False
    beside: str = ""

    @property
    def alt_text(self) -> str:
        """What the picture shows, for those who do not see it: the finding, and every value."""
        kind = "Columns" if self.is_over_time else "Bars"
        values = "; ".join(f"{bar.name} {bar.words}{_before(bar, self.beside)}" for bar in self.bars)
        return f"{self.title}. {kind}: {values}."


def svg(sheet: Sheet) -> str:
    title = wrap(sheet.title, TITLE_LETTERS)
    parts = [_lines(LEFT, 52, title, TITLE, weight=700)]
    top = 52 + TITLE * 1.2 * len(title)
    parts.append(_lines(LEFT, top - 4, wrap(sheet.subtitle, SMALL_LETTERS), SMALL + 2, GREY))
    source = wrap(sheet.source, SMALL_LETTERS)
    floor = HEIGHT - 20 - SMALL * 1.3 * len(source)
    parts.append(_lines(LEFT, floor + SMALL * 1.3, source, SMALL, GREY))
    draw = _columns if sheet.is_over_time else _rows
    parts += draw(sheet, top + 24, floor - 14)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-labelledby="title desc" font-family="{FONT}"><title id="title">{escape(sheet.title)}</title>'
        f'<desc id="desc">{escape(sheet.alt_text)}</desc><rect width="{WIDTH}" height="{HEIGHT}" fill="#FFFFFF"/>'
        f"{''.join(parts)}</svg>\n"
    )


@lru_cache(maxsize=32)
def png(drawn: str) -> bytes:
    """By a renderer that draws with the one font that it is given, whatever the machine has. The slowest part of a
    release's files, and the same each time."""
    render, fonts = _renderer()
    return render(svg_string=drawn, width=PNG_WIDTH, skip_system_fonts=True, font_files=list(fonts))


@cache
def _renderer() -> tuple[Callable[..., bytes], tuple[str, ...]]:
    import resvg_py
    from font_source_sans_pro import font_files_ttf as fonts

    return resvg_py.svg_to_bytes, (fonts["SourceSansPro"], fonts["SourceSansProBold"])


# ---- Over time: a column a month ----
def _columns(sheet: Sheet, top: float, bottom: float) -> Iterable[str]:
    key = _key(sheet, top)
    top, floor, left = top + 40, bottom - 34, LEFT + 76
    ceiling, ticks = scale(_largest(sheet))

    def y(value: float) -> float:
        return floor - (floor - top) * value / ceiling

    yield key
    for tick in ticks:
        yield _rule(left, y(tick), WIDTH - RIGHT, y(tick), INK if tick == 0 else LINE)
        yield _text(left - 10, y(tick) + 6, grouped(tick), SMALL, GREY, "end")
    step = (WIDTH - RIGHT - left) / len(sheet.bars)
    wide = min(step * 0.64, 90)
    for n, bar in enumerate(sheet.bars):
        middle = left + step * (n + 0.5)
        yield _text(middle, floor + 26, bar.name, SMALL, INK, "middle")
        if bar.lower is None or bar.upper is None:
            yield _text(middle, floor - 10, bar.reason, SMALL - 3, GREY, "middle")
        else:
            yield _rect(middle - wide / 2, y(bar.upper), wide, y(bar.lower) - y(bar.upper), TINT)
            yield _rect(middle - wide / 2, y(bar.lower), wide, floor - y(bar.lower), DARK_BLUE)
            if n == len(sheet.bars) - 1 or len(sheet.bars) <= 6:
                yield _text(middle, y(max(bar.upper, *(bar.beside or (0,)))) - 10, bar.words, SMALL, INK, "middle", 700)
        if bar.beside:
            yield from _mark(middle - step * 0.42, y(bar.beside[0]), middle + step * 0.42, y(bar.beside[1]))


def _mark(left: float, low: float, right: float, high: float) -> Iterable[str]:
    """The year before: a line at each end of its range."""
    for at in {low, high}:
        yield _rule(left, at, right, at, ORANGE, 4)


# ---- Side by side: a bar a row ----
def _rows(sheet: Sheet, top: float, bottom: float) -> Iterable[str]:
    yield _key(sheet, top)
    top += 30
    left, right = LEFT + 390, WIDTH - RIGHT - 150
    ceiling, _ = scale(_largest(sheet))
    step = (bottom - top) / len(sheet.bars)
    high, type_size = min(step * 0.66, 44), max(12, min(TEXT, int(step * 0.62)))
    for n, bar in enumerate(sheet.bars):
        y, line = top + step * n + (step - high) / 2, top + step * (n + 0.5) + type_size * 0.35
        yield _text(left - 14, line, _shortened(bar.name, 44), type_size, INK, "end")
        end = left
        if bar.lower is not None and bar.upper is not None:
            low, end = (left + (right - left) * people / ceiling for people in (bar.lower, bar.upper))
            yield _rect(low, y, end - low, high, TINT)
            yield _rect(left, y, low - left, high, DARK_BLUE)
        known = bar.lower is not None and bar.upper is not None
        yield _text(end + 10, line, bar.words, type_size, INK if known else GREY, weight=700 if known else 400)
    yield _rule(left, top, left, bottom, INK)


def _key(sheet: Sheet, top: float) -> str:
    """Only what is in the picture."""
    known = [bar for bar in sheet.bars if bar.lower is not None and bar.upper is not None]
    items = []
    if any(bar.lower != bar.upper for bar in known):
        items += [(DARK_BLUE, "at least"), (TINT, "at most")]
    if any(bar.beside for bar in sheet.bars):
        items.append((ORANGE, sheet.beside))
    parts, x = [], LEFT
    for colour, words in items:
        parts.append(_rect(x, top - 12, 20, 16, colour))
        parts.append(_text(x + 28, top + 2, words, SMALL, INK))
        x += 28 + len(words) * SMALL * 0.5 + 36
    return "".join(parts)


def _largest(sheet: Sheet) -> int:
    return max((max(bar.upper or 0, *(bar.beside or (0,))) for bar in sheet.bars), default=0)


def _before(bar: Bar, words: str) -> str:
    return f" ({words} {Bar('', *bar.beside).words})" if bar.beside else ""


def _shortened(words: str, letters: int) -> str:
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"


# ---- Marks ----
def _lines(x: float, y: float, lines: Sequence[str], size: int, fill: str = INK, weight: int = 400) -> str:
    each = size * (1.2 if weight == 700 else 1.3)
    return "".join(_text(x, y + n * each, line, size, fill, weight=weight) for n, line in enumerate(lines))


def _text(x: float, y: float, words: str, size: int, fill: str = INK, anchor: str = "start", weight: int = 400) -> str:
    return (
        f'<text x="{trimmed(x)}" y="{trimmed(y)}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    sizes = f'width="{trimmed(width)}" height="{trimmed(height)}"'
    return f'<rect x="{trimmed(x)}" y="{trimmed(y)}" {sizes} fill="{fill}"/>' if width > 0 and height > 0 else ""


def _rule(x: float, y: float, x_end: float, y_end: float, stroke: str, width: int = 1) -> str:
    ends = f'x1="{trimmed(x)}" y1="{trimmed(y)}" x2="{trimmed(x_end)}" y2="{trimmed(y_end)}"'
    return f'<line {ends} stroke="{stroke}" stroke-width="{width}"/>'
