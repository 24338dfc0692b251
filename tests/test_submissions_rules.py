"""What the database itself refuses of what was sent, by the rule’s name."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction

from outcomes.models import Measure, MeasureAnswer, ReturnVersion, SubmissionCount
from outcomes.models.returns import Seen
from tests.factories import CategoryFactory, MeasureFactory, ReturnVersionFactory, SubmissionFactory, sent_return
from tests.test_returns_rules import (  # noqa: F401 - fixtures
    NOW,
    change,
    refused,
)

State = ReturnVersion.State


@pytest.mark.django_db
class TestSubmission:
    def test_sequence_once(self):
        first = SubmissionFactory()
        with refused("submission_sequence_once"):
            SubmissionFactory(version=first.version)

    def test_people_or_exposure(self):
        with refused("submission_people_or_exposure"):
            SubmissionFactory(exposed_people=900, new_people=3)

    def test_contacts_cover_people(self):
        with refused("submission_contacts_cover_people"):
            SubmissionFactory(new_people=3, contacts=2)

    def test_nil_is_zero(self):
        with refused("submission_nil_is_zero_with_reason"):
            SubmissionFactory(nil=True, new_people=1)

    def test_nil_has_a_reason(self):
        with refused("submission_nil_is_zero_with_reason"):
            SubmissionFactory(nil=True, nil_reason="")

    def test_exposure_has_method(self):
        with refused("submission_exposure_has_method"):
            SubmissionFactory(exposed_people=900, exposure_method="")

    @pytest.mark.parametrize("dimension", ["age_band", "sex", "ethnicity", "district"])
    @pytest.mark.parametrize("seen", Seen)
    def test_breakdowns_add_up(self, dimension, seen):
        with refused("submission_breakdowns_add_up"):
            SubmissionFactory(
                new_people=5,
                already_counted_people=5,
                breakdowns={dimension: {seen: {"not-known": 4}, other(seen): {"not-known": 5}}},
            )

    def test_breakdowns_may_be_absent_only_for_nobody(self):
        SubmissionFactory(new_people=0)
        connection.check_constraints()
        with refused("submission_breakdowns_add_up"):
            SubmissionFactory(new_people=1, breakdowns={"sex": {Seen.FIRST_SEEN: {}}})

    def test_april_has_no_c(self):
        version = ReturnVersionFactory(obligation__month=date(2021, 4, 1))
        with refused("submission_april_has_no_c"):
            SubmissionFactory(version=version, already_counted_people=1)

    def test_append_only(self):
        submission = SubmissionFactory()
        for attempt in (lambda: change(submission, comment="Better."), lambda: force_delete(submission)):
            with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
                attempt()


def other(seen: Seen) -> Seen:
    return next(one for one in Seen if one != seen)


def force_delete(row) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])  # noqa: S608


@pytest.mark.django_db
class TestSubmissionCount:
    @pytest.fixture
    def submission(self):
        return SubmissionFactory(new_people=5)

    def test_seen(self, submission):
        with refused("submissioncount_seen"):
            SubmissionCount.objects.create(submission=submission, seen="later", category=CategoryFactory(), people=1)

    def test_once(self, submission):
        count = submission.counts.first()
        with refused("submissioncount_once"):
            SubmissionCount.objects.create(submission=submission, seen=count.seen, category=count.category, people=1)

    def test_not_zero(self, submission):
        with refused("submissioncount_not_zero"):
            SubmissionCount.objects.create(
                submission=submission, seen=Seen.FIRST_SEEN, category=CategoryFactory(code="0-4"), people=0
            )

    def test_append_only(self, submission):
        count = submission.counts.first()
        for attempt in (lambda: change(count, people=9), lambda: force_delete(count)):
            with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
                attempt()


def a_measure() -> Measure:
    return MeasureFactory(kind="before_after", unit="percent", over_months="average", over_places="average")


@pytest.mark.django_db(transaction=True)
class TestSentReturnsAreNeverAddedTo:
    def test_with_its_submission(self):
        with transaction.atomic():
            submission = SubmissionFactory(new_people=5)
        with refused("submissioncount_with_its_submission"):
            SubmissionCount.objects.create(
                submission=submission, seen=Seen.FIRST_SEEN, category=CategoryFactory(code="0-4"), people=1
            )

    def test_a_measure_with_its_submission(self):
        measure = a_measure()
        with transaction.atomic():
            MeasureAnswer.objects.create(submission=SubmissionFactory(), measure=measure, people=0)
        later = sent_return().latest_submission
        with refused("measureanswer_with_its_submission"):
            MeasureAnswer.objects.create(submission=later, measure=measure, people=0)

    @pytest.mark.parametrize("decided", [{}, {"accepted": True}])
    def test_of_an_open_version(self, decided):
        version = sent_return(**decided)
        with refused("submission_of_an_open_version"):
            SubmissionFactory(version=version, sequence=2)

    def test_of_an_open_version_even_beside_its_last_step(self):
        version = sent_return(accepted=True)
        with refused("submission_of_an_open_version"):
            change(version, state=State.SUPERSEDED)
            SubmissionFactory(version=version, sequence=2)

    def test_again_after_it_came_back(self):
        version = sent_return(sent_back=True)
        with transaction.atomic():
            SubmissionFactory(version=version, sequence=2)
        assert version.submissions.count() == 2

    def test_a_savepoint_of_the_same_transaction_may_write_them(self):
        with transaction.atomic():
            with transaction.atomic():
                submission = SubmissionFactory(new_people=0, breakdowns={})
            with transaction.atomic():
                again = SubmissionFactory(new_people=3)
        assert (submission.counts.count(), again.counts.count()) == (0, 4)


@pytest.mark.django_db
class TestMeasureAnswer:
    @pytest.fixture
    def measure(self):
        return a_measure()

    def test_once(self, measure):
        submission = SubmissionFactory()
        MeasureAnswer.objects.create(submission=submission, measure=measure, people=0)
        with refused("measureanswer_once"):
            MeasureAnswer.objects.create(submission=submission, measure=measure, people=0)

    @pytest.mark.parametrize(
        "values",
        [
            {"people": 0, "before": 80, "after": 90},
            {"people": 3},
            {"people": 3, "before": 80},
            {"people": 3, "before": 80, "after": -1},
            {"people": 3, "before": 80, "after": 90, "text": "Also"},
        ],
    )
    def test_whole(self, measure, values):
        with refused("measureanswer_whole"):
            MeasureAnswer.objects.create(submission=SubmissionFactory(), measure=measure, **values)

    @pytest.mark.parametrize(
        ("kind", "unit", "values"),
        [
            ("before_after", "percent", {"people": 3, "median": 4}),
            ("median", "days", {"people": 3, "before": 80, "after": 90}),
            ("number", "count", {"text": "Three"}),
            ("text", "", {"value": 3}),
        ],
    )
    def test_fits_its_measure(self, kind, unit, values):
        measure = MeasureFactory(kind=kind, unit=unit, over_months="latest", over_places="not_additive")
        with refused("measureanswer_fits_its_measure"):
            MeasureAnswer.objects.create(submission=SubmissionFactory(), measure=measure, **values)

    @pytest.mark.parametrize(("unit", "value"), [("people", "2.5"), ("count", "0.1"), ("percent", "100.01")])
    def test_fits_its_unit(self, unit, value):
        measure = MeasureFactory(unit=unit, over_months="latest", over_places="latest")
        with refused("measureanswer_fits_its_unit"):
            MeasureAnswer.objects.create(submission=SubmissionFactory(), measure=measure, value=Decimal(value))

    @pytest.mark.parametrize(
        ("over_months", "values"), [("sum", {"value": 3}), ("latest", {"value": 0}), ("latest", {"value": 3})]
    )
    def test_nil_is_zero_and_no_stock(self, over_months, values):
        measure = MeasureFactory(over_months=over_months)
        with refused("measureanswer_nil_is_zero_and_no_stock"):
            MeasureAnswer.objects.create(submission=SubmissionFactory(nil=True), measure=measure, **values)

    def test_nil_is_a_true_zero(self, measure):
        submission = SubmissionFactory(nil=True)
        MeasureAnswer.objects.create(submission=submission, measure=MeasureFactory(), value=0)
        MeasureAnswer.objects.create(submission=submission, measure=measure, people=0)

    def test_append_only(self, measure):
        answer = MeasureAnswer.objects.create(submission=SubmissionFactory(), measure=measure, people=0)
        for attempt in (lambda: change(answer, people=1), lambda: force_delete(answer)):
            with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
                attempt()
