"""Secondary suppression: the fewest further numbers hidden, so that the attack can tell no protected one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from outcomes.disclosure.attack import Attack, Case
from outcomes.disclosure.published import End, Place, Release, hidden_ends, hide, numbers_of, touched
from outcomes.release_figures import FigureRow, ReleaseInputs


@dataclass(frozen=True)
class Hidden:
    """The rows of a release as they may be published.

    `beside`: what is hidden beside small numbers, each with one that could be told without it; None where an earlier
    release hid it. `told`: what can be told even so, by what earlier releases show for ever.
    """

    rows: Sequence[FigureRow]
    beside: Mapping[End, Case | None]
    told: tuple[Case, ...]


def hide_what_tells(
    inputs: ReleaseInputs, rows: Sequence[FigureRow], earlier: Sequence[Release] = (), sticky: Collection[End] = ()
) -> Hidden:
    """`rows`: as counted from the inputs. `earlier`: the public releases of the same financial year, oldest first: what
    they hid stays hidden, and so do the numbers that are `sticky` for another reason."""
    kept = set(sticky).union(*(hidden_ends(release.rows) for release in earlier))
    stays = {n.end for row in rows for n in numbers_of(row) if touched(n.end, kept)} - hidden_ends(rows)
    beside: dict[End, Case | None] = dict.fromkeys(sorted(stays))
    suppressed = suppress([*earlier, Release(inputs, [hide(row, stays) for row in rows])])
    beside |= suppressed.why
    return Hidden([hide(row, beside) for row in rows], beside, suppressed.told)


@dataclass(frozen=True)
class Suppressed:
    """What is hidden of the newest release, each with a number that could be told without it; and what can be told even
    so, by what earlier releases show for ever."""

    why: Mapping[End, Case]
    told: tuple[Case, ...]


def suppress(chain: Sequence[Release]) -> Suppressed:
    """Of each number that is told, hide the one that readers miss least for what it tells, and so on; then show again
    what need not be hidden, the dearest first."""
    attack, last = Attack(chain), len(chain) - 1
    newest = {n.end: n.exact for row in chain[last].rows for n in numbers_of(row) if n.shown is not None}
    # By one of those that show the same number, all of them.
    hidden: dict[End, set[Case]] = {}
    hopeless: dict[Case, None] = {}
    cases: dict[Case, None] = {}
    # Of each that is hidden, what could be told without it.
    why: dict[End, Case] = {}
    while open_cases := [each for each in attack.told() if each not in hopeless]:
        cases.update(dict.fromkeys(open_cases))
        for which, end in open_cases:
            while (finding := attack.interval(which, end, own=0)).is_told:
                by = {e: weight for (release, e), weight in finding.by.items() if release == last}
                candidates = [e for e in by if all(release == last for release, _ in attack.alike(last, e))]
                if not candidates:
                    hopeless[which, end] = None
                    break
                least = min(candidates, key=lambda e: (dearness(e.place) / round(by[e], 6), newest[e], e))
                hidden[least], why[least] = attack.alike(last, least), (which, end)
                attack.hide(hidden[least])
        _give_back(attack, hidden, newest, why, [each for each in cases if each not in hopeless])
    return Suppressed({end: why[shown] for shown, alike in hidden.items() for _, end in sorted(alike)}, tuple(hopeless))


def _give_back(
    attack: Attack,
    hidden: dict[End, set[Case]],
    newest: Mapping[End, int],
    why: dict[End, Case],
    cases: Sequence[Case],
) -> None:
    for end in sorted(hidden, key=lambda e: (-dearness(e.place), -newest[e], e)):
        attack.show(hidden[end])
        # Most likely what it was hidden for.
        told = attack.told([why[end]], first=True) or attack.told(cases, first=True)
        if told:
            attack.hide(hidden[end])
            why[end] = told[0]
        else:
            del hidden[end]


def dearness(place: Place) -> float:
    """How much readers lose without a number."""
    whole = 8 if not place.programme and not (place.district and place.age_band) else 1
    return whole * (8 if not place.district and not place.age_band else 1)
