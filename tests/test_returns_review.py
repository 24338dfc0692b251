"""What unit and partner say to each other about a return: sections sent back, and comments."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from outcomes.actions import comments, decisions, returns
from outcomes.actions.answers import Answers
from outcomes.models import Comment, MeasureAnswer, SentBack
from outcomes.queries.comments import threads, to_answer, to_change, told_to_change
from outcomes.queries.returns import due_now
from outcomes.queries.review import queue, reading
from outcomes.queries.unusual import changed
from partners.models import Event, Message
from partners.permissions import Role
from tests.factories import (
    MeasureFactory,
    ObligationFactory,
    ReturnVersionFactory,
    SubmissionFactory,
    UserFactory,
    accepted_return,
    noon,
    sent_return,
    user_with,
)
from tests.test_returns_rules import refused
from vru_portal.core.periods import Month
from vru_portal.core.refusals import NotAllowed
from vru_portal.today import needs

NOW = noon(date(2021, 7, 15))
LATER = noon(date(2021, 7, 16))
NEXT_DAY = noon(date(2021, 7, 17))


pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]


@pytest.fixture
def version(db):
    return sent_return(obligation=ObligationFactory(month=date(2021, 6, 1)))


@pytest.fixture
def obligation(version):
    return version.obligation


@pytest.fixture
def partner(obligation):
    return user_with(Role.PARTNER, obligation.delivery.partner, name="Asha Patel")


@pytest.fixture
def officer(db):
    return user_with(Role.PROGRAMME_MANAGER, name="Ben Okoro")


def page_of(user, name: str, *args) -> str:
    client = Client()
    client.force_login(user)
    return unescape(client.get(reverse(f"outcomes:{name}", args=args)).content.decode())


def send_back(version, officer, sections=None, reason="The ages do not add up."):
    read = version.latest_submission
    return decisions.return_to_partner(submission=read, reason=reason, sections=sections, by=officer, now=LATER)


def write(obligation, by, text="Is this so?", section="numbers", now=LATER):
    return comments.comment(obligation=obligation, section=section, text=text, by=by, now=now)


class TestSentBack:
    def row(self, version, **fields) -> SentBack:
        given = {"section": "who", "reason": "Why?", "sent_back_at": NOW, "sent_back_by": UserFactory()}
        return SentBack.objects.create(submission=version.latest_submission, **given | fields)

    def test_section_once(self, version):
        self.row(version)
        with refused("sentback_section_once"):
            self.row(version)

    def test_has_reason(self, version):
        with refused("sentback_has_reason"):
            self.row(version, reason="")

    def test_of_its_template(self, version):
        with refused("sentback_of_its_template"):
            self.row(version, section="elsewhere")

    def test_of_a_sent_return(self, db):
        with refused("sentback_of_a_sent_return"):
            self.row(sent_return(accepted=True))

    def test_append_only(self, version):
        row = SentBack.objects.filter(pk=self.row(version).pk)
        for change in (lambda: row.update(reason="Another"), row.delete):
            with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
                change()


class TestComment:
    def row(self, obligation, **fields) -> Comment:
        given = {"section": "who", "text": "Why?", "is_partners": True, "written_at": NOW, "written_by": UserFactory()}
        return Comment.objects.create(obligation=obligation, **given | fields)

    def test_says_something(self, obligation):
        with refused("comment_says_something"):
            self.row(obligation, text="")

    def test_of_its_template(self, obligation):
        with refused("comment_of_its_template"):
            self.row(obligation, section="elsewhere")

    def test_of_a_return_that_is_begun(self, db):
        with refused("comment_of_its_template"):
            self.row(ObligationFactory())

    def test_append_only(self, obligation):
        row = Comment.objects.filter(pk=self.row(obligation).pk)
        for change in (lambda: row.update(text="Another"), row.delete):
            with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
                change()


class TestReturnToPartner:
    def test_says_of_each_section_what_to_change_in_the_order_of_the_form(self, version, partner, officer):
        asked = {"who": " The ages. ", "numbers": "Contacts seem low."}
        returned = send_back(version, officer, asked, reason="Look again.")
        assert told_to_change(returned) == [
            ("", "Look again."),
            ("Numbers", "Contacts seem low."),
            ("Who they were", "The ages."),
        ]
        whole = "Look again.\n\nNumbers: Contacts seem low.\n\nWho they were: The ages."
        assert returned.reason == Event.objects.get(name="outcomes.return.returned").reason == whole
        assert whole in Message.objects.about(version.obligation).get().body

    def test_needs_no_reason_for_the_whole_beside_a_sections(self, version, officer):
        assert list(to_change(send_back(version, officer, {"who": "The ages."}, reason=" "))) == ["who"]

    def test_asks_for_the_whole_where_no_section_is_chosen(self, version, officer):
        assert list(to_change(send_back(version, officer))) == [""]

    @pytest.mark.parametrize(
        ("sections", "sentence"),
        [
            ({"who": "Why?", "elsewhere": "Why?"}, "no such section"),
            ({"who": " "}, "change in Who they were"),
            ({}, "what the partner should change"),
        ],
    )
    def test_refuses_what_asks_for_nothing(self, version, officer, sections, sentence):
        with pytest.raises(decisions.NotDecidable, match=sentence):
            send_back(version, officer, sections, reason="")
        assert not SentBack.objects.exists()

    def test_shows_each_reason_at_its_section(self, version, partner, officer):
        send_back(version, officer, {"numbers": "Contacts seem low.", "who": "The ages."}, reason="")
        pk = version.obligation.pk
        page = page_of(partner, "return-fill-in", pk)
        assert "The unit asks you to change what stands under Numbers, Who they were." in page
        assert re.search(r"Numbers</a>\s*<div[^>]*>Contacts seem low.</div>", page)
        numbers, who = (page_of(partner, "return-section", pk, key) for key in ("numbers", "who"))
        assert ("Contacts seem low." in numbers, "Contacts seem low." in who) == (True, False)
        assert ("The ages." in numbers, "The ages." in who) == (False, True)
        for page in (TestToAnswer.home(partner), page_of(officer, "return-detail", pk)):
            assert "Contacts seem low." in page
            assert "The ages." in page

    def test_marks_the_section_until_somebody_changes_it(self, version, partner, officer):
        returned = send_back(version, officer, {"numbers": "Contacts seem low."})
        pk = version.obligation.pk
        page = page_of(partner, "return-fill-in", pk)
        assert page.count("To change") == 1
        assert "And what stands under Numbers." in page
        assert "The unit asks you to change this section" in page_of(partner, "return-section", pk, "numbers")
        assert "The unit asks you to change this section" not in page_of(partner, "return-section", pk, "who")
        returns.save_draft(
            version=returned,
            typed={"contacts": "99"},
            opened={"contacts": returned.typed["contacts"]},
            by=partner,
            now=NEXT_DAY,
        )
        assert "To change" not in page_of(partner, "return-fill-in", pk)

    def test_the_page_takes_a_reason_for_each_tick(self, version, officer):
        client = Client()
        client.force_login(officer)
        address = reverse("outcomes:return-review", args=[version.obligation.pk])
        given = {"decision": "return", "submission": version.latest_submission.pk, "sections": ["who"]}
        page = unescape(client.post(address, given).content.decode())
        assert "Say what the partner should change in Who they were" in page
        assert re.search(r'value="who"[^>]*checked', page)
        client.post(address, given | {"change__who": "The ages."})
        assert SentBack.objects.values_list("section", "reason").get() == ("who", "The ages.")

    def test_the_page_takes_what_is_written_without_a_tick(self, version, officer):
        client = Client()
        client.force_login(officer)
        address = reverse("outcomes:return-review", args=[version.obligation.pk])
        given = {"decision": "return", "submission": version.latest_submission.pk}
        assert "Say what the partner should change" in client.post(address, given).content.decode()
        client.post(address, given | {"change__who": "The ages."})
        assert SentBack.objects.get().section == "who"


class TestWriteComment:
    def test_tells_the_other_side_once_a_day_for_each_section(self, obligation, partner, officer):
        write(obligation, officer, "Are these new?")
        write(obligation, officer, "And those?")
        write(obligation, officer, "And who?", section="who")
        write(obligation, officer, "Well?", now=NEXT_DAY)
        mails = Message.objects.filter(kind="outcomes.comment_written")
        assert [mail.to_user for mail in mails] == [partner] * 3
        assert "Are these new?" in mails.order_by("pk")[0].body

    def test_tells_who_asked_at_the_unit_or_else_the_programme_managers(self, obligation, partner, officer):
        write(obligation, partner, "They are new.")
        analyst = user_with(Role.ANALYST)
        write(obligation, analyst, "Thank you.")
        write(obligation, partner, "Gladly.", now=NEXT_DAY)
        told = Message.objects.filter(kind="outcomes.comment_written").exclude(to_user=partner).order_by("pk")
        assert [mail.to_user for mail in told] == [officer, analyst]

    def test_is_recorded_and_kept(self, obligation, partner):
        written = write(obligation, partner, " They are new. ")
        assert (written.text, written.is_partners) == ("They are new.", True)
        assert Event.objects.get(name="outcomes.comment.written").by == partner

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [("  ", "Write your comment"), ("Ring 0121 496 0000", "seems to hold a telephone number")],
    )
    def test_refuses_what_says_nothing_or_too_much(self, obligation, partner, text, sentence):
        with pytest.raises(comments.NotToBeWritten, match=sentence):
            write(obligation, partner, text)
        assert not Comment.objects.exists()

    def test_refuses_a_section_that_the_return_has_not(self, obligation, partner):
        with pytest.raises(comments.NotToBeWritten, match="no such section"):
            write(obligation, partner, section="elsewhere")

    @pytest.mark.parametrize("role", [Role.PARTNER, Role.AUDITOR, Role.COMMISSIONER, Role.FINANCE_OFFICER])
    def test_refuses_everybody_else(self, obligation, role):
        with pytest.raises(NotAllowed):
            write(obligation, user_with(role))


class TestToAnswer:
    def test_waits_until_our_side_writes(self, obligation, partner, officer):
        write(obligation, officer)
        write(obligation, officer)
        assert to_answer(partner) == {obligation.pk: 2}
        assert to_answer(officer) == {}
        write(obligation, partner)
        assert to_answer(partner) == {}
        assert to_answer(officer) == {obligation.pk: 1}
        assert [thread.to_answer for thread in threads(officer, obligation)] == [1, 0]

    def test_waits_until_the_unit_decides(self, version, obligation, partner, officer):
        write(obligation, partner, now=NOW)
        assert queue(officer)[0].waiting.to_answer == "1 comment to answer"
        decisions.accept(submission=version.latest_submission, by=officer, now=LATER)
        assert to_answer(officer) == {}

    def test_stands_on_due_now_though_nothing_else_waits(self, obligation, partner, officer):
        write(obligation, officer)
        assert due_now(partner, date(2021, 7, 17)).commented == ((obligation, "1 comment to answer"),)
        assert "The unit asks" in unescape(self.home(partner))

    def test_stands_beside_what_waits(self, version, obligation, partner, officer):
        send_back(version, officer)
        write(obligation, officer)
        due = due_now(partner, date(2021, 7, 17))
        assert [line.to_answer for line in due.waiting] == ["1 comment to answer"]
        assert due.commented == ()

    def test_says_nothing_to_another_partner(self, obligation, partner, officer):
        write(obligation, officer)
        assert to_answer(user_with(Role.PARTNER)) == {}

    @staticmethod
    def home(user) -> str:
        client = Client()
        client.force_login(user)
        return client.get("/").content.decode()


class TestTheThread:
    def test_stands_on_the_section_the_return_and_the_review(self, version, obligation, partner, officer):
        write(obligation, partner, "They came from the fair.")
        assert "They came from the fair." in page_of(officer, "return-review", obligation.pk)
        assert "They came from the fair." in page_of(user_with(Role.AUDITOR), "return-detail", obligation.pk)
        send_back(version, officer)
        assert "They came from the fair." in page_of(partner, "return-section", obligation.pk, "numbers")
        assert "They came from the fair." not in page_of(partner, "return-section", obligation.pk, "who")

    def test_keeps_what_was_typed_beside_the_refusal(self, obligation, partner):
        client = Client()
        client.force_login(partner)
        address = reverse("outcomes:return-comments", args=[obligation.pk, "numbers"])
        page = unescape(client.post(address, {"text": "Ring 0121 496 0000"}).content.decode())
        assert "The comment seems to hold a telephone number" in page
        assert "Ring 0121 496 0000" in page
        page = unescape(client.post(address, {"text": "From the fair."}, follow=True).content.decode())
        assert "Written about Numbers." in page
        assert "From the fair." in page

    def test_is_not_found_by_others_nor_before_the_return_is_begun(self, obligation, partner):
        other = ObligationFactory(delivery=obligation.delivery, month=date(2021, 5, 1))
        for user, address in (
            (user_with(Role.PARTNER), [obligation.pk, "numbers"]),
            (partner, [other.pk, "numbers"]),
            (partner, [obligation.pk, "elsewhere"]),
        ):
            client = Client()
            client.force_login(user)
            assert client.get(reverse("outcomes:return-comments", args=address)).status_code == 404
        ReturnVersionFactory(obligation=other)
        assert "Nothing has been written yet." in page_of(partner, "return-comments", other.pk, "numbers")


class TestTheQueue:
    """Ordinary: a month in which everything is known, and nothing is odd beside the months before."""

    LINES = {"age_band": "14-15", "sex": "female", "ethnicity": "white-irish", "district": "E08000030"}

    def waiting(self, month: date, people: int = 10, **submission):
        known = {dimension: {"first_seen": {code: people}} for dimension, code in self.LINES.items()}
        given = {"new_people": people, "breakdowns": known}
        if "version" not in submission:
            given["version__obligation__month"] = month
        return SubmissionFactory(**given | submission)

    def test_puts_what_to_ask_about_before_the_older_and_larger(self, officer):
        small, large = self.waiting(date(2021, 5, 1), 3), self.waiting(date(2021, 5, 1), 90)
        mine = self.waiting(date(2021, 4, 1), submitted_by=officer)
        odd = self.waiting(date(2021, 7, 1), breakdowns={})
        lines = queue(officer)
        assert [line.waiting.submission for line in lines] == [odd, large, small, mine]
        assert lines[0].notes[0] == "Sex: not known for 10 of the 10 people first seen."
        assert [line.is_ordinary for line in lines] == [False, True, True, False]

    def test_says_what_has_an_answer_to_give(self, officer):
        sent = self.waiting(date(2021, 5, 1))
        partner = user_with(Role.PARTNER, sent.version.obligation.delivery.partner)
        write(sent.version.obligation, partner)
        (line,) = queue(officer)
        assert line.notes == ("1 comment to answer.",)

    def again(self, sent, officer, **given) -> None:
        """It comes back, and is sent again as it was."""
        decisions.return_to_partner(submission=sent, reason="Is A right?", by=officer, now=NOW)
        self.waiting(sent.version.obligation.month, version=sent.version, sequence=2, **given)
        sent.version.state = "submitted"
        sent.version.save(update_fields=["state"])

    def test_names_what_came_back_and_was_sent_again_unchanged(self, officer):
        sent = self.waiting(date(2021, 5, 1))
        partner = user_with(Role.PARTNER, sent.version.obligation.delivery.partner)
        self.again(sent, officer, submitted_by=partner)
        (line,) = queue(officer)
        assert line.notes == ("It came back, and was sent again with nothing changed.",)
        assert reading(line.waiting).unusual == line.notes
        self.waiting(date(2021, 5, 1), version=sent.version, submitted_by=partner, sequence=3, contacts=77)
        (line,) = queue(officer)
        assert line.notes == ()

    def test_what_was_sent_back_stands_on_the_start_page_until_it_comes_again(self, officer):
        sent = self.waiting(date(2021, 5, 1))
        partner = user_with(Role.PARTNER, sent.version.obligation.delivery.partner)
        decisions.return_to_partner(submission=sent, reason="Is A right?", by=officer, now=NOW)
        sentence = "1 return that was sent back has not come again yet."
        assert sentence in [need.sentence for need in needs(officer, NOW.date())]
        assert sentence not in [need.sentence for need in needs(user_with(Role.AUDITOR), NOW.date())]
        nobody = Answers(new_people=0, known_people=0, already_counted_people=0, contacts=0)
        version = sent.version.obligation.versions.get()
        returns.submit(version=version, answers=nobody, by=partner, now=LATER)
        assert sentence not in [need.sentence for need in needs(officer, NOW.date())]

    def test_reads_it_in_few_queries(self, officer, django_assert_max_num_queries):
        for month in (4, 5, 6, 7):
            sent = self.waiting(date(2021, month, 1))
            if month > 5:
                partner = user_with(Role.PARTNER, sent.version.obligation.delivery.partner)
                self.again(sent, officer, submitted_by=partner)
        with django_assert_max_num_queries(19):
            queue(officer)

    def test_accepts_the_ticked_ones_together(self, officer):
        first, second, third = (self.waiting(date(2021, month, 1)) for month in (4, 5, 6))
        page = self.accept(officer, first, second)
        assert f"Accepted: {first.version.obligation}, {second.version.obligation}." in page
        assert "Returns to read: 1" in page
        states = [one.version.obligation.versions.get().state for one in (first, second, third)]
        assert states == ["accepted", "accepted", "submitted"]
        assert Event.objects.filter(name="outcomes.return.accepted", by=officer).count() == 2

    def test_names_what_it_does_not_accept(self, officer):
        odd = self.waiting(date(2021, 5, 1), breakdowns={})
        mine = self.waiting(date(2021, 4, 1), submitted_by=officer)
        page = self.accept(officer, odd, mine)
        for one in (odd, mine):
            assert f"{one.version.obligation}: not accepted. Read this one by itself." in page
        assert "Returns to read: 2" in page
        assert "Tick the returns to accept." in self.accept(officer)

    def test_says_what_was_decided_meanwhile(self, officer):
        sent = self.waiting(date(2021, 5, 1))
        decisions.accept(submission=sent, by=user_with(Role.DIRECTOR), now=NOW)
        assert "1 of them no longer wait" in self.accept(officer, sent)

    def test_is_refused_for_each_by_itself(self, officer):
        mine, other = self.waiting(date(2021, 4, 1), submitted_by=officer), self.waiting(date(2021, 5, 1))
        done = decisions.accept_many(submissions=[mine, other], by=officer, now=NOW)
        assert [version.obligation for version in done.accepted] == [other.version.obligation]
        ((obligation, why),) = done.refused
        assert obligation == mine.version.obligation
        assert "You sent this return yourself" in why

    def test_is_closed_to_partners(self, partner, version):
        with pytest.raises(NotAllowed):
            decisions.accept_many(submissions=[version.latest_submission], by=partner, now=NOW)

    def accept(self, officer, *ticked) -> str:
        client = Client()
        client.force_login(officer)
        given = {"submission": [str(one.pk) for one in ticked]}
        return unescape(client.post(reverse("outcomes:review-queue"), given, follow=True).content.decode())


class TestMeasuresBesideThePast:
    def test_are_compared_and_a_jump_is_named(self, db):
        sessions, wait = (
            MeasureFactory(name="Sessions", unit="count"),
            MeasureFactory(
                name="Days to first contact", kind="median", unit="days", over_months="median", over_places="median"
            ),
        )
        version = ReturnVersionFactory(state="submitted", obligation__month=date(2021, 6, 1))
        may = accepted_return(version.obligation.delivery, Month(2021, 5)).latest_submission
        with transaction.atomic():
            now = SubmissionFactory(version=version)
        for submission, held, days in ((may, 10, 4), (now, 40, 9)):
            for measure, answer in ((sessions, {"value": held}), (wait, {"people": 10, "median": days})):
                MeasureAnswer.objects.create(submission=submission, measure=measure, **answer)
        (line,) = queue(user_with(Role.ANALYST))
        found = {one.label: (one.now, one.before[0]) for one in reading(line.waiting).numbers}
        assert found["Sessions"] == ("40", "10")
        assert found["Days to first contact"] == ("9", "4")
        assert "Sessions: 40, more than three times last month’s 10." in line.notes
        assert "Days to first contact: 9; in the months before 4." in line.notes


class TestWhatChanged:
    """Nothing that a partner may have mended is overlooked."""

    @pytest.fixture
    def attendance(self, db):
        return MeasureFactory(
            name="Attendance", kind="before_after", unit="percent", over_months="median", over_places="median"
        )

    def said(self, measure, *, submission=None, **answer):
        with transaction.atomic():
            one = SubmissionFactory(**submission or {})
        if answer:
            MeasureAnswer.objects.create(submission=one, measure=measure, **answer)
        return one

    @pytest.mark.parametrize(
        ("other", "sentence"),
        [
            ({}, None),
            ({"after": 90}, "Attendance: 84 before, now 90."),
            ({"before": 70}, "Attendance, average before: 80 before, now 70."),
            ({"people": 9}, "Attendance, people measured: 12 before, now 9."),
        ],
    )
    def test_in_what_was_measured_before_and_after(self, attendance, other, sentence):
        answer = {"people": 12, "before": 80, "after": 84}
        was, now = self.said(attendance, **answer), self.said(attendance, **answer | other)
        assert list(changed(now, was)) == ([sentence] if sentence else [])

    def test_in_why_there_is_nothing_to_report(self, attendance):
        nil = {"is_nil": True, "new_people": 0, "contacts": 0}
        was, now = (self.said(attendance, submission=nil | {"nil_reason": why}) for why in ("Holidays", "No worker"))
        assert list(changed(now, was)) == ["Why there is nothing to report: “Holidays” before, now “No worker”."]
