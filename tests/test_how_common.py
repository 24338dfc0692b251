"""How common what stands in two rows is among the people of registers: bands, and nothing of what it is."""

import pytest

from outcomes.actions import linkage
from outcomes.models import RegisterContact
from outcomes.queries import how_common as queries
from outcomes.queries.how_common import how_common
from tests.registers import accepted_register, giving_registers
from tests.test_linkage import JUNE, NOW, row

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]

ROWS = (
    row("A1", "Amina", "Khan", "02/03/2010", postcode="B12 3AB"),
    row("A2", "Anna", "Khan", "04/03/2010", postcode="WS1 1AA"),
    row("A3", "Yusuf", "Khan", "11/08/2008", postcode="B12 3AB"),
    row("A4", "Kate", "Nowak", "05/05/2009", postcode=""),
    row("A5", "Catherine", "Adeyemi", "06/06/2006", postcode=""),
    row("A6", "J", "Nowak", "05/05/2009", postcode=""),
)


@pytest.fixture
def said(db):
    """How common is what the rows of two references have."""
    accepted_register(giving_registers(), JUNE, ROWS, now=NOW)
    linkage.settle(now=NOW)
    numbers = list(RegisterContact.objects.order_by("row").values_list("identity", flat=True))
    return lambda one, other: how_common(numbers[one - 1], numbers[other - 1])


class TestHowCommon:
    def test_counts_other_people_who_have_the_same(self, said):
        assert said(1, 2)["Last name"] == "Shared with 1 to 4 other people in the registers."

    def test_counts_each_where_the_two_differ(self, said):
        assert said(1, 2)["Postcode"] == (
            "First row: shared with 1 to 4 other people in the registers. Second row: with nobody else."
        )

    def test_takes_spellings_of_a_name_as_one(self, said):
        assert said(4, 1)["First name"].startswith("First row: shared with 1 to 4 other people")

    def test_says_whose_it_is_where_one_of_them_has_none(self, said):
        assert said(4, 1)["Postcode"] == "Second row: shared with 1 to 4 other people in the registers."
        assert "Postcode" not in said(4, 5)

    def test_counts_no_initial(self, said):
        assert said(6, 2)["First name"] == "Second row: shared with nobody else in the registers."

    @pytest.mark.parametrize(
        ("people", "words"),
        [
            (0, "nobody else"),
            (1, "1 to 4 other people"),
            (4, "1 to 4 other people"),
            (5, "5 to 19 other people"),
            (99, "20 to 99 other people"),
            (100, "100 or more other people"),
        ],
    )
    def test_gives_bands_alone(self, people, words):
        assert queries._band(people) == words
