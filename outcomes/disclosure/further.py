"""What more would have to be hidden for everything to be proven.

Where no world is found for a hidden number, published ones stand in the way. With the cheapest of them hidden too a
world is looked for again; the worlds that were found before stay good, for they come to everything that is still
published. At the end only that needs to be hidden in which one of the new worlds differs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from outcomes.disclosure.certificate import Target, disagreements, reached
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
    wanted, hides, worlds, in_the_way = set(left), set(), [], None
    unproven = wanted
    for _ in range(MOST_ROUNDS):
        hiding = [*before, replace(last, rows=[hide(row, hides) for row in last.rows])]
        proof = prove(hiding, wanted=unproven)
        worlds += proof.certificate.worlds
        unproven = set(proof.in_the_way)
        in_the_way = proof.in_the_way if in_the_way is None else in_the_way
        found = {end for ways in proof.in_the_way.values() for end in _cheapest(ways, len(before), hides)}
        if not found:
            break
        hides |= found
    return _least([_Found.of(world, chain, wanted) for world in worlds], wanted, in_the_way)


@dataclass(frozen=True)
class _Found:
    """A world with what it proves of the targets that were wanted, and the published numbers of the newest release that
    come out otherwise in it."""

    world: World
    proves: set[Target]
    differs: set[End]

    @classmethod
    def of(cls, world: World, chain: Sequence[Release], wanted: Iterable[Target]) -> _Found:
        sources = Sources([release.inputs for release in chain])
        counted = [list(figure_rows(sources.told(world, which))) for which in range(len(chain))]
        differs = {number.end for number in disagreements(chain[-1], counted[-1])}
        return cls(world, reached(chain, counted, wanted), differs)


def _least(found: Sequence[_Found], wanted: set[Target], in_the_way: InTheWay) -> Further:
    """Only the worlds that prove what no other does, and only what they need hidden."""
    as_it_stands = [one.world for one in found if not one.differs]
    unproven = wanted.difference(*(one.proves for one in found if not one.differs))
    hides: dict[End, Case] = {}
    worlds = []
    for one in sorted((one for one in found if one.differs), key=lambda one: len(one.differs)):
        if proven := one.proves & unproven:
            unproven -= proven
            worlds.append(one.world)
            shielded = min(proven)
            hides |= dict.fromkeys(one.differs - hides.keys(), (shielded.release, shielded.end))
    return Further(in_the_way, as_it_stands) if unproven else Further(in_the_way, as_it_stands, hides, worlds)


def _cheapest(ways: Iterable[frozenset[Case]], newest: int, hidden: Collection[End]) -> Collection[End]:
    """All the numbers that say one of these: of the newest release alone, which can still hide them."""
    found = [
        sorted(end for _, end in said)
        for said in ways
        if all(which == newest and end not in hidden and dearness(end.place) < OF_ALL for which, end in said)
    ]
    return min(found, key=lambda ends: (sum(dearness(end.place) for end in ends), ends), default=())
