"""What more would have to be hidden for everything to be proven.

Where no world is found for a hidden number, published ones stand in the way. With the cheapest of them hidden too a
world is looked for again; the worlds that were found before stay good, for they come to everything that is still
published. At the end only that needs to be hidden in which one of the new worlds differs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from outcomes.disclosure.certificate import Target, disagreements
from outcomes.disclosure.proof import Told, prove
from outcomes.disclosure.published import Case, End, Release, hide
from outcomes.disclosure.suppression import OF_ALL, dearness
from outcomes.disclosure.worlds import Sources, World
from outcomes.release_figures import figure_rows

# So often more is hidden; it took three rounds of the demonstration's releases.
MOST_ROUNDS = 12


@dataclass(frozen=True)
class Further:
    """`hides`: numbers of the newest release, each with the hidden one that it keeps from being proven. `worlds`: what
    proves, once they are hidden, all that the certificate does not."""

    hides: Mapping[End, Case]
    worlds: Sequence[World]


def hide_further(
    chain: Sequence[Release],
    in_the_way: Mapping[Target, Sequence[Case]],
    *,
    progress: Told = lambda proven, wanted: None,
    search: Callable = prove,
) -> Further | None:
    """`in_the_way`: what is left, with the published numbers that kept a world from being found. None where hiding
    more does not help: what stands in the way was published before, or is the total of all programmes."""
    *before, last = chain
    every = len(in_the_way)
    hides: dict[End, Case] = {}
    worlds: list[World] = []
    for _ in range(MOST_ROUNDS):
        found = {
            end: (target.release, target.end)
            for target in sorted(in_the_way)
            if (end := _cheapest(in_the_way[target], len(before), hides)) is not None
        }
        if not found:
            return None
        hides |= found
        hiding = [*before, replace(last, rows=[hide(row, hides) for row in last.rows])]
        proof = search(hiding, wanted=in_the_way, progress=lambda now, of: progress(every - of + now, every))
        worlds += proof.certificate.worlds
        in_the_way = proof.in_the_way
        if not in_the_way:
            needed = _differing(chain, worlds)
            return Further({end: case for end, case in hides.items() if end in needed}, tuple(worlds))
    return None


def _cheapest(ways: Collection[Case], newest: int, hidden: Collection[End]) -> End | None:
    """Of the newest release, which can still hide it."""
    ends = [end for which, end in ways if which == newest and end not in hidden and dearness(end.place) < OF_ALL]
    return min(ends, key=lambda end: (dearness(end.place), end), default=None)


def _differing(chain: Sequence[Release], worlds: Sequence[World]) -> set[End]:
    """Published numbers of the newest release that come out otherwise in one of the worlds."""
    sources, newest = Sources([release.inputs for release in chain]), len(chain) - 1
    return {
        number.end
        for world in worlds
        for number in disagreements(chain[newest], list(figure_rows(sources.told(world, newest))))
    }
