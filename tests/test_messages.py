"""Messages: each written once and sent once, and what became of it."""

import smtplib
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import DatabaseError, transaction
from django.urls import reverse

from partners.actions import messages
from partners.models import Event, Message, MessageSubject
from partners.permissions import Role
from tests.database import refused
from tests.factories import MessageFactory, ObligationFactory, OrganisationFactory, noon, user_with
from vru_portal.core.refusals import NotAllowed

pytestmark = pytest.mark.django_db

NOW = noon(date(2026, 6, 10))
State = Message.State


def write(to, key="digest:1", **said):
    said = {"kind": "outcomes.digest", "subject": "2 returns are due", "body": "Hello", "now": NOW} | said
    return messages.write(key=key, to=to, **said)


def send(message, now=NOW):
    messages.send(message_id=message.pk, clock=lambda: now)
    message.refresh_from_db()
    return message


class ServerAway(EmailBackend):
    def open(self):
        raise ConnectionRefusedError("nobody listens")


class Refusing(EmailBackend):
    def send_messages(self, email_messages):
        raise smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no such mailbox")})


class Breaking(EmailBackend):
    def send_messages(self, email_messages):
        raise smtplib.SMTPServerDisconnected("gone")


@pytest.fixture
def person():
    return user_with(Role.PARTNER)


class TestWrite:
    def test_keeps_it_until_a_worker_sends_it(self, person, django_capture_on_commit_callbacks):
        obligation = ObligationFactory()
        with django_capture_on_commit_callbacks() as handed_over:
            message = write(person, about=[obligation], organisation=obligation.delivery.partner)
        assert (message.state, message.to_email, len(handed_over)) == (State.QUEUED, person.email, 1)
        assert list(Message.objects.about(obligation)) == [message]
        assert mail.outbox == []

    def test_writes_one_of_a_key(self, person):
        assert write(person) is not None
        assert write(person, subject="Something else") is None
        assert Message.objects.get().subject == "2 returns are due"

    def test_leaves_secrets_out(self, person):
        message = write(person, subject="See /partners/join/s3cret/", body="Or /accounts/password/reset/key/1-abc/")
        assert message.subject == "See /partners/join/(secret)/"
        assert message.body == "Or /accounts/password/reset/key/(secret)/"

    def test_makes_one_line_of_the_subject(self, person):
        assert write(person, subject="Two\nlines").subject == "Two lines"


class TestSend:
    def test_sends_once(self, person):
        message = send(write(person))
        assert (message.state, message.sent_at, message.attempts) == (State.SENT, NOW, 1)
        assert send(message).attempts == 1
        assert [(m.to, m.subject, m.body) for m in mail.outbox] == [([person.email], "2 returns are due", "Hello")]

    def test_names_the_message_in_the_mail(self, person):
        message = send(write(person))
        assert mail.outbox[0].extra_headers == {"X-Portal-Message": str(message.pk)}

    def test_tries_again_later_while_the_server_is_away(self, person, settings):
        settings.EMAIL_BACKEND = "tests.test_messages.ServerAway"
        message = send(write(person))
        assert (message.state, message.not_before) == (State.QUEUED, NOW + timedelta(minutes=5))
        assert "nobody listens" in message.problem
        assert send(message).attempts == 1  # not before its time
        settings.EMAIL_BACKEND = "tests.test_messages.EmailBackend"
        assert send(message, NOW + timedelta(minutes=5)).state == State.SENT
        assert message.problem == ""

    def test_fails_when_the_server_stays_away(self, person, settings):
        settings.EMAIL_BACKEND = "tests.test_messages.ServerAway"
        message, now = write(person), NOW
        for _ in range(messages.MOST_ATTEMPTS):
            assert message.state == State.QUEUED
            message = send(message, now)
            now = message.not_before or now
        assert message.state == State.FAILED
        assert now == NOW + timedelta(minutes=5 + 10 + 20 + 40 + 80)

    def test_fails_when_the_server_refuses_it(self, person, settings):
        settings.EMAIL_BACKEND = "tests.test_messages.Refusing"
        message = send(write(person))
        assert (message.state, message.sent_at) == (State.FAILED, None)
        assert "no such mailbox" in message.problem

    def test_does_not_know_when_the_connection_breaks(self, person, settings):
        settings.EMAIL_BACKEND = "tests.test_messages.Breaking"
        message = send(write(person))
        assert message.state == State.NOT_KNOWN
        assert messages.hand_over_waiting(now=NOW + timedelta(days=1)) == 0


class TestALostMessage:
    @pytest.fixture
    def begun(self, person):
        return MessageFactory(to_user=person, state=State.SENDING, attempts=1, attempted_at=NOW)

    def test_is_shown_and_not_sent_by_itself(self, begun):
        assert messages.give_up_lost(now=NOW + timedelta(minutes=19)) == 0
        assert messages.give_up_lost(now=NOW + timedelta(minutes=20)) == 1
        assert messages.give_up_lost(now=NOW + timedelta(minutes=20)) == 0
        assert send(begun, NOW + timedelta(hours=1)).state == State.NOT_KNOWN
        assert mail.outbox == []
        assert Event.objects.about(begun).get().by is None

    def test_is_sent_again_by_a_person(self, begun):
        messages.give_up_lost(now=NOW + timedelta(minutes=20))
        manager = user_with(Role.PROGRAMME_MANAGER)
        message = messages.send_again(message=begun, by=manager, now=NOW)
        assert send(message).state == State.SENT
        assert len(mail.outbox) == 1
        assert Event.objects.about(begun).get(by=manager).name == "partners.message.sent_again"

    def test_stays_as_a_late_worker_finds_it(self, begun, monkeypatch):
        """Given up and taken up again while the first worker was still busy: what that one says no longer counts."""
        Message.objects.update(state=State.NOT_KNOWN, problem="?")
        Message.objects.update(state=State.QUEUED)

        class Slow(EmailBackend):
            def send_messages(self, email_messages):
                Message.objects.update(state=State.NOT_KNOWN, problem="Given up.")
                return super().send_messages(email_messages)

        monkeypatch.setattr(messages, "get_connection", Slow)
        assert send(begun).state == State.NOT_KNOWN


class TestSendAgain:
    @pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.SENT])
    def test_refuses_what_needs_nobody(self, state):
        message = MessageFactory(state=state)
        with pytest.raises(messages.NotToBeSentAgain):
            messages.send_again(message=message, by=user_with(Role.DIRECTOR), now=NOW)

    @pytest.mark.parametrize("role", [Role.PARTNER_LEAD, Role.AUDITOR, Role.FINANCE_OFFICER])
    def test_is_not_for_everybody(self, role):
        with pytest.raises(NotAllowed):
            messages.send_again(message=MessageFactory(state=State.FAILED), by=user_with(role), now=NOW)


class TestHandOver:
    def test_finds_what_waits_and_is_not_put_off(self):
        old = NOW - timedelta(minutes=6)
        MessageFactory(created_at=old)
        MessageFactory(created_at=NOW)  # on its way
        MessageFactory(created_at=old, not_before=NOW + timedelta(minutes=1), attempts=1, attempted_at=old)
        MessageFactory(created_at=old, state=State.SENT)
        assert messages.hand_over_waiting(now=NOW) == 1


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"state": "posted"}, "message_state"),
            ({"state": "sent", "sent_at": None}, "message_sent_has_moment"),
            ({"state": "queued", "sent_at": NOW}, "message_sent_has_moment"),
            ({"state": "sending", "attempts": 0}, "message_attempted_before_anything_else"),
            ({"state": "failed", "problem": ""}, "message_problem_said"),
            ({"body": "Open https://x/partners/join/abc/"}, "message_holds_no_secret"),
            ({"body": "https://x/?next=%2FACCOUNTS%2Fpassword%2Freset%2Fkey%2F1-x"}, "message_holds_no_secret"),
            ({"subject": "/partners/join/abc/"}, "message_holds_no_secret"),
            ({"subject": ""}, "message_subject_is_one_line"),
            ({"subject": "a\nb"}, "message_subject_is_one_line"),
        ],
    )
    def test_refuses(self, change, rule):
        with refused(rule):
            MessageFactory(**change)

    def test_keeps_a_masked_link(self):
        MessageFactory(body="Open https://x/partners/join/(secret)/ or /accounts/password/reset/key/done/")

    def test_refuses_a_key_twice(self):
        message = MessageFactory()
        with refused("message_key_once"):
            MessageFactory(key=message.key)

    @pytest.mark.parametrize(
        ("before", "after"),
        [("sent", "queued"), ("queued", "failed"), ("failed", "sending"), ("not_known", "sending")],
    )
    def test_refuses_a_step(self, before, after):
        message = MessageFactory(state=before)
        message.state, message.sent_at, message.problem = after, None, "?"
        message.attempts, message.attempted_at = 1, NOW
        with refused("message_legal_step"):
            message.save()

    def test_refuses_other_words_and_deletion(self):
        message = MessageFactory()
        for act in (lambda: Message.objects.update(body="Other"), message.delete):
            with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
                act()

    def test_refuses_a_subject_twice_and_its_change(self):
        row = {"message": MessageFactory(), "subject_type": "partners.area", "subject_id": 1, "subject": "Walsall"}
        subject = MessageSubject.objects.create(**row)
        with refused("messagesubject_once"):
            MessageSubject.objects.create(**row)
        with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
            subject.delete()


class TestThePages:
    def test_list_filters_and_says_what_to_look_at(self, client):
        MessageFactory(subject="Went out", state=State.SENT)
        lost = MessageFactory(subject="Who knows", state=State.NOT_KNOWN)
        client.force_login(user_with(Role.ANALYST))
        shown = client.get(reverse("message-list")).content.decode()
        assert "Went out" in shown
        assert "1 to look at" in shown
        assert "Reminder of returns" in shown
        shown = client.get(reverse("message-list"), {"state": "unsettled"}).content.decode()
        assert "Went out" not in shown
        assert "Perhaps sent" in shown
        shown = client.get(reverse("message-list"), {"to": lost.to_email.upper(), "kind": lost.kind}).content.decode()
        assert "1 found" in shown

    def test_a_person_sends_again_from_its_page(self, client):
        message = MessageFactory(state=State.FAILED)
        client.force_login(user_with(Role.PROGRAMME_MANAGER))
        page = reverse("partners:message-detail", args=[message.pk])
        assert "Send again" in client.get(page).content.decode()
        shown = client.post(reverse("partners:message-send-again", args=[message.pk]), follow=True).content.decode()
        assert "On its way again" in shown
        assert "Send again" not in shown
        again = client.post(reverse("partners:message-send-again", args=[message.pk]), follow=True).content.decode()
        assert "waits to be sent already" in again

    def test_today_says_what_may_not_have_gone_out(self, client):
        MessageFactory(state=State.FAILED)
        client.force_login(user_with(Role.PROGRAMME_MANAGER))
        assert "1 message may not have gone out." in client.get("/").content.decode()

    @pytest.mark.parametrize(("state", "told"), [(State.FAILED, True), (State.NOT_KNOWN, True), (State.SENT, False)])
    def test_partner_is_told_what_to_do_about_one_that_did_not_go_out(self, client, state, told):
        partner = OrganisationFactory()
        MessageFactory(state=state, organisation=partner, to_user=user_with(Role.PARTNER, partner))
        client.force_login(user_with(Role.PARTNER_LEAD, partner))
        shown = client.get(reverse("partners:our-organisation")).content.decode()
        assert ("tell it if the address is wrong" in shown) == told

    def test_partner_sees_what_was_written_to_its_people_and_no_more(self, client):
        obligation = ObligationFactory()
        partner = obligation.delivery.partner
        unit = OrganisationFactory(kind="unit")
        write(user_with(Role.PARTNER, partner), "1", subject="To us", about=[obligation], organisation=partner)
        write(user_with(Role.DIRECTOR, unit), "2", subject="To the unit", about=[obligation], organisation=unit)
        client.force_login(user_with(Role.PARTNER_LEAD, partner))
        for page in (
            reverse("outcomes:return-detail", args=[obligation.pk]),
            reverse("partners:our-organisation"),
        ):
            shown = client.get(page).content.decode()
            assert "To us" in shown
            assert "To the unit" not in shown
        client.force_login(user_with(Role.ANALYST))
        shown = client.get(reverse("outcomes:return-detail", args=[obligation.pk])).content.decode()
        assert "To us" in shown
        assert "To the unit" in shown
        page = client.get(reverse("partners:organisation-detail", args=[partner.pk])).content.decode()
        assert "To us" in page
