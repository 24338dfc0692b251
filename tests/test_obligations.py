"""What is owed: opened by the clock, and waived."""

from datetime import date

import pytest

from outcomes.actions import decisions, obligations, returns
from outcomes.models import Obligation, ReturnVersion
from outcomes.queries.policies import NoPolicy
from outcomes.tasks import open_obligations
from partners.models import Event, Message
from tests.factories import DeliveryFactory, PolicyFactory, noon
from tests.test_returns_actions import JUNE, LATER, NOW, sent
from tests.test_returns_actions import categories as categories
from tests.test_returns_actions import obligation as obligation
from tests.test_returns_actions import officer as officer
from tests.test_returns_actions import partner as partner
from vru_portal.core.periods import Month
from vru_portal.core.refusals import NotAllowed

State = ReturnVersion.State


class TestOpenFor:
    def test_opens_one_for_each_delivery_that_runs_in_the_month(self, db):
        PolicyFactory()
        running = DeliveryFactory(starts_on=date(2021, 6, 30))
        DeliveryFactory(starts_on=date(2021, 7, 1))
        DeliveryFactory(starts_on=date(2021, 4, 1), ends_on=date(2021, 5, 31))
        assert obligations.open_for(month=JUNE, now=noon(date(2021, 6, 1))) == 1
        obligation = Obligation.objects.get()
        assert obligation.delivery == running
        assert obligation.due_date == date(2021, 7, 14)  # the tenth working day of July

    def test_opens_nothing_a_second_time(self, db):
        PolicyFactory()
        DeliveryFactory()
        obligations.open_for(month=JUNE, now=NOW)
        assert obligations.open_for(month=JUNE, now=LATER) == 0
        assert Event.objects.filter(name="outcomes.obligation.opened").count() == 1

    def test_says_which_policy_is_missing(self, db):
        DeliveryFactory(starts_on=date(2020, 4, 1))
        with pytest.raises(NoPolicy, match="No policy is in force on 30 June 2020"):
            obligations.open_for(month=Month(2020, 6), now=NOW)


class TestOpenDue:
    def test_opens_the_present_month_and_every_earlier_one(self, db):
        PolicyFactory()
        DeliveryFactory(starts_on=date(2021, 4, 20))
        assert obligations.open_due(now=NOW) == 4
        assert [o.period.number for o in Obligation.objects.order_by("month")] == [4, 5, 6, 7]

    def test_makes_nobody_late_with_what_is_asked_for_afterwards(self, db):
        """Where a delivery is entered after it began, its earlier months are due on the tenth working day from then."""
        PolicyFactory()
        DeliveryFactory(starts_on=date(2021, 4, 20))
        obligations.open_due(now=noon(date(2021, 7, 14)))
        due = dict(Obligation.objects.order_by("month").values_list("month__month", "due_date"))
        assert due == {
            4: date(2021, 7, 27),
            5: date(2021, 7, 27),
            6: date(2021, 7, 27),
            7: date(2021, 8, 13),
        }

    @pytest.mark.parametrize("day", [date(2021, 6, 1), date(2021, 6, 30), date(2021, 7, 1)])
    def test_gives_until_the_same_day_until_the_next_month_begins(self, db, day):
        PolicyFactory()
        DeliveryFactory()
        obligations.open_for(month=JUNE, now=noon(day))
        assert Obligation.objects.get().due_date == date(2021, 7, 14)

    def test_opens_nothing_without_deliveries(self, db):
        assert obligations.open_due(now=NOW) == 0

    def test_runs_as_a_task_that_may_run_twice(self, db):
        PolicyFactory()
        DeliveryFactory(starts_on=date(2021, 4, 1), ends_on=date(2021, 5, 31))
        open_obligations()
        open_obligations()
        assert Obligation.objects.count() == 2


class TestWaive:
    def test_lifts_the_obligation_and_voids_what_was_begun(self, obligation, partner, officer):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        obligations.waive(obligation=obligation, reason="The hall was flooded.", by=officer, now=NOW)
        version.refresh_from_db()
        obligation.refresh_from_db()
        assert obligation.waived_by == officer
        assert version.state == State.VOID
        with pytest.raises(returns.NotOpen, match="waived"):
            returns.start(obligation=obligation, by=partner, now=NOW)

    @pytest.mark.parametrize(("is_begun", "sentence"), [(False, "You need do"), (True, "What was begun is kept")])
    def test_tells_the_partners_people(self, obligation, partner, officer, is_begun, sentence):
        if is_begun:
            returns.start(obligation=obligation, by=partner, now=NOW)
        obligations.waive(obligation=obligation, reason="The hall was flooded.", by=officer, now=NOW)
        message = Message.objects.about(obligation).get()
        assert (message.kind, message.to_user) == ("outcomes.obligation_waived", partner)
        assert f"{officer} at " in message.body
        assert f"\n\nThe hall was flooded.\n\n{sentence}" in message.body

    def test_refuses_without_a_reason(self, obligation, officer):
        with pytest.raises(obligations.NotWaivable, match="Say why"):
            obligations.waive(obligation=obligation, reason=" ", by=officer, now=NOW)

    def test_refuses_a_second_time(self, obligation, officer):
        obligations.waive(obligation=obligation, reason="Flood", by=officer, now=NOW)
        with pytest.raises(obligations.NotWaivable, match="waived already"):
            obligations.waive(obligation=obligation, reason="Flood", by=officer, now=NOW)

    def test_refuses_what_is_sent_or_accepted(self, obligation, partner, officer):
        version = sent(obligation, partner)
        with pytest.raises(obligations.NotWaivable, match="has been sent"):
            obligations.waive(obligation=obligation, reason="Flood", by=officer, now=NOW)
        decisions.accept(submission=version.latest_submission, by=officer, now=NOW)
        with pytest.raises(obligations.NotWaivable, match="is accepted"):
            obligations.waive(obligation=obligation, reason="Flood", by=officer, now=NOW)

    def test_refuses_a_partner(self, obligation, partner):
        with pytest.raises(NotAllowed):
            obligations.waive(obligation=obligation, reason="Flood", by=partner, now=NOW)
