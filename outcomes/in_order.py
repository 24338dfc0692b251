"""Ranges of one line in several periods, put in order: what is known of a month is known of its quarter and year.

By the rules of docs/counting.md. Wholes beside their parts are in order by how `outcomes.reach` counts them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from outcomes.reach import Interval, Months

# The periods by their places, the shorter first, and of each the longest within it.
Order = list[tuple[int, list[int]]]


def in_order(people: Iterable[Interval], order: Order) -> list[Interval]:
    """One line's people in several periods: in each at least as many as in a period within it.

    A bound on the people of a month is one on the people of its quarter. Taken by itself, a longer period may know
    less: the more people there are in all, the fewer must be of two breakdowns at once.
    """
    found = list(people)
    for period, within in order:
        lower, upper = found[period]
        for part in within:
            lower, upper = max(lower, found[part].lower), max(upper, found[part].upper)
        found[period] = Interval(lower, upper)
    return found


@cache
def order_of(periods: tuple[Months, ...]) -> Order:
    place = {months: n for n, months in enumerate(periods)}
    found = []
    for months in sorted(periods, key=len):
        inside = [part for part in periods if set(part) < set(months)]
        within = [place[part] for part in inside if not any(set(part) < set(other) for other in inside)]
        found.append((place[months], within))
    return found
