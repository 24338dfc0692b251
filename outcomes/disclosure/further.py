"""What more would have to be hidden for everything to be proven.

Where no world is found for a hidden number, published ones stand in the way. With the cheapest of them hidden too a
world is looked for again; the worlds that were found before stay good, for they come to everything that is still
published. At the end only that needs to be hidden in which one of the new worlds differs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from outcomes.disclosure.certificate import Target, disagreements
from outcomes.disclosure.proof import InTheWay, prove
from outcomes.disclosure.published import Case, End, Release, hide
from outcomes.disclosure.suppression import OF_ALL, dearness
from outcomes.disclosure.worlds import Sources, World
from outcomes.release_figures import figure_rows

# So often more is hidden. It took three rounds of the demonstration's September 2026 release.
MOST_ROUNDS = 12


@dataclass(frozen=True)
class Further:
    """`in_the_way`: of the release as it is. `as_it_stands`: worlds of it, which an earlier search did not find.
    `hides`: numbers of the newest release, each with the hidden one that it keeps from being proven, and `worlds` that
    prove all that is left once they are hidden; none where that was not found."""

    in_the_way: InTheWay
    as_it_stands: Sequence[World] = ()
    hides: Mapping[End, Case] = field(default_factory=dict)
    worlds: Sequence[World] = ()


def hide_further(chain: Sequence[Release], left: Iterable[Target]) -> Further:
    """`left`: what is not proven. Looked for once more as it stands, then with more and more hidden. What stands in the
    way and was published before, or is the total of all programmes, is never hidden."""
    *before, last = chain
    left, hides, worlds, in_the_way = set(left), {}, [], None
    for _ in range(MOST_ROUNDS):
        hiding = [*before, replace(last, rows=[hide(row, hides) for row in last.rows])]
        proof = prove(hiding, wanted=left)
        worlds += proof.certificate.worlds
        left = set(proof.in_the_way)
        in_the_way = proof.in_the_way if in_the_way is None else in_the_way
        if not left:
            break
        found = {
            end: (target.release, target.end)
            for target in sorted(left)
            for end in _cheapest(proof.in_the_way[target], len(before), hides)
        }
        if not found:
            break
        hides |= found
    differing = [_differing(chain, world) for world in worlds]
    as_it_stands = [world for world, ends in zip(worlds, differing, strict=True) if not ends]
    if left or len(as_it_stands) == len(worlds):
        return Further(in_the_way, as_it_stands)
    needed = set().union(*differing)
    return Further(
        in_the_way,
        as_it_stands,
        {end: case for end, case in hides.items() if end in needed},
        [world for world, ends in zip(worlds, differing, strict=True) if ends],
    )


def _cheapest(ways: Iterable[frozenset[Case]], newest: int, hidden: Collection[End]) -> Collection[End]:
    """All the numbers that say one of these: of the newest release alone, which can still hide them."""
    found = [
        sorted(end for _, end in said)
        for said in ways
        if all(which == newest and end not in hidden and dearness(end.place) < OF_ALL for which, end in said)
    ]
    return min(found, key=lambda ends: (sum(dearness(end.place) for end in ends), ends), default=())


def _differing(chain: Sequence[Release], world: World) -> set[End]:
    """Published numbers of the newest release that come out otherwise in the world."""
    sources, newest = Sources([release.inputs for release in chain]), len(chain) - 1
    told = list(figure_rows(sources.told(world, newest)))
    return {number.end for number in disagreements(chain[newest], told)}
