"""A partner that knows what it answered itself cannot tell from activity how few the others answered."""

from decimal import Decimal

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from outcomes.activity import ALL, ActivityInputs, Answer, DeliveryInput, Place, Published, activity_rows
from tests.test_other_reports import APRIL, CHARITY, EXACT, JULY, NHS, REFERRED, cells, values

US, THEM = 1, 2
MOST = 12
ATOMS = [(place, month) for place in (NHS, CHARITY) for month in (APRIL, JULY)]
# Every table of whole numbers that the others could have answered.
TABLES = np.stack(np.meshgrid(*[np.arange(MOST + 1)] * len(ATOMS)), -1).reshape(-1, len(ATOMS))


def inputs(ours, theirs, *, policy=EXACT, partner=US) -> ActivityInputs:
    """What we and they answered in each place and month; None: no return."""
    deliveries = {
        10 * who + n: DeliveryInput(place, frozenset((APRIL, JULY)), partner if who == US else who)
        for who in (US, THEM)
        for n, place in enumerate((NHS, CHARITY))
    }
    answers = [
        Answer(delivery, month, 100 * delivery + month.number, Decimal(value))
        for who, told in ((US, ours), (THEM, theirs))
        for (place, month), value in zip(ATOMS, told, strict=True)
        for delivery in [10 * who + (place == CHARITY)]
        if value is not None
    ]
    return ActivityInputs(JULY, policy, [REFERRED], deliveries, {REFERRED.code: answers})


def in_row(row) -> np.ndarray:
    quarters = {month.quarter.number for month in row.period.months}
    return np.array([month.quarter.number in quarters and is_in(place, row.place) for place, month in ATOMS])


def is_in(place, told) -> bool:
    return all(part in (ALL, of) for part, of in zip(told, place, strict=True))


small = st.integers(0, 4)


@given(st.lists(st.one_of(small, st.none()), min_size=4, max_size=4), st.lists(small, min_size=4, max_size=4))
@example([3, 0, 2, 0], [1, 0, 9, 0])
def test_no_partner_tells_how_few_the_others_were(theirs, ours):
    """Of numbers that are not rounded, which is harder."""
    rows = activity_rows(inputs(ours, theirs))
    mine, others = (np.array([value or 0 for value in told]) for told in (ours, theirs))
    possible = ~np.any(TABLES[:, [value is None for value in theirs]], axis=1)
    for row in rows:
        if row.value is not None:
            possible &= TABLES @ in_row(row) == int(row.value) - mine @ in_row(row)
    for row in rows:
        if row.symbol == "c" and mine @ in_row(row) and 0 < others @ in_row(row) < EXACT.hide_below:
            said = TABLES[possible] @ in_row(row)
            assert (said.min() <= 1, said.max() >= EXACT.hide_below) == (True, True)


class TestWhatIsHidden:
    # 4 at the hospital is hidden, so of 27 in all the 23 are too. We know our 23 of the 27.
    OURS, THEIRS = (3, None, 20, None), (1, None, 3, None)

    def test_is_more_where_a_partner_could_subtract_its_own(self):
        unknown = values(activity_rows(inputs(self.OURS, self.THEIRS, partner=None)))
        assert unknown == {Place("boxing"): (27, ""), NHS: (None, "c"), CHARITY: (None, "c")}
        assert set(values(activity_rows(inputs(self.OURS, self.THEIRS))).values()) == {(None, "c")}

    def test_is_no_more_where_there_are_no_others(self):
        alone = activity_rows(inputs(self.OURS, (None,) * 4))
        assert alone == activity_rows(inputs(self.OURS, (None,) * 4, partner=None))

    def test_stays_hidden_beside_an_earlier_release(self):
        before = inputs(self.OURS, self.THEIRS)
        rows = activity_rows(before)
        said = {cell.key: row.value and int(row.value) for cell, row in zip(cells(before), rows, strict=True)}
        again = activity_rows(before, [Published(before, said)])
        assert [row.value for row in again] == [row.value for row in rows]


def test_days_may_be_half_ones():
    rows = activity_rows(inputs(("2.5", "0.25", "3.5", None), ("0.5", "2.25", None, "1.5")))
    assert {row.symbol for row in rows if row.exact < EXACT.hide_below} == {"c"}
    assert values(rows, "year_to_date")[Place("boxing")] == (11, "")
