"""What stands on the page before a release is approved."""

from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from outcomes.actions import corrections, releases
from outcomes.models import Release
from outcomes.queries.checklist import checklist, coverage_in_words
from outcomes.views.release_steps import steps_of
from partners.permissions import Role
from programmes.models import Delivery
from tests import factories
from tests.test_releases_actions import JUNE, NOW, revision
from tests.test_releases_actions import region as region
from tests.test_releases_actions import region_once as region_once
from vru_portal.core.periods import Month

pytestmark = pytest.mark.usefixtures("workbooks_once")


@pytest.fixture
def director():
    return factories.user_with(Role.DIRECTOR)


def produced():
    return releases.produce(month=JUNE, by=None, now=NOW)


class TestChecklist:
    def test_says_the_coverage_in_words(self, region, director):
        assert coverage_in_words(produced()) == "2 of 3 partners have every return accepted."
        late = region["late"].delivery
        factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=9)
        whole = Delivery.objects.exclude(pk=late.pk).first()
        for delivery, pence in ((whole, 300_00), (late, 100_00)):
            year = factories.AwardYearFactory(financial_year=2021)
            factories.PartnerAwardFactory(delivery=delivery, award_year=year, amount_pence=pence)
        assert coverage_in_words(produced()) == "3 of 4 partners have every return accepted, 75 % of funding."

    def test_names_the_returns_that_are_missing(self, region, director):
        (missing,) = checklist(produced(), director).missing
        assert (missing.delivery, missing.obligations) == (region["late"].delivery, [region["late"]])
        assert checklist(revision(region), director).missing == []

    def test_names_what_was_accepted_since(self, region, director, client):
        release = produced()
        assert checklist(release, director).accepted_since == []
        client.force_login(director)
        address = reverse("outcomes:release-approve", args=[release.pk])
        assert "Accepted since it was produced" not in client.get(address).content.decode()
        after = {"accepted": True, "decided_at": release.produced_at + timedelta(days=2)}
        late = factories.ReturnVersionFactory(obligation=region["late"], **after)
        factories.SubmissionFactory(version=late, new_people=60)
        factories.accepted_return(region["late"].delivery, JUNE.plus(1), new_people=4)
        assert checklist(release, director).accepted_since == [late]
        page = " ".join(client.get(address).content.decode().split())
        assert "Accepted since it was produced: 1" in page
        assert "This return is not in it. Approve it, and it comes with the next release of these months" in page

    def test_says_of_a_final_one_that_nothing_comes_later(self, region, director, client):
        release = produced()
        after = {"accepted": True, "decided_at": release.produced_at + timedelta(days=2)}
        factories.SubmissionFactory(version=factories.ReturnVersionFactory(obligation=region["late"], **after))
        client.force_login(director)
        release.status = Release.Status.FINAL  # what the page is drawn of
        found = {"release": release, "checklist": checklist(release, director), "now": NOW, "public_at": NOW}
        page = " ".join(render_to_string("outcomes/release_approve.html", found).split())
        assert "it is never counted. To take it in, <a" in page
        assert "as a revision" not in page

    def test_names_what_is_void_since(self, region, director, client):
        delivery = factories.DeliveryFactory(programme=region["programme"])
        wrong = factories.accepted_return(delivery, JUNE, new_people=10)
        release = produced()
        assert checklist(release, director).void_since == []
        corrections.void(version=wrong, reason="Another month's.", by=director, now=NOW)
        assert [version.pk for version in checklist(release, director).void_since] == [wrong.pk]
        client.force_login(director)
        page = client.get(reverse("outcomes:release-approve", args=[release.pk])).content.decode()
        assert "Void since it was produced: 1" in page

    def test_asks_about_what_is_unusual_in_the_last_month(self, region, director):
        delivery = factories.DeliveryFactory(programme=region["programme"])
        factories.accepted_return(delivery, JUNE.plus(-1), new_people=10)
        factories.accepted_return(delivery, JUNE, new_people=90)
        found = dict(checklist(produced(), director).questions)
        sentences = next(sentences for obligation, sentences in found.items() if obligation.delivery == delivery)
        assert any("more than three times last month’s 10" in sentence for sentence in sentences)
        assert all(obligation.month == JUNE.first for obligation in found)

    def test_says_what_changes_and_why(self, region, director):
        first = produced()
        assert (checklist(first, director).changed, checklist(first, director).reasons) == (0, [])
        factories.approve(release=first, by=director, now=NOW)
        found = checklist(revision(region), director)
        assert found.changed > 0
        assert [(r.words, r.where) for r in found.reasons] == [
            ("A return came in, or was accepted, late", [f"{region['programme'].name}, May 2021"])
        ]
        assert (found.biggest[0].before.upper, found.biggest[0].now.upper) == (110, 170)
        assert len(found.biggest) <= 5

    def test_says_what_an_attack_found(self, region, director):
        first = produced()
        assert checklist(first, director).attack.startswith("An attack on all of its numbers worked out no hidden one.")
        factories.approve(release=first, by=director, now=NOW)
        assert "together with 2021-06.1 worked out no" in checklist(revision(region), director).attack

    def test_says_where_no_programme_is_broken_down_by_district_yet(self, region, director, client):
        may = releases.produce(month=Month(2021, 5), by=None, now=NOW)
        client.force_login(director)
        page = client.get(reverse("outcomes:release-approve", args=[may.pk])).content.decode()
        assert "Programmes are broken down by district from June on: there is nothing to look at yet." in page
        assert "No programme has few people" not in page

    def test_all_of_it_stands_on_the_page(self, region, director, client):
        factories.approve(release=produced(), by=director, now=NOW)
        second = revision(region)
        client.force_login(director)
        page = " ".join(client.get(reverse("outcomes:release-approve", args=[second.pk])).content.decode().split())
        for words in (
            "3 of 3 partners have every return accepted.",
            "No return is missing.",
            "Odd in the returns of June 2021:",
            ">Breaks</h2>",
            "A return came in, or was accepted, late",
            "The biggest changes",
            "An attack on all of its numbers together with 2021-06.1 worked out no hidden one.",
        ):
            assert words in page, words


class TestANewerOne:
    def test_takes_the_place_of_the_form(self, region, director, client):
        first = produced()
        client.force_login(director)
        address = reverse("outcomes:release-approve", args=[first.pk])
        assert "Approve and publish" in client.get(address).content.decode()
        second = revision(region)
        page = client.get(address).content.decode()
        assert f"{second}</a> is newer, so this one can no longer be approved." in page
        assert "Approve and publish" not in page


class TestSteps:
    def names(self, release):
        return [(step.name, step.state) for step in steps_of(release)]

    def test_go_from_produced_to_public(self, region, director, client):
        release = produced()
        assert self.names(release) == [
            ("Produced", "done"), ("Checked", "now"), ("Approved", "later"), ("Public", "later"),
        ]  # fmt: skip
        release = factories.approve(release=release, by=director, now=NOW)
        assert {state for _, state in self.names(release)} == {"done"}
        client.force_login(director)
        assert (
            "How far it has come" in client.get(reverse("outcomes:release-detail", args=[release.pk])).content.decode()
        )
        client.force_login(factories.user_with(Role.COMMISSIONER))
        page = client.get(reverse("outcomes:release-detail", args=[release.pk])).content.decode()
        assert "How far it has come" not in page
        assert "attack" not in page

    def test_wait_for_the_day(self, region, director):
        release = factories.approve(release=produced(), by=director, now=NOW)
        release.public_at = factories.noon(date(2121, 7, 1))
        assert self.names(release)[-1] == ("Public", "now")

    def test_end_where_it_is_discarded(self, region, director):
        release = releases.discard(release=produced(), reason="Wrong month.", by=director, now=NOW)
        assert self.names(release) == [("Produced", "done"), ("Discarded", "done")]
