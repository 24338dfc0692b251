"""The pages about money: who opens them, what they say, and that nothing typed is lost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from funding import queries
from partners.permissions import Role
from tests import factories as make
from vru_portal.core.periods import FinancialYear

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    def sign_in(role: Role, organisation=None):
        user = make.user_with(role, organisation)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return user

    return sign_in


def page(client, name: str, *args, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def on(prefix: str, day: date) -> dict:
    """The three boxes of a date."""
    return {f"{prefix}_day": day.day, f"{prefix}_month": day.month, f"{prefix}_year": day.year}


class TestShowCover:
    def test_says_the_finding_of_the_day_asked_for(self, client, signed_in):
        signed_in(Role.DIRECTOR)
        year = make.AwardYearFactory(at="agreement_signed", pence=5_800_000_00)
        make.PartnerAwardFactory(award_year=year, amount_pence=2_400_000_00)
        make.BridgingFacilityFactory(fund=year.fund)
        april = page(client, "money", **on("as_at", date(2022, 4, 30)))
        assert "<h1>Commitments are not covered from July 2022</h1>" in april
        assert "as known on 30 April 2022" in april
        july = page(client, "money", **on("as_at", date(2022, 7, 5)))
        assert "<h1>Every commitment is covered to December 2023</h1>" in july

    def test_says_where_nothing_is_to_be_paid_from_a_fund(self, client, signed_in):
        signed_in(Role.DIRECTOR)
        make.AwardYearFactory(at="agreement_signed", pence=5_800_000_00)
        assert "Nothing is committed from it in the months shown." in page(client, "money")

    def test_shows_the_difference_between_wording_and_parts(self, client, signed_in):
        signed_in(Role.AUDITOR)
        fund = make.FundFactory(announced_total_pence=14_500_000_00, announced_wording="£14.5 million")
        make.AwardYearFactory(fund=fund, pence=14_400_000_00)
        assert "The difference of £100,000 stands as announced" in page(client, "money")

    def test_a_day_that_cannot_be_read_comes_back_with_a_sentence(self, client, signed_in):
        signed_in(Role.DIRECTOR)
        found = page(client, "money", as_at_day="31", as_at_month="2", as_at_year="2022")
        assert "There is no day 31 in that month" in found
        assert 'value="31"' in found

    def test_refuses_a_day_to_come_with_a_sentence(self, client, signed_in):
        signed_in(Role.DIRECTOR)
        tomorrow = timezone.localdate() + timedelta(days=1)
        found = page(client, "money", **on("as_at", tomorrow))
        assert "what will be known later is not known yet" in found
        assert f"as known on {tomorrow.day} {tomorrow:%B %Y}" not in found

    def test_claims_nothing_of_a_day_of_which_nothing_is_recorded(self, client, signed_in):
        signed_in(Role.DIRECTOR)
        make.AwardYearFactory()
        found = page(client, "money", **on("as_at", date(2019, 11, 22)))
        assert "No money is recorded for this day" in found
        assert "under signed agreements" not in found

    def test_offers_a_repayment_to_those_who_may_propose_one(self, client, signed_in):
        receipt = make.GrantReceiptFactory(on_date=date(2022, 7, 8))
        facility = make.BridgingFacilityFactory(fund=receipt.award_year.fund)
        make.BridgeMovementFactory(facility=facility, amount_pence=100)
        for role, offered in [(Role.FINANCE_OFFICER, True), (Role.DIRECTOR, False), (Role.AUDITOR, False)]:
            signed_in(role)
            found = page(client, "money")
            assert ("Propose a repayment" in found, facility.decision_reference in found) == (offered, True), role
            found = page(client, "funding:facility-detail", facility.pk)
            assert ('href="#propose"' in found, "Propose a repayment" in found) == (offered, offered), role
            assert f"See {facility.decision_reference}" not in found, "a page does not link to itself"

    def test_is_not_for_partners(self, client, signed_in):
        signed_in(Role.PARTNER_LEAD)
        assert client.get(reverse("money")).status_code == 403


class TestAwardYear:
    def test_offers_only_what_may_follow(self, client, signed_in):
        signed_in(Role.FINANCE_OFFICER)
        found = page(client, "funding:award-year-detail", make.AwardYearFactory().pk)
        assert 'value="applied"' in found
        assert 'value="agreement_signed"' not in found

    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.AUDITOR])
    def test_offers_nothing_to_those_who_only_read(self, client, signed_in, role):
        signed_in(role)
        award_year = make.AwardYearFactory()
        assert "Propose step" not in page(client, "funding:award-year-detail", award_year.pk)
        assert client.post(reverse("funding:award-year-step", args=[award_year.pk])).status_code == 403

    def test_proposes_a_step_that_another_approves(self, client, signed_in):
        signed_in(Role.FINANCE_OFFICER)
        award_year = make.AwardYearFactory()
        typed = {"step-state": "applied", "step-amount_pence": "£5,800,000", **on("step-on_date", date(2022, 4, 29))}
        response = client.post(reverse("funding:award-year-step", args=[award_year.pk]), typed)
        assert response.status_code == 302
        found = page(client, "funding:award-year-detail", award_year.pk)
        assert "Applied for</strong> on 29 April 2022, £5,800,000" in found
        assert "A colleague has to approve it." in found
        assert "Propose step" not in found, "one waits at a time"
        signed_in(Role.DIRECTOR)
        assert "Step of " in page(client, "money")
        approve = reverse("funding:step-approve", args=[award_year.steps.open().get().pk])
        assert "Approved: applied for, 29 April 2022." in client.post(approve, follow=True).content.decode()
        award_year.refresh_from_db()
        assert (award_year.state, award_year.applied_pence) == ("applied", 5_800_000_00)

    @pytest.mark.parametrize("factory", ["GrantReceiptFactory", "MatchConfirmationFactory"])
    def test_a_second_person_declines_with_a_reason_that_stays_on_the_page(self, client, signed_in, factory):
        row = getattr(make, factory)(approved_by=None)
        award_year = row.match.award_year if factory == "MatchConfirmationFactory" else row.award_year
        signed_in(Role.DIRECTOR)
        view = "confirmation" if factory == "MatchConfirmationFactory" else "receipt"
        decline = reverse(f"funding:{view}-decline", args=[row.pk])
        assert decline in page(client, "funding:award-year-detail", award_year.pk)
        assert "Decline the " in client.get(decline).content.decode()
        assert "Declined." in client.post(decline, {"reason": "Another letter"}, follow=True).content.decode()
        row.refresh_from_db()
        assert row.declined_reason == "Another letter"
        assert f"declined by {row.declined_by}: Another letter" in page(
            client, "funding:award-year-detail", award_year.pk
        )

    def test_keeps_what_was_declined_of_it(self, client, signed_in):
        award_year = make.AwardYearFactory(at="agreement_signed", pence=5_800_000_00)
        no = {"declined_by": make.UserFactory(name="Ada Rook"), "declined_reason": "Another letter"}
        step = award_year.steps.create(
            state="reduced", on_date=date(2022, 8, 1), amount_pence=90_00, proposed_by=make.UserFactory(),
            proposed_at=make.noon(date(2022, 8, 1)),
        )  # fmt: skip
        claim = make.GrantClaimFactory(award_year=award_year, amount_pence=250_00, reference="Q1")
        award = make.PartnerAwardFactory(award_year=award_year, amount_pence=70_00, approved_by=None)
        match = make.MatchFactory(award_year=award_year, amount_pence=80_00)
        confirmation = make.MatchConfirmationFactory(match=match, approved_by=None)
        for row in (step, claim, award, confirmation):
            type(row).objects.filter(pk=row.pk).update(**no)
        signed_in(Role.AUDITOR)
        found = page(client, "funding:award-year-detail", award_year.pk)
        asked = (
            "Reduced on 1 August 2022, £90",
            "Claim of £250 to the funder, Q1",
            "Award of £70 for ",
            "Match of £80",
        )
        for words in asked:
            assert words in found
        assert found.count("declined by Ada Rook: Another letter") == 4

    def test_asks_once_for_what_was_declined_of_every_match(self):
        award_year = make.AwardYearFactory()

        def decline_one():
            each = make.MatchConfirmationFactory(match__award_year=award_year, approved_by=None)
            no = {"declined_by": make.UserFactory(), "declined_reason": "Another letter"}
            type(each).objects.filter(pk=each.pk).update(**no)

        def asked() -> tuple[int, int]:
            with CaptureQueriesContext(connection) as found:
                return len(queries.declined_of(award_year)), len(found)

        decline_one()
        first = asked()
        decline_one()
        assert asked() == (2, first[1])

    def test_notes_stand_with_what_happened_and_not_with_who_decided(self, client, signed_in):
        receipt = make.GrantReceiptFactory(note="In two parts", approved_by=make.UserFactory())
        signed_in(Role.AUDITOR)
        found = page(client, "funding:award-year-detail", receipt.award_year_id)
        row = found.partition(f'data-label="Reference">{receipt.reference}')[2].partition("</tr>")[0]
        assert "In two parts" in row.partition("</th>")[0]

    def test_a_refusal_keeps_what_was_typed(self, client, signed_in):
        signed_in(Role.FINANCE_OFFICER)
        award_year = make.AwardYearFactory()
        typed = {"step-state": "applied", "step-note": "By post", **on("step-on_date", date(2021, 4, 29))}
        found = client.post(reverse("funding:award-year-step", args=[award_year.pk]), typed).content.decode()
        assert "The step before was on 5 April 2022" in found
        assert "By post" in found

    def test_asks_for_the_loan_once_a_receipt_is_approved(self, client, signed_in):
        signed_in(Role.FINANCE_OFFICER)
        award_year = make.AwardYearFactory(at="agreement_signed", pence=5_800_000_00)
        make.BridgeMovementFactory(facility=make.BridgingFacilityFactory(fund=award_year.fund))
        typed = {
            "receipt-amount_pence": "1,450,000",
            "receipt-reference": "HO-1",
            **on("receipt-on_date", date(2022, 7, 8)),
        }
        response = client.post(reverse("funding:award-year-receipt", args=[award_year.pk]), typed, follow=True)
        found = response.content.decode()
        assert "Proposed: receipt HO-1. A colleague now has to approve it." in found
        assert "is still owed" not in found
        signed_in(Role.DIRECTOR)
        approve = reverse("funding:receipt-approve", args=[award_year.receipts.get().pk])
        found = client.post(approve, follow=True).content.decode()
        assert "Approved: receipt HO-1 of £1,450,000." in found
        assert "£1,450,000 of grant came in on 8 July 2022, and £100,000 is still owed" in found

    def test_one_that_is_not_there(self, client, signed_in):
        signed_in(Role.DIRECTOR)
        assert client.get(reverse("funding:award-year-detail", args=[0])).status_code == 404


class TestFacility:
    def typed(self, **fields) -> dict:
        day = on("on_date", date(2022, 5, 6))
        return {"kind": "drawdown", "amount_pence": "200,000", "reference": "D1", **day, **fields}

    def test_goes_from_one_person_to_another(self, client, signed_in):
        facility = make.BridgingFacilityFactory()
        signed_in(Role.FINANCE_OFFICER)
        client.post(reverse("funding:facility-propose", args=[facility.pk]), self.typed())
        movement = facility.movements.get()
        assert "A colleague has to approve it" in page(client, "funding:facility-detail", facility.pk)
        own = client.post(reverse("funding:movement-approve", args=[movement.pk]), follow=True)
        assert "You proposed this yourself" in own.content.decode()
        signed_in(Role.DIRECTOR)
        assert "Approve drawdown" in page(client, "funding:facility-detail", facility.pk)
        client.post(reverse("funding:movement-approve", args=[movement.pk]))
        assert facility.movements.get().amount_pence == 200_000_00

    def test_a_refusal_keeps_what_was_typed(self, client, signed_in):
        facility = make.BridgingFacilityFactory()
        signed_in(Role.FINANCE_OFFICER)
        url = reverse("funding:facility-propose", args=[facility.pk])
        found = client.post(url, self.typed(amount_pence="700,000")).content.decode()
        assert "Only £600,000 can still be drawn" in found
        assert 'value="700,000"' in found

    def test_declines_with_a_reason(self, client, signed_in):
        movement = make.BridgeMovementFactory(approved_by=None)
        signed_in(Role.DIRECTOR)
        url = reverse("funding:movement-decline", args=[movement.pk])
        assert "Enter the reason" in client.post(url, {"reason": ""}).content.decode()
        found = client.post(url, {"reason": "Not before the committee"}, follow=True).content.decode()
        assert "Not before the committee" in found
        assert not is_open(movement)

    def test_asks_for_nothing_more_once_all_is_repaid(self, client, signed_in):
        facility = make.BridgingFacilityFactory(limit_pence=1000)
        signed_in(Role.FINANCE_OFFICER)
        for kind, still_to_do in (("drawdown", True), ("repayment", False)):
            make.BridgeMovementFactory(facility=facility, kind=kind, amount_pence=1000)
            found = page(client, "funding:facility-detail", facility.pk)
            assert ("Propose movement" in found) == still_to_do


def is_open(movement) -> bool:
    movement.refresh_from_db()
    return movement.is_open


class TestToday:
    def test_says_what_waits_for_a_second_person_and_not_for_the_first(self, client, signed_in):
        officer = signed_in(Role.FINANCE_OFFICER)
        award = make.PartnerAwardFactory(approved_by=None, amount_pence=500_00)
        make.PartnerAwardFactory(approved_by=None, proposed_by=officer, amount_pence=700_00)
        make.BridgeMovementFactory(approved_by=None, amount_pence=900_00)
        found = page(client, "home")
        assert f"Award of £500 to {award.delivery.partner}, {award.reference}, waits for approval." in found
        assert "£700" not in found
        assert "Drawdown of £900" in found
        signed_in(Role.ANALYST)
        assert "waits for approval" not in page(client, "home")

    def test_asks_the_finance_officer_for_a_repayment_and_for_no_returns(self, client, signed_in):
        receipt = make.GrantReceiptFactory(on_date=date(2022, 7, 8))
        facility = make.BridgingFacilityFactory(fund=receipt.award_year.fund)
        make.BridgeMovementFactory(facility=facility, amount_pence=300_00)
        make.ObligationFactory()
        signed_in(Role.FINANCE_OFFICER)
        found = page(client, "home")
        assert f"£300 is owed to {facility.lender}, and grant has come in." in found
        assert "late." not in found
        signed_in(Role.DIRECTOR)
        found = page(client, "home")
        assert "and grant has come in" not in found
        assert "late." in found


class TestOurMoney:
    def test_shows_a_partner_its_own_awards_alone(self, client, signed_in):
        own, other = make.PartnerAwardFactory(), make.PartnerAwardFactory()
        signed_in(Role.PARTNER_LEAD, own.delivery.partner)
        found = page(client, "funding:our-money")
        assert own.reference in found
        assert "Not signed yet" in found
        assert other.reference not in found

    def test_begins_with_this_year_and_folds_what_is_past(self, client, signed_in):
        now = FinancialYear.of(timezone.localdate()).start
        delivery = make.DeliveryFactory()
        for start in (now - 1, now, now + 1):
            year = make.AwardYearFactory(financial_year=start)
            make.PartnerAwardFactory(award_year=year, delivery=delivery, amount_pence=start * 100)
        signed_in(Role.PARTNER_LEAD, delivery.partner)
        found = page(client, "funding:our-money")
        places = [found.index(f"<h2>{FinancialYear(now)}: this year"), found.index(f"<h2>{FinancialYear(now + 1)}")]
        places.append(found.index("<details"))
        assert places == sorted(places)
        assert f"<title>Our money: £{now:,} in {FinancialYear(now)}" in found

    def test_says_when_there_are_none(self, client, signed_in):
        signed_in(Role.PARTNER)
        assert "You have no awards yet" in page(client, "funding:our-money")

    def test_is_not_for_staff(self, client, signed_in):
        signed_in(Role.DIRECTOR)
        assert client.get(reverse("funding:our-money")).status_code == 403
