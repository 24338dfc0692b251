"""Whatever order registers, re-uploads and corrections come in, the figures at the end are the same."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from outcomes.actions import linkage
from tests.registers import giving_registers
from tests.test_linkage import JULY, JUNE, NOW, accepted_or_corrected, figures, row

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]

# Some people as different hands write them, twins, a father and a son, and rows that say little.
WRITTEN = [
    ("A1", "Amina", "Khan", "02/03/2010"),
    ("Z9", "Aminah", "Kahn", "02/03/2010"),
    ("", "Amina", "Khan", "03/02/2010", "B12 3AC"),
    ("B2", "Jakub", "Nowak", "09/11/2008", "WS1 2QQ"),
    ("", "Jakub", "Nowak", ""),
    ("T1", "Ibrahim", "Yusuf", "05/05/2009", "B9 4AA"),
    ("T2", "Hamza", "Yusuf", "05/05/2009", "B9 4AA"),
    ("F1", "Ali", "Hussain", "01/01/2005", "B9 4AB"),
    ("F2", "Ali", "Hussain", "01/01/2007", "B9 4AB"),
]
# Of which month a delivery's register is, and on which day it met them. Each gives one month alone, for what is unusual
# beside the month before would have to be explained.
REGISTERS = [(JUNE, "14/06/2021"), (JUNE, "20/06/2021"), (JULY, "03/07/2021"), (JULY, "05/07/2021")]


@pytest.fixture
def deliveries(db):
    first = giving_registers()
    return [first, *(giving_registers(programme=first.programme) for _ in REGISTERS[1:])]


@st.composite
def histories(draw):
    """What each register said at first, and at last; in which order it all came; and after which the job ran."""
    rows = st.lists(st.sampled_from(range(len(WRITTEN))), min_size=1, max_size=5, unique=True)
    said = [draw(st.lists(rows, min_size=1, max_size=2)) for _ in REGISTERS]
    order = draw(st.permutations([which for which, each in enumerate(said) for _ in each]))
    return said, order, draw(st.sets(st.sampled_from(range(len(order)))))


class TestTheOrder:
    @given(histories())
    @example(([[[0], [0]], [[0, 1, 2], [0]], [[0], [0, 1, 6, 5, 7]], [[0]]], [0, 0, 1, 1, 2, 2, 3], set()))
    @example(([[[0], [0]], [[1]], [[2]], [[3, 4]]], [0, 3, 0, 2, 1], {0, 2}))  # a correction that says the same
    @settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_of_registers_and_corrections_never_changes_the_figures(self, deliveries, history):
        said, order, settled_after = history

        def send(which, rows):
            month, day = REGISTERS[which]
            accepted_or_corrected(deliveries[which], [row(*WRITTEN[n], day=day) for n in rows], month)

        def after(arrivals):
            with transaction.atomic():
                for place, (which, rows) in enumerate(arrivals):
                    send(which, rows)
                    if place in settled_after:
                        linkage.settle(now=NOW)
                linkage.settle(now=NOW)
                found = figures()[0]
                transaction.set_rollback(True)
            return found

        left = [list(each) for each in said]
        came = [(which, left[which].pop(0)) for which in order]
        only_the_last = [(which, each[-1]) for which, each in enumerate(said)]
        assert after(came) == after(only_the_last)
