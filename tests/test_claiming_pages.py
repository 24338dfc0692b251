"""A partner's claim on its pages: filled in, sent with files, answered."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from funding.actions import claims
from funding.models import Claim, ClaimFile
from partners.permissions import Role
from tests import factories as make
from vru_portal.core.periods import FinancialYear

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 receipts"
LAST_YEAR = FinancialYear(FinancialYear.of(timezone.localdate()).start - 1)


@pytest.fixture
def award():
    year = make.AwardYearFactory(financial_year=LAST_YEAR.start)
    return make.PartnerAwardFactory(award_year=year, amount_pence=1_000_00)


@pytest.fixture
def partner(award, client):
    person = make.user_with(Role.PARTNER, award.delivery.partner)
    client.force_login(person)
    return person


def address(name, *args) -> str:
    return reverse(f"funding:{name}", args=args)


def start(client, award) -> Claim:
    client.post(address("claim-start", award.pk, LAST_YEAR.quarters[0].months[0].code))
    return Claim.objects.get()


def fill_in(client, claim, **typed):
    return client.post(address("claim-fill-in", claim.pk), typed, follow=True)


def opened_in(page: str) -> str:
    """What the page keeps of the draft that it was opened with."""
    return html.unescape(re.search('name="opened" value="([^"]*)"', page)[1])


def amounts(claim) -> dict[str, int]:
    return {line.heading: line.amount_pence for line in claim.lines.all()}


class TestStart:
    @pytest.mark.parametrize("month", ["2022-13", "June", "2022"])
    def test_of_no_month_is_no_page(self, client, award, partner, month):
        assert client.post(address("claim-start", award.pk, month)).status_code == 404
        assert not Claim.objects.exists()


class TestFillIn:
    def test_keeps_a_draft_and_sends_it_with_files(self, client, award, partner):
        claim = start(client, award)
        page = fill_in(client, claim, staff="300", save="1").text
        assert "Saved. Nobody at the unit sees it until you send it." in page
        assert "<strong>£300</strong> together" in page
        page = fill_in(client, claim, staff="300", travel="12.50", send="1").text
        assert "Add one file at least" in page
        assert 'value="12.50"' in page
        files = [SimpleUploadedFile("June.pdf", PDF), SimpleUploadedFile("July.pdf", PDF + b"2")]
        page = fill_in(client, claim, staff="300", travel="12.50", files=files, send="1").text
        assert "Claim for Quarter 1" in page
        assert "£312.50" in page
        claim.refresh_from_db()
        assert (claim.state, claim.files.count()) == ("sent", 2)

    def test_says_what_is_left_and_refuses_more_at_send_with_one_summary(self, client, award, partner):
        claim = start(client, award)
        summer = LAST_YEAR.quarters[1].months[0].first
        make.ClaimFactory(award=award, at="approved", quarter=summer, amounts={"staff": 200_00})
        page = client.get(address("claim-fill-in", claim.pk)).text
        assert "£1,000 is awarded, £200 claimed and approved so far: <strong>£800</strong> is left." in page
        june = SimpleUploadedFile("June.pdf", PDF)
        page = fill_in(client, claim, staff="901200", files=june, send="1").text
        assert "£901,200 is claimed, and £800 of the award is left. Claim that or less" in page
        assert page.count("There is a problem") == page.count("Error: ") == 1
        assert 'value="901200"' in page
        assert "June.pdf" in page
        claim.refresh_from_db()
        assert (claim.state, claim.lines.get().amount_pence) == ("draft", 901_200_00)

    def test_names_in_the_summary_each_amount_that_is_wrong(self, client, award, partner):
        claim = start(client, award)
        page = fill_in(client, claim, staff="much", travel="some", save="1").text
        assert '<a href="#id_staff">Staff: Enter an amount in pounds' in page
        assert '<a href="#id_travel">Travel: Enter an amount in pounds' in page

    def test_says_what_is_wrong_with_a_file_and_keeps_the_amounts(self, client, award, partner):
        claim = start(client, award)
        page = fill_in(client, claim, staff="300", files=SimpleUploadedFile("a.pdf", b"MZ program"), save="1").text
        assert "a.pdf is none of the kinds that are taken" in page
        assert claim.lines.get().amount_pence == 300_00

    def test_removes_a_file_by_its_button(self, client, award, partner):
        claim = start(client, award)
        fill_in(client, claim, files=SimpleUploadedFile("June.pdf", PDF), save="1")
        fill_in(client, claim, staff="5", remove=str(claim.files.get().pk))
        assert ClaimFile.objects.get().removed_by == partner
        assert claim.lines.get().amount_pence == 5_00

    def test_shows_the_question_and_takes_the_answer(self, client, award, partner):
        claim = make.ClaimFactory(award=award, at="queried", quarter=LAST_YEAR.first)
        assert "Why so much?" in client.get(address("claim-fill-in", claim.pk)).text
        fill_in(client, claim, staff="300", note="A mistake", send="1")
        assert list(claim.steps.all())[-1].note == "A mistake"

    def test_keeps_the_answer_of_a_draft_until_it_is_sent(self, client, award, partner):
        claim = make.ClaimFactory(award=award, at="queried", quarter=LAST_YEAR.first)
        page = fill_in(client, claim, staff="300", note="We bought two vans", save="1").text
        assert "We bought two vans</textarea>" in page
        page = fill_in(client, claim, staff="300", note="Two vans", files=SimpleUploadedFile("a.exe", b"MZ")).text
        assert "Two vans</textarea>" in page
        fill_in(client, claim, staff="300", note="Two vans, for the summer", send="1")
        claim.refresh_from_db()
        assert (claim.state, claim.answer) == ("sent", "")
        assert list(claim.steps.all())[-1].note == "Two vans, for the summer"

    def test_says_what_another_tab_saved_and_replaces_it_only_when_asked_again(self, client, award, partner):
        claim = start(client, award)
        opened = opened_in(client.get(address("claim-fill-in", claim.pk)).text)
        fill_in(client, claim, staff="5300", opened=opened, save="1")
        mine = {"staff": "5316.57", "travel": "20"}
        page = fill_in(client, claim, **mine, opened=opened, files=SimpleUploadedFile("June.pdf", PDF), save="1").text
        assert "By now it says: Staff £5,300. What you typed stands here and is not saved" in page
        assert "The files you chose are not kept either" in page
        assert 'value="5316.57"' in page
        assert amounts(claim) == {"staff": 5300_00}
        fill_in(client, claim, **mine, opened=opened_in(page), save="1")
        assert amounts(claim) == {"staff": 5316_57, "travel": 20_00}

    def test_says_it_too_once_a_mistake_was_mended(self, client, award, partner):
        claim = start(client, award)
        opened = opened_in(client.get(address("claim-fill-in", claim.pk)).text)
        fill_in(client, claim, staff="5300", opened=opened, save="1")
        page = fill_in(client, claim, staff="much", opened=opened, save="1").text
        page = fill_in(client, claim, staff="100", opened=opened_in(page), save="1").text
        assert "By now it says: Staff £5,300." in page
        assert amounts(claim) == {"staff": 5300_00}

    def test_says_it_too_after_signing_in_again(self, client, award, partner):
        claim = start(client, award)
        opened = opened_in(client.get(address("claim-fill-in", claim.pk)).text)
        client.logout()
        client.post(address("claim-fill-in", claim.pk), make.typed_by(partner, staff="777", opened=opened, save="1"))
        client.force_login(partner)
        claims.save(claim=claim, amounts={"staff": 5300_00}, by=partner, now=timezone.now())
        page = client.get(address("claim-fill-in", claim.pk)).text
        assert 'value="777"' in page
        page = fill_in(client, claim, staff="777", opened=opened_in(page), save="1").text
        assert "By now it says: Staff £5,300." in page
        assert amounts(claim) == {"staff": 5300_00}

    def test_says_it_of_the_answer_too(self, client, award, partner):
        claim = make.ClaimFactory(award=award, at="queried", quarter=LAST_YEAR.first)
        opened = opened_in(client.get(address("claim-fill-in", claim.pk)).text)
        fill_in(client, claim, staff="1000", note="We bought two vans", opened=opened, save="1")
        page = fill_in(client, claim, staff="1000", note="", opened=opened, save="1").text
        assert "Staff £1,000; your answer “We bought two vans”." in page
        claim.refresh_from_db()
        assert claim.answer == "We bought two vans"

    def test_is_saved_where_nobody_knows_what_it_began_with(self, client, award, partner):
        claim = start(client, award)
        for opened in ("", "no JSON", "[1]"):
            assert "Saved." in fill_in(client, claim, staff="300", opened=opened, save="1").text
        assert amounts(claim) == {"staff": 300_00}

    def test_never_comes_out_of_a_cache(self, client, award, partner):
        assert "no-store" in client.get(address("claim-fill-in", start(client, award).pk))["Cache-Control"]

    def test_says_what_is_saved_where_sending_is_refused(self, client, award, partner):
        page = fill_in(client, start(client, award), staff="100", send="1").text
        assert "Add one file at least" in page
        assert "Saved so far: <strong>£100</strong> together" in page

    def test_asks_for_the_answer_where_it_is_missing(self, client, award, partner):
        claim = make.ClaimFactory(award=award, at="sent", amounts={"staff": 300_00})
        now = timezone.now()
        claims.query(claim=claim, question="Why so much?", by=make.user_with(Role.FINANCE_OFFICER), now=now)
        page = fill_in(client, claim, staff="300", note="", send="1").text
        assert '<a href="#id_note">Answer what the unit asks, or add a file</a>' in page
        claim.refresh_from_db()
        assert claim.state == "queried"

    def test_leads_to_the_claim_once_it_is_sent(self, client, award, partner):
        claim = make.ClaimFactory(award=award, at="sent")
        assert client.get(address("claim-fill-in", claim.pk)).url == address("claim-detail", claim.pk)

    def test_keeps_what_is_typed_while_the_claim_is_declined(self, client, award, partner):
        claim = make.ClaimFactory(award=award, at="queried", quarter=LAST_YEAR.first)
        opened = opened_in(client.get(address("claim-fill-in", claim.pk)).text)
        claims.decline(claim=claim, reason="Late", by=make.user_with(Role.DIRECTOR), now=timezone.now())
        typed = {"staff": "777", "note": "We bought two vans", "opened": opened}
        page = fill_in(client, claim, **typed, files=SimpleUploadedFile("June.pdf", PDF), send="1").text
        assert "This claim is declined by now, so it stays as it is." in page
        assert "The files you chose are not kept either" in page
        assert 'value="777"' in page
        assert "We bought two vans</textarea>" in page
        assert client.get(address("claim-fill-in", claim.pk)).url == address("claim-detail", claim.pk)

    def test_keeps_it_too_where_its_writer_has_to_sign_in_again(self, client, award, partner):
        claim = make.ClaimFactory(award=award, at="queried", quarter=LAST_YEAR.first)
        client.logout()
        typed = make.typed_by(partner, staff="777", note="We bought two vans", save="1")
        client.post(address("claim-fill-in", claim.pk), typed)
        claims.decline(claim=claim, reason="Late", by=make.user_with(Role.DIRECTOR), now=timezone.now())
        client.force_login(partner)
        page = client.get(address("claim-fill-in", claim.pk)).text
        assert 'value="777"' in page
        assert "We bought two vans</textarea>" in page

    def test_asks_no_answer_where_nothing_of_the_award_is_left(self, client, award, partner):
        claim = make.ClaimFactory(award=award, at="queried", quarter=LAST_YEAR.first)
        there = address("claim-detail", claim.pk)
        assert "Answer and send again" in client.get(there).text
        given = {"award_year": award.award_year, "delivery": award.delivery, "paid_by": award.paid_by}
        make.PartnerAwardFactory(**given, amount_pence=-1_000_00, note="It never began")
        sentence = (
            "Nothing of the award is left to claim, so this claim cannot be sent again: the unit has to decline it."
        )
        page = client.get(there).text
        assert sentence in page
        assert "Answer and send again" not in page
        assert client.get(address("claim-fill-in", claim.pk)).url == there
        client.force_login(make.user_with(Role.DIRECTOR))
        page = client.get(there).text
        assert sentence in page
        assert "The partner answers a question" not in page
        assert address("claim-decline", claim.pk) in page

    def test_is_of_no_other_partner(self, client, award):
        claim = make.ClaimFactory(award=award)
        client.force_login(make.user_with(Role.PARTNER))
        for name in ("claim-detail", "claim-fill-in"):
            assert client.get(address(name, claim.pk)).status_code == 404
        assert client.get(address("award-detail", award.pk)).status_code == 404

    def test_keeps_what_was_typed_when_the_session_ends(self, client, award, partner):
        claim = start(client, award)
        client.logout()
        client.post(address("claim-fill-in", claim.pk), make.typed_by(partner, staff="777", save="1"))
        client.force_login(partner)
        assert 'value="777"' in client.get(address("claim-fill-in", claim.pk)).text


class TestFile:
    def test_is_handed_out_as_an_attachment_to_those_who_may(self, client, award, partner):
        claim = start(client, award)
        fill_in(client, claim, files=SimpleUploadedFile("June <1>.html.pdf", PDF), save="1")
        there = address("claim-file", claim.files.get().pk, "pdf")
        answer = client.get(there)
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        for stranger in (make.user_with(Role.PARTNER), make.user_with(Role.FINANCE_OFFICER)):  # not sent yet
            client.force_login(stranger)
            assert client.get(there).status_code == 404
        client.logout()
        assert client.get(there).status_code == 302
