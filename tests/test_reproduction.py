"""A release made again from what is stored with it, whatever has changed since."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from outcomes.actions import linkage, releases
from outcomes.models import Category, Figure, Obligation
from outcomes.package import reach
from outcomes.queries.reproduction import made_again
from partners.permissions import Role
from programmes.models import CountingBasis, Delivery
from tests import factories
from tests.registers import accepted_register, giving_registers
from tests.test_linkage import row
from tests.test_objections import object_to
from vru_portal.core.periods import Month

pytestmark = pytest.mark.usefixtures("reference_tables")

APRIL, JUNE = Month(2021, 4), Month(2021, 6)
NOW = factories.noon(date(2021, 7, 22))
AMINA = row("A1", "Amina", "Khan", "02/03/2010")
AMINAH = row("Z9", "AMINAH", "KHAN", "02/03/2010")
KOFI = row("Z3", "Kofi", "Mensah", "11/12/2008")


@pytest.fixture
def deliveries(db) -> list[Delivery]:
    """Two that give registers with one person in common, and one that gives counts and owes a month."""
    one, other, counts = giving_registers(), giving_registers(), factories.DeliveryFactory()
    accepted_register(one, JUNE.first, [AMINA], now=NOW)
    accepted_register(other, JUNE.first, [AMINAH, KOFI], now=NOW)
    factories.accepted_return(counts, JUNE, new_people=40)
    factories.ObligationFactory(delivery=counts, month=APRIL.first)
    return [one, other, counts]


@pytest.fixture
def release(deliveries):
    return releases.produce(month=JUNE, by=None, now=NOW)


def said(code: str) -> str:
    out = io.StringIO()
    call_command("reproduce_release", code, stdout=out)
    return out.getvalue()


class TestMadeAgain:
    def test_is_the_same_to_the_byte(self, release):
        again = made_again(release)
        assert again.same_inputs
        assert again.files["reach.csv"]
        assert again.is_same

    def test_is_the_same_after_programmes_deliveries_and_categories_were_changed(self, release, deliveries):
        one, other, counts = deliveries
        programme = one.programme
        programme.name, programme.order = "Renamed", 99
        programme.save()
        other.counting_basis = CountingBasis.CASE_REFERENCE
        other.save()
        Category.objects.create(dimension="district", code="E08000099", name="New", order=99)
        factories.ObligationFactory(delivery=counts, month=date(2021, 5, 1))
        assert made_again(release).is_same

    def test_is_the_same_after_late_returns_and_other_links(self, release, deliveries):
        one, _, counts = deliveries
        late = Obligation.objects.get(delivery=counts, month=APRIL.first)
        factories.SubmissionFactory(
            version=factories.ReturnVersionFactory(obligation=late, accepted=True), new_people=60
        )
        accepted_register(one, APRIL.first, [row("A7", "Amina", "Khan", "02/03/2010", day="05/04/2021")], now=NOW)
        linkage.settle(now=NOW)
        assert made_again(release).is_same
        assert releases.produce(month=JUNE, by=None, now=NOW).number == 2

    def test_says_how_many_rows_objections_took_out(self, release):
        object_to(factories.user_with(Role.PROGRAMME_MANAGER))
        again = made_again(release)
        assert (again.is_same, again.taken_out) == (False, 2)


class TestReproduceRelease:
    def test_says_of_each_file_that_it_is_the_same(self, release):
        words = said("2021-06.1")
        assert "reach.csv: the same." in words
        assert "Every byte is the same." in words

    def test_fails_where_what_it_was_made_of_is_no_longer_there(self, release, deliveries, monkeypatch):
        monkeypatch.setitem(reach.NOTES, Figure.Basis.RANGE, "Another sentence.")
        with pytest.raises(CommandError, match="It is not the same"):
            said("2021-06.1")

    @pytest.mark.parametrize("code", ["2021-06.7", "2021-13.1", "june"])
    def test_of_a_release_that_is_not_there_says_how_to_name_one(self, release, code):
        with pytest.raises(CommandError, match=r"as 2021-12\.2"):
            said(code)
