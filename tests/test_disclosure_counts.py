"""What the attack knows of people of whom counts alone tell: two of a district and two of an age can be two of both."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.disclosure.attack import Attack, audit
from outcomes.disclosure.counts import Counts
from outcomes.disclosure.published import numbers_of
from outcomes.disclosure.relations import Relations
from tests.disclosure_regions import crowd, populations, region, registers
from tests.test_disclosure_attack import BIRMINGHAM, JUNE, WALSALL, numbers, published

# A register has 44 of Walsall and 54 of 14 to 15, one of them of both; counts tell of two more of each among others.
OF_BOTH = [
    (WALSALL, "16-17", {"one": {0}}, 43),
    (WALSALL, "14-15", {"one": {0}}, 1),
    (BIRMINGHAM, "14-15", {"one": {0}}, 53),
    (WALSALL, "16-17", {"two": {0}}, 2),
    (BIRMINGHAM, "14-15", {"two": {0}}, 2),
    (BIRMINGHAM, "16-17", {"two": {0}}, 26),
]


def told(inputs, shown):
    """Of Walsall by 14 to 15, where only these numbers are shown, (period, end of the period, place), and that the club
    met nobody."""

    def is_shown(place):
        return place.programme == "club" or (place.period, place.end, place[3:]) in shown

    release = published(inputs, {end for end in numbers(published(inputs)) if not is_shown(end.place)})
    both = ("", WALSALL, "14-15")
    return {(f.end.which, f.least) for f in audit([release]) if f.is_told and f.end.place[3:] == both}


@pytest.mark.parametrize("month", ["2021-06-30", "2021-05-31"])
def test_as_many_are_of_both_as_of_the_fewer(month):
    """At least 40, so 44 at most, of Walsall, and at most 50, so 46 or more; so with the age, or with that in May."""
    year = "year_to_date"
    walsall, age = (year, "2021-06-30", ("", WALSALL, "")), (year, month, ("", "", "14-15"))
    inputs = region(crowd(OF_BOTH), {"one"}, month=JUNE)
    assert told(inputs, {walsall, age}) == {("upper", 2)}
    assert told(inputs, {age}) == set()
    # Which of the two are fewer is known to whom the attack assumes.
    assert told(inputs, {walsall}) == {("upper", 2)}


def test_of_several_deliveries_all_are_of_both_but_for_the_others():
    """At least 6 of Walsall, and at least 46 of the age; of 50 at most."""
    met = [(BIRMINGHAM, "14-15", "one", 44), (WALSALL, "14-15", "one", 2), (WALSALL, "14-15", "two", 2)]
    met.append((WALSALL, "16-17", "two", 2))
    inputs = region(crowd([(place, age, {who: {0}}, many) for place, age, who, many in met]), month=JUNE)
    shown = [("year_to_date", "2021-06-30", ("hub", *place)) for place in [(WALSALL, ""), ("", "14-15"), ("", "")]]
    assert told(inputs, set(shown)) == {("upper", 2)}
    assert told(inputs, set(shown[:2])) == set()


@given(populations, registers, st.sets(st.tuples(st.sampled_from(["one", "two"]), st.integers(0, 5))), st.booleans())
@settings(max_examples=100)
def test_says_nothing_that_is_not_so_where_returns_are_right(population, who, missing, by_reference):
    release = published(region(population, who, missing=missing, by_reference=who if by_reference else ()))
    attack = Attack([release])
    rows = {number.end.place: row for row in release.rows for number in numbers_of(row)}
    relations = Relations([release], attack.variables, attack.true)
    found = list(Counts(release, rows, lambda place, name: relations._get(0, place, name), attack.true))
    assert all(attack._holds(each) for each in found if each[0])
