"""Ranges beside one another: parts and wholes, months and years, whatever partners give and get wrong."""

from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes import reach
from outcomes.cells import Given, Slice, YearReach, cells
from outcomes.in_order import in_order, order_of
from outcomes.reach import Breakdowns, Codes, DeliveryYear, Interval, MonthCounts
from outcomes.release_figures import (
    added_by_estimate,
    contributions,
    estimates_of,
    figure_rows,
    given_to,
    people_of,
    periods_of,
    scopes,
)
from tests.disclosure_regions import region
from tests.test_reach import AGES, DISTRICTS, PERIODS, WALSALL, YEAR, people
from tests.test_reach_registers import people_of_their_own
from vru_portal.core.periods import Month

DELIVERIES = ("one", "two", "three")
SEPTEMBER = Month(2021, 9)
BY_ONE = [("district", code) for code in DISTRICTS] + [("age_band", code) for code in AGES]
KINDS = [(), *((cell,) for cell in BY_ONE)]
KINDS += [(("district", district), ("age_band", age)) for district in DISTRICTS for age in AGES]

# Somebody too many among those already counted: (delivery, place of month, district, age, how many).
slips = st.lists(
    st.tuples(
        st.sampled_from(DELIVERIES),
        st.integers(0, 5),
        st.sampled_from(DISTRICTS),
        st.sampled_from(AGES),
        st.integers(1, 9),
    ),
    max_size=4,
)
missing = st.lists(st.tuples(st.sampled_from(DELIVERIES), st.integers(0, 5)), max_size=2)
bases = st.sampled_from(["aggregate", "register", "case_reference"])
for_the_year = st.fixed_dictionaries(dict.fromkeys(DELIVERIES, bases))
# From which month on each gives what it gives; until then it gave counts.
changes = st.fixed_dictionaries({name: st.integers(0, 5) for name in DELIVERIES})
FROM_APRIL = dict.fromkeys(DELIVERIES, 0)


def inputs_of(population, basis, begins=FROM_APRIL, missing=(), slips=()):
    """A region in which each delivery gives what it gives, from some month on, and some Cs are too large."""
    registers = [name for name in DELIVERIES if basis[name] != "aggregate"]
    by_reference = [name for name in DELIVERIES if basis[name] == "case_reference"]
    inputs = region(population, registers, missing=missing, by_reference=by_reference)
    deliveries = {
        programme: tuple(_begun(_slipped(year, slips), begins[year.delivery]) for year in years)
        for programme, years in inputs.deliveries.items()
    }
    return replace(inputs, deliveries=deliveries)


def _slipped(year, slips):
    received = dict(year.received)
    for delivery, place, district, age, many in slips:
        month = YEAR.months[place]
        if delivery == year.delivery and month in received:
            again = defaultdict(int, received[month].already_counted)
            again["district", district] += many
            again["age_band", age] += many
            received[month] = replace(received[month], already_counted=dict(again))
    return replace(year, received=received)


def _begun(year, place):
    if year.register is None:
        return year
    later = frozenset(YEAR.months[place:])
    register = {month: people for month, people in year.register.items() if month in later}
    return replace(year, register=register or None, by_reference=year.by_reference & later)


def counted(inputs):
    """Every scope's people, by kind and period."""
    every = {period.months for period in periods_of(inputs.month)}
    found = {months: contributions(inputs, months) for months in every}
    return {
        scope.id: people_of(
            inputs,
            scope,
            {months: given_to(scope, each, inputs.breakdowns) for months, each in found.items()},
            KINDS,
            added_by_estimate(inputs, estimates_of(inputs)),
        )
        for scope in scopes(inputs)
    }


def no_less(whole, part):
    assert whole.lower >= part.lower
    assert whole.upper >= part.upper


class TestTime:
    @given(people_of_their_own, for_the_year, changes, missing, slips)
    @settings(max_examples=60)
    def test_has_no_month_that_is_more_than_its_quarter_or_year(self, population, basis, begins, missing, slips):
        """Also where a delivery changes what it gives within the year."""
        for by_kind in counted(inputs_of(population, basis, begins, missing, slips)).values():
            for by_period in by_kind.values():
                for months, whole in by_period.items():
                    assert 0 <= whole.lower <= whole.upper
                    for part, inside in by_period.items():
                        if set(part) <= set(months):
                            no_less(whole, inside)

    @given(people_of_their_own, for_the_year, missing, slips)
    @settings(max_examples=60)
    def test_has_no_quarter_or_year_that_is_more_than_its_parts(self, population, basis, missing, slips):
        for by_kind in counted(inputs_of(population, basis, missing=missing, slips=slips)).values():
            for kind, by_period in by_kind.items():
                if len(kind) < 2:
                    for months, whole in by_period.items():
                        assert whole.upper <= sum(by_period[month,].upper for month in months)
                        for first, second in ((a, b) for a in by_period for b in by_period if a + b == months):
                            assert whole.upper <= by_period[first].upper + by_period[second].upper


class TestWholes:
    """No part is more than the whole, and the whole no more than all parts."""

    @given(people_of_their_own, for_the_year, missing, slips)
    @settings(max_examples=60)
    def test_are_in_order_for_any_mix_of_bases_slips_included(self, population, basis, missing, slips):
        found = counted(inputs_of(population, basis, missing=missing, slips=slips))
        everybody, *programmes = found.values()
        for kind, by_period in everybody.items():
            for months, whole in by_period.items():
                for programme in programmes:
                    no_less(whole, programme[kind][months])
                assert whole.upper <= sum(programme[kind][months].upper for programme in programmes)
        for by_kind in found.values():
            for months, whole in by_kind[()].items():
                for cell in BY_ONE:
                    no_less(whole, by_kind[cell,][months])
                for codes, dimension in ((DISTRICTS, "district"), (AGES, "age_band")):
                    assert whole.upper <= sum(by_kind[(dimension, code),][months].upper for code in codes)
            for district in DISTRICTS:
                for age in AGES:
                    both = (("district", district), ("age_band", age))
                    for cell in both:
                        for months, inside in by_kind[both].items():
                            no_less(by_kind[cell,][months], inside)


def told(dimension):
    """Which of somebody's particulars a dimension is."""
    return {"district": "district", "age_band": "age"}[dimension]


def is_of(person, period, kind, gone):
    """Whether somebody was met in a return that was received, by one who had each of the cells on record of them."""
    places = {month.place_in_year for month in period.months}
    for delivery, met in person.met.items():
        if any(place in places and (delivery, place) not in gone for place in met):
            unknown = delivery in person.unknown_to
            if all(code == ("not-known" if unknown else getattr(person, told(of))) for of, code in kind):
                return True
    return False


class TestTheTruth:
    @given(st.lists(people, max_size=10), missing)
    @settings(max_examples=60)
    def test_lies_within_also_of_those_whom_somebody_does_not_know(self, population, missing):
        by_kind = counted(region(population, missing=missing))[None]
        for kind in KINDS:
            for period in PERIODS:
                truth = sum(is_of(person, period, kind, missing) for person in population)
                assert by_kind[kind][period.months].lower <= truth <= by_kind[kind][period.months].upper

    @given(people_of_their_own, for_the_year, changes, missing)
    @settings(max_examples=60)
    def test_lies_within_for_any_mix_of_bases(self, population, basis, begins, missing):
        by_kind = counted(inputs_of(population, basis, begins, missing))[None]
        for kind in KINDS:
            for period in PERIODS:
                truth = sum(is_of(person, period, kind, missing) for person in population)
                assert by_kind[kind][period.months].lower <= truth <= by_kind[kind][period.months].upper

    @given(people_of_their_own, bases)
    @settings(max_examples=60)
    def test_of_one_delivery_is_exact_from_april_and_wherever_it_knows_its_own(self, population, basis):
        by_kind = counted(inputs_of(population, dict.fromkeys(DELIVERIES, basis)))[2]
        mine = [person for person in population if "three" in person.met]
        mine = [replace(person, met={"three": person.met["three"]}) for person in mine]
        for kind in KINDS[: len(BY_ONE) + 1]:
            for period in PERIODS:
                truth = sum(is_of(person, period, kind, ()) for person in mine)
                if basis != "aggregate" or period.type in {"month", "year_to_date"}:
                    assert by_kind[kind][period.months] == Interval(truth, truth)


class TestASlip:
    """May's C holds people of Walsall who were never counted first."""

    @pytest.fixture
    def found(self):
        def walsall(people):
            return {("district", WALSALL): people}

        months = dict(
            zip(
                YEAR.months,
                (
                    MonthCounts(walsall(5)),
                    MonthCounts(walsall(2), walsall(40)),
                    MonthCounts(walsall(30), walsall(6)),
                ),
                strict=False,
            )
        )
        year = DeliveryYear("one", frozenset(months), months)
        known = Breakdowns({"district": Codes((WALSALL,), frozenset())})
        given_ = {
            period.months: [reach.contribution(year, period.months, known)] for period in periods_of(Month(2021, 6))
        }

        def of(*cells):
            people = (reach.people_in(each, cells, known) for each in given_.values())
            return dict(zip(given_, in_order(people, order_of(tuple(given_))), strict=True))

        return of(("district", WALSALL)), of()

    def test_makes_a_range_from_what_a_plus_b_say_to_what_the_month_says(self, found):
        cell, _ = found
        april, may, june = YEAR.months[:3]
        assert cell[april,] == Interval(5, 5)
        assert cell[may,] == cell[april, may] == Interval(7, 42)
        assert cell[june,] == Interval(36, 36)

    def test_adds_those_first_seen_later_to_both(self, found):
        cell, _ = found
        assert cell[tuple(YEAR.months[:3])] == Interval(37, 72)

    def test_of_a_total_believes_the_month(self, found):
        _, total = found
        assert total[YEAR.months[1],] == Interval(42, 42)
        assert total[tuple(YEAR.months[:3])] == Interval(42, 72)


class TestTheCubeAndARelease:
    @given(people_of_their_own, for_the_year, changes, missing, slips)
    @settings(max_examples=30)
    def test_say_the_same(self, population, basis, begins, missing, slips):
        inputs = inputs_of(population, basis, begins, missing, slips)
        codes = inputs.breakdowns.codes | dict.fromkeys(("sex", "ethnicity"), Codes(("x",), frozenset()))
        slices = [
            Slice("programme" if scope.id else "any", str(scope.id or ""), tuple(map(Given, scope.years)))
            for scope in scopes(inputs)
        ]
        year = YearReach(YEAR, SEPTEMBER, Breakdowns(codes, inputs.everybody), tuple(slices))
        cube = {
            (row.period, row.start, row.end, row.what, row.district, row.age_band): (row.lower, row.upper)
            for row in cells(year, None)
        }
        for row in figure_rows(inputs):
            if row.exact_lower is not None:
                key = (
                    row.period.type,
                    row.period.start,
                    row.period.end,
                    str(row.programme.id if row.programme else ""),
                )
                kind = (row.district.code if row.district else "", row.age_band.code if row.age_band else "")
                assert cube.get((*key, *kind), (0, 0)) == (row.exact_lower, row.exact_upper)
