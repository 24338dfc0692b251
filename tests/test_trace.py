"""From a published figure down to its returns, for those who may, and the same figure for everybody else."""

import pytest
from django.urls import reverse

from outcomes.actions import releases
from outcomes.models import Figure
from outcomes.queries.trace import trace
from outcomes.reach import Interval
from partners.permissions import Role
from tests import factories
from tests.registers import accepted_register, giving_registers
from tests.test_objections import object_to
from tests.test_reproduction import AMINA, AMINAH, APRIL, JUNE, KOFI, NOW

pytestmark = pytest.mark.usefixtures("reference_tables", "workbooks_once")


def make_release():
    """Two deliveries that give registers with one person in common, one that gives counts and owes a month."""
    programme = factories.ProgrammeFactory()
    counts = factories.DeliveryFactory(programme=programme, name="Counts")
    one, other = giving_registers(programme=programme, name="One"), giving_registers(programme=programme, name="Other")
    accepted_register(one, JUNE.first, [AMINA], now=NOW)
    accepted_register(other, JUNE.first, [AMINAH, KOFI], now=NOW)
    factories.accepted_return(counts, JUNE, new_people=40)
    factories.ObligationFactory(delivery=counts, month=APRIL.first)
    release = releases.produce(month=JUNE, by=None, now=NOW)
    return factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=NOW)


@pytest.fixture(scope="class")
def release_once(fill_once):
    return fill_once(make_release)


@pytest.fixture
def release(release_once, db):
    return release_once()


def total(release, **of) -> Figure:
    chosen = {"programme": None, "district": None, "age_band": None, "period_type": "year_to_date"} | of
    return release.figures.get(period_end=JUNE.last, **chosen)


class TestTrace:
    def test_tells_what_each_delivery_gave_by_itself_and_registers_together(self, release):
        found = trace(release, total(release))
        assert [(part.delivery.name, part.people, part.gives_registers) for part in found.parts] == [
            ("Counts", Interval(40, 40), False),
            ("Other", Interval(2, 2), True),
            ("One", Interval(1, 1), True),
        ]
        assert found.together == 2
        assert found.exact == Interval(40, 42)

    @pytest.mark.parametrize("kept", ["programme", "district", "age_band"])
    def test_adds_up_to_every_figure_that_was_stored(self, release, kept):
        for figure in release.figures.filter(**{f"{kept}__isnull": False}):
            found = trace(release, figure)
            counted = [part.people.upper for part in found.counted]
            assert (found.together or 0) + sum(counted) >= (figure.exact_upper or 0)
            if len(counted) + (found.together is not None) == 1:
                assert found.exact in ([part.people for part in found.counted] or [Interval(*[found.together] * 2)])

    def test_names_the_versions_with_who_sent_and_who_accepted_them(self, release):
        [sent] = trace(release, total(release)).parts[1].sent
        assert sent.version.obligation.period == JUNE
        assert sent.by == sent.version.submissions.get().submitted_by
        assert sent.version.decided_by is not None

    def test_says_of_a_month_without_a_return_that_nothing_came(self, release):
        month = release.figures.get(
            period_type="month", period_end=APRIL.last, programme=None, district=None, age_band=None
        )
        [part] = trace(release, month).parts
        assert (part.people, part.sent, part.owed) == (None, [], 1)

    def test_says_how_many_rows_objections_have_taken_out_since(self, release):
        assert trace(release, total(release)).taken_out == 0
        object_to(factories.user_with(Role.PROGRAMME_MANAGER))
        found = trace(release, total(release))
        assert (found.taken_out, found.together, found.exact) == (2, 1, Interval(40, 42))


class TestPage:
    def page(self, client, role, figure) -> str:
        client.force_login(factories.user_with(role))
        answer = client.get(reverse("outcomes:release-row", args=[figure.release.code, figure.order]))
        assert answer.status_code == 200
        return answer.content.decode()

    def test_staff_walk_down_to_the_returns(self, release, client):
        figure = total(release)
        page = self.page(client, Role.ANALYST, figure)
        for version in release.inputs.values_list("version__obligation", flat=True):
            assert reverse("outcomes:return-detail", args=[version]) in page
        assert "between 40 and 42" in page

    def test_a_commissioner_reads_what_is_published_and_nothing_else(self, release, client):
        page = self.page(client, Role.COMMISSIONER, total(release))
        assert "between 40 and 45" in page
        for hidden in ("What it was made of", "Counts", "Other", "between 40 and 42"):
            assert hidden not in page

    def test_what_is_hidden_is_not_on_the_page_of_whoever_may_not_see_it(self, release, client):
        figure = release.figures.filter(symbol="c", exact_upper__range=(1, 4), period_type="month").first()
        page = self.page(client, Role.COMMISSIONER, figure)
        assert "hidden to protect them" in page
        assert "Before rounding" not in page

    def test_shows_the_same_figure_of_other_releases_that_the_reader_may_see(self, release, client):
        factories.accepted_return(factories.DeliveryFactory(), JUNE, new_people=7)
        again = releases.produce(month=JUNE, by=None, now=NOW)
        link = reverse("outcomes:release-row", args=[again.code, total(again).order])
        assert link in self.page(client, Role.ANALYST, total(release))
        assert link not in self.page(client, Role.COMMISSIONER, total(release))

    def test_of_a_release_or_a_row_that_is_not_there_is_not_found(self, release, client):
        client.force_login(factories.user_with(Role.COMMISSIONER))
        for args in (["2021-06.1", 99_999], ["2021-07.1", 1]):
            assert client.get(reverse("outcomes:release-row", args=args)).status_code == 404


class TestQuotation:
    def test_says_how_many_from_where_how_firm_and_what_it_means(self, release, client):
        page = TestPage().page(client, Role.COMMISSIONER, total(release))
        assert "Between 40 and 45 young people were supported between April and June 2021. (Reach to June 2021" in page
        assert "provisional; 3 of 4 returns. Young people with at least one contact: " in page

    def test_is_not_offered_for_a_district_or_a_hidden_number(self, release, client):
        district = release.figures.filter(district__isnull=False, period_type="month").first()
        assert "To quote it" not in TestPage().page(client, Role.COMMISSIONER, district)
