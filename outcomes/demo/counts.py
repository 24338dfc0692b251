"""What each delivery counted in each month: pure, and the same for every later day it is asked on.

Every month of every delivery has its own random numbers, so that a further month changes no earlier one.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from outcomes.demo.answers import Answer, MonthSeen, answers_to
from outcomes.demo.deliveries import DeliverySpec
from outcomes.demo.dice import dice
from outcomes.demo.profiles import PROFILES, Profile, district_weights, ethnicity_weights, sex_weights
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from vru_portal.core.periods import Month, months_between

FIRST_MONTH = Month(2021, 4)
ROUTE_METHOD = "Counted on one morning and one afternoon a week, times the week's school days."


Breakdown = dict[str, dict[str, Counter]]  # seen → dimension → people by category
Asked = Callable[[Month], tuple[str, ...]]  # the codes of the measures that a month is asked for


@dataclass(frozen=True)
class Counts:
    """One month of one delivery, as a true return says it. For a route only `exposed` is given."""

    month: Month
    new: int = 0
    known: int = 0
    already_counted: int = 0
    contacts: int = 0
    exposed: int | None = None
    breakdown: Breakdown = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    nil_reason: str = ""
    is_of_register: bool = False

    @property
    def first_seen(self) -> int:
        return self.new + self.known

    @property
    def is_nil(self) -> bool:
        return bool(self.nil_reason)


def _no_measures(month: Month) -> tuple[str, ...]:
    return ()


def counts_of(
    spec: DeliverySpec, last: Month, asked: Asked = _no_measures, skip: frozenset[Month] = frozenset()
) -> list[Counts]:
    """The delivery's months from its first to the last one asked for, without those that it need not report."""
    first = max(Month.of(spec.starts_on), FIRST_MONTH)
    if spec.ends_on:
        last = min(last, Month.of(spec.ends_on))
    months = [month for month in months_between(first, last) if month not in skip]
    return list((_routes if spec.programme == "school-routes" else _people)(spec, months, asked))


# Nobody came: nil returns.
QUIET = {("FAITH-WLV", Month(2025, 8)), ("FAITH-WLV", Month(2026, 8)), ("HOME-DUD", Month(2023, 12))}


def _volume(spec: DeliverySpec, month: Month, rng: random.Random, spread: float) -> float:
    if (spec.code, month) in QUIET:
        return 0.0
    years = month.financial_year.start - FIRST_MONTH.financial_year.start
    season = PROFILES[spec.programme].season[month.number - 1]
    return max(0.0, spec.level * (1 + spec.growth) ** years * season * rng.gauss(1, spread))


def _routes(spec: DeliverySpec, months: list[Month], asked: Asked) -> Iterator[Counts]:
    for month in months:
        estimate = round(_volume(spec, month, dice(spec.code, month.code), 0.03) / 10) * 10
        yield Counts(
            month,
            exposed=estimate,
            answers=answers_to(asked(month), MonthSeen(spec, month, exposed=estimate)),
            nil_reason="" if estimate else PROFILES[spec.programme].nobody,
        )


class _Year:
    """Whom the delivery has counted: this financial year, by category, and before it."""

    def __init__(self) -> None:
        self.year = None
        self.seen: dict[str, Counter] = {}
        self.people = 0
        self.new_ever = 0
        self.waiting_to_return = 0

    def turn_to(self, month: Month) -> None:
        if month.financial_year != self.year:
            self.year = month.financial_year
            self.seen = {dimension: Counter() for dimension in Dimension}
            self.people = 0
            self.waiting_to_return = self.new_ever


def _people(spec: DeliverySpec, months: list[Month], asked: Asked) -> Iterator[Counts]:
    profile = PROFILES[spec.programme]
    weights = {
        Dimension.AGE_BAND: profile.ages,
        Dimension.SEX: sex_weights(profile),
        Dimension.ETHNICITY: ethnicity_weights(spec.districts),
        Dimension.DISTRICT: district_weights(spec.districts),
    }
    so_far = _Year()
    for month in months:
        so_far.turn_to(month)
        yield _month(spec, profile, weights, month, so_far, asked(month))


def _month(spec, profile: Profile, weights, month: Month, so_far: _Year, asked: tuple[str, ...]) -> Counts:
    rng = dice(spec.code, month.code)
    people = round(_volume(spec, month, rng, 0.09))
    settled = (0.0, 0.75, 0.9)[month.place_in_year] if month.place_in_year < 3 else 1.0
    already = min(round(people * profile.returning * settled * rng.uniform(0.9, 1.1)), so_far.people, people)
    first_seen = people - already
    share = profile.from_before * 0.75**month.place_in_year
    known = min(round(first_seen * share * rng.uniform(0.8, 1.2)), so_far.waiting_to_return)
    breakdown = {
        Seen.FIRST_SEEN: {d: Counter(_drawn(rng, weights[d], first_seen)) for d in Dimension},
        # Somebody seen before has the age, sex, ethnicity and district that they were first counted with.
        Seen.ALREADY_COUNTED: {d: Counter(_again(rng, so_far.seen[d], already)) for d in Dimension},
    }
    contacts = people + sum(rng.random() < (profile.contacts - 1) / 4 for _ in range(4 * people))
    for dimension, people_by_category in breakdown[Seen.FIRST_SEEN].items():
        so_far.seen[dimension] += people_by_category
    so_far.people += first_seen
    so_far.new_ever += first_seen - known
    so_far.waiting_to_return -= known
    return Counts(
        month,
        new=first_seen - known,
        known=known,
        already_counted=already,
        contacts=contacts,
        breakdown=breakdown,
        answers=answers_to(asked, MonthSeen(spec, month, people, first_seen, contacts)),
        nil_reason="" if people else profile.nobody,
    )


def _drawn(rng: random.Random, weights: dict[str, float], number: int) -> list[str]:
    return rng.choices(list(weights), weights=list(weights.values()), k=number)


def _again(rng: random.Random, seen: Counter, number: int) -> list[str]:
    return rng.sample(sorted(seen), number, counts=[seen[code] for code in sorted(seen)]) if number else []
