"""Missing returns that are estimated: from what, how many people, in which figures, and what it must not tell."""

import csv
import gzip
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes import estimates
from outcomes.actions import releases
from outcomes.disclosure.attack import audit
from outcomes.disclosure.published import Release
from outcomes.disclosure.suppression import hide_what_tells
from outcomes.estimates import Estimate
from outcomes.models import Policy
from outcomes.queries.reproduction import made_again
from outcomes.queries.revision_log import changed_figures
from outcomes.reach import DeliveryYear, MonthCounts
from outcomes.release_figures import estimates_of, figure_rows
from outcomes.sentences import headline
from partners.permissions import Role
from tests import factories
from tests.database import refused
from tests.disclosure_regions import BASE_5, crowd, populations, region
from tests.disclosure_regions import registers as registers_of
from tests.test_reach import BIRMINGHAM, WALSALL
from tests.test_reach_in_order import counted, no_less
from vru_portal.core.periods import FinancialYear, Month

MONTHS = FinancialYear(2021).months
APRIL, JULY, AUGUST, SEPTEMBER = Month(2021, 4), Month(2021, 7), Month(2021, 8), Month(2021, 9)
ALLOWED = replace(BASE_5, estimate_from=3, estimate_at_most=40)


def counts(first, again=0):
    return MonthCounts({("district", WALSALL): first}, {("district", WALSALL): again}, new=first)


def a_year(told, owed=6):
    """`told`: by place of month, how many were first seen and how many were known."""
    received = {MONTHS[place]: counts(*people) for place, people in told.items()}
    return DeliveryYear("one", frozenset(MONTHS[:owed]), received)


class TestOfMissing:
    def test_is_the_mean_of_the_last_months(self):
        year = a_year({0: (50, 0), 1: (10, 20), 2: (12, 20), 3: (15, 25), 5: (1, 1)})
        assert list(estimates.of_missing(year, 3)) == [
            Estimate("one", AUGUST, met=34, first_seen=12, made_of=tuple(MONTHS[1:4]))
        ]

    def test_takes_those_first_seen_and_those_already_counted_apart(self):
        """Who is already counted adds nothing to the year to date."""
        [found] = estimates.of_missing(a_year({0: (90, 0), 1: (0, 90), 2: (0, 90)}, owed=4), 2)
        assert (found.met, found.first_seen) == (90, 0)

    def test_rounds_halves_up(self):
        [found] = estimates.of_missing(a_year({0: (10, 0), 1: (5, 6)}, owed=3), 2)
        assert (found.met, found.first_seen) == (11, 8)

    def test_needs_enough_months_and_recent_ones(self):
        assert list(estimates.of_missing(a_year({0: (9, 0), 1: (9, 0)}), 3)) == []
        months = [found.month for found in estimates.of_missing(a_year({0: (9, 0), 1: (9, 0)}), 2)]
        assert months == [MONTHS[2], MONTHS[3]], "not from what is more than two months ago"

    def test_takes_a_nil_return_as_the_zero_that_it_is(self):
        [found] = estimates.of_missing(a_year({0: (9, 0), 1: (0, 0)}, owed=3), 2)
        assert (found.met, found.first_seen) == (5, 5)

    def test_estimates_none_where_the_delivery_changed_what_it_gives(self):
        year = a_year({0: (9, 0), 1: (9, 0), 2: (9, 0)}, owed=4)
        assert list(estimates.of_missing(replace(year, by_reference=frozenset([MONTHS[1]])), 2)) == []

    def test_reads_registers_person_by_person(self):
        population = crowd([(WALSALL, "14-15", {"one": {0, 1}}, 6), (WALSALL, "14-15", {"one": {1}}, 4)])
        inputs = region(population, ["one"], missing=[("one", 2)], month=Month(2021, 6))
        [found] = estimates.of_missing(inputs.deliveries[1][0], 2)
        assert (found.met, found.first_seen) == (8, 5)

    def test_within_takes_all_of_a_month_or_none(self):
        two = [Estimate(name, JULY, met, 1, ()) for name, met in (("one", 10), ("two", 15))]
        assert estimates.within(two, 100, 20) == two
        assert estimates.within(two, 99, 20) == []

    def test_share_is_said_in_steps_of_five(self):
        assert [estimates.share(n, 1000) for n in (1, 50, 51, 200)] == [5, 5, 10, 20]


def a_region(policy=ALLOWED, missing=(("two", 4),)):
    """Two deliveries of one programme, of which the second is missing in August; a third alone in another."""
    population = crowd(
        [
            (WALSALL, "14-15", {"one": {0, 1, 2, 3, 4, 5}}, 60),
            (BIRMINGHAM, "16-17", {"two": {0, 1, 2, 3, 4, 5}}, 20),
            (BIRMINGHAM, "16-17", {"two": {2}}, 3),
            (WALSALL, "14-15", {"three": {0, 1, 2, 3, 4}}, 40),
        ]
    )
    return region(population, missing=missing, policy=policy)


def rows_of(inputs, programme="hub", **wanted):
    rows = [r for r in figure_rows(inputs) if (r.programme.code if r.programme else "") == programme]
    return {
        (row.period.type, row.period.months[-1]): row for row in rows if row.district is None and row.age_band is None
    }


class TestFigures:
    def test_only_the_upper_end_takes_it_in(self):
        before, after = rows_of(a_region(BASE_5)), rows_of(a_region())
        was, now = before["month", AUGUST], after["month", AUGUST]
        assert (was.exact_lower, was.exact_upper) == (60, 60)
        assert (now.exact_lower, now.exact_upper) == (60, 81)
        assert (now.lower, now.upper, now.basis) == (60, 85, "range")
        assert (now.returns_estimated, now.estimated_percent) == (1, 30)
        assert (now.returns_received, now.returns_due) == (1, 2), "an estimate is no return"

    def test_the_year_to_date_takes_in_only_who_was_first_seen(self):
        before, after = rows_of(a_region(BASE_5)), rows_of(a_region())
        key = "year_to_date", AUGUST
        assert after[key].exact_upper == before[key].exact_upper + 1
        assert after[key].estimated_percent == 5

    def test_a_figure_without_it_is_not_touched(self):
        before, after = rows_of(a_region(BASE_5)), rows_of(a_region())
        assert before["month", JULY] == after["month", JULY]
        assert after["month", JULY].returns_estimated == 0

    def test_breakdowns_are_of_what_was_received(self):
        before, after = (list(figure_rows(a_region(policy))) for policy in (BASE_5, ALLOWED))
        changed = [now for was, now in zip(before, after, strict=True) if was != now]
        assert changed
        assert all(row.district is None and row.age_band is None for row in changed)

    def test_a_month_of_which_nothing_came_stays_not_available(self):
        month = rows_of(a_region(missing=[("three", 4)]), "club")["month", AUGUST]
        assert (month.symbol, month.upper, month.returns_estimated) == ("x", None, 0)

    def test_a_month_of_which_too_much_would_be_estimated_stays_without(self):
        assert estimates_of(a_region(replace(ALLOWED, estimate_at_most=20))) == []

    def test_all_programmes_take_in_what_their_programmes_take_in(self):
        before, after = (rows_of(a_region(policy), "") for policy in (BASE_5, ALLOWED))
        key = "month", AUGUST
        assert after[key].exact_upper - before[key].exact_upper == 21

    @given(populations, registers_of, st.lists(st.tuples(st.sampled_from(["one", "two", "three"]), st.integers(0, 5))))
    @settings(max_examples=60)
    def test_are_in_order_in_time_and_no_less_than_without(self, population, registers, missing):
        generous = replace(ALLOWED, estimate_from=1, estimate_at_most=50)
        plain, with_them = (
            counted(region(population, registers, missing=missing, policy=policy)) for policy in (BASE_5, generous)
        )
        for scope, by_kind in with_them.items():
            for months, whole in by_kind[()].items():
                assert whole.lower == plain[scope][()][months].lower
                assert whole.upper >= plain[scope][()][months].upper
                for part, inside in by_kind[()].items():
                    if set(part) <= set(months):
                        no_less(whole, inside)
        for months, whole in with_them[None][()].items():
            assert whole.upper <= sum(by_kind[()][months].upper for pk, by_kind in with_them.items() if pk)


class TestDisclosure:
    def a_chain(self):
        """The second delivery begins in May with few; in August, beside the first that begins then, its return is
        missing: what is estimated of it is a mean of months in which it was alone."""
        population = crowd(
            [
                (WALSALL, "14-15", {"one": {4, 5}}, 40),
                (BIRMINGHAM, "16-17", {"two": {1}}, 6),
                (BIRMINGHAM, "16-17", {"two": {2}}, 6),
                (BIRMINGHAM, "16-17", {"two": {3}}, 1),
                (WALSALL, "14-15", {"three": {0, 1, 2, 3, 4, 5}}, 40),
            ]
        )
        inputs = region(population, missing=[("two", 4), ("two", 5)], policy=ALLOWED)
        one, two = inputs.deliveries[1]
        one = replace(one, owed=frozenset([AUGUST, SEPTEMBER]), received={m: one.received[m] for m in MONTHS[4:6]})
        two = replace(two, owed=two.owed - {APRIL}, received={m: c for m, c in two.received.items() if m != APRIL})
        return replace(inputs, deliveries=inputs.deliveries | {1: (one, two)})

    def told(self, release):
        """Months of the first programme of which a hidden number is told."""
        places = [found.end.place for found in audit([release]) if found.is_told]
        return {place.start for place in places if place.period == "month" and place.programme == "hub"}

    def test_the_attack_knows_what_an_estimate_is_made_of(self):
        inputs = self.a_chain()
        assert [(e.month, e.met) for e in estimates_of(inputs)] == [(AUGUST, 4), (SEPTEMBER, 4)]
        rows = list(figure_rows(inputs))
        without = replace(inputs, policy=BASE_5)
        assert self.told(Release(inputs, rows)) == {JULY.first.isoformat()}
        assert self.told(Release(without, list(figure_rows(without)))) == set()

    @given(populations, registers_of, st.lists(st.tuples(st.sampled_from(["one", "two", "three"]), st.integers(2, 5))))
    @settings(max_examples=15, deadline=None)
    def test_nothing_is_told_once_it_is_protected(self, population, registers, missing):
        policy = replace(ALLOWED, estimate_from=2, estimate_at_most=50)
        inputs = region(population, registers, missing=missing, policy=policy)
        hidden = hide_what_tells(inputs, list(figure_rows(inputs)), ())
        assert hidden.told == ()
        assert not [finding for finding in audit([Release(inputs, hidden.rows)]) if finding.is_told]


# ---- In a release ----
NOW = factories.noon(date(2021, 9, 21))


@pytest.fixture
def missing(db):
    """Two deliveries of one programme; the August return of the second is not there yet."""
    policy = factories.PolicyFactory(estimate_from=3, estimate_at_most=40)
    factories.CategoryFactory(dimension="district", code=BIRMINGHAM)
    factories.CategoryFactory(dimension="age_band", code="14-15")
    programme = factories.ProgrammeFactory()
    first, second = factories.DeliveryFactory.create_batch(2, programme=programme)
    for month in MONTHS[:5]:
        factories.accepted_return(first, month, new_people=60)
    for month in MONTHS[1:4]:
        factories.accepted_return(second, month, new_people=20)
    owed = factories.ObligationFactory(delivery=second, month=AUGUST.first)
    return {"policy": policy, "programme": programme, "second": second, "owed": owed}


def produced(month=AUGUST, now=NOW):
    return releases.produce(month=month, by=None, now=now)


def figure_of(release, programme=None, period_type="month"):
    return release.figures.get(
        period_type=period_type, period_end=AUGUST.last, programme=programme, district=None, age_band=None
    )


def table_of(release, name):
    text = gzip.decompress(release.files.get(name=name).compressed).decode()
    return list(csv.DictReader(text.splitlines()))


class TestRelease:
    def test_keeps_what_is_estimated_beside_what_was_received(self, missing):
        for programme in (None, missing["programme"]):
            figure = figure_of(produced(), programme)
            assert (figure.lower, figure.upper, figure.marker) == (60, 80, "e")
            assert (figure.returns_received, figure.returns_due, figure.returns_estimated) == (1, 2, 1)

    def test_says_so_in_its_files(self, missing):
        release = produced()
        keys = ("period_type", "period_end", "programme_code")
        wanted = ("month", "2021-08-31", "all")
        [row] = [r for r in table_of(release, "coverage.csv") if tuple(r[key] for key in keys) == wanted]
        assert (row["returns_estimated"], row["estimated_percent"]) == ("1", "25")
        [row] = [
            r
            for r in table_of(release, "reach.csv")
            if tuple(r[key] for key in keys) == wanted and r["district_code"] == r["age_band_code"] == "all"
        ]
        assert (row["marker"], row["symbol"], row["upper"]) == ("e", "", "80")
        assert row["note"].endswith("The upper end takes in estimates for 1 missing return.")
        unmarked = [r for r in table_of(release, "reach.csv") if r["district_code"] != "all"]
        assert {r["marker"] for r in unmarked} == {""}

    def test_says_so_on_its_pages_and_in_the_sentence(self, missing, client):
        release = produced()
        client.force_login(factories.user_with(Role.DIRECTOR))
        page = client.get(reverse("outcomes:release-approve", args=[release.pk])).content.decode()
        assert "Estimates used: 1" in page
        assert "August 2021: 20 people met, 20 of them first seen this year; the mean of May 2021, June 2021" in page
        address = reverse("outcomes:release-row", args=[release.code, figure_of(release).order])
        row = client.get(address).content.decode()
        assert "The upper number takes in an estimate for 1 missing return." in row
        assert "1 of the missing estimated, at most 25 % of the upper number" in row
        reach = client.get(reverse("outcomes:reach")).content.decode()
        assert "e: upper end partly estimated" in reach
        assert "1 estimated" in reach
        answer = client.get(f"/api/v1/releases/{release.code}/figures/{figure_of(release).order}/").json()
        assert (answer["marker"], answer["returns_estimated"], answer["estimated_percent"]) == ("e", 1, 25)

    def test_is_made_again_to_the_byte(self, missing):
        release = produced()
        later = factories.PolicyFactory(effective_from=date(2021, 9, 1))
        assert later.estimate_from == 0
        factories.accepted_return(missing["second"], MONTHS[5], new_people=90)
        assert made_again(release).is_same

    def test_the_late_return_replaces_it_and_the_log_says_why(self, missing):
        first = produced()
        factories.approve(release=first, by=factories.user_with(Role.DIRECTOR), now=NOW)
        version = factories.ReturnVersionFactory(obligation=missing["owed"], accepted=True)
        factories.SubmissionFactory(version=version, new_people=35)
        second = produced()
        assert (second.number, second.status) == (2, "revised")
        figure = figure_of(second)
        assert (figure.upper, figure.returns_estimated, figure.marker) == (95, 0, "")
        change = next(one for one in changed_figures(second) if one.what.startswith("All programmes · All districts"))
        assert change.reasons == ("late_return",)
        assert second.account["estimates"] == []

    def test_is_none_where_the_policy_allows_none(self, missing):
        Policy.objects.update(estimate_from=0, estimate_at_most=0)
        release = produced()
        assert figure_of(release).upper == 60
        assert not release.figures.exclude(returns_estimated=0).exists()

    def test_keeps_the_policy_as_it_was(self, missing):
        produced()
        with refused("policy_fixed_once_used"):
            Policy.objects.update(estimate_at_most=30)

    @pytest.mark.parametrize(("months", "percent"), [(3, 0), (0, 20), (7, 20), (3, 51)])
    def test_policy_estimates(self, missing, months, percent):
        with refused("policy_estimates"):
            Policy.objects.update(estimate_from=months, estimate_at_most=percent)

    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("figure_estimated_within_missing", {"returns_estimated": 2}),
            ("figure_estimated_percent", {"returns_estimated": 0, "estimated_percent": 5}),
            ("figure_estimated_percent", {"returns_estimated": 1, "estimated_percent": 101}),
        ],
    )
    def test_figures(self, missing, rule, values):
        figure = figure_of(produced())
        for name, value in ({"pk": None, "order": 99_999, "measure": "people_exposed"} | values).items():
            setattr(figure, name, value)
        with refused(rule):
            figure.save(force_insert=True)


class TestSentence:
    def of(self, lower, upper, **more):
        return headline(
            lower=lower, upper=upper, within=20, beneficiary="young_people", start=date(2021, 8, 1),
            end=date(2021, 8, 31), **more,
        )  # fmt: skip

    def test_says_what_the_upper_number_takes_in(self):
        assert self.of(60, 80, returns_estimated=2) == (
            "Between 60 and 80 young people were supported in August 2021. "
            "The upper number takes in an estimate for 2 missing returns."
        )

    def test_needs_none_where_it_says_the_lower_number_alone(self):
        assert self.of(1_050, 1_200, returns_estimated=2) == (
            "More than 1,000 young people were supported in August 2021."
        )
