"""Days that are announced, embargo, who reads early, and figures that are final."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from outcomes.actions import publishing, releases
from outcomes.models import AnnouncedDate, EarlyReading, Policy, Release, ReturnVersion
from outcomes.queries import figures
from outcomes.queries import publishing as queries
from outcomes.queries.revisions import is_published, revisions
from partners.models import Event
from partners.permissions import Role
from tests import factories
from tests.test_releases_actions import JUNE, NOW, make_region, revision
from tests.test_releases_actions import region as region
from tests.test_releases_actions import region_once as region_once
from vru_portal.core.periods import Month
from vru_portal.core.refusals import NotAllowed

pytestmark = [pytest.mark.usefixtures("workbooks_once"), pytest.mark.django_db]
SOON = timedelta(hours=2)
MARCH = Month(2022, 3)
SETTLED = factories.noon(date(2022, 10, 3))


@pytest.fixture
def director():
    return factories.user_with(Role.DIRECTOR)


@pytest.fixture
def commissioner():
    return factories.user_with(Role.COMMISSIONER, name="Priya Nair")


def announce(month=JUNE, moment=None, *, reason="", by=None, now=NOW):
    return publishing.announce(month=month, public_at=moment or NOW + SOON, reason=reason, by=by, now=now)


def produced(month=JUNE, now=NOW):
    return releases.produce(month=month, by=None, now=now)


def approved(director, month=JUNE, now=NOW):
    return factories.approve(release=produced(month, now), by=director, now=now)


@pytest.fixture
def embargoed(region, director):
    """Approved, and public in an hour."""
    now = timezone.now()
    announce(moment=now + SOON, now=now)
    return approved(director, now=now)


class TestAnnounce:
    def test_says_the_day_beforehand(self, region, director):
        date_ = announce(by=director)
        assert (date_.number, date_.public_at, date_.announced_by) == (1, NOW + SOON, director)
        assert Event.objects.get(name="outcomes.release.date_announced").by == director

    def test_moves_it_by_another_row_with_a_reason(self, region, director):
        announce()
        moved = announce(moment=NOW + 2 * SOON, reason="The largest partner is late.", by=director)
        assert (moved.number, moved.reason) == (2, "The largest partner is late.")
        assert queries.announced(JUNE) == moved
        assert AnnouncedDate.objects.count() == 2

    def test_refuses_to_move_it_without_one(self, region, director):
        announce()
        with pytest.raises(publishing.NoReason, match="Say why"):
            announce(moment=NOW + 2 * SOON, by=director)
        with pytest.raises(publishing.DateStands, match="announced already"):
            announce(reason="Why not.", by=director)

    def test_refuses_a_day_that_has_passed_or_lies_in_the_month(self, region, director):
        with pytest.raises(publishing.NotAhead, match="lies ahead"):
            announce(moment=NOW, by=director)
        with pytest.raises(publishing.NotAhead, match="is not over"):
            announce(Month(2021, 9), factories.noon(date(2021, 9, 30)), by=director)

    def test_refuses_once_the_release_is_approved(self, region, director):
        announce()
        approved(director)
        with pytest.raises(publishing.DateStands, match="can no longer be moved"):
            announce(moment=NOW + 2 * SOON, reason="Later.", by=director)

    @pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.PARTNER_LEAD, Role.AUDITOR, Role.FINANCE_OFFICER])
    def test_is_for_those_who_run_returns(self, region, role):
        with pytest.raises(NotAllowed):
            announce(by=factories.user_with(role))

    def test_is_in_the_history(self, region, client):
        date_ = announce()
        client.force_login(factories.user_with(Role.AUDITOR))
        address = reverse("partners:history-subject", args=["outcomes.announceddate", date_.pk])
        assert "Day of a release announced" in client.get(address).content.decode()


class TestTheClock:
    def test_announces_last_month_and_this_one_by_the_policy(self, region):
        found = publishing.announce_due(now=factories.noon(date(2021, 7, 1)))
        # Working day 15 of the next month, and two working days on.
        assert [(d.month, timezone.localtime(d.public_at).isoformat()[:16]) for d in found] == [
            (date(2021, 6, 1), "2021-07-23T09:30"),
            (date(2021, 7, 1), "2021-08-24T09:30"),
        ]
        assert [d.announced_by for d in found] == [None, None]
        assert publishing.announce_due(now=factories.noon(date(2021, 7, 2))) == []

    def test_leaves_alone_what_somebody_said(self, region, director):
        announce(moment=factories.noon(date(2021, 8, 2)), by=director)
        publishing.announce_due(now=NOW)
        assert queries.announced(JUNE).public_at == factories.noon(date(2021, 8, 2))

    def test_says_no_day_that_has_passed(self, region):
        publishing.announce_due(now=factories.noon(date(2021, 7, 28)))
        assert queries.announced(JUNE) is None


class TestEmbargo:
    def test_lasts_until_the_announced_moment(self, region, director):
        announce()
        release = approved(director)
        assert release.public_at == NOW + SOON
        assert not Release.objects.published(NOW + SOON - timedelta(seconds=1)).exists()
        assert Release.objects.published(NOW + SOON).get() == release

    def test_there_is_none_when_the_day_has_passed_or_none_was_said(self, region, director):
        announce()
        late = NOW + 2 * SOON
        assert approved(director, now=late).public_at == late
        assert factories.approve(release=revision(region), by=director, now=late).public_at == late

    def test_no_later_month_of_the_year_is_public_before_it(self, region, director):
        announce(moment=NOW + timedelta(days=9))
        approved(director)
        may = approved(director, Month(2021, 5))
        july = approved(director, Month(2021, 7), now=factories.noon(date(2021, 7, 22)) + SOON)
        assert may.public_at == NOW, "it holds nothing of June"
        assert july.public_at == NOW + timedelta(days=9), "it holds June too"

    def test_a_release_made_meanwhile_revises_it(self, region, director):
        announce()
        first = approved(director)
        second = revision(region)
        assert (second.status, second.compared_with) == (Release.Status.REVISED, first)

    def test_its_month_is_not_published_for_partners(self, embargoed, region):
        assert not is_published(JUNE)

    def test_what_it_holds_does_not_wait_for_the_next_release(self, embargoed):
        assert revisions(factories.user_with(Role.ANALYST)) == []

    def test_it_no_longer_waits_for_approval(self, embargoed):
        assert figures.waiting(Release.objects.all()) == []

    @pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.PARTNER, Role.PARTNER_LEAD])
    def test_nobody_outside_learns_of_it(self, embargoed, client, role):
        client.force_login(factories.user_with(role))
        code = embargoed.code
        addresses = [
            reverse("outcomes:release-detail", args=[embargoed.pk]),
            reverse("outcomes:release-file", args=[code, "reach.csv"]),
            reverse("outcomes:release-file", args=[code, "manifest.json"]),
            reverse("outcomes:release-package", args=[code]),
            reverse("outcomes:release-row", args=[code, 1]),
            f"/api/v1/releases/{code}/",
            f"/api/v1/releases/{code}/figures/",
        ]
        assert {client.get(address).status_code for address in addresses} <= {403, 404}
        looked = [
            "release-list",
            "release-calendar",
            "revision-log",
            "downloads",
            "figures",
            "our-returns",
            "our-figures",
        ]
        for name in ["home", *(f"outcomes:{page}" for page in looked)]:
            answer = client.get(reverse(name))
            page = answer.content.decode()
            assert answer.status_code == 403 or (code not in page and "release 1" not in page.lower()), name
            assert "public on" not in page, name

    def test_a_commissioner_s_lists_are_empty_until_then(self, embargoed, client, commissioner):
        client.force_login(commissioner)
        assert client.get("/api/v1/releases/").json()["count"] == 0
        assert client.get(reverse("home")).context["releases"] == []
        assert client.get(reverse("outcomes:downloads")).context["releases"] == []
        for query in ("", f"?release={embargoed.pk}"):
            assert not client.get(reverse("outcomes:figures") + query).context.get("release")

    def test_staff_read_when_it_becomes_public(self, embargoed, client):
        client.force_login(factories.user_with(Role.ANALYST))
        moment = timezone.localtime(embargoed.public_at)
        said = f"public on {moment.day} {moment:%B %Y} at {moment.hour}:{moment:%M}"
        for name, args in (("release-detail", [embargoed.pk]), ("release-list", [])):
            assert said in client.get(reverse(f"outcomes:{name}", args=args)).content.decode(), name

    def test_the_approver_is_told_the_day(self, region, client, director):
        now = timezone.now()
        announce(moment=now + SOON, now=now)
        release = produced()
        client.force_login(director)
        page = client.get(reverse("outcomes:release-approve", args=[release.pk])).content.decode()
        assert "Once you approve it, it becomes public on" in page
        reason = {"unproven_reason": factories.why_unproven(release)}
        approve = reverse("outcomes:release-approve", args=[release.pk])
        answer = client.post(approve, reason, follow=True).content.decode()
        assert "is approved. It becomes public on" in answer
        assert "Commissioners can see it now" not in answer


class TestCalendar:
    def test_says_whether_a_release_came_on_its_day(self, region, director, commissioner, client):
        announce(moment=NOW + timedelta(days=1))
        approved(director, now=NOW + timedelta(days=4))
        factories.approve(release=revision(region), by=director, now=NOW + timedelta(days=5))
        announce(Month(2021, 7), NOW + timedelta(days=30))
        coming, came = queries.calendar(NOW + timedelta(days=6))
        assert [one.month for one in coming] == [Month(2021, 7)]
        assert [(one.release.number, one.is_first) for one in came] == [(2, False), (1, True)]
        assert came[1].days_late == 3
        client.force_login(commissioner)
        page = client.get(reverse("outcomes:release-calendar")).content.decode()
        assert "3 days after 23 July 2021" in page
        assert "Announce a day" not in page

    def test_keeps_silent_of_what_is_approved_before_its_day(self, region, director):
        announce()
        approved(director)
        coming, came = queries.calendar(NOW + timedelta(minutes=1))
        assert ([one.month for one in coming], came) == ([JUNE], [])
        coming, came = queries.calendar(NOW + SOON)
        assert coming == []
        assert came[0].days_late == 0

    def test_staff_move_a_day_there(self, region, client):
        now = timezone.now()
        announce(moment=now + timedelta(days=3), now=now)
        client.force_login(factories.user_with(Role.ANALYST))
        form = client.get(reverse("outcomes:release-announce") + "?month=2021-06").context["form"]
        assert form["month"].value() == "2021-06"
        day = timezone.localdate(now) + timedelta(days=5)
        typed = {"month": "2021-06", "day_day": day.day, "day_month": day.month, "day_year": day.year, "time": "9:30"}
        answer = client.post(reverse("outcomes:release-announce"), typed)
        assert "Say why the day is moved" in answer.content.decode()
        typed["reason"] = "A partner with 200 young people is late."
        page = client.post(reverse("outcomes:release-announce"), typed, follow=True).content.decode()
        assert "A partner with 200 young people is late." in page
        assert f"{day.day} {day:%B %Y} at 9:30" in page

    def test_the_next_one_stands_on_today(self, region, client):
        client.force_login(factories.user_with(Role.DIRECTOR))
        assert "No day is announced." in client.get(reverse("home")).content.decode()
        now = timezone.now()
        announce(moment=now + timedelta(days=3), now=now)
        page = client.get(reverse("home")).content.decode()
        day = timezone.localdate(now) + timedelta(days=3)
        assert f"{day.day} {day:%B %Y}" in page
        assert "April 2021 to June 2021" in page


class TestEarlyAccess:
    def grant(self, release, user, now=None):
        return publishing.grant_early_access(
            release=release,
            user=user,
            reason="Answers for it on Thursday.",
            by=factories.user_with(Role.DIRECTOR),
            now=now or timezone.now(),
        )

    def test_lets_one_person_read_it_and_keeps_that_they_did(self, embargoed, commissioner, client):
        access = self.grant(embargoed, commissioner)
        client.force_login(commissioner)
        assert "You may read it now" in client.get(reverse("home")).content.decode()
        assert not EarlyReading.objects.exists()
        for _ in range(2):
            page = client.get(reverse("outcomes:release-detail", args=[embargoed.pk]))
            assert "Keep it to yourself until then." in page.content.decode()
        for name, args in (("release-file", ["reach.csv"]), ("release-row", [1]), ("release-package", [])):
            assert client.get(reverse(f"outcomes:{name}", args=[embargoed.code, *args])).status_code == 200, name
        assert [(r.access, r.day) for r in EarlyReading.objects.all()] == [(access, timezone.localdate())]
        assert Event.objects.filter(name="outcomes.release.read_early", by=commissioner).count() == 1

    def test_lets_nobody_else(self, embargoed, commissioner, client):
        self.grant(embargoed, commissioner)
        client.force_login(factories.user_with(Role.COMMISSIONER))
        assert client.get(reverse("outcomes:release-detail", args=[embargoed.pk])).status_code == 404
        assert "You may read it now" not in client.get(reverse("home")).content.decode()

    def test_gives_nothing_before_approval(self, region, commissioner, client):
        release = produced()
        self.grant(release, commissioner)
        client.force_login(commissioner)
        assert client.get(reverse("outcomes:release-detail", args=[release.pk])).status_code == 404
        assert "You may read it now" not in client.get(reverse("home")).content.decode()

    def test_ends_when_the_unit_ends_it(self, embargoed, commissioner, client):
        access = self.grant(embargoed, commissioner)
        client.force_login(factories.user_with(Role.DIRECTOR))
        client.post(reverse("outcomes:early-access-end", args=[embargoed.pk, access.pk]))
        client.force_login(commissioner)
        assert client.get(reverse("outcomes:release-detail", args=[embargoed.pk])).status_code == 404
        assert self.grant(embargoed, commissioner) != access, "they may be let again"

    def test_is_public_once_the_release_is(self, region, director, commissioner, client):
        announce()
        release = approved(director)
        access = self.grant(release, commissioner, now=NOW)
        publishing.record_early_reading(access=access, now=NOW + timedelta(minutes=5))
        client.force_login(factories.user_with(Role.COMMISSIONER))
        page = client.get(reverse("outcomes:release-detail", args=[release.pk])).content.decode()
        assert "Who could read it before it was public" in page
        assert "Priya Nair" in page
        assert "Answers for it on Thursday." in page
        assert "22 July 2021" in page
        assert "Let somebody" not in page

    def test_is_granted_on_a_page(self, embargoed, commissioner, client):
        client.force_login(factories.user_with(Role.DIRECTOR))
        address = reverse("outcomes:early-access", args=[embargoed.pk])
        assert "Say why they read it early" in client.post(address, {"user": commissioner.pk}).content.decode()
        typed = {"user": commissioner.pk, "reason": "Speaks about it on the day."}
        page = client.post(address, typed, follow=True).content.decode()
        assert "Priya Nair may read it once it is approved" in page
        assert "Speaks about it on the day." in page

    def test_refuses_whoever_is_no_commissioner(self, embargoed):
        with pytest.raises(publishing.NotForThem):
            self.grant(embargoed, factories.user_with(Role.PARTNER_LEAD))

    def test_refuses_once_it_is_public_or_discarded(self, region, director, commissioner):
        with pytest.raises(publishing.PublicAlready, match="everybody may read it"):
            self.grant(approved(director), commissioner)
        other = produced(Month(2021, 5))
        releases.discard(release=other, reason="Wrong month.", by=director, now=NOW)
        with pytest.raises(publishing.PublicAlready, match="discarded"):
            self.grant(other, commissioner)

    def test_refuses_a_second_time(self, embargoed, commissioner):
        self.grant(embargoed, commissioner)
        with pytest.raises(publishing.OnTheList):
            self.grant(embargoed, commissioner)

    def test_is_for_the_director_and_the_programme_manager(self, embargoed, commissioner):
        with pytest.raises(NotAllowed):
            publishing.grant_early_access(
                release=embargoed, user=commissioner, reason="Why.", by=factories.user_with(Role.ANALYST), now=NOW
            )


@pytest.fixture
def year(db):
    """A delivery with a return of March 2022."""
    factories.PolicyFactory()
    factories.CategoryFactory(dimension="district", code="E08000025")
    delivery = factories.DeliveryFactory()
    factories.accepted_return(delivery, MARCH, new_people=30)
    return delivery


class TestFinal:
    def test_is_what_is_made_of_march_once_the_months_are_over(self, year, director):
        assert produced(MARCH, factories.noon(date(2022, 9, 30))).status == Release.Status.PROVISIONAL
        assert produced(MARCH, factories.noon(date(2022, 10, 1))).status == Release.Status.FINAL
        assert produced(Month(2022, 2), SETTLED).status == Release.Status.PROVISIONAL, "it is not March"

    def test_may_come_later_by_the_policy(self, year):
        Policy.objects.update(final_after_months=12)
        assert produced(MARCH, SETTLED).status == Release.Status.PROVISIONAL

    def test_is_made_even_if_nothing_has_changed_and_once(self, year):
        provisional = produced(MARCH, factories.noon(date(2022, 5, 3)))
        final = produced(MARCH, SETTLED)
        assert final != provisional
        assert produced(MARCH, SETTLED + SOON) == final

    def test_ends_its_financial_year(self, year, director):
        february = produced(Month(2022, 2), SETTLED)
        final = approved(director, MARCH, SETTLED)
        for act in (
            lambda: produced(Month(2022, 2), SETTLED),
            lambda: releases.request(month=MARCH, by=director, now=SETTLED),
            lambda: factories.approve(release=february, by=director, now=SETTLED),
        ):
            with pytest.raises(
                releases.YearIsFinal, match="The figures of 2021/22 are final since Reach to March 2022"
            ):
                act()
        assert produced(Month(2022, 4), SETTLED).status == Release.Status.PROVISIONAL
        assert final.status == Release.Status.FINAL

    def test_waits_for_nothing_and_is_offered_no_more(self, year, director):
        factories.approve(release=produced(MARCH, SETTLED), by=director, now=SETTLED)
        version = year.obligations.get().versions.get()
        ReturnVersion.objects.filter(pk=version.pk).update(
            state="void", reason="A test.", voided_at=SETTLED, voided_by=director
        )
        assert revisions(director) == []

    def test_the_clock_asks_for_it_on_a_release_day(self, year, director):
        factories.approve(release=produced(MARCH, factories.noon(date(2022, 5, 3))), by=director, now=SETTLED)
        for month in (8, 9):
            produced(Month(2022, month), factories.noon(date(2022, 10, 30)))
        assert releases.request_due(now=factories.noon(date(2022, 9, 29))) is None
        run = releases.request_due(now=factories.noon(date(2022, 10, 25)))
        assert run.month == MARCH.first
        assert releases.carry_out(run_id=run.pk, clock=lambda: factories.noon(date(2022, 10, 25))).status == "final"
        assert releases.request_due(now=factories.noon(date(2022, 10, 26))) is None


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def side_by_side(self, *works):
        barrier, answers = threading.Barrier(len(works)), [None] * len(works)

        def one(at, work):
            try:
                barrier.wait()
                answers[at] = work()
            except Exception as problem:
                answers[at] = problem
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=each) for each in enumerate(works)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def test_a_day_is_not_moved_past_an_approval(self):
        make_region()
        announce()
        release, director, manager = produced(), *map(factories.user_with, (Role.DIRECTOR, Role.ANALYST))
        later = NOW + timedelta(days=5)
        done, moved = self.side_by_side(
            lambda: factories.approve(release=release, by=director, now=NOW),
            lambda: announce(moment=later, reason="Later.", by=manager),
        )
        expected = later if isinstance(moved, AnnouncedDate) else NOW + SOON
        assert done.public_at == queries.announced(JUNE).public_at == expected

    def test_two_who_announce_make_one_day_and_one_move(self):
        make_region()
        analysts = [factories.user_with(Role.ANALYST) for _ in range(2)]
        answers = self.side_by_side(
            *(lambda a=a, n=n: announce(moment=NOW + n * SOON, by=a) for n, a in enumerate(analysts, start=1))
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["AnnouncedDate", "NoReason"]
