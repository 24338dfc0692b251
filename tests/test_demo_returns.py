"""The returns of the demo region as `load_demo` leaves them, and what their templates ask."""

from collections import Counter, defaultdict
from datetime import date
from operator import eq, ge, le

import pytest

from outcomes.actions.answers import submission_number
from outcomes.demo.answers import STOCKS
from outcomes.demo.counts import counts_of
from outcomes.demo.deliveries import DELIVERIES
from outcomes.demo.journeys import journey
from outcomes.demo.returns import FIRST_MONTH, SETTLED
from outcomes.models import (
    Measure,
    MeasureAnswer,
    MeasureSuccession,
    Obligation,
    ReturnVersion,
    Submission,
    SubmissionCount,
    TemplateCheck,
    TemplateQuestion,
    TemplateVersion,
)
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.queries.revisions import revisions
from outcomes.queries.unlocks import unlocks
from partners.models import Event, Message, User
from programmes.models import Delivery, Programme
from tests.test_demo_region import TODAY, State
from tests.test_demo_region import accepted as accepted
from tests.test_demo_region import region as region
from vru_portal.core.periods import Month, months_between
from vru_portal.core.working_days import working_day_of

pytestmark = [pytest.mark.region, pytest.mark.django_db]


@pytest.fixture(scope="module")
def answered(region) -> list[Submission]:
    """The last submission of each version, with what it says of measures."""
    submissions = Submission.objects.order_by("sequence").select_related("version__obligation__delivery__programme")
    measured = submissions.prefetch_related("measure_answers__parts", "measure_answers__measure")
    return list({submission.version_id: submission for submission in measured}.values())


class TestReturns:
    def test_every_submission_adds_up(self, region):
        sums = Counter()
        for submission, seen, dimension, people in SubmissionCount.objects.values_list(
            "submission_id", "seen", "category__dimension", "people"
        ):
            sums[submission, seen, dimension] += people
        for submission in Submission.objects.filter(new_people__isnull=False):
            first_seen = submission.new_people + submission.known_people
            for dimension in Dimension:
                assert sums[submission.pk, Seen.FIRST_SEEN, dimension] == first_seen
                assert sums[submission.pk, Seen.ALREADY_COUNTED, dimension] == submission.already_counted_people
            assert submission.contacts >= first_seen + submission.already_counted_people

    def test_nobody_is_already_counted_who_was_not(self, accepted):
        by_delivery = defaultdict(list)
        for submission in accepted:
            if submission.new_people is not None:
                by_delivery[submission.version.obligation.delivery_id].append(submission)
        for submissions in by_delivery.values():
            counted = Counter()
            for submission in sorted(submissions, key=lambda s: s.version.obligation.month):
                period = submission.version.obligation.period
                # Returns that are late or waiting leave gaps at the end, never before it.
                if period <= Month(2026, 6):
                    assert submission.already_counted_people <= counted[period.financial_year]
                counted[period.financial_year] += submission.new_people + submission.known_people

    def test_nobody_is_known_from_an_earlier_year_who_was_not(self, accepted):
        ever, known = Counter(), Counter()
        for submission in sorted(accepted, key=lambda s: s.version.obligation.month):
            if submission.new_people is not None:
                delivery, year = submission.version.obligation.delivery_id, submission.version.obligation.period
                known[delivery, year.financial_year] += submission.known_people
                earlier = sum(
                    people for (of, when), people in ever.items() if of == delivery and when < year.financial_year
                )
                assert known[delivery, year.financial_year] <= earlier
                ever[delivery, year.financial_year] += submission.new_people

    def test_most_people_live_where_the_delivery_is(self, region):
        here = everywhere = 0
        areas = {delivery.pk: {area.gss_code for area in delivery.areas.all()} for delivery in Delivery.objects.all()}
        for delivery, code, people in SubmissionCount.objects.filter(category__dimension="district").values_list(
            "submission__version__obligation__delivery", "category__code", "people"
        ):
            everywhere += people
            here += people * (code in areas[delivery])
        assert 0.85 < here / everywhere < 0.96

    def test_an_obligation_exists_for_every_month_of_every_delivery_to_the_present_one(self, region):
        for delivery in Delivery.objects.all():
            last = min(delivery.ends_on or TODAY, TODAY)
            expected = months_between(Month.of(delivery.starts_on), Month.of(last))
            if delivery.is_term_time:
                expected = [month for month in expected if month.number != 8]
            assert [o.period for o in delivery.obligations.order_by("month")] == expected
        assert Delivery.objects.filter(is_term_time=True).count() == 14

    def test_shows_what_a_month_looks_like_before_it_is_complete(self, region):
        october = ReturnVersion.objects.filter(obligation__month=date(2026, 10, 1))
        states = Counter(october.values_list("state", flat=True))
        assert states[State.RETURNED] >= 2
        assert states[State.SUBMITTED] >= 4
        assert states[State.DRAFT] >= 1
        assert Obligation.objects.late(TODAY).filter(versions__isnull=True).count() >= 3
        assert not ReturnVersion.objects.filter(obligation__month=date(2026, 11, 1)).exclude(state="draft").exists()

    def test_holds_the_less_usual_journeys(self, region):
        assert Obligation.objects.exclude(waived_reason="").count() == 1
        assert ReturnVersion.objects.filter(number=2, state=State.ACCEPTED, revision_reason="correction").exists()
        assert ReturnVersion.objects.filter(number=1, state=State.SUPERSEDED).exists()
        assert ReturnVersion.objects.filter(number=1, state=State.ACCEPTED, revision_reason="late_return").exists()
        assert 3 < ReturnVersion.objects.filter(is_backfilled=True).count() < 12
        assert Submission.objects.filter(
            version__is_backfilled=True, submitted_by__memberships__role="analyst"
        ).exists()
        assert Submission.objects.filter(is_nil=True, version__obligation__month__year=2026).exists()
        assert Submission.objects.filter(sequence=2).count() > 20
        assert ReturnVersion.objects.filter(state=State.DRAFT, typed__contacts="about 20").exists()

    def test_shows_unlocks_asked_for_in_force_and_ended(self, region):
        found = unlocks(User.objects.get(email="priya.venkataraman@example.org"), TODAY)
        assert [str(asked.asked_by) for asked in found.waiting] == ["Delroy Ashmeade"]
        assert [unlock.unlock.version.obligation.delivery.code for unlock in found.in_force] == ["OUTREACH-BOX"]
        ended = {line.unlock.version.obligation.delivery.code: line for line in found.ended}
        assert [version.state for version in ended["ED-BHM"].led_to] == [State.VOID]
        assert (ended["ED-DUD"].state, str(ended["ED-DUD"].unlock.for_person)) == ("used", "Priya Venkataraman")
        assert ended.keys() >= {"ED-BHM", "ED-DUD"}
        assert not Message.objects.exclude(state__in=[Message.State.SENT, Message.State.FAILED]).exists()

    def test_one_correction_waits_for_the_next_release(self, region):
        (revision,) = revisions(User.objects.get(email="priya.venkataraman@example.org"))
        assert (revision.obligation.delivery.code, revision.reason) == ("ED-DUD", "Correction")

    def test_every_return_says_what_happened_to_it(self, region):
        told = Counter(Event.objects.filter(name__startswith="outcomes.return.").values_list("name", flat=True))
        sent = told["outcomes.return.submitted"] + told["outcomes.return.nil_sent"] + told["outcomes.return.backfilled"]
        assert sent == Submission.objects.count()
        states = Counter(ReturnVersion.objects.values_list("state", flat=True))
        assert told["outcomes.return.accepted"] == states[State.ACCEPTED] + states[State.SUPERSEDED]
        twice = Submission.objects.filter(sequence=2)
        assert told["outcomes.return.returned"] == twice.count() + states[State.RETURNED]
        version = twice.filter(version__state=State.ACCEPTED).first().version
        about = Event.objects.about(version).order_by("occurred_at", "id").values_list("name", flat=True)
        assert [name.rpartition(".")[2] for name in about] == [
            "started", "submitted", "returned", "submitted", "accepted"
        ]  # fmt: skip

    def test_what_came_back_is_true_of_what_was_sent(self, region):
        for version in ReturnVersion.objects.filter(state=State.RETURNED, obligation__month=date(2026, 10, 1)):
            said = version.latest_submission
            if "the same as people" in version.reason:
                assert said.contacts == said.people
            else:
                assert f"{said.people} people" in version.reason
                assert f"{said.contacts} contacts" in version.reason

    def test_nobody_decides_on_what_they_sent(self, region):
        for version in ReturnVersion.objects.exclude(decided_by=None).prefetch_related("submissions"):
            assert version.decided_by_id not in {s.submitted_by_id for s in version.submissions.all()}

    def test_nothing_happens_before_its_month_is_over_or_after_today(self, region):
        for submission in Submission.objects.select_related("version__obligation"):
            assert submission.version.obligation.period.last < submission.submitted_at.date() < TODAY
        assert not ReturnVersion.objects.filter(decided_at__date__gte=TODAY).exists()

    def test_waiting_falls_and_attendance_rises_with_support(self, region):
        waiting, gains, nobody = defaultdict(list), [], 0
        measured = MeasureAnswer.objects.filter(measure__code__in=["waiting-days", "school-attendance"])
        for answer in measured.select_related("submission__version__obligation"):
            nobody += answer.people == 0
            if answer.median is not None:
                waiting[answer.submission.version.obligation.period.financial_year.start].append(answer.median)
            if answer.before is not None:
                gains.append(answer.after - answer.before)
        averages = [sum(days) / len(days) for _, days in sorted(waiting.items())]
        assert averages == sorted(averages, reverse=True)
        assert 2 < sum(gains) / len(gains) < 6
        assert nobody > 10


class TestTemplates:
    """What is asked changes in October 2025, and once more where suspensions are counted by days."""

    def test_every_programme_but_one_is_asked_by_a_template_of_its_kind(self, region):
        standard = Programme.objects.filter(return_template=None)
        assert [programme.code for programme in standard] == ["after-education"]

    def test_later_versions_ask_more(self, region):
        versions = TemplateVersion.objects.filter(template__code="emergency-department").order_by("number")
        assert [str(version.first_month) for version in versions] == ["January 2000", "October 2025"]
        asked = [TemplateQuestion.objects.filter(section__version=version).count() for version in versions]
        assert asked == [0, 13]
        assert versions[1].what_changed

    def test_every_return_answers_what_its_version_requires_and_nothing_else(self, answered):
        required, asked, stocks = defaultdict(set), defaultdict(set), set()
        for question in TemplateQuestion.objects.select_related("section", "measure"):
            asked[question.section.version_id].add(question.measure_id)
            if question.is_required:
                required[question.section.version_id].add(question.measure_id)
            if question.measure.is_stock:
                stocks.add(question.measure_id)
        for submission in answered:
            given = {answer.measure_id for answer in submission.measure_answers.all()}
            needed = required[submission.version.template_id] - (stocks if submission.is_nil else set())
            assert needed <= given <= asked[submission.version.template_id]

    def test_nil_returns_say_nothing_of_levels_at_the_months_end(self, region):
        assert {measure.code for measure in Measure.objects.all() if measure.is_stock} == STOCKS

    def test_no_return_breaks_a_check_that_must_be_mended(self, answered):
        checks = defaultdict(list)
        for check in TemplateCheck.objects.filter(severity="hard"):
            checks[check.version_id].append(check)
        assert checks
        for submission in answered:
            for check in checks[submission.version.template_id]:
                left = submission_number(submission, check.left)
                right = [submission_number(submission, item) for item in check.right] or [check.limit]
                if left is not None and None not in right:
                    assert KEPT[check.rule](left, sum(right)), (submission.version.obligation, str(check))

    def test_suspensions_have_a_successor(self, region):
        succession = MeasureSuccession.objects.get()
        assert (succession.old.code, succession.new.code) == ("suspended-pupils", "suspension-days")
        assert MeasureAnswer.objects.filter(measure=succession.old, value__gt=0).exists()
        assert MeasureAnswer.objects.filter(measure=succession.new, value__gt=0).exists()


KEPT = {"at_most": le, "at_least": ge, "equals": eq}


def some_measures(month: Month) -> tuple[str, ...]:
    return ("school-attendance", "waiting-days", "engaged", "sessions", "footfall")


class TestAnEarlierDay:
    """Needs no database: what the returns say and what becomes of them is worked out before anything is written."""

    @pytest.mark.parametrize("spec", DELIVERIES, ids=lambda spec: spec.code)
    def test_counts_are_a_prefix_of_the_later_ones(self, spec):
        earlier = counts_of(spec, Month(2023, 8), some_measures)
        later = counts_of(spec, Month(2026, 10), some_measures)
        assert later[: len(earlier)] == earlier

    @pytest.mark.parametrize("today", [date(2026, 11, 27), date(2026, 12, 24), date(2027, 2, 1), date(2027, 4, 9)])
    def test_has_what_each_role_looks_at(self, today):
        """Whichever day `make run` begins on."""
        found, nils, late = Counter(), 0, 0
        last = Month.of(today).plus(-1)
        due_dates = {month: working_day_of(month.plus(1), 10) for month in months_between(FIRST_MONTH, last)}
        latest_due = max(month for month, due in due_dates.items() if due + SETTLED <= today)
        for spec in DELIVERIES:
            for counts in counts_of(spec, last):
                due = due_dates[counts.month]
                versions = journey(spec.code, counts, due, today, latest_due)
                found.update([versions[-1].state] if versions else [])
                late += not versions and due < today
                nils += counts.is_nil and counts.month > last.plus(-13)
        assert min(found[State.RETURNED], found[State.SUBMITTED], late, nils) > 0, (found, late, nils)

    def test_what_was_accepted_stays_accepted_as_it_was(self):
        for spec in DELIVERIES[::7]:
            for counts in counts_of(spec, Month(2023, 4)):
                due = counts.month.plus(1).first.replace(day=14)
                then = journey(spec.code, counts, due, date(2023, 8, 22), Month(2023, 7))
                now = journey(spec.code, counts, due, TODAY, Month(2026, 10))
                assert then == now
                assert then[-1].state == State.ACCEPTED
