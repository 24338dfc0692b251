"""An approved release in which an error is found before its day: it never becomes public."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outcomes.actions import publishing, releases
from outcomes.models import AnnouncedDate, EarlyReading, Release
from outcomes.queries import early_access
from outcomes.queries import publishing as queries
from outcomes.queries.audit import known_of
from outcomes.queries.reproduction import made_again
from partners.models import Event
from partners.permissions import Role
from tests import factories
from tests.database import refused
from tests.test_publishing import SOON, TestAtTheSameTime, announce, approved, produced
from tests.test_publishing import commissioner as commissioner
from tests.test_publishing import director as director
from tests.test_publishing import embargoed as embargoed
from tests.test_publishing import region as region
from tests.test_publishing import region_once as region_once
from tests.test_releases_actions import JUNE, make_region, revision
from vru_portal.core.periods import Month
from vru_portal.core.refusals import NotAllowed

pytestmark = [pytest.mark.usefixtures("workbooks_once"), pytest.mark.django_db]
REASON = "A return counted contacts as people."


def stop(release, by, now=None):
    return publishing.stop(release=release, reason=REASON, by=by, now=now or timezone.now())


def read_early(release, commissioner, director):
    access = publishing.grant_early_access(
        release=release, user=commissioner, reason="Answers for it.", by=director, now=timezone.now()
    )
    publishing.record_early_reading(access=access, now=timezone.now())
    return access


class TestStop:
    def test_keeps_it_from_ever_being_public(self, embargoed, director, client, commissioner):
        stopped = stop(embargoed, director)
        assert (stopped.is_stopped, stopped.discarded_by, stopped.discarded_reason) == (True, director, REASON)
        assert not Release.objects.published(embargoed.public_at + SOON).exists()
        assert Event.objects.get(name="outcomes.release.stopped").reason == REASON
        client.force_login(commissioner)
        assert client.get(reverse("outcomes:release-detail", args=[embargoed.pk])).status_code == 404
        assert client.get(f"/api/v1/releases/{embargoed.code}/").status_code == 404

    def test_the_new_one_takes_the_next_number_and_is_the_first_that_readers_see(self, region, embargoed, director):
        stop(embargoed, director)
        again = produced(now=timezone.now())
        assert (again.number, again.status, again.compared_with) == (2, Release.Status.PROVISIONAL, None)

    def test_the_new_one_waits_for_a_new_day(self, region, embargoed, director):
        stop(embargoed, director)
        again = produced(now=timezone.now())
        with pytest.raises(releases.NoDay, match="The release of June 2021 is postponed"):
            factories.approve(release=again, by=director, now=timezone.now())
        day = embargoed.public_at + timedelta(days=2)
        announce(moment=day, reason="The error is mended.", by=director, now=timezone.now())
        assert factories.approve(release=again, by=director, now=timezone.now()).public_at == day

    def test_the_same_day_may_be_announced_again(self, embargoed, director):
        stop(embargoed, director)
        date = announce(moment=embargoed.public_at, reason="It is mended.", by=director, now=timezone.now())
        assert (date.number, queries.postponed(JUNE)) == (2, None)

    def test_ends_early_access_and_names_who_read_it(self, embargoed, director, commissioner, client):
        access = read_early(embargoed, commissioner, director)
        client.force_login(director)
        address = reverse("outcomes:release-stop", args=[embargoed.pk])
        assert "Priya Nair: read it on" in client.get(address).content.decode()
        page = client.post(address, {"reason": REASON}, follow=True).content.decode()
        for words in ("is stopped and never becomes public", "Stopped before it was public", REASON, "Priya Nair"):
            assert words in page
        access.refresh_from_db()
        assert access.ended_by == director
        assert not early_access.open_to(commissioner).exists()
        assert "Stop this release" not in page

    def test_what_was_read_early_is_attacked_together_with_the_new_one(self, embargoed, director, commissioner):
        read_early(embargoed, commissioner, director)
        stop(embargoed, director)
        again = produced(now=timezone.now())
        assert again.attacked_with == [embargoed.pk]
        announce(moment=embargoed.public_at + SOON, reason="Mended.", by=director, now=timezone.now())
        assert factories.approve(release=again, by=director, now=timezone.now()).is_under_embargo
        assert made_again(again).is_same

    def test_what_nobody_read_is_not(self, embargoed, director):
        stop(embargoed, director)
        assert known_of(JUNE.financial_year) == []
        assert produced(now=timezone.now()).attacked_with == []

    def test_one_made_beside_it_is_made_again(self, region, embargoed, director):
        beside = produced(Month(2021, 7), now=timezone.now())
        stop(embargoed, director)
        with pytest.raises(releases.NotAttackedTogether, match="approved or stopped"):
            factories.approve(release=beside, by=director, now=timezone.now())
        assert produced(Month(2021, 7), now=timezone.now()).number == 2

    def test_refuses_one_upon_which_another_stands(self, region, embargoed, director):
        second = revision(region)
        factories.approve(release=second, by=director, now=timezone.now())
        with pytest.raises(publishing.AnotherStandsOnIt, match="release 2 is approved and holds the same months"):
            stop(embargoed, director)
        stop(second, director)
        assert queries.postponed(JUNE) is None, "the first one still comes on its day"
        assert stop(embargoed, director).is_stopped

    def test_refuses_what_is_public_or_about_to_be_or_not_approved(self, region, embargoed, director):
        for now in (embargoed.public_at, embargoed.public_at - timedelta(seconds=59)):
            with pytest.raises(publishing.NotUnderEmbargo, match="within a minute"):
                stop(embargoed, director, now=now)
        with pytest.raises(publishing.NotUnderEmbargo, match="Discard it instead"):
            stop(produced(Month(2021, 7)), director)
        stop(embargoed, director)
        with pytest.raises(publishing.NotUnderEmbargo, match="already"):
            stop(embargoed, director)

    @pytest.mark.parametrize("role", [Role.FINANCE_OFFICER, Role.AUDITOR, Role.COMMISSIONER, Role.PARTNER_LEAD])
    def test_is_for_those_who_approve(self, embargoed, role):
        with pytest.raises(NotAllowed):
            stop(embargoed, factories.user_with(role))


class TestCalendar:
    def test_says_that_it_is_postponed_and_why(self, embargoed, director, client, commissioner):
        stop(embargoed, director)
        client.force_login(commissioner)
        address = reverse("outcomes:release-calendar")
        page = client.get(address).content.decode()
        assert "postponed" in page
        assert REASON in page
        client.force_login(director)
        assert "postponed" in client.get(reverse("home")).content.decode()
        announce(moment=embargoed.public_at + SOON, reason="The error is mended.", by=director, now=timezone.now())
        page = client.get(address).content.decode()
        assert "postponed" not in page
        assert "The error is mended." in page

    def test_the_clock_leaves_it_to_people(self, embargoed, director):
        stop(embargoed, director)
        now = factories.noon(JUNE.plus(1).first)
        assert [date.month for date in publishing.announce_due(now=now)] == [JUNE.plus(1).first]
        assert queries.announced(JUNE).number == 1


class TestDatabase:
    def stop(self, release, director, at=None):
        values = {"discarded_by": director, "discarded_at": at or timezone.now(), "discarded_reason": REASON}
        return Release.objects.filter(pk=release.pk).update(**values)

    def test_release_stopped_before_it_is_public(self, region, director):
        now = timezone.now()
        announce(moment=now + timedelta(seconds=30), now=now)
        with refused("release_stopped_before_it_is_public"):
            self.stop(approved(director, now=now), director)

    def test_release_discarded_never_public(self, embargoed, director):
        for moment in (embargoed.approved_at, embargoed.public_at):
            with refused("release_discarded_never_public"):
                self.stop(embargoed, director, at=moment)

    def test_release_stopped_the_last_first(self, region, embargoed, director):
        factories.approve(release=revision(region), by=director, now=timezone.now())
        with refused("release_stopped_the_last_first"):
            self.stop(embargoed, director)

    def test_release_never_edited(self, embargoed, director):
        with refused("release_never_edited"):
            Release.objects.filter(pk=embargoed.pk).update(
                discarded_by=director, discarded_at=timezone.now(), discarded_reason=REASON, approved_by=None
            )
        stop(embargoed, director)
        with refused("release_never_edited"):
            Release.objects.filter(pk=embargoed.pk).update(discarded_reason="Another.")

    def test_earlyreading_under_embargo(self, embargoed, director, commissioner):
        access = read_early(embargoed, commissioner, director)
        self.stop(embargoed, director)
        tomorrow = timezone.localdate() + timedelta(days=1)
        with refused("earlyreading_under_embargo"):
            EarlyReading.objects.create(access=access, day=tomorrow, read_at=timezone.now())


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    side_by_side = TestAtTheSameTime.side_by_side

    def under_embargo(self):
        make_region()
        people = factories.user_with(Role.DIRECTOR), factories.user_with(Role.ANALYST)
        now = timezone.now()
        announce(moment=now + SOON, now=now)
        return approved(people[0], now=now), *people

    def test_the_clock_says_no_day_for_what_is_stopped(self):
        release, director, _ = self.under_embargo()
        now = factories.noon(JUNE.plus(1).first)
        stopped, said = self.side_by_side(lambda: stop(release, director), lambda: publishing.announce_due(now=now))
        assert stopped.is_stopped
        assert [date.month for date in said] == [JUNE.plus(1).first]
        assert AnnouncedDate.objects.get(month=JUNE.first).number == 1

    def test_nothing_is_approved_upon_what_is_stopped(self):
        release, director, analyst = self.under_embargo()
        july = produced(Month(2021, 7), now=timezone.now())
        stopped, upon = self.side_by_side(
            lambda: stop(release, director),
            lambda: factories.approve(release=july, by=analyst, now=timezone.now()),
        )
        if isinstance(stopped, Release):
            assert isinstance(upon, releases.NotAttackedTogether)
        else:
            assert isinstance(stopped, publishing.AnotherStandsOnIt)
            assert upon.is_under_embargo

    def test_it_is_stopped_once(self):
        release, *people = self.under_embargo()
        answers = self.side_by_side(*(lambda who=who: stop(release, who) for who in people))
        assert sorted(type(answer).__name__ for answer in answers) == ["NotUnderEmbargo", "Release"]
