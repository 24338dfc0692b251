"""Networks as a release tells of them: members at the beginning and the end of a period, who joined and who left.

Pure. Members are adults and never part of reach; the same rules protect them. What is published of a network hangs
together (the end is the beginning with who joined and without who left), so it is attacked like any table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from outcomes.disclosure import additive
from outcomes.disclosure.finding import Finding
from outcomes.disclosure.rule import shown
from outcomes.release_figures import Period, periods_of
from outcomes.release_inputs import PolicyInput
from vru_portal.core.periods import Month

ALL = "all"
NUMBERS = ("members_at_start", "joined", "left", "members_at_end")


@dataclass(frozen=True)
class NetworkInput:
    """`at_start`: members before April; `flows`: who joined and who left in each quarter, the last to its month."""

    name: str
    kind: str
    at_start: int
    flows: tuple[tuple[int, int], ...]

    @property
    def stocks(self) -> list[int]:
        return list(accumulate((joined - left for joined, left in self.flows), initial=self.at_start))


@dataclass(frozen=True)
class StockInputs:
    """`people`: of each kind of network, and of all, the different people before April and after each quarter:
    somebody may be in several."""

    networks: tuple[NetworkInput, ...]
    people: Mapping[str, Sequence[int]]

    @classmethod
    def from_json(cls, kept: Mapping) -> StockInputs:
        networks = (NetworkInput(*facts, tuple(map(tuple, flows))) for *facts, flows in kept["networks"])
        # The database gives back what it keeps in an order of its own.
        people = sorted(kept["people"].items(), key=lambda of_kind: (of_kind[0] != ALL, of_kind[0]))
        return cls(tuple(networks), dict(people))


class Key(NamedTuple):
    """A number of a row; `network` is “all” for all of a kind, and both are for all networks."""

    period: str
    start: str
    end: str
    kind: str
    network: str
    number: str


@dataclass(frozen=True)
class Published:
    """A release: what it was made of, and what it said (None: hidden)."""

    month: Month
    policy: PolicyInput
    inputs: StockInputs
    said: Mapping[Key, int | None]

    @property
    def without_numbers(self) -> Published:
        return replace(self, said=dict.fromkeys(self.said))


@dataclass(frozen=True)
class StockRow:
    """`numbers` in the order of `NUMBERS` (None: hidden, or not told of several networks together)."""

    period: Period
    kind: str
    network: str
    numbers: tuple[int | None, ...]
    symbol: str

    @property
    def said(self) -> dict[Key, int | None]:
        keys = [_key(self.period, self.kind, self.network, name) for name in NUMBERS]
        return {k: said for k, said in zip(keys, self.numbers, strict=True) if said is not None or self.symbol}


def stock_rows(
    month: Month, inputs: StockInputs, policy: PolicyInput, earlier: Sequence[Published] = ()
) -> list[StockRow]:
    """Each quarter that is over and the year to date: all networks, each kind, each network."""
    rule = {"round_to": policy.round_to, "hide_below": policy.hide_below}
    sticking = {key for release in earlier for key, said in release.said.items() if said is None}
    sums = []
    for key, terms, exact in _numbers(month, inputs):
        said = None if key in sticking else shown(exact, **rule)
        sums.append(additive.Sum(key, terms, exact, said, **rule, dear=key.network == ALL))
    before = [each for release in earlier for each in _sums(release)]
    hidden = additive.protect(sums, before, hide_below=policy.hide_below).keys
    said = {each.key: None if each.key in hidden else each.shown for each in sums}
    return [_row(period, kind, network, said) for period, _, _ in _spans(month) for kind, network in _of_what(inputs)]


def audit_stocks(chain: Sequence[Published]) -> list[Finding[Key]]:
    """What somebody outside can say of each small number that a chain of releases hides, by what they published."""
    said = ((which, each) for which, release in enumerate(chain) for each in _sums(release))
    return list(additive.audit(said, hide_below=chain[-1].policy.hide_below))


def _sums(release: Published) -> Iterator[additive.Sum]:
    policy = release.policy
    for key, terms, exact in _numbers(release.month, release.inputs):
        if key in release.said:
            yield additive.Sum(key, terms, exact, release.said[key], policy.round_to, policy.hide_below)


def _row(period: Period, kind: str, network: str, said: Mapping[Key, int | None]) -> StockRow:
    keys = [key for name in NUMBERS if (key := _key(period, kind, network, name)) in said]
    symbol = "c" if any(said[key] is None for key in keys) else ""
    numbers = tuple(said.get(_key(period, kind, network, name)) for name in NUMBERS)
    return StockRow(period, kind, network, numbers, symbol)


def _of_what(inputs: StockInputs) -> Iterator[tuple[str, str]]:
    """All, then each kind and its networks."""
    for kind in inputs.people:
        yield kind, ALL
        yield from ((kind, network.name) for network in inputs.networks if network.kind == kind)


def _spans(month: Month) -> Iterator[tuple[Period, int, int]]:
    """The periods told of, with the first and last of the year's quarters that are in each."""
    periods = periods_of(month)
    for number, period in enumerate(period for period in periods if period.type == "quarter"):
        yield period, number, number
    yield [p for p in periods if p.type == "year_to_date"][-1], 0, month.quarter.number - 1


def _numbers(month: Month, inputs: StockInputs) -> Iterator[tuple[Key, dict, int]]:
    """Each number with what it is the sum of. An atom is named by its size too: what was corrected is another one."""
    for period, first, last in _spans(month):
        for network in inputs.networks:
            yield from _of_network(period, first, last, network)
        for kind, people in inputs.people.items():
            among = [network for network in inputs.networks if kind in (ALL, network.kind)]
            for name, place in (("members_at_start", first), ("members_at_end", last + 1)):
                terms = _merged(_stock(network, place) for network in among)
                overlap = sum(network.stocks[place] for network in among) - people[place]
                terms |= {("in several", kind, place, overlap): -1}
                yield _key(period, kind, ALL, name), terms, people[place]


def _of_network(period: Period, first: int, last: int, network: NetworkInput) -> Iterator[tuple[Key, dict, int]]:
    flows = range(first, last + 1)
    joined = {("joined", network.name, n, network.flows[n][0]): 1 for n in flows}
    left = {("left", network.name, n, network.flows[n][1]): 1 for n in flows}
    for name, terms, exact in (
        ("members_at_start", _stock(network, first), network.stocks[first]),
        ("joined", joined, sum(network.flows[n][0] for n in flows)),
        ("left", left, sum(network.flows[n][1] for n in flows)),
        ("members_at_end", _stock(network, last + 1), network.stocks[last + 1]),
    ):
        yield _key(period, network.kind, network.name, name), terms, exact


def _stock(network: NetworkInput, place: int) -> dict:
    terms = {("before April", network.name, network.at_start): 1}
    for n in range(place):
        joined, left = network.flows[n]
        terms |= {("joined", network.name, n, joined): 1, ("left", network.name, n, left): -1}
    return terms


def _merged(each) -> dict:
    return {atom: times for terms in each for atom, times in terms.items()}


def _key(period: Period, kind: str, network: str, number: str) -> Key:
    return Key(period.type, period.start.isoformat(), period.end.isoformat(), kind, network, number)
