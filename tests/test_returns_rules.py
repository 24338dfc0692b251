"""Each rule of the database about returns, by its name: the last line, whatever the code above it does."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import ProtectedError

from outcomes.models import Obligation, ReturnVersion, Submission
from outcomes.models.return_rules import STEPS
from tests.factories import (
    DeliveryFactory,
    ObligationFactory,
    ReturnVersionFactory,
    SubmissionFactory,
    UserFactory,
    noon,
    sent_return,
)

State = ReturnVersion.State
NOW = noon(date(2021, 7, 5))


class refused:
    """`with refused("table_rule"):` the database says no, and names that rule. Deferred rules are asked at once."""

    def __init__(self, rule: str) -> None:
        self.rule = rule

    def __enter__(self):
        self.raises = pytest.raises(IntegrityError)
        self.caught = self.raises.__enter__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    def __exit__(self, kind, error, trace):
        if kind is None:
            try:
                connection.check_constraints()
            except IntegrityError as problem:
                kind, error, trace = type(problem), problem, problem.__traceback__
        self.savepoint.__exit__(kind, error, trace)
        suppressed = self.raises.__exit__(kind, error, trace)
        assert error.__cause__.diag.constraint_name == self.rule
        return suppressed


def change(row, **fields) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**fields)


@pytest.mark.django_db
class TestObligation:
    def test_once(self):
        obligation = ObligationFactory()
        with refused("obligation_once"):
            ObligationFactory(delivery=obligation.delivery, month=obligation.month)

    def test_month_is_first_day(self):
        with refused("obligation_month_is_first_day"):
            ObligationFactory(month=date(2021, 6, 2), due_date=date(2021, 7, 14))

    def test_waived_whole(self):
        with refused("obligation_waived_whole"):
            change(ObligationFactory(), waived_at=NOW, waived_reason="Flood")

    def test_waived_with_reason(self):
        with refused("obligation_waived_with_reason"):
            change(ObligationFactory(), waived_at=NOW, waived_by=UserFactory())

    def test_never_moves(self):
        obligation = ObligationFactory()
        for fields in ({"month": date(2021, 7, 1)}, {"delivery": DeliveryFactory()}):
            with pytest.raises(ProgrammingError, match="Cannot update rows"), transaction.atomic():
                change(obligation, **fields)

    @pytest.mark.parametrize("accepted", [{}, {"accepted": True}])
    def test_waived_before_anything_is_sent(self, accepted):
        version = sent_return(**accepted)
        with refused("obligation_waived_before_anything_is_sent"):
            change(version.obligation, waived_at=NOW, waived_by=UserFactory(), waived_reason="Flood")

    def test_waived_for_good(self):
        waived = ObligationFactory()
        change(waived, waived_at=NOW, waived_by=UserFactory(), waived_reason="Flood")
        for fields in ({"waived_at": None, "waived_by": None, "waived_reason": ""}, {"waived_reason": "Fire"}):
            with refused("obligation_waived_for_good"):
                change(waived, **fields)

    def test_never_deleted(self):
        obligation = ObligationFactory()
        with pytest.raises(ProgrammingError, match="Cannot delete rows"), transaction.atomic():
            obligation.delete()

    def test_keeps_its_versions(self):
        version = ReturnVersionFactory()
        with pytest.raises(ProtectedError):
            version.obligation.delete()


@pytest.mark.django_db
class TestReturnVersion:
    def test_of_what_is_owed(self):
        waived = ObligationFactory()
        change(waived, waived_at=NOW, waived_by=UserFactory(), waived_reason="Flood")
        with refused("returnversion_of_what_is_owed"):
            ReturnVersionFactory(obligation=waived)

    def test_state(self):
        with refused("returnversion_state"):
            ReturnVersionFactory(state="lost")

    def test_revision_reason(self):
        with refused("returnversion_revision_reason"):
            change(ReturnVersionFactory(), revision_reason="whim")

    def test_number_once(self):
        first = sent_return(accepted=True)
        with refused("returnversion_number_once"):
            ReturnVersionFactory(obligation=first.obligation, unlock=None)

    def test_one_open(self):
        first = sent_return()
        with refused("returnversion_one_open"):
            ReturnVersionFactory(obligation=first.obligation, number=2, revision_reason="correction")

    def test_one_accepted(self):
        first = sent_return(accepted=True)
        with refused("returnversion_one_accepted"):
            ReturnVersionFactory(obligation=first.obligation, number=2, revision_reason="correction", accepted=True)

    def test_decided_whole(self):
        with refused("returnversion_decided_whole"):
            change(ReturnVersionFactory(), decided_at=NOW)

    def test_decision_recorded(self):
        with refused("returnversion_decision_recorded"):
            change(sent_return(), state=State.ACCEPTED)

    @pytest.mark.parametrize("state", [State.RETURNED, State.VOID])
    def test_reason_given(self, state):
        void = {"voided_at": NOW} if state == State.VOID else {}
        with refused("returnversion_reason_given"):
            change(sent_return(), state=state, decided_at=NOW, decided_by=UserFactory(), **void)

    @pytest.mark.parametrize(
        "fields",
        [
            {"state": State.VOID, "reason": "Sent twice."},
            {"voided_at": NOW},
            {"state": State.RETURNED, "reason": "Why?", "voided_at": NOW},
        ],
    )
    def test_void_recorded(self, fields):
        with refused("returnversion_void_recorded"):
            change(sent_return(), decided_at=NOW, decided_by=UserFactory(), **fields)

    @pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RETURNED])
    def test_void_before_a_correction(self, state):
        first = sent_return(accepted=True)
        second = ReturnVersionFactory(obligation=first.obligation, number=2, revision_reason="correction")
        if state != State.DRAFT:
            SubmissionFactory(version=second)
            change(second, state=State.SUBMITTED)
        if state == State.RETURNED:
            change(second, state=state, reason="Why?", decided_at=NOW, decided_by=UserFactory())
        with refused("returnversion_void_before_a_correction"):
            change(first, state=State.VOID, reason="Sent twice.", voided_at=NOW)

    def test_later_has_reason_class(self):
        first = sent_return(accepted=True)
        with refused("returnversion_later_has_reason_class"):
            ReturnVersionFactory(obligation=first.obligation, number=2)

    @pytest.mark.parametrize(
        "fields",
        [
            {"state": State.DRAFT},
            {"typed": {"new_people": "9"}},
            {"number": 3},
            {"decided_at": NOW},
            {"state": State.SUPERSEDED, "decided_at": NOW},
            {"state": State.SUPERSEDED, "is_backfilled": True},
            {"state": State.SUPERSEDED, "reason": "Wrong."},
            {"state": State.SUPERSEDED, "created_at": NOW},
            {"state": State.VOID, "reason": "Sent by mistake.", "voided_at": NOW, "decided_at": NOW},
            {"state": State.VOID, "reason": "Sent by mistake.", "voided_at": NOW, "revision_reason": "correction"},
        ],
    )
    def test_accepted_is_locked(self, fields):
        version = sent_return(accepted=True)
        with refused("returnversion_accepted_is_locked"):
            change(version, **fields)

    @pytest.mark.parametrize("person", ["created_by", "decided_by"])
    def test_accepted_keeps_its_people(self, person):
        version = sent_return(accepted=True)
        with refused("returnversion_accepted_is_locked"):
            change(version, state=State.SUPERSEDED, **{person: UserFactory()})

    def test_accepted_ends_superseded_or_void_with_its_reason(self):
        void = {"state": State.VOID, "reason": "Sent by mistake.", "voided_at": NOW, "voided_by": UserFactory()}
        for fields in ({"state": State.SUPERSEDED}, void):
            change(sent_return(accepted=True), **fields)
        connection.check_constraints()

    def test_superseded_is_locked_for_good(self):
        version = sent_return(accepted=True)
        change(version, state=State.SUPERSEDED)
        with refused("returnversion_accepted_is_locked"):
            change(version, state=State.ACCEPTED)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (before, after)
            for before in (State.DRAFT, State.SUBMITTED, State.RETURNED)
            for after in State
            if after != before and after not in STEPS[before]
        ],
    )
    def test_legal_step(self, before, after):
        version = {
            State.DRAFT: ReturnVersionFactory,
            State.SUBMITTED: sent_return,
            State.RETURNED: lambda: sent_return(sent_back=True),
        }[before]()
        with refused("returnversion_legal_step"):
            change(version, state=after, reason="So.", decided_at=NOW, decided_by=UserFactory())

    def test_goes_its_usual_way(self):
        version = ReturnVersionFactory()
        SubmissionFactory(version=version)
        decided = {"reason": "Check C.", "decided_at": NOW, "decided_by": UserFactory()}
        for state in (State.SUBMITTED, State.RETURNED, State.SUBMITTED, State.ACCEPTED, State.VOID):
            change(version, state=state, **({"voided_at": NOW} if state == State.VOID else decided))
            connection.check_constraints()

    def test_accepted_by_another(self):
        sent = SubmissionFactory()
        with refused("returnversion_accepted_by_another"):
            change(sent.version, state=State.ACCEPTED, decided_at=NOW, decided_by=sent.submitted_by)

    @pytest.mark.parametrize("state", [State.ACCEPTED, State.SUPERSEDED])
    def test_begins_accepted_only_by_another(self, state):
        sender = UserFactory()
        with refused("returnversion_accepted_by_another"):
            version = ReturnVersionFactory(state=state, decided_at=NOW, decided_by=sender)
            SubmissionFactory(version=version, submitted_by=sender)

    @pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.SUPERSEDED])
    def test_sent_has_submission(self, state):
        with refused("returnversion_sent_has_submission"):
            ReturnVersionFactory(state=state, reason="So.", decided_at=NOW, decided_by=UserFactory())

    def test_sent_has_submission_after_each_step(self):
        with refused("returnversion_sent_has_submission"):
            change(ReturnVersionFactory(), state=State.SUBMITTED)

    def test_never_deleted(self):
        version = ReturnVersionFactory()
        with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
            version.delete()


@pytest.mark.django_db
class TestQuestionsOfOneModel:
    def test_overdue_is_what_nobody_has_sent_by_its_day(self):
        late, sent, returned = ObligationFactory(), ObligationFactory(), ObligationFactory()
        waived = ObligationFactory()
        change(waived, waived_at=NOW, waived_by=UserFactory(), waived_reason="Flood")
        sent_return(obligation=sent)
        sent_return(obligation=returned, sent_back=True)
        assert set(Obligation.objects.late(date(2021, 7, 15))) == {late}
        assert not Obligation.objects.late(late.due_date).exists()

    def test_the_latest_submission_speaks_for_a_version(self):
        first = SubmissionFactory()
        second = SubmissionFactory(version=first.version, sequence=2)
        assert first.version.latest_submission == second
        assert Submission.objects.count() == 2
