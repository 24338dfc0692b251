"""What a release hides: kept with it in plain values, hidden again when it is made again, told to staff in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from outcomes.disclosure import published
from outcomes.disclosure.attack import Case
from outcomes.disclosure.published import hide, numbers_of
from outcomes.disclosure.rule import Which
from outcomes.disclosure.suppression import Hidden
from outcomes.models import Certificate, Figure, Release
from outcomes.models.releases import Label
from outcomes.queries.audit import attacked_with, chain_attacked
from outcomes.registers.values import NOT_KNOWN_CODE
from outcomes.release_figures import FigureRow
from outcomes.sentences import period_in_words


# ---- Kept with the release ----
class Kept(NamedTuple):
    """As the release's fields of these names."""

    hidden_beside: list[list]
    told: list[list]
    told_before: list[list]


def as_kept(hidden: Hidden, earlier: Sequence[published.Release]) -> Kept:
    orders = [_orders(rows) for rows in (*(release.rows for release in earlier), hidden.rows)]

    def place(case: Case) -> list:
        which, end = case
        return [which, orders[which][end], end.which]

    here = len(earlier)
    beside = [[*place((here, end))[1:], case and place(case)] for end, case in hidden.beside.items()]
    return Kept(
        sorted(beside, key=lambda one: (one[0], one[1])),
        sorted(map(place, hidden.told)),
        sorted(map(place, hidden.told_before)),
    )


def _orders(rows: Iterable[FigureRow]) -> dict[published.End, int]:
    return {number.end: row.order for row in rows for number in numbers_of(row)}


def hidden_again(release: Release, rows: Iterable[FigureRow]) -> list[FigureRow]:
    """Rows that were counted again, without what was hidden beside small numbers when the release was made."""
    kept = {(order, which) for order, which, _ in release.hidden_beside}
    return [hide(row, {n.end for n in numbers_of(row) if (row.order, n.end.which) in kept}) for row in rows]


def hidden_to_prove(release: Release) -> dict[published.End, Case | None]:
    """What the release hides, and what its newest certificate says is hidden further for all to be proven; each with a
    number that it shields, if it does."""
    certificate = release.certificates.last()
    ends = [
        {(row.order, n.end.which): n.end for row in rows for n in numbers_of(row)}
        for rows in (each.rows for each in chain_attacked(release))
    ]

    def case(place: list | None) -> Case | None:
        return place and (place[0], ends[place[0]][place[1], place[2]])

    return {
        ends[-1][order, which]: case(shields)
        for order, which, shields in [*release.hidden_beside, *certificate.further]
        if (order, which) in ends[-1]
    }


# ---- Told to staff ----
def attack_in_words(release: Release) -> str:
    """What the attack on a release found, for whoever decides."""
    if release.told is None:
        return f"{release.code} was made before hidden numbers were attacked: whether they can be told is not known."
    codes = ", ".join(each.code for each in attacked_with(release))
    together = f" together with {codes}" if codes else ""
    if not (release.told or release.told_before):
        return f"An attack on all of its numbers{together} worked out no hidden one."
    found = []
    if release.told:
        numbers = _hidden_numbers(release.told)
        found.append(f"{numbers} can be worked out from what is published with it. It cannot be approved.")
    if release.told_before:
        found.append(
            f"{_hidden_numbers(release.told_before)} can be worked out from what is known already ({codes}), whatever "
            "this release does. It says nothing more of them."
        )
    return " ".join(found)


def _hidden_numbers(which: Sequence) -> str:
    return f"{len(which):,} hidden {'number' if len(which) == 1 else 'numbers'}"


@dataclass(frozen=True)
class Ref:
    """A number of a release: where it stands, in words, and the address of its figure."""

    release_code: str
    row: int
    what: str
    which: Which


@dataclass(frozen=True)
class Beside:
    """A number that is hidden to shield another."""

    number: Ref
    shields: Ref


@dataclass(frozen=True)
class OfProgramme:
    """How many of a programme's figures hide something, as the rule wants, and beside that."""

    label: Label
    figures: int
    by_rule: int
    beside: int


@dataclass(frozen=True)
class WhatIsHidden:
    """Without any hidden number. `still`: what is hidden because an earlier release hid it. `told`: hidden numbers that
    can be worked out, so that it cannot be published. `told_before`: those that earlier releases give away without
    it. Those of reach; those of activity and networks are named by the keys of their rows."""

    attacked_with: list[Release]
    programmes: list[OfProgramme]
    beside: list[Beside]
    still: list[Ref]
    told: list[Ref]
    told_before: list[Ref]
    told_in_reports: list[str]
    told_before_in_reports: list[str]


def what_is_hidden(release: Release) -> WhatIsHidden:
    """Of a release that was attacked when it was produced."""
    chain = [*attacked_with(release), release]
    wanted = {(len(chain) - 1, order) for order, _, _ in release.hidden_beside}
    wanted |= {(which, order) for _, _, case in release.hidden_beside if case for which, order, _ in [case]}
    told, told_in_reports = _apart(release.told, chain)
    told_before, told_before_in_reports = _apart(release.told_before, chain)
    wanted |= {(which, order) for which, order, _ in (*told, *told_before)}
    ref = _refs(chain, wanted)

    last = len(chain) - 1
    return WhatIsHidden(
        attacked_with=chain[:-1],
        programmes=_programmes(release),
        beside=[Beside(ref(last, *number), ref(*case)) for *number, case in release.hidden_beside if case],
        still=[ref(last, *number) for *number, case in release.hidden_beside if not case],
        told=[ref(*case) for case in told],
        told_before=[ref(*case) for case in told_before],
        told_in_reports=told_in_reports,
        told_before_in_reports=told_before_in_reports,
    )


def _apart(told: Iterable[list], chain: Sequence[Release]) -> tuple[list[list], list[str]]:
    """Numbers of reach, and those of other reports in words: “activity.csv of 2021-06.1: quarter, 2021-04-01, …”."""
    of_reach, in_reports = [], []
    for which, row, name in told:
        if isinstance(row, list):
            in_reports.append(f"{name} of {chain[which].code}: {', '.join(row)}")
        else:
            of_reach.append([which, row, name])
    return of_reach, in_reports


@dataclass(frozen=True)
class Unproven:
    """A hidden number that the certificate does not prove, and published ones that kept it from being proven."""

    number: Ref
    in_the_way: list[Ref]


def what_is_unproven(certificate: Certificate) -> list[Unproven]:
    release = certificate.release
    chain = [*attacked_with(release), release]
    cases = [case for *number, ways in certificate.unproven for case in (number, *ways)]
    ref = _refs(chain, {(which, order) for which, order, _ in cases})

    return [Unproven(ref(*number), [ref(*way) for way in ways]) for *number, ways in certificate.unproven]


def hidden_further(certificate: Certificate) -> list[Beside]:
    """What would have to be hidden too for everything to be proven."""
    release = certificate.release
    chain, last = [*attacked_with(release), release], len(release.attacked_with)
    wanted = [case for order, _, (which, other, _) in certificate.further for case in ((last, order), (which, other))]
    ref = _refs(chain, set(wanted))

    return [Beside(ref(last, order, end), ref(*case)) for order, end, case in certificate.further]


def _refs(chain: Sequence[Release], wanted: Iterable[tuple[int, int]]) -> Callable[[int, int, Which], Ref]:
    """What names a number of the figures that are `wanted`, by the release's place in the chain and its row."""
    figures = _figures(chain, wanted)

    def ref(which: int, order: int, end: Which) -> Ref:
        return Ref(chain[which].code, order, _what(chain[which], figures[which, order]), end)

    return ref


def _figures(chain: Sequence[Release], wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Figure]:
    orders: dict[int, list[int]] = {}
    for which, order in wanted:
        orders.setdefault(which, []).append(order)
    return {
        (which, figure.order): figure
        for which, those in orders.items()
        for figure in chain[which].figures.filter(order__in=those)
    }


def _programmes(release: Release) -> list[OfProgramme]:
    """In the order of the file."""
    beside = {order for order, _, _ in release.hidden_beside}
    small: Counter[int | None] = Counter()
    other: Counter[int | None] = Counter()
    every: dict[int | None, int] = Counter()
    for programme, order, symbol in release.figures.order_by("order").values_list("programme", "order", "symbol"):
        every[programme] += 1
        if symbol == Figure.Symbol.CONFIDENTIAL:
            (other if order in beside else small)[programme] += 1
    return [OfProgramme(release.programme_label(p), every[p], small[p], other[p]) for p in every]


def _of(kind: str, label: Label) -> str:
    """“Walsall”, “14 to 15”; of whom it is not known, what."""
    return f"{kind} not known" if label.code == NOT_KNOWN_CODE else label.name


def _what(release: Release, figure: Figure) -> str:
    """“Heal Hub, Walsall, between July and September 2021”."""
    names = [release.programme_label(figure.programme_id).name]
    if figure.district_id:
        names.append(_of("district", release.district_label(figure.district_id)))
    if figure.age_band_id:
        names.append(_of("age", release.age_label(figure.age_band_id)))
    names.append(period_in_words(figure.period_start, figure.period_end))
    if figure.period_type == Figure.PeriodType.YEAR_TO_DATE:
        names.append("year to date")
    return ", ".join(names)
