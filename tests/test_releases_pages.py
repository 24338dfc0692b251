"""Releases on the site: who sees which, and what the buttons do."""

from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from outcomes.actions import releases
from outcomes.models import AnnouncedDate, Release
from outcomes.package.beside import DEFINITIONS
from outcomes.package.reach import COLUMNS
from partners.permissions import Role
from tests import factories
from tests.factories import noon
from tests.test_releases_actions import JUNE, NOW
from tests.test_releases_actions import region as region
from tests.test_releases_actions import region_once as region_once
from tests.test_releases_actions import revision as revision
from vru_portal.core.periods import Month

pytestmark = pytest.mark.usefixtures("workbooks_once")


class TestPages:
    def get(self, client, role, name, *args, **query):
        client.force_login(factories.user_with(role))
        return client.get(reverse(name, args=args), query)

    def two_releases(self, region):
        """The first published, and the second, which waits."""
        first = releases.produce(month=JUNE, by=None, now=NOW)
        factories.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
        return first, revision(region)

    def test_a_revised_release_says_so_to_whoever_may_see_the_revision(self, region, client):
        first, second = self.two_releases(region)
        page = self.get(client, Role.COMMISSIONER, "outcomes:release-detail", first.pk).content.decode()
        assert "instead" not in page
        factories.approve(release=second, by=factories.user_with(Role.DIRECTOR), now=NOW)
        page = self.get(client, Role.COMMISSIONER, "outcomes:release-detail", first.pk).content.decode()
        assert "instead" in page

    def test_commissioners_begin_with_the_newest_and_when_the_next_comes(self, region, client):
        published, _ = self.two_releases(region)
        day = noon(date(2021, 8, 24))
        AnnouncedDate.objects.create(month=Month(2021, 7).first, number=1, public_at=day, announced_at=NOW)
        page = " ".join(self.get(client, Role.COMMISSIONER, "home").content.decode().split())
        newest = f'The newest is <a href="{reverse("outcomes:release-detail", args=[published.pk])}">'
        assert newest in page
        assert "The next, April 2021 to July 2021, is announced for 24 August 2021." in page
        assert "The newest is" not in self.get(client, Role.ANALYST, "outcomes:release-list").content.decode()

    def test_who_produced_a_release_is_told_that_a_colleague_approves_it(self, region, client):
        analyst = factories.user_with(Role.ANALYST)
        release = releases.produce(month=JUNE, by=analyst, now=NOW)
        client.force_login(analyst)
        page = client.get(reverse("outcomes:release-approve", args=[release.pk])).content.decode()
        assert "You produced it, so a colleague has to approve it." in page
        assert "Approve and publish" not in page
        assert (
            "Approve and publish"
            in self.get(client, Role.DIRECTOR, "outcomes:release-approve", release.pk).content.decode()
        )

    def test_commissioners_see_no_internals(self, region, client):
        release = releases.produce(month=JUNE, by=factories.user_with(Role.ANALYST, name="Ada Inside"), now=NOW)
        factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        page = self.get(client, Role.COMMISSIONER, "outcomes:release-detail", release.pk).content.decode()
        assert "Ada Inside" not in page
        assert release.input_fingerprint not in page
        assert release.output_fingerprint in page

    def test_a_release_that_is_not_published_is_not_found(self, region, client):
        release = releases.produce(month=JUNE, by=None, now=NOW)
        published = releases.produce(month=Month(2021, 5), by=None, now=NOW)
        factories.approve(release=published, by=factories.user_with(Role.DIRECTOR), now=NOW)
        for name, args in (
            ("outcomes:release-detail", [release.pk]),
            ("outcomes:release-package", [release.code]),
            ("outcomes:release-file", [release.code, "reach.csv"]),
        ):
            assert self.get(client, Role.COMMISSIONER, name, *args).status_code == 404
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
            assert "More than 3,100" in page, name

    @pytest.mark.parametrize("name", ["outcomes:release-list", "outcomes:downloads", "outcomes:release-detail"])
    def test_say_by_what_a_release_is_superseded(self, region, client, name):
        first, second = self.two_releases(region)
        director = factories.user_with(Role.DIRECTOR)
        which = [first.pk] if name == "outcomes:release-detail" else []
        assert "uperseded" not in self.get(client, Role.COMMISSIONER, name, *which).content.decode()
        factories.approve(release=second, by=director, now=NOW)
        page = self.get(client, Role.COMMISSIONER, name, *which).content.decode()
        assert page.lower().count("superseded") == 1
        assert f'<a href="{reverse("outcomes:release-detail", args=[second.pk])}">release 2' in page

    def test_a_published_release_is_not_superseded_by_one_that_waits(self, region, client):
        first, _ = self.two_releases(region)
        page = self.get(client, Role.ANALYST, "outcomes:release-detail", first.pk).content.decode()
        assert "superseded" not in page
        assert "release 2</a> waits for approval" in page

    def test_approving_takes_a_page_with_what_is_small_and_what_changes(self, region, client):
        _, second = self.two_releases(region)
        page = self.get(client, Role.DIRECTOR, "outcomes:release-approve", second.pk).content.decode()
        assert "What it changes" in page
        assert region["programme"].name in page
        assert ">between 60 and 110</td>" in page
        assert ">between 110 and 170</td>" in page
        assert "Small programmes and districts: 0" in page
        assert not Release.objects.get(pk=second.pk).is_published, "looking approves nothing"
        client.post(
            reverse("outcomes:release-approve", args=[second.pk]), {"unproven_reason": factories.why_unproven(second)}
        )
        assert Release.objects.get(pk=second.pk).is_published

    def test_before_approving_small_figures_are_listed(self, region, client):
        hub = factories.ProgrammeFactory(name="Heal Hub")
        delivery = factories.DeliveryFactory(programme=hub)
        factories.accepted_return(delivery, JUNE, new_people=3)
        release = releases.produce(month=JUNE, by=None, now=NOW)
        page = self.get(client, Role.DIRECTOR, "outcomes:release-approve", release.pk)
        assert [one.programme.name for one in page.context["checklist"].small] == ["Heal Hub"]
        assert ", Heal Hub</span></a>: fewer than 5 or hidden" in page.content.decode()
        assert "Nothing of these months is public yet." in page.content.decode()

    def test_before_approving_a_month_within_a_quarter_those_of_the_last_quarter_are_listed(self, region, client):
        """Programmes are told by district at the ends of quarters alone."""
        delivery = factories.DeliveryFactory(programme=factories.ProgrammeFactory(name="Heal Hub"))
        factories.accepted_return(delivery, JUNE, new_people=3)
        release = releases.produce(month=JUNE.plus(1), by=None, now=factories.noon(date(2021, 8, 20)))
        page = self.get(client, Role.DIRECTOR, "outcomes:release-approve", release.pk)
        assert [one.programme.name for one in page.context["checklist"].small] == ["Heal Hub"]
        assert "April to June 2021, the last month by which programmes are broken down" in page.content.decode()

    def test_one_that_a_newer_was_published_over_is_no_longer_offered(self, region, client):
        first = releases.produce(month=JUNE, by=None, now=NOW)
        second = revision(region)
        factories.approve(release=second, by=factories.user_with(Role.DIRECTOR), now=NOW)
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
        assert [c.name for c in COLUMNS if f"<strong>{c.name}</strong>" not in page] == []
        page = self.get(client, Role.COMMISSIONER, "outcomes:downloads").content.decode()
        assert f'{reverse("outcomes:definitions")}#columns"' in page

    def test_definitions_say_what_the_files_say(self, region, client):
        page = unescape(self.get(client, Role.COMMISSIONER, "outcomes:definitions").content.decode())
        words = ("lower", "upper", "unique", "range", "bounds", "x", "z", "e", "provisional", "revised", "final")
        assert [word for word in words if dict(DEFINITIONS)[word] not in page] == []
