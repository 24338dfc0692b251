"""What releases changed of what was public, as their own files say it, and how far a first figure can be trusted."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q

from outcomes.disclosure.rule import is_at_least
from outcomes.models import Figure, Release, ReleaseFile
from outcomes.package.beside import REASONS
from outcomes.sentences import period_in_words
from vru_portal.core.periods import FinancialYear


@dataclass(frozen=True)
class Said:
    """A figure as it was published."""

    lower: int | None
    upper: int | None
    symbol: str
    is_estimate: bool = False
    returns_estimated: int = 0
    received: int = 0
    due: int = 0

    @property
    def is_at_least(self) -> bool:
        return is_at_least(self.lower, self.upper, received=self.received, due=self.due)


@dataclass(frozen=True)
class Changed:
    """A figure that is other than in the release that said it before."""

    release_code: str
    row: int
    row_before: int
    what: str
    before: Said
    now: Said
    reasons: tuple[str, ...]

    @property
    def size(self) -> int | None:
        """By how much the end that moved most did; None where a number came, or is hidden now."""
        return max(self._moved, default=None)

    @property
    def moved(self) -> int:
        """Of both ends together."""
        return sum(self._moved)

    @property
    def _moved(self) -> list[int]:
        ends = ((self.before.lower, self.now.lower), (self.before.upper, self.now.upper))
        return [abs(now - before) for before, now in ends if before is not None and now is not None]


@dataclass(frozen=True)
class Revision:
    """A release that replaced something. `reasons`: in the words of the revision policy."""

    release: Release
    before: Release
    reasons: list[str]
    count: int
    largest: Changed | None


def changed_figures(release: Release) -> list[Changed]:
    """By its file, the largest change first."""
    return _changed(release.code, release.files.filter(name="revisions.csv").first())


def with_coverage(changed: Iterable[tuple[Release, Changed]]) -> list[Changed]:
    """Some of `changed_figures`, with what the file leaves out: how many returns were in, and what is estimated."""
    found = [(release.compared_with_id, release.pk, one) for release, one in changed]
    rows = {(was, one.row_before) for was, _, one in found} | {(now, one.row) for _, now, one in found}
    said = _said_by(rows)
    return [replace(one, before=said[was, one.row_before], now=said[now, one.row]) for was, now, one in found]


def revisions(published: Iterable[Release]) -> list[Revision]:
    """Of releases that replaced another, in their order."""
    replacing = [release for release in published if release.compared_with_id]
    kept = ReleaseFile.objects.filter(release__in=replacing, name="revisions.csv")
    files = {file.release_id: file for file in kept}
    changed = [(release, _changed(release.code, files.get(release.pk))) for release in replacing]
    first = [(release, each[0]) for release, each in changed if each]
    largest = {one.release_code: one for one in with_coverage(first)}
    return [_revision(release, each, largest.get(release.code)) for release, each in changed]


def reasons_in_words(codes: Iterable[str]) -> list[str]:
    found = set(codes)
    return [words for code, words in REASONS.items() if code in found]


def _revision(release: Release, changed: list[Changed], largest: Changed | None) -> Revision:
    reasons = reasons_in_words(reason for one in changed for reason in one.reasons)
    return Revision(release, release.compared_with, reasons, len(changed), largest)


def _said_by(rows: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Said]:
    """By release and row."""
    of_release = defaultdict(list)
    for release, row in rows:
        of_release[release].append(row)
    asked = [Q(release=release, order__in=orders) for release, orders in of_release.items()]
    figures = Figure.objects.filter(reduce(or_, asked)) if asked else ()
    return {(figure.release_id, figure.order): _said(figure) for figure in figures}


def _said(figure: Figure) -> Said:
    return Said(
        lower=figure.lower,
        upper=figure.upper,
        symbol=figure.symbol,
        is_estimate=figure.basis == Figure.Basis.ESTIMATE,
        returns_estimated=figure.returns_estimated,
        received=figure.returns_received,
        due=figure.returns_due,
    )


def _changed(code: str, file: ReleaseFile | None) -> list[Changed]:
    if file is None:
        return []
    text = io.StringIO(gzip.decompress(file.compressed).decode(), newline="")
    found = [_read(code, row) for row in csv.DictReader(text)]
    return sorted(found, key=lambda one: (-(one.size or 0), -one.moved, one.row))


def _read(code: str, row: dict[str, str]) -> Changed:
    start, end = date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])
    of_whom = [row["programme"], row["district"], row["age_band"]]
    return Changed(
        release_code=code,
        row=int(row["row"]),
        row_before=int(row["row_before"]),
        what=" · ".join([*(each for each in of_whom if each), period_in_words(start, end)]),
        before=Said(_number(row["lower_before"]), _number(row["upper_before"]), row["symbol_before"]),
        now=Said(_number(row["lower"]), _number(row["upper"]), row["symbol"]),
        reasons=tuple(row["reasons"].split("+")) if row["reasons"] else (),
    )


def _number(text: str) -> int | None:
    return int(text) if text else None


# ---- The revisions triangle ----
@dataclass(frozen=True)
class Told:
    """What one release says of a period."""

    release: Release
    row: int
    said: Said


@dataclass(frozen=True)
class Line:
    """A month, or the year to it, and what each release that covers it says, the first first."""

    end: date
    told: list[Told]

    @property
    def first(self) -> Told:
        return self.told[0]

    @property
    def second(self) -> Told | None:
        return self.told[1] if len(self.told) > 1 else None

    @property
    def latest(self) -> Told | None:
        """Where it is not the second already."""
        return self.told[-1] if len(self.told) > 2 else None

    @property
    def moved(self) -> tuple[int, int] | None:
        """By how much the lower and the upper end went up since it was first said; None if it was said once, or if a
        number is missing."""
        if len(self.told) < 2:
            return None
        first, last = self.told[0].said, self.told[-1].said
        if first.symbol or last.symbol:
            return None
        return last.lower - first.lower, last.upper - first.upper


@dataclass(frozen=True)
class Triangle:
    lines: list[Line]

    @property
    def moved(self) -> list[tuple[int, int]]:
        return [line.moved for line in self.lines if line.moved is not None]

    @property
    def mean(self) -> tuple[float, float] | None:
        """The mean revision of the lower and of the upper end; None if nothing was said twice."""
        found = self.moved
        return (_mean(lower for lower, _ in found), _mean(upper for _, upper in found)) if found else None


def years_published() -> dict[FinancialYear, int]:
    """How many releases are public of each financial year, the newest first."""
    months = Release.objects.published().values_list("month", flat=True)
    found = Counter(FinancialYear.of(month) for month in months)
    return dict(sorted(found.items(), reverse=True))


def triangle(year: FinancialYear, period_type: str, at: datetime | None = None) -> Triangle:
    """Of young people supported, everywhere and of all ages: what was said of each period of the year, and when."""
    published = Release.objects.published(at).filter(month__range=(year.first, year.last))
    figures = Figure.objects.filter(
        release__in=published, period_type=period_type, programme=None, district=None, age_band=None
    )
    told = defaultdict(list)
    for figure in figures.select_related("release").order_by("release__public_at", "release__produced_at"):
        told[figure.period_end].append(Told(figure.release, figure.order, _said(figure)))
    return Triangle([Line(end, told[end]) for end in sorted(told)])


def _mean(numbers: Iterable[int]) -> float:
    found = list(numbers)
    return round(sum(found) / len(found), 1)
