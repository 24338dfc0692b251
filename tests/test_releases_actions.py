"""Releases: produced once, never edited, approved by another, the same bytes for ever."""

import hashlib
import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse

from outcomes import release_csv
from outcomes.actions import releases
from outcomes.models import Category, Figure, Policy, Release, ReleaseFile, ReleaseInput, ReleaseRun
from outcomes.queries import files
from outcomes.queries.reach import NoPolicy, release_inputs
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
        releases.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
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
        assert hashlib.sha256(file_of(fresh)).hexdigest() == release.output_fingerprint
        assert b"".join(files.blocks(release.files.get())) == file_of(fresh)

    def test_is_served_as_it_was_written_whatever_the_code_says_later(self, region, client, monkeypatch):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        monkeypatch.setitem(release_csv.NOTES, Figure.Basis.RANGE, "Another sentence.")
        client.force_login(factories.user_with(Role.ANALYST))
        answer = client.get(reverse("outcomes:release-csv", args=[release.pk]))
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

    def test_refuses_one_after_which_a_newer_one_was_produced(self, region):
        first = releases.produce(month=JUNE, by=None, now=NOW)
        second = revision(region)
        with pytest.raises(releases.NewerOneStands, match="Release 2 of the same months is newer"):
            releases.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
        releases.discard(release=second, reason="Too early.", by=factories.user_with(Role.DIRECTOR), now=NOW)
        assert releases.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW).is_published

    def test_what_readers_see_first_is_not_called_revised(self, region):
        releases.produce(month=JUNE, by=None, now=NOW)
        assert revision(region).status == Release.Status.PROVISIONAL


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
            releases.approve(release=release, by=director, now=NOW)
        with pytest.raises(releases.DecidedAlready, match="discarded already"):
            releases.discard(release=release, reason="Again.", by=director, now=NOW)

    def test_refuses_a_published_one(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        director = factories.user_with(Role.DIRECTOR)
        releases.approve(release=release, by=director, now=NOW)
        with pytest.raises(releases.DecidedAlready, match="is published, so it stays"):
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
            releases.approve(release=release, by=analyst, now=NOW)

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


class TestPages:
    def get(self, client, role, name, *args, **query):
        client.force_login(factories.user_with(role))
        return client.get(reverse(name, args=args), query)

    def two_releases(self, region):
        """The first published, and the second, which waits."""
        first = releases.produce(month=JUNE, by=None, now=NOW)
        releases.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
        return first, revision(region)

    def test_a_revised_release_says_so_to_whoever_may_see_the_revision(self, region, client):
        first, second = self.two_releases(region)
        page = self.get(client, Role.COMMISSIONER, "outcomes:release-detail", first.pk).content.decode()
        assert "instead" not in page
        releases.approve(release=second, by=factories.user_with(Role.DIRECTOR), now=NOW)
        page = self.get(client, Role.COMMISSIONER, "outcomes:release-detail", first.pk).content.decode()
        assert "instead" in page

    def test_commissioners_see_no_internals(self, region, client):
        release = releases.produce(month=JUNE, by=factories.user_with(Role.ANALYST, name="Ada Inside"), now=NOW)
        releases.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        page = self.get(client, Role.COMMISSIONER, "outcomes:release-detail", release.pk).content.decode()
        assert "Ada Inside" not in page
        assert release.input_fingerprint not in page
        assert release.output_fingerprint in page

    def test_a_release_that_is_not_published_is_not_found(self, region, client):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        published = releases.produce(month=Month(2021, 5), by=None, now=NOW)
        releases.approve(release=published, by=factories.user_with(Role.DIRECTOR), now=NOW)
        for name in ("outcomes:release-detail", "outcomes:release-csv"):
            assert self.get(client, Role.COMMISSIONER, name, release.pk).status_code == 404
        assert self.get(client, Role.COMMISSIONER, "outcomes:figures", release=release.pk).status_code == 404
        assert self.get(client, Role.COMMISSIONER, "outcomes:figures", release=published.pk).status_code == 200

    def test_the_dashboard_says_the_finding(self, region, client):
        releases.produce(month=JUNE, by=None, now=NOW)
        page = self.get(client, Role.ANALYST, "outcomes:reach").content.decode()
        assert "Between 90 and 140 young people were supported between April and June 2021." in page
        assert "4 of 5 returns due" in page
        page = self.get(client, Role.ANALYST, "outcomes:release-detail", Release.objects.get().pk).content.decode()
        assert "4 of 5 returns due from the programmes that support young people" in page
        assert "5 accepted returns of every programme" in page

    def test_today_and_reach_round_the_same_way(self, region, client):
        factories.accepted_return(factories.DeliveryFactory(programme=region["programme"]), JUNE, new_people=3195)
        releases.produce(month=JUNE, by=None, now=NOW)
        for name in ("home", "outcomes:reach"):
            page = self.get(client, Role.DIRECTOR, name).content.decode()
            assert "Between 3,100 and 3,400" in page, name

    @pytest.mark.parametrize("name", ["outcomes:release-list", "outcomes:downloads", "outcomes:release-detail"])
    def test_say_by_what_a_release_is_superseded(self, region, client, name):
        first, second = self.two_releases(region)
        director = factories.user_with(Role.DIRECTOR)
        which = [first.pk] if name == "outcomes:release-detail" else []
        assert "uperseded" not in self.get(client, Role.COMMISSIONER, name, *which).content.decode()
        releases.approve(release=second, by=director, now=NOW)
        page = self.get(client, Role.COMMISSIONER, name, *which).content.decode()
        assert page.lower().count("superseded") == 1
        assert f'<a href="{reverse("outcomes:release-detail", args=[second.pk])}">release 2</a>' in page

    def test_a_published_release_is_not_superseded_by_one_that_waits(self, region, client):
        first, _ = self.two_releases(region)
        page = self.get(client, Role.ANALYST, "outcomes:release-detail", first.pk).content.decode()
        assert "superseded" not in page
        assert "release 2</a> waits for approval" in page

    def test_approving_takes_a_page_with_what_is_small_and_what_changes(self, region, client):
        _, second = self.two_releases(region)
        page = self.get(client, Role.DIRECTOR, "outcomes:release-approve", second.pk).content.decode()
        assert "What it changes" in page
        assert f">{region['programme'].name}</th>" in page
        assert ">between 90 and 140</td>" in page
        assert ">between 110 and 200</td>" in page
        assert "Small programmes and districts: 0" in page
        assert not Release.objects.get(pk=second.pk).is_published, "looking approves nothing"
        client.post(reverse("outcomes:release-approve", args=[second.pk]))
        assert Release.objects.get(pk=second.pk).is_published

    def test_before_approving_small_figures_are_listed(self, region, client):
        hub = factories.ProgrammeFactory(name="Heal Hub")
        delivery = factories.DeliveryFactory(programme=hub)
        factories.accepted_return(delivery, JUNE, new_people=3)
        release = releases.produce(month=JUNE, by=None, now=NOW)
        page = self.get(client, Role.DIRECTOR, "outcomes:release-approve", release.pk)
        assert [one.programme.name for one in page.context["check"].small] == ["Heal Hub"]
        assert "fewer than 5 or hidden" in page.content.decode()
        assert "Nothing of these months is public yet." in page.content.decode()

    def test_one_that_a_newer_was_published_over_is_no_longer_offered(self, region, client):
        first = releases.produce(month=JUNE, by=None, now=NOW)
        second = revision(region)
        releases.approve(release=second, by=factories.user_with(Role.DIRECTOR), now=NOW)
        page = self.get(client, Role.DIRECTOR, "outcomes:release-detail", first.pk).content.decode()
        assert "Check and approve" not in page
        assert "is published, so this one can no longer be" in page
        assert "as it was published" not in page
        assert "waits for approval" not in self.get(client, Role.DIRECTOR, "home").content.decode()
        assert "waits for approval" not in self.get(client, Role.DIRECTOR, "outcomes:release-list").content.decode()
        page = self.get(client, Role.COMMISSIONER, "outcomes:release-detail", second.pk).content.decode()
        assert "Release 1 of the same months was never published." in page

    def test_a_release_is_discarded_with_a_reason(self, region, client):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        assert "waits for approval" in self.get(client, Role.DIRECTOR, "home").content.decode()
        address = reverse("outcomes:release-discard", args=[release.pk])
        assert "Say why it is never to be published" in client.post(address, {"reason": " "}).content.decode()
        client.post(address, {"reason": "Produced for the wrong month."})
        page = self.get(client, Role.AUDITOR, "outcomes:release-detail", release.pk).content.decode()
        assert "Produced for the wrong month." in page
        assert "Check and approve" not in page
        assert "waits for approval" not in self.get(client, Role.DIRECTOR, "home").content.decode()
        page = self.get(client, Role.DIRECTOR, "outcomes:release-list").content.decode()
        assert "discarded" in page
        assert "waits for approval" not in page
        assert not self.get(client, Role.DIRECTOR, "outcomes:reach").context.get("release")
        assert self.get(client, Role.COMMISSIONER, "outcomes:release-detail", release.pk).status_code == 404

    def test_only_months_with_accepted_returns_are_offered(self, region, client):
        form = self.get(client, Role.ANALYST, "outcomes:release-list").context["form"]
        assert [code for code, _ in form.fields["month"].choices] == ["2021-06", "2021-05", "2021-04"]

    def test_definitions_name_every_column_of_the_file(self, region, client):
        page = self.get(client, Role.COMMISSIONER, "outcomes:definitions").content.decode()
        assert [name for name in release_csv.HEADER if f"<strong>{name}</strong>" not in page] == []
        page = self.get(client, Role.COMMISSIONER, "outcomes:downloads").content.decode()
        assert f'{reverse("outcomes:definitions")}#columns"' in page


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

    def decide(self, release, **values):
        return lambda: Release.objects.filter(pk=release.pk).update(**values)

    def test_release_discarded_never_approved(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        director = factories.user_with(Role.DIRECTOR)
        discarded = {"discarded_by": director, "discarded_at": NOW, "discarded_reason": "Wrong month."}
        approved = {"approved_by": director, "approved_at": NOW}
        self.refuses("release_discarded_never_approved", self.decide(release, **discarded, **approved))
        self.decide(release, **discarded)()
        self.refuses("release_never_edited", self.decide(release, **approved))
        self.refuses("release_never_edited", self.decide(release, discarded_reason="Another."))

    def test_release_discarded_with_reason(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        director = factories.user_with(Role.DIRECTOR)
        rule = "release_discarded_with_reason"
        self.refuses(rule, self.decide(release, discarded_by=director, discarded_at=NOW))
        self.refuses(rule, self.decide(release, discarded_reason="Wrong month."))

    def test_release_discarded_whole(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        self.refuses("release_discarded_whole", self.decide(release, discarded_at=NOW, discarded_reason="Why."))

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

    @pytest.mark.parametrize(
        ("model", "values", "rule"),
        [
            (Figure, {"order": 1_000_000, "period_type": "financial_year"}, "figure_with_its_release"),
            (ReleaseFile, {"name": "other.csv"}, "releasefile_with_its_release"),
        ],
    )
    @pytest.mark.django_db(transaction=True)
    def test_with_its_release(self, model, values, rule):
        make_region()
        release = releases.produce(month=JUNE, by=None, now=NOW)
        row = model.objects.filter(release=release).first()
        row.pk = None
        for name, value in values.items():
            setattr(row, name, value)
        self.refuses(rule, lambda: row.save(force_insert=True))

    def test_release_approved_after_it_was_produced(self, region):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        release.pk, release.number = None, 2
        release.approved_by, release.approved_at = factories.user_with(Role.DIRECTOR), NOW
        self.refuses("release_approved_after_it_was_produced", lambda: release.save(force_insert=True))

    def test_policy_fixed_once_used(self, region):
        policy = releases.produce(month=JUNE, by=None, now=NOW).policy
        self.refuses("policy_fixed_once_used", lambda: Policy.objects.filter(pk=policy.pk).update(round_to=1))
        assert Policy.objects.filter(pk=policy.pk).update(unlock_days=3, remind_every=2)

    def test_category_code_fixed_once_used(self, region):
        district = Category.objects.filter(dimension="district", code="E08000025")
        district.update(name="Brum")
        self.refuses("category_code_fixed_once_used", lambda: district.update(code="elsewhere"))

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
