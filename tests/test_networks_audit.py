"""Networks of successive releases, read by somebody who tries every network that could be."""

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outcomes.disclosure.rule import shown
from outcomes.stocks import NetworkInput, Published, StockInputs, audit_stocks, stock_rows
from tests.test_other_reports import EXACT, JUNE, POLICY
from vru_portal.core.periods import Month

SEPTEMBER = Month(2021, 9)
# Every network that could be: members before April, and who joined and who left in two quarters. Somebody may join and
# leave in one quarter, so more can leave than were there when it began.
TABLES = np.array(list(product(range(19), *[range(13)] * 4)), dtype=np.int16)
STOCKS = np.cumsum(TABLES * [1, 1, -1, 1, -1], axis=1)[:, [2, 4]]
TABLES = TABLES[(STOCKS >= 0).all(axis=1)]
# Of these, what each number of a row is: by the quarters that its period holds.
QUARTERS = {
    ("2021-04-01", "2021-06-30"): (0, 0),
    ("2021-07-01", "2021-09-30"): (1, 1),
    ("2021-04-01", "2021-09-30"): (0, 1),
}


def network(at_start, *flows) -> StockInputs:
    one = NetworkInput("Faith", "faith_alliance", at_start, flows)
    return StockInputs((one,), {"all": one.stocks, "faith_alliance": one.stocks})


def published(month, inputs, policy, earlier=()) -> Published:
    rows = stock_rows(month, inputs, policy, earlier)
    return Published(month, policy, inputs, {key: said for row in rows for key, said in row.said.items()})


def chain_of(at_start, first, second, policy) -> list[Published]:
    """What a release of June and one of September say of the same network."""
    june = published(JUNE, network(at_start, first), policy)
    return [june, published(SEPTEMBER, network(at_start, first, second), policy, [june])]


def counted(table: np.ndarray, key) -> np.ndarray:
    """What a row's number is in each table."""
    start, joined, left = table[:, 0], table[:, [1, 3]], table[:, [2, 4]]
    first, last = QUARTERS[key.start, key.end]
    within = slice(first, last + 1)
    if key.number in ("joined", "left"):
        return (joined if key.number == "joined" else left)[:, within].sum(axis=1)
    until = first if key.number == "members_at_start" else last + 1
    return start + joined[:, :until].sum(axis=1) - left[:, :until].sum(axis=1)


def as_shown(policy) -> np.ndarray:
    """By the number of people, what is said of them by the rule alone; -1: hidden."""
    rule = {"round_to": policy.round_to, "hide_below": policy.hide_below}
    return np.array([-1 if (said := shown(people, **rule)) is None else said for people in range(100)])


small = st.integers(0, 4)


@given(st.integers(0, 9), st.tuples(small, small), st.tuples(small, small), st.sampled_from([EXACT, POLICY]))
@example(0, (3, 1), (4, 2), EXACT)
@settings(max_examples=25, deadline=None)
def test_no_small_number_is_told_by_releases_one_after_the_other(at_start, first, second, policy):
    at_start += first[1] + second[1]
    truth = np.array([[at_start, *first, *second]])
    said = {key: number for one in chain_of(at_start, first, second, policy) for key, number in one.said.items()}
    of_network = {key: number for key, number in said.items() if key.network == "Faith"}
    rule, possible = as_shown(policy), np.ones(len(TABLES), dtype=bool)
    for key, number in of_network.items():
        if number is not None:
            possible &= rule[counted(TABLES, key)] == number
    assert possible.any()
    for key, number in of_network.items():
        exact = counted(truth, key)[0]
        if 0 < exact < policy.hide_below:
            assert number is None
            people = counted(TABLES[possible], key)
            assert (people.min() <= 1, people.max() >= policy.hide_below) == (True, True)


few = st.tuples(st.integers(0, 11), st.integers(0, 4))
LOOSER = [
    (replace(EXACT, hide_below=1), EXACT),
    (replace(EXACT, hide_below=2), POLICY),
    (replace(POLICY, hide_below=1), POLICY),
]


@given(st.integers(9, 23), few, few, st.sampled_from(LOOSER))
@example(20, (6, 3), (9, 0), LOOSER[0])
@settings(max_examples=40, deadline=None)
def test_what_an_earlier_release_tells_by_looser_rules_is_told_no_further(at_start, first, second, policies):
    looser, policy = policies
    june = published(JUNE, network(at_start, first), looser)
    september = published(SEPTEMBER, network(at_start, first, second), policy, [june])
    before = {(each.release, each.end): each for each in audit_stocks([june, september.without_numbers])}
    found = [each for each in audit_stocks([june, september]) if each.is_told]
    assert not [each for each in found if each.tells_further_than(before[each.release, each.end])]


class TestAuditStocks:
    # Of 40 members two left in the second quarter.
    FACTS = (40, (12, 8), (7, 2))

    def test_finds_nothing_in_what_is_protected(self):
        found = audit_stocks(chain_of(*self.FACTS, EXACT))
        assert {each.end.number for each in found} == {"left"}
        assert not [each for each in found if each.is_told]

    def test_names_what_another_release_would_tell_by_subtraction(self):
        """44 at the end of June, and 49 at the end of September after seven had joined."""
        june, september = chain_of(*self.FACTS, EXACT)
        plain = {key: number for key, number in september.said.items() if key.period == "quarter"}
        exact = {key: int(counted(np.array([[40, 12, 8, 7, 2]]), key)[0]) for key in plain if key.network == "Faith"}
        small = {key for key, number in exact.items() if 0 < number < EXACT.hide_below}
        showing = Published(
            SEPTEMBER, EXACT, september.inputs, september.said | {k: n for k, n in exact.items() if k not in small}
        )
        told = [each for each in audit_stocks([june, showing]) if each.is_told]
        assert {each.end for each in told} >= small
        assert {(each.least, each.most) for each in told} == {(2, 2)}
        assert {key.number for each in told for _, key in each.by} >= {"members_at_end", "joined"}
