"""What becomes of a return that was sent: returned, accepted, corrected."""

import pytest

from outcomes.actions import corrections, decisions, returns
from outcomes.models import Obligation, ReturnVersion
from partners.models import Message, User
from partners.permissions import Role
from tests.factories import UnlockFactory, user_with
from tests.test_returns_actions import LATER, NOW, accepted, answers, sent
from tests.test_returns_actions import categories as categories
from tests.test_returns_actions import obligation as obligation
from tests.test_returns_actions import officer as officer
from tests.test_returns_actions import partner as partner
from vru_portal.core.refusals import NotAllowed

State = ReturnVersion.State


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
