"""Secondary suppression: the fewest further numbers hidden, so that the attack can tell no protected one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from outcomes.disclosure.attack import Attack, Case
from outcomes.disclosure.insiders import Insiders
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
    inputs: ReleaseInputs,
    rows: Sequence[FigureRow],
    earlier: Sequence[Release] = (),
    sticky: Collection[End] = (),
    partners: Sequence[Collection[str]] = (),
) -> Hidden:
    """`rows`: as counted from the inputs. `earlier`: the public releases of the same financial year, oldest first: what
    they hid stays hidden, and so do the numbers that are `sticky` for another reason. `partners`:
    of each, its deliveries; what tells it of the others is hidden too."""
    kept = set(sticky).union(*(hidden_ends(release.rows) for release in earlier))
    stays = {n.end for row in rows for n in numbers_of(row) if touched(n.end, kept)} - hidden_ends(rows)
    beside: dict[End, Case | None] = dict.fromkeys(sorted(stays))
    suppressed = suppress([*earlier, Release(inputs, [hide(row, stays) for row in rows])], partners)
    beside |= suppressed.why
    return Hidden([hide(row, beside) for row in rows], beside, suppressed.told)


@dataclass(frozen=True)
class Suppressed:
    """What is hidden of the newest release, each with a number that could be told without it; and what can be told even
    so, by what earlier releases show for ever."""

    why: Mapping[End, Case]
    told: tuple[Case, ...]


def suppress(chain: Sequence[Release], partners: Sequence[Collection[str]] = ()) -> Suppressed:
    """Of each number that is told, hide the one that readers miss least for what it tells, and so on; then show again
    what need not be hidden, the dearest first. Then hide what tells a partner, that knows its own, of the others."""
    hiding = _Hiding(chain)
    while hiding.hide_what(hiding.attack.told()):
        hiding.give_back()
    told = tuple(hiding.hopeless)
    _hide_from_insiders(hiding, partners)
    beside = {end: hiding.why[shown] for shown, alike in hiding.hidden.items() for _, end in sorted(alike)}
    return Suppressed(beside, told)


def _hide_from_insiders(hiding: _Hiding, partners: Sequence[Collection[str]]) -> None:
    insiders = Insiders(hiding.attack.chain)
    known: list[set[End]] = [set() for _ in hiding.attack.chain]
    # What is hidden of one may be what another must not be told; what was not told is not told by hiding more.
    while partners and any(new := [now - before for now, before in zip(hiding.ends(), known, strict=True)]):
        known = hiding.ends()
        for deliveries in partners:
            insider = insiders.knowing(deliveries, new)
            if insider is not None:
                with hiding.attack.inside(insider.own):
                    told = hiding.attack.told(list(insider.cases), own=insider.cases)
                    hiding.hide_what(told, insider.cases)


class _Hiding:
    """What is hidden of the newest release of a chain so far."""

    def __init__(self, chain: Sequence[Release]) -> None:
        self.attack, self.last = Attack(chain), len(chain) - 1
        self.newest = {n.end: n.exact for row in chain[-1].rows for n in numbers_of(row) if n.shown is not None}
        # By one of those that show the same number, all of them.
        self.hidden: dict[End, set[Case]] = {}
        # Of each that is hidden, what could be told without it.
        self.why: dict[End, Case] = {}
        self.cases: dict[Case, None] = {}
        self.hopeless: dict[Case, None] = {}

    def ends(self) -> list[set[End]]:
        """What is hidden of each release of the chain."""
        found = [hidden_ends(release.rows) for release in self.attack.chain]
        found[-1] |= {end for alike in self.hidden.values() for _, end in alike}
        return found

    def hide_what(self, told: Sequence[Case], own: Mapping[Case, int] | None = None) -> bool:
        """Hide until none of these is told. Whether there was anything to hide."""
        cases = [each for each in told if each not in self.hopeless]
        self.cases.update(dict.fromkeys(cases if own is None else ()))
        for which, end in cases:
            mine = 0 if own is None else own[which, end]
            while (finding := self.attack.interval(which, end, own=mine)).is_told:
                by = {e: weight for (release, e), weight in finding.by.items() if release == self.last}
                candidates = [e for e in by if all(r == self.last for r, _ in self.attack.alike(self.last, e))]
                if not candidates:
                    self.hopeless[which, end] = None
                    break
                least = min(candidates, key=lambda e: (dearness(e.place) / round(by[e], 6), self.newest[e], e))
                self.hidden[least], self.why[least] = self.attack.alike(self.last, least), (which, end)
                self.attack.hide(self.hidden[least])
        return bool(cases)

    def give_back(self) -> None:
        cases = [each for each in self.cases if each not in self.hopeless]
        for end in sorted(self.hidden, key=lambda e: (-dearness(e.place), -self.newest[e], e)):
            self.attack.show(self.hidden[end])
            # Most likely what it was hidden for.
            told = self.attack.told([self.why[end]], first=True) or self.attack.told(cases, first=True)
            if told:
                self.attack.hide(self.hidden[end])
                self.why[end] = told[0]
            else:
                del self.hidden[end]


def dearness(place: Place) -> float:
    """How much readers lose without a number."""
    whole = 8 if not place.programme and not (place.district and place.age_band) else 1
    return whole * (8 if not place.district and not place.age_band else 1)
