"""Claims and payments on their pages, for the partner and for the unit."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from funding.actions import award_years
from funding.models import Claim, Forecast, PartnerPayment, PaymentHold, WriteOff
from partners.permissions import Role
from tests import factories as make
from tests.test_claiming_pages import LAST_YEAR, PDF, address, fill_in
from tests.test_claiming_pages import award as award
from tests.test_claiming_pages import partner as partner
from vru_portal.core.periods import FinancialYear, Month

pytestmark = pytest.mark.django_db


def approved(award) -> Claim:
    return make.ClaimFactory(award=award, at="approved")


class TestOurMoney:
    def test_asks_for_each_claim_that_is_due(self, client, award, partner):
        page = client.get(address("our-money")).text
        assert page.count("Make the claim") == 4
        assert "days late" in page

    @pytest.mark.parametrize("day", [{"agreed_on": timezone.localdate()}, {"proposed_at": timezone.now()}])
    def test_calls_no_claim_late_that_nobody_could_make_before(self, client, day):
        """Agreed, or approved, today, for a year that is over."""
        year = make.AwardYearFactory(financial_year=LAST_YEAR.start)
        award = make.PartnerAwardFactory(award_year=year, amount_pence=1_000_00, **day)
        client.force_login(make.user_with(Role.PARTNER, award.delivery.partner))
        page = client.get(address("our-money")).text
        assert page.count("Make the claim") == page.count("Due by") == 4
        assert "days late" not in page

    def test_says_what_comes_next_and_what_it_waits_for(self, client, award, partner):
        paid = make.InstalmentAwardFactory(
            delivery=award.delivery, award_year=award.award_year, holds_for_returns=True, amount_pence=12_000_00
        )
        page = client.get(address("our-money")).text
        assert "£1,000, due on" in page
        assert "The unit has not paid it yet." in page
        PaymentHold.objects.create(award=paid, reason="Waits for the June return.", placed_at=timezone.now())
        page = client.get(address("our-money")).text
        assert "The unit has not paid it yet." not in page
        assert "Waits for the June return." in page

    def test_promises_nothing_of_a_grant_that_is_not_signed(self, client, award, partner):
        caution = "The unit’s grant for it is not sure."
        signed, hoped_for = (
            make.AwardYearFactory(fund=award.award_year.fund, financial_year=LAST_YEAR.start + n, at=at)
            for n, at in ((1, "agreement_signed"), (2, "announced"))
        )
        make.InstalmentAwardFactory(delivery=award.delivery, award_year=signed, amount_pence=5_000_00)
        assert caution not in client.get(address("our-money")).text
        make.InstalmentAwardFactory(delivery=award.delivery, award_year=hoped_for, amount_pence=7_000_00)
        page = client.get(address("our-money")).text
        assert page.count(caution) == 1
        assert "£583.33, due on" in page.split(caution)[0].split("<li>")[-1]

    def test_says_of_a_grant_that_was_cut_that_it_is_not_signed_again(self, client):
        year = make.AwardYearFactory(financial_year=LAST_YEAR.start, at="agreement_signed")
        award = make.InstalmentAwardFactory(award_year=year)
        client.force_login(make.user_with(Role.PARTNER, award.delivery.partner))
        assert "Not signed yet" not in client.get(address("our-money")).text
        now = timezone.now()
        cut = {"state": "reduced", "on_date": timezone.localdate(now), "amount_pence": 90_000_00, "now": now}
        step = award_years.propose_step(award_year=year, by=make.user_with(Role.FINANCE_OFFICER), **cut)
        award_years.approve_step(step=step, by=make.user_with(Role.DIRECTOR), now=now)
        page = client.get(address("our-money")).text
        assert page.count("Reduced, not signed again yet") == 2
        assert "Not signed yet" not in page


class TestAward:
    def test_takes_the_same_queries_for_more_rows(self, client):
        client.force_login(make.user_with(Role.FINANCE_OFFICER))
        award_year = make.AwardYearFactory(financial_year=LAST_YEAR.start)
        paid = make.InstalmentAwardFactory(award_year=award_year, amount_pence=1_200_00)

        def more():
            """A payment of each kind, a claim, a correction below what is paid, and a write-off of each kind."""
            for approved_by in (None, make.UserFactory()):
                make.PartnerPaymentFactory(
                    instalment=paid.instalments.exclude(payments__isnull=False).first(),
                    amount_pence=100_00,
                    approved_by=approved_by,
                    proposed_at=timezone.now(),
                )

        def asked() -> int:
            with CaptureQueriesContext(connection) as found:
                assert client.get(address("award-detail", paid.pk)).status_code == 200
            return len(found)

        more()
        asked()  # what is asked once and remembered
        first = asked()
        more()
        back = {"award_year": award_year, "delivery": paid.delivery, "paid_by": paid.paid_by, "note": "It ended early"}
        make.PartnerAwardFactory(**back, amount_pence=-1_190_00)
        for number, decided in enumerate(
            ({}, {"approved_by": make.UserFactory()}, {"declined_by": make.UserFactory()})
        ):
            off = WriteOff.objects.create(
                award=paid, amount_pence=1_00, reason="Small", decision_reference=f"D-{number}",
                proposed_by=make.UserFactory(), proposed_at=timezone.now(),
            )  # fmt: skip
            if "approved_by" in decided:
                off.approved_by, off.approved_at = decided["approved_by"], timezone.now()
            if "declined_by" in decided:
                off.declined_by, off.declined_reason = decided["declined_by"], "No"
            off.save()
        assert asked() == first

    def test_takes_the_same_queries_for_more_claims_and_more_awards(self, client, award, partner):
        def asked(user) -> int:
            client.force_login(user)
            with CaptureQueriesContext(connection) as found:
                assert client.get(address("award-detail", award.pk)).status_code == 200
            return len(found)

        def more(quarter):
            claim = make.ClaimFactory(
                award=award, at="approved", quarter=quarter.months[0].first, amounts={"staff": 200_00}
            )
            make.PartnerPaymentFactory(claim=claim, amount_pence=100_00, proposed_at=timezone.now())
            other = make.PartnerAwardFactory(award_year=award.award_year, delivery=award.delivery)
            make.ClaimFactory(award=other, at="sent", quarter=quarter.months[0].first)

        officer = make.user_with(Role.FINANCE_OFFICER)
        more(LAST_YEAR.quarters[0])
        for user in (officer, partner):
            asked(user)  # what is asked once and remembered
        first = [asked(user) for user in (officer, partner)]
        more(LAST_YEAR.quarters[1])
        assert [asked(user) for user in (officer, partner)] == first

    def test_says_what_corrects_it_and_what_is_awarded_now(self, client, award, partner):
        given = {"award_year": award.award_year, "delivery": award.delivery, "paid_by": award.paid_by}
        make.PartnerAwardFactory(**given, amount_pence=-300_00, note="It ended early", reference="A-CUT")
        make.PartnerAwardFactory(**given, amount_pence=-1_00, note="Waits", approved_by=None)
        page = client.get(address("award-detail", award.pk)).text
        assert "A-CUT</a> (−£300: It ended early): £700 is awarded." in page
        assert "Waits" not in page

    def test_names_the_awards_of_the_year_that_are_paid_in_another_way(self, client, award, partner):
        given = {"award_year": award.award_year, "delivery": award.delivery}
        make.PartnerAwardFactory(**given, amount_pence=-300_00, note="It ended early", reference="A-CUT")
        make.InstalmentAwardFactory(**given, amount_pence=1_200_00, reference="A-MONTHLY")
        make.InstalmentAwardFactory(
            delivery=award.delivery, award_year=make.AwardYearFactory(financial_year=LAST_YEAR.start + 1)
        )
        page = client.get(address("award-detail", award.pk)).text
        assert "A-CUT</a> (−£300: It ended early): £700 is awarded in this way." in page
        assert "A-MONTHLY</a> (£1,200, paid by instalments at the beginning of each month)." in page
        assert f"With all of these, £1,900 is awarded for it in {LAST_YEAR}." in page

    def test_asks_no_claim_of_an_award_that_was_taken_back(self, client, award, partner):
        given = {"award_year": award.award_year, "delivery": award.delivery, "paid_by": award.paid_by}
        taken = make.PartnerAwardFactory(**given, amount_pence=-1_000_00, note="It never began")
        for path in (reverse("home"), address("our-money"), address("award-detail", award.pk)):
            assert "Make the claim" not in client.get(path, follow=True).text
        assert "Nothing of it is left to claim" in client.get(address("award-detail", award.pk)).text
        assert "It corrects what was awarded before." in client.get(address("award-detail", taken.pk)).text
        client.force_login(make.user_with(Role.DIRECTOR))
        assert award.reference not in client.get(address("claim-list")).text

    def test_reads_of_other_awards_nothing(self, client, award, partner):
        other = make.PartnerAwardFactory(award_year=award.award_year, delivery=award.delivery)
        page = client.get(address("award-detail", award.pk)).text
        assert page.count("Make the claim") == 4
        assert address("claim-start", other.pk, LAST_YEAR.quarters[0].months[0].code) not in page


class TestStaff:
    @pytest.fixture
    def director(self, client):
        person = make.user_with(Role.DIRECTOR)
        client.force_login(person)
        return person

    def test_lists_claims_by_what_they_need(self, client, award, director):
        make.ClaimFactory(award=award, at="sent", quarter=LAST_YEAR.first)
        page = client.get(address("claim-list")).text
        assert "Claims: 1 to decide, 3 late" in page

    def test_approves_queries_and_declines(self, client, award, director):
        for quarter, way, state in zip(
            LAST_YEAR.quarters, ("approve", "query", "decline"), ("approved", "queried", "declined"), strict=False
        ):
            claim = make.ClaimFactory(award=award, at="sent", quarter=quarter.months[0].first, amounts={"staff": 1})
            page = client.get(address("claim-detail", claim.pk)).text
            assert address(f"claim-{way}", claim.pk) in page
            client.post(address(f"claim-{way}", claim.pk), {"question": "Why?", "reason": "Late"})
            claim.refresh_from_db()
            assert claim.state == state

    def test_declines_what_its_partner_has_not_answered(self, client, award, director):
        claim = make.ClaimFactory(award=award, at="queried")
        page = client.get(address("claim-detail", claim.pk)).text
        assert address("claim-decline", claim.pk) in page
        assert address("claim-approve", claim.pk) not in page
        assert address("claim-query", claim.pk) not in page
        client.post(address("claim-decline", claim.pk), {"reason": "The award was taken back"})
        claim.refresh_from_db()
        assert claim.state == "declined"

    def test_pays_with_two_people(self, client, award, director):
        claim = approved(award)
        officer = make.user_with(Role.FINANCE_OFFICER)
        client.force_login(officer)
        for page in (address("payment-list"), address("claim-detail", claim.pk)):
            assert address("claim-pay", claim.pk) in client.get(page).text
        day = {"on_date_day": "5", "on_date_month": "9", "on_date_year": str(LAST_YEAR.start)}
        client.post(address("claim-pay", claim.pk), {"amount_pence": "1000", "reference": "BACS 1"} | day)
        payment = PartnerPayment.objects.get()
        assert "you proposed it" in client.post(address("payments-approve"), {"payments": [payment.pk]}).text
        client.force_login(director)
        assert "Approve payment BACS 1" in client.get(address("payment-list")).text
        done = client.post(address("payments-approve"), {"payments": [payment.pk]}, follow=True).text
        assert "Approved: £1,000 in 1 payment." in done
        payment.refresh_from_db()
        assert payment.approved_by == director
        assert "£1,000 paid of £1,000" in client.get(address("award-detail", award.pk)).text

    @pytest.fixture
    def waiting(self, award):
        """Two instalments of another award and a claim: £100 of each is proposed."""
        year = award.award_year
        paid = make.InstalmentAwardFactory(award_year=year, amount_pence=12_000_00, holds_for_returns=True)
        instalments = [{"instalment": each} for each in paid.instalments.order_by("number")[:2]]
        subjects = [{"claim": approved(award)}, *instalments]
        return [make.PartnerPaymentFactory(amount_pence=100_00, **subject) for subject in subjects]

    def test_approves_those_that_were_ticked_together(self, client, waiting, director):
        page = client.post(address("payments-approve"), {"payments": []}).text
        assert "Tick at least one payment" in page
        chosen = {"payments": [payment.pk for payment in waiting[:2]]}
        assert "Approved: £200 in 2 payments." in client.post(address("payments-approve"), chosen, follow=True).text
        assert [payment.approved_by for payment in PartnerPayment.objects.order_by("pk")] == [director, director, None]

    def test_approves_all_or_none_and_says_which_failed(self, client, waiting, director):
        award = waiting[1].award
        PaymentHold.objects.create(award=award, reason="Waits for the June return.", placed_at=timezone.now())
        page = client.post(address("payments-approve"), {"payments": [payment.pk for payment in waiting]}).text
        failed = f"the payment {waiting[1].reference} of £100 to {award.delivery.partner}"
        sentence = f"Nothing was approved, because of {failed}: Payments of this award are held."
        assert f"{sentence} Waits for the June return." in page
        assert page.count('href="#id_payments"') == page.count('id="id_payments"') == 1
        assert page.count(" checked") == 3, "the ticks stay"
        assert not PartnerPayment.objects.approved().exists()

    def test_never_offers_nor_takes_what_one_proposed_oneself(self, client, award, director):
        own = make.PartnerPaymentFactory(claim=approved(award), proposed_by=director)
        page = client.get(address("payment-list")).text
        assert "Approve payment" not in page
        assert "Take it back" in page
        assert "you proposed it" in client.post(address("payments-approve"), {"payments": [own.pk]}).text
        own.refresh_from_db()
        assert own.approved_by is None

    def test_prepares_the_run_of_a_day_to_come(self, client, director):
        first = Month.of(timezone.localdate()).plus(1).first
        year = make.AwardYearFactory(financial_year=FinancialYear.of(first).start, announced_on=LAST_YEAR.first)
        terms = {"amount_pence": 12_000_00, "agreed_on": LAST_YEAR.first, "holds_for_returns": True}
        paid = make.InstalmentAwardFactory(award_year=year, **terms)
        coming = paid.instalments.get(due_on=first)
        client.force_login(make.user_with(Role.FINANCE_OFFICER))
        assert address("instalment-pay", coming.pk) in client.get(address("payment-list")).text
        assert f'value="{first.month}"' in client.get(address("instalment-pay", coming.pk)).text
        typed = {"amount_pence": "1000", "reference": "BACS 1", "on_date_day": 1}
        typed |= {"on_date_month": first.month, "on_date_year": first.year}
        said = client.post(address("instalment-pay", coming.pk), typed, follow=True).text
        assert f"Prepared. A colleague has to approve it on 1 {first:%B %Y} or later." in said
        client.force_login(director)
        page = client.get(address("payment-list")).text
        assert "Prepared for a day to come" in page
        assert "Approve payment BACS 1" not in page
        assert "BACS 1, waits for approval" not in client.get("/").text
        assert "Waits for the June return." not in page
        of_award = client.get(address("award-detail", paid.pk)).text
        assert f"£1,000 prepared for 1 {first:%B %Y}" in of_award
        assert "waits for approval" not in of_award
        PaymentHold.objects.create(award=paid, reason="Waits for the June return.", placed_at=timezone.now())
        prepared = client.get(address("payment-list")).text.partition("Prepared for a day to come")[2]
        assert "Waits for the June return." in prepared.partition("</table>")[0]

    def test_offers_today_where_a_day_is_too_far_ahead_to_be_prepared(self, client):
        today = timezone.localdate()
        next_year = FinancialYear(FinancialYear.of(today).start + 1)
        year = make.AwardYearFactory(financial_year=next_year.start, announced_on=LAST_YEAR.first)
        paid = make.InstalmentAwardFactory(award_year=year, amount_pence=12_000_00, agreed_on=LAST_YEAR.first)
        client.force_login(make.user_with(Role.FINANCE_OFFICER))
        form = client.get(address("instalment-pay", paid.instalments.order_by("due_on").last().pk)).context["form"]
        assert form.initial["on_date"] == today

    def test_reads_of_a_claim_that_is_queried_what_was_sent(self, client, award, partner, director):
        claim = make.ClaimFactory(award=award, at="queried", quarter=LAST_YEAR.first, amounts={"staff": 900_00})
        client.force_login(partner)
        assert "£600" in fill_in(client, claim, staff="600", save="1").text
        client.force_login(director)
        for page in (address("claim-detail", claim.pk), address("claim-list"), address("award-detail", award.pk)):
            text = client.get(page).text
            assert "£900" in text
            assert "£600" not in text

    @pytest.mark.django_db(transaction=True)
    def test_reads_of_a_claim_that_is_declined_what_was_sent(self, client, award, partner, director):
        claim = make.ClaimFactory(award=award, at="queried", quarter=LAST_YEAR.first, amounts={"staff": 900_00})
        client.force_login(partner)
        more = SimpleUploadedFile("Mileage.pdf", PDF)
        assert "£600" in fill_in(client, claim, staff="500", travel="100", files=more, save="1").text
        client.force_login(director)
        client.post(address("claim-decline", claim.pk), {"reason": "Too late"})
        for page in (address("claim-detail", claim.pk), address("claim-list"), address("award-detail", award.pk)):
            text = client.get(page).text
            assert "£900" in text
            assert not [found for found in ("£600", "£500", "£100<", "Travel", "Mileage.pdf") if found in text]

    def test_reads_what_is_added_to_a_queried_claim_once_it_is_sent(self, client, award, partner, director):
        claim = make.ClaimFactory(award=award, at="queried", quarter=LAST_YEAR.first, amounts={"staff": 900_00})
        before = claim.files.get()
        client.force_login(partner)
        fill_in(client, claim, staff="900", files=SimpleUploadedFile("Mileage.pdf", PDF), save="1")
        there = address("claim-file", claim.files.exclude(pk=before.pk).get().pk, "pdf")
        assert b"".join(client.get(there).streaming_content) == PDF
        assert "Mileage.pdf" in client.get(address("claim-detail", claim.pk)).text
        client.force_login(director)
        page = client.get(address("claim-detail", claim.pk)).text
        assert (before.name in page, "Mileage.pdf" in page) == (True, False)
        assert client.get(there).status_code == 404
        client.force_login(partner)
        fill_in(client, claim, staff="900", note="Added", send="1")
        client.force_login(director)
        assert "Mileage.pdf" in client.get(address("claim-detail", claim.pk)).text
        assert b"".join(client.get(there).streaming_content) == PDF

    def test_declines_a_payment(self, client, award, director):
        payment = make.PartnerPaymentFactory(claim=approved(award))
        client.post(address("payment-decline", payment.pk), {"reason": "Wrong account"})
        payment.refresh_from_db()
        assert payment.declined_by == director

    def test_shows_what_is_held_and_for_what(self, client, award, director):
        paid = make.InstalmentAwardFactory(
            delivery=award.delivery, award_year=award.award_year, holds_for_returns=True, amount_pence=12_000_00
        )
        PaymentHold.objects.create(award=paid, reason="Waits for the June return.", placed_at=timezone.now())
        page = client.get(address("payment-list")).text
        assert "Waits for the June return." in page
        assert address("instalment-pay", paid.instalments.first().pk) not in page

    def test_is_told_on_today(self, client, award, director):
        make.ClaimFactory(award=award, at="sent", quarter=LAST_YEAR.first, amounts={"staff": 1})
        summer = date(LAST_YEAR.start, 7, 1)
        paid = make.ClaimFactory(award=award, at="approved", quarter=summer, amounts={"staff": 999_00})
        payment = make.PartnerPaymentFactory(claim=paid, amount_pence=500_00)
        page = client.get("/").text
        assert "1 claim waits to be read." in page
        assert f"Payment of £500 to {award.delivery.partner}, {payment}, waits for approval." in page
        assert (
            f"Payment of £500 to {award.delivery.partner}, {payment}</a>, proposed by"
            in client.get(reverse("money")).text
        )

    def test_writes_off_an_overpayment_with_two(self, client, award, director):
        paid = make.InstalmentAwardFactory(award_year=award.award_year, amount_pence=12_00)
        make.PartnerPaymentFactory(instalment=paid.instalments.first(), amount_pence=1_00, approved_by=director)
        like = {name: getattr(paid, name) for name in ("delivery", "award_year", "paid_by")}
        make.PartnerAwardFactory(**like, amount_pence=-11_50, note="Closed")
        client.force_login(make.user_with(Role.FINANCE_OFFICER))
        assert address("write-off-propose", paid.pk) in client.get(address("award-detail", paid.pk)).text
        typed = {"amount_pence": "0.50", "reason": "Closed", "decision_reference": "D-1"}
        client.post(address("write-off-propose", paid.pk), typed)
        client.force_login(director)
        assert "Approve write-off D-1" in client.get(address("award-detail", paid.pk)).text
        client.post(address("write-off-approve", WriteOff.objects.get().pk))
        assert WriteOff.objects.get().approved_by == director


class TestForecast:
    @pytest.mark.parametrize("role", [Role.PARTNER, Role.FINANCE_OFFICER])
    def test_is_made_by_both_sides(self, client, role):
        year = make.AwardYearFactory(financial_year=LAST_YEAR.start + 1)
        award = make.PartnerAwardFactory(award_year=year)
        client.force_login(make.user_with(role, award.delivery.partner if role == Role.PARTNER else None))
        assert address("forecast-make", award.pk) in client.get(address("award-detail", award.pk)).text
        form = client.get(address("forecast-make", award.pk)).text
        assert (f'href="{reverse("money")}"' in form) == (role == Role.FINANCE_OFFICER)
        month = Month.of(timezone.localdate())
        client.post(address("forecast-make", award.pk), {month.code: "120"})
        assert Forecast.objects.get().amount_pence == 120_00
        assert "£120" in client.get(address("award-detail", award.pk)).text
