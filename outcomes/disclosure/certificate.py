"""The certificate: invented worlds in which everything published is the same and hidden numbers are not.

Checking one needs the ordinary counting code and comparisons of whole numbers; no solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from outcomes.disclosure.published import End, Number, Release, numbers_of
from outcomes.disclosure.worlds import Sources, Unbelievable, World
from outcomes.release_figures import FigureRow, figure_rows


class Target(NamedTuple):
    """That the end of a release (its place in the chain) could be `hide_below` or more, or one at most."""

    release: int
    end: End
    up: bool


@dataclass(frozen=True)
class Certificate:
    worlds: Sequence[World] = ()


@dataclass(frozen=True)
class Verdict:
    """What a check finds: hidden numbers that no world of the certificate shields, and worlds that do not hold."""

    unshielded: frozenset[Target] = frozenset()
    broken: Sequence[str] = field(default=())

    @property
    def holds(self) -> bool:
        return not self.unshielded and not self.broken


def check(certificate: Certificate, chain: Sequence[Release]) -> Verdict:
    """Whether each protected number of each release could be large, and could be one or none, for all that is
    published in all of them."""
    sources = Sources([release.inputs for release in chain])
    missing = targets(chain)
    broken = []
    for place, world in enumerate((World(), *certificate.worlds)):
        try:
            counted = [list(figure_rows(sources.told(world, which))) for which in range(len(chain))]
        except Unbelievable as problem:
            broken.append(f"World {place}: {problem}")
            continue
        wrong = [
            number.end for release, rows in zip(chain, counted, strict=True) for number in disagreements(release, rows)
        ]
        if wrong:
            broken.append(f"World {place} does not come to what is published: {wrong[0]}.")
            continue
        missing -= reached(chain, counted, missing)
    return Verdict(frozenset(missing), broken)


def targets(chain: Sequence[Release]) -> set[Target]:
    return {
        Target(which, number.end, up)
        for which, release in enumerate(chain)
        for row in release.rows
        for number in numbers_of(row)
        if number.is_protected(release.inputs.policy)
        for up in (True, False)
    }


def disagreements(release: Release, rows: Sequence[FigureRow]) -> Iterator[Number]:
    """The published numbers that come out otherwise in a world; of a row that is of another kind there, each."""
    for published, told in zip(release.rows, rows, strict=True):
        if published is told:
            continue
        same_kind = published.basis == told.basis and (published.exact_lower is None) == (told.exact_lower is None)
        for number, other in zip(numbers_of(published), numbers_of(told) if same_kind else (), strict=same_kind):
            if number.shown is not None and other.shown != number.shown:
                yield number
        if not same_kind:
            yield from numbers_of(published)


def reached(chain: Sequence[Release], counted: Sequence[Sequence[FigureRow]], wanted: Iterable[Target]) -> set[Target]:
    """The targets that a world shields, of one that comes to everything published."""
    of_end = [{n.end: n.exact for row in rows for n in numbers_of(row)} for rows in counted]
    return {target for target in wanted if is_reached(target, chain, of_end[target.release][target.end])}


def is_reached(target: Target, chain: Sequence[Release], people: int) -> bool:
    return people >= chain[target.release].inputs.policy.hide_below if target.up else people <= 1
