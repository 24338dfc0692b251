"""What the page of a programme says of its reach, of what changed and of its money, and to whom."""

from datetime import date
from html import unescape

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from funding.queries.finance import finance
from outcomes.actions import releases
from partners.permissions import AUDIENCES, PERMISSIONS, Audience, Permission, Role
from programmes.models import Rung
from tests import factories
from tests.test_change import said
from vru_portal.core.periods import FinancialYear, Month

pytestmark = pytest.mark.django_db
JUNE = Month(2021, 6)
YEAR = FinancialYear.of(timezone.localdate())
APRIL = YEAR.months[0]
NOW = factories.noon(date(2021, 7, 22))
READERS = [role for role, audience in AUDIENCES.items() if audience in (Audience.STAFF, Audience.AUDITOR)]


@pytest.fixture
def programme():
    return factories.ProgrammeFactory(name="Heal Hub")


def page_of(programme, role: Role = Role.ANALYST) -> str:
    client = Client()
    client.force_login(factories.user_with(role))
    return unescape(client.get(reverse("programmes:programme-detail", args=[programme.pk])).content.decode())


def without(monkeypatch, permission: Permission) -> Role:
    """The role of somebody who reads programmes and may not do this."""
    monkeypatch.setitem(PERMISSIONS, Role.ANALYST, PERMISSIONS[Role.ANALYST] - {permission})
    return Role.ANALYST


def cost_of(programme) -> int:
    with CaptureQueriesContext(connection) as queries:
        page_of(programme)
    return len(queries)


@transaction.atomic
def released(programme, *, month: Month = JUNE, **submission):
    """The release to the month, with a return of a delivery of the programme in it."""
    factories.PolicyFactory()
    factories.accepted_return(factories.DeliveryFactory(programme=programme), month, **submission)
    return releases.produce(month=month, by=None, now=NOW)


class TestReach:
    @pytest.mark.parametrize("role", READERS)
    def test_is_that_of_the_newest_release_as_the_page_of_reach_has_it(self, programme, role):
        released(programme, month=JUNE.plus(-1), new_people=60)
        release = released(programme, new_people=135)
        page = page_of(programme, role)
        client = Client()
        client.force_login(factories.user_with(role))
        of_reach = client.get(reverse("outcomes:reach"), {"programme": programme.pk})
        assert (
            of_reach.context["headline"]
            == "Between 135 and 195 young people were supported between April and June 2021."
        )
        assert of_reach.context["headline"] in page
        row = reverse("outcomes:release-row", args=[release.code, of_reach.context["reach"].headline.row])
        assert f'<a class="govuk-link govuk-link--no-visited-state" href="{row}">between 135 and 195</a>' in page
        assert "June 2021 release 1</a>" in page
        assert ">Provisional</strong>" in page
        assert ">not published</strong>" in page
        assert "this rung of support: one-to-one. Made from 2 of 2 returns due" in page
        assert f'{reverse("outcomes:reach")}?programme={programme.pk}"' in page

    def test_no_longer_says_that_a_published_release_is_not(self, programme):
        release = released(programme, new_people=135)
        factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)
        assert "not published" not in page_of(programme)

    def test_is_hidden_where_the_release_hides_it(self, programme):
        released(programme, new_people=3)
        page = page_of(programme)
        assert "There is no figure of young people supported between April and June 2021 that can be published." in page
        assert "fewer than 5 or hidden to protect them</a>" in page

    def test_of_exposure_is_an_estimate_and_never_called_supported(self, programme):
        routes = factories.ProgrammeFactory(name="Safer routes", rung=Rung.EXPOSURE)
        released(programme, new_people=135)
        released(routes, exposed_people=19_880)
        page = page_of(routes)
        assert "More than 19,800 pupils, by estimate, were exposed between April and June 2021." in page
        assert "Pupils exposed, an estimate, April 2021 to June 2021: " in page
        assert "19,880 e</a>" in page
        assert "“Exposed” is an estimate (e), not a count" in page
        assert "young people were supported" not in page
        assert "“Supported” means" not in page

    def test_is_said_to_be_missing_where_the_release_does_not_count_the_programme(self, programme):
        assert "There is no release yet." in page_of(programme)
        released(programme, new_people=135)
        other = factories.ProgrammeFactory(name="Evening clubs")
        page = page_of(other)
        assert "June 2021</a>, does not count it." in page
        assert f'?programme={other.pk}"' not in page, "the page of reach knows no such programme"

    def test_is_not_told_to_who_may_not_see_it(self, programme, monkeypatch):
        released(programme, new_people=135)
        page = page_of(programme, without(monkeypatch, Permission.VIEW_REACH))
        assert "<h2>Reach</h2>" not in page
        assert "135" not in page

    def test_costs_no_more_queries_for_more_releases_and_deliveries(self, programme):
        released(programme, month=JUNE.plus(-1), new_people=60)
        before = cost_of(programme)
        for _ in range(2):
            released(programme, new_people=135)
        assert cost_of(programme) == before


@pytest.fixture
def answered(programme) -> list:
    """A measure before and after support, and a median, at two places this year."""
    attendance = factories.MeasureFactory(code="attendance", name="Attendance", kind="before_after", unit="percent")
    waits = factories.MeasureFactory(code="waits", name="Waiting days", kind="median", unit="days")
    for people, before, after, median in ((30, 40, 60, 4), (10, 80, 100, 9)):
        place = factories.DeliveryFactory(programme=programme)
        said(place, APRIL, attendance, people=people, before=before, after=after)
        said(place, APRIL.plus(1), waits, people=people, median=median)
    return [attendance, waits]


class TestWhatChanged:
    @pytest.mark.parametrize("role", READERS)
    def test_is_a_line_for_each_measure_in_the_words_of_the_page_of_change(self, programme, answered, role):
        page = page_of(programme, role)
        client = Client()
        client.force_login(factories.user_with(role))
        address = reverse("outcomes:change")
        of_change = unescape(client.get(address, {"year": YEAR.start}).content.decode())
        for words in ("from 50.0 to 70.0 %", "between 4 and 9 days"):
            assert words in of_change
            assert words in page
        for measure in answered:
            link = f'{address}?year={YEAR.start}&programme={programme.pk}#{measure.code}"'
            assert link in page
            assert link in of_change
        assert "For staff: these are not published figures." in page

    def test_is_of_the_programme_and_of_this_year(self, programme, answered):
        other = factories.DeliveryFactory(programme=factories.ProgrammeFactory())
        said(other, APRIL, factories.MeasureFactory(name="Sessions"), value=7)
        page = page_of(programme)
        assert f"<h2>What happened and what changed in {YEAR}</h2>" in page
        assert "Sessions" not in page

    def test_is_left_out_where_nothing_was_measured_this_year(self, programme):
        place = factories.DeliveryFactory(programme=programme)
        said(place, APRIL.plus(-1), factories.MeasureFactory(), value=7)
        assert "what changed" not in page_of(programme)

    def test_is_not_told_to_who_may_not_see_it(self, programme, answered, monkeypatch):
        page = page_of(programme, without(monkeypatch, Permission.VIEW_REACH))
        assert "what changed" not in page
        assert "Attendance" not in page

    def test_costs_no_more_queries_for_more_measures_and_places(self, programme, answered):
        before = cost_of(programme)
        for value in (3, 4):
            said(factories.DeliveryFactory(programme=programme), APRIL, factories.MeasureFactory(), value=value)
        assert cost_of(programme) == before


def awarded(programme, *, pence: int, paid: int, year: FinancialYear = YEAR):
    """An award of the year for another delivery of the programme, and what is paid of it."""
    award_year = factories.AwardYearFactory(financial_year=year.start, at="agreement_signed")
    delivery = factories.DeliveryFactory(programme=programme)
    award = factories.InstalmentAwardFactory(award_year=award_year, delivery=delivery, amount_pence=pence)
    instalment = award.instalments.first()
    factories.PartnerPaymentFactory(
        instalment=instalment, amount_pence=paid, on_date=year.first, approved_by=factories.UserFactory()
    )
    return award


class TestMoney:
    @pytest.mark.parametrize("role", READERS)
    def test_is_what_finance_has_of_the_programme_this_year(self, programme, role):
        for paid in (60_00, 40_00):
            awarded(programme, pence=1_200_00, paid=paid)
        awarded(factories.ProgrammeFactory(), pence=2_400_00, paid=70_00)
        awarded(programme, pence=3_600_00, paid=80_00, year=FinancialYear(YEAR.start - 1))
        page = page_of(programme, role)
        assert f"<h2>Money in {YEAR}</h2>" in page
        assert "£100 of £2,400 committed to partners is paid." in page
        user = factories.user_with(role)
        lines = finance(user=user, as_at=timezone.localdate(), year=YEAR).tables["programme"]
        (sums,) = [line.sums for line in lines if line.key == programme.code]
        assert (sums.paid, sums.committed) == (100_00, 2_400_00)

    def test_leads_to_the_awards_behind_it(self, programme):
        award = awarded(programme, pence=1_200_00, paid=60_00)
        address = f"{reverse('finance-awards', args=['programme'])}?key={programme.code}"
        assert f'<a href="{address}">1 award behind it</a>' in page_of(programme)
        client = Client()
        client.force_login(factories.user_with(Role.ANALYST))
        answer = client.get(address)
        assert [each.award for each in answer.context["awards"]] == [award]

    def test_is_said_to_be_none_where_nothing_is_committed_this_year(self, programme):
        awarded(programme, pence=3_600_00, paid=80_00, year=FinancialYear(YEAR.start - 1))
        page = page_of(programme)
        assert "Nothing is committed to partners for it." in page
        assert "£" not in page

    def test_is_not_told_to_who_may_not_see_it(self, programme, monkeypatch):
        awarded(programme, pence=1_200_00, paid=60_00)
        page = page_of(programme, without(monkeypatch, Permission.VIEW_MONEY))
        assert "Money in" not in page
        assert "£" not in page

    def test_costs_no_more_queries_for_more_awards(self, programme):
        awarded(programme, pence=1_200_00, paid=60_00)
        before = cost_of(programme)
        for paid in (30_00, 40_00):
            awarded(programme, pence=1_200_00, paid=paid)
        assert cost_of(programme) == before
