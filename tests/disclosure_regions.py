"""Small invented regions for the tests of disclosure control: people, and what deliveries would send of them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from outcomes.release_inputs import CategoryInput, PolicyInput, ProgrammeInput, ReleaseInputs
from tests.test_reach import AGES, DISTRICTS, people, returns_of
from tests.test_reach_registers import Somebody, everybody, with_register
from vru_portal.core.periods import Month

BASE_5 = PolicyInput(1, ("one_to_one",), round_to=5, hide_below=5)
EVERY_PERIOD = replace(BASE_5, breaks_down_every_period=True)
PROGRAMMES = tuple(
    ProgrammeInput(n, code, code.title(), "one_to_one", "young_people", counts_exposure=False)
    for n, code in enumerate(("hub", "club"), 1)
)
SEPTEMBER = Month(2021, 9)
DELIVERIES = {1: ("one", "two"), 2: ("three",)}


def categories(codes):
    return tuple(CategoryInput(n, code, code, code != "not-known") for n, code in enumerate(codes, 1))


def region(population, registers=(), month=SEPTEMBER, missing=(), policy=BASE_5, by_reference=()):
    """What a release of the month is made of; `registers`: who gives them, some by their own references alone;
    `missing`: (delivery, place of month)."""
    months = month.place_in_year + 1
    deliveries = {}
    for programme, names in DELIVERIES.items():
        years = []
        for name in names:
            gone = frozenset(place for delivery, place in missing if delivery == name)
            year = returns_of(population, name, gone, months)
            if name in registers:
                months_so = year.owed if name in by_reference else frozenset()
                year = replace(with_register(year, population), by_reference=months_so)
            years.append(year)
        deliveries[programme] = tuple(years)
    known = everybody(population)
    told = {p for years in deliveries.values() for y in years for m in (y.register or {}).values() for p in m}
    return ReleaseInputs(
        month=month,
        policy=policy,
        programmes=PROGRAMMES,
        districts=categories(DISTRICTS),
        age_bands=categories(AGES),
        deliveries=deliveries,
        versions=(),
        everybody={cell: type(those)(p for p in those if p in told) for cell, those in known.everybody.items()},
    )


def crowd(numbers):
    """A population of (district, age, {delivery: months}, how many)."""
    return [Somebody(district, age, met) for district, age, met, many in numbers for _ in range(many)]


somebody = people.map(lambda p: (p.district, p.age, p.met))
populations = st.lists(st.tuples(somebody, st.integers(1, 9)), min_size=1, max_size=8).map(
    lambda found: crowd([(*one, many) for one, many in found])
)
registers = st.sets(st.sampled_from(["one", "two", "three"]))
# Programmes broken down by quarters, and for every period.
policies = st.sampled_from([BASE_5, EVERY_PERIOD])
