"""Asking the funder: versions of an application that never change, and claims of two people."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from funding import queries
from funding.actions import receipts, yearly_round
from funding.actions.award_years import NoteMissing
from funding.actions.deciding import DecidedAlready, OwnProposal, ReferenceTaken
from funding.models import Application, GrantClaim
from funding.queries import Contents
from partners.permissions import Role
from tests import factories as make
from tests.database import refusal_of, refused
from tests.test_funding_pages import on
from vru_portal.core.refusals import NotAllowed, Refusal

pytestmark = pytest.mark.django_db

NOW = make.noon(date(2022, 7, 20))


@pytest.fixture
def finance():
    return make.user_with(Role.FINANCE_OFFICER)


@pytest.fixture
def director():
    return make.user_with(Role.DIRECTOR)


@pytest.fixture
def year():
    """£1,000 signed."""
    return make.AwardYearFactory(at="agreement_signed", pence=1_000_00)


@pytest.fixture
def planned(year):
    line = make.BudgetLineFactory(award_year=year, name="Services")
    make.BudgetChangeFactory(entries={line: 900_00}, approved_by=make.UserFactory())
    return line


class TestApplication:
    def test_is_assembled_from_the_records(self, year, planned, finance):
        award = make.PartnerAwardFactory(award_year=year, amount_pence=500_00)
        make.MatchFactory(award_year=year, amount_pence=50_00)
        make.ConditionFactory(award_year=year)
        award.delivery.targets.create(year=2022, people=120, reason="Plan", set_at=NOW, set_by=finance)
        application = yearly_round.keep_application(award_year=year, note="First", by=finance, now=NOW)
        assert (application.version, application.asked_pence) == (1, 900_00)
        contents = Contents.from_json(Application.objects.get().contents)
        assert contents == queries.contents_of(year)
        (delivery,) = contents.deliveries
        assert (delivery.delivery, delivery.target, delivery.pence) == (award.delivery.name, 120, 500_00)
        assert [(match.pence, match.is_confirmed) for match in contents.matches] == [(50_00, False)]
        assert len(contents.conditions) == 1
        assert contents.by_ring_fence == [("", 900_00)]

    def test_counts_approved_awards_alone_as_committed(self, year, planned):
        approved = make.PartnerAwardFactory(award_year=year, amount_pence=500_00)
        open_one = {"award_year": year, "approved_by": None}
        make.PartnerAwardFactory(delivery=approved.delivery, amount_pence=60_00, **open_one)
        proposed = make.PartnerAwardFactory(amount_pence=70_00, **open_one)
        declined = make.PartnerAwardFactory(amount_pence=80_00, **open_one)
        declined.declined_by, declined.declined_reason = make.UserFactory(), "No"
        declined.save()
        found = {each.delivery: (each.pence, each.waiting_pence) for each in queries.contents_of(year).deliveries}
        assert found == {approved.delivery.name: (500_00, 60_00), proposed.delivery.name: (0, 70_00)}

    def test_reads_a_version_that_was_kept_before_waiting_was_told_apart(self, year, planned, finance):
        make.PartnerAwardFactory(award_year=year, amount_pence=500_00)
        kept = queries.contents_of(year).as_json()
        for each in kept["deliveries"]:
            del each["waiting_pence"]
        assert Contents.from_json(kept) == queries.contents_of(year)

    def test_stays_as_it_was_kept(self, year, planned, finance):
        yearly_round.keep_application(award_year=year, by=finance, now=NOW)
        make.BudgetChangeFactory(entries={planned: 50_00}, approved_by=make.UserFactory())
        second = yearly_round.keep_application(award_year=year, by=finance, now=NOW)
        assert (second.version, second.asked_pence) == (2, 950_00)
        assert Contents.from_json(year.applications.get(version=1).contents).asked_pence == 900_00

    def test_refuses_what_is_empty_or_the_same_again(self, year, finance, planned):
        with pytest.raises(yearly_round.NothingPlanned):
            yearly_round.keep_application(award_year=make.AwardYearFactory(), by=finance, now=NOW)
        yearly_round.keep_application(award_year=year, by=finance, now=NOW)
        with pytest.raises(yearly_round.NothingNew, match="since version 1"):
            yearly_round.keep_application(award_year=year, by=finance, now=NOW)

    def test_is_never_edited(self, year, planned, finance):
        application = yearly_round.keep_application(award_year=year, by=finance, now=NOW)
        for attempt in (lambda: Application.objects.update(note="Other"), application.delete):
            with pytest.raises(ProgrammingError), transaction.atomic():
                attempt()
        same = {"award_year": year, "contents": {}, "kept_by": finance, "kept_at": NOW}
        with refused("application_version_once"):
            Application.objects.create(version=1, asked_pence=1, **same)
        with refused("application_asks_for_something"):
            Application.objects.create(version=2, asked_pence=0, **same)


class TestRules:
    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"quarter": date(2022, 5, 1)}, "grantclaim_quarter_begins"),
            ({"quarter": date(2023, 4, 1)}, "grantclaim_within_award_year"),
            ({"amount_pence": 1_000_01}, "grantclaim_within_award"),
            ({"amount_pence": -1, "note": "Wrong"}, "grantclaim_not_below_zero"),
            ({"amount_pence": 0}, "grantclaim_correction_has_note"),
        ],
    )
    def test_a_claim_is_sound(self, year, fields, name):
        with refused(name):
            make.GrantClaimFactory(award_year=year, **fields)

    def test_nothing_is_claimed_before_the_signature(self):
        with refused("grantclaim_after_signature"):
            make.GrantClaimFactory(award_year=make.AwardYearFactory(at="approved"))

    def test_two_people_decide_and_once(self, year):
        claim = make.GrantClaimFactory(award_year=year)
        with refused("grantclaim_approved_by_another"):
            GrantClaim.objects.filter(pk=claim.pk).update(approved_by=claim.proposed_by, approved_at=NOW)
        with refused("grantclaim_decided_whole"):
            GrantClaim.objects.filter(pk=claim.pk).update(approved_by=make.UserFactory())
        GrantClaim.objects.filter(pk=claim.pk).update(approved_by=make.UserFactory(), approved_at=NOW)
        for attempt in (
            lambda: GrantClaim.objects.update(declined_by=make.UserFactory(), declined_reason="x"),
            lambda: GrantClaim.objects.update(amount_pence=1),
            lambda: connection.cursor().execute("DELETE FROM funding_grantclaim"),
            lambda: GrantClaim.objects.create(
                award_year=year,
                quarter=claim.quarter,
                amount_pence=1,
                reference="C-2",
                proposed_by=claim.proposed_by,
                proposed_at=NOW,
                approved_by=make.UserFactory(),
                approved_at=NOW,
            ),
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                attempt()

    def test_a_reference_stands_once_in_an_award_year(self, year):
        make.GrantClaimFactory(award_year=year, reference="C-1", amount_pence=1)
        with refused("grantclaim_reference_once"):
            make.GrantClaimFactory(award_year=year, reference="C-1", amount_pence=1)

    def test_a_receipt_pays_an_approved_claim_of_its_own_award_year(self, year):
        claim = make.GrantClaimFactory(award_year=year)
        with refused("grantreceipt_claim_of_award_year"):
            make.GrantReceiptFactory(award_year=year, claim=claim)
        approved = make.GrantClaimFactory(award_year=year, approved_by=make.UserFactory())
        with refused("grantreceipt_claim_of_award_year"):
            make.GrantReceiptFactory(claim=approved)
        assert make.GrantReceiptFactory(award_year=year, claim=approved, amount_pence=250_00).pk


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_no_more_is_claimed_than_was_awarded(self):
        year = make.AwardYearFactory(at="agreement_signed", pence=1_000)
        by = make.UserFactory()

        def claim(n: int) -> str:
            return refusal_of(
                lambda: make.GrantClaimFactory(award_year=year, amount_pence=300, reference=f"C-{n}", proposed_by=by)
            )

        with ThreadPoolExecutor(10) as pool:
            refusals = sorted(pool.map(claim, range(10)))
        assert refusals == [""] * 3 + ["grantclaim_within_award"] * 7


class TestClaims:
    def propose(self, year, finance, pence, **fields):
        details = {"quarter": year.year.quarters[0], "reference": "C-1"} | fields
        return yearly_round.propose_claim(award_year=year, amount_pence=pence, by=finance, now=NOW, **details)

    def test_goes_from_one_person_to_another_and_is_received(self, year, finance, director):
        claim = self.propose(year, finance, 300_00)
        assert queries.quarters_of(year)[0].claimed == 0
        with pytest.raises(OwnProposal):
            yearly_round.approve_claim(claim=claim, by=finance, now=NOW)
        yearly_round.approve_claim(claim=claim, by=director, now=NOW)
        receipt = receipts.propose_receipt(
            award_year=year, amount_pence=250_00, on_date=date(2022, 7, 19), reference="HO-1", claim=claim, by=finance,
            now=NOW,
        )  # fmt: skip
        assert queries.quarters_of(year)[0].received == 0
        receipts.approve_receipt(receipt=receipt, by=director, now=NOW)
        first = queries.quarters_of(year)[0]
        assert (first.claimed, first.received, first.outstanding) == (300_00, 250_00, 50_00)
        with pytest.raises(DecidedAlready):
            yearly_round.decline_claim(claim=claim, reason="Late", by=director, now=NOW)

    @pytest.mark.parametrize(
        ("pence", "fields", "refusal", "sentence"),
        [
            (1_000_01, {}, yearly_round.MoreThanGranted, "Only £1,000 of this grant is left to claim"),
            (-1, {"note": "Wrong"}, yearly_round.MoreThanGranted, "Only £0 has been claimed"),
            (-1, {}, NoteMissing, "Say in the note"),
        ],
    )
    def test_refuses_with_a_sentence_what_the_database_refuses(self, year, finance, pence, fields, refusal, sentence):
        with pytest.raises(refusal, match=sentence):
            self.propose(year, finance, pence, **fields)

    def test_needs_a_signature_and_a_reference_of_its_own(self, year, finance):
        with pytest.raises(yearly_round.NotSigned):
            self.propose(make.AwardYearFactory(), finance, 1)
        self.propose(year, finance, 1)
        with pytest.raises(ReferenceTaken):
            self.propose(year, finance, 1)
        with pytest.raises(NotAllowed):
            self.propose(year, make.user_with(Role.ANALYST), 1)

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.integers(-600_00, 600_00), st.booleans(), st.booleans()), max_size=8))
    def test_no_order_of_claims_breaks_a_rule(self, year, finance, director, moves):
        """Never more claimed than awarded, never less than nothing; what is claimed is the sum of approved claims."""
        with transaction.atomic():
            for n, (pence, is_approved, is_declined) in enumerate(moves):
                try:
                    with transaction.atomic():
                        claim = self.propose(year, finance, pence, reference=f"H-{n}", note="Because")
                        if is_approved:
                            yearly_round.approve_claim(claim=claim, by=director, now=NOW)
                        elif is_declined:
                            yearly_round.decline_claim(claim=claim, reason="No", by=director, now=NOW)
                except Refusal:
                    continue
            claimed = sum(claim.amount_pence for claim in year.claims.approved())
            assert 0 <= claimed <= year.awarded_pence
            assert sum(line.claimed for line in queries.quarters_of(year)) == claimed
            transaction.set_rollback(True)


class TestPages:
    @pytest.fixture
    def signed_in(self, client):
        def sign_in(user):
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

        return sign_in

    def test_an_application_is_kept_and_read(self, client, signed_in, year, planned, finance):
        signed_in(finance)
        detail = reverse("funding:award-year-detail", args=[year.pk])
        page = reverse("funding:application", args=[year.pk])
        assert page in client.get(detail).content.decode()
        keep = reverse("funding:application-keep", args=[year.pk])
        assert keep in client.get(page).content.decode()
        found = client.post(keep, {"note": "Sent to the Home Office"}, follow=True).content.decode()
        assert "Version 1 is kept. It asks for £900." in found
        version = reverse("funding:application-version", args=[Application.objects.get().pk])
        assert version in found
        assert "Sent to the Home Office" in client.get(version).content.decode()
        assert "Nothing has changed since version 1" in client.post(keep, {}).content.decode()

    def test_an_application_is_taken_away_as_a_spreadsheet(self, client, signed_in, year, planned, finance):
        award = make.PartnerAwardFactory(award_year=year, amount_pence=500_00)
        kept = yearly_round.keep_application(award_year=year, note="Sent", by=finance, now=NOW)
        version = reverse("funding:application-version-file", args=[kept.pk])
        draft = reverse("funding:application-file", args=[year.pk])
        signed_in(make.user_with(Role.AUDITOR))
        assert version in client.get(reverse("funding:application-version", args=[kept.pk])).content.decode()
        assert draft in client.get(reverse("funding:application", args=[year.pk])).content.decode()
        first = client.get(version).content
        make.BudgetChangeFactory(entries={planned: 50_00}, approved_by=make.UserFactory())
        assert client.get(version).content == first
        for file, asked in ((version, 900), (draft, 950)):
            book = load_workbook(io.BytesIO(client.get(file).content))
            assert asked in {cell for row in book["Budget"].values for cell in row}
            assert award.delivery.name in {cell for row in book["What is delivered"].values for cell in row}

    def test_a_claim_is_proposed_approved_and_received(self, client, signed_in, year, finance, director):
        signed_in(finance)
        detail = reverse("funding:award-year-detail", args=[year.pk])
        propose = reverse("funding:grant-claim-propose", args=[year.pk])
        assert propose in client.get(detail).content.decode()
        typed = {"quarter": "1", "amount_pence": "2,000", "reference": "C-1", "note": ""}
        found = client.post(propose, typed).content.decode()
        assert "Only £1,000 of this grant is left to claim." in found
        assert 'value="2,000"' in found
        client.post(propose, typed | {"amount_pence": "250"})
        claim = GrantClaim.objects.get()
        signed_in(director)
        assert "Claim of £250 to the funder" in client.get(reverse("home")).content.decode()
        approve = reverse("funding:grant-claim-approve", args=[claim.pk])
        assert "Approved: claim C-1 of £250." in client.post(approve, follow=True).content.decode()
        signed_in(finance)
        received = {
            "receipt-amount_pence": "250", "receipt-reference": "HO-1", "receipt-claim": claim.pk,
            **on("receipt-on_date", date(2022, 7, 19)),
        }  # fmt: skip
        client.post(reverse("funding:award-year-receipt", args=[year.pk]), received)
        signed_in(director)
        approve = reverse("funding:receipt-approve", args=[claim.receipts.get().pk])
        assert "Approved: receipt HO-1 of £250." in client.post(approve, follow=True).content.decode()
        assert claim.receipts.approved().get().amount_pence == 250_00

    def test_a_receipt_that_came_before_its_claim_is_joined_to_it(self, client, signed_in, year, finance, director):
        """All of the grant, so that no second receipt of it has room until the first is taken back."""
        receipt = make.GrantReceiptFactory(award_year=year, amount_pence=1_000_00, reference="HO-1")
        detail = reverse("funding:award-year-detail", args=[year.pk])
        signed_in(finance)
        assert "Say which claim a receipt pays" not in client.get(detail).text
        claim = make.GrantClaimFactory(award_year=year, amount_pence=1_000_00, approved_by=make.UserFactory())

        def offered(step: str) -> dict:
            link = f"{detail}?{step}={receipt.pk}"
            assert f'href="{link}#receipt"' in client.get(detail).text
            form = client.get(link).context["receipt_form"]
            names = ("amount_pence", "reference", "note", "corrects")
            return {form.add_prefix(name): form[name].value() for name in names} | on(
                "receipt-on_date", form["on_date"].value()
            )

        def approve(reference: str) -> None:
            signed_in(director)
            proposed = year.receipts.get(reference=reference)
            client.post(reverse("funding:receipt-approve", args=[proposed.pk]))
            signed_in(finance)

        propose = reverse("funding:award-year-receipt", args=[year.pk])
        client.post(propose, offered("take-back") | {"receipt-reference": "Reversal of July"})
        assert f"?again={receipt.pk}" not in client.get(detail).text
        assert "a colleague has to approve first that it is taken back" in client.get(detail).text
        approve("Reversal of July")
        client.post(propose, offered("again") | {"receipt-claim": claim.pk})
        approve("HO-1 again")
        assert year.receipts.approved().count() == 3
        assert {row.on_date for row in year.receipts.all()} == {receipt.on_date}
        (first, *_) = queries.quarters_of(year)
        assert (first.received, first.outstanding) == (1_000_00, 0)
        found = client.get(detail).text
        assert "HO-1 again, for the claim C-" in found
        assert "Reversal of July, takes back HO-1" in found
        assert ", records again HO-1" in found
        assert "Say which claim a receipt pays" not in found

    def test_receipts_alike_in_their_references_are_joined_each_by_itself(self, year, finance):
        alike = "Home Office prevention grant, remittance of the quarter, "
        first, second = (
            make.GrantReceiptFactory(award_year=year, amount_pence=400_00, reference=f"{alike}{n}") for n in (1, 2)
        )
        make.GrantClaimFactory(award_year=year, approved_by=make.UserFactory())
        offered = {each.receipt: each for each in queries.receipts_without_claim(year)}
        assert [each.to_take_back for each in offered.values()] == [400_00, 400_00]
        taken_back = {"award_year": year, "amount_pence": -400_00, "on_date": first.on_date, "note": "Wrong claim"}
        receipts.propose_receipt(
            **taken_back, reference=offered[first].taken_back_as, corrects=first, by=finance, now=NOW
        )
        offered = {each.receipt: each for each in queries.receipts_without_claim(year)}
        assert [(one.to_take_back, one.to_record, one.is_waiting) for one in offered.values()] == [
            (0, 0, True),
            (400_00, 0, False),
        ]
        assert len(offered[second].taken_back_as) <= 60
        receipts.propose_receipt(
            **taken_back, reference=offered[second].taken_back_as, corrects=second, by=finance, now=NOW
        )

    def test_offers_to_take_back_what_is_left_of_a_receipt(self, client, signed_in, year, finance, director):
        receipt = make.GrantReceiptFactory(award_year=year, amount_pence=1_000_00, reference="HO-1")
        claim = make.GrantClaimFactory(award_year=year, amount_pence=1_000_00, approved_by=make.UserFactory())
        back = {"award_year": year, "on_date": receipt.on_date, "note": "Bank error"}
        make.GrantReceiptFactory(**back, amount_pence=-100_00)  # by hand: it names no receipt
        (each,) = queries.receipts_without_claim(year)
        assert (each.to_take_back, each.to_record) == (900_00, 0)
        make.GrantReceiptFactory(**back, amount_pence=-200_00, corrects=receipt)
        (each,) = queries.receipts_without_claim(year)
        assert (each.to_take_back, each.to_record) == (700_00, 200_00)
        signed_in(finance)
        detail = reverse("funding:award-year-detail", args=[year.pk])
        page = client.get(f"{detail}?again={receipt.pk}").text
        assert "Take £700 back" in page
        assert "Record £200 again for its claim" in page
        assert "Below zero it takes back HO-1, above zero it records that again." in page
        typed = {
            "receipt-amount_pence": "201", "receipt-reference": "HO-1 again", "receipt-claim": claim.pk,
            "receipt-corrects": receipt.pk, **on("receipt-on_date", receipt.on_date),
        }  # fmt: skip
        page = client.post(reverse("funding:award-year-receipt", args=[year.pk]), typed).text
        assert "Only £200 of HO-1 is taken back and not recorded again." in page
        assert "Below zero it takes back HO-1" in page
        client.post(reverse("funding:award-year-receipt", args=[year.pk]), typed | {"receipt-amount_pence": "200"})
        assert receipt.corrections.get(amount_pence=200_00).claim == claim
        (each,) = queries.receipts_without_claim(year)
        assert (each.to_take_back, each.to_record) == (700_00, 0)

    def test_takes_back_no_more_than_is_left_of_a_receipt(self, year, finance):
        receipt = make.GrantReceiptFactory(award_year=year, amount_pence=300_00, reference="HO-1")
        make.GrantReceiptFactory(award_year=year, amount_pence=600_00)
        proposed = {"award_year": year, "on_date": receipt.on_date, "note": "Bank error", "by": finance, "now": NOW}
        receipts.propose_receipt(**proposed, amount_pence=-100_00, reference="R-1", corrects=receipt)
        with pytest.raises(receipts.MoreThanLeft, match="Only £200 of HO-1 is left to take back"):
            receipts.propose_receipt(**proposed, amount_pence=-200_01, reference="R-2", corrects=receipt)
        with pytest.raises(receipts.MoreThanLeft, match="Only £0 of HO-1 is taken back"):
            receipts.propose_receipt(**proposed, amount_pence=1, reference="R-2", corrects=receipt)

    def test_joins_no_receipt_to_a_claim_for_those_who_only_read(self, client, signed_in, year, director):
        make.GrantReceiptFactory(award_year=year, amount_pence=1_000_00)
        make.GrantClaimFactory(award_year=year, approved_by=make.UserFactory())
        signed_in(director)
        detail = reverse("funding:award-year-detail", args=[year.pk])
        assert "Say which claim a receipt pays" not in client.get(detail).text

    def test_a_claim_is_declined_with_a_reason(self, client, signed_in, year, finance, director):
        claim = make.GrantClaimFactory(award_year=year, proposed_by=finance)
        signed_in(director)
        url = reverse("funding:grant-claim-decline", args=[claim.pk])
        assert "Decline the claim of £250" in client.get(url).content.decode()
        assert "Declined." in client.post(url, {"reason": "Not spent yet"}, follow=True).content.decode()
