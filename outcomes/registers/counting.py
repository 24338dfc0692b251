"""Distinct people of linked contacts, and how well links agree with a truth where one is known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """Of pairs of rows: the share of those linked that are one person, and the share of one person's that are linked.
    `count_error` is how many people too many (or, negative, too few) are counted, as a fraction."""

    precision: float
    recall: float
    count_error: float


def people_by(keys: Iterable[Hashable], people: Sequence[int]) -> dict[Hashable, int]:
    """Distinct people for each key; `keys` and `people` go row by row."""
    found: dict[Hashable, set[int]] = defaultdict(set)
    for key, person in zip(keys, people, strict=True):
        found[key].add(person)
    return {key: len(persons) for key, persons in found.items()}


def agreement(people: Sequence[Hashable], truth: Sequence[Hashable]) -> Agreement:
    """Of rows whose true person is known."""
    linked, true = Counter(people), Counter(truth)
    both = _pairs(Counter(zip(people, truth, strict=True)))
    return Agreement(
        precision=both / (_pairs(linked) or 1) if _pairs(linked) else 1.0,
        recall=both / _pairs(true) if _pairs(true) else 1.0,
        count_error=len(linked) / len(true) - 1 if true else 0.0,
    )


def _pairs(groups: Counter) -> int:
    return sum(size * (size - 1) // 2 for size in groups.values())
