"""Void returns, late ones and corrections: what counts, what stays published, and what the next release revises."""

from datetime import date

import pytest
from django.urls import reverse

from outcomes.actions import corrections, decisions, obligations, releases, returns
from outcomes.actions.answers import Answers
from outcomes.models import Obligation, Release, ReturnVersion
from outcomes.queries.revisions import revision_count, revisions
from outcomes.queries.standing import standing, with_standing
from partners.models import Event, Message
from partners.permissions import Role
from tests import factories
from tests.factories import (
    DeliveryFactory,
    ObligationFactory,
    PolicyFactory,
    ReturnVersionFactory,
    UnlockFactory,
    accepted_return,
    noon,
    sent_return,
    user_with,
)
from vru_portal.core.periods import Month
from vru_portal.core.refusals import NotAllowed

pytestmark = [pytest.mark.usefixtures("workbooks_once"), pytest.mark.django_db]
State = ReturnVersion.State
JUNE = Month(2021, 6)
NOW = noon(date(2021, 8, 3))
PUBLISHED = noon(date(2021, 7, 21))
NOBODY = Answers(new_people=0, known_people=0, already_counted_people=0, contacts=0)


@pytest.fixture
def delivery():
    PolicyFactory()
    return DeliveryFactory(name="The corner")


@pytest.fixture
def accepted(delivery):
    return accepted_return(delivery, JUNE, new_people=30)


@pytest.fixture
def partner(delivery):
    return user_with(Role.PARTNER, delivery.partner, name="Asha Patel")


@pytest.fixture
def manager():
    return user_with(Role.PROGRAMME_MANAGER, name="Callum")


@pytest.fixture
def analyst():
    return user_with(Role.ANALYST)


def publish(month: Month = JUNE, now=PUBLISHED) -> Release:
    release = releases.produce(month=month, by=None, now=now)
    return factories.approve(release=release, by=user_with(Role.DIRECTOR), now=now)


def void(version, by, reason="Sent for the wrong delivery.") -> ReturnVersion:
    return corrections.void(version=version, reason=reason, by=by, now=NOW)


def corrected(accepted, partner, manager, reason="correction") -> ReturnVersion:
    UnlockFactory(version=accepted, unlocked_at=NOW)
    second = corrections.start(obligation=accepted.obligation, revision_reason=reason, by=partner, now=NOW)
    sent = returns.submit(version=second, answers=NOBODY, by=partner, now=NOW)
    return decisions.accept(submission=sent, by=manager, now=NOW)


class TestVoid:
    def test_the_month_is_owed_again_and_the_partner_hears_why(self, accepted, partner, manager):
        version = void(accepted, manager)
        assert (version.state, version.voided_by, version.voided_at) == (State.VOID, manager, NOW)
        assert version.submissions.get().new_people == 30
        obligation = with_standing(Obligation.objects.all()).get()
        assert (standing(obligation, date(2021, 8, 3)), obligation.is_met) == ("overdue", False)
        message = Message.objects.get(kind="outcomes.return_voided")
        assert (message.to_user, "Sent for the wrong delivery." in message.body) == (partner, True)
        assert "owed again" in message.body
        event = Event.objects.about(version).get()
        assert (event.name, event.by, event.reason) == (
            "outcomes.return.voided",
            manager,
            "Sent for the wrong delivery.",
        )

    def test_another_can_be_sent_then_without_any_unlock(self, accepted, partner, manager):
        void(accepted, manager)
        second = returns.start(obligation=accepted.obligation, by=partner, now=NOW)
        sent = returns.submit(version=second, answers=NOBODY, by=partner, now=NOW)
        assert decisions.accept(submission=sent, by=manager, now=NOW).number == 2

    def test_or_it_is_waived(self, accepted, manager):
        void(accepted, manager)
        obligations.waive(obligation=accepted.obligation, reason="It did not run.", by=manager, now=NOW)

    def test_of_one_that_waits_to_be_read(self, manager):
        version = sent_return()
        void(version, manager)
        assert not Obligation.objects.filter(versions__state__in=["submitted"]).exists()

    def test_a_correction_that_was_sent_leaves_what_was_accepted(self, accepted, partner, manager):
        UnlockFactory(version=accepted, unlocked_at=NOW)
        second = corrections.start(obligation=accepted.obligation, revision_reason="correction", by=partner, now=NOW)
        returns.submit(version=second, answers=NOBODY, by=partner, now=NOW)
        with pytest.raises(corrections.NotVoidable, match="A correction of it is open"):
            void(accepted, manager)
        void(second, manager)
        assert "What was accepted before counts as it did." in Message.objects.latest("pk").body
        void(accepted, manager)

    def test_refuses_what_does_not_count(self, accepted, partner, manager):
        draft = ReturnVersionFactory()
        with pytest.raises(corrections.NotVoidable, match="Nothing of it was sent"):
            void(draft, manager)
        corrected(accepted, partner, manager)
        with pytest.raises(corrections.NotVoidable, match="a later one has taken its place"):
            void(accepted, manager)

    def test_refuses_a_second_time_and_without_words(self, accepted, manager):
        with pytest.raises(corrections.NotVoidable, match="Say why"):
            void(accepted, manager, reason=" ")
        void(accepted, manager)
        with pytest.raises(corrections.NotVoidable, match="void already"):
            void(accepted, manager)

    @pytest.mark.parametrize("role", [Role.PARTNER_LEAD, Role.FINANCE_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR])
    def test_is_not_for_everybody(self, accepted, role):
        with pytest.raises(NotAllowed):
            void(accepted, user_with(role))

    def test_changes_nothing_published_and_the_next_release_drops_it(self, accepted, manager):
        first = publish()
        before = first.output_fingerprint, list(first.inputs.values_list("version", flat=True))
        void(accepted, manager)
        first.refresh_from_db()
        assert before == (first.output_fingerprint, [accepted.pk])
        second = publish(now=NOW)
        assert (second.number, second.status, second.inputs.count()) == (2, Release.Status.REVISED, 0)


class TestLateReturn:
    def test_gets_its_class_when_the_month_is_published(self, delivery, partner, manager):
        accepted_return(delivery, Month(2021, 5))
        publish()
        version = returns.start(obligation=ObligationFactory(delivery=delivery), by=partner, now=NOW)
        sent = returns.submit(version=version, answers=NOBODY, by=partner, now=NOW)
        assert decisions.accept(submission=sent, by=manager, now=NOW).revision_reason == "late_return"

    def test_has_none_before(self, delivery, partner, manager):
        accepted_return(delivery, Month(2021, 5))
        publish(Month(2021, 5))
        releases.produce(month=JUNE, by=None, now=NOW)  # and not approved
        version = returns.start(obligation=ObligationFactory(delivery=delivery), by=partner, now=NOW)
        sent = returns.submit(version=version, answers=NOBODY, by=partner, now=NOW)
        assert decisions.accept(submission=sent, by=manager, now=NOW).revision_reason == ""


class TestRevisions:
    def test_there_are_none_while_what_counts_is_published(self, accepted, analyst):
        assert revision_count() == 0  # nothing is published
        publish()
        assert revisions(analyst) == []

    @pytest.mark.parametrize(
        ("reason", "words"), [("correction", "Correction"), ("definition_change", "Definition change")]
    )
    def test_a_correction_waits_until_it_is_published(self, accepted, partner, manager, analyst, reason, words):
        release = publish()
        second = corrected(accepted, partner, manager, reason)
        (revision,) = revisions(analyst)
        assert (revision.release, revision.was, revision.now) == (release, accepted, second)
        assert (revision.size_was, revision.size_now) == (30, 0)
        assert "A: new: 30 before, now 0." in revision.changes
        assert (revision.reason, revision.by, revision.at) == (words, manager, NOW)
        releases.produce(month=JUNE, by=None, now=NOW)
        assert revision_count() == 1
        publish(now=NOW)
        assert revision_count() == 0

    def test_a_late_one_was_not_there(self, delivery, accepted, analyst):
        publish()
        late = accepted_return(DeliveryFactory(), JUNE, new_people=4)
        (revision,) = revisions(analyst)
        assert (revision.was, revision.size_was, revision.now, revision.size_now) == (None, None, late, 4)
        assert (revision.reason, revision.changes) == ("Late return", ())

    def test_a_void_one_is_gone(self, accepted, manager, analyst):
        publish()
        void(accepted, manager)
        (revision,) = revisions(analyst)
        assert (revision.now, revision.size_was, revision.size_now) == (None, 30, None)
        assert (revision.reason, revision.words) == ("Void", "Sent for the wrong delivery.")
        assert (revision.by, revision.at) == (manager, NOW)

    def test_beside_the_release_that_says_the_month_last(self, delivery, accepted, partner, manager, analyst):
        publish()
        corrected(accepted, partner, manager)
        accepted_return(delivery, Month(2021, 7))
        later = publish(Month(2021, 7), now=noon(date(2021, 8, 20)))
        assert revision_count() == 0
        void(accepted.obligation.versions.get(number=2), manager)
        (revision,) = revisions(analyst)
        assert revision.release == later

    def test_months_that_are_not_published_wait_for_none(self, delivery, accepted, analyst):
        publish()
        accepted_return(delivery, Month(2021, 7))
        accepted_return(delivery, Month(2022, 4))
        assert revision_count() == 0

    def test_are_listed_on_a_page_that_others_lead_to(self, accepted, partner, manager, client):
        release = publish()
        corrected(accepted, partner, manager)
        client.force_login(manager)
        page = reverse("outcomes:revision-list")
        for name in ("home", "outcomes:returns", "outcomes:release-list"):
            assert page in client.get(reverse(name)).content.decode(), name
        assert page in client.get(reverse("outcomes:release-detail", args=[release.pk])).content.decode()
        shown = client.get(page).content.decode()
        assert "Revisions: 1 waits for the next release" in shown
        assert "3 August 2021 by Callum" in shown
        assert str(release) in shown
