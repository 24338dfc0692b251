"""Releases: produced once, never edited, approved by another, the same bytes for ever."""

import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from outcomes import release_csv
from outcomes.actions import releases
from outcomes.models import Figure, Release, ReleaseInput, ReleaseRun
from outcomes.queries.reach import release_inputs
from partners.models import Event
from partners.permissions import Role
from programmes.models import Rung
from tests import factories
from vru_portal.core.periods import Month
from vru_portal.core.refusals import NotAllowed

JUNE = Month(2021, 6)
NOW = factories.noon(date(2021, 7, 22))


@pytest.fixture
def region(db):
    return make_region()


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


def headline(release):
    return release.figures.get(
        period_type=Figure.PeriodType.YEAR_TO_DATE,
        period_end=date(2021, 6, 30),
        programme=None,
        district=None,
        age_band=None,
    )


def file_of(release):
    fresh = Release.objects.get(pk=release.pk)
    return b"".join(release_csv.lines(fresh, fresh.figures.order_by("order")))


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
        before = file_of(first)
        version = factories.ReturnVersionFactory(obligation=region["late"], accepted=True)
        factories.SubmissionFactory(version=version, new_people=60)
        second = releases.produce(month=JUNE, by=None, now=NOW)
        assert (second.number, second.status) == (2, Release.Status.REVISED)
        assert headline(second).upper == 200
        assert file_of(first) == before

    def test_does_not_count_what_is_only_sent(self, region):
        sent = factories.ReturnVersionFactory(obligation=region["late"], state="submitted")
        factories.SubmissionFactory(version=sent, new_people=500)
        assert headline(releases.produce(month=JUNE, by=None, now=NOW)).upper == 140

    def test_keeps_the_exact_versions_that_it_was_made_of(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        assert sorted(release.inputs.values_list("version_id", flat=True)) == list(release_inputs(JUNE).versions)

    def test_hides_small_numbers(self, db):
        factories.PolicyFactory()
        factories.CategoryFactory(dimension="district", code="E08000025")
        factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=3)
        figure = headline(releases.produce(month=JUNE, by=None, now=NOW))
        assert (figure.lower, figure.upper, figure.symbol) == (None, None, Figure.Symbol.CONFIDENTIAL)


class TestTheFile:
    def test_has_the_fingerprint_of_the_release(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        fresh = Release.objects.get(pk=release.pk)
        assert release_csv.fingerprint(fresh, fresh.figures.order_by("order")) == release.output_fingerprint

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

    def test_never_holds_what_is_hidden(self, db):
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
        releases.approve(release=release, by=approver, now=NOW)
        assert list(Release.objects.visible_to(factories.user_with(Role.COMMISSIONER))) == [release]
        event = Event.objects.get(name="outcomes.release.approved")
        assert (event.by, event.subject_id) == (approver, release.pk)

    def test_refuses_the_one_who_produced_it(self, region):
        producer = factories.user_with(Role.ANALYST)
        release = releases.produce(month=JUNE, by=producer, now=NOW)
        with pytest.raises(releases.ApproverProduced, match="a colleague has to approve it"):
            releases.approve(release=release, by=producer, now=NOW)

    def test_refuses_a_second_time(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        releases.approve(release=release, by=factories.user_with(Role.ANALYST), now=NOW)
        with pytest.raises(releases.AlreadyApproved):
            releases.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)

    @pytest.mark.parametrize("role", [Role.PARTNER, Role.COMMISSIONER, Role.AUDITOR, Role.FINANCE_OFFICER])
    def test_refuses_other_roles(self, region, role):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        with pytest.raises(NotAllowed):
            releases.approve(release=release, by=factories.user_with(role), now=NOW)


class TestRequest:
    def test_refuses_a_month_that_is_not_over(self, region):
        with pytest.raises(releases.MonthNotOver, match="July 2021 is not over yet"):
            releases.request(month=Month(2021, 7), by=factories.user_with(Role.ANALYST), now=NOW)

    def test_gives_the_open_run_a_second_time(self, region):
        analyst = factories.user_with(Role.ANALYST)
        first = releases.request(month=JUNE, by=analyst, now=NOW)
        assert releases.request(month=JUNE, by=None, now=NOW) == first

    def test_by_the_clock_waits_for_the_working_day(self, region):
        # The 15th working day of July 2021 is the 21st.
        assert releases.request_due(now=factories.noon(date(2021, 7, 20))) is None
        assert releases.request_due(now=factories.noon(date(2021, 7, 21))).month == JUNE.first

    def test_by_the_clock_asks_once(self, region):
        releases.produce(month=JUNE, by=None, now=NOW)
        assert releases.request_due(now=NOW) is None


class TestDatabase:
    """Each rule by its name."""

    def refuses(self, name, change):
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            change()

    def test_release_approved_by_another(self, region):
        producer = factories.user_with(Role.ANALYST)
        release = releases.produce(month=JUNE, by=producer, now=NOW)
        self.refuses(
            "release_approved_by_another",
            lambda: Release.objects.filter(pk=release.pk).update(approved_by=producer, approved_at=NOW),
        )

    def test_release_never_edited(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        self.refuses("release_never_edited", lambda: Release.objects.filter(pk=release.pk).update(status="final"))

    def test_release_never_deleted(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        with connection.cursor() as cursor:
            self.refuses(
                "Cannot delete rows from outcomes_release",
                lambda: cursor.execute("DELETE FROM outcomes_release WHERE id = %s", [release.pk]),
            )

    @pytest.mark.parametrize("model", [Figure, ReleaseInput])
    def test_append_only(self, region, model):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        rows = model.objects.filter(release=release)
        self.refuses("Cannot update or delete rows", lambda: rows.update(release=release))

    def test_release_number_once(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        release.pk = None
        self.refuses("release_number_once", lambda: release.save(force_insert=True))

    def test_figure_once(self, region):
        figure = headline(releases.produce(month=JUNE, by=None, now=NOW))
        figure.pk, figure.order = None, 1_000_000
        self.refuses("figure_once", lambda: figure.save(force_insert=True))

    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("figure_value_or_symbol", {"lower": None}),
            ("figure_value_or_symbol", {"symbol": "c"}),
            ("figure_range_in_order", {"lower": 200, "upper": 100}),
            ("figure_exact_range_in_order", {"exact_lower": 200, "exact_upper": 100}),
            ("figure_received_within_due", {"returns_received": 99}),
            ("figure_symbol", {"symbol": "q", "lower": None}),
        ],
    )
    def test_figure_rules(self, region, rule, values):
        figure = headline(releases.produce(month=JUNE, by=None, now=NOW))
        figure.pk, figure.order, figure.period_type = None, 1_000_000, "financial_year"
        for name, value in values.items():
            setattr(figure, name, value)
        self.refuses(rule, lambda: figure.save(force_insert=True))

    def test_releaserun_one_open(self, region):
        run = releases.request(month=JUNE, by=None, now=NOW)
        run.pk = None
        self.refuses("releaserun_one_open", lambda: run.save(force_insert=True))

    def test_releaserun_finished_with_release(self, region):
        run = releases.request(month=JUNE, by=None, now=NOW)
        self.refuses(
            "releaserun_finished_with_release",
            lambda: ReleaseRun.objects.filter(pk=run.pk).update(state=ReleaseRun.State.FINISHED),
        )


def side_by_side(count, work):
    """Runs `work` in so many threads at once, each with its own connection; gives what they returned or raised."""
    barrier, answers = threading.Barrier(count), []

    def one():
        try:
            barrier.wait()
            answers.append(work())
        except Exception as problem:
            answers.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_ten_productions_give_one_release(self):
        make_region()
        answers = side_by_side(10, lambda: releases.produce(month=JUNE, by=None, now=NOW).pk)
        assert len(set(answers)) == 1
        assert Release.objects.count() == 1

    def test_ten_requests_give_one_run(self):
        make_region()
        answers = side_by_side(10, lambda: releases.request(month=JUNE, by=None, now=NOW).pk)
        assert len(set(answers)) == 1

    def test_ten_workers_with_one_run_give_one_release(self):
        make_region()
        run = ReleaseRun.objects.create(month=JUNE.first, requested_at=NOW, beat_at=NOW)
        answers = side_by_side(10, lambda: releases.carry_out(run_id=run.pk, clock=lambda: NOW))
        assert [type(answer) for answer in answers if answer is not None] == [Release]
        run.refresh_from_db()
        assert (run.state, run.percent, Release.objects.count()) == (ReleaseRun.State.FINISHED, 100, 1)

    def test_two_approvals_give_one(self):
        make_region()
        release = releases.produce(month=JUNE, by=None, now=NOW)
        people = [factories.user_with(Role.ANALYST), factories.user_with(Role.DIRECTOR)]
        answers = side_by_side(2, lambda: releases.approve(release=release, by=people.pop(), now=NOW))
        assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyApproved", "Release"]
