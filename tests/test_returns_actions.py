"""A return's way through the actions: what each does, what it refuses, and in which words."""

from datetime import date

import pytest

from outcomes.actions import corrections, decisions, obligations, returns, templates
from outcomes.actions.answers import Answers, as_typed, measure_field
from outcomes.actions.return_access import NotYours, may_write
from outcomes.models import Category, Obligation, ReturnVersion, Submission
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.queries.questions import questions_of
from outcomes.queries.reach import NoPolicy
from outcomes.tasks import open_obligations
from partners.models import Event, Message, User
from partners.permissions import Role
from programmes.models import Delivery, Rung
from tests.factories import (
    NUMBERS_EXPOSED,
    CategoryFactory,
    DeliveryFactory,
    MeasureFactory,
    MembershipFactory,
    ObligationFactory,
    OrganisationFactory,
    PolicyFactory,
    ProgrammeFactory,
    SubmissionFactory,
    UnlockFactory,
    asking,
    noon,
    published_template,
    user_with,
)
from vru_portal.core.periods import Month
from vru_portal.core.refusals import NotAllowed

JUNE = Month(2021, 6)
NOW = noon(date(2021, 7, 5))
LATER = noon(date(2021, 7, 6))
State = ReturnVersion.State


@pytest.fixture
def categories(db):
    """Two lines in each breakdown: one that is known, and not known."""
    codes = {Dimension.AGE_BAND: "14-15", Dimension.SEX: "female", Dimension.ETHNICITY: "white-irish"}
    for dimension in Dimension:
        CategoryFactory(dimension=dimension, code=codes.get(dimension, "E08000030"), order=1)
        CategoryFactory(dimension=dimension, code="not-known", name="Not known", order=2)
    return list(Category.objects.all())


@pytest.fixture
def obligation(categories):
    return ObligationFactory(month=JUNE.first)


@pytest.fixture
def partner(obligation):
    return user_with(Role.PARTNER, obligation.delivery.partner, name="Asha Patel")


@pytest.fixture
def officer(db):
    return user_with(Role.PROGRAMME_MANAGER, name="Ben Okoro")


def answers(first_seen: int = 10, already: int = 0, **given) -> Answers:
    """Answers that add up: everybody in the first line of each breakdown."""
    people = {Seen.FIRST_SEEN.value: first_seen, Seen.ALREADY_COUNTED.value: already}
    usual = {
        "new_people": first_seen,
        "known_people": 0,
        "already_counted_people": already,
        "contacts": first_seen + already,
        "cells": {
            (seen, category.pk): number
            for seen, number in people.items()
            for category in Category.objects.filter(order=1)
        },
    }
    return Answers(**usual | given)


def sent(obligation, by, **given) -> ReturnVersion:
    version = returns.start(obligation=obligation, by=by, now=NOW)
    returns.submit(version=version, answers=answers(**given), by=by, now=NOW)
    version.refresh_from_db()
    return version


def accepted(obligation, by, officer, **given) -> ReturnVersion:
    return decisions.accept(submission=sent(obligation, by, **given).latest_submission, by=officer, now=LATER)


class TestOpenFor:
    def test_opens_one_for_each_delivery_that_runs_in_the_month(self, db):
        PolicyFactory()
        running = DeliveryFactory(starts_on=date(2021, 6, 30))
        DeliveryFactory(starts_on=date(2021, 7, 1))
        DeliveryFactory(starts_on=date(2021, 4, 1), ends_on=date(2021, 5, 31))
        assert obligations.open_for(month=JUNE, now=NOW) == 1
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


class TestStart:
    def test_gives_the_same_draft_to_everybody(self, obligation, partner):
        colleague = user_with(Role.PARTNER_LEAD, obligation.delivery.partner)
        first = returns.start(obligation=obligation, by=partner, now=NOW)
        assert returns.start(obligation=obligation, by=colleague, now=LATER) == first
        assert (first.number, first.state, first.is_backfilled) == (1, State.DRAFT, False)

    def test_refuses_another_organisation(self, obligation):
        with pytest.raises(NotAllowed, match="belongs to another organisation"):
            returns.start(obligation=obligation, by=user_with(Role.PARTNER), now=NOW)

    @pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.AUDITOR, Role.FINANCE_OFFICER])
    def test_refuses_those_who_only_read(self, obligation, role):
        with pytest.raises(NotAllowed):
            returns.start(obligation=obligation, by=user_with(role), now=NOW)

    def test_refuses_a_month_after_the_delivery_has_ended(self, obligation, partner):
        obligation.delivery.ends_on = date(2021, 5, 31)
        obligation.delivery.save()
        with pytest.raises(returns.NotOpen, match="ended before June 2021: nothing is owed"):
            returns.start(obligation=obligation, by=partner, now=NOW)

    def test_refuses_the_unit_until_the_month_is_over(self, obligation, officer):
        with pytest.raises(returns.NotOpen, match="June 2021 is not over yet"):
            returns.start(obligation=obligation, by=officer, now=noon(JUNE.last))
        assert returns.start(obligation=obligation, by=officer, now=NOW).is_backfilled


class TestSaveDraft:
    def save(self, version, by, typed: dict, opened: dict | None = None, now=NOW):
        return returns.save_draft(version=version, typed=typed, opened=opened or {}, by=by, now=now)

    def test_keeps_what_is_not_a_number(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        saved = self.save(version, partner, {"new_people": "about ten", "contacts": ""}).version
        assert (saved.typed, saved.revision, saved.saved_by) == ({"new_people": "about ten"}, 1, partner)

    def test_leaves_fields_alone_that_are_not_on_the_page(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        self.save(version, partner, {"new_people": "12"})
        saved = self.save(version, partner, {"contacts": "30"})
        assert saved.version.typed == {"new_people": "12", "contacts": "30"}

    def test_empties_a_field(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        self.save(version, partner, {"new_people": "12"})
        saved = self.save(version, partner, {"new_people": ""}, {"new_people": "12"})
        assert saved.version.typed == {}

    def test_keeps_the_first_where_two_change_the_same_field(self, obligation, partner):
        colleague = user_with(Role.PARTNER_LEAD, obligation.delivery.partner, name="Bo Lin")
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        self.save(version, colleague, {"new_people": "12"})
        saved = self.save(version, partner, {"new_people": "14", "contacts": "20"})
        assert saved.differing == {"new_people": "12"}
        assert saved.by_whom == "Bo Lin changed this at 12:00."
        assert saved.version.typed == {"new_people": "12", "contacts": "20"}

    def test_takes_the_same_typing_twice(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        for _ in range(2):
            saved = self.save(version, partner, {"new_people": "12"})
        assert (saved.version.revision, saved.differing) == (1, {})

    def test_writes_no_personal_details(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        saved = self.save(version, partner, {"comment": "Ring 07700 900123", "contacts": "07700 900123"})
        assert set(saved.held) == {"comment", "contacts"}
        assert saved.version.typed == {}

    def test_refuses_after_sending(self, obligation, partner):
        version = sent(obligation, partner)
        with pytest.raises(returns.AlreadySent, match="Asha Patel sent this return at 12:00 on 5 July 2021"):
            self.save(version, partner, {"new_people": "1"})


class TestSubmit:
    def test_writes_what_was_said(self, obligation, partner):
        version = sent(obligation, partner, first_seen=7, already=2)
        submission = version.latest_submission
        assert (submission.people, submission.contacts, submission.submitted_by) == (9, 9, partner)
        assert submission.counts.count() == 8
        assert version.state == State.SUBMITTED

    def test_refuses_a_second_time(self, obligation, partner):
        version = sent(obligation, partner)
        with pytest.raises(returns.AlreadySent, match="Nothing was sent twice"):
            returns.submit(version=version, answers=answers(), by=partner, now=LATER)
        assert Submission.objects.count() == 1

    def test_refuses_what_changed_since_it_was_checked(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        returns.save_draft(version=version, typed={"new_people": "12"}, opened={}, by=partner, now=NOW)
        with pytest.raises(returns.ChangedMeanwhile, match="Asha Patel changed this at 12:00"):
            returns.submit(version=version, answers=answers(), revision=0, by=partner, now=NOW)

    def test_refuses_what_does_not_add_up(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        with pytest.raises(returns.DoesNotAddUp, match="Age of the 11 people first seen this year adds up to 10"):
            returns.submit(version=version, answers=answers(new_people=11, contacts=11), by=partner, now=NOW)
        assert not Submission.objects.exists()

    def test_refuses_more_already_counted_than_were_counted_since_april(self, obligation, partner):
        april, may = (ObligationFactory(delivery=obligation.delivery, month=date(2021, m, 1)) for m in (4, 5))
        sent(april, partner, first_seen=3)
        sent(may, partner, first_seen=2, already=3)
        with pytest.raises(
            returns.DoesNotAddUp, match=r"You have counted 5 people since April, so C can be at most 5\."
        ):
            sent(obligation, partner, first_seen=1, already=6)
        assert sent(obligation, partner, first_seen=1, already=5).state == State.SUBMITTED

    def test_refuses_another_organisation(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        with pytest.raises(NotAllowed):
            returns.submit(version=version, answers=answers(), by=user_with(Role.PARTNER_LEAD), now=NOW)

    def test_takes_an_estimate_for_the_exposure_rung(self, categories):
        obligation = ObligationFactory(delivery__programme=ProgrammeFactory(rung=Rung.EXPOSURE), month=JUNE.first)
        partner = user_with(Role.PARTNER, obligation.delivery.partner)
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        said = Answers(exposed_people=900, exposure_method="Counted at the gate twice.")
        submission = returns.submit(version=version, answers=said, by=partner, now=NOW)
        assert (submission.exposed_people, submission.people) == (900, None)


WAITING = {"key": "change", "title": "Change", "questions": [{"measure": "waiting"}]}


class TestSendNil:
    def test_sends_true_zeros_with_the_reason(self, obligation, partner):
        submission = returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW)
        assert (submission.is_nil, submission.people, submission.contacts) == (True, 0, 0)
        assert submission.version.state == State.SUBMITTED

    def test_sends_nobody_exposed_and_nobody_measured(self, categories):
        programme = ProgrammeFactory(rung=Rung.EXPOSURE)
        MeasureFactory(code="waiting", kind="median", unit="days", over_months="median", over_places="median")
        template = published_template("routes", [NUMBERS_EXPOSED, WAITING]).template
        templates.assign(programme=programme, template=template, by=None, now=NOW)
        obligation = ObligationFactory(delivery__programme=programme, month=JUNE.first)
        partner = user_with(Role.PARTNER, obligation.delivery.partner)
        submission = returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW)
        assert (submission.exposed_people, submission.measure_answers.get().people) == (0, 0)

    def test_says_nothing_of_levels_at_the_months_end(self, obligation, partner):
        held = MeasureFactory(name="Sessions held")
        stock = MeasureFactory(name="Open cases", over_months="latest")
        template = published_template("cases", asking(held, stock)).template
        templates.assign(programme=obligation.delivery.programme, template=template, by=None, now=NOW)
        submission = returns.send_nil(obligation=obligation, reason="Nobody came", by=partner, now=NOW)
        assert [(answer.measure, answer.value) for answer in submission.measure_answers.all()] == [(held, 0)]
        assert as_typed(submission).keys() & {measure_field(held, "value"), measure_field(stock, "value")} == {
            measure_field(held, "value")
        }

    def test_refuses_without_a_reason(self, obligation, partner):
        with pytest.raises(returns.NotOpen, match="Choose why"):
            returns.send_nil(obligation=obligation, reason="", by=partner, now=NOW)

    def test_refuses_a_second_time(self, obligation, partner):
        returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW)
        with pytest.raises(returns.AlreadySent):
            returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW)


class TestTakeBack:
    def test_opens_it_again_and_keeps_what_was_sent(self, obligation, partner):
        version = returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW).version
        taken = returns.take_back(version=version, by=partner, now=NOW)
        assert (taken.state, taken.submissions.count()) == (State.DRAFT, 1)
        again = returns.send_nil(obligation=obligation, reason="Nobody came", by=partner, now=NOW)
        assert (again.version, again.sequence) == (version, 2)

    def test_goes_back_to_returned_with_the_reason_where_the_unit_had_asked_for_a_change(
        self, obligation, partner, officer
    ):
        sent = returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW)
        decisions.return_to_partner(submission=sent, reason="Were there none?", by=officer, now=NOW)
        again = returns.send_nil(obligation=obligation, reason="Nobody came", by=partner, now=NOW)
        taken = returns.take_back(version=again.version, by=partner, now=NOW)
        assert (taken.state, taken.reason) == (State.RETURNED, "Were there none?")

    def test_refuses_once_it_is_decided(self, obligation, partner, officer):
        sent = returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW)
        decisions.accept(submission=sent, by=officer, now=NOW)
        with pytest.raises(returns.NotOpen, match="has not decided yet"):
            returns.take_back(version=sent.version, by=partner, now=NOW)

    def test_refuses_others(self, obligation, partner):
        sent = returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW)
        with pytest.raises(NotYours):
            returns.take_back(version=sent.version, by=user_with(Role.PARTNER), now=NOW)

    def test_leaves_nothing_to_decide(self, obligation, partner, officer):
        sent = returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW)
        returns.take_back(version=sent.version, by=partner, now=NOW)
        with pytest.raises(decisions.NotDecidable, match="taken this return back"):
            decisions.accept(submission=sent, by=officer, now=NOW)


class TestReturnToPartner:
    def test_gives_it_back_with_the_reason_and_what_was_sent(self, obligation, partner, officer):
        version = sent(obligation, partner, first_seen=7)
        returned = decisions.return_to_partner(
            submission=version.latest_submission, reason="Check the ages.", by=officer, now=LATER
        )
        assert (returned.state, returned.reason, returned.typed["new_people"]) == (
            State.RETURNED,
            "Check the ages.",
            "7",
        )
        again = returns.submit(version=returned, answers=answers(8), by=partner, now=LATER)
        assert again.sequence == 2

    def test_writes_to_each_of_the_partners_people_once(self, obligation, partner, officer):
        lead = user_with(Role.PARTNER_LEAD, obligation.delivery.partner)
        version = sent(obligation, partner)
        decisions.return_to_partner(
            submission=version.latest_submission, reason="Check the ages.", by=officer, now=LATER
        )
        written = Message.objects.about(obligation)
        assert {message.to_user for message in written} == {partner, lead}
        assert all("Check the ages." in message.body for message in written)

    def test_refuses_without_a_reason(self, obligation, partner, officer):
        version = sent(obligation, partner)
        with pytest.raises(decisions.NotDecidable, match="Say what the partner should change"):
            decisions.return_to_partner(submission=version.latest_submission, reason="  ", by=officer, now=LATER)

    def test_refuses_a_partner(self, obligation, partner):
        read = sent(obligation, partner).latest_submission
        with pytest.raises(NotAllowed):
            decisions.return_to_partner(submission=read, reason="No", by=partner, now=LATER)


def correction(accepted: ReturnVersion, by: User) -> ReturnVersion:
    """Begun of what was accepted, which is unlocked for its partner."""
    UnlockFactory(version=accepted, unlocked_at=LATER)
    return corrections.start(obligation=accepted.obligation, revision_reason="correction", by=by, now=LATER)


class TestAccept:
    def test_makes_it_the_authoritative_version(self, obligation, partner, officer):
        version = accepted(obligation, partner, officer)
        assert (version.state, version.decided_by) == (State.ACCEPTED, officer)
        assert list(Obligation.objects.met()) == [obligation]

    def test_refuses_whoever_sent_it(self, obligation, officer):
        version = sent(obligation, officer)
        with pytest.raises(decisions.NotDecidable, match="You sent this return yourself"):
            decisions.accept(submission=version.latest_submission, by=officer, now=LATER)

    def test_refuses_a_second_time_and_says_who_did(self, obligation, partner, officer):
        version = accepted(obligation, partner, officer)
        with pytest.raises(
            decisions.NotDecidable, match=r"accepted already\. Ben Okoro did so at 12:00 on 6 July 2021"
        ):
            decisions.accept(submission=version.latest_submission, by=officer, now=LATER)

    def test_refuses_numbers_that_were_sent_again_since_they_were_read(self, obligation, partner, officer):
        version = sent(obligation, partner, first_seen=3)
        read = version.latest_submission
        colleague = user_with(Role.DIRECTOR)
        decisions.return_to_partner(submission=read, reason="Only three?", by=colleague, now=NOW)
        returns.submit(version=version, answers=answers(9000), by=partner, now=LATER)
        sentence = "Sent again at 12:00 since you opened this page: read the new numbers first."
        with pytest.raises(decisions.SentAgain, match=sentence):
            decisions.accept(submission=read, by=officer, now=LATER)
        with pytest.raises(decisions.SentAgain, match=sentence):
            decisions.return_to_partner(submission=read, reason="Still three?", by=officer, now=LATER)
        version.refresh_from_db()
        assert version.state == State.SUBMITTED

    def test_refuses_what_a_correction_has_superseded(self, obligation, partner, officer):
        first = accepted(obligation, partner, officer)
        second = correction(first, partner)
        corrected = returns.submit(version=second, answers=answers(12), by=partner, now=LATER)
        decisions.accept(submission=corrected, by=officer, now=LATER)
        with pytest.raises(decisions.NotDecidable, match="no longer in use"):
            decisions.accept(submission=first.latest_submission, by=officer, now=LATER)


class TestStartCorrection:
    def test_begins_a_new_version_from_what_was_accepted(self, obligation, partner, officer):
        first = accepted(obligation, partner, officer, first_seen=7)
        second = correction(first, partner)
        assert (second.number, second.typed["new_people"]) == (2, "7")
        first.refresh_from_db()
        assert first.state == State.ACCEPTED

    def test_supersedes_the_first_version_when_accepted(self, obligation, partner, officer):
        first = accepted(obligation, partner, officer)
        second = correction(first, partner)
        returns.submit(version=second, answers=answers(12), by=partner, now=LATER)
        decisions.accept(submission=second.latest_submission, by=officer, now=LATER)
        states = dict(obligation.versions.values_list("number", "state"))
        assert states == {1: State.SUPERSEDED, 2: State.ACCEPTED}
        assert first.submissions.get().new_people == 10

    def test_refuses_without_a_reason_class(self, obligation, partner, officer):
        UnlockFactory(version=accepted(obligation, partner, officer), unlocked_at=NOW)
        with pytest.raises(returns.NotOpen, match="Choose why the return changes"):
            corrections.start(obligation=obligation, revision_reason="", by=partner, now=LATER)

    def test_refuses_while_it_is_locked(self, obligation, partner, officer):
        accepted(obligation, partner, officer)
        for by in (partner, officer):
            with pytest.raises(returns.NotOpen, match="is accepted, and not unlocked for you"):
                corrections.start(obligation=obligation, revision_reason="correction", by=by, now=LATER)

    def test_refuses_before_acceptance(self, obligation, partner):
        with pytest.raises(returns.NotOpen, match="Only an accepted return"):
            corrections.start(obligation=obligation, revision_reason="correction", by=partner, now=LATER)


class TestBackfill:
    def test_is_marked_and_accepted_by_somebody_else(self, obligation, officer):
        submission = returns.backfill(obligation=obligation, answers=answers(), by=officer, now=NOW)
        assert submission.version.is_backfilled
        other = user_with(Role.ANALYST)
        assert decisions.accept(submission=submission, by=other, now=LATER).state == State.ACCEPTED

    def test_refuses_a_partner(self, obligation, partner):
        with pytest.raises(NotAllowed):
            returns.backfill(obligation=obligation, answers=answers(), by=partner, now=NOW)

    def test_refuses_what_is_accepted(self, obligation, partner, officer):
        accepted(obligation, partner, officer)
        with pytest.raises(returns.NotOpen, match="is accepted"):
            returns.backfill(obligation=obligation, answers=answers(), by=officer, now=LATER)

    def test_the_mark_goes_when_the_partner_sends_it_again(self, obligation, partner, officer):
        version = returns.backfill(obligation=obligation, answers=answers(), by=officer, now=NOW).version
        decisions.return_to_partner(
            submission=version.latest_submission, reason="Please check this.", by=officer, now=NOW
        )
        returns.submit(version=version, answers=answers(), by=partner, now=LATER)
        version.refresh_from_db()
        assert not version.is_backfilled


class TestRecords:
    def test_every_step_is_recorded_with_who_and_whose(self, obligation, partner, officer):
        accepted(obligation, partner, officer)
        steps = (
            Event.objects.filter(name__startswith="outcomes.return.")
            .order_by("id")
            .values_list("name", "by", "organisation")
        )
        organisation = obligation.delivery.partner_id
        assert list(steps) == [
            ("outcomes.return.started", partner.pk, organisation),
            ("outcomes.return.submitted", partner.pk, organisation),
            ("outcomes.return.accepted", officer.pk, organisation),
        ]


class TestAsTyped:
    def test_gives_back_what_can_be_sent_again(self, categories):
        submission = SubmissionFactory(new_people=3, known_people=1, already_counted_people=2, comment="A fair month.")
        typed = as_typed(submission)
        assert typed["known_people"] == "1"
        assert typed["first_seen__age_band__14-15"] == "4"
        assert typed["comment"] == "A fair month."
        assert "exposed_people" not in typed


class TestQuestionsOf:
    def test_asks_no_c_in_april_and_no_breakdown_of_an_estimate(self, categories):
        april = ObligationFactory(month=date(2021, 4, 1))
        assert questions_of(april).seen == (Seen.FIRST_SEEN,)
        assert len(questions_of(april).breakdowns) == 4
        exposure = ObligationFactory(delivery__programme=ProgrammeFactory(rung=Rung.EXPOSURE))
        assert questions_of(exposure).breakdowns == ()

    def test_knows_how_many_were_counted_only_when_each_earlier_month_is_sent(self, obligation, partner):
        april, may = (ObligationFactory(delivery=obligation.delivery, month=date(2021, m, 1)) for m in (4, 5))
        assert questions_of(april).counted_so_far is None
        assert questions_of(obligation).counted_so_far is None
        sent(april, partner, first_seen=3)
        assert (questions_of(may).counted_so_far, questions_of(obligation).counted_so_far) == (3, None)
        obligations.waive(obligation=may, reason="Flood", by=user_with(Role.PROGRAMME_MANAGER), now=NOW)
        assert questions_of(obligation).counted_so_far == 3

    def test_knows_that_nobody_was_counted_before_a_delivery_began(self, obligation):
        obligation.delivery.starts_on = JUNE.first
        assert questions_of(obligation).counted_so_far == 0

    def test_a_person_of_two_organisations_writes_for_both(self, obligation, partner):
        other = OrganisationFactory()
        MembershipFactory(user=partner, organisation=other)
        theirs = ObligationFactory(delivery=DeliveryFactory(partner=other))
        assert may_write(type(partner).objects.get(pk=partner.pk), theirs, date(2021, 7, 1))
        assert Delivery.objects.count() == 2
