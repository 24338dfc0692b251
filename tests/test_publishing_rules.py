"""The database's rules of how releases become public, each by its name."""

from datetime import date, timedelta

import pytest

from outcomes.models import AnnouncedDate, EarlyAccess, EarlyReading, Policy, Release
from tests import factories
from tests.database import refused
from tests.test_publishing import MARCH, SETTLED, SOON, announce, approved, produced
from tests.test_publishing import commissioner as commissioner
from tests.test_publishing import director as director
from tests.test_publishing import embargoed as embargoed
from tests.test_publishing import region as region
from tests.test_publishing import region_once as region_once
from tests.test_publishing import year as year
from tests.test_releases_actions import JUNE, NOW
from vru_portal.core.periods import Month

pytestmark = [pytest.mark.usefixtures("workbooks_once"), pytest.mark.django_db]


class TestDatabase:
    def approve(self, release, director, **values):
        given = {"approved_by": director, "approved_at": NOW, "public_at": NOW} | values
        given["unproven_reason"] = factories.why_unproven(release)
        return Release.objects.filter(pk=release.pk).update(**given)

    def test_release_approved_whole(self, region, director):
        with refused("release_approved_whole"):
            self.approve(produced(), director, public_at=None)

    def test_release_public_once_approved(self, region, director):
        with refused("release_public_once_approved"):
            self.approve(produced(), director, public_at=NOW - SOON)

    def test_release_never_edited(self, embargoed):
        with refused("release_never_edited"):
            Release.objects.filter(pk=embargoed.pk).update(public_at=NOW)

    def test_release_public_as_announced(self, region, director):
        announce()
        june = produced()
        with refused("release_public_as_announced"):
            self.approve(june, director)
        self.approve(june, director, public_at=NOW + SOON)
        july = produced(Month(2021, 7))
        with refused("release_public_as_announced"):
            self.approve(july, director)
        self.approve(july, director, public_at=NOW + SOON)

    def test_release_final_of_march(self, region):
        release = produced()
        release.pk, release.number, release.status = None, 2, "final"
        with refused("release_final_of_march"):
            release.save(force_insert=True)

    def test_release_year_is_final(self, year, director):
        february, april = produced(Month(2022, 2), SETTLED), produced(Month(2022, 4), SETTLED)
        march = produced(MARCH, SETTLED)
        february.pk, february.number, february.attacked_with = None, 2, [march.pk]
        february.save(force_insert=True)
        factories.certify(february)
        factories.approve(release=march, by=director, now=SETTLED)
        with refused("release_year_is_final"):
            self.approve(february, director)
        self.approve(april, director)
        february.pk, february.number = None, 3
        with refused("release_year_is_final"):
            february.save(force_insert=True)

    def test_policy_publishing(self, region):
        policy = Policy.objects.filter(pk=produced().policy_id)
        with refused("policy_publishing"):
            policy.update(final_after_months=0)
        assert policy.update(final_after_months=9, publish_after=0, publish_at="12:00")

    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("announceddate_number_once", {"number": 1}),
            ("announceddate_beforehand", {"public_at": NOW - SOON}),
            ("announceddate_moved_with_reason", {"reason": ""}),
            ("announceddate_month_is_first_day", {"month": date(2021, 6, 2)}),
        ],
    )
    def test_announced_dates(self, region, rule, values):
        announce()
        row = {
            "month": JUNE.first,
            "number": 2,
            "public_at": NOW + SOON,
            "reason": "Why.",
            "announced_at": NOW,
        } | values
        if rule == "announceddate_number_once":
            row["reason"] = ""
        with refused(rule):
            AnnouncedDate.objects.create(**row)

    def test_announceddate_before_approval(self, region, director):
        approved(director)
        with refused("announceddate_before_approval"):
            AnnouncedDate.objects.create(month=JUNE.first, number=1, public_at=NOW + SOON, announced_at=NOW)

    def test_announced_dates_are_append_only(self, region):
        announce()
        with pytest.raises(Exception, match="Cannot update or delete rows"):
            AnnouncedDate.objects.update(reason="Otherwise.")

    def access(self, release, commissioner, **values):
        given = {"reason": "Why.", "granted_by": commissioner, "granted_at": NOW} | values
        return EarlyAccess.objects.create(release=release, user=commissioner, **given)

    def test_earlyaccess(self, region, director, commissioner):
        release = produced()
        access = self.access(release, commissioner)
        for rule, values in (
            ("earlyaccess_once", {}),
            ("earlyaccess_with_reason", {"reason": "", "ended_by": director, "ended_at": NOW}),
            ("earlyaccess_ended_whole", {"ended_at": NOW}),
        ):
            with refused(rule):
                self.access(release, commissioner, **values)
        rows = EarlyAccess.objects.filter(pk=access.pk)
        with refused("earlyaccess_never_edited"):
            rows.update(reason="Otherwise.")
        rows.update(ended_by=director, ended_at=NOW)
        with refused("earlyaccess_never_edited"):
            rows.update(ended_at=NOW + SOON)
        self.approve(release, director)
        with refused("earlyaccess_before_it_is_public"):
            self.access(release, commissioner)

    def test_earlyreading(self, region, director, commissioner):
        announce()
        release = produced()
        access = self.access(release, commissioner)
        reading = {"access": access, "day": NOW.date(), "read_at": NOW + timedelta(minutes=1)}
        with refused("earlyreading_under_embargo"):
            EarlyReading.objects.create(**reading)
        self.approve(release, director, public_at=NOW + SOON)
        EarlyReading.objects.create(**reading)
        with refused("earlyreading_once_a_day"):
            EarlyReading.objects.create(**reading)
        with refused("earlyreading_under_embargo"):
            EarlyReading.objects.create(**reading | {"day": date(2021, 7, 23), "read_at": NOW + SOON})
