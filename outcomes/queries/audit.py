"""A release attacked by what is published of it, and of those of its financial year that were public before it."""

from __future__ import annotations

from dataclasses import replace

from outcomes.disclosure import published
from outcomes.disclosure.attack import Finding, audit
from outcomes.models import Release
from outcomes.queries.reach import inputs_of
from outcomes.release_figures import figure_rows
from vru_portal.core.periods import Month


def chain_of(release: Release) -> list[Release]:
    """What is public of its financial year, or will be before it is, the oldest first; it comes last."""
    year = Month.of(release.month).financial_year
    before = Release.objects.approved().filter(month__range=(year.first, year.last), pk__lt=release.pk)
    return [*before.order_by("pk"), release]


def audited(release: Release) -> tuple[list[Release], list[Finding]]:
    """The chain, and what can be said of each number that it hides to protect somebody."""
    chain = chain_of(release)
    return chain, audit([_as_published(each) for each in chain])


def _as_published(release: Release) -> published.Release:
    """The rows as they were counted, with what was shown of each."""
    inputs = inputs_of(release)
    shown = {figure.order: figure for figure in release.figures.all()}
    return published.Release(
        inputs,
        [
            replace(row, lower=shown[row.order].lower, upper=shown[row.order].upper, symbol=shown[row.order].symbol)
            for row in figure_rows(inputs)
        ],
    )
