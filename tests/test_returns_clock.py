"""The clock: who hears of a return and when, once a day at most, and more time for one."""

from datetime import date, datetime, time

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from outcomes.actions import digests, obligations, returns
from outcomes.clock import Pace, escalation_on, reminder_on
from outcomes.models import Extension, Obligation, Policy
from outcomes.queries.review import heat_map
from partners.models import Event, Message
from partners.permissions import Role
from tests.database import refused
from tests.factories import (
    DeliveryFactory,
    ExtensionFactory,
    MembershipFactory,
    ObligationFactory,
    OrganisationFactory,
    PolicyFactory,
    ReturnVersionFactory,
    accepted_return,
    noon,
    sent_return,
    user_with,
)
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.core.refusals import NotAllowed
from vru_portal.core.working_days import working_days_after

PACE = Pace(before=3, on_day=True, every=3, to_lead=5, to_manager=10)
DUE = date(2026, 6, 12)  # a Friday
LATER_DAY = date(2026, 6, 24)
DIGEST = "outcomes.digest"


class TestReminderOn:
    @pytest.mark.parametrize(
        ("today", "expected"),
        [
            (date(2026, 6, 8), None),
            (date(2026, 6, 9), date(2026, 6, 9)),  # three working days before
            (date(2026, 6, 11), date(2026, 6, 9)),
            (DUE, DUE),
            (date(2026, 6, 15), DUE),
            (date(2026, 6, 17), date(2026, 6, 17)),  # the third working day after: no weekend counts
            (date(2026, 6, 22), date(2026, 6, 22)),  # and every third from there
            (date(2026, 6, 24), date(2026, 6, 22)),
        ],
    )
    def test_before_on_and_again_after_the_day(self, today, expected):
        assert reminder_on(DUE, today, PACE) == expected

    def test_counts_no_bank_holiday(self):
        due = date(2026, 8, 27)  # the Thursday before the summer bank holiday
        assert reminder_on(due, date(2026, 9, 1), PACE) == due
        assert reminder_on(due, date(2026, 9, 2), PACE) == date(2026, 9, 2)

    def test_never_where_the_policy_says_never(self):
        silent = Pace(before=0, on_day=False, every=0, to_lead=0, to_manager=0)
        assert reminder_on(DUE, date(2026, 12, 1), silent) is None
        assert escalation_on(DUE, date(2026, 12, 1), 0, silent) is None


class TestEscalationOn:
    @pytest.mark.parametrize(
        ("today", "expected"),
        [
            (date(2026, 6, 18), None),
            (date(2026, 6, 19), date(2026, 6, 19)),
            (date(2026, 6, 23), date(2026, 6, 19)),
            (date(2026, 6, 24), date(2026, 6, 24)),
        ],
    )
    def test_after_so_many_working_days_and_again(self, today, expected):
        assert escalation_on(DUE, today, 5, PACE) == expected


# ---- Digests ----
pytestmark = pytest.mark.django_db


def at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def june(day: int) -> date:
    return date(2026, 6, day)


def send(day: date, hour: int = 9) -> list[Message]:
    """What the clock writes at that hour."""
    now = at(day, hour)
    digests.send_due(now=now)
    return list(Message.objects.filter(kind=DIGEST, created_at=now).order_by("to_user__name"))


@pytest.fixture
def club():
    PolicyFactory()
    return OrganisationFactory(name="Northgate Boxing Club")


@pytest.fixture
def delivery(club):
    return DeliveryFactory(partner=club, name="Boxing and talking")


@pytest.fixture
def owed(delivery):
    return ObligationFactory(delivery=delivery, month=date(2026, 5, 1), due_date=DUE)


@pytest.fixture
def sender(club):
    return user_with(Role.PARTNER, club, name="Sunita")


@pytest.fixture
def lead(club):
    return user_with(Role.PARTNER_LEAD, club, name="Delroy")


@pytest.fixture
def manager():
    return user_with(Role.PROGRAMME_MANAGER, name="Callum")


class TestDigests:
    def test_remind_before_on_and_after_the_due_date(self, owed, sender):
        days = [june(day) for day in range(1, 25) if send(june(day))]
        assert days == [june(9), DUE, june(17), june(22)]

    def test_are_one_mail_with_all_returns_of_the_organisation(self, owed, delivery, sender):
        ObligationFactory(delivery=delivery, month=date(2026, 4, 1), due_date=date(2026, 5, 15))
        other = DeliveryFactory(partner=delivery.partner, name="Street corner")
        sent_return(obligation__delivery=other, obligation__month=date(2026, 5, 1), sent_back=True)
        ObligationFactory(delivery=delivery, month=date(2026, 6, 1))  # not over yet
        accepted_return(other, Month(2026, 4))
        (message,) = send(june(9))
        assert message.to_user == sender
        assert message.organisation == delivery.partner
        assert message.subject == "3 returns to send, 1 of them late"
        assert "Boxing and talking, April 2026: 25 days late, was due 15 May 2026" in message.body
        assert "Boxing and talking, May 2026: due 12 June 2026" in message.body
        assert "Street corner, May 2026: came back to be changed" in message.body
        assert message.subjects.count() == 3

    def test_come_once_a_day_however_often_the_clock_strikes(self, owed, sender):
        assert len(send(june(9), 8)) == 1
        assert send(june(9), 9) == []
        assert send(june(10)) == []

    def test_catch_up_when_the_clock_stood_still(self, owed, sender):
        assert len(send(june(10))) == 1  # the reminder of the 9th

    @pytest.mark.parametrize("day", [june(13), june(14), date(2026, 8, 31), date(2026, 12, 25)])
    def test_rest_on_days_that_are_no_working_days(self, owed, sender, day):
        assert send(day) == []

    @pytest.mark.parametrize("hour", [6, 19, 23])
    def test_rest_at_night(self, owed, sender, hour):
        assert send(june(9), hour) == []

    def test_say_nothing_where_nothing_is_due(self, delivery, sender, lead, manager):
        accepted_return(delivery, Month(2026, 5))
        ObligationFactory(
            delivery=delivery,
            month=date(2026, 4, 1),
            waived_at=at(june(1)),
            waived_by=manager,
            waived_reason="Flooded.",
        )
        assert send(june(30)) == []

    def test_say_nothing_of_what_was_sent(self, owed, sender, manager):
        sent_return(obligation=owed)
        assert send(june(30)) == []

    def test_remind_of_a_draft(self, owed, sender):
        ReturnVersionFactory(obligation=owed)
        assert len(send(june(9))) == 1

    def test_remind_of_what_came_back(self, owed, sender):
        sent_return(obligation=owed, sent_back=True)  # decided on the due date
        days = [june(day) for day in range(1, 19) if send(june(day))]
        assert days == [june(17)]

    def test_are_one_for_a_person_at_two_partners(self, owed, sender):
        second = DeliveryFactory(partner__name="Anchor Project", name="Anchor nights")
        MembershipFactory(user=sender, organisation=second.partner, role=Role.PARTNER)
        ObligationFactory(delivery=second, month=date(2026, 5, 1), due_date=DUE)
        (message,) = send(june(9))
        assert message.organisation is None
        assert message.body.index("Anchor Project") < message.body.index("Northgate Boxing Club")

    def test_go_to_nobody_who_has_left(self, owed, sender, club):
        sender.memberships.update(ended_on=june(1))
        assert send(june(9)) == []

    def test_follow_the_policy_as_staff_change_it(self, owed, sender):
        Policy.objects.update(remind_before=1, remind_on_day=False, remind_every=0)
        assert [june(day) for day in range(1, 25) if send(june(day))] == [june(11)]

    def test_leave_a_trace_in_the_history(self, owed, sender):
        (message,) = send(june(9))
        event = Event.objects.about(message).get()
        assert (event.name, event.by, event.organisation) == ("outcomes.digest.written", None, owed.delivery.partner)


class TestEscalation:
    def test_goes_to_the_lead_and_then_to_the_programme_manager(self, owed, sender, lead, manager):
        heard = {sender: [], lead: [], manager: []}
        for day in range(1, 31):
            for message in send(june(day)):
                heard[message.to_user].append(day)
        assert heard[sender] == [9, 12, 17, 22, 25, 30]
        assert heard[lead] == [19, 24, 29]  # the fifth working day after, and every third
        assert heard[manager] == [26]

    def test_says_so(self, owed, sender, lead, manager):
        send(june(9))
        (to_lead,) = [m for m in send(june(19)) if m.to_user == lead]
        assert to_lead.subject == "1 return late"
        assert "although we reminded the people who fill them in" in to_lead.body
        (to_manager,) = [m for m in send(june(26)) if m.to_user == manager]
        assert to_manager.subject == "1 return late, of 1 partner"
        assert "Northgate Boxing Club" in to_manager.body

    def test_lead_who_fills_in_alone_is_reminded_like_anybody(self, owed, lead):
        days = [day for day in range(1, 20) if send(june(day))]
        assert days == [9, 12, 17, 19]

    @pytest.mark.parametrize("is_alone", [True, False])
    def test_speaks_of_reminders_only_where_one_was_written(self, owed, request, lead, manager, is_alone):
        if not is_alone:
            request.getfixturevalue("sender")
        messages = {message.to_user: message.body for message in send(june(19))}
        assert "Some of these returns are late:" in messages[lead]
        assert "reminded" not in messages[lead]
        (to_manager,) = [message for message in send(june(26)) if message.to_user == manager]
        assert "These returns are long late, and their partners were reminded:" in to_manager.body

    def test_partner_without_people_is_the_managers_at_once(self, owed, manager):
        assert send(DUE) == []
        (message,) = send(june(15))
        assert message.to_user == manager
        assert "These returns are late:" in message.body


# ---- Reminding by hand ----
LATE = june(16)


def remind(obligation, by=None, day=LATE):
    return digests.remind(obligation=obligation, by=by or user_with(Role.ANALYST), now=at(day))


class TestRemind:
    def test_writes_the_days_digest_to_who_fills_it_in(self, owed, sender, lead):
        analyst = user_with(Role.ANALYST)
        send(DUE)
        assert remind(owed, by=analyst) == [sender]
        message = Message.objects.get(created_at=at(LATE))
        assert "Boxing and talking, May 2026: 4 days late" in message.body
        event = Event.objects.about(owed).get()
        assert (event.name, event.by, event.organisation) == (
            "outcomes.obligation.reminded",
            analyst,
            owed.delivery.partner,
        )
        assert event.words == "Partner reminded of a return"

    def test_names_all_that_waits_for_them(self, owed, sender):
        second = DeliveryFactory(partner__name="Anchor Project", name="Anchor nights")
        MembershipFactory(user=sender, organisation=second.partner, role=Role.PARTNER)
        ObligationFactory(delivery=second, month=date(2026, 5, 1), due_date=DUE)
        ObligationFactory(month=date(2026, 5, 1), due_date=DUE)  # of somebody else
        remind(owed)
        assert Message.objects.get().subject == "2 returns late"

    def test_leaves_the_clock_nothing_to_write_that_day(self, owed, sender):
        remind(owed, day=june(17))
        assert send(june(17), 10) == []
        assert [june(day) for day in range(18, 25) if send(june(day))] == [june(22)]

    def test_is_refused_twice_in_a_day(self, owed, sender):
        remind(owed)
        with pytest.raises(digests.NotReminded, match=r"was written to today already\. Nobody"):
            remind(owed)
        assert remind(owed, day=june(18)) == [sender]

    def test_is_refused_after_the_clock(self, owed, sender):
        assert send(june(17))
        with pytest.raises(digests.NotReminded, match=r"was written to today already\. Nobody"):
            remind(owed, day=june(17))

    def test_is_refused_of_a_return_that_the_days_digest_does_not_name(self, owed, sender):
        other = ObligationFactory(delivery__partner=owed.delivery.partner, month=date(2026, 5, 1), due_date=DUE)
        sent = sent_return(obligation=other)
        assert remind(owed) == [sender]
        returns.take_back(version=sent, by=sender, now=at(LATE))
        with pytest.raises(digests.NotReminded, match="was written to today already, but not about this return"):
            remind(other)
        with pytest.raises(digests.NotReminded, match=r"was written to today already\. Nobody"):
            remind(owed)

    def test_is_refused_where_nobody_is_there(self, owed):
        with pytest.raises(digests.NotReminded, match="Nobody at Northgate Boxing Club can sign in"):
            remind(owed)

    def test_is_refused_of_what_is_not_late(self, owed, sender):
        with pytest.raises(digests.NotReminded, match="not late"):
            remind(owed, day=DUE)
        sent_return(obligation=owed)
        with pytest.raises(digests.NotReminded, match="not late"):
            remind(owed)

    @pytest.mark.parametrize("role", [Role.FINANCE_OFFICER, Role.AUDITOR, Role.PARTNER_LEAD, Role.COMMISSIONER])
    def test_is_refused_to_others(self, owed, sender, role):
        with pytest.raises(NotAllowed):
            remind(owed, by=user_with(role))


# ---- More time ----
def extend(obligation, until=LATER_DAY, reason="Their worker is ill.", now=None, by=None):
    by = by or user_with(Role.PROGRAMME_MANAGER)
    return obligations.extend(obligation=obligation, due_date=until, reason=reason, by=by, now=now or noon(june(10)))


class TestExtend:
    def test_moves_the_due_date_and_keeps_the_old_one(self, owed, sender):
        extension = extend(owed)
        owed.refresh_from_db()
        assert (owed.due_date, extension.due_before, extension.reason) == (june(24), DUE, "Their worker is ill.")
        again = extend(owed, until=june(26))
        assert [e.due_before for e in owed.extensions.all()] == [DUE, june(24)]
        event = Event.objects.about(owed).get(occurred_at=again.extended_at, by=again.extended_by)
        assert (event.words, event.reason) == ("More time given for a return", "Their worker is ill.")

    def test_tells_the_partners_people(self, owed, sender, lead):
        extend(owed)
        messages = Message.objects.about(owed).filter(kind="outcomes.due_date_extended")
        assert {m.to_user for m in messages} == {sender, lead}
        assert "now\ndue on 24 June 2026. It was due on 12 June 2026." in messages[0].body

    def test_also_after_the_day_has_passed_and_it_is_late_no_more(self, owed, sender):
        assert owed in Obligation.objects.late(june(16))
        extend(owed, now=noon(june(16)))
        assert owed not in Obligation.objects.late(june(16))
        assert owed in Obligation.objects.late(june(25))

    def test_makes_a_return_timely(self, owed):
        extend(owed)
        version = sent_return(obligation=owed)
        assert timezone.localdate(version.latest_submission.submitted_at) == DUE
        analyst = user_with(Role.ANALYST)
        (row,) = heat_map(analyst, FinancialYear(2026), june(30)).rows
        assert (row.timely, row.judged) == (1, 1)

    def test_reminders_follow(self, owed, sender):
        extend(owed)
        assert [june(day) for day in range(11, 30) if send(june(day))] == [june(19), june(24), june(29)]

    @pytest.mark.parametrize(
        ("until", "reason", "sentence"),
        [
            (DUE, "Ill.", "already due on 12 June 2026"),
            (june(11), "Ill.", "already due on 12 June 2026"),
            (june(20), "Ill.", "is not a working day. Choose 22 June 2026"),
            (june(24), "  ", "Say why"),
            (date(2027, 6, 24), "Ill.", "half a year"),
        ],
    )
    def test_refuses_what_makes_no_sense(self, owed, until, reason, sentence):
        with pytest.raises(obligations.NotExtendable, match=sentence):
            extend(owed, until=until, reason=reason)

    def test_refuses_a_day_that_has_passed(self, owed):
        with pytest.raises(obligations.NotExtendable, match="has passed"):
            extend(owed, until=june(15), now=noon(june(16)))

    def test_refuses_what_is_sent_accepted_or_waived(self, owed, delivery, manager):
        sent_return(obligation=owed)
        accepted = accepted_return(delivery, Month(2026, 4)).obligation
        waived = ObligationFactory(
            delivery=delivery, month=date(2026, 3, 1), waived_at=at(june(1)), waived_by=manager, waived_reason="Flood."
        )
        for obligation in (owed, accepted, waived):
            with pytest.raises(obligations.NotExtendable):
                extend(obligation)

    @pytest.mark.parametrize("role", [Role.PARTNER_LEAD, Role.FINANCE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR])
    def test_is_not_for_everybody(self, owed, role):
        with pytest.raises(NotAllowed):
            extend(owed, by=user_with(role))


class TestTheDatabase:
    def test_keeps_the_due_date_and_its_extensions_together(self, owed):
        with refused("obligation_due_date_moves_by_extension"):
            Obligation.objects.update(due_date=june(24))
        with refused("extension_moves_due_date"):
            ExtensionFactory(obligation=owed)
        with refused("extension_follows_due_date"):
            ExtensionFactory(obligation=owed, due_before=june(11))

    @pytest.mark.parametrize(
        ("change", "rule"),
        [({"due_date": DUE}, "extension_is_later"), ({"reason": ""}, "extension_has_reason")],
    )
    def test_refuses(self, owed, change, rule):
        with refused(rule):
            ExtensionFactory(obligation=owed, **change)

    def test_never_changes_an_extension(self, owed):
        extension = extend(owed)
        for act in (lambda: Extension.objects.update(reason="Other."), extension.delete):
            with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
                act()

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"remind_before": 21}, "policy_reminders"),
            ({"remind_every": 21}, "policy_reminders"),
            ({"escalate_to_lead_after": 10, "escalate_to_manager_after": 9}, "policy_escalates_upwards"),
            ({"escalate_to_manager_after": 61}, "policy_escalates_upwards"),
        ],
    )
    def test_holds_the_policy_together(self, change, rule):
        with refused(rule):
            PolicyFactory(effective_from=date(2030, 4, 1), **change)


class TestThePages:
    def test_staff_give_more_time_and_the_partner_sees_why(self, owed, sender, client):
        client.force_login(user_with(Role.ANALYST))
        page = reverse("outcomes:return-detail", args=[owed.pk])
        form = reverse("outcomes:obligation-extend", args=[owed.pk])
        assert form in client.get(page).content.decode()
        until = working_days_after(timezone.localdate(), 20)
        typed = {"due_date_day": until.day, "due_date_month": until.month, "due_date_year": until.year}
        wrong = client.post(form, typed | {"reason": ""}).content.decode()
        assert "Say why" in wrong
        shown = client.post(form, typed | {"reason": "The hall was closed."}, follow=True).content.decode()
        assert "The hall was closed." in shown
        client.force_login(sender)
        shown = client.get(page).content.decode()
        assert "The hall was closed." in shown
        assert "12 June 2026" in shown
        assert form not in shown
        assert "instead of 12 June 2026" in client.get("/").content.decode()

    def test_staff_remind_of_a_late_return_once_a_day(self, owed, sender, client):
        client.force_login(user_with(Role.ANALYST))
        page, button = (reverse(f"outcomes:{name}", args=[owed.pk]) for name in ("return-detail", "obligation-remind"))
        assert button in client.get(page).content.decode()
        shown = client.post(button, follow=True).content.decode()
        assert "Reminded: Sunita." in shown
        assert button not in shown
        assert "was written to today already. Nobody" in shown
        shown = client.post(button, follow=True).content.decode()
        assert "Reminded: " not in shown
        assert Message.objects.filter(kind=DIGEST).count() == 1

    @pytest.mark.parametrize("role", [Role.FINANCE_OFFICER, Role.AUDITOR, Role.PARTNER])
    def test_others_are_not_offered_to_remind(self, owed, sender, role, client):
        client.force_login(sender if role == Role.PARTNER else user_with(role))
        page, button = (reverse(f"outcomes:{name}", args=[owed.pk]) for name in ("return-detail", "obligation-remind"))
        assert button not in client.get(page).content.decode()
        assert client.post(button).status_code == 403

    def test_nobody_reminds_of_what_is_not_late(self, owed, sender, client):
        sent_return(obligation=owed)
        client.force_login(user_with(Role.ANALYST))
        shown = client.get(reverse("outcomes:return-detail", args=[owed.pk])).content.decode()
        assert reverse("outcomes:obligation-remind", args=[owed.pk]) not in shown
        assert "not late" not in shown

    def test_nobody_gives_more_time_for_what_is_accepted(self, delivery, client):
        obligation = accepted_return(delivery, Month(2026, 4)).obligation
        client.force_login(user_with(Role.ANALYST))
        shown = client.get(reverse("outcomes:return-detail", args=[obligation.pk])).content.decode()
        assert reverse("outcomes:obligation-extend", args=[obligation.pk]) not in shown
