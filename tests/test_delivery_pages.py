"""What the pages of a programme and of a delivery say of people and returns, and to whom."""

from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outcomes.actions import obligations
from outcomes.models import Obligation
from outcomes.queries.openings import first_opening
from outcomes.queries.returns import last_returns
from partners.permissions import AUDIENCES, Audience, Role
from tests.factories import (
    AreaFactory,
    DeliveryFactory,
    ObligationFactory,
    OrganisationFactory,
    PolicyFactory,
    ProgrammeFactory,
    SettingFactory,
    SubmissionFactory,
    TargetFactory,
    accepted_return,
    user_with,
)
from vru_portal.core.periods import FinancialYear, Month

pytestmark = pytest.mark.django_db
YEAR = FinancialYear.of(timezone.localdate())
APRIL = YEAR.months[0]
READERS = [role for role, audience in AUDIENCES.items() if audience in (Audience.STAFF, Audience.AUDITOR)]
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def programme(db):
    return ProgrammeFactory(name="Boxing")


@pytest.fixture
def delivery(programme):
    delivery = DeliveryFactory(programme=programme, name="Boxing on Mondays")
    TargetFactory(delivery=delivery, year=YEAR.start, people=100)
    accepted_return(delivery, APRIL, new_people=40)
    return delivery


def answer_to(user, name: str, pk: int):
    client = Client()
    client.force_login(user)
    return client.get(reverse(name, args=[pk]))


def page_of(user, name: str, pk: int) -> str:
    return unescape(answer_to(user, name, pk).content.decode())


WORDS = f"40 of 100 this year up to {APRIL}, 40 % after 8 % of the year."


class TestADeliverysPage:
    @pytest.mark.parametrize("role", READERS)
    def test_shows_staff_and_auditors_its_people_and_its_returns(self, delivery, role):
        page = page_of(user_with(role), "programmes:delivery-detail", delivery.pk)
        assert WORDS in page
        assert reverse("outcomes:return-detail", args=[delivery.obligations.get().pk]) in page
        assert ">Accepted</strong>" in page

    @pytest.mark.parametrize("role", [Role.PARTNER, Role.PARTNER_LEAD])
    def test_shows_a_partner_its_own_alone(self, delivery, role):
        own = DeliveryFactory()
        waiting = ObligationFactory(delivery=own, month=APRIL.first)
        SubmissionFactory(version__obligation=waiting, version__state="submitted")
        partner = user_with(role, own.partner)
        page = page_of(partner, "programmes:delivery-detail", own.pk)
        assert f"10 waiting for review this year up to {APRIL}. No target is set for {YEAR}." in page
        assert reverse("outcomes:return-detail", args=[waiting.pk]) in page
        assert answer_to(partner, "programmes:delivery-detail", delivery.pk).status_code == 404
        assert last_returns(partner, delivery, timezone.localdate()) == []

    def test_is_closed_to_commissioners(self, delivery):
        commissioner = user_with(Role.COMMISSIONER)
        assert answer_to(commissioner, "programmes:delivery-detail", delivery.pk).status_code == 403
        assert answer_to(commissioner, "programmes:programme-detail", delivery.programme.pk).status_code == 403

    def test_says_the_same_as_the_partners_figures(self, delivery):
        partner = user_with(Role.PARTNER, delivery.partner)
        client = Client()
        client.force_login(partner)
        assert WORDS in client.get(reverse("outcomes:our-figures")).content.decode()

    def test_says_nothing_of_people_where_nothing_is_owed_this_year(self, programme):
        ended = DeliveryFactory(programme=programme, ends_on=date(2022, 3, 31))
        accepted_return(ended, Month(2022, 3))
        page = page_of(user_with(Role.ANALYST), "programmes:delivery-detail", ended.pk)
        assert "People in" not in page
        assert "March 2022" in page

    def test_shows_the_last_six_months(self, delivery):
        for month in (APRIL.plus(-number) for number in range(1, 8)):
            ObligationFactory(delivery=delivery, month=month.first)
        found = last_returns(user_with(Role.ANALYST), delivery, timezone.localdate())
        assert [line.obligation.period for line in found] == [APRIL.plus(-number) for number in range(6)]
        assert [line.tag for line in found][:2] == ["accepted", "overdue"]

    def test_says_what_is_not_owed_any_more(self, programme):
        """A return that was sent and taken back, of a delivery that turned out to have ended before."""
        ended = DeliveryFactory(programme=programme)
        back = ObligationFactory(delivery=ended, month=date(2022, 5, 1))
        SubmissionFactory(version__obligation=back, version__state="draft")
        partner = user_with(Role.PARTNER, ended.partner)
        ended.ends_on = date(2022, 3, 31)
        ended.save()
        assert ">Nothing is owed</td>" in page_of(partner, "programmes:delivery-detail", ended.pk)
        client = Client()
        client.force_login(partner)
        page = client.get(reverse("outcomes:our-returns"), {"year": "2022"}).content.decode()
        assert ">Nothing is owed</td>" in page
        assert "Month not over yet" not in page

    def test_says_of_a_month_that_it_is_not_over(self, programme):
        running = DeliveryFactory(programme=programme)
        ObligationFactory(delivery=running, month=Month.of(timezone.localdate()).first)
        assert ">Month not over yet</td>" in page_of(user_with(Role.ANALYST), "programmes:delivery-detail", running.pk)


class TestAProgrammesPage:
    @pytest.mark.parametrize("role", READERS)
    def test_shows_staff_and_auditors_the_progress_of_each_delivery(self, delivery, role):
        ended = DeliveryFactory(programme=delivery.programme, ends_on=date(2022, 3, 31))
        other = DeliveryFactory(programme=delivery.programme)
        ObligationFactory(delivery=other, month=APRIL.first)
        answer = answer_to(user_with(role), "programmes:programme-detail", delivery.programme.pk)
        assert [each for each, _ in answer.context["progresses"]] == [delivery, other]
        assert ended in answer.context["deliveries"]
        page = unescape(answer.content.decode())
        assert WORDS in page
        assert f"Nothing is sent up to {APRIL}. No target is set for {YEAR}." in page

    @pytest.mark.parametrize("role", [Role.PARTNER, Role.PARTNER_LEAD])
    def test_is_closed_to_partners(self, delivery, role):
        partner = user_with(role, delivery.partner)
        assert answer_to(partner, "programmes:programme-detail", delivery.programme.pk).status_code == 403

    def test_costs_no_more_queries_for_more_deliveries(self, delivery):
        costs = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                page_of(user_with(Role.ANALYST), "programmes:programme-detail", delivery.programme.pk)
            costs.append(len(queries))
            for _ in range(3):
                accepted_return(DeliveryFactory(programme=delivery.programme), APRIL)
        assert costs[0] == costs[1]


def opened(delivery) -> list[Obligation]:
    """By the clock."""
    obligations.open_due(now=NOW)
    return list(delivery.obligations.order_by("month"))


class TestWhatOpens:
    @pytest.fixture(autouse=True)
    def policy(self, db):
        return PolicyFactory()

    def test_from_the_first_month_where_it_runs_already(self):
        delivery = DeliveryFactory(starts_on=date(2026, 4, 13))
        said = first_opening(user_with(Role.ANALYST), delivery, TODAY)
        assert said == (
            "A return for each month from April 2026 on is opened within the hour. The first is due on 23 June 2026."
        )
        found = opened(delivery)
        assert (found[0].period, min(one.due_date for one in found)) == (Month(2026, 4), date(2026, 6, 23))
        assert first_opening(user_with(Role.ANALYST), delivery, TODAY) == ""

    def test_on_the_first_of_the_month_where_it_is_to_run(self):
        delivery = DeliveryFactory(starts_on=date(2026, 9, 14))
        assert first_opening(user_with(Role.ANALYST), delivery, TODAY) == (
            "Its first return, for September 2026, is opened on 1 September 2026 and due on 14 October 2026."
        )
        assert opened(delivery) == []

    def test_nothing_where_its_partner_has_closed(self):
        delivery = DeliveryFactory(starts_on=date(2026, 4, 1), partner__closed_on=date(2026, 3, 1))
        assert first_opening(user_with(Role.ANALYST), delivery, TODAY).startswith("No return is owed for it")
        assert opened(delivery) == []

    def test_nothing_before_there_is_a_policy(self):
        delivery = DeliveryFactory(starts_on=date(2001, 4, 1))
        said = first_opening(user_with(Role.ANALYST), delivery, TODAY)
        assert "No policy is in force on 30 April 2001. Add one under Settings, Policies." in said

    @pytest.mark.parametrize("role", [Role.PARTNER, Role.DIRECTOR])
    def test_tells_who_can_add_no_policy_that_the_unit_has_to(self, role):
        delivery = DeliveryFactory(starts_on=date(2001, 4, 1))
        page = page_of(user_with(role, delivery.partner), "programmes:delivery-detail", delivery.pk)
        assert "Its returns are opened once the unit has added a policy that is in force on 30 April 2001." in page
        assert "Settings, Policies" not in page

    def test_is_said_to_who_has_added_a_delivery(self, client):
        client.force_login(user_with(Role.PROGRAMME_MANAGER))
        typed = {
            "partner": OrganisationFactory().pk,
            "programme": ProgrammeFactory().pk,
            "name": "Boxing on Mondays",
            "code": "box-1",
            "setting": SettingFactory().pk,
            "areas": [AreaFactory(gss_code="E08000030").pk],
            "starts_on_day": "1",
            "starts_on_month": "4",
            "starts_on_year": "2026",
            "counting_basis": "aggregate",
        }
        page = client.post(reverse("programmes:delivery-add"), typed, follow=True).content.decode()
        assert "A return for each month from April 2026 on is opened within the hour. The first is due on " in page
