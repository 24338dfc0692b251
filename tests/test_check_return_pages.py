"""A return’s last page: read once more, explained, signed off and sent."""

import json

import pytest
from django.utils import timezone

from outcomes.actions import decisions
from outcomes.actions.answers import as_typed
from outcomes.models import ReturnVersion, Submission
from partners.permissions import Role
from tests.factories import COUNTS, ObligationFactory, accepted_return, published_template, user_with
from tests.test_fill_in_pages import NUMBERS, address, browser, fill, fill_all, give, kept, send, text
from tests.test_fill_in_pages import client as client
from tests.test_fill_in_pages import colleague as colleague
from tests.test_fill_in_pages import obligation as obligation
from tests.test_fill_in_pages import partner as partner
from vru_portal.core.periods import Month

State = ReturnVersion.State
pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]


class TestCheckAndSend:
    def test_goes_all_the_way(self, client, partner, colleague, obligation):
        fill_all(client, obligation)
        page = client.get(address("return-check", obligation))
        assert "Check your June 2021 return" in text(page)
        assert "1,030" in text(page)
        response = send(client, obligation, comment="A good month.", provided_by=str(colleague.pk))
        assert "Sent: " in text(response)
        submission = Submission.objects.get()
        assert (submission.people, submission.contacts, submission.comment) == (18, 1030, "A good month.")
        assert (submission.submitted_by, submission.provided_by) == (partner, colleague)

    def test_has_its_words_again_when_it_comes_back(self, client, obligation):
        accepted_return(obligation.delivery, Month(2021, 5), new_people=18, contacts=1030)
        fill_all(client, obligation)
        send(client, obligation, comment="A good month.")
        read = obligation.versions.get().latest_submission
        reader = user_with(Role.ANALYST)
        decisions.return_to_partner(submission=read, reason="Which fair?", by=reader, now=timezone.now())
        assert "A good month.</textarea>" in text(client.get(address("return-check", obligation)))
        fill(client, obligation, "numbers", NUMBERS | {"contacts": "1,031"}, opened=NUMBERS)
        send(client, obligation, comment="")
        assert Submission.objects.latest("pk").comment == ""
        assert "comment" not in kept(obligation)

    def test_says_that_nothing_was_changed_though_the_unit_asked(self, client, obligation):
        fill_all(client, obligation)
        send(client, obligation)
        reader, read = user_with(Role.ANALYST), Submission.objects.get()
        decisions.return_to_partner(submission=read, reason="Which fair?", by=reader, now=timezone.now())
        unchanged = "The unit asked you to change this return, and nothing in it is changed."
        assert unchanged in text(client.get(address("return-check", obligation)))
        fill(client, obligation, "numbers", NUMBERS | {"contacts": "1,031"}, opened=NUMBERS)
        assert unchanged not in text(client.get(address("return-check", obligation)))

    def test_needs_somebody_who_signs_it_off(self, client, obligation):
        fill_all(client, obligation)
        page = text(send(client, obligation, signs_off="", comment="A good month."))
        assert "Tick that you have checked the numbers" in page
        assert "A good month.</textarea>" in page
        assert not Submission.objects.exists()

    def test_points_out_personal_details_in_the_comment(self, client, obligation):
        fill_all(client, obligation)
        page = text(send(client, obligation, comment="Ring 07700 900123"))
        assert "The comment seems to hold a telephone number" in page
        assert "comment" not in kept(obligation)

    def test_keeps_the_words_when_one_goes_back(self, client, obligation):
        fill_all(client, obligation)
        response = send(client, obligation, action="back", comment="A good month.")
        assert "2 of 3 parts done" in text(response)
        assert "A good month.</textarea>" in text(client.get(address("return-check", obligation)))

    def test_keeps_the_words_when_the_numbers_changed_meanwhile(self, client, colleague, obligation):
        fill_all(client, obligation)
        revision = str(obligation.versions.get().revision)
        fill(browser(colleague), obligation, "numbers", NUMBERS | {"contacts": "1,031"}, opened=NUMBERS)
        page = text(send(client, obligation, revision=revision, comment="A good month."))
        assert "Read it again before you send it" in page
        assert "A good month.</textarea>" in page
        assert kept(obligation)["comment"] == "A good month."

    def test_keeps_the_words_when_there_is_something_to_mend_by_now(self, client, colleague, obligation):
        fill_all(client, obligation)
        page = client.get(address("return-check", obligation))
        fill(browser(colleague), obligation, "numbers", NUMBERS | {"contacts": ""}, opened=NUMBERS)
        given = {"revision": "3", "opened": page.context["opened"], "comment": "A good month.", "signs_off": "on"}
        assert "Enter the contacts" in text(client.post(address("return-check", obligation), given, follow=True))
        assert kept(obligation)["comment"] == "A good month."

    @pytest.mark.parametrize("changes", [{"action": "back"}, {"signs_off": ""}])
    def test_puts_no_words_over_a_colleagues(self, client, colleague, obligation, changes):
        fill_all(client, obligation)
        given = {"opened": json.dumps({"comment": ""}), "comment": "A good month.", "revision": "9"} | changes
        send(browser(colleague), obligation, action="back", comment="A hard month.")
        page = client.post(address("return-check", obligation), given)
        assert "Bo Lin changed this at" in text(page)
        assert "That is kept: “A hard month.”" in text(page)
        assert "A good month.</textarea>" in text(page)
        assert kept(obligation)["comment"] == "A hard month."
        client.post(address("return-check", obligation), given | {"opened": page.context["opened"], "action": "back"})
        assert kept(obligation)["comment"] == "A good month."

    def test_leaves_a_colleagues_words_alone_where_one_wrote_none(self, client, colleague, obligation):
        fill_all(client, obligation)
        given = {"opened": json.dumps({"comment": ""}), "comment": "", "action": "back"}
        send(browser(colleague), obligation, action="back", comment="A hard month.")
        client.post(address("return-check", obligation), given)
        assert kept(obligation)["comment"] == "A hard month."

    def test_stays_with_words_that_cannot_be_kept(self, client, obligation):
        fill_all(client, obligation)
        page = text(send(client, obligation, action="back", signs_off="", comment="Ring 07700 900123"))
        assert "The comment seems to hold a telephone number" in page
        assert "Tick that you have checked" not in page
        assert "Ring 07700 900123</textarea>" in page
        assert "comment" not in kept(obligation)

    def test_keeps_a_null_character_out(self, client, obligation):
        fill_all(client, obligation)
        send(client, obligation, comment="A good\0 month.")
        assert kept(obligation)["comment"] == "A good month."

    def test_leads_back_to_what_is_wrong(self, client, obligation):
        fill_all(client, obligation, contacts="")
        response = client.get(address("return-check", obligation), follow=True)
        assert "Enter the contacts" in text(response)

    def test_refuses_a_second_time_from_another_tab(self, client, obligation):
        fill_all(client, obligation)
        revision = str(obligation.versions.get().revision)
        send(client, obligation)
        response = client.post(address("return-check", obligation), {"revision": revision}, follow=True)
        assert "This return has been sent" in text(response)
        assert Submission.objects.count() == 1

    def test_shows_the_words_that_were_not_sent_from_another_tab(self, client, obligation):
        fill_all(client, obligation)
        revision = str(obligation.versions.get().revision)
        send(client, obligation, comment="A good month.")
        given = {"revision": revision, "signs_off": "on"}
        page = text(client.post(address("return-check", obligation), given | {"comment": "The van broke down."}))
        assert "What you typed was not sent" in page
        assert "This return has been sent" in page
        assert "<blockquote><p>The van broke down.</p></blockquote>" in page
        again = client.post(address("return-check", obligation), given | {"comment": "A good month."}, follow=True)
        assert "What you typed was not sent" not in text(again)
        reader = user_with(Role.ANALYST)
        decisions.accept(submission=Submission.objects.get(), by=reader, now=timezone.now())
        again = client.post(address("return-check", obligation), given | {"comment": "A good month."}, follow=True)
        assert "What you typed was not sent" not in text(again), "also once it is accepted"
        assert Submission.objects.get().comment == "A good month."

    def test_refuses_what_changed_since_it_was_read(self, client, obligation):
        fill_all(client, obligation)
        revision = str(obligation.versions.get().revision)
        fill(client, obligation, "numbers", NUMBERS | {"contacts": "18"}, opened=NUMBERS)
        assert "Read it again before you send it" in text(send(client, obligation, revision=revision))
        assert not Submission.objects.exists()

    def test_has_nothing_to_send_before_anything_is_typed(self, client, obligation):
        response = client.post(address("return-check", obligation), {"revision": "0"}, follow=True)
        assert "Nothing is typed yet" in text(response)

    def test_warns_while_the_month_lasts(self, client, obligation):
        ongoing = ObligationFactory(delivery=obligation.delivery, month=Month.of(timezone.localdate()).first)
        nobody = dict.fromkeys(NUMBERS, "0")
        fill(client, ongoing, "numbers", nobody)
        assert "is not over yet. Send it only if" in text(client.get(address("return-check", ongoing), follow=True))


class TestSoftChecks:
    @pytest.fixture
    def obligation(self, obligation):
        jump = {"severity": "soft", "left": "core:contacts", "rule": "jump", "limit": "3"}
        published_template("jumps", COUNTS, checks=[jump])
        give(obligation, "jumps")
        accepted_return(obligation.delivery, Month(2021, 5), new_people=10, contacts=10)
        return obligation

    def test_are_sent_only_with_an_explanation(self, client, obligation):
        fill_all(client, obligation)
        page = text(send(client, obligation))
        assert "Contacts: 1,030, after 10 last month. Is this right?" in page
        assert "say why, in a few words" in page
        assert obligation.versions.get().state == State.DRAFT

    def test_keep_the_explanation_with_the_return(self, client, obligation):
        fill_all(client, obligation)
        check = obligation.versions.get().template.checks.get()
        send(client, obligation, **{f"explain__{check.pk}": "The holiday camp."})
        explanation = obligation.versions.get().latest_submission.explanations.get()
        assert (explanation.check_rule, explanation.text) == (check, "The holiday camp.")
        assert kept(obligation)[f"explain__{check.pk}"] == "The holiday camp."
        assert as_typed(explanation.submission)[f"explain__{check.pk}"] == "The holiday camp."

    def test_say_all_that_is_missing_at_once(self, client, obligation):
        fill_all(client, obligation)
        page = text(send(client, obligation, signs_off="", comment=""))
        assert "Is this right?: say why, in a few words" in page
        assert "Tick that you have checked the numbers" in page
        assert "Say in the comment why this is right" in page


class TestUnusual:
    @pytest.fixture
    def obligation(self, obligation):
        accepted_return(obligation.delivery, Month(2021, 5), new_people=10, contacts=10)
        return obligation

    def test_is_sent_only_with_a_comment(self, client, obligation):
        fill_all(client, obligation)
        assert "(optional)" not in text(client.get(address("return-check", obligation)))
        page = text(send(client, obligation, comment=" "))
        assert "Contacts per person: 57.2; in the months before 1.0." in page
        assert (
            page.count("Say in the comment why this is right, in a few words. If it is not, go back and change it.")
            == 2
        )
        send(client, obligation, comment="The holiday camp.")
        assert obligation.versions.get().latest_submission.comment == "The holiday camp."

    def test_asks_for_no_comment_of_who_goes_back(self, client, obligation):
        fill_all(client, obligation)
        assert "2 of 3 parts done" in text(send(client, obligation, action="back", signs_off=""))
