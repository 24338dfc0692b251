"""A release attacked by what is published of it, and of those of its financial year that were public before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Generic, TypeVar

from outcomes.disclosure import published
from outcomes.disclosure.attack import audit
from outcomes.disclosure.finding import Finding, Which
from outcomes.disclosure.insiders import audit_insider
from outcomes.disclosure.published import End
from outcomes.models import Figure, Release
from outcomes.queries.reach import inputs_of
from outcomes.release_figures import FigureRow, Period
from outcomes.release_inputs import CategoryInput, ProgrammeInput
from partners.models import Organisation
from programmes.models import Delivery
from vru_portal.core.periods import FinancialYear, Month, months_between


def known_of(year: FinancialYear) -> list[Release]:
    """What is known of a financial year outside the unit, or will be once its day comes, the oldest first."""
    return list(Release.objects.known_outside().filter(month__range=(year.first, year.last)).order_by("pk"))


def attacked_with(release: Release) -> list[Release]:
    """The releases together with which it was attacked when it was produced, the oldest first."""
    return list(Release.objects.filter(pk__in=release.attacked_with).order_by("pk"))


def chain_attacked(release: Release) -> list[published.Release]:
    """As published, what a release was attacked with, and the release last."""
    return [as_published(each) for each in (*attacked_with(release), release)]


def chain_of(release: Release) -> list[Release]:
    """What is known of its financial year, or will be before it is public, the oldest first; it comes last."""
    before = [each for each in known_of(Month.of(release.month).financial_year) if each.pk < release.pk]
    return [*before, release]


@dataclass(frozen=True)
class Audited(Generic[Which]):
    """What can be said of each number that a chain hides to protect somebody. `told`: of those that are given away only
    with what the last release says. `told_before`: of the others, by those before it alone."""

    findings: list[Finding[Which]]
    told: list[Finding[Which]]
    told_before: list[Finding[Which]]

    @property
    def given_away(self) -> int:
        return len(self.told) + len(self.told_before)


def audited(release: Release) -> tuple[list[Release], Audited[End]]:
    """With the chain."""
    chain = chain_of(release)
    return chain, apart(*_with_and_without(chain), audit)


def audited_for_partners(release: Release) -> Iterator[tuple[Organisation, Audited[End]]]:
    """What each partner that contributed could say of the others in it, knowing what it sent itself."""
    chains = _with_and_without(chain_of(release))
    for partner, deliveries in deliveries_of_partners(release.frame["deliveries"]):
        yield partner, apart(*chains, partial(audit_insider, deliveries=deliveries))


def _with_and_without(chain: Iterable[Release]) -> tuple[Chain, Chain]:
    *before, last = map(as_published, chain)
    return [*before, last], [*before, published.without_numbers(last)]


Chain = list[published.Release]
Made = TypeVar("Made")


def apart(chain: Made, without: Made, attack: Callable[[Made], list[Finding[Which]]]) -> Audited[Which]:
    """`without`: the same chain, in which the last release says nothing."""
    findings = attack(chain)
    every = [finding for finding in findings if finding.is_told]
    before = {(found.release, found.end): found for found in attack(without)} if every else {}
    told = [finding for finding in every if finding.tells_further_than(before[finding.release, finding.end])]
    return Audited(findings, told, [before[f.release, f.end] for f in every if f not in told])


def deliveries_of_partners(ids: Iterable[int]) -> list[tuple[Organisation, set[str]]]:
    """Of these deliveries the codes by partner, in the order of their names."""
    theirs: dict[Organisation, set[str]] = defaultdict(set)
    for delivery in Delivery.objects.filter(pk__in=ids).select_related("partner"):
        theirs[delivery.partner].add(delivery.code)
    return sorted(theirs.items(), key=lambda each: (each[0].name, each[0].pk))


def as_published(release: Release) -> published.Release:
    """What it was made of, and its rows as they were counted and shown then: an objection that has taken rows out of
    registers since took nothing out of these."""
    inputs = inputs_of(release)
    programmes = {programme.id: programme for programme in inputs.programmes}
    categories = {category.id: category for category in (*inputs.districts, *inputs.age_bands)}
    return published.Release(inputs, [_row(figure, programmes, categories) for figure in release.figures.all()])


def _row(
    figure: Figure, programmes: Mapping[int, ProgrammeInput], categories: Mapping[int, CategoryInput]
) -> FigureRow:
    months = months_between(Month.of(figure.period_start), Month.of(figure.period_end))
    return FigureRow(
        period=Period(figure.period_type, tuple(months)),
        programme=programmes[figure.programme_id] if figure.programme_id else None,
        district=categories[figure.district_id] if figure.district_id else None,
        age_band=categories[figure.age_band_id] if figure.age_band_id else None,
        **{name: getattr(figure, name) for name in AS_THEY_ARE},
    )


_BY_ID = {"period", "programme", "district", "age_band"}
AS_THEY_ARE = [field.name for field in fields(FigureRow) if field.name not in _BY_ID]
