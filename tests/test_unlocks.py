"""Unlocking what is accepted: who asks, who answers, what may be done under it, and how it ends by itself."""

from datetime import date, timedelta

import pytest

from outcomes.actions import corrections, decisions, returns, unlocks
from outcomes.actions.answers import Answers
from outcomes.models import Policy, ReturnVersion, Unlock, UnlockRequest
from outcomes.tasks import end_unlocks
from partners.models import Event, Message
from partners.permissions import Role
from tests.factories import (
    DeliveryFactory,
    ObligationFactory,
    PolicyFactory,
    UnlockFactory,
    accepted_return,
    noon,
    sent_return,
    user_with,
)
from vru_portal.core.periods import Month
from vru_portal.core.refusals import NotAllowed

pytestmark = pytest.mark.django_db
State = ReturnVersion.State
NOBODY = Answers(new_people=0, known_people=0, already_counted_people=0, contacts=0)
TUESDAY = date(2021, 8, 3)
NOW = noon(TUESDAY)
LAST_DAY = date(2021, 8, 10)  # five working days later


def after(days: int):
    return noon(TUESDAY + timedelta(days=days))


@pytest.fixture
def accepted():
    PolicyFactory()
    return accepted_return(DeliveryFactory(), Month(2021, 6), new_people=3)


@pytest.fixture
def obligation(accepted):
    return accepted.obligation


@pytest.fixture
def partner(obligation):
    return user_with(Role.PARTNER, obligation.delivery.partner, name="Asha Patel")


@pytest.fixture
def colleague(obligation):
    return user_with(Role.PARTNER_LEAD, obligation.delivery.partner, name="Ben Okoro")


@pytest.fixture
def manager():
    return user_with(Role.PROGRAMME_MANAGER, name="Callum")


@pytest.fixture
def analyst():
    return user_with(Role.ANALYST, name="Priya")


def unlock(obligation, by, *, until=LAST_DAY, now=NOW, **given) -> Unlock:
    return unlocks.unlock(obligation=obligation, until=until, reason="Counted twice.", by=by, now=now, **given)


def begin(obligation, by, now=NOW) -> ReturnVersion:
    return corrections.start(obligation=obligation, revision_reason="correction", by=by, now=now)


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=f"outcomes.{kind}").values_list("to_user__name", flat=True))


class TestAsk:
    def test_waits_for_the_unit(self, accepted, obligation, partner):
        request = unlocks.ask(obligation=obligation, reason=" We counted twice. ", by=partner, now=NOW)
        assert (request.version, request.reason) == (accepted, "We counted twice.")
        assert list(UnlockRequest.objects.waiting()) == [request]
        event = Event.objects.about(accepted).get()
        assert (event.name, event.by) == ("outcomes.return.unlock_asked_for", partner)

    def test_refuses_a_second_time_and_says_who_did(self, obligation, partner, colleague):
        unlocks.ask(obligation=obligation, reason="Twice.", by=partner, now=NOW)
        with pytest.raises(unlocks.NotUnlockable, match="Asha Patel has asked already"):
            unlocks.ask(obligation=obligation, reason="Twice.", by=colleague, now=NOW)

    def test_refuses_what_is_unlocked_already(self, obligation, partner, manager):
        unlock(obligation, manager)
        with pytest.raises(unlocks.NotUnlockable, match="unlocked for you until 10 August 2021"):
            unlocks.ask(obligation=obligation, reason="Twice.", by=partner, now=NOW)

    def test_refuses_what_is_not_accepted(self):
        version = sent_return()
        partner = user_with(Role.PARTNER, version.obligation.delivery.partner)
        with pytest.raises(unlocks.NotUnlockable, match="not accepted"):
            unlocks.ask(obligation=version.obligation, reason="Twice.", by=partner, now=NOW)

    def test_needs_words(self, obligation, partner):
        with pytest.raises(unlocks.NotUnlockable, match="Say what"):
            unlocks.ask(obligation=obligation, reason="  ", by=partner, now=NOW)

    def test_is_for_its_own_people(self, obligation, analyst):
        for by in (analyst, user_with(Role.PARTNER)):
            with pytest.raises(NotAllowed):
                unlocks.ask(obligation=obligation, reason="Twice.", by=by, now=NOW)


class TestUnlock:
    def test_answers_what_was_asked_and_tells_the_partners_people(self, obligation, partner, colleague, manager):
        request = unlocks.ask(obligation=obligation, reason="Twice.", by=partner, now=NOW)
        given = unlock(obligation, manager)
        request.refresh_from_db()
        assert (given.request, given.for_organisation) == (request, obligation.delivery.partner)
        assert (request.decided_by, request.declined_reason) == (manager, "")
        assert not UnlockRequest.objects.waiting().exists()
        assert told("return_unlocked") == {"Asha Patel", "Ben Okoro"}
        body = Message.objects.filter(kind="outcomes.return_unlocked").first().body
        assert "until the end of 10 August 2021" in body
        assert "Counted twice." in body

    def test_for_one_person_alone(self, obligation, partner, colleague, manager):
        unlock(obligation, manager, for_person=partner)
        with pytest.raises(returns.NotOpen, match="not unlocked for you"):
            begin(obligation, colleague)
        assert begin(obligation, partner).number == 2

    def test_for_the_unit_leaves_what_the_partner_asked_open(self, obligation, partner, manager, analyst):
        request = unlocks.ask(obligation=obligation, reason="Twice.", by=partner, now=NOW)
        unlock(obligation, manager, for_person=analyst)
        assert list(UnlockRequest.objects.waiting()) == [request]
        assert told("return_unlocked") == {"Asha Patel", "Priya"}

    @pytest.mark.parametrize(
        ("until", "sentence"),
        [(date(2021, 8, 2), "2 August 2021 has passed"), (date(2021, 9, 2), "Choose 1 September 2021 at the latest")],
    )
    def test_refuses_a_day_that_makes_no_sense(self, obligation, manager, until, sentence):
        with pytest.raises(unlocks.NotUnlockable, match=sentence):
            unlock(obligation, manager, until=until)

    def test_lasts_as_long_as_the_policy_says(self, obligation, manager):
        Policy.objects.update(unlock_days=1, unlock_days_most=2)
        with pytest.raises(unlocks.NotUnlockable, match="Choose 5 August 2021 at the latest"):
            unlock(obligation, manager)

    def test_refuses_no_more_than_there_is_and_gives_more(self, obligation, partner, manager):
        unlock(obligation, manager)
        with pytest.raises(unlocks.NotUnlockable, match="until 10 August 2021 already"):
            unlock(obligation, manager)
        begin(obligation, partner)
        unlock(obligation, manager, until=date(2021, 8, 12))
        assert unlocks.end_expired(now=noon(date(2021, 8, 12))) == 0
        assert unlocks.end_expired(now=noon(date(2021, 8, 13))) == 1

    def test_refuses_a_person_of_somewhere_else(self, obligation, manager):
        for stranger in (user_with(Role.PARTNER), user_with(Role.FINANCE_OFFICER)):
            with pytest.raises(unlocks.NotUnlockable, match="neither sends"):
                unlock(obligation, manager, for_person=stranger)

    def test_refuses_what_is_not_accepted(self, manager):
        PolicyFactory()
        with pytest.raises(unlocks.NotUnlockable, match="not accepted"):
            unlock(ObligationFactory(), manager)

    @pytest.mark.parametrize("role", [Role.PARTNER_LEAD, Role.FINANCE_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR])
    def test_is_not_for_everybody(self, obligation, role):
        with pytest.raises(NotAllowed):
            unlock(obligation, user_with(role))


class TestDecline:
    def test_leaves_it_locked_and_says_why(self, obligation, partner, colleague, manager):
        request = unlocks.ask(obligation=obligation, reason="Twice.", by=partner, now=NOW)
        unlocks.decline(request=request, reason="It is right as it is.", by=manager, now=NOW)
        assert told("unlock_declined") == {"Asha Patel", "Ben Okoro"}
        with pytest.raises(returns.NotOpen):
            begin(obligation, partner)
        unlocks.ask(obligation=obligation, reason="Look again, please.", by=partner, now=after(1))

    def test_refuses_what_counts_no_longer(self, accepted, obligation, partner, manager):
        request = unlocks.ask(obligation=obligation, reason="Twice.", by=partner, now=NOW)
        corrections.void(version=accepted, reason="Of another delivery.", by=manager, now=NOW)
        with pytest.raises(unlocks.NotUnlockable, match="counts no longer"):
            unlocks.decline(request=request, reason="No.", by=manager, now=NOW)

    def test_refuses_what_is_answered(self, obligation, partner, manager, analyst):
        request = unlocks.ask(obligation=obligation, reason="Twice.", by=partner, now=NOW)
        unlock(obligation, manager)
        with pytest.raises(unlocks.DecidedAlready, match="Callum unlocked the return already"):
            unlocks.decline(request=request, reason="No.", by=analyst, now=NOW)


class TestWhileItIsUnlocked:
    def test_the_correction_is_sent_and_accepted_and_locks_again(self, accepted, obligation, partner, manager):
        given = unlock(obligation, manager)
        second = begin(obligation, partner)
        assert second.unlock == given
        sent = returns.submit(version=second, answers=NOBODY, by=partner, now=after(7))
        decisions.accept(submission=sent, by=manager, now=after(7))
        assert not Unlock.objects.in_force(LAST_DAY).exists()
        with pytest.raises(returns.NotOpen, match="is accepted, and not unlocked for you"):
            begin(obligation, partner, now=after(7))
        assert list(given.corrections.all()) == [second]

    def test_nothing_is_begun_after_the_last_day(self, obligation, partner, manager):
        unlock(obligation, manager)
        with pytest.raises(returns.NotOpen, match="not unlocked for you"):
            begin(obligation, partner, now=after(8))

    def test_nothing_is_saved_or_sent_after_the_last_day(self, obligation, partner, manager):
        unlock(obligation, manager)
        second = begin(obligation, partner)
        with pytest.raises(returns.NotOpen, match="not unlocked for you"):
            returns.save_draft(version=second, typed={"contacts": "9"}, opened={}, by=partner, now=after(8))
        for send in (
            lambda: returns.submit(version=second, answers=NOBODY, by=partner, now=after(8)),
            lambda: returns.send_nil(obligation=obligation, reason="Flood", by=partner, now=after(8)),
        ):
            with pytest.raises(returns.NotOpen, match="not unlocked for you"):
                send()

    def test_the_unit_corrects_under_its_own_and_never_accepts_it(self, obligation, manager, analyst):
        unlock(obligation, manager, for_person=analyst)
        second = begin(obligation, analyst)
        assert second.is_backfilled
        sent = returns.backfill(obligation=obligation, answers=NOBODY, by=analyst, now=NOW)
        with pytest.raises(decisions.NotDecidable, match="You sent this return yourself"):
            decisions.accept(submission=sent, by=analyst, now=NOW)
        decisions.accept(submission=sent, by=manager, now=NOW)

    def test_the_unit_has_no_key_of_its_own(self, obligation, partner, manager, analyst):
        unlock(obligation, manager)
        begin(obligation, partner)
        with pytest.raises(returns.NotOpen, match="not unlocked for you"):
            returns.backfill(obligation=obligation, answers=NOBODY, by=analyst, now=NOW)

    def test_what_the_unit_returns_late_can_be_sent_again(self, obligation, partner, manager):
        unlock(obligation, manager)
        second = begin(obligation, partner)
        sent = returns.submit(version=second, answers=NOBODY, by=partner, now=after(7))
        decisions.return_to_partner(submission=sent, reason="Nobody at all?", by=manager, now=after(20))
        body = Message.objects.get(kind="outcomes.return_came_back").body
        assert "end of 31 August 2021" in " ".join(body.split())
        returns.submit(version=second, answers=NOBODY, by=partner, now=after(27))

    def test_what_is_returned_in_time_needs_no_other(self, obligation, partner, manager):
        unlock(obligation, manager, until=date(2021, 8, 31))
        sent = returns.submit(version=begin(obligation, partner), answers=NOBODY, by=partner, now=NOW)
        decisions.return_to_partner(submission=sent, reason="Nobody at all?", by=manager, now=NOW)
        assert Unlock.objects.count() == 1

    def test_what_is_returned_late_is_given_to_nobody_whose_unlock_was_taken_back(
        self, obligation, partner, colleague, manager, analyst
    ):
        everybodys = unlock(obligation, manager, until=date(2021, 8, 31))
        unlock(obligation, manager, for_person=partner)
        sent = returns.submit(version=begin(obligation, partner), answers=NOBODY, by=partner, now=NOW)
        unlocks.take_back(unlock=everybodys, reason="Only Asha.", by=analyst, now=NOW)
        decisions.return_to_partner(submission=sent, reason="Nobody at all?", by=manager, now=after(20))
        assert Unlock.objects.latest("pk").for_person == partner


class TestItsEnd:
    def test_a_correction_that_was_not_sent_becomes_void_by_itself(self, accepted, obligation, partner, manager):
        unlock(obligation, manager)
        second = begin(obligation, partner)
        assert [unlocks.end_expired(now=after(days)) for days in (0, 7, 8, 9)] == [0, 0, 1, 0]
        second.refresh_from_db()
        assert (second.state, second.voided_by) == (State.VOID, None)
        assert second.reason == "Not sent by 10 August 2021, when the unlock ended."
        accepted.refresh_from_db()
        assert accepted.state == State.ACCEPTED
        assert told("correction_ended") == {"Asha Patel"}
        event = Event.objects.about(second).get(name="outcomes.return.correction_ended")
        assert event.by is None

    def test_the_clock_does_it(self, accepted, partner, manager):
        given = UnlockFactory(version=accepted, unlocked_at=NOW)
        second = begin(accepted.obligation, partner)
        end_unlocks()  # years later
        second.refresh_from_db()
        assert (second.unlock, second.state) == (given, State.VOID)

    def test_so_does_one_that_came_back(self, obligation, partner, manager):
        unlock(obligation, manager)
        sent = returns.submit(version=begin(obligation, partner), answers=NOBODY, by=partner, now=NOW)
        decisions.return_to_partner(submission=sent, reason="Nobody at all?", by=manager, now=NOW)
        assert unlocks.end_expired(now=after(8)) == 1

    def test_what_was_sent_waits_to_be_read(self, obligation, partner, manager):
        unlock(obligation, manager)
        sent = returns.submit(version=begin(obligation, partner), answers=NOBODY, by=partner, now=NOW)
        assert unlocks.end_expired(now=after(30)) == 0
        decisions.accept(submission=sent, by=manager, now=after(30))

    def test_a_return_that_was_never_accepted_has_none(self, obligation, partner):
        july = ObligationFactory(delivery=obligation.delivery, month=date(2021, 7, 1))
        returns.start(obligation=july, by=partner, now=NOW)
        assert unlocks.end_expired(now=after(900)) == 0


class TestTakeBack:
    def test_ends_it_and_what_was_not_sent(self, obligation, partner, manager, analyst):
        given = unlock(obligation, manager)
        second = begin(obligation, partner)
        unlocks.take_back(unlock=given, reason="Given by mistake.", by=analyst, now=after(1))
        second.refresh_from_db()
        assert (second.state, second.voided_by) == (State.VOID, analyst)
        assert second.reason == "The unlock was taken back: Given by mistake."
        assert told("unlock_taken_back") == {"Asha Patel"}
        with pytest.raises(returns.NotOpen, match="not unlocked for you"):
            begin(obligation, partner, now=after(1))

    def test_leaves_what_somebody_elses_unlock_allows(self, obligation, partner, manager, analyst):
        mine, theirs = unlock(obligation, manager, for_person=analyst), unlock(obligation, manager)
        second = begin(obligation, partner)
        unlocks.take_back(unlock=mine, reason="Not needed.", by=analyst, now=NOW)
        second.refresh_from_db()
        assert (second.state, second.unlock) == (State.DRAFT, theirs)

    def test_refuses_a_second_time_and_after_its_day(self, obligation, manager, analyst):
        given = unlock(obligation, manager)
        with pytest.raises(unlocks.DecidedAlready, match="ended already"):
            unlocks.take_back(unlock=given, reason="Late.", by=analyst, now=after(8))
        unlocks.take_back(unlock=given, reason="By mistake.", by=manager, now=NOW)
        with pytest.raises(unlocks.DecidedAlready, match="Callum has taken it back already"):
            unlocks.take_back(unlock=given, reason="Too.", by=analyst, now=NOW)

    def test_is_not_the_partners(self, obligation, partner, manager):
        with pytest.raises(NotAllowed):
            unlocks.take_back(unlock=unlock(obligation, manager), reason="No.", by=partner, now=NOW)
