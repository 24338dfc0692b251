"""What the database itself refuses of unlocks, by the name of each rule."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from outcomes.models import ReturnVersion
from partners.models import Organisation
from tests.database import refused
from tests.factories import (
    PolicyFactory,
    ReturnVersionFactory,
    SubmissionFactory,
    UnlockFactory,
    UnlockRequestFactory,
    UserFactory,
    noon,
    sent_return,
)

pytestmark = pytest.mark.django_db
State = ReturnVersion.State
NOW = noon(date(2021, 8, 3))
LAST = noon(date(2021, 8, 10))


@pytest.fixture
def accepted():
    return sent_return(accepted=True)


@pytest.fixture
def unlock(accepted):
    return UnlockFactory(version=accepted, unlocked_at=NOW)


def correct(accepted, **fields) -> ReturnVersion:
    said = {"number": 2, "revision_reason": "correction", "created_at": NOW, "unlock": None}
    return ReturnVersionFactory(obligation=accepted.obligation, **said | fields)


def change(row, **fields) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**fields)


class TestANewVersionOfWhatIsAccepted:
    def test_under_an_unlock(self, accepted):
        with refused("returnversion_under_an_unlock"):
            correct(accepted)

    def test_also_when_it_is_superseded_first(self, accepted):
        change(accepted, state=State.SUPERSEDED)
        with refused("returnversion_under_an_unlock"):
            correct(accepted, state=State.ACCEPTED, decided_at=NOW, decided_by=UserFactory())

    def test_says_under_which(self, accepted, unlock):
        with refused("returnversion_under_an_unlock"):
            correct(accepted)
        with refused("returnversion_under_an_unlock"):
            correct(accepted, unlock=UnlockFactory(unlocked_at=NOW))  # another return's
        assert correct(accepted, unlock=unlock).pk

    @pytest.mark.parametrize("moment", [NOW - timedelta(seconds=1), LAST + timedelta(hours=12)])
    def test_while_it_is_in_force(self, accepted, unlock, moment):
        with refused("returnversion_under_an_unlock"):
            correct(accepted, unlock=unlock, created_at=moment)

    def test_until_the_last_minute_of_its_last_day(self, accepted, unlock):
        assert correct(accepted, unlock=unlock, created_at=LAST + timedelta(hours=11, minutes=59)).pk

    def test_not_once_it_is_taken_back(self, accepted, unlock):
        change(unlock, taken_back_at=NOW, taken_back_by=UserFactory(), taken_back_reason="Mistake.")
        with refused("returnversion_under_an_unlock"):
            correct(accepted, unlock=unlock)

    def test_by_its_person(self, accepted):
        person = UserFactory()
        unlock = UnlockFactory(version=accepted, unlocked_at=NOW, for_person=person)
        with refused("returnversion_under_an_unlock"):
            correct(accepted, unlock=unlock, created_by=UserFactory())
        assert correct(accepted, unlock=unlock, created_by=person).pk

    def test_keeps_its_unlock(self, accepted, unlock):
        version = correct(accepted, unlock=unlock)
        with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
            change(version, unlock=None)

    def test_what_is_not_locked_needs_none(self, accepted, unlock):
        change(accepted, state=State.VOID, reason="Sent twice.", voided_at=NOW)
        with refused("returnversion_under_an_unlock"):
            correct(accepted, unlock=unlock)
        assert correct(accepted).pk

    def test_is_sent_while_it_is_in_force(self, accepted, unlock):
        version = correct(accepted, unlock=unlock)
        with refused("submission_under_an_unlock"):
            SubmissionFactory(version=version, submitted_at=LAST + timedelta(hours=12))
        with transaction.atomic():
            SubmissionFactory(version=version, submitted_at=LAST)

    def test_is_sent_by_its_person(self, accepted):
        person = UserFactory()
        unlock = UnlockFactory(version=accepted, unlocked_at=NOW, for_person=person)
        version = correct(accepted, unlock=unlock, created_by=person)
        with refused("submission_under_an_unlock"):
            SubmissionFactory(version=version, submitted_at=NOW)


class TestUnlock:
    @pytest.mark.parametrize("state", [State.SUBMITTED, State.VOID])
    def test_of_what_is_accepted(self, state):
        version = sent_return()
        if state == State.VOID:
            change(version, state=state, reason="Sent twice.", voided_at=NOW)
        with refused("unlock_of_what_is_accepted"):
            UnlockFactory(version=version)
        with refused("unlockrequest_of_what_is_accepted"):
            UnlockRequestFactory(version=version)

    def test_for_one(self, accepted):
        both = {"for_organisation": accepted.obligation.delivery.partner, "for_person": UserFactory()}
        for fields in (both, {"for_organisation": None}):
            with refused("unlock_for_one"):
                UnlockFactory(version=accepted, **fields)

    def test_for_its_partner(self, accepted):
        other = Organisation.objects.create(name="Another", kind=Organisation.Kind.CHARITY)
        with refused("unlock_for_its_partner"):
            UnlockFactory(version=accepted, for_organisation=other)

    def test_has_reason(self, accepted):
        with refused("unlock_has_reason"):
            UnlockFactory(version=accepted, reason="")

    @pytest.mark.parametrize("until", [date(2021, 8, 2), date(2021, 11, 4)])
    def test_ends_in_time(self, accepted, until):
        with refused("unlock_ends_in_time"):
            UnlockFactory(version=accepted, unlocked_at=NOW, until=until)

    def test_taken_back_whole(self, unlock):
        with refused("unlock_taken_back_whole"):
            change(unlock, taken_back_at=NOW, taken_back_reason="Mistake.")

    def test_taken_back_with_reason(self, unlock):
        with refused("unlock_taken_back_with_reason"):
            change(unlock, taken_back_at=NOW, taken_back_by=UserFactory())

    @pytest.mark.parametrize("fields", [{"until": date(2021, 8, 20)}, {"reason": "Other."}, {"for_person": None}])
    def test_decided_once(self, accepted, fields):
        unlock = UnlockFactory(version=accepted, unlocked_at=NOW, for_person=UserFactory())
        with refused("unlock_decided_once"):
            change(unlock, **fields)
        back = {"taken_back_at": NOW, "taken_back_by": UserFactory(), "taken_back_reason": "Mistake."}
        with refused("unlock_decided_once"):
            change(unlock, **back | fields)
        change(unlock, **back)
        with refused("unlock_decided_once"):
            change(unlock, taken_back_reason="Another.")

    def test_never_deleted(self, accepted, unlock):
        for row in (unlock, UnlockRequestFactory(version=accepted)):
            with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
                type(row).objects.filter(pk=row.pk)._raw_delete("default")

    def test_answers_its_request(self, accepted):
        other = UnlockRequestFactory()
        with refused("unlock_answers_its_request"):
            UnlockFactory(version=accepted, request=other)
        declined = UnlockRequestFactory(
            version=accepted, decided_at=NOW, decided_by=UserFactory(), declined_reason="No."
        )
        with refused("unlock_answers_its_request"):
            UnlockFactory(version=accepted, request=declined)

    def test_request_once(self, accepted):
        request = UnlockRequestFactory(version=accepted)
        UnlockFactory(version=accepted, request=request)
        with refused("unlock_request_once"):
            UnlockFactory(version=accepted, request=request)


class TestUnlockRequest:
    def test_has_reason(self, accepted):
        with refused("unlockrequest_has_reason"):
            UnlockRequestFactory(version=accepted, reason="")

    def test_one_open(self, accepted):
        UnlockRequestFactory(version=accepted)
        with refused("unlockrequest_one_open"):
            UnlockRequestFactory(version=accepted)

    def test_decided_whole(self, accepted):
        with refused("unlockrequest_decided_whole"):
            change(UnlockRequestFactory(version=accepted), decided_at=NOW)

    def test_declined_when_decided(self, accepted):
        with refused("unlockrequest_declined_when_decided"):
            UnlockRequestFactory(version=accepted, declined_reason="No.")

    def test_is_answered(self, accepted):
        with refused("unlockrequest_is_answered"):
            change(UnlockRequestFactory(version=accepted), decided_at=NOW, decided_by=UserFactory())

    def test_decided_once(self, accepted):
        request = UnlockRequestFactory(version=accepted)
        with refused("unlockrequest_decided_once"):
            change(request, reason="Other.")
        change(request, decided_at=NOW, decided_by=UserFactory(), declined_reason="No.")
        with refused("unlockrequest_decided_once"):
            change(request, declined_reason="Yes.")


class TestPolicy:
    @pytest.mark.parametrize(
        "days", [{"unlock_days": 0}, {"unlock_days": 21}, {"unlock_days_most": 61}, {"unlock_days_most": 4}]
    )
    def test_unlocks(self, days):
        with refused("policy_unlocks"):
            PolicyFactory(effective_from=date(2030, 4, 1), **days)
