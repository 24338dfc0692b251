"""Many people at once, on a real PostgreSQL: one of them is first, and the others are told."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection

from outcomes.actions import corrections, decisions, digests, obligations, returns, unlocks
from outcomes.actions.answers import Answers
from outcomes.models import Obligation, ReturnVersion, Submission
from partners.models import Event, Message, User
from partners.permissions import Role
from tests.factories import (
    DeliveryFactory,
    ObligationFactory,
    PolicyFactory,
    UnlockFactory,
    noon,
    sent_return,
    user_with,
)
from vru_portal.core.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)

NOW = noon(date(2021, 7, 5))
NOBODY = Answers(new_people=0, known_people=0, already_counted_people=0, contacts=0)


def at_once(people: int, act) -> Counter:
    """`act(n)` by so many threads that begin together; how often each result or refusal came back."""
    together = Barrier(people)

    def one(number: int) -> str:
        together.wait()
        try:
            return type(act(number)).__name__
        except Exception as problem:
            return type(problem).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(people) as pool:
        return Counter(pool.map(one, range(people)))


@pytest.fixture
def obligation():
    return ObligationFactory(month=date(2021, 6, 1))


@pytest.fixture
def partner(obligation):
    return user_with(Role.PARTNER, obligation.delivery.partner)


@pytest.fixture
def accepted(obligation):
    return sent_return(obligation=obligation, accepted=True)


def correct(accepted: ReturnVersion, by: User) -> ReturnVersion:
    return corrections.start(obligation=accepted.obligation, revision_reason="correction", by=by, now=NOW)


class TestAtOnce:
    def test_two_hundred_submits_of_one_version_send_it_once(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        outcome = at_once(200, lambda n: returns.submit(version=version, answers=NOBODY, by=partner, now=NOW))
        assert outcome == {"Submission": 1, "AlreadySent": 199}
        assert Submission.objects.count() == 1

    def test_ten_tabs_save_one_field_and_nine_are_told(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        told = []

        def save(n):
            typed = {"new_people": f"{n + 1}", f"field_{n}": "1"}
            told.append(returns.save_draft(version=version, typed=typed, opened={}, by=partner, now=NOW).differing)

        at_once(10, save)
        assert sorted(map(len, told)) == [0] + [1] * 9
        saved = ReturnVersion.objects.get()
        assert (saved.revision, len(saved.typed)) == (10, 11)

    def test_ten_people_begin_one_draft(self, obligation, partner):
        outcome = at_once(10, lambda n: returns.start(obligation=obligation, by=partner, now=NOW))
        assert outcome == {"ReturnVersion": 10}
        assert ReturnVersion.objects.count() == 1

    def test_nil_and_numbers_at_once_send_one_of_them(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        acts = [
            lambda: returns.submit(version=version, answers=NOBODY, by=partner, now=NOW),
            lambda: returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW),
        ]
        assert at_once(2, lambda n: acts[n]()) == {"Submission": 1, "AlreadySent": 1}

    def test_accepting_and_returning_at_once_decides_one_way(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        read = returns.submit(version=version, answers=NOBODY, by=partner, now=NOW)
        readers = [user_with(Role.ANALYST), user_with(Role.DIRECTOR)]
        acts = [
            lambda: decisions.accept(submission=read, by=readers[0], now=NOW),
            lambda: decisions.return_to_partner(submission=read, reason="Check C.", by=readers[1], now=NOW),
        ]
        assert at_once(2, lambda n: acts[n]()) == {"ReturnVersion": 1, "NotDecidable": 1}

    def test_what_was_sent_again_is_not_accepted_by_who_read_the_first_numbers(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        read = returns.submit(version=version, answers=NOBODY, by=partner, now=NOW)
        decisions.return_to_partner(submission=read, reason="Nobody?", by=user_with(Role.DIRECTOR), now=NOW)
        analyst = user_with(Role.ANALYST)
        acts = [
            lambda: returns.submit(version=version, answers=NOBODY, by=partner, now=NOW),
            lambda: decisions.accept(submission=read, by=analyst, now=NOW),
        ]
        outcome = at_once(2, lambda n: acts[n]())
        assert outcome in ({"Submission": 1, "SentAgain": 1}, {"Submission": 1, "NotDecidable": 1})
        version.refresh_from_db()
        assert version.state == ReturnVersion.State.SUBMITTED

    def test_six_clocks_remind_a_person_once(self, obligation, partner):
        PolicyFactory()
        morning = noon(date(2021, 7, 14))  # the day on which it is due
        at_once(6, lambda n: digests.send_due(now=morning + timedelta(minutes=n)))
        (message,) = Message.objects.all()
        assert (message.to_user, message.subjects.count()) == (partner, 1)

    def test_four_people_remind_a_partner_once(self, obligation, partner):
        PolicyFactory()
        user_with(Role.PARTNER, obligation.delivery.partner)
        people, late = [user_with(Role.ANALYST) for _ in range(4)], noon(date(2021, 7, 20))
        outcome = at_once(4, lambda n: digests.remind(obligation=obligation, by=people[n], now=late))
        assert outcome == {"list": 1, "NotReminded": 3}
        assert Message.objects.count() == 2
        assert Event.objects.about(obligation).count() == 1

    def test_two_people_extend_to_one_day_and_the_second_is_told(self, obligation):
        people = [user_with(Role.ANALYST), user_with(Role.DIRECTOR)]
        until = date(2021, 7, 23)
        outcome = at_once(
            2,
            lambda n: obligations.extend(obligation=obligation, due_date=until, reason="Flood.", by=people[n], now=NOW),
        )
        assert outcome == {"Extension": 1, "NotExtendable": 1}

    def test_two_people_begin_one_correction_under_one_unlock(self, accepted):
        UnlockFactory(version=accepted, unlocked_at=NOW)
        people = [user_with(Role.PARTNER, accepted.obligation.delivery.partner) for _ in range(2)]
        outcome = at_once(2, lambda n: correct(accepted, people[n]))
        assert outcome == {"ReturnVersion": 2}
        assert accepted.obligation.versions.count() == 2

    def test_beginning_a_correction_while_the_unlock_is_taken_back_leaves_nothing_open(self, accepted):
        unlock = UnlockFactory(version=accepted, unlocked_at=NOW)
        partner, manager = user_with(Role.PARTNER, accepted.obligation.delivery.partner), user_with(Role.DIRECTOR)
        acts = [
            lambda: correct(accepted, partner),
            lambda: unlocks.take_back(unlock=unlock, reason="Mistake.", by=manager, now=NOW),
        ]
        outcome = at_once(2, lambda n: acts[n]())
        assert outcome in ({"ReturnVersion": 1, "Unlock": 1}, {"NotOpen": 1, "Unlock": 1})
        assert not accepted.obligation.versions.filter(state__in=ReturnVersion.OPEN_STATES).exists()

    def test_two_people_take_one_unlock_back_and_the_second_is_told(self, accepted):
        unlock = UnlockFactory(version=accepted, unlocked_at=NOW)
        people = [user_with(Role.ANALYST), user_with(Role.DIRECTOR)]
        outcome = at_once(2, lambda n: unlocks.take_back(unlock=unlock, reason="Mistake.", by=people[n], now=NOW))
        assert outcome == {"Unlock": 1, "DecidedAlready": 1}

    def test_a_request_is_granted_or_declined(self, accepted):
        PolicyFactory()
        people = [user_with(Role.ANALYST), user_with(Role.DIRECTOR)]
        partner = user_with(Role.PARTNER, accepted.obligation.delivery.partner)
        request = unlocks.ask(obligation=accepted.obligation, reason="Twice.", by=partner, now=NOW)
        until = date(2021, 7, 9)
        acts = [
            lambda: unlocks.decline(request=request, reason="No.", by=people[0], now=NOW),
            lambda: unlocks.unlock(obligation=accepted.obligation, until=until, reason="Yes.", by=people[1], now=NOW),
        ]
        outcome = at_once(2, lambda n: acts[n]())
        # Declined first, it is unlocked of the unit's own accord.
        assert outcome in ({"UnlockRequest": 1, "Unlock": 1}, {"DecidedAlready": 1, "Unlock": 1})
        request.refresh_from_db()
        assert bool(request.declined_reason) != request.unlocks.exists()

    def test_six_clocks_end_a_correction_once(self, accepted):
        UnlockFactory(version=accepted, unlocked_at=NOW)
        correct(accepted, user_with(Role.PARTNER, accepted.obligation.delivery.partner))
        at_once(6, lambda n: unlocks.end_expired(now=noon(date(2021, 7, 20))))
        assert Message.objects.filter(kind="outcomes.correction_ended").count() == 1
        assert Event.objects.filter(name="outcomes.return.correction_ended").count() == 1

    def test_sending_and_ending_at_once_do_one_of_the_two(self, accepted):
        unlock = UnlockFactory(version=accepted, unlocked_at=NOW)
        partner = user_with(Role.PARTNER, accepted.obligation.delivery.partner)
        version = correct(accepted, partner)
        manager = user_with(Role.DIRECTOR)
        acts = [
            lambda: returns.submit(version=version, answers=NOBODY, by=partner, now=NOW),
            lambda: unlocks.take_back(unlock=unlock, reason="Mistake.", by=manager, now=NOW),
        ]
        outcome = at_once(2, lambda n: acts[n]())
        assert outcome in ({"Submission": 1, "Unlock": 1}, {"NotOpen": 1, "Unlock": 1})
        version.refresh_from_db()
        assert version.state == ("submitted" if "Submission" in outcome else "void")

    def test_making_void_and_correcting_at_once_do_one_of_the_two(self, accepted):
        UnlockFactory(version=accepted, unlocked_at=NOW)
        partner, manager = user_with(Role.PARTNER, accepted.obligation.delivery.partner), user_with(Role.DIRECTOR)
        acts = [
            lambda: correct(accepted, partner),
            lambda: corrections.void(version=accepted, reason="Sent twice.", by=manager, now=NOW),
        ]
        outcome = at_once(2, lambda n: acts[n]())
        assert outcome in ({"ReturnVersion": 1, "NotVoidable": 1}, {"NotOpen": 1, "ReturnVersion": 1})
        states = sorted(accepted.obligation.versions.values_list("state", flat=True))
        assert states in (["accepted", "draft"], ["void"])

    def test_six_clocks_open_a_month_once(self):
        PolicyFactory()
        for _ in range(8):
            DeliveryFactory()
        at_once(6, lambda n: obligations.open_for(month=Month(2021, 6), now=noon(date(2021, 6, 1 + n))))
        assert Obligation.objects.count() == 8
