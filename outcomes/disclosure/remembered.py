"""What deliveries add to periods, remembered for those that are in a world as they are in truth: most of them."""

from __future__ import annotations

from collections.abc import Iterable

from outcomes import reach
from outcomes.reach import Breakdowns, Contribution, DeliveryYear, Months


class Remembered:
    """Counts as `reach.contribution` does. `years`: the very ones of which it is remembered."""

    def __init__(self, years: Iterable[DeliveryYear]) -> None:
        self.years = {id(year): year for year in years}
        self.found: dict[tuple[int, Months], Contribution] = {}

    def __call__(self, year: DeliveryYear, months: Months, breakdowns: Breakdowns) -> Contribution:
        if id(year) not in self.years:
            return reach.contribution(year, months, breakdowns)
        known = self.found.get((id(year), months))
        if known is None:
            known = self.found[id(year), months] = reach.contribution(year, months, breakdowns)
        return known
