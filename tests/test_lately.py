"""How many people a delivery supported over some months, for staff: exact from registers, a range from counts."""

from datetime import date

import pytest

from outcomes.actions import linkage
from outcomes.queries.lately import supported_lately
from outcomes.reach import Interval
from programmes.models import Beneficiary, Rung
from tests.factories import DeliveryFactory, ObligationFactory, ProgrammeFactory
from tests.registers import accepted_register, giving_registers
from tests.test_linkage import AMINA, JAKUB, JULY, JUNE, NOW, row
from vru_portal.core.periods import Month

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]

SUMMER = [Month(2021, 6), Month(2021, 7), Month(2021, 8)]


class TestSupportedLately:
    def test_counts_people_of_registers_once(self):
        delivery = giving_registers()
        accepted_register(delivery, JUNE, [AMINA, JAKUB], now=NOW)
        accepted_register(delivery, JULY, [row("A1", "Amina", "Khan", "02/03/2010", day="05/07/2021")], now=NOW)
        ObligationFactory(delivery=delivery, month=date(2021, 8, 1))
        linkage.settle(now=NOW)
        found = supported_lately(SUMMER).supported(delivery.pk)
        assert found.people == Interval(2, 2)
        assert (found.received, found.due, found.is_complete) == (2, 3, False)
        july = supported_lately([Month(2021, 7)]).supported(delivery.pk)
        assert july.people == Interval(1, 1)
        assert found.noun == ""

    def test_leaves_out_whoever_owed_nothing(self):
        delivery = DeliveryFactory()
        ObligationFactory(delivery=delivery, month=date(2021, 5, 1))
        assert supported_lately(SUMMER).supported(delivery.pk) is None

    def test_says_of_whom_it_speaks(self):
        exposed = DeliveryFactory(programme=ProgrammeFactory(rung=Rung.EXPOSURE))
        parents = DeliveryFactory(programme=ProgrammeFactory(beneficiary=Beneficiary.PARENTS))
        for delivery in (exposed, parents):
            ObligationFactory(delivery=delivery, month=date(2021, 7, 1))
        found = supported_lately(SUMMER)
        assert found.supported(exposed.pk).noun == "exposed, an estimate"
        assert found.supported(parents.pk).noun == "parents and carers"
        assert found.supported(parents.pk).people == Interval(0, 0)
        assert found.young_people([exposed.pk, parents.pk]) == Interval(0, 0)

    def test_counts_young_people_of_several_deliveries_once(self):
        one = giving_registers()
        other = giving_registers(programme=one.programme)
        accepted_register(one, JUNE, [AMINA, JAKUB], now=NOW)
        accepted_register(other, JUNE, [AMINA], now=NOW)
        linkage.settle(now=NOW)
        found = supported_lately(SUMMER)
        assert [found.supported(each.pk).people for each in (one, other)] == [Interval(2, 2), Interval(1, 1)]
        assert found.young_people([one.pk, other.pk]) == Interval(2, 2)

    def test_says_nothing_of_people_while_they_are_not_counted(self):
        delivery = giving_registers()
        accepted_register(delivery, JUNE, [AMINA], now=NOW)
        found = supported_lately(SUMMER)
        assert found.supported(delivery.pk).people is None
        assert found.young_people([delivery.pk]) is None
