"""A release attacked by what is published of it, and of those of its financial year that were public before it."""

from __future__ import annotations

from dataclasses import replace

from outcomes.disclosure import published
from outcomes.disclosure.attack import Finding, audit
from outcomes.models import Release
from outcomes.queries.reach import inputs_of
from outcomes.release_figures import figure_rows
from vru_portal.core.periods import FinancialYear, Month


def approved_of(year: FinancialYear) -> list[Release]:
    """What is public of a financial year, or will be once its day comes, the oldest first."""
    return list(Release.objects.approved().filter(month__range=(year.first, year.last)).order_by("pk"))


def attacked_with(release: Release) -> list[Release]:
    """The releases together with which it was attacked when it was produced, the oldest first."""
    return list(Release.objects.filter(pk__in=release.attacked_with).order_by("pk"))


def chain_of(release: Release) -> list[Release]:
    """What is public of its financial year, or will be before it is, the oldest first; it comes last."""
    before = [each for each in approved_of(Month.of(release.month).financial_year) if each.pk < release.pk]
    return [*before, release]


def audited(release: Release) -> tuple[list[Release], list[Finding]]:
    """The chain, and what can be said of each number that it hides to protect somebody."""
    chain = chain_of(release)
    return chain, audit([as_published(each) for each in chain])


def as_published(release: Release) -> published.Release:
    """What it was made of, and its rows as they were counted and shown then: an objection that has taken rows out of
    registers since took nothing out of these."""
    inputs = inputs_of(release)
    figures = {figure.order: figure for figure in release.figures.all()}

    def as_it_was(order: int) -> dict:
        return {name: getattr(figures[order], name) for name in AS_IT_WAS}

    return published.Release(inputs, [replace(row, **as_it_was(row.order)) for row in figure_rows(inputs)])


AS_IT_WAS = ("basis", "exact_lower", "exact_upper", "lower", "upper", "symbol")
