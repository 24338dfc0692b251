"""What the attack knows of people whom counts alone tell of, and of ages over districts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.disclosure.attack import Attack, audit
from outcomes.disclosure.counts import Counts
from outcomes.disclosure.published import numbers_of
from outcomes.disclosure.relations import Relations
from tests.disclosure_regions import crowd, policies, populations, region, registers
from tests.test_disclosure_attack import BIRMINGHAM, JUNE, WALSALL, numbers, published

BOTH = ("", WALSALL, "14-15")
# A register has 44 of Walsall and 54 of 14 to 15, one of them of both; counts tell of two more of each among others.
OF_BOTH = [
    (WALSALL, "16-17", {"one": {0}}, 43),
    (WALSALL, "14-15", {"one": {0}}, 1),
    (BIRMINGHAM, "14-15", {"one": {0}}, 53),
    (WALSALL, "16-17", {"two": {0}}, 2),
    (BIRMINGHAM, "14-15", {"two": {0}}, 2),
    (BIRMINGHAM, "16-17", {"two": {0}}, 26),
]


def told(inputs, shown, of):
    """Of a place, where only these numbers are shown, (period, end of the period, place), and who met nobody."""
    hidden = {
        end
        for end, number in numbers(published(inputs)).items()
        if number.exact and (end.place.period, end.place.end, end.place[3:]) not in shown
    }
    findings = audit([published(inputs, hidden)])
    return {(f.end.which, f.least) for f in findings if f.is_told and f.end.place[3:] == of}


@pytest.mark.parametrize("month", ["2021-06-30", "2021-05-31"])
def test_as_many_are_of_both_as_of_the_fewer(month):
    """At least 40, so 44 at most, of Walsall, and at most 50, so 46 or more; so with the age, or with that in May."""
    year = "year_to_date"
    walsall, age = (year, "2021-06-30", ("", WALSALL, "")), (year, month, ("", "", "14-15"))
    inputs = region(crowd(OF_BOTH), {"one"}, month=JUNE)
    assert told(inputs, {walsall, age}, BOTH) == {("upper", 2)}
    assert told(inputs, {age}, BOTH) == set()
    # Which of the two are fewer is known to whom the attack assumes.
    assert told(inputs, {walsall}, BOTH) == {("upper", 2)}


def test_of_several_deliveries_all_are_of_both_but_for_the_others():
    """At least 6 of Walsall, and at least 46 of the age; of 50 at most."""
    met = [(BIRMINGHAM, "14-15", "one", 44), (WALSALL, "14-15", "one", 2), (WALSALL, "14-15", "two", 2)]
    met.append((WALSALL, "16-17", "two", 2))
    inputs = region(crowd([(place, age, {who: {0}}, many) for place, age, who, many in met]), month=JUNE)
    shown = [("year_to_date", "2021-06-30", ("hub", *place)) for place in [(WALSALL, ""), ("", "14-15"), ("", "")]]
    assert told(inputs, set(shown), BOTH) == {("upper", 2)}
    assert told(inputs, set(shown[:2]), BOTH) == set()


def test_an_age_is_no_less_than_all_less_those_of_other_ages_in_each_district():
    """All are 60 or more, and 54 or fewer of them certainly 14 to 15: so one met three or more of another age."""
    one = [(BIRMINGHAM, "14-15", 36), (BIRMINGHAM, "16-17", 4), (WALSALL, "14-15", 4)]
    two = [(WALSALL, "14-15", 18), (WALSALL, "16-17", 4), (BIRMINGHAM, "14-15", 4)]
    met = [(place, age, {name: {0}}, many) for name, who in (("one", one), ("two", two)) for place, age, many in who]
    inputs = region(crowd(met), month=JUNE)
    total, age = (("year_to_date", "2021-06-30", ("", "", band)) for band in ("", "14-15"))
    assert told(inputs, {total, age}, ("", "", "16-17")) == {("lower", 3)}
    assert told(inputs, {total}, ("", "", "16-17")) == told(inputs, {age}, ("", "", "16-17")) == set()


@given(
    populations,
    registers,
    st.sets(st.tuples(st.sampled_from(["one", "two"]), st.integers(0, 5))),
    st.booleans(),
    policies,
)
@settings(max_examples=100)
def test_says_nothing_that_is_not_so_where_returns_are_right(population, who, missing, by_reference, policy):
    by_reference = who if by_reference else ()
    release = published(region(population, who, missing=missing, policy=policy, by_reference=by_reference))
    attack = Attack([release])
    rows = {number.end.place: row for row in release.rows for number in numbers_of(row)}
    relations = Relations([release], attack.variables, attack.true)
    found = list(Counts(release, rows, lambda place, name: relations._get(0, place, name), attack.true))
    assert all(attack._holds(each) for each in found if each[0])
