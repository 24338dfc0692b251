"""Everything that a release's figures depend on, as plain values, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property

from pyroaring import BitMap

from outcomes.reach import DISTRICT, Breakdowns, Cell, Codes, Contribution, DeliveryYear, Months
from vru_portal.core.periods import Month

AGE = "age_band"


@dataclass(frozen=True)
class PolicyInput:
    id: int
    supported_rungs: tuple[str, ...]
    round_to: int
    hide_below: int
    # Months, and percent; 0 months: missing returns are not estimated.
    estimate_from: int = 0
    estimate_at_most: int = 0
    # One number while returns are missing; releases from before that was so went to the nearest.
    rounds_missing_down: bool = True
    # Each programme by district and by age also for periods that do not end with a quarter, and for single months.
    breaks_down_every_period: bool = False


@dataclass(frozen=True)
class ProgrammeInput:
    id: int
    code: str
    name: str
    rung: str
    beneficiary: str
    counts_exposure: bool


@dataclass(frozen=True)
class CategoryInput:
    id: int
    code: str
    name: str
    is_known: bool


@dataclass(frozen=True)
class ReleaseInputs:
    """Everything that a release's figures depend on."""

    month: Month
    policy: PolicyInput
    programmes: tuple[ProgrammeInput, ...]
    districts: tuple[CategoryInput, ...]
    age_bands: tuple[CategoryInput, ...]
    # By programme id: the deliveries' financial year up to the month.
    deliveries: dict[int, tuple[DeliveryYear, ...]]
    # Of the accepted versions, in the order of their ids.
    versions: tuple[int, ...]
    # Of those in registers, by number: who is of which district and which age band.
    everybody: Mapping[Cell, BitMap] = field(default_factory=dict)
    # The last entry of the ledger of links that the registers' people were read with, and how many contacts they had.
    ledger_position: int = 0
    contacts: int = 0

    @cached_property
    def contributions(self) -> dict[Months, dict[str, Contribution]]:
        """By period and delivery, as far as they are worked out: see `contributions`."""
        return {}

    @cached_property
    def breakdowns(self) -> Breakdowns:
        return Breakdowns({DISTRICT: _codes(self.districts), AGE: _codes(self.age_bands)}, self.everybody)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all of it in one canonical form, without database ids of anything but versions."""
        policy = {key: value for key, value in asdict(self.policy).items() if key != "id"}
        for rule, once in (("rounds_missing_down", False), ("breaks_down_every_period", False)):
            if policy[rule] == once:
                del policy[rule]  # as it was before there was such a rule
        codes = {p.id: p.code for p in self.programmes}
        form = {
            "month": self.month.code,
            "policy": policy,
            "programmes": [{k: v for k, v in asdict(p).items() if k != "id"} for p in self.programmes],
            "districts": [[c.code, c.name, c.is_known] for c in self.districts],
            "age_bands": [[c.code, c.name, c.is_known] for c in self.age_bands],
            "deliveries": {codes[pk]: [_canonical(d) for d in years] for pk, years in self.deliveries.items()},
            "versions": self.versions,
            "people": self._people(),
        }
        return hashlib.sha256(json.dumps(form, sort_keys=True, default=list).encode()).hexdigest()

    def _people(self) -> list:
        """How many people of registers were met at the same places and are of the same cells."""
        profiles = defaultdict(list)
        for year in sorted((year for years in self.deliveries.values() for year in years), key=lambda y: y.delivery):
            for month, people in sorted((year.register or {}).items()):
                for number in people:
                    profiles[number].append((year.delivery, month.code))
        for cell, people in sorted(self.everybody.items()):
            for number in people:
                profiles[number].append(cell)
        return sorted([profile, people] for profile, people in Counter(map(tuple, profiles.values())).items())


def _canonical(year: DeliveryYear) -> dict:
    return {
        "delivery": year.delivery,
        "owed": sorted(month.code for month in year.owed),
        "received": {
            month.code: {
                "first_seen": sorted([*cell, n] for cell, n in counts.first_seen.items()),
                "already_counted": sorted([*cell, n] for cell, n in counts.already_counted.items()),
                "exposed": counts.exposed,
            }
            for month, counts in year.received.items()
        },
        "by_reference": sorted(month.code for month in year.by_reference),
        "register": None if year.register is None else sorted(month.code for month in year.register),
    }


def _codes(categories: tuple[CategoryInput, ...]) -> Codes:
    return Codes(tuple(c.code for c in categories), frozenset(c.code for c in categories if not c.is_known))
