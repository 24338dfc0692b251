"""What an attack says of hidden numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

import highspy

LEAST, MOST_OF = highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize
SENSES = (MOST_OF, LEAST)
# People by which two bounds of one number differ at least; what is less is the solver's.
FURTHER = 1e-3

# What a number of a release is named by.
Which = TypeVar("Which")


@dataclass(frozen=True)
class Finding(Generic[Which]):
    """What can be said of a hidden number: from `least` to `most` (None: no most). `tells_least`, `tells_most`: whether
    that is too much. `by`: the published numbers of all releases that say too much, each with how much it moves the
    bound."""

    release: int
    end: Which
    least: float
    most: float | None
    tells_least: bool
    tells_most: bool
    by: Mapping[tuple[int, Which], float] = field(default_factory=dict)

    @property
    def is_told(self) -> bool:
        return self.tells_least or self.tells_most

    def beyond(self, other: Finding[Which]) -> Finding[Which]:
        """What it tells of the same number that `other`, from less that is published, does not tell as far."""
        least = self.tells_least and is_further(self.least, other.least, LEAST)
        most = self.tells_most and (other.most is None or is_further(self.most, other.most, MOST_OF))
        return replace(self, tells_least=least, tells_most=most, by=self.by if least or most else {})

    def tells_further_than(self, other: Finding[Which]) -> bool:
        """Of the same number, from more that is published."""
        return self.beyond(other).is_told


def is_further(people: float, known: float, sense: highspy.ObjSense) -> bool:
    """Whether a bound of so many says more than a known one."""
    return (people - known if sense == LEAST else known - people) > FURTHER
