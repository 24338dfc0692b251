"""Ranges of reach, held against invented populations whose truth is known."""

from collections import defaultdict
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.disclosure.rule import shown, shown_range
from outcomes.reach import (
    Breakdowns,
    Cells,
    Codes,
    Contribution,
    DeliveryYear,
    Interval,
    MonthCounts,
    all_people,
    contribution,
    people_exposed,
    people_of,
    people_of_both,
    people_seen,
)
from outcomes.release_figures import periods_of
from vru_portal.core.periods import FinancialYear, Month

YEAR = FinancialYear(2021)
DISTRICTS = ["E08000025", "E08000030", "not-known"]
AGES = ["14-15", "16-17", "not-known"]
WALSALL, BIRMINGHAM = "E08000030", "E08000025"
KNOWN = Breakdowns(
    {
        "district": Codes(tuple(DISTRICTS), frozenset({"not-known"})),
        "age_band": Codes(tuple(AGES), frozenset({"not-known"})),
    }
)


@dataclass(frozen=True)
class Person:
    """One invented person: where each delivery believes that they live, and when each met them."""

    district: str
    age: str
    met: dict  # delivery → set of month places in the year
    unknown_to: frozenset  # deliveries that know neither district nor age


people = st.builds(
    Person,
    district=st.sampled_from(DISTRICTS[:2]),
    age=st.sampled_from(AGES[:2]),
    met=st.dictionaries(st.sampled_from(["one", "two", "three"]), st.sets(st.integers(0, 5), min_size=1), min_size=1),
    unknown_to=st.frozensets(st.sampled_from(["one", "two", "three"]), max_size=1),
)


def returns_of(population, delivery, missing=frozenset(), months=6):
    """What a partner that counts rightly sends: A + B and C of each month, without the months that are missing."""
    received = {}
    for place in range(months):
        first, again = defaultdict(int), defaultdict(int)
        for person in population:
            seen = person.met.get(delivery, set())
            if place in seen:
                cells = first if place == min(seen) else again
                known = delivery not in person.unknown_to
                cells["district", person.district if known else "not-known"] += 1
                cells["age_band", person.age if known else "not-known"] += 1
        if place not in missing:
            received[YEAR.months[place]] = MonthCounts(dict(first), dict(again))
    return DeliveryYear(delivery, frozenset(YEAR.months[:months]), received)


def contributions(population, period, missing=frozenset()):
    years = [returns_of(population, name, missing) for name in ("one", "two", "three")]
    return [contribution(year, period.months, KNOWN) for year in years]


def met_in(person, period, missing=frozenset()):
    places = {m.place_in_year for m in period.months} - set(missing)
    return any(places & months for months in person.met.values())


def believed(person, period, name, missing):
    """What the deliveries that met the person in the period have on record."""
    places = {m.place_in_year for m in period.months} - set(missing)
    met_by = [d for d, months in person.met.items() if places & months]
    return {getattr(person, name) if d not in person.unknown_to else "not-known" for d in met_by}


PERIODS = periods_of(YEAR.months[5])


class TestTheTruthLiesInTheRange:
    @given(st.lists(people, max_size=12), st.sampled_from(PERIODS), st.frozensets(st.integers(0, 5), max_size=2))
    def test_of_everybody(self, population, period, missing):
        truth = sum(met_in(person, period, missing) for person in population)
        found = all_people(contributions(population, period, missing))
        assert found.lower <= truth <= found.upper

    @given(st.lists(people, max_size=12), st.sampled_from(PERIODS), st.frozensets(st.integers(0, 5), max_size=2))
    def test_of_a_district_an_age_and_both(self, population, period, missing):
        given_ = contributions(population, period, missing)
        for district in DISTRICTS[:2]:
            truth = sum(district in believed(p, period, "district", missing) for p in population)
            found = people_of(given_, ("district", district), KNOWN)
            assert found.lower <= truth <= found.upper
        for age in AGES[:2]:
            truth = sum(age in believed(p, period, "age", missing) for p in population)
            found = people_of(given_, ("age_band", age), KNOWN)
            assert found.lower <= truth <= found.upper
        for district in DISTRICTS[:2]:
            for age in AGES[:2]:
                truth = sum(
                    district in believed(p, period, "district", missing) and age in believed(p, period, "age", missing)
                    for p in population
                )
                found = people_of_both(given_, ("district", district), ("age_band", age), KNOWN)
                assert found.lower <= truth <= found.upper

    @given(st.lists(people, max_size=12), st.sampled_from(PERIODS))
    def test_of_those_whose_district_somebody_does_not_know(self, population, period):
        truth = sum("not-known" in believed(p, period, "district", set()) for p in population)
        found = people_of(contributions(population, period), ("district", "not-known"), KNOWN)
        assert found.lower <= truth <= found.upper


class TestOneDelivery:
    def year(self, *months, owed=12):
        """(A + B, C) of Walsall for April, May …; None is a missing return."""
        return DeliveryYear(
            "one",
            frozenset(YEAR.months[:owed]),
            {
                YEAR.months[n]: MonthCounts({("district", WALSALL): row[0]}, {("district", WALSALL): row[1]})
                for n, row in enumerate(months)
                if row
            },
        )

    def seen(self, year, first, last):
        return people_seen(year, YEAR.months[first : last + 1], ("district", WALSALL))

    def test_a_month_is_a_plus_b_plus_c(self):
        assert self.seen(self.year((10, 0), (4, 6)), 1, 1) == Interval(10, 10)

    def test_the_year_to_date_is_the_sum_of_a_plus_b(self):
        assert self.seen(self.year((10, 0), (4, 6), (3, 9)), 0, 2) == Interval(17, 17)

    def test_the_first_quarter_equals_the_year_to_june(self):
        assert periods_of(Month(2021, 6))[3].months == periods_of(Month(2021, 6))[-1].months

    def test_a_later_quarter_lies_between_its_largest_month_and_the_sum_of_its_months(self):
        year = self.year((90, 0), (0, 0), (0, 0), (5, 10), (2, 20), (1, 3))
        assert self.seen(year, 3, 5) == Interval(22, 41)

    def test_a_quarter_is_never_more_than_the_year_to_its_end(self):
        year = self.year((10, 0), (0, 10), (0, 10), (2, 10), (0, 12), (0, 12))
        assert self.seen(year, 3, 5) == Interval(12, 12)

    def test_a_missing_return_widens_the_range_and_is_no_zero(self):
        assert self.seen(self.year((10, 0), None, (4, 12)), 0, 2) == Interval(16, 26)

    def test_a_delivery_that_began_in_july_misses_nothing_before(self):
        year = DeliveryYear(
            "one",
            frozenset(YEAR.months[3:6]),
            {
                YEAR.months[3]: MonthCounts({("district", WALSALL): 8}, {}),
                YEAR.months[4]: MonthCounts({("district", WALSALL): 2}, {("district", WALSALL): 7}),
                YEAR.months[5]: MonthCounts({("district", WALSALL): 1}, {("district", WALSALL): 4}),
            },
        )
        assert self.seen(year, 3, 5) == Interval(11, 11)


def only(**districts):
    """A contribution of exactly so many people by district; all of one age."""
    cells = {WALSALL: 0, BIRMINGHAM: 0, "not-known": 0} | {
        {"walsall": WALSALL, "birmingham": BIRMINGHAM, "unknown": "not-known"}[k]: v for k, v in districts.items()
    }
    total = sum(cells.values())
    not_known = frozenset({"not-known"})
    ages = {"14-15": Interval(total, total), "16-17": Interval(0, 0), "not-known": Interval(0, 0)}
    by_district = {code: Interval(n, n) for code, n in cells.items()}
    return Contribution(
        {"district": Cells(by_district, not_known), "age_band": Cells(ages, not_known)}, Interval(total, total)
    )


class TestSeveralDeliveries:
    def test_nobody_lives_in_two_districts(self):
        assert all_people([only(walsall=30), only(birmingham=50)]) == Interval(80, 80)

    def test_in_one_district_all_could_be_the_same(self):
        assert all_people([only(walsall=30), only(walsall=50)]) == Interval(50, 80)

    def test_those_of_no_known_district_may_be_among_the_others(self):
        assert all_people([only(walsall=30), only(walsall=10, unknown=15)]) == Interval(30, 55)

    def test_no_total_is_smaller_than_one_delivery(self):
        assert all_people([only(walsall=30), only(walsall=10, unknown=45)]) == Interval(55, 85)

    def test_an_age_adds_up_over_the_districts_where_it_must_be(self):
        assert people_of([only(walsall=30), only(birmingham=50)], ("age_band", "14-15"), KNOWN) == Interval(80, 80)

    def test_no_year_is_smaller_than_a_month_in_it(self):
        """A partner says of May that it has counted 40 already, and of April that there were 5."""
        months = {
            YEAR.months[0]: MonthCounts({("district", WALSALL): 5}, {}),
            YEAR.months[1]: MonthCounts({("district", WALSALL): 2}, {("district", WALSALL): 40}),
        }
        year = DeliveryYear("one", frozenset(YEAR.months[:2]), months)
        known = Breakdowns({"district": Codes((WALSALL,), frozenset())})
        may = contribution(year, YEAR.months[1:2], known)
        april_to_may = contribution(year, YEAR.months[:2], known)
        assert (all_people([may]), all_people([april_to_may])) == (Interval(42, 42), Interval(42, 42))

    def test_nothing_received_is_nobody(self):
        assert all_people([]) == Interval(0, 0)


class TestExposure:
    def test_takes_the_largest_month_of_each_delivery(self):
        years = [
            DeliveryYear(
                code,
                frozenset(YEAR.months),
                {YEAR.months[n]: MonthCounts(exposed=e) for n, e in enumerate(values)},
            )
            for code, values in {"one": [900, 1000, 950], "two": [400, 380]}.items()
        ]
        assert people_exposed(years, YEAR.months[:3]) == 1400


class TestShown:
    @pytest.mark.parametrize(
        ("people", "published"), [(0, 0), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)]
    )
    def test_rounds_and_hides(self, people, published):
        assert shown(people, round_to=5, hide_below=5) == published

    @given(st.integers(0, 10_000), st.integers(0, 10_000), st.sampled_from([(5, 5), (5, 8), (10, 10), (1, 1)]))
    def test_keeps_at_least_and_at_most_true(self, lower, more, policy):
        round_to, hide_below = policy
        low, high = shown_range(lower, lower + more, round_to=round_to, hide_below=hide_below)
        assert low is None or lower - round_to < low <= lower
        assert high is None or lower + more <= high < lower + more + round_to

    @given(st.integers(0, 100_000), st.sampled_from([(5, 5), (5, 8), (10, 10), (1, 1)]))
    def test_keeps_order_and_stays_near(self, people, policy):
        round_to, hide_below = policy
        said = shown(people, round_to=round_to, hide_below=hide_below)
        if said is not None:
            assert abs(said - people) <= round_to / 2
            following = shown(people + 1, round_to=round_to, hide_below=hide_below)
            assert following is None or following >= said


class TestPeriodsOf:
    def test_of_june_has_one_quarter(self):
        assert [p.type for p in periods_of(Month(2021, 6))] == ["month"] * 3 + ["quarter"] + ["year_to_date"] * 3

    def test_of_march_has_the_financial_year(self):
        found = periods_of(Month(2022, 3))
        assert len(found) == 12 + 4 + 12 + 1
        assert (found[-1].type, found[-1].start.isoformat(), found[-1].end.isoformat()) == (
            "financial_year",
            "2021-04-01",
            "2022-03-31",
        )
