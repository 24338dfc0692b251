"""What people decided of two rows, heeded by the linker whatever it finds; what it joined and where it is not sure."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.demo.slips import MESSY, TYPICAL
from outcomes.registers.linking import Because, link
from tests import test_registers_linking as invented

# Rows of the invented registers, by number.
rows = st.integers(0, 59)
pairs = st.lists(st.tuples(rows, rows).filter(lambda pair: pair[0] != pair[1]), max_size=6)


@pytest.fixture(scope="module")
def messy():
    return invented.identities(40, MESSY)[0]


def groups_by(links, order) -> set[frozenset[int]]:
    return invented.TestOrder.sets(order, links)


class TestDecisions:
    @settings(max_examples=25, deadline=None)
    @given(apart=pairs)
    def test_that_two_are_two_always_hold(self, messy, apart):
        apart = [(one, other) for one, other in apart if messy[one] != messy[other]]  # one writing cannot be parted
        groups = link(messy, apart=apart).groups
        assert all(groups[one] != groups[other] for one, other in apart)

    @settings(max_examples=25, deadline=None)
    @given(together=pairs)
    def test_that_two_are_one_always_hold(self, messy, together):
        groups = link(messy, together=together).groups
        assert all(groups[one] == groups[other] for one, other in together)

    @settings(max_examples=15, deadline=None)
    @given(together=pairs, apart=pairs, seed=st.integers())
    def test_in_another_order_come_to_the_same(self, messy, together, apart, seed):
        settled = {frozenset(pair) for pair in apart}
        together = [pair for pair in together if frozenset(pair) not in settled]
        order = list(range(len(messy)))
        Random(seed).shuffle(order)
        place = {row: n for n, row in enumerate(order)}

        def moved(pairs):
            return [(place[other], place[one]) for one, other in reversed(pairs)]

        found = link(messy, together=together, apart=apart)
        again = link([messy[n] for n in order], together=moved(together), apart=moved(apart))
        assert groups_by(again, order) == groups_by(found, range(len(messy)))


class TestJoins:
    def test_lead_to_the_groups_each_with_one_person_fewer(self, messy):
        links = link(messy, explain=True)
        parent = list(range(len(messy)))

        def of(row):
            while parent[row] != row:
                row = parent[row]
            return row

        for join in links.joins:
            assert of(join.first) != of(join.second)
            parent[of(join.second)] = of(join.first)
            assert join.agreement is not None
        # Rows that are alike in everything are one row for the linker.
        alike = {identity: n for n, identity in reversed(list(enumerate(messy)))}
        assert len({of(alike[identity]) for identity in messy}) == links.people

    def test_say_why(self, messy):
        links = link(messy, explain=True)
        strangers = next((0, n) for n in range(len(messy)) if links.groups[n] != links.groups[0])
        why = [join.because for join in link(messy, together=[strangers]).joins]
        assert why[0] == Because.DECISION
        assert {Because.REFERENCE, Because.EVIDENCE} <= set(why)

    def test_of_one_row_under_two_keys_come_before_all_else(self):
        rows, _ = invented.identities(40, TYPICAL)
        links = link(rows, one_row=[(0, 1)])
        assert links.groups[0] == links.groups[1]


class TestDoubts:
    def test_are_one_at_most_between_two_people_and_never_of_what_was_decided(self, messy):
        links = link(messy, explain=True)
        between = [
            frozenset((int(links.groups[doubt.first]), int(links.groups[doubt.second])))
            for doubt in links.doubts
            if not doubt.are_one
        ]
        assert len(between) == len(set(between))
        assert all(len(pair) == 2 for pair in between)
        apart = [(doubt.first, doubt.second) for doubt in links.doubts if not doubt.are_one]
        left = link(messy, apart=apart).doubts
        assert {(d.first, d.second) for d in left}.isdisjoint(apart)
