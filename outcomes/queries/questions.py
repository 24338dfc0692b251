"""What a return asks: it follows from the delivery's programme, the month and the reference tables."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from outcomes.models import Category, Measure, Obligation, SubmissionCount
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from vru_portal.core.periods import Month

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
    )


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
