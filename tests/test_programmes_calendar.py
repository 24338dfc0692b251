"""In which months a return is owed: terms, beginnings, ends, closings, and changes after the fact."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.urls import reverse

from outcomes.actions import obligations, returns
from outcomes.models import Obligation
from outcomes.queries.returns import our_returns
from outcomes.queries.review import heat_map
from outcomes.queries.standing import why_not_owed
from partners.models import Area, Organisation
from partners.permissions import Role
from programmes.actions import edit_delivery
from programmes.models import Delivery, SchoolTerm
from tests.database import refusal_of, refused
from tests.factories import (
    DISTRICTS,
    AreaFactory,
    DeliveryFactory,
    ObligationFactory,
    PolicyFactory,
    ReturnVersionFactory,
    SchoolTermFactory,
    accepted_return,
    noon,
    sent_return,
    user_with,
)
from vru_portal.core.periods import FinancialYear, Month, months_between

pytestmark = pytest.mark.django_db

NOW = noon(date(2026, 12, 1))
BIRMINGHAM, WALSALL = "E08000025", "E08000030"
YEAR = months_between(Month(2026, 4), Month(2026, 12))


def calendar(code=BIRMINGHAM, *terms):
    """April to July and September to December, when not said."""
    terms = terms or [(date(2026, 4, 13), date(2026, 7, 20)), (date(2026, 9, 1), date(2026, 12, 18))]
    for starts_on, ends_on in terms:
        SchoolTermFactory(area=AreaFactory(gss_code=code), starts_on=starts_on, ends_on=ends_on)


def school(**details):
    return DeliveryFactory(**{"is_term_time": True, "starts_on": date(2026, 4, 1)} | details)


def owing(delivery, months=YEAR):
    """The months for which it owes, asked of the delivery and of its obligations alike."""
    asked = [month.number for month in months if delivery in Delivery.objects.owing(month)]
    for month in months:
        if not Obligation.objects.filter(delivery=delivery, month=month.first).exists():
            ObligationFactory(delivery=delivery, month=month.first)
    found = Obligation.objects.owed().filter(delivery=delivery).order_by("month")
    assert [o.month.month for o in found] == asked
    return asked


class TestATermTimeDelivery:
    def test_owes_nothing_for_a_month_without_a_term_day(self):
        calendar()
        assert owing(school()) == [4, 5, 6, 7, 9, 10, 11, 12]

    def test_owes_for_a_month_with_a_single_term_day(self):
        calendar(BIRMINGHAM, (date(2026, 4, 13), date(2026, 7, 1)), (date(2026, 8, 31), date(2026, 12, 18)))
        assert owing(school()) == [4, 5, 6, 7, 8, 9, 10, 11, 12]

    def test_owes_as_usual_where_no_calendar_is_loaded(self):
        assert owing(school()) == [month.number for month in YEAR]

    def test_owes_as_usual_before_the_first_term_and_after_the_last(self):
        calendar(BIRMINGHAM, (date(2026, 6, 1), date(2026, 7, 20)), (date(2026, 9, 1), date(2026, 10, 20)))
        assert owing(school()) == [4, 5, 6, 7, 9, 10, 11, 12]

    def test_owes_while_one_of_its_districts_is_in_term(self):
        calendar()
        calendar(WALSALL, (date(2026, 4, 13), date(2026, 8, 3)), (date(2026, 9, 1), date(2026, 12, 18)))
        assert 8 in owing(school(areas=[BIRMINGHAM, WALSALL]))
        assert 8 not in owing(school(areas=[BIRMINGHAM]))

    def test_owes_as_usual_where_one_of_its_districts_has_no_calendar(self):
        calendar()
        assert 8 in owing(school(areas=[BIRMINGHAM, WALSALL]))

    def test_alone_rests_in_the_holidays(self):
        calendar()
        assert 8 in owing(school(is_term_time=False))


class TestBeginningsAndEnds:
    def test_owe_for_the_months_in_which_they_fall(self):
        delivery = school(is_term_time=False, starts_on=date(2026, 5, 31), ends_on=date(2026, 10, 1))
        assert owing(delivery) == [5, 6, 7, 8, 9, 10]

    @pytest.mark.parametrize(("closed_on", "last"), [(date(2026, 7, 1), 6), (date(2026, 7, 2), 7)])
    def test_a_partner_that_closes_owes_for_no_month_after_it(self, closed_on, last):
        delivery = school(is_term_time=False, partner__closed_on=closed_on)
        assert owing(delivery) == list(range(4, last + 1))

    def test_open_obligations_only_where_something_is_owed(self):
        PolicyFactory()
        calendar()
        school()
        school(is_term_time=False, partner__closed_on=date(2026, 6, 15))
        opened = [obligations.open_for(month=month, now=NOW) for month in YEAR]
        assert opened == [2, 2, 2, 1, 0, 1, 1, 1, 1]


class TestAChangeAfterTheFact:
    @pytest.fixture
    def delivery(self):
        delivery = school()
        for month in YEAR:
            ObligationFactory(delivery=delivery, month=month.first)
        return delivery

    def test_stops_counting_what_is_no_longer_owed(self, delivery):
        august = delivery.obligations.get(month=date(2026, 8, 1))
        assert august in Obligation.objects.late(NOW.date())
        calendar()
        assert august not in Obligation.objects.late(NOW.date())
        analyst = user_with(Role.ANALYST)
        (row,) = heat_map(analyst, FinancialYear(2026), NOW.date()).rows
        assert row.squares[4].tag == ""
        partner = user_with(Role.PARTNER, delivery.partner)
        months = [line.obligation.month.month for line in our_returns(partner, FinancialYear(2026), NOW.date())]
        assert 8 not in months

    def test_counts_again_when_it_is_taken_back(self, delivery):
        calendar()
        SchoolTerm.objects.all().delete()
        assert 8 in owing(delivery)

    @pytest.mark.parametrize("state", ["submitted", "returned", "accepted"])
    def test_loses_nothing_that_was_sent(self, delivery, state):
        august = delivery.obligations.get(month=date(2026, 8, 1))
        if state == "accepted":
            accepted_return(delivery, Month(2026, 8))
        else:
            sent_return(obligation=august, sent_back=state == "returned")
        calendar()
        Organisation.objects.update(closed_on=date(2026, 5, 1))
        assert august in Obligation.objects.owed()

    def test_says_why_nothing_is_owed(self, delivery):
        august = delivery.obligations.select_related("delivery__partner").get(month=date(2026, 8, 1))
        assert why_not_owed(august) == ""
        calendar()
        assert "August 2026 was a month of school holidays" in why_not_owed(august)
        Organisation.objects.update(closed_on=date(2026, 5, 1))
        assert "had closed before August 2026" in why_not_owed(august)
        delivery.starts_on = date(2026, 9, 1)
        delivery.save()
        august.refresh_from_db()
        assert "began after August 2026" in why_not_owed(august)

    def test_begins_no_return_for_it(self, delivery):
        calendar()
        august = delivery.obligations.get(month=date(2026, 8, 1))
        with pytest.raises(returns.NotOpen, match="school holidays"):
            returns.start(obligation=august, by=user_with(Role.PARTNER, delivery.partner), now=NOW)

    def test_keeps_a_draft_that_was_begun(self, delivery):
        august = delivery.obligations.get(month=date(2026, 8, 1))
        ReturnVersionFactory(obligation=august, typed={"new_people": "3"})
        calendar()
        assert august not in Obligation.objects.owed()
        partner = user_with(Role.PARTNER, delivery.partner)
        assert returns.start(obligation=august, by=partner, now=NOW).typed == {"new_people": "3"}


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("term", "rule"),
        [
            ({"starts_on": date(2026, 7, 20), "ends_on": date(2026, 7, 21)}, "schoolterm_no_overlap"),
            ({"starts_on": date(2026, 4, 1), "ends_on": date(2026, 4, 13)}, "schoolterm_no_overlap"),
            ({"starts_on": date(2026, 5, 1), "ends_on": date(2026, 5, 2)}, "schoolterm_no_overlap"),
            ({"starts_on": date(2026, 9, 2), "ends_on": date(2026, 9, 1)}, "schoolterm_dates_in_order"),
            ({"starts_on": date(2026, 9, 1), "ends_on": date(2026, 9, 2), "name": "Summer"}, "schoolterm_once"),
        ],
    )
    def test_refuses(self, term, rule):
        SchoolTermFactory(name="Summer")
        with refused(rule):
            SchoolTermFactory(**{"name": "Another"} | term)

    def test_refuses_a_term_that_is_moved_over_another(self):
        SchoolTermFactory(name="Summer")
        later = SchoolTermFactory(name="Autumn", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 18))
        later.starts_on = date(2026, 7, 1)
        with refused("schoolterm_no_overlap"):
            later.save()

    def test_takes_the_same_days_in_another_area(self):
        SchoolTermFactory()
        SchoolTermFactory(area=AreaFactory(gss_code=WALSALL))

    @pytest.mark.django_db(transaction=True)
    def test_refuses_two_that_overlap_at_once(self):
        area, together = AreaFactory(), Barrier(2)

        def add(number):
            together.wait()
            return refusal_of(lambda: SchoolTermFactory(area=area, name=f"Term {number}"))

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(add, range(2))) == ["", "schoolterm_no_overlap"]


class TestTheCalendarThatComesWithThePortal:
    def test_covers_the_districts_and_rests_in_august_alone(self, loaded):
        assert Area.objects.filter(school_terms__isnull=False).distinct().count() == 7
        delivery = school(starts_on=date(2020, 9, 1), areas=DISTRICTS)
        months = months_between(Month(2020, 9), Month(2028, 7))
        resting = [month for month in months if delivery not in Delivery.objects.owing(month)]
        assert resting == [Month(year, 8) for year in range(2021, 2028)]


@pytest.fixture
def loaded(db):
    from django.core.management import call_command

    call_command("load_reference_tables", verbosity=0)


class TestThePages:
    def test_staff_make_a_delivery_run_in_term_time(self, client):
        delivery = DeliveryFactory()
        client.force_login(user_with(Role.PROGRAMME_MANAGER))
        page = reverse("programmes:delivery-edit", args=[delivery.pk])
        assert "In term time only" in client.get(page).content.decode()
        typed = {
            "name": delivery.name,
            "setting": delivery.setting.pk,
            "areas": [area.pk for area in delivery.areas.all()],
            "starts_on_day": 1,
            "starts_on_month": 4,
            "starts_on_year": 2021,
            "is_term_time": "on",
            "counting_basis": "aggregate",
        }
        shown = client.post(page, typed, follow=True).content.decode()
        assert "in term time only" in shown
        delivery.refresh_from_db()
        assert delivery.is_term_time

    def test_editing_leaves_it_as_it_is_when_it_is_not_said(self):
        delivery = school()
        details = {name: getattr(delivery, name) for name in ("name", "setting", "starts_on", "ends_on")}
        manager = user_with(Role.PROGRAMME_MANAGER)
        edited = edit_delivery(delivery=delivery, areas=delivery.areas.all(), by=manager, now=NOW, **details)
        assert edited.is_term_time

    def test_a_term_that_overlaps_is_refused_with_a_sentence(self, client):
        term = SchoolTermFactory(name="Summer 2026")
        client.force_login(user_with(Role.ANALYST))
        typed = {"area": term.area.pk, "name": "Other", "starts_on": "2026-07-01", "ends_on": "2026-08-01"}
        shown = client.post(reverse("admin:programmes_schoolterm_add"), typed).content.decode()
        assert "It overlaps Summer 2026." in shown
