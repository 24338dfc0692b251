"""The demo region as `load_demo` leaves it.

The public figures are added up here in plain Python, from what the returns say, without the code that counts reach.
"""

from collections import defaultdict
from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from outcomes.demo.deliveries import DELIVERIES
from outcomes.demo.load import load_region
from outcomes.demo.meetings import meetings
from outcomes.demo.people import PASSWORD, demo_accounts
from outcomes.models import (
    Figure,
    QuarterReport,
    Release,
    ReturnVersion,
    Submission,
)
from outcomes.queries.publishing import calendar
from outcomes.queries.quarter_reports import breaks_since
from outcomes.queries.reproduction import made_again
from outcomes.sentences import people_in_words
from partners.models import Event, Membership, Network, NetworkMember, NetworkMembership, Organisation, User
from partners.permissions import Role
from programmes.models import CountingBasis, Delivery, Programme, Setting
from tests import prepared
from tests.factories import noon
from vru_portal.core.periods import Month, months_between

TODAY = prepared.DEMO_DAY
APRIL_TO_DECEMBER = months_between(Month(2021, 4), Month(2021, 12))
SUPPORTED = {"brief_contact", "group", "one_to_one"}
State = ReturnVersion.State


pytestmark = [pytest.mark.region, pytest.mark.django_db]


@pytest.fixture(scope="module")
def region(work_on_copy_of):
    work_on_copy_of(prepared.demo_region())


@pytest.fixture(scope="module")
def accepted(region) -> list[Submission]:
    """What each accepted return said last."""
    last = {}
    submissions = Submission.objects.filter(version__state=State.ACCEPTED).order_by("sequence")
    for submission in submissions.select_related("version__obligation__delivery__programme"):
        last[submission.version_id] = submission
    return list(last.values())


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
        assert people_in_words(figure.lower, figure.upper, within=20) == "More than 10,500"

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


class TestReleases:
    def test_the_late_return_is_estimated_until_it_came(self, region):
        of_december = Release.objects.filter(month=date(2021, 12, 1)).order_by("number")
        first, revised = (release.figures.filter(returns_estimated__gt=0) for release in of_december)
        assert {figure.returns_estimated for figure in first} == {1}
        assert {figure.estimated_percent for figure in first.filter(programme=None)} == {5}
        assert not revised.exists()
        _, second = of_december
        assert sorted({reason for reason, *_ in second.account["changes"]}) == ["late_return"]

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

    def test_last_financial_year_is_final_and_the_one_of_the_headline_is_not(self, region):
        finals = Release.objects.filter(status=Release.Status.FINAL)
        assert [(final.month, final.number) for final in finals] == [(date(2026, 3, 1), 2)]

    def test_the_calendar_has_the_days_that_were_and_the_next_ones(self, region):
        coming, came = calendar(noon(TODAY))
        assert [one.month for one in coming] == [Month(2026, 10), Month(2026, 11)]
        assert coming[0].is_late, "so that whoever approves it publishes it at once"
        assert [one.days_late for one in came if one.announced] == [0, 0, 0, 0]

    def test_hold_what_was_accepted_before_they_were_produced(self, region):
        for release in Release.objects.all():
            later = ReturnVersion.objects.filter(releases__release=release, decided_at__gt=release.produced_at)
            assert list(later) == [], release.code

    def test_are_made_again_to_the_byte(self, region):
        releases = list(Release.objects.exclude(figures=None))
        assert len(releases) > 5
        for release in releases:
            again = made_again(release)
            assert again.is_same, (release.code, [name for name, is_same in again.files.items() if not is_same])


class TestReportsToTheFunder:
    def test_say_from_when_on_people_are_counted_otherwise(self, region, client):
        first, last = QuarterReport.objects.order_by("first_day")
        assert breaks_since(first) == []
        assert [day for day, *_ in breaks_since(last)] == [date(2026, 4, 1)]
        client.force_login(User.objects.get(email=next(a.email for a in demo_accounts() if a.code == Role.DIRECTOR)))
        page = client.get(reverse("outcomes:quarter-report", args=[last.pk])).content.decode()
        assert f"so not to be compared with {first.quarter}." in page


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
        assert 38 <= Organisation.objects.filter(deliveries__isnull=False).distinct().count() <= 45
        assert Organisation.objects.get(kind=Organisation.Kind.UNIT).name == settings.UNIT_NAME
        assert 55 <= Delivery.objects.count() <= 70
        districts = {area.gss_code for delivery in Delivery.objects.all() for area in delivery.areas.all()}
        assert len(districts) == 7

    @pytest.mark.parametrize(
        ("setting", "words"),
        [
            # As the news page puts it; each is a setting of a delivery that runs, and words of its programme's name.
            ("emergency-department", "emergency departments"),
            ("sexual-health-clinic", "sexual health clinics"),
            ("exploitation-hub", "exploitation hubs"),
            ("street", "out in communities"),
            ("school", "schools"),
            ("school-route", "school"),
            ("maternity", "maternity"),
            ("early-years", "early years"),
        ],
    )
    def test_has_each_setting_that_the_source_names(self, region, setting, words):
        found = Delivery.objects.filter(setting__code=setting, programme__name__icontains=words)
        assert found.exists()

    def test_has_heal_hub_the_faith_alliance_community_networks_and_every_age_to_after_education(self, region):
        names = " ".join(Programme.objects.values_list("name", flat=True))
        assert all(words in names for words in ("Heal Hub", "early years", "Primary", "Secondary", "after education"))
        kinds = Network.objects.values_list("name", flat=True)
        assert any("Faith Alliance" in name for name in kinds)
        assert any("ommunity" in name for name in kinds)

    def test_every_setting_is_met_somewhere(self, region):
        assert not Setting.objects.filter(deliveries=None).exists()

    def test_every_programme_says_how_it_is_meant_to_work(self, region):
        assert all(4 <= len(programme.steps) <= 5 and programme.summary for programme in Programme.objects.all())

    def test_one_event_tells_of_the_loading(self, region):
        assert Event.objects.filter(name="outcomes.demo.loaded").count() == 1


class TestLoading:
    def sizes(self) -> dict[str, int]:
        """Of every table of ours, those of history too: a change is a row there."""
        ours = ("partners", "programmes", "funding", "outcomes")
        models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ours]
        return {model._meta.label: model._base_manager.count() for model in models}

    def test_changes_nothing_a_second_time(self, region):
        before = self.sizes()
        assert before["outcomes.Submission"] > 0 < before["partners.UserEvent"]
        out = StringIO()
        call_command("load_demo", today=TODAY, stdout=out)
        assert self.sizes() == before
        assert len(out.getvalue().splitlines()) > 5  # it says how far it is
        assert out.getvalue().splitlines()[-1].endswith("Nothing to add: the demo region was loaded already.")

    def test_leaves_alone_what_people_have_changed(self, region):
        User.objects.filter(name="Gwen Tallantire").update(name="Gwen Tallantire-Moss")
        Programme.objects.filter(code="heal-hub").update(name="The Heal Hub")
        assert load_region(today=TODAY, now=noon(TODAY)) == 0
        assert User.objects.filter(name="Gwen Tallantire-Moss").exists()
        assert Programme.objects.get(code="heal-hub").name == "The Heal Hub"
