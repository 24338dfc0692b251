"""The demo region as `load_demo` leaves it.

The public figures are added up here in plain Python, from what the returns say, without the code that counts reach.
"""

from collections import Counter, defaultdict
from datetime import date
from io import StringIO
from operator import eq, ge, le

import pytest
from django.conf import settings
from django.core.management import call_command

from outcomes.actions.answers import submission_number
from outcomes.demo.answers import STOCKS
from outcomes.demo.counts import counts_of
from outcomes.demo.deliveries import DELIVERIES
from outcomes.demo.journeys import journey
from outcomes.demo.load import load_region
from outcomes.demo.meetings import meetings
from outcomes.demo.organisations import INVENTED, PUBLIC
from outcomes.demo.people import PASSWORD, demo_accounts
from outcomes.models import (
    Figure,
    Measure,
    MeasureAnswer,
    MeasureSuccession,
    Obligation,
    Release,
    ReleaseInput,
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
from outcomes.sentences import people_in_words
from partners.models import Event, Membership, Message, Network, NetworkMember, NetworkMembership, Organisation, User
from partners.permissions import Role
from programmes.models import CountingBasis, Delivery, Programme, Setting
from tests import prepared
from tests.factories import noon
from vru_portal.core.periods import Month, months_between

TODAY = date(2026, 11, 22)
APRIL_TO_DECEMBER = months_between(Month(2021, 4), Month(2021, 12))
SUPPORTED = {"brief_contact", "group", "one_to_one"}
State = ReturnVersion.State


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def region(work_on_copy_of):
    work_on_copy_of(prepared.demo_region(today=TODAY))


@pytest.fixture(scope="module")
def accepted(region) -> list[Submission]:
    """What each accepted return said last."""
    last = {}
    submissions = Submission.objects.filter(version__state=State.ACCEPTED).order_by("sequence")
    for submission in submissions.select_related("version__obligation__delivery__programme"):
        last[submission.version_id] = submission
    return list(last.values())


@pytest.fixture(scope="module")
def answered(region) -> list[Submission]:
    """The last submission of each version, with what it says of measures."""
    submissions = Submission.objects.order_by("sequence").select_related("version__obligation__delivery__programme")
    measured = submissions.prefetch_related("measure_answers__parts", "measure_answers__measure")
    return list({submission.version_id: submission for submission in measured}.values())


def in_months(submissions: list[Submission], months: list[Month]) -> list[Submission]:
    return [s for s in submissions if s.version.obligation.period in months]


def programme_of(submission: Submission) -> Programme:
    return submission.version.obligation.delivery.programme


def supported(submissions: list[Submission]) -> int:
    """Σ (A + B) of young people on the rungs that “supported” means, each delivery counting its own."""
    total = 0
    for submission in submissions:
        programme = programme_of(submission)
        if programme.beneficiary == "young_people" and programme.rung in SUPPORTED:
            total += submission.new_people + submission.known_people
    return total


def figure_to_december_2021(programme: str | None = None) -> Figure:
    release = Release.objects.get(month=date(2021, 12, 1), number=2)
    of = {"programme__code": programme} if programme else {"programme": None}
    return release.figures.get(
        period_type="year_to_date", period_end=date(2021, 12, 31), district=None, age_band=None, **of
    )


def rows_to_december_2021():
    """(delivery, row) of the registers as they were made up: with who somebody really is."""
    for (code, month), meeting in meetings(Month(2021, 12)).items():
        for row in meeting.rows:
            assert month in APRIL_TO_DECEMBER
            yield code, row


class TestPublicFigures:
    def test_more_than_10_500_young_people_from_april_to_december_2021(self, region):
        figure = figure_to_december_2021()
        assert 10_500 < figure.lower <= figure.exact_lower < 10_600
        assert people_in_words(figure.lower, figure.lower) == "More than 10,500"

    def test_are_met_that_many_in_truth(self, region):
        """The linkage takes a few strangers for one person, and hardly anybody for two."""
        people = {row.person for _, row in rows_to_december_2021()}
        assert 0.985 * len(people) < figure_to_december_2021().exact_lower <= len(people) < 10_700

    def test_are_more_by_the_counts_of_deliveries_without_registers(self, accepted):
        counted_by_hand = [
            submission
            for submission in in_months(accepted, APRIL_TO_DECEMBER)
            if submission.version.obligation.delivery.counting_basis == CountingBasis.AGGREGATE
        ]
        figure = figure_to_december_2021()
        assert figure.exact_upper == figure.exact_lower + supported(counted_by_hand)

    def test_over_200_children_through_heal_hub(self, region):
        figure = figure_to_december_2021("heal-hub")
        codes = {spec.code for spec in DELIVERIES if spec.programme == "heal-hub"}
        people = {row.person for code, row in rows_to_december_2021() if code in codes}
        assert 200 < figure.lower <= figure.exact_lower == figure.exact_upper < 220
        assert abs(figure.exact_lower - len(people)) <= 2

    def test_more_than_18_000_pupils_on_school_routes_beside_and_not_inside(self, accepted):
        largest = defaultdict(int)
        for submission in in_months(accepted, APRIL_TO_DECEMBER):
            if programme_of(submission).rung == "exposure":
                delivery = submission.version.obligation.delivery_id
                largest[delivery] = max(largest[delivery], submission.exposed_people)
                assert submission.new_people is None
        assert 18_000 < sum(largest.values()) < 18_500

    @pytest.mark.parametrize(
        ("kind", "more_than", "fewer_than"),
        [(Network.Kind.COMMUNITY, 600, 620), (Network.Kind.FAITH_ALLIANCE, 140, 150)],
    )
    def test_networks_have_so_many_members_at_the_end_of_2021(self, region, kind, more_than, fewer_than):
        day = date(2021, 12, 31)
        members = {
            membership.member_id
            for membership in NetworkMembership.objects.filter(network__kind=kind)
            if membership.joined_on <= day and (membership.left_on is None or membership.left_on > day)
        }
        assert more_than < len(members) < fewer_than


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


class TestReleases:
    def test_the_late_return_made_a_revision(self, region):
        first, second = Release.objects.filter(month=date(2021, 12, 1)).order_by("number")
        assert (first.status, second.status) == ("provisional", "revised")
        late = set(second.inputs.values_list("version", flat=True)) - set(
            first.inputs.values_list("version", flat=True)
        )
        (version,) = ReturnVersion.objects.filter(pk__in=late)
        assert version.obligation.delivery.code == "ED-WLV"

    def test_all_but_the_latest_are_approved_by_somebody_else(self, region):
        *earlier, latest = Release.objects.order_by("month", "number")
        assert all(release.is_published and release.approved_by != release.produced_by for release in earlier)
        assert latest.month == date(2026, 10, 1)
        assert not latest.is_published


class TestPeople:
    def test_each_role_has_an_account_that_opens(self, region):
        assert {account.code for account in demo_accounts()} == set(Role.values)
        hashes = set()
        for account in demo_accounts():
            user = User.objects.get(email=account.email)
            assert [m.role for m in user.memberships.open_on(TODAY)] == [account.code]
            hashes.add(user.password)
            checked = user
        assert len(hashes) == 1
        assert checked.check_password(PASSWORD)

    def test_the_two_partners_are_at_different_organisations(self, region):
        emails = [account.email for account in demo_accounts() if account.code == Role.PARTNER]
        assert Membership.objects.filter(user__email__in=emails).values("organisation").distinct().count() == 2

    def test_the_command_lists_them(self):
        out = StringIO()
        call_command("demo_accounts", stdout=out)
        lines = [line.split(" ") for line in out.getvalue().splitlines()]
        assert lines == [[account.code, account.email, account.password] for account in demo_accounts()]

    def test_nobody_from_the_news_is_named(self, region):
        named = ["Simon Foster", "Robert James", "Katie Wright", "Helen Paterson", "Kamran Hussain"]
        texts = [
            *User.objects.values_list("name", flat=True),
            *NetworkMember.objects.values_list("name", flat=True),
            *NetworkMember.objects.values_list("belongs_to", flat=True),
            *Organisation.objects.values_list("name", flat=True),
            *Programme.objects.values_list("summary", flat=True),
            *Delivery.objects.values_list("name", flat=True),
        ]
        for name in [*named, "Green Lane Masjid"]:
            assert not [text for text in texts if name.lower() in text.lower()]

    def test_members_of_networks_have_names_of_their_own(self, region):
        names = list(NetworkMember.objects.values_list("name", flat=True))
        assert len(names) == len(set(names))


class TestContent:
    def test_has_about_forty_partners_with_deliveries_in_all_seven_districts(self, region):
        assert 38 <= len(PUBLIC) + len(INVENTED) <= 45
        assert Organisation.objects.get(kind=Organisation.Kind.UNIT).name == settings.UNIT_NAME
        assert 55 <= Delivery.objects.count() <= 70
        districts = {area.gss_code for delivery in Delivery.objects.all() for area in delivery.areas.all()}
        assert len(districts) == 7

    def test_every_setting_is_met_somewhere(self, region):
        assert not Setting.objects.filter(deliveries=None).exists()

    def test_every_programme_says_how_it_is_meant_to_work(self, region):
        assert all(4 <= len(programme.steps) <= 5 and programme.summary for programme in Programme.objects.all())

    def test_one_event_tells_of_the_loading(self, region):
        assert Event.objects.filter(name="outcomes.demo.loaded").count() == 1


class TestLoading:
    TABLES = (User, Delivery, NetworkMembership, Obligation, ReturnVersion, Submission, Release, ReleaseInput, Event)

    def test_changes_nothing_a_second_time(self, region):
        before = [model.objects.count() for model in self.TABLES]
        out = StringIO()
        call_command("load_demo", today=TODAY, stdout=out)
        assert [model.objects.count() for model in self.TABLES] == before
        assert len(out.getvalue().splitlines()) > 5  # it says how far it is
        assert out.getvalue().splitlines()[-1].endswith("Nothing to add: the demo region was loaded already.")

    def test_leaves_alone_what_people_have_changed(self, region):
        User.objects.filter(name="Gwen Tallantire").update(name="Gwen Tallantire-Moss")
        Programme.objects.filter(code="heal-hub").update(name="The Heal Hub")
        assert load_region(today=TODAY, now=noon(TODAY)) == 0
        assert User.objects.filter(name="Gwen Tallantire-Moss").exists()
        assert Programme.objects.get(code="heal-hub").name == "The Heal Hub"


def some_measures(month: Month) -> tuple[str, ...]:
    return ("school-attendance", "waiting-days", "engaged", "sessions", "footfall")


class TestAnEarlierDay:
    """Needs no database: what the returns say and what becomes of them is worked out before anything is written."""

    @pytest.mark.parametrize("spec", DELIVERIES, ids=lambda spec: spec.code)
    def test_counts_are_a_prefix_of_the_later_ones(self, spec):
        earlier = counts_of(spec, Month(2023, 8), some_measures)
        later = counts_of(spec, Month(2026, 10), some_measures)
        assert later[: len(earlier)] == earlier

    def test_what_was_accepted_stays_accepted_as_it_was(self):
        for spec in DELIVERIES[::7]:
            for counts in counts_of(spec, Month(2023, 4)):
                due = counts.month.plus(1).first.replace(day=14)
                then = journey(spec.code, counts, due, date(2023, 8, 22), Month(2023, 7))
                now = journey(spec.code, counts, due, TODAY, Month(2026, 10))
                assert then == now
                assert then[-1].state == State.ACCEPTED
