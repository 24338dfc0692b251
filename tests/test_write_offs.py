"""What was overpaid, or is owed of a loan, and is not asked back."""

from datetime import date

import pytest

from funding import queries
from funding.actions import bridging, payments
from funding.actions.award_years import NoteMissing
from funding.actions.deciding import OwnProposal
from partners.permissions import Role
from tests import factories as make
from tests.test_paying import NOW, pay, propose, take_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


class TestWriteOff:
    def test_of_an_overpayment_takes_two(self, finance, director):
        award = make.InstalmentAwardFactory(amount_pence=12_00)
        pay(finance, director, award.instalments.first(), 1_00, "1")
        take_back(award, -11_50)
        ask = {"award": award, "reason": "Closed", "decision_reference": "D-1", "by": finance, "now": NOW}
        with pytest.raises(payments.MoreThanDue, match=r"£0\.50 is overpaid"):
            payments.propose_write_off(amount_pence=51, **ask)
        asked = payments.propose_write_off(amount_pence=50, **ask)
        with pytest.raises(OwnProposal):
            payments.approve_write_off(write_off=asked, by=finance, now=NOW)
        payments.approve_write_off(write_off=asked, by=director, now=NOW)
        assert queries.overpaid(award) == 0
        assert queries.money_of([award], as_at=NOW.date())[0].written_off == 50

    def test_is_not_kept_back_from_what_is_awarded_later(self, finance, director):
        award = make.InstalmentAwardFactory(amount_pence=12_00)
        pay(finance, director, award.instalments.first(), 1_00, "1")
        take_back(award, -12_00)
        ask = {"award": award, "reason": "Closed", "decision_reference": "D-1", "by": finance, "now": NOW}
        asked = payments.propose_write_off(amount_pence=1_00, **ask)
        payments.approve_write_off(write_off=asked, by=director, now=NOW)
        later = {"award_year": award.award_year, "delivery": award.delivery, "paid_by": award.paid_by}
        again = make.InstalmentAwardFactory(amount_pence=12_00, **later)
        for number, instalment in enumerate(again.instalments.all()):
            pay(finance, director, instalment, 1_00, f"again {number}")
        with pytest.raises(payments.MoreThanDue, match="The award was corrected: £0 of it is left"):
            propose(finance, award.instalments.last(), 1, "one more")

    def test_of_a_facility_is_owed_no_longer(self, finance, director):
        facility = make.BridgeMovementFactory(amount_pence=1000).facility
        ask = {"facility": facility, "kind": "write_off", "on_date": date(2022, 7, 1), "by": finance, "now": NOW}
        with pytest.raises(NoteMissing):
            bridging.propose_movement(amount_pence=400, reference="D", **ask)
        with pytest.raises(bridging.MoreThanOwed):
            bridging.propose_movement(amount_pence=1001, reference="D", reason="Decided", **ask)
        asked = bridging.propose_movement(amount_pence=400, reference="D", reason="Decided", **ask)
        bridging.approve_movement(movement=asked, by=director, now=NOW)
        line = queries.facility_line(facility, as_at=date(2022, 7, 31))
        assert (line.drawn, line.repaid, line.owed) == (1000, 0, 600)
