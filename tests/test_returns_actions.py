"""A return's way through the actions: what each does, what it refuses, and in which words."""

from datetime import date

import pytest

from outcomes.actions import decisions, obligations, returns, templates
from outcomes.actions.answers import Answers, as_typed, measure_field
from outcomes.actions.return_access import NotYours, may_write
from outcomes.models import Category, ReturnVersion, Submission
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.queries.questions import questions_of
from partners.models import Event
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
    ProgrammeFactory,
    SubmissionFactory,
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

    def test_says_that_the_other_was_oneself(self, obligation, partner):
        version = returns.start(obligation=obligation, by=partner, now=NOW)
        self.save(version, partner, {"new_people": "12"})
        assert self.save(version, partner, {"new_people": "14"}).by_whom == "You changed this elsewhere at 12:00."

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

    def test_refuses_the_unit_what_the_partner_sent(self, obligation, partner, officer):
        """It returns that with a reason, and the partner is told. What it entered itself it takes back."""
        sent = returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=LATER)
        with pytest.raises(returns.NotOpen, match="Return it with a reason"):
            returns.take_back(version=sent.version, by=officer, now=LATER)
        returns.take_back(version=sent.version, by=partner, now=LATER)
        entered = returns.send_nil(obligation=obligation, reason="Holidays", by=officer, now=LATER)
        assert entered.version.is_backfilled
        assert returns.take_back(version=entered.version, by=officer, now=LATER).state == State.DRAFT

    def test_leaves_nothing_to_decide_where_it_came_back_once(self, obligation, partner, officer):
        sent = returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW)
        decisions.return_to_partner(submission=sent, reason="All of them?", by=officer, now=NOW)
        with pytest.raises(decisions.NotDecidable, match="was returned already"):
            decisions.accept(submission=sent, by=officer, now=LATER)
        again = returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=LATER)
        returns.take_back(version=again.version, by=partner, now=LATER)
        with pytest.raises(decisions.NotDecidable, match="taken this return back"):
            decisions.accept(submission=again, by=officer, now=LATER)

    def test_leaves_nothing_to_decide(self, obligation, partner, officer):
        sent = returns.send_nil(obligation=obligation, reason="Holidays", by=partner, now=NOW)
        returns.take_back(version=sent.version, by=partner, now=NOW)
        with pytest.raises(decisions.NotDecidable, match="taken this return back"):
            decisions.accept(submission=sent, by=officer, now=NOW)


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
