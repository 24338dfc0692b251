"""What deliveries add to periods, remembered: most of them are in a world as they are in truth, and from one world to
the next, that differs by a few people, most of the others are as they were."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from outcomes import reach
from outcomes.reach import Breakdowns, Contribution, DeliveryYear, Months

Made = TypeVar("Made")


class Lately:
    """The last so many things that were made of something, the very thing and not what is equal to it."""

    def __init__(self, most: int) -> None:
        self.most = most
        # With what it was made of: while it is here no other has its id.
        self.found: dict[tuple[int, Hashable], tuple[object, object]] = {}

    def __call__(self, of: object, key: Hashable, make: Callable[[], Made]) -> Made:
        known = self.found.get((id(of), key))
        if known is None:
            known = self.found[id(of), key] = of, make()
            if len(self.found) > self.most:
                del self.found[next(iter(self.found))]
        return known[1]


class Remembered:
    """Counts as `reach.contribution` does. `years`: the very ones of which it is remembered for ever; of others that
    give counts, and so add the same whoever is in registers, for a while."""

    def __init__(self, years: Iterable[DeliveryYear]) -> None:
        self.years = {id(year): year for year in years}
        self.found: dict[tuple[int, Months], Contribution] = {}
        self.lately = Lately(3_000)

    def __call__(self, year: DeliveryYear, months: Months, breakdowns: Breakdowns) -> Contribution:
        if id(year) in self.years:
            known = self.found.get((id(year), months))
            if known is None:
                known = self.found[id(year), months] = reach.contribution(year, months, breakdowns)
            return known
        if year.register is None:
            return self.lately(year, months, lambda: reach.contribution(year, months, breakdowns))
        return reach.contribution(year, months, breakdowns)
