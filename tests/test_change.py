"""Series of measures: over places and months as each measure says, and over a change of what is counted."""

from datetime import date
from decimal import Decimal

import pgtrigger
import pytest
from django.db import transaction
from django.urls import reverse

from outcomes.actions import measures, templates
from outcomes.models import MeasureAnswer, ReturnVersion
from outcomes.queries.change import change_in
from partners.permissions import Role
from tests.factories import (
    DeliveryFactory,
    MeasureFactory,
    ObligationFactory,
    ProgrammeFactory,
    ReturnVersionFactory,
    SubmissionFactory,
    asking,
    noon,
    published_template,
    user_with,
)
from vru_portal.core.periods import FinancialYear, Month

pytestmark = pytest.mark.django_db
YEAR = FinancialYear(2025)
APRIL, MAY, JUNE, JULY = (Month(2025, number) for number in (4, 5, 6, 7))


@pytest.fixture
def programme():
    return ProgrammeFactory(name="Walks")


@pytest.fixture
def places(programme):
    return [DeliveryFactory(programme=programme, starts_on=date(2025, 4, 1)) for _ in range(2)]


@transaction.atomic
def said(delivery, month, measure, *, template=None, state="accepted", is_nil=False, **answer):
    obligation = ObligationFactory(delivery=delivery, month=month.first)
    more = {"template": template} if template else {}
    version = ReturnVersionFactory(
        obligation=obligation, **({"accepted": True} if state == "accepted" else {"state": state}), **more
    )
    MeasureAnswer.objects.create(submission=SubmissionFactory(version=version, nil=is_nil), measure=measure, **answer)
    return version


def series_of(measure, year=YEAR):
    (programme,) = change_in(year)
    return next(series for series in programme.series if series.measure == measure)


class TestOverPlacesAndMonths:
    @pytest.mark.parametrize(
        ("over_places", "over_months", "by_month", "whole"),
        [
            ("sum", "sum", ["15", "7"], "22"),
            ("sum", "latest", ["15", "7"], "7"),
            ("sum", "maximum", ["15", "7"], "15"),
            ("sum", "average", ["15", "7"], "11"),
            ("maximum", "sum", ["10", "4"], "14"),
            ("latest", "latest", ["15", "7"], "7"),
            ("not_additive", "not_additive", ["between 5 and 10", "between 3 and 4"], "between 3 and 10"),
        ],
    )
    def test_numbers(self, places, over_places, over_months, by_month, whole):
        measure = MeasureFactory(over_places=over_places, over_months=over_months)
        for month, values in ((APRIL, (5, 10)), (MAY, (3, 4))):
            for place, value in zip(places, values, strict=True):
                said(place, month, measure, value=value)
        found = series_of(measure)
        assert [month.value.words for month in found.months] == by_month
        assert found.whole_year.words == whole
        assert found.whole_year.deliveries == 2

    def test_the_latest_is_that_of_each_place(self, places):
        """One that has not said anything of the last month yet still has what it had."""
        measure = MeasureFactory(over_places="sum", over_months="latest")
        for place, month, value in ((places[0], APRIL, 130), (places[0], MAY, 161), (places[1], APRIL, 230)):
            said(place, month, measure, value=value)
        found = series_of(measure)
        assert (found.whole_year.words, found.whole_year.deliveries) == ("391", 2)
        assert [month.value.deliveries for month in found.months] == [2, 1]

    def test_averages_are_weighted_by_people(self, places):
        measure = MeasureFactory(kind="before_after", unit="percent")
        said(places[0], APRIL, measure, people=30, before=40, after=60)
        said(places[1], APRIL, measure, people=10, before=80, after=100)
        (month,) = series_of(measure).months
        assert (month.value.before, month.value.high, month.value.people) == (50, 70, 40)
        assert month.value.difference == 20

    def test_medians_are_never_averaged(self, places):
        measure = MeasureFactory(kind="median", unit="days")
        said(places[0], APRIL, measure, people=9, median=4)
        said(places[1], APRIL, measure, people=9, median=Decimal("9.5"))
        assert series_of(measure).whole_year.words == "between 4 and 9.5"

    def test_nobody_measured_is_no_value_and_a_true_zero_is(self, places):
        median, number = MeasureFactory(kind="median", unit="days"), MeasureFactory()
        said(places[0], APRIL, median, people=0)
        said(places[1], APRIL, number, value=0)
        (programme,) = change_in(YEAR)
        assert [(s.measure, s.whole_year.words) for s in programme.series] == [(number, "0")]

    def test_a_nil_month_says_nothing_of_a_level_at_the_months_end(self, places):
        stock, held = MeasureFactory(name="Open cases", over_months="latest"), MeasureFactory(name="Sessions")
        said(places[0], APRIL, stock, value=12)
        with pgtrigger.ignore("outcomes.MeasureAnswer:fits_its_measure"):  # as nil returns once were written
            for measure in (stock, held):
                said(places[1], APRIL if measure is held else MAY, measure, is_nil=True, value=0)
        open_cases, sessions = change_in(YEAR)[0].series
        assert [month.month for month in open_cases.months] == [APRIL]
        assert open_cases.whole_year.words == "12"
        assert sessions.whole_year.words == "0"

    def test_only_accepted_returns_count(self, places):
        measure = MeasureFactory()
        said(places[0], APRIL, measure, value=5)
        said(places[1], APRIL, measure, value=5, state=ReturnVersion.State.SUBMITTED)
        assert series_of(measure).whole_year.words == "5"

    def test_programmes_stand_apart(self, places):
        measure = MeasureFactory()
        other = DeliveryFactory(programme=ProgrammeFactory(name="Runs"))
        said(places[0], APRIL, measure, value=5)
        said(other, APRIL, measure, value=7)
        found = {each.programme.name: each.series[0].whole_year.words for each in change_in(YEAR)}
        assert found == {"Walks": "5", "Runs": "7"}
        assert [each.programme.name for each in change_in(YEAR, programme=other.programme)] == ["Runs"]


class TestATemplateChangedInMidYear:
    @pytest.fixture
    def changed(self, programme, places):
        """Pupils in April and May; days from June on, at 2.5 days a pupil; another measure asked throughout."""
        manager, now = user_with(Role.ANALYST), noon(date(2025, 5, 20))
        pupils, kept = MeasureFactory(name="Pupils suspended"), MeasureFactory(name="Sessions")
        first = published_template("walks", asking(pupils, kept))
        templates.assign(programme=programme, template=first.template, by=manager, now=now)
        days = measures.make_successor(
            old=pupils, name="Days lost", definition="School days.", month=JUNE, factor=Decimal("2.5"),
            note="Days, no longer pupils.", unit="days", by=manager, now=now,
        )  # fmt: skip
        draft = templates.start_version(template=first.template, by=manager, now=now)
        templates.fill(version=draft, content={"sections": asking(days, kept)}, by=manager, now=now)
        second = templates.publish(version=draft, first_month=JUNE, what_changed="Days.", by=manager, now=now)
        said(places[0], APRIL, pupils, value=2, template=first)
        said(places[0], MAY, pupils, value=4, template=first)
        said(places[0], JUNE, days, value=9, template=second)
        said(places[1], APRIL, kept, value=6, template=first)
        said(places[1], JUNE, kept, value=8, template=second)
        return pupils, days, kept

    def test_the_series_goes_on_through_the_crosswalk(self, changed):
        _, days, _ = changed
        found = series_of(days)
        assert [(str(m.month), m.value.words, m.factor) for m in found.months] == [
            ("April 2025", "5", Decimal("2.5")),
            ("May 2025", "10", Decimal("2.5")),
            ("June 2025", "9", None),
        ]
        assert found.whole_year.words == "24"

    def test_the_break_is_marked_in_its_month(self, changed):
        pupils, days, _ = changed
        (found,) = series_of(days).breaks
        assert (found.month, found.note, found.old) == (JUNE, "Days, no longer pupils.", pupils)

    def test_the_earlier_measure_has_no_series_of_its_own(self, changed):
        (programme,) = change_in(YEAR)
        assert [series.measure.name for series in programme.series] == ["Days lost", "Sessions"]

    def test_what_is_asked_in_both_versions_has_no_break(self, changed):
        found = series_of(changed[2])
        assert ([m.value.words for m in found.months], found.breaks) == (["6", "8"], [])

    def test_factors_multiply_along_a_line_of_successors(self, changed, places):
        pupils, days, _ = changed
        manager, now = user_with(Role.ANALYST), noon(date(2025, 6, 20))
        hours = measures.make_successor(
            old=days, name="Hours lost", definition="Hours.", month=JULY, factor=Decimal(6), note="Hours.",
            unit="hours", by=manager, now=now,
        )  # fmt: skip
        found = series_of(hours)
        assert [month.value.words for month in found.months] == ["30", "60", "54"]
        assert [each.old for each in found.breaks] == [pupils, days]

    def test_the_page_marks_it_in_the_table_and_in_the_picture(self, changed, programme, client):
        client.force_login(user_with(Role.DIRECTOR))
        page = client.get(reverse("outcomes:change"), {"year": 2025, "programme": programme.pk}).content.decode()
        assert "Break from June 2025" in page
        assert 'class="trend-break"' in page
        assert "b: anew from here" in page
        assert "otherwise: × 2.5" in page

    def test_the_overview_leads_to_each_programme(self, changed, programme, client):
        client.force_login(user_with(Role.DIRECTOR))
        page = client.get(reverse("outcomes:change"), {"year": 2025}).content.decode()
        assert f"?year=2025&amp;programme={programme.pk}" in page
        assert f'<span class="govuk-visually-hidden">, {programme}</span></a></th>' in page
        assert "b: break from June 2025" in page
