"""Releases: produced once, never edited, approved by another, the same bytes for ever."""

import hashlib
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from outcomes.actions import releases
from outcomes.disclosure import published
from outcomes.disclosure.certificate import Certificate, check
from outcomes.disclosure.published import numbers_of
from outcomes.models import Figure, Release, ReleaseRun
from outcomes.package import reach
from outcomes.queries import files
from outcomes.queries import linkage as queries
from outcomes.queries.audit import as_published
from outcomes.queries.policies import NoPolicy
from outcomes.queries.reach import inputs_of
from outcomes.release_figures import figure_rows
from partners.models import Event
from partners.permissions import Role
from programmes.models import Rung
from tests import factories
from vru_portal.core.periods import Month
from vru_portal.core.refusals import NotAllowed

pytestmark = pytest.mark.usefixtures("workbooks_once")

JUNE = Month(2021, 6)
QUARTER = ("quarter", "2021-06-30")
NOW = factories.noon(date(2021, 7, 22))


@pytest.fixture(scope="class")
def region_once(fill_once):
    return fill_once(make_region)


@pytest.fixture
def region(region_once, db):
    return region_once()


@transaction.atomic
def make_region():
    """Two deliveries of one programme in Birmingham, one return late; and an exposure delivery."""
    factories.PolicyFactory()
    factories.CategoryFactory(dimension="district", code="E08000025")
    factories.CategoryFactory(dimension="age_band", code="14-15")
    programme = factories.ProgrammeFactory()
    first, second = factories.DeliveryFactory.create_batch(2, programme=programme)
    for month in (Month(2021, 4), Month(2021, 5), JUNE):
        factories.accepted_return(first, month, new_people=30)
    factories.accepted_return(second, Month(2021, 4), new_people=50)
    late = factories.ObligationFactory(delivery=second, month=date(2021, 5, 1))
    routes = factories.DeliveryFactory(programme=factories.ProgrammeFactory(rung=Rung.EXPOSURE))
    factories.accepted_return(routes, JUNE, exposed_people=912)
    return {"programme": programme, "late": late, "routes": routes.programme}


def revision(region):
    """The June release again, after the late return came."""
    version = factories.ReturnVersionFactory(obligation=region["late"], accepted=True)
    factories.SubmissionFactory(version=version, new_people=60)
    return releases.produce(month=JUNE, by=None, now=NOW)


def headline(release):
    return release.figures.get(
        period_type=Figure.PeriodType.YEAR_TO_DATE,
        period_end=date(2021, 6, 30),
        programme=None,
        district=None,
        age_band=None,
    )


def inferred_of_headline(release):
    """Its two ends, and what somebody who knows the rules infers of how many there are, from that number alone."""
    said = headline(release)
    rows = [row for row in as_published(release).rows if row.order == said.order]
    (number,) = numbers_of(rows[0])
    return (said.lower, said.upper), number.least_and_most(inputs_of(release).policy)


def file_of(release):
    fresh = Release.objects.get(pk=release.pk)
    return reach.table(fresh, fresh.figures.order_by("order")).csv()


class TestOneNumber:
    def test_is_rounded_down_while_returns_are_missing_for_it_is_called_at_least(self, db):
        factories.PolicyFactory()
        delivery = factories.DeliveryFactory()
        factories.accepted_return(delivery, JUNE, new_people=38)
        late = factories.ObligationFactory(delivery=delivery, month=date(2021, 5, 1))
        release = releases.produce(month=JUNE, by=None, now=NOW)
        assert inferred_of_headline(release) == ((35, 35), (35, 39))
        revised = revision({"late": late})
        assert inferred_of_headline(revised) == ((100, 100), (98, 102))

    def test_of_a_release_from_before_that_was_so_went_to_the_nearest(self, db):
        factories.PolicyFactory()
        delivery = factories.DeliveryFactory()
        factories.accepted_return(delivery, JUNE, new_people=38)
        factories.ObligationFactory(delivery=delivery, month=date(2021, 5, 1))
        release = releases.produce(month=JUNE, by=None, now=NOW)
        assert release.account.pop("rounds_missing_down") is True
        inputs = inputs_of(release)
        before = published.Release(inputs, list(figure_rows(inputs)))
        row = next(row for row in before.rows if row.order == headline(release).order)
        (number,) = numbers_of(row)
        assert (row.lower, number.least_and_most(inputs.policy)) == (40, (38, 42))
        assert not check(Certificate(), [before]).broken

    def test_is_hidden_where_it_would_be_said_to_be_none(self, db):
        factories.PolicyFactory(round_to=5, hide_below=3)
        delivery = factories.DeliveryFactory()
        factories.accepted_return(delivery, JUNE, new_people=4)
        factories.ObligationFactory(delivery=delivery, month=date(2021, 5, 1))
        found = headline(releases.produce(month=JUNE, by=None, now=NOW))
        assert (found.lower, found.upper, found.symbol) == (None, None, "c")


class TestProduce:
    def test_gives_the_range_and_the_coverage(self, region):
        figure = headline(releases.produce(month=JUNE, by=None, now=NOW))
        assert (figure.lower, figure.upper, figure.basis) == (90, 140, Figure.Basis.RANGE)
        assert (figure.returns_received, figure.returns_due) == (4, 5)

    def test_keeps_exposure_beside_the_people_supported(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        exposed = release.figures.get(measure="people_exposed", period_type="year_to_date", period_end="2021-06-30")
        assert (exposed.programme, exposed.lower, exposed.upper) == (region["routes"], 910, 910)
        assert exposed.basis == Figure.Basis.ESTIMATE

    def test_gives_what_counting_md_says_is_published_and_nothing_else(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        supported, exposed, district, age = region["programme"].code, region["routes"].code, "E08000025", "14-15"
        months = [("month", day) for day in ("2021-04-30", "2021-05-31", "2021-06-30")]
        years = [("year_to_date", day) for _, day in months]
        of_every_period = [("", "", ""), ("", district, ""), ("", "", age), (supported, "", ""), (exposed, "", "")]
        to_the_end_of_a_quarter = [(supported, district, ""), (supported, "", age)]
        expected = {(*period, *of) for period in (*months, *years, QUARTER) for of in of_every_period}
        expected |= {(*period, *of) for period in (years[-1], QUARTER) for of in to_the_end_of_a_quarter}
        expected |= {(*years[-1], "", district, age)}
        named = release.figures.values_list(
            "period_type", "period_end", "programme__code", "district__code", "age_band__code"
        )
        given = [(kind, str(end), *(code or "" for code in codes)) for kind, end, *codes in named]
        assert sorted(given) == sorted(expected)

    def test_says_not_available_where_nothing_was_received(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        april = release.figures.get(measure="people_exposed", period_type="month", period_end="2021-04-30")
        assert (april.lower, april.upper, april.symbol) == (None, None, Figure.Symbol.NOT_APPLICABLE)
        may = factories.DeliveryFactory(code="NONE-IN")
        factories.ObligationFactory(delivery=may, month=date(2021, 5, 1))
        again = releases.produce(month=JUNE, by=None, now=NOW)
        missing = again.figures.get(
            programme=may.programme, period_type="month", period_end="2021-05-31", district=None, age_band=None
        )
        assert (missing.lower, missing.symbol) == (None, Figure.Symbol.NOT_AVAILABLE)

    def test_again_without_a_change_gives_the_same_release(self, region):
        first = releases.produce(month=JUNE, by=None, now=NOW)
        assert releases.produce(month=JUNE, by=None, now=NOW + timedelta(days=1)) == first
        assert Release.objects.count() == 1

    def test_after_a_late_return_gives_a_revision_and_leaves_the_first_alone(self, region):
        first = releases.produce(month=JUNE, by=None, now=NOW)
        factories.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
        before = file_of(first)
        second = revision(region)
        assert (second.number, second.status) == (2, Release.Status.REVISED)
        assert headline(second).upper == 200
        assert file_of(first) == before

    def test_does_not_count_what_is_only_sent(self, region):
        sent = factories.ReturnVersionFactory(obligation=region["late"], state="submitted")
        factories.SubmissionFactory(version=sent, new_people=500)
        assert headline(releases.produce(month=JUNE, by=None, now=NOW)).upper == 140

    def test_keeps_the_exact_versions_that_it_was_made_of(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        assert sorted(release.inputs.values_list("version_id", flat=True)) == sorted(queries.accepted_versions())

    def test_attacks_it_together_with_what_is_approved_while_it_is_made(self, region):
        director = factories.user_with(Role.DIRECTOR)
        may = releases.produce(month=JUNE.plus(-1), by=None, now=NOW)

        def approve_may(stage, percent):
            if stage.startswith("Hiding") and not Release.objects.approved().exists():
                factories.approve(release=may, by=director, now=NOW)

        june = releases.produce(month=JUNE, by=None, now=NOW, progress=approve_may)
        assert june.attacked_with == [may.pk]
        assert factories.approve(release=june, by=director, now=NOW).is_approved

    def test_is_heard_of_while_it_looks_for_what_to_hide(self, region, monkeypatch):
        monkeypatch.setattr(releases, "BEAT", timedelta(0))
        said = []
        releases.produce(month=JUNE, by=None, now=NOW, progress=lambda stage, percent: said.append(percent))
        assert said.count(40) > 1
        assert said == sorted(said)

    def test_hides_for_good_what_an_earlier_release_hid(self, region):
        """A correction makes it large enough to be shown, and it is not."""
        delivery = factories.DeliveryFactory(programme=region["programme"])
        few = {"district": {"first_seen": {"E08000025": 41, "E08000030": 3}}}
        factories.accepted_return(delivery, JUNE, new_people=44, breakdowns=few)
        first = releases.produce(month=JUNE, by=None, now=NOW)
        factories.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
        hidden = first.figures.filter(district__code="E08000030", lower=None, upper=None).values_list(
            "order", flat=True
        )
        more = {"district": {"first_seen": {"E08000025": 41, "E08000030": 60}}}
        factories.accepted_return(
            factories.DeliveryFactory(programme=region["programme"]), JUNE, new_people=101, breakdowns=more
        )
        second = releases.produce(month=JUNE, by=None, now=NOW)
        assert hidden
        assert not second.figures.filter(order__in=hidden).exclude(lower=None, upper=None).exists()
        assert [each for each in second.hidden_beside if each[2] is None]


class TestTheFile:
    def test_has_the_fingerprint_of_the_release(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        fresh = Release.objects.get(pk=release.pk)
        assert hashlib.sha256(file_of(fresh)).hexdigest() == release.output_fingerprint
        assert b"".join(files.blocks(release.files.get(name="reach.csv"))) == file_of(fresh)

    def test_is_served_as_it_was_written_whatever_the_code_says_later(self, region, client, monkeypatch):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        monkeypatch.setitem(reach.NOTES, Figure.Basis.RANGE, "Another sentence.")
        client.force_login(factories.user_with(Role.ANALYST))
        answer = client.get(reverse("outcomes:release-file", args=[release.code, "reach.csv"]))
        content = b"".join(answer.streaming_content)
        assert hashlib.sha256(content).hexdigest() == release.output_fingerprint
        assert int(answer["Content-Length"]) == len(content)

    def test_stays_the_same_when_a_programme_is_renamed(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        before = file_of(release)
        region["programme"].name = "=Another name"
        region["programme"].save()
        assert file_of(release) == before

    def test_escapes_formulas_and_ends_lines_as_the_standard_says(self, region):
        region["programme"].name = "=cmd()"
        region["programme"].save()
        text = file_of(releases.produce(month=JUNE, by=None, now=NOW)).decode()
        assert "'=cmd()" in text
        assert ",=cmd()" not in text
        assert text.count("\r\n") == text.count("\n")


class TestSmallNumbers:
    def test_are_hidden(self, db):
        factories.PolicyFactory()
        factories.CategoryFactory(dimension="district", code="E08000025")
        factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=3)
        figure = headline(releases.produce(month=JUNE, by=None, now=NOW))
        assert (figure.lower, figure.upper, figure.symbol) == (None, None, Figure.Symbol.CONFIDENTIAL)

    def test_never_stand_in_the_file(self, db):
        factories.PolicyFactory()
        factories.CategoryFactory(dimension="district", code="E08000025")
        factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=3, contacts=77)
        rows = file_of(releases.produce(month=JUNE, by=None, now=NOW)).decode().splitlines()[1:]
        assert not [row for row in rows if ",3," in row.split(",c,")[-1] and ",c," in row]


class TestApprove:
    def test_publishes(self, region):
        producer, approver = (factories.user_with(Role.ANALYST) for _ in range(2))
        release = releases.produce(month=JUNE, by=producer, now=NOW)
        assert not Release.objects.visible_to(factories.user_with(Role.COMMISSIONER))
        factories.approve(release=release, by=approver, now=NOW)
        assert list(Release.objects.visible_to(factories.user_with(Role.COMMISSIONER))) == [release]
        event = Event.objects.get(name="outcomes.release.approved")
        assert (event.by, event.subject_id) == (approver, release.pk)
        release.refresh_from_db()
        assert event.reason == release.unproven_reason == ""

    def test_records_why_it_is_published_though_not_all_is_proven(self, region):
        factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=3, contacts=77)
        release = releases.produce(month=JUNE, by=None, now=NOW)
        approved = factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        assert approved.unproven_reason
        assert Event.objects.get(name="outcomes.release.approved").reason == approved.unproven_reason

    def test_refuses_one_of_other_rules(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        factories.PolicyFactory(effective_from=date(2021, 6, 2), round_to=10)
        with pytest.raises(releases.RulesChanged, match="The rules changed since it was produced"):
            factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)

    def test_refuses_the_one_who_produced_it(self, region):
        producer = factories.user_with(Role.ANALYST)
        release = releases.produce(month=JUNE, by=producer, now=NOW)
        with pytest.raises(releases.ApproverProduced, match="a colleague has to approve it"):
            factories.approve(release=release, by=producer, now=NOW)

    def test_refuses_a_second_time(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        factories.approve(release=release, by=factories.user_with(Role.ANALYST), now=NOW)
        with pytest.raises(releases.AlreadyApproved):
            factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)

    @pytest.mark.parametrize("role", [Role.PARTNER, Role.COMMISSIONER, Role.AUDITOR, Role.FINANCE_OFFICER])
    def test_refuses_other_roles(self, region, role):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        with pytest.raises(NotAllowed):
            factories.approve(release=release, by=factories.user_with(role), now=NOW)

    def test_refuses_one_after_which_a_newer_one_was_produced(self, region):
        first = releases.produce(month=JUNE, by=None, now=NOW)
        second = revision(region)
        with pytest.raises(releases.NewerOneStands, match="Release 2 of the same months is newer"):
            factories.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
        releases.discard(release=second, reason="Too early.", by=factories.user_with(Role.DIRECTOR), now=NOW)
        assert factories.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW).is_published

    def test_what_readers_see_first_is_not_called_revised(self, region):
        releases.produce(month=JUNE, by=None, now=NOW)
        assert revision(region).status == Release.Status.PROVISIONAL

    def test_refuses_one_that_was_not_attacked_together_with_what_was_approved_since(self, region):
        director = factories.user_with(Role.DIRECTOR)
        june = releases.produce(month=JUNE, by=None, now=NOW)
        may = releases.produce(month=JUNE.plus(-1), by=None, now=NOW)
        factories.approve(release=may, by=director, now=NOW)
        with pytest.raises(releases.NotAttackedTogether, match="Produce it again"):
            factories.approve(release=june, by=director, now=NOW)
        again = releases.produce(month=JUNE, by=None, now=NOW)
        assert (again.number, again.attacked_with) == (2, [may.pk])
        assert factories.approve(release=again, by=director, now=NOW).is_approved


class TestDiscard:
    def test_keeps_it_on_record_with_the_reason(self, region):
        analyst = factories.user_with(Role.ANALYST)
        release = releases.produce(month=JUNE, by=analyst, now=NOW)
        release = releases.discard(release=release, reason="The wrong month.", by=analyst, now=NOW)
        assert (release.discarded_by, release.discarded_reason) == (analyst, "The wrong month.")
        event = Event.objects.get(name="outcomes.release.discarded")
        assert (event.by, event.reason, event.subject_id) == (analyst, "The wrong month.", release.pk)

    def test_a_discarded_release_is_never_approved(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        director = factories.user_with(Role.DIRECTOR)
        releases.discard(release=release, reason="The wrong month.", by=director, now=NOW)
        with pytest.raises(releases.DecidedAlready, match="can never be published"):
            factories.approve(release=release, by=director, now=NOW)
        with pytest.raises(releases.DecidedAlready, match="discarded already"):
            releases.discard(release=release, reason="Again.", by=director, now=NOW)

    def test_refuses_a_published_one(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        director = factories.user_with(Role.DIRECTOR)
        factories.approve(release=release, by=director, now=NOW)
        with pytest.raises(releases.DecidedAlready, match="is approved, so it stays"):
            releases.discard(release=release, reason="Too late.", by=director, now=NOW)

    def test_lets_the_month_be_produced_again(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        releases.discard(release=release, reason="Too early.", by=factories.user_with(Role.DIRECTOR), now=NOW)
        assert releases.produce(month=JUNE, by=None, now=NOW).number == 2

    @pytest.mark.parametrize("role", [Role.PARTNER, Role.COMMISSIONER, Role.AUDITOR, Role.FINANCE_OFFICER])
    def test_refuses_other_roles(self, region, role):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        with pytest.raises(NotAllowed):
            releases.discard(release=release, reason="No.", by=factories.user_with(role), now=NOW)


class TestRequest:
    def test_refuses_a_month_without_a_policy_before_it_begins(self, region):
        with pytest.raises(NoPolicy, match="No policy is in force on 30 November 2020"):
            releases.request(month=Month(2020, 11), by=factories.user_with(Role.ANALYST), now=NOW)
        assert not ReleaseRun.objects.exists()

    def test_refuses_a_month_that_is_not_over(self, region):
        with pytest.raises(releases.MonthNotOver, match="July 2021 is not over yet"):
            releases.request(month=Month(2021, 7), by=factories.user_with(Role.ANALYST), now=NOW)

    def test_gives_the_open_run_a_second_time(self, region):
        analyst = factories.user_with(Role.ANALYST)
        first = releases.request(month=JUNE, by=analyst, now=NOW)
        assert releases.request(month=JUNE, by=None, now=NOW) == first

    def test_of_a_run_that_the_clock_began_makes_it_the_persons(self, region):
        """Otherwise somebody could ask for a release and approve it."""
        run = releases.request(month=JUNE, by=None, now=NOW)
        analyst = factories.user_with(Role.ANALYST)
        assert releases.request(month=JUNE, by=analyst, now=NOW) == run
        release = releases.carry_out(run_id=run.pk, clock=lambda: NOW)
        with pytest.raises(releases.ApproverProduced):
            factories.approve(release=release, by=analyst, now=NOW)

    def test_by_the_clock_waits_a_day_after_a_failure(self, region):
        ReleaseRun.objects.create(month=JUNE.first, requested_at=NOW, beat_at=NOW, state=ReleaseRun.State.FAILED)
        assert releases.request_due(now=NOW + timedelta(hours=1)) is None
        assert releases.request_due(now=NOW + timedelta(days=2)) is not None

    def test_by_the_clock_waits_for_the_working_day(self, region):
        # The 15th working day of July 2021 is the 21st.
        assert releases.request_due(now=factories.noon(date(2021, 7, 20))) is None
        assert releases.request_due(now=factories.noon(date(2021, 7, 21))).month == JUNE.first

    def test_by_the_clock_asks_once(self, region):
        releases.produce(month=JUNE, by=None, now=NOW)
        assert releases.request_due(now=NOW) is None


class TestCarryOut:
    def test_gives_up_a_run_that_never_ends(self, region):
        run = ReleaseRun.objects.create(month=JUNE.first, requested_at=NOW, beat_at=NOW, attempts=5)
        with pytest.raises(releases.NoWorkerSurvives):
            releases.carry_out(run_id=run.pk, clock=lambda: NOW)
        run.refresh_from_db()
        assert (run.state, "begun 5 times" in run.problem) == (ReleaseRun.State.FAILED, True)
        event = Event.objects.get(name="outcomes.release.failed")
        assert (event.subject_id, event.reason) == (run.pk, run.problem)
        assert releases.carry_out(run_id=run.pk, clock=lambda: NOW) is None

    def test_counts_its_attempts(self, region):
        run = releases.request(month=JUNE, by=None, now=NOW)
        releases.carry_out(run_id=run.pk, clock=lambda: NOW)
        run.refresh_from_db()
        assert run.attempts == 1
