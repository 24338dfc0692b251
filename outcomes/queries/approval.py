"""What is to be looked at before a release is approved: its smallest figures, and what it changes of what is public."""

from __future__ import annotations

from dataclasses import dataclass

from outcomes.models import Figure, Release
from outcomes.models.releases import Label
from outcomes.queries.figures import Number, number_of
from vru_portal.core.periods import Month

SMALL = 2  # times the number below which figures are hidden


@dataclass(frozen=True)
class Small:
    """A programme in a district, April to the release's month, with few people; as it would be published."""

    programme: Label
    number: Number


@dataclass(frozen=True)
class Compared:
    """A programme's figure, April to the release's month, and what is public of it (None: nothing)."""

    before: Number | None
    now: Number

    @property
    def is_other(self) -> bool:
        public = self.before
        return public is None or (public.lower, public.upper, public.symbol) != (
            self.now.lower,
            self.now.upper,
            self.now.symbol,
        )


@dataclass(frozen=True)
class ToCheck:
    small: list[Small]
    previous: Release | None
    compared: list[Compared]

    @property
    def changed(self) -> list[Compared]:
        return [one for one in self.compared if one.is_other]


def to_check(release: Release) -> ToCheck:
    """The release's small figures, and beside the last published release of the same months what is other."""
    previous = (
        Release.objects.published().filter(month=release.month, number__lt=release.number).order_by("-number").first()
    )
    before = {figure.programme_id: figure for figure in _totals(previous)} if previous else {}
    compared = [
        Compared(
            number_of(previous, before[figure.programme_id], by="programme") if figure.programme_id in before else None,
            number_of(release, figure, by="programme"),
        )
        for figure in _totals(release)
    ]
    return ToCheck(_small(release), previous, compared if previous else [])


def _to_date(release: Release):
    return release.figures.filter(
        period_type=Figure.PeriodType.YEAR_TO_DATE, period_end=Month.of(release.month).last, age_band=None
    )


def _totals(release: Release):
    return _to_date(release).filter(district=None)


def _small(release: Release) -> list[Small]:
    limit = SMALL * release.policy.hide_below
    figures = _to_date(release).filter(programme__isnull=False, district__isnull=False)
    return [
        Small(release.programme_label(figure.programme_id), number_of(release, figure, by="district"))
        for figure in figures
        if figure.symbol == Figure.Symbol.CONFIDENTIAL or (figure.upper and figure.upper <= limit)
    ]
