"""How many of the returns due had come, and how many in time, as a release tells of it.

Pure. Partners are not named, and groups of few partners are put together: nobody reads from them who was late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from outcomes.release_figures import Period, periods_of
from vru_portal.core.periods import Month

FEWEST_PARTNERS = 3


class Group(NamedTuple):
    code: str
    name: str


EVERYBODY = Group("all", "All returns")
OTHERS = Group("other", "Others, each of few partners")


@dataclass(frozen=True, eq=False)
class Judged:
    """A return that was owed and whose day has passed."""

    month: Month
    partner: int
    programme: Group
    partner_kind: Group
    is_accepted: bool
    is_nil: bool
    is_timely: bool


def rates(month: Month, judged: Sequence[Judged]) -> Iterator[list]:
    """In plain values: period, what it is by, code, name, partners, returns due, accepted, nil among them, in time."""
    periods = [p for p in periods_of(month) if p.type == "quarter"]
    periods += [p for p in periods_of(month) if p.type == "year_to_date" and p.months[-1] == month]
    for by in ("all", "programme", "partner_kind"):
        of = {one: EVERYBODY if by == "all" else getattr(one, by) for one in judged}
        named = _large_enough(of, periods)
        for period in periods:
            groups: dict[Group, list[Judged]] = defaultdict(list)
            for one, group in of.items():
                if one.month in period.months:
                    groups[named[group]].append(one)
            for group in sorted(groups, key=lambda group: (group == OTHERS, group.name)):
                yield [
                    period.type,
                    period.start.isoformat(),
                    period.end.isoformat(),
                    by,
                    *group,
                    *_counts(groups[group]),
                ]


def _counts(judged: Collection[Judged]) -> list[int]:
    return [
        len({one.partner for one in judged}),
        len(judged),
        sum(one.is_accepted for one in judged),
        sum(one.is_accepted and one.is_nil for one in judged),
        sum(one.is_timely for one in judged),
    ]


def _large_enough(of: Mapping[Judged, Group], periods: Sequence[Period]) -> dict[Group, Group]:
    """Each group by itself, but those that have few partners in any period as one: with the next smallest, if they are
    few even together, or one alone, whom what is left of the total would tell."""
    partners: dict[Group, dict[Month, set[int]]] = defaultdict(lambda: defaultdict(set))
    for one, group in of.items():
        partners[group][one.month].add(one.partner)

    def fewest(groups: Collection[Group]) -> int:
        found = (
            {partner for group in groups for month in period.months for partner in partners[group][month]}
            for period in periods
        )
        return min((len(each) for each in found if each), default=0)

    size = {group: fewest([group]) for group in sorted(set(of.values()))}
    by_size = sorted(size, key=lambda group: size[group])
    count = sum(each < FEWEST_PARTNERS for each in size.values())
    while 0 < count < len(by_size) and (count == 1 or fewest(by_size[:count]) < FEWEST_PARTNERS):
        count += 1
    few = set(by_size[:count]) if len(by_size) > 1 else set()
    return {group: OTHERS if group in few else group for group in size}
