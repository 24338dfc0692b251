"""The page of an organisation that an officer reads before a telephone call: what it says, and to whom."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from funding.models import PaymentHold
from partners.permissions import AUDIENCES, Audience, Role
from tests import factories as make
from tests.test_funding_cover import exit_from
from vru_portal.core.periods import FinancialYear

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YEAR = FinancialYear.of(TODAY)
APRIL = YEAR.months[0]
READERS = [role for role, audience in AUDIENCES.items() if audience in (Audience.STAFF, Audience.AUDITOR)]


@pytest.fixture
def partner():
    return make.OrganisationFactory(name="Corner Boxing Club")


@pytest.fixture
def delivery(partner):
    return make.DeliveryFactory(partner=partner, name="Boxing on Mondays")


@pytest.fixture
def grant():
    return make.AwardYearFactory(financial_year=YEAR.start, announced_on=APRIL.first)


@pytest.fixture
def page(client, partner):
    def read(role: Role = Role.PROGRAMME_MANAGER) -> str:
        client.force_login(make.user_with(role))
        response = client.get(reverse("partners:organisation-detail", args=[partner.pk]))
        assert response.status_code == 200
        return unescape(response.content.decode())

    return read


def to_talk_about(page: str) -> list[str]:
    """The sentences of the list, without the words of their links."""
    section = page.split("<h2>To talk about</h2>")[1].split("<h2>")[0]
    return [sentence.strip() for sentence in re.findall(r"<li>(.*?)<a ", section)]


class TestReturns:
    def test_names_each_that_is_late_that_came_back_and_that_waits(self, delivery, page):
        late = make.ObligationFactory(delivery=delivery, month=date(2021, 6, 1))
        april, may = (make.ObligationFactory(delivery=delivery, month=date(2021, month, 1)) for month in (4, 5))
        make.SubmissionFactory(version__obligation=april, version__state="submitted")
        decided = {"version__decided": True, "version__reason": "The ages do not add up."}
        make.SubmissionFactory(version__obligation=may, version__state="returned", **decided)
        make.ObligationFactory(month=date(2021, 6, 1))  # somebody else's
        found = to_talk_about(page())
        assert re.fullmatch(r"Boxing on Mondays: the June 2021 return is [\d,]+ days late\.", found[0])
        assert found[1:] == [
            "Boxing on Mondays: the May 2021 return was sent back and has not come again.",
            "Boxing on Mondays: the April 2021 return waits to be read.",
        ]
        assert reverse("outcomes:return-detail", args=[late.pk]) in page()

    def test_shows_the_year_month_by_month_and_how_far_people_have_come(self, delivery, page):
        make.TargetFactory(delivery=delivery, year=YEAR.start, people=100)
        make.accepted_return(delivery, APRIL, new_people=40)
        make.accepted_return(make.DeliveryFactory(name="Somebody else's"), APRIL, new_people=40)
        found = page()
        assert f'title="Boxing on Mondays, {APRIL}: accepted"' in found
        assert f"<strong>Boxing on Mondays</strong>: 40 of 100 this year up to {APRIL}" in " ".join(found.split())
        assert "Somebody else" not in found

    def test_says_so_where_nothing_waits(self, delivery, page):
        assert "Nothing waits, for them or for us." in page()


class TestMoney:
    def test_shows_what_is_awarded_paid_and_paid_next(self, delivery, grant, page):
        make.InstalmentAwardFactory(award_year=grant, delivery=delivery, amount_pence=12_000_00, reference="BOX-1")
        make.InstalmentAwardFactory(award_year=grant, amount_pence=7_777_00)  # somebody else's
        found = page()
        assert f"<h2>Money of {YEAR}: £0 paid of £12,000</h2>" in found
        assert f"Instalment 1: £1,000, due on {APRIL.first:%-d %B %Y}" in found
        assert "£7,777" not in found

    def test_names_payments_that_are_held_and_claims_that_are_late_or_asked_about(self, partner, delivery, page):
        past = make.AwardYearFactory(at="agreement_signed")
        make.PartnerAwardFactory(award_year=past, delivery=delivery)
        asked = make.DeliveryFactory(partner=partner, name="Boxing on Fridays")
        claimed = make.PartnerAwardFactory(award_year=past, delivery=asked, ends_on=date(2022, 6, 30))
        make.ClaimFactory(award=claimed, at="queried")
        found = [each for each in to_talk_about(page()) if "claim" in each]
        assert "Boxing on Mondays: the claim for Quarter 1 of 2022/23 is" in found[0]
        assert found[-1] == "Boxing on Fridays: the claim for Quarter 1 of 2022/23 waits for their answer."
        back = {"award_year": past, "delivery": asked, "amount_pence": -claimed.amount_pence, "note": "Not needed"}
        make.PartnerAwardFactory(**back, ends_on=date(2022, 6, 30))
        found = [each for each in to_talk_about(page()) if "claim" in each]
        assert (
            found[-1]
            == "Boxing on Fridays: the claim for Quarter 1 of 2022/23 cannot be answered any more: decline it."
        )

    def test_names_a_claim_that_waits_to_be_read(self, delivery, page):
        award = make.PartnerAwardFactory(
            award_year=make.AwardYearFactory(at="agreement_signed"), delivery=delivery, ends_on=date(2022, 6, 30)
        )
        make.ClaimFactory(award=award, at="sent")
        assert to_talk_about(page()) == ["Boxing on Mondays: the claim for Quarter 1 of 2022/23 waits to be read."]

    def test_names_what_a_year_that_is_over_left_unpaid_and_nothing_of_a_grant_that_will_not_come(self, delivery, page):
        past = make.AwardYearFactory(at="agreement_signed")
        make.InstalmentAwardFactory(award_year=past, delivery=delivery)
        assert to_talk_about(page()) == ["Boxing on Mondays: £1,000 was due to them on 1 April 2022 and is not paid."]
        exit_from(past, "lapsed", pence=None)
        assert "Nothing waits, for them or for us." in page()

    def test_names_payments_that_are_held_or_were_due(self, delivery, grant, page):
        award = make.InstalmentAwardFactory(
            award_year=grant, delivery=delivery, reference="BOX-1", holds_for_returns=True
        )
        day = f"{APRIL.first:%-d %B %Y}"
        late = f"Boxing on Mondays: £1,000 was due to them on {day} and is not paid."
        assert to_talk_about(page()) == [late]
        PaymentHold.objects.create(award=award, reason="The June return is missing.", placed_at=timezone.now())
        held = "Boxing on Mondays: payments of BOX-1 are held. The June return is missing."
        assert to_talk_about(page()) == [held]


class TestWhoSees:
    @pytest.mark.parametrize("role", READERS)
    def test_staff_and_auditors_read_it(self, delivery, grant, role, page):
        make.InstalmentAwardFactory(award_year=grant, delivery=delivery)
        make.ObligationFactory(delivery=delivery, month=date(2021, 6, 1))
        found = page(role)
        assert "Boxing on Mondays: the June 2021 return is" in found
        assert f"<h2>Money of {YEAR}:" in found

    @pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.PARTNER, Role.PARTNER_LEAD])
    def test_it_is_closed_to_everybody_else(self, client, partner, role):
        client.force_login(make.user_with(role, partner))
        assert client.get(reverse("partners:organisation-detail", args=[partner.pk])).status_code == 403

    def test_takes_the_same_queries_for_more_rows(self, partner, grant, page):
        def asked() -> int:
            delivery = make.DeliveryFactory(partner=partner)
            make.InstalmentAwardFactory(award_year=grant, delivery=delivery)
            for month in (date(2021, 5, 1), date(2021, 6, 1)):
                make.ObligationFactory(delivery=delivery, month=month)
            make.accepted_return(delivery, APRIL)
            with CaptureQueriesContext(connection) as found:
                page()
            return len(found)

        asked()  # whatever is read once and kept
        first = asked()
        assert asked() == first
