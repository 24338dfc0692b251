"""Secondary suppression: the fewest further numbers hidden, so that the attack can tell no protected one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from outcomes.disclosure.attack import Attack
from outcomes.disclosure.published import End, Place, Release, numbers_of


@dataclass(frozen=True)
class Suppressed:
    """What is hidden of the newest release; and what can be told even so, by what earlier releases show for ever."""

    ends: frozenset[End]
    told: tuple[tuple[int, End], ...]


def suppress(chain: Sequence[Release]) -> Suppressed:
    """Of each number that is told, hide the one that readers miss least among those that tell it, and so on; then show
    again what need not be hidden, the dearest first."""
    attack, last = Attack(chain), len(chain) - 1
    newest = {n.end: n.exact for row in chain[last].rows for n in numbers_of(row) if n.shown is not None}
    # By one of those that show the same number, all of them.
    hidden: dict[End, set[tuple[int, End]]] = {}
    hopeless: dict[tuple[int, End], None] = {}
    cases: dict[tuple[int, End], None] = {}
    while open_cases := [each for each in attack.told() if each not in hopeless]:
        cases.update(dict.fromkeys(open_cases))
        for which, end in open_cases:
            while (finding := attack.interval(which, end, own=0)).is_told:
                by = [e for e in finding.by if e in newest]
                candidates = [e for e in by if all(release == last for release, _ in attack.alike(last, e))]
                if not candidates:
                    hopeless[which, end] = None
                    break
                least = min(candidates, key=lambda e: (dearness(e.place), newest[e], e))
                hidden[least] = attack.alike(last, least)
                attack.hide(hidden[least])
        _give_back(attack, hidden, newest, [each for each in cases if each not in hopeless])
    return Suppressed(frozenset(end for alike in hidden.values() for _, end in alike), tuple(hopeless))


def _give_back(
    attack: Attack,
    hidden: dict[End, set[tuple[int, End]]],
    newest: Mapping[End, int],
    cases: Sequence[tuple[int, End]],
) -> None:
    for end in sorted(hidden, key=lambda e: (-dearness(e.place), -newest[e], e)):
        attack.show(hidden[end])
        if attack.told(cases, first=True):
            attack.hide(hidden[end])
        else:
            del hidden[end]


def dearness(place: Place) -> float:
    """How much readers lose without a number."""
    whole = 8 if not place.programme and not (place.district and place.age_band) else 1
    return whole * (8 if not place.district and not place.age_band else 1)
