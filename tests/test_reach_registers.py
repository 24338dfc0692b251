"""Reach where deliveries give registers: people are told apart, so figures close; beside counts they stay ranges."""

from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from outcomes import reach
from outcomes.reach import Breakdowns, Interval, all_people, contribution, people_of, people_of_both
from tests.test_reach import AGES, DISTRICTS, KNOWN, PERIODS, YEAR, believed, met_in, people, returns_of

DELIVERIES = ("one", "two", "three")


def with_register(year, population):
    """The same returns, with whom they tell of."""
    register = {
        month: BitMap(
            n for n, person in enumerate(population) if month.place_in_year in person.met.get(year.delivery, ())
        )
        for month in year.received
    }
    return replace(year, register=register)


def everybody(population):
    """By what registers tell people."""
    cells = {}
    for n, person in enumerate(population):
        for cell in (("district", person.district), ("age_band", person.age)):
            cells.setdefault(cell, BitMap()).add(n)
    return Breakdowns(KNOWN.codes, cells)


def given_by(population, period, registers, missing=frozenset(), by_reference=frozenset()):
    """The contributions of three deliveries, of which `registers` tell people apart, some by their references alone."""
    known = everybody(population)
    years = [returns_of(population, name, missing) for name in DELIVERIES]
    years = [with_register(year, population) if year.delivery in registers else year for year in years]
    known_so = {name: frozenset(YEAR.months) for name in by_reference}
    years = [replace(year, by_reference=known_so.get(year.delivery, frozenset())) for year in years]
    return reach.together([contribution(year, period.months, known) for year in years], known)


@dataclass(eq=False)
class Somebody:
    """One invented person, known to everybody who meets them, and told apart from another who is just alike."""

    district: str
    age: str
    met: dict
    unknown_to: frozenset = frozenset()


people_of_their_own = st.lists(people.map(lambda p: Somebody(p.district, p.age, p.met)), max_size=12)


class TestRegisters:
    @given(people_of_their_own, st.sampled_from(PERIODS), st.frozensets(st.integers(0, 5), max_size=2))
    def test_of_all_deliveries_give_one_number(self, population, period, missing):
        truth = sum(met_in(person, period, missing) for person in population)
        found = given_by(population, period, DELIVERIES, missing)
        assert all_people(found) == Interval(truth, truth)
        for district in DISTRICTS[:2]:
            for age in AGES[:2]:
                true = sum(met_in(p, period, missing) and p.district == district and p.age == age for p in population)
                both = people_of_both(found, ("district", district), ("age_band", age), everybody(population))
                assert both == Interval(true, true)

    @given(people_of_their_own, st.sampled_from(PERIODS), st.sets(st.sampled_from(DELIVERIES), min_size=1))
    def test_beside_counts_keep_the_truth_in_the_range(self, population, period, registers):
        truth = sum(met_in(person, period) for person in population)
        found = given_by(population, period, registers)
        total = all_people(found)
        assert total.lower <= truth <= total.upper
        for district in DISTRICTS[:2]:
            true = sum(district in believed(p, period, "district", set()) for p in population)
            in_district = people_of(found, ("district", district), everybody(population))
            assert in_district.lower <= true <= in_district.upper

    @given(people_of_their_own, st.sampled_from(PERIODS), st.sets(st.sampled_from(DELIVERIES), min_size=1))
    def test_never_widen_the_range(self, population, period, registers):
        with_them = all_people(given_by(population, period, registers))
        without = all_people(given_by(population, period, ()))
        assert without.lower <= with_them.lower
        assert with_them.upper <= without.upper

    @given(people_of_their_own, st.sampled_from(PERIODS), st.sets(st.sampled_from(DELIVERIES), min_size=1))
    def test_by_references_alone_keep_the_truth_in_the_range(self, population, period, by_reference):
        truth = sum(met_in(person, period) for person in population)
        found = given_by(population, period, DELIVERIES, by_reference=by_reference)
        total = all_people(found)
        assert total.lower <= truth <= total.upper
        for cell in [("district", district) for district in DISTRICTS[:2]] + [("age_band", age) for age in AGES[:2]]:
            name = {"district": "district", "age_band": "age"}[cell[0]]
            true = sum(met_in(p, period) and getattr(p, name) == cell[1] for p in population)
            in_cell = people_of(found, cell, everybody(population))
            assert in_cell.lower <= true <= in_cell.upper

    def test_by_references_alone_are_exact_for_one_delivery_and_no_union_of_two(self):
        months = YEAR.months[:1]
        known = Breakdowns(KNOWN.codes, {("district", DISTRICTS[0]): BitMap([1, 2])})
        one, other = (
            replace(returns_of([], name, months=1), register={months[0]: BitMap(met)}, by_reference=frozenset(months))
            for name, met in (("one", [1]), ("two", [2]))
        )
        assert all_people([contribution(one, months, known)]) == Interval(1, 1)
        both = reach.together([contribution(year, months, known) for year in (one, other)], known)
        assert all_people(both) == Interval(1, 2)
        assert reach.are_told_apart([one], months)
        assert not reach.are_told_apart([one, other], months)

    def test_of_somebody_met_by_two_partners_count_them_once(self):
        amina, jakub = 1, 2
        known = Breakdowns(
            KNOWN.codes, {("district", DISTRICTS[0]): BitMap([amina]), ("district", DISTRICTS[1]): BitMap([jakub])}
        )
        months = YEAR.months[:1]
        years = [
            replace(returns_of([], "one", months=1), register={months[0]: BitMap([amina])}),
            replace(returns_of([], "two", months=1), register={months[0]: BitMap([amina, jakub])}),
        ]
        found = reach.together([contribution(year, months, known) for year in years], known)
        assert all_people(found) == Interval(2, 2)

    def test_of_which_one_month_was_counted_without_tell_nobody_apart_in_it(self):
        year = returns_of([], "one", months=2)
        year = replace(year, register={YEAR.months[0]: BitMap()})
        assert year.tells_apart(YEAR.months[:1])
        assert not year.tells_apart(YEAR.months[:2])
