"""What a return asks: it follows from the delivery's programme, the month and the reference tables."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from outcomes.models import Category, Measure, Obligation, ReturnVersion, SubmissionCount
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.queries.returns import latest_submissions
from vru_portal.core.periods import Month, months_between

APRIL = 4


@dataclass(frozen=True)
class Breakdown:
    """One way of breaking people down, with its categories in order."""

    dimension: Dimension
    categories: tuple[Category, ...]

    @property
    def not_known(self) -> Category | None:
        """Where people go about whom this was not recorded."""
        return next((category for category in reversed(self.categories) if not category.is_known), None)


@dataclass(frozen=True)
class Questions:
    """What is asked of one delivery for one month."""

    month: Month
    counts_exposure: bool
    breakdowns: tuple[Breakdown, ...]
    measures: tuple[Measure, ...]
    # People counted since April, ΣA + B; None while a return of an earlier month is missing, or none are counted.
    counted_so_far: int | None = None

    @property
    def asks_already_counted(self) -> bool:
        """In April nobody is already counted this financial year, so C is 0 and is not asked."""
        return self.month.number != APRIL

    @property
    def seen(self) -> tuple[Seen, ...]:
        """The groups of people that each breakdown is asked for."""
        return tuple(Seen) if self.asks_already_counted else (Seen.FIRST_SEEN,)


def questions_of(obligation: Obligation, asked: tuple[Breakdown, ...] | None = None) -> Questions:
    """`asked`: the breakdowns, where many obligations are asked about at once."""
    programme = obligation.delivery.programme
    return Questions(
        month=obligation.period,
        counts_exposure=programme.counts_exposure,
        breakdowns=() if programme.counts_exposure else asked if asked is not None else breakdowns(),
        measures=tuple(programme.measures.all()),
        counted_so_far=None if programme.counts_exposure else _counted_so_far(obligation),
    )


def _counted_so_far(obligation: Obligation) -> int | None:
    """From the months since April in which the delivery ran and that are not waived: all of them, or none."""
    delivery, april = obligation.delivery, obligation.period.financial_year.months[0]
    if obligation.period == april:
        return None
    earlier = {
        o.period: o
        for o in Obligation.objects.filter(delivery=delivery, month__gte=april.first, month__lt=obligation.month)
    }
    said = latest_submissions(earlier.values(), (ReturnVersion.State.SUBMITTED, ReturnVersion.State.ACCEPTED))
    counted = 0
    for month in months_between(max(april, Month.of(delivery.starts_on)), obligation.period.plus(-1)):
        if month in earlier and earlier[month].waived_at:
            continue
        if month not in earlier or earlier[month].pk not in said:
            return None
        counted += said[earlier[month].pk].first_seen_people or 0
    return counted


def breakdowns() -> tuple[Breakdown, ...]:
    """The four breakdowns as the reference tables have them now."""
    found = {
        dimension: tuple(categories)
        for dimension, categories in groupby(
            Category.objects.order_by("dimension", "order", "pk"), key=lambda category: category.dimension
        )
    }
    return tuple(Breakdown(dimension, found[dimension]) for dimension in Dimension if dimension in found)


def is_counted(category: Category) -> bool:
    """Whether somebody was counted under it. Its dimension and code stay from then on."""
    return SubmissionCount.objects.filter(category=category).exists()
