"""Reading releases for the pages: what is published, and nothing that is not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from outcomes.disclosure.rule import is_at_least
from outcomes.models import Figure, Release
from outcomes.models.releases import Label
from outcomes.sentences import NOUNS
from partners.models import User
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.core.words import holding

P = Figure.PeriodType


@dataclass(frozen=True)
class Number:
    """A published figure without what is hidden behind it."""

    release_code: str
    row: int
    start: date
    end: date
    label: Label
    beneficiary: str
    rungs: tuple[str, ...]
    is_estimate: bool
    lower: int | None
    upper: int | None
    within: int
    symbol: str
    received: int
    due: int
    returns_estimated: int

    @property
    def is_complete(self) -> bool:
        return self.received == self.due

    @property
    def is_at_least(self) -> bool:
        return is_at_least(self.lower, self.upper, received=self.received, due=self.due)

    @property
    def remark(self) -> str:
        """Who these people are, unless they are young people supported."""
        if self.is_estimate:
            return "pupils exposed, an estimate"
        return "" if self.beneficiary == "young_people" else NOUNS[self.beneficiary]


@dataclass(frozen=True)
class Reach:
    """One release, seen from one programme (or all) and one district (or all)."""

    release: Release
    headline: Number
    last_year_headline: Number | None
    months: list[Number]
    quarters: list[Number]
    last_year: list[Number]
    districts: list[Number]
    ages: list[Number]
    programmes: list[Number]
    exposed: list[Number]


def releases_visible_to(user: User) -> QuerySet[Release]:
    """Newest month first, with who made and approved them."""
    return Release.objects.visible_to(user).select_related("produced_by", "approved_by", "policy")


def find_releases(user: User, words: list[str]) -> QuerySet[Release]:
    """Of those that the user sees, by code (2021-12.2) or by month in words (December 2021), the newest first."""
    month = Func(F("month"), Value("FMMonth YYYY YYYY-MM."), function="TO_CHAR", output_field=TextField())
    numbered = Concat(month, Cast("number", TextField()))
    return holding(releases_visible_to(user), words, numbered).order_by("-month", "-number")


def newest(releases: QuerySet[Release]) -> Release | None:
    return releases.kept().order_by("-month", "-number").first()


def standing(releases: QuerySet[Release]) -> list[Release]:
    """Of each month the release with the highest number, newest month first: what holds today."""
    return list(releases.kept().order_by("-month", "-number").distinct("month"))


def waiting(releases: QuerySet[Release]) -> list[Release]:
    """Those that can be approved: of each month the newest, if it is not."""
    return [release for release in standing(releases) if not release.is_approved]


def newer_release(release: Release, user: User) -> Release | None:
    """The newest release of the same month that the user may see, if that is another one."""
    newer = releases_visible_to(user).kept().filter(month=release.month, number__gt=release.number)
    return newer.order_by("-number").first()


@dataclass(frozen=True)
class Listed:
    """A release in a list, the published one that is to be used instead of it, and whether it can be approved."""

    release: Release
    superseded_by: Release | None
    waits: bool


def listed(releases: QuerySet[Release]) -> list[Listed]:
    """All of them, newest month first, then the highest number first."""
    found, instead, newest_kept = [], {}, {}
    for release in releases.order_by("-month", "-number"):
        if not release.is_discarded:
            newest_kept.setdefault(release.month, release)
        waits = not release.is_decided and newest_kept[release.month] == release
        found.append(Listed(release, instead.get(release.month), waits))
        if release.is_published:
            instead.setdefault(release.month, release)
    return found


def last_of_year(releases: QuerySet[Release], year: FinancialYear) -> Release | None:
    return newest(releases.filter(month__range=(year.first, year.last)))


def reach(
    release: Release, releases: QuerySet[Release], *, programme: int | None = None, district: int | None = None
) -> Reach | None:
    """What the dashboard shows; None if the release holds no such figure. `releases`: those that the reader may see."""
    month = Month.of(release.month)
    earlier = last_of_year(releases, FinancialYear(month.financial_year.start - 1))
    chosen = Chosen(release, programme, district)
    # Over a break nothing is compared.
    is_alike = earlier is not None and not breaks(release, programme)
    chosen_last_year = Chosen(earlier, programme, district) if is_alike else None
    headline = chosen.to_date(month)
    if headline is None:
        return None
    to_date = release.figures.filter(period_type=P.YEAR_TO_DATE, period_end=month.last)
    of_programme = to_date.filter(programme=programme)
    each = to_date.filter(age_band=None, programme__isnull=False)
    return Reach(
        release=release,
        headline=headline,
        last_year_headline=chosen_last_year.to_date(month.plus(-12)) if chosen_last_year else None,
        months=chosen.series(P.MONTH),
        quarters=chosen.series(P.QUARTER),
        last_year=chosen_last_year.series(P.MONTH) if chosen_last_year else [],
        districts=_numbers(release, of_programme.filter(district__isnull=False, age_band=None), by="district"),
        ages=_numbers(release, of_programme.filter(district=district, age_band__isnull=False), by="age_band"),
        programmes=_numbers(
            release, each.filter(district=district, measure=Figure.Measured.PEOPLE_SUPPORTED), by="programme"
        ),
        exposed=_numbers(release, each.filter(district=None, measure=Figure.Measured.PEOPLE_EXPOSED), by="programme"),
    )


@dataclass(frozen=True)
class Chosen:
    """A release's figures of one programme and one district (None: all), of all ages."""

    release: Release
    programme: int | None
    district: int | None

    def series(self, period_type: str) -> list[Number]:
        return _numbers(self.release, self._figures().filter(period_type=period_type), by="programme")

    def to_date(self, month: Month) -> Number | None:
        """April to the month; None if the release has no such figure."""
        figure = self._figures().filter(period_type=P.YEAR_TO_DATE, period_end=month.last).first()
        return None if figure is None else number_of(self.release, figure, by="programme")

    def _figures(self) -> QuerySet[Figure]:
        return self.release.figures.filter(age_band=None, programme=self.programme, district=self.district)


def first_published(release: Release) -> bool:
    """Whether no earlier release of the same months was ever published."""
    earlier = Release.objects.published().filter(month=release.month, number__lt=release.number)
    return not earlier.exists()


def coverage_by_programme(release: Release) -> list[Number]:
    """Returns received of returns due, April to the release's month, for each programme."""
    end = Month.of(release.month).last
    return _numbers(
        release,
        release.figures.filter(
            period_type=P.YEAR_TO_DATE, period_end=end, district=None, age_band=None, programme__isnull=False
        ),
        by="programme",
    )


def breaks(release: Release, programme: int | None = None) -> list[tuple[date, list[str], str]]:
    """Day, programmes, and what is counted otherwise from then on, of the programme or (None) of all."""
    found: dict[tuple[str, str], list[str]] = {}
    for day, of, what in release.account.get("breaks", []):
        if programme in (None, of) or of is None:
            found.setdefault((day, what), []).append(release.programme_label(of).name)
    return [(date.fromisoformat(day), names, what) for (day, what), names in found.items()]


def why_no_figure(release: Release, programme: int | None, district: int | None) -> str:
    """What to say where the release holds no figure of what was chosen."""
    exposed = release.figures.filter(programme=programme, measure=Figure.Measured.PEOPLE_EXPOSED)
    if district is not None and exposed.exists():
        return "Pupils exposed are estimated for the whole region and not counted by district. Choose all districts."
    if district is not None and programme is not None:
        return (
            "A programme is broken down by district where the months end with a quarter. Choose a release to June, "
            "September, December or March, or all districts."
        )
    return "This release does not count it. Choose another release or programme."


def _numbers(release: Release, figures: Iterable[Figure], *, by: str) -> list[Number]:
    return [number_of(release, figure, by=by) for figure in figures]


def number_of(release: Release, figure: Figure, *, by: str) -> Number:
    """The figure as it is published.

    `by`: what tells it from its neighbours and so is its label: programme, district or age_band.
    """
    label = {
        "programme": release.programme_label,
        "district": release.district_label,
        "age_band": release.age_label,
    }[by](getattr(figure, f"{by}_id"))
    return Number(
        release_code=release.code,
        row=figure.order,
        start=figure.period_start,
        end=figure.period_end,
        label=label,
        beneficiary=figure.beneficiary,
        rungs=tuple(figure.rungs.split("+")),
        is_estimate=figure.basis == Figure.Basis.ESTIMATE,
        lower=figure.lower,
        upper=figure.upper,
        within=release.policy.one_number_within,
        symbol=figure.symbol,
        received=figure.returns_received,
        due=figure.returns_due,
        returns_estimated=figure.returns_estimated,
    )
