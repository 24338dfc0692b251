"""The pages of returns through the test client: what each kind of person sees, and that nothing typed is lost."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outcomes.actions import decisions, returns
from outcomes.actions.answers import Answers
from outcomes.models import Obligation, ReturnVersion, Submission
from outcomes.models.returns import HOLIDAYS, NIL_REASONS
from partners.permissions import PERMISSIONS, Permission, Role
from programmes.models import Rung
from tests.factories import (
    PASSWORD,
    AwardYearFactory,
    ClaimFactory,
    ObligationFactory,
    PartnerAwardFactory,
    ProgrammeFactory,
    SubmissionFactory,
    UnlockFactory,
    accepted_return,
    noon,
    sent_return,
    typed_by,
    user_with,
)
from vru_portal.core.periods import FinancialYear, Month

State = ReturnVersion.State
NOW = noon(date(2021, 7, 5))


pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]


@pytest.fixture
def obligation(db):
    return ObligationFactory(month=date(2021, 6, 1))


@pytest.fixture
def partner(obligation):
    return user_with(Role.PARTNER, obligation.delivery.partner, name="Asha Patel")


@pytest.fixture
def officer(db):
    return user_with(Role.PROGRAMME_MANAGER, name="Ben Okoro")


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response) -> str:
    return unescape(response.content.decode())


def address(name: str, obligation) -> str:
    return reverse(f"outcomes:{name}", args=[obligation.pk])


def decision(version: ReturnVersion, **given) -> dict:
    """What the review page posts of the submission that it showed."""
    return {"decision": "accept", "submission": str(version.latest_submission.pk)} | given


class TestDueNow:
    def test_puts_late_before_returned_before_due(self, partner, obligation):
        today = timezone.localdate()
        last_month = Month.of(today).plus(-1)
        delivery = obligation.delivery
        due = ObligationFactory(delivery=delivery, month=last_month.first, due_date=today)
        returned = ObligationFactory(delivery=delivery, month=date(2021, 5, 1), due_date=date(2021, 6, 14))
        sent_return(obligation=returned, sent_back=True)
        ObligationFactory(delivery=delivery, month=Month.of(today).first)
        page = text(browser(partner).get("/"))
        assert page.index("June 2021") < page.index("May 2021") < page.index(f"{due.period}")
        assert page.index(f"{due.period}") < page.index("Months that are not over yet")
        assert "The ages do not add up." in page
        assert "Due now: 3 returns, 1 late" in page

    def test_counts_claims_that_are_late_or_queried_with_what_to_do(self, obligation):
        last = FinancialYear(FinancialYear.of(timezone.localdate()).start - 1)
        award = PartnerAwardFactory(award_year=AwardYearFactory(financial_year=last.start))
        ClaimFactory(award=award, at="queried", quarter=last.first)
        for quarter in last.quarters[1:3]:
            ClaimFactory(award=award, at="sent", quarter=quarter.months[0].first)
        person = user_with(Role.PARTNER, award.delivery.partner)
        client = browser(person)
        page = text(client.get("/"))
        days = (timezone.localdate() - last.last).days - 30
        assert page.count("Due now: 2 claims, 1 late") == 2  # the title and the heading
        assert "Nothing is due" not in page
        assert f"{days} days late" in page
        assert "It was due on 30 April" in page
        assert "Why so much?" in page
        begin = reverse("funding:claim-start", args=[award.pk, last.quarters[3].months[0].code])
        assert f'action="{begin}"' in page
        asked = award.claims.get(state="queried")
        assert f'href="{reverse("funding:claim-fill-in", args=[asked.pk])}"' in page
        assert str(award.delivery) not in text(browser(user_with(Role.PARTNER)).get("/"))

    def test_says_nothing_of_claims_to_who_may_not_see_the_money(self, obligation, monkeypatch):
        last = FinancialYear(FinancialYear.of(timezone.localdate()).start - 1)
        award = PartnerAwardFactory(award_year=AwardYearFactory(financial_year=last.start))
        ClaimFactory(award=award, at="queried", quarter=last.first)
        person = user_with(Role.PARTNER, award.delivery.partner)
        assert "Due now: 4 claims, 3 late" in text(browser(person).get("/"))
        without = PERMISSIONS[Role.PARTNER] - {Permission.VIEW_OWN_MONEY, Permission.MAKE_CLAIM}
        monkeypatch.setitem(PERMISSIONS, Role.PARTNER, without)
        client = browser(person)
        page = text(client.get("/"))
        assert "Nothing is due" in page
        assert "claim" not in page.lower()
        assert client.get(reverse("funding:our-money")).status_code == 403

    def test_shows_nothing_of_other_organisations(self, obligation):
        page = text(browser(user_with(Role.PARTNER)).get("/"))
        assert "Nothing is due" in page
        assert str(obligation.delivery) not in page


class TestSignedOutWhileDeciding:
    def test_keeps_a_reason_too(self, officer, partner, obligation):
        submission = SubmissionFactory(version__obligation=obligation, submitted_by=partner)
        client = Client()
        path = address("return-review", submission.version.obligation)
        response = client.post(path, typed_by(officer, decision="return", reason="Check the ages, please."))
        page = text(client.post(response.url, {"login": officer.email, "password": PASSWORD}, follow=True))
        assert "Check the ages, please.</textarea>" in page


class TestSendNil:
    def test_takes_one_click_where_it_is_due(self, partner, obligation):
        client = browser(partner)
        page = text(client.get("/"))
        assert f'action="{address("return-nil", obligation)}"' in page
        assert '<option value="Nobody came or was referred" selected>' in page
        given = {"reason": "Nobody came or was referred"}
        assert "Sent: nothing to report for" in text(client.post(address("return-nil", obligation), given, follow=True))
        assert Submission.objects.get().nil_reason == "Nobody came or was referred"

    def test_chooses_the_reason_that_was_given_last(self, partner, obligation):
        before = ObligationFactory(delivery=obligation.delivery, month=obligation.period.plus(-1).first)
        SubmissionFactory(version__obligation=before, nil=True, nil_reason=HOLIDAYS)
        assert f'<option value="{HOLIDAYS}" selected>' in text(browser(partner).get("/"))

    def test_asks_on_a_page_of_its_own_where_something_is_typed(self, partner, obligation):
        client = browser(partner)
        client.post(reverse("outcomes:return-section", args=[obligation.pk, "numbers"]), {"new_people": "3"})
        page = text(client.get("/"))
        assert f'href="{address("return-nil", obligation)}"' in page
        assert f'action="{address("return-nil", obligation)}"' not in page

    def test_is_taken_back_with_a_button_until_it_is_decided(self, partner, obligation):
        client = browser(partner)
        client.post(address("return-nil", obligation), {"reason": HOLIDAYS})
        assert "Take back to change it" in text(client.get(address("return-detail", obligation)))
        page = text(client.post(address("return-take-back", obligation), follow=True))
        assert "Taken back: " in page
        assert "Check and send" in page
        assert "Take back" not in text(client.get(address("return-detail", obligation)))

    @pytest.mark.parametrize("given", [{}, {"reason": "other"}, {"reason": "other", "other_reason": " "}])
    def test_asks_for_the_reason(self, partner, obligation, given):
        page = text(browser(partner).post(address("return-nil", obligation), given))
        assert "why there is nothing to report" in page
        assert not Submission.objects.exists()

    def test_takes_a_reason_of_ones_own(self, partner, obligation):
        given = {"reason": "other", "other_reason": "The van broke down."}
        browser(partner).post(address("return-nil", obligation), given)
        assert Submission.objects.get().nil_reason == "The van broke down."

    def test_keeps_a_sentence_beside_a_reason_of_the_list(self, partner, obligation):
        given = {"reason": NIL_REASONS[0], "other_reason": "The van broke down."}
        browser(partner).post(address("return-nil", obligation), given)
        assert Submission.objects.get().nil_reason == f"{NIL_REASONS[0]}: The van broke down."


class TestReview:
    @pytest.fixture
    def version(self, obligation, partner):
        submission = SubmissionFactory(
            version__obligation=obligation, submitted_by=partner, new_people=40, comment="Half term."
        )
        return submission.version

    def test_says_that_it_came_back_only_if_it_did(self, officer, version, obligation, partner):
        SubmissionFactory(version=version, sequence=2, submitted_by=partner, new_people=41)
        page = text(browser(officer).get(address("return-review", obligation)))
        assert "came back before" not in page
        assert "It was taken back and sent again." in page
        decisions.return_to_partner(submission=version.latest_submission, reason="Check A.", by=officer, now=NOW)
        version.refresh_from_db()
        ReturnVersion.objects.filter(pk=version.pk).update(state=State.SUBMITTED)
        page = text(browser(officer).get(address("return-review", obligation)))
        assert "It came back before with this reason:" in page
        assert "Check A." in page

    def test_names_on_the_button_what_is_accepted(self, officer, version, obligation):
        assert "Accept June 2021: 40 people</button>" in text(
            browser(officer).get(address("return-review", obligation))
        )

    def test_shows_the_last_months_and_what_is_unusual(self, officer, version, obligation):
        accepted_return(obligation.delivery, Month(2021, 5), new_people=10, contacts=30)
        page = text(browser(officer).get(address("return-review", obligation)))
        assert "People seen (A + B + C): 40, more than three times last month’s 10." in page
        assert "Contacts per person: 1.0; in the months before 3.0." in page
        assert "not due" in page
        assert "Half term." in page

    def test_accepts_and_opens_the_next(self, officer, version, obligation):
        other = SubmissionFactory(version__obligation__month=date(2021, 7, 1))
        response = browser(officer).post(address("return-review", obligation), decision(version), follow=True)
        assert response.redirect_chain[-1][0] == address("return-review", other.version.obligation)
        version.refresh_from_db()
        assert version.state == State.ACCEPTED

    def test_returns_with_the_reason(self, officer, version, obligation, partner):
        client = browser(officer)
        given = decision(version, decision="return", reason="Check the ages.")
        response = client.post(address("return-review", obligation), given, follow=True)
        assert "Nothing to read" in text(response)
        assert "Check the ages." in text(browser(partner).get("/"))

    def test_accepts_nothing_of_which_it_was_said_what_should_change(self, officer, version, obligation):
        client, path = browser(officer), address("return-review", obligation)
        words = "You said what the partner should change, and pressed Accept."
        page = text(client.post(path, decision(version, reason="Check the ages.")))
        assert f'<a href="#id_reason">{words}' in page
        assert "Check the ages.</textarea>" in page
        for written in ({"change__numbers": "Check the ages."}, {"sections": "numbers"}):
            page = text(client.post(path, decision(version, **written)))
            assert f'<a href="#id_change__numbers">{words}' in page
            assert re.search(r'value="numbers"[^>]*checked', page), "or its box would not be seen"
            assert f"{written.get('change__numbers', '')}</textarea>" in page
        version.refresh_from_db()
        assert version.state == State.SUBMITTED

    def test_says_first_that_there_is_nothing_to_accept_any_more(self, officer, version, obligation):
        decisions.accept(submission=version.latest_submission, by=user_with(Role.ANALYST, name="Cy Grant"), now=NOW)
        page = text(browser(officer).post(address("return-review", obligation), decision(version, reason="Too many.")))
        assert "This return is accepted already. Cy Grant did so at 12:00 on 5 July 2021." in page
        assert "pressed Accept" not in page
        assert "Too many." in page

    def test_asks_for_the_reason(self, officer, version, obligation):
        page = text(browser(officer).post(address("return-review", obligation), decision(version, decision="return")))
        assert "Say what the partner should change" in page
        version.refresh_from_db()
        assert version.state == State.SUBMITTED

    def test_says_who_was_faster_and_loses_nothing(self, officer, version, obligation):
        colleague = user_with(Role.ANALYST, name="Cy Grant")
        decisions.accept(submission=version.latest_submission, by=colleague, now=NOW)
        given = decision(version, decision="return", reason="Check the ages.")
        page = text(browser(officer).post(address("return-review", obligation), given))
        assert "This return is accepted already. Cy Grant did so at 12:00 on 5 July 2021." in page
        assert "Check the ages." in page
        assert "See what became of it" in page

    def test_names_what_was_read_in_plain_digits(self, officer, version, obligation, partner):
        SubmissionFactory(pk=1_234_567, version=version, sequence=2, submitted_by=partner)
        page = text(browser(officer).get(address("return-review", obligation)))
        assert 'name="submission" id="id_submission" value="1234567"' in page

    def test_shows_numbers_that_were_sent_again_before_they_are_decided(self, officer, version, obligation, partner):
        client, path = browser(officer), address("return-review", obligation)
        assert f'name="submission" id="id_submission" value="{version.latest_submission.pk}"' in text(client.get(path))
        read = decision(version, decision="return", reason="Forty seems many.")
        again = SubmissionFactory(version=version, sequence=2, submitted_by=partner, new_people=9_000)
        for choice in ("return", "accept"):
            page = text(client.post(path, read | {"decision": choice}))
            assert "since you opened this page: read the new numbers first." in page
            assert "A: new: 40 before, now 9,000." in page
            assert "Forty seems many.</textarea>" in page
            assert f'value="{again.pk}"' in page
        version.refresh_from_db()
        assert version.state == State.SUBMITTED

    @pytest.mark.parametrize("shown", ["", "x", "0", "99999999999999999999"])
    def test_decides_nothing_that_was_not_shown(self, officer, version, obligation, shown):
        given = {"decision": "accept", "submission": shown}
        page = text(browser(officer).post(address("return-review", obligation), given))
        assert "Read the numbers below first, then decide" in page
        version.refresh_from_db()
        assert version.state == State.SUBMITTED

    def test_leaves_what_i_sent_to_a_colleague(self, obligation, officer):
        sent = SubmissionFactory(version__obligation=obligation, submitted_by=officer)
        client = browser(officer)
        assert "A colleague decides this one" in text(client.get(address("return-review", obligation)))
        response = client.post(address("return-review", obligation), decision(sent.version), follow=True)
        assert "You sent this return yourself" in text(response)

    def test_is_closed_to_partners_and_auditors(self, partner, version, obligation):
        for user in (partner, user_with(Role.AUDITOR)):
            assert browser(user).get(address("return-review", obligation)).status_code == 403

    def test_reads_the_oldest_and_in_it_the_largest_first(self, officer, version):
        small = SubmissionFactory(new_people=6, version__obligation__month=date(2021, 5, 1))
        large = SubmissionFactory(new_people=90, version__obligation__month=date(2021, 5, 1))
        page = text(browser(officer).get(reverse("outcomes:review-queue")))
        order = [large.version.obligation.delivery, small.version.obligation.delivery, version.obligation.delivery]
        assert [page.index(str(delivery)) for delivery in order] == sorted(page.index(str(d)) for d in order)
        assert "Returns to read: 3" in page


class TestListReturns:
    def test_shows_each_month_as_a_square_with_its_letter(self, officer, obligation):
        accepted_return(obligation.delivery, Month(2021, 5), new_people=10)
        accepted_return(obligation.delivery, Month(2021, 4), nil=True)
        SubmissionFactory(
            version__obligation__delivery=obligation.delivery, version__obligation__month=date(2021, 7, 1)
        )
        page = text(browser(officer).get(reverse("outcomes:returns"), {"year": "2021"}))
        assert "Returns: 1 to read, 1 late" in page
        for words in ("April 2021: nothing to report", "May 2021: accepted", "June 2021: late", "July 2021: sent"):
            assert f"{obligation.delivery}, {words}" in page
        assert "3 of 4" in page

    def test_asks_for_the_same_few_rows_however_many_returns_there_are(
        self, officer, obligation, django_assert_max_num_queries
    ):
        for number in range(7, 12):
            ObligationFactory(delivery=obligation.delivery, month=date(2021, number, 1))
            ObligationFactory(month=date(2021, number, 1))
        client = browser(officer)
        with django_assert_max_num_queries(12):
            client.get(reverse("outcomes:returns"), {"year": "2021"})

    def test_is_read_by_auditors_without_its_buttons(self, obligation):
        client = browser(user_with(Role.AUDITOR))
        assert client.get(reverse("outcomes:returns"), {"year": "2021"}).status_code == 200
        assert "Enter it for the partner" not in text(client.get(address("return-detail", obligation)))


class TestEnterForPartner:
    def test_marks_what_the_unit_entered(self, officer, obligation):
        client = browser(officer)
        assert "Enter it for the partner" in text(client.get(address("return-detail", obligation)))
        nobody = dict.fromkeys(["new_people", "known_people", "already_counted_people", "contacts"], "0")
        client.post(reverse("outcomes:return-section", args=[obligation.pk, "numbers"]), nobody)
        given = {"revision": "1", "provided_by": str(officer.pk), "signs_off": "on"}
        page = text(client.post(address("return-check", obligation), given, follow=True))
        assert "Entered by the unit" in page
        assert obligation.versions.get().is_backfilled

    def test_waits_until_the_month_is_over(self, officer, obligation):
        ongoing = ObligationFactory(month=Month.of(timezone.localdate()).first)
        page = text(browser(officer).get(address("return-fill-in", ongoing), follow=True))
        assert "is not over yet" in page


class TestWaive:
    def test_lifts_the_obligation_with_a_reason(self, officer, obligation, partner):
        client = browser(officer)
        page = text(client.post(address("obligation-waive", obligation), {"reason": ""}))
        assert "Say why nothing is owed" in page
        page = text(client.post(address("obligation-waive", obligation), {"reason": "The hall burnt."}, follow=True))
        assert "Waived: The hall burnt." in page
        assert "Nothing is due" in text(browser(partner).get("/"))
        page = text(browser(partner).get(address("return-fill-in", obligation), follow=True))
        assert "The unit has waived this return: The hall burnt." in page

    def test_refuses_a_second_time(self, officer, obligation):
        client = browser(officer)
        for _ in range(2):
            response = client.post(address("obligation-waive", obligation), {"reason": "Flood"}, follow=True)
        assert "waived already" in text(response)


class TestOurReturns:
    def test_filters_by_year_and_state(self, partner, obligation):
        accepted_return(obligation.delivery, Month(2021, 5), new_people=10)
        client = browser(partner)
        page = text(client.get(reverse("outcomes:our-returns"), {"year": "2021"}))
        assert "May 2021" in page
        assert ">June 2021<" in page
        page = text(client.get(reverse("outcomes:our-returns"), {"year": "2021", "tag": "accepted"}))
        assert ">June 2021<" not in page
        assert client.get(reverse("outcomes:our-returns"), {"year": "x", "tag": "y"}).status_code == 200


class TestOurFigures:
    def test_adds_up_what_was_accepted_and_says_what_is_missing(self, partner, obligation):
        accepted_return(obligation.delivery, Month(2021, 4), new_people=10, contacts=20)
        accepted_return(obligation.delivery, Month(2021, 5), new_people=5, already_counted_people=8, contacts=30)
        SubmissionFactory(version__obligation=obligation, new_people=100)
        page = text(browser(partner).get(reverse("outcomes:our-figures"), {"year": "2021"}))
        assert "<strong>15</strong> different people in 2021/22" in page
        assert "<strong>50</strong> contacts" in page
        assert "Not in these figures yet:" in page
        assert "sent, not yet accepted" in page

    def test_never_adds_estimates_of_the_same_pupils(self):
        delivery = ObligationFactory(delivery__programme=ProgrammeFactory(rung=Rung.EXPOSURE)).delivery
        accepted_return(delivery, Month(2021, 6), exposed_people=900)
        accepted_return(delivery, Month(2021, 7), exposed_people=850)
        client = browser(user_with(Role.PARTNER, delivery.partner))
        page = text(client.get(reverse("outcomes:our-figures"), {"year": "2021"}))
        assert "At most <strong>900</strong> pupils in a month" in page
        assert "1,750" not in page


class TestShowReturn:
    def test_tells_who_sent_and_accepted_each_version(self, partner, officer, obligation):
        answers = Answers(new_people=0, known_people=0, already_counted_people=0, contacts=0)
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        first = returns.submit(version=version, answers=answers, by=partner, now=NOW)
        decisions.return_to_partner(submission=first, reason="Surely somebody came.", by=officer, now=NOW)
        again = returns.submit(version=version, answers=answers, by=partner, now=NOW)
        decisions.accept(submission=again, by=officer, now=NOW)
        client = browser(partner)
        UnlockFactory(version=version, unlocked_at=timezone.now())
        client.post(address("return-correct", obligation), {"revision_reason": "correction"})
        page = text(client.get(address("return-detail", obligation)))
        assert page.count("by Asha Patel") == 2
        assert "Accepted 5 July 2021 by Ben Okoro." in page
        assert "Surely somebody came." in page
        assert "Reason for this version: Correction." in page
        assert Obligation.objects.count() == 1

    def test_says_when_each_was_sent_and_why_it_came_back(self, partner, officer, obligation):
        answers = Answers(new_people=0, known_people=0, already_counted_people=0, contacts=0)
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        first = returns.submit(version=version, answers=answers, by=partner, now=NOW)
        decisions.return_to_partner(submission=first, reason="Surely not.", by=officer, now=NOW + timedelta(hours=1))
        returns.submit(version=version, answers=answers, by=partner, now=NOW + timedelta(hours=2))
        page = text(browser(partner).get(address("return-detail", obligation)))
        assert "Sent 5 July 2021 at 12:00 by Asha Patel" in page
        assert "Sent 5 July 2021 at 14:00 by Asha Patel" in page
        assert page.count("Returned to the partner on 5 July 2021: Surely not.") == 1

    def test_names_its_state_by_one_word(self, partner, obligation):
        sent_return(obligation=obligation)
        page = text(browser(partner).get(address("return-detail", obligation)))
        assert "June 2021 return, sent:" in page
        assert "submitted" not in page
        response = browser(partner).get(address("return-fill-in", obligation), follow=True)
        assert "There is a problem" not in text(response), "that it is sent is no error"

    def test_asks_for_the_class_of_a_correction(self, partner, officer, obligation):
        version = accepted_return(obligation.delivery, Month(2021, 6), new_people=3)
        UnlockFactory(version=version, unlocked_at=timezone.now())
        page = text(browser(partner).post(address("return-correct", obligation), {}))
        assert "Choose why the return changes" in page
