"""A delivery's targets: who sets them, what stays on record, and where they stand beside what was reached."""

from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outcomes.models import Obligation
from outcomes.queries.targets import progress, progress_so_far
from partners.models import Event
from partners.permissions import Role
from programmes.actions import DeliveryRefused, set_target
from programmes.models import Rung
from programmes.queries import part_of_year, target_of, targets_of
from tests.factories import (
    DeliveryFactory,
    ObligationFactory,
    ProgrammeFactory,
    SubmissionFactory,
    TargetFactory,
    accepted_return,
    user_with,
)
from tests.test_returns_rules import refused
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.core.refusals import NotAllowed
from vru_portal.core.revisions import ChangedMeanwhile

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 9, 10, 12, tzinfo=UTC)
TODAY = NOW.date()
YEAR = FinancialYear(2021)
APRIL, MAY, JUNE, SEPTEMBER = (Month(2021, number) for number in (4, 5, 6, 9))


@pytest.fixture
def manager():
    return user_with(Role.PROGRAMME_MANAGER, name="Ben Okoro")


@pytest.fixture
def delivery():
    return DeliveryFactory(name="Boxing")


def put(delivery, by, people=900, **given):
    return set_target(delivery=delivery, people=people, by=by, now=NOW, **{"year": YEAR, "reason": "Agreed."} | given)


def waits(delivery, month, **submission) -> Obligation:
    """What is sent for the month waits for review."""
    obligation = ObligationFactory(delivery=delivery, month=month.first)
    SubmissionFactory(version__obligation=obligation, version__state="submitted", **submission)
    return obligation


def page_of(user, name: str, *args, **data) -> str:
    client = Client()
    client.force_login(user)
    address = reverse(name, args=args)
    return unescape((client.post(address, data, follow=True) if data else client.get(address)).content.decode())


class TestTarget:
    def test_is_somebody(self):
        with refused("target_is_somebody"):
            TargetFactory(people=0)

    def test_has_reason(self):
        with refused("target_has_reason"):
            TargetFactory(reason="")

    def test_year(self):
        with refused("target_year"):
            TargetFactory(year=21, set_at=NOW)

    def test_append_only(self):
        target = TargetFactory()
        for change in (lambda: type(target).objects.update(people=1), target.delete):
            with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
                change()


class TestSetTarget:
    def test_is_recorded_with_its_reason_and_the_earlier_stays(self, delivery, manager):
        put(delivery, manager, 900)
        put(delivery, manager, 1_000, reason="A second worker.")
        of_year = next(each for each in targets_of(delivery, TODAY) if each.year == YEAR)
        assert (of_year.in_force.people, [earlier.people for earlier in of_year.earlier]) == (1_000, [900])
        event = Event.objects.about(delivery).get(reason="A second worker.")
        assert (event.name, event.by, event.organisation) == ("programmes.target.set", manager, delivery.partner)

    def test_is_taken_back_without_a_number(self, delivery, manager):
        put(delivery, manager)
        put(delivery, manager, None, reason="It was the wrong year.")
        assert target_of(delivery, YEAR) is None

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"reason": " "}, "Say why"),
            ({"year": FinancialYear(2020)}, "does not run in 2020/21"),
            ({"year": FinancialYear(2023)}, "too far away"),
            ({"people": None}, "no target to take back"),
        ],
    )
    def test_refuses(self, delivery, manager, given, sentence):
        with pytest.raises(DeliveryRefused, match=sentence):
            put(delivery, manager, **given)

    @pytest.mark.parametrize("role", [Role.PARTNER_LEAD, Role.AUDITOR, Role.FINANCE_OFFICER])
    def test_refuses_others(self, delivery, role):
        with pytest.raises(NotAllowed):
            put(delivery, user_with(role))

    def test_tells_the_second_of_two_what_the_first_has_set(self, delivery, manager):
        seen = next(each for each in targets_of(delivery, TODAY) if each.year == YEAR).revision
        put(delivery, manager, 900, revision=seen)
        with pytest.raises(ChangedMeanwhile, match="a target of: 900, set by Ben Okoro"):
            put(delivery, manager, 800, revision=seen)


class TestPartOfYear:
    @pytest.mark.parametrize(
        ("runs", "month", "part"),
        [
            ({}, SEPTEMBER, 50),
            ({}, Month(2022, 3), 100),
            ({"starts_on": date(2021, 9, 15)}, SEPTEMBER, 14),
            ({"ends_on": date(2021, 9, 30)}, JUNE, 50),
        ],
    )
    def test_counts_the_months_in_which_it_runs(self, runs, month, part):
        assert part_of_year(DeliveryFactory(**runs), month) == part


class TestProgress:
    def test_says_what_is_reached_beside_the_part_of_the_year(self, delivery):
        TargetFactory(delivery=delivery, people=900)
        accepted_return(delivery, APRIL, new_people=200)
        accepted_return(delivery, MAY, new_people=100, known_people=12, already_counted_people=70)
        found = progress(delivery, MAY)
        assert found.words == "312 of 900 this year up to May 2021, 35 % after 17 % of the year"
        assert (found.remark, found.missing) == ("", 0)

    @pytest.mark.parametrize(("people", "remark"), [(10, "under half"), (1_000, "more than twice")])
    def test_remarks_on_what_is_far_from_its_pace(self, delivery, people, remark):
        TargetFactory(delivery=delivery, people=900)
        accepted_return(delivery, SEPTEMBER, new_people=people)
        assert remark in progress(delivery, SEPTEMBER).remark

    def test_names_the_months_that_are_missing_and_leaves_out_later_ones(self, delivery):
        TargetFactory(delivery=delivery, people=100)
        ObligationFactory(delivery=delivery, month=APRIL.first)
        accepted_return(delivery, MAY, new_people=20)
        accepted_return(delivery, JUNE, new_people=30)
        found = progress(delivery, MAY)
        assert (found.accepted, found.missing) == (20, 1)

    def test_takes_the_largest_month_of_an_estimate(self):
        delivery = DeliveryFactory(programme=ProgrammeFactory(rung=Rung.EXPOSURE))
        TargetFactory(delivery=delivery, people=1_000)
        for month, people in ((APRIL, 900), (MAY, 800)):
            accepted_return(delivery, month, exposed_people=people)
        assert progress(delivery, MAY).words == "900 of 1,000 in this year’s largest month up to May 2021, 90 %"
        waits(delivery, JUNE, exposed_people=950)
        assert progress(delivery, JUNE).words.startswith("900 accepted or 950 waiting for review of 1,000")

    def test_tells_what_is_accepted_from_what_waits_for_review(self, delivery):
        TargetFactory(delivery=delivery, people=100)
        accepted_return(delivery, APRIL, new_people=40)
        waits(delivery, MAY)
        words = "40 accepted and 10 waiting for review of 100 this year up to May 2021, 50 % after 17 % of the year"
        assert progress(delivery, MAY).words == words

    def test_counts_what_is_accepted_until_its_correction_is(self, delivery):
        TargetFactory(delivery=delivery, people=100)
        accepted = accepted_return(delivery, APRIL, new_people=40)
        SubmissionFactory(
            version__obligation=accepted.obligation,
            version__number=2,
            version__state="submitted",
            version__revision_reason="correction",
            new_people=30,
        )
        assert progress(delivery, APRIL).words.startswith("40 of 100 this year")

    def test_takes_nothing_sent_for_no_zero(self, delivery):
        TargetFactory(delivery=delivery, people=100)
        ObligationFactory(delivery=delivery, month=SEPTEMBER.first)
        found = progress(delivery, SEPTEMBER)
        assert (found.words, found.remark) == ("100 this year; nothing is sent up to September 2021", "")

    def test_goes_as_far_as_the_last_month_that_is_sent(self, delivery):
        never = DeliveryFactory()
        accepted_return(delivery, APRIL)
        waits(delivery, MAY)
        for each, month in ((delivery, JUNE), (never, MAY)):
            ObligationFactory(delivery=each, month=month.first, due_date=TODAY)
        found = progress_so_far([delivery, never], YEAR, TODAY)
        assert (found[delivery.pk], found[never.pk].month) == (progress(delivery, MAY), MAY)

    def test_takes_in_the_months_that_are_late_by_today(self, delivery):
        TargetFactory(delivery=delivery, people=100)
        accepted_return(delivery, APRIL, new_people=40)
        for month, due in ((MAY, date(2021, 6, 14)), (JUNE, date(2021, 7, 14)), (SEPTEMBER, date(2021, 10, 14))):
            ObligationFactory(delivery=delivery, month=month.first, due_date=due)
        found = progress_so_far([delivery], YEAR, TODAY)[delivery.pk]
        assert found.words == "40 of 100 this year up to June 2021, 40 % after 25 % of the year"
        assert (found.missing, found) == (2, progress(delivery, JUNE))


class TestPages:
    def test_set_it_on_the_deliverys_page(self, delivery, manager):
        year = FinancialYear.of(timezone.localdate()).start
        page = page_of(manager, "programmes:target-set", delivery.pk, year, people="1,200", reason="Two workers.")
        assert "has a target of 1,200." in page
        assert "by Ben Okoro. Two workers." in page
        partner = user_with(Role.PARTNER, delivery.partner)
        page = page_of(partner, "programmes:delivery-detail", delivery.pk)
        assert "Two workers." in page
        assert reverse("programmes:target-set", args=[delivery.pk, year]) not in page

    def test_a_year_that_is_not_planned_is_not_found(self, delivery, manager, client):
        client.force_login(manager)
        assert client.get(reverse("programmes:target-set", args=[delivery.pk, 2019])).status_code == 404

    def test_says_the_same_beside_the_return_and_the_partners_figures(self, delivery, manager):
        TargetFactory(delivery=delivery, people=100)
        accepted_return(delivery, APRIL, new_people=40)
        obligation = waits(delivery, MAY)
        partner = user_with(Role.PARTNER, delivery.partner)
        words = "40 accepted and 10 waiting for review of 100 this year up to May 2021, 50 % after 17 % of the year."
        for user, name in ((manager, "return-review"), (manager, "return-detail"), (partner, "return-detail")):
            assert words in page_of(user, f"outcomes:{name}", obligation.pk)
        client = Client()
        client.force_login(partner)
        assert words in client.get(reverse("outcomes:our-figures"), {"year": 2021}).content.decode()

    def test_says_that_there_is_none(self, delivery, manager):
        obligation = ObligationFactory(delivery=delivery, month=MAY.first)
        assert "No target is set for 2021/22." in page_of(manager, "outcomes:return-detail", obligation.pk)
