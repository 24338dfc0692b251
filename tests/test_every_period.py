"""A policy may have each programme broken down for every period: what is published then, and what stays hidden."""

import csv
import io
from datetime import date
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from outcomes.actions import releases
from outcomes.models import Figure, Policy
from outcomes.package import reach
from outcomes.queries.reproduction import made_again
from partners.permissions import Role
from tests import factories
from tests.attacker import ENDS, LEAST, MOST, Reader
from tests.database import refused
from vru_portal.core.periods import Month

APRIL, MAY, JUNE = (Month(2021, n) for n in (4, 5, 6))
NOW, LATER = (factories.noon(date(2021, 7, n)) for n in (22, 23))
BIRMINGHAM, WALSALL = "E08000025", "E08000030"
DISTRICTS, AGES = (BIRMINGHAM, WALSALL, "not-known"), ("10-13", "14-15")
# New people by district, and by age, of three deliveries in two programmes: some small, none the same.
MET = {
    ("hub", APRIL): ((31, 3, 0), (20, 14)),
    ("hub", MAY): ((12, 9, 2), (22, 1)),
    ("hub", JUNE): ((4, 17, 0), (6, 15)),
    ("branch", APRIL): ((2, 8, 0), (10, 0)),
    ("branch", JUNE): ((3, 21, 1), (13, 12)),
    ("clubs", APRIL): ((40, 2, 0), (4, 38)),
    ("clubs", MAY): ((7, 44, 3), (51, 3)),
    ("clubs", JUNE): ((0, 26, 0), (25, 1)),
}

pytestmark = pytest.mark.usefixtures("workbooks_once")


def categories():
    for code in DISTRICTS:
        factories.CategoryFactory(dimension="district", code=code, name=code, is_known=code != "not-known")
    for code in AGES:
        factories.CategoryFactory(dimension="age_band", code=code, name=code)


def deliveries():
    hub, clubs = (factories.ProgrammeFactory(code=code, name=code.title()) for code in ("hub", "clubs"))
    programmes = {"hub": hub, "branch": hub, "clubs": clubs}
    return {name: factories.DeliveryFactory(programme=programme) for name, programme in programmes.items()}


def sent(delivery, name, month):
    by_district, by_age = MET[name, month]
    first = {
        "district": {"first_seen": dict(zip(DISTRICTS, by_district, strict=True))},
        "age_band": {"first_seen": dict(zip(AGES, by_age, strict=True))},
    }
    factories.accepted_return(delivery, month, new_people=sum(by_district), breakdowns=first)


def public(month, *, now):
    release = releases.produce(month=month, by=None, now=now)
    return factories.approve(release=release, by=factories.user_with(Role.DIRECTOR), now=now)


def rows_of(release):
    return list(csv.DictReader(io.StringIO(file_of(release).decode("utf-8-sig"))))


def file_of(release):
    return reach.table(release, release.figures.order_by("order")).csv()


@pytest.fixture(scope="class")
def year(fill_once):
    """May's release, June's after a return of May came late, and what they are made of."""

    def make():
        factories.PolicyFactory(breaks_down_every_period=True)
        categories()
        found = deliveries()
        for name, month in MET:
            if month != JUNE and (name, month) != ("clubs", MAY):
                sent(found[name], name, month)
        factories.ObligationFactory(delivery=found["clubs"], month=MAY.first)
        may = public(MAY, now=NOW)
        for name, month in [("clubs", MAY), *((name, month) for name, month in MET if month == JUNE)]:
            sent(found[name], name, month)
        return {"may": may, "june": public(JUNE, now=LATER), **{name: d.programme for name, d in found.items()}}

    return fill_once(make)


@pytest.mark.usefixtures("db")
class TestEveryPeriod:
    def test_has_each_programme_by_district_and_by_age(self, year):
        for release, months, quarters in ((year()["may"], (APRIL, MAY), 0), (year()["june"], (APRIL, MAY, JUNE), 1)):
            periods = [("month", m.first) for m in months] + [("quarter", APRIL.first)] * quarters
            periods += [("year_to_date", m.last) for m in months]
            kinds = [*((code, "all") for code in DISTRICTS), *(("all", code) for code in AGES)]
            found = [
                (
                    row["period_type"],
                    date.fromisoformat(row["period_end" if row["period_type"] == "year_to_date" else "period_start"]),
                    row["programme_code"],
                    (row["district_code"], row["age_band_code"]),
                )
                for row in rows_of(release)
            ]
            of_programmes = [each for each in found if each[2] != "all" and each[3] != ("all", "all")]
            assert sorted(of_programmes) == sorted(
                (kind, day, code, where) for (kind, day), code, where in product(periods, ("hub", "clubs"), kinds)
            )

    def test_gives_of_a_month_what_its_returns_say(self, year):
        """One delivery of new people alone: the month's number is theirs, rounded; from 1 to 4 it is hidden."""
        june, shown = year()["june"], 0
        for month, (district, n) in product((APRIL, MAY, JUNE), zip(DISTRICTS, range(3), strict=True)):
            people = MET["clubs", month][0][n]
            figure = june.figures.get(
                period_type=Figure.PeriodType.MONTH,
                period_start=month.first,
                programme=year()["clubs"],
                district__code=district,
            )
            assert (figure.exact_lower, figure.exact_upper) == (people, people)
            if 1 <= people <= 4:
                assert (figure.lower, figure.upper, figure.symbol) == (None, None, "c")
            elif figure.lower is not None:
                shown += 1
                assert abs(figure.lower - people) <= 2
        assert shown >= 5

    def test_keeps_small_numbers_from_who_has_nothing_but_the_files(self, year, tmp_path):
        truth = {}
        for name in ("may", "june"):
            release = year()[name]
            (tmp_path / release.code).write_bytes(file_of(release))
            exact = release.figures.exclude(exact_lower=None).values_list("order", "exact_lower", "exact_upper")
            truth |= {
                (release.code, str(order), end): n for order, *ns in exact for end, n in zip(ENDS, ns, strict=True)
            }
        reader = Reader({path.name: path for path in sorted(tmp_path.iterdir(), key=lambda p: p.name)})
        small = [number for number in reader.hidden if 1 <= truth[number] <= 4]
        assert [line for line in reader.knows() if not line.holds(truth)] == []
        assert len([n for n in small if truth[n]]) > 20
        attack = reader.attack(truth)
        assert attack.finds(small, 5, MOST) + attack.finds(small, 1, LEAST) == []

    def test_is_made_again_to_the_byte(self, year):
        for name in ("may", "june"):
            again = made_again(year()[name])
            assert again.same_inputs
            assert again.is_same

    def test_is_on_the_pages_of_a_month_within_a_quarter(self, year, client):
        client.force_login(factories.user_with(Role.ANALYST))
        walsall = Figure.objects.exclude(district=None).get(
            release=year()["may"],
            programme=year()["clubs"],
            district__code=WALSALL,
            period_type="month",
            period_start=APRIL.first,
        )
        chosen = {"release": year()["may"].pk, "programme": year()["clubs"].pk}
        page = client.get(reverse("outcomes:reach"), chosen).content.decode()
        assert "where the months end with a quarter" not in page
        answer = client.get(reverse("outcomes:reach"), chosen | {"district": walsall.district_id})
        assert len(answer.context["reach"].months) == 2
        assert "not for single months" not in answer.content.decode()


@pytest.mark.usefixtures("db")
class TestFromALaterMonthOn:
    """The rule may begin within a financial year: what was published before stays as it is."""

    @pytest.fixture
    def region(self):
        factories.PolicyFactory()
        categories()
        found = deliveries()
        for name, month in MET:
            if month != JUNE:
                sent(found[name], name, month)
        may = public(MAY, now=NOW)
        factories.PolicyFactory(effective_from=JUNE.first, breaks_down_every_period=True)
        return may, found

    def test_hides_what_would_tell_beside_what_was_published_before(self, region):
        may, found = region
        for name, month in MET:
            if month == JUNE:
                sent(found[name], name, month)
        june = releases.produce(month=JUNE, by=None, now=LATER)
        of_april = june.figures.filter(period_type="month", period_start=APRIL.first)
        assert of_april.exclude(programme=None).exclude(district=None).count() == 2 * len(DISTRICTS)
        assert may.figures.exclude(programme=None).exclude(district=None).count() == 0
        assert all(made_again(release).is_same for release in (may, june))

    def test_says_which_of_the_numbers_that_are_new_was_given_away_before(self, region):
        """May's districts of all programmes tell of April's in one, which nobody knew would be published."""
        _, found = region
        sent(found["clubs"], "clubs", JUNE)
        june = releases.produce(month=JUNE, by=None, now=LATER)
        assert june.told == []
        assert june.told_before
        by_order = {figure.order: figure for figure in june.figures.all()}
        assert {by_order[order].programme.code for _, order, _ in june.told_before} == {"clubs"}
        assert {by_order[order].symbol for _, order, _ in june.told_before} == {"c"}
        director = factories.user_with(Role.DIRECTOR)
        with pytest.raises(releases.ToldBefore):
            factories.approve(release=june, by=director, now=LATER)
        reasons = {"told_before_reason": "May was published before.", "unproven_reason": "Made up."}
        assert releases.approve(release=june, by=director, now=LATER, **reasons).approved_at

    def test_lasts_until_the_financial_year_is_over(self, region):
        off = factories.PolicyFactory.build(effective_from=date(2021, 9, 1))
        with pytest.raises(ValidationError, match="Leave it on from 1 September 2021, or end it on a 1 April"):
            off.full_clean()
        with refused("policy_broken_down_till_april"):
            off.save()
        off = factories.PolicyFactory.build(effective_from=date(2022, 4, 1))
        off.full_clean()
        off.save()
        with refused("policy_broken_down_till_april"):
            Policy.objects.filter(pk=off.pk).update(effective_from=date(2022, 5, 1))
        factories.PolicyFactory(effective_from=date(2022, 9, 1))
        with refused("policy_broken_down_till_april"):
            Policy.objects.filter(pk=off.pk).delete()

    def test_stays_as_it_is_once_a_release_was_made_under_it(self, region):
        policy = Policy.objects.earliest()
        policy.breaks_down_every_period = True
        with pytest.raises(Exception, match="policy_fixed_once_used"):
            policy.save()


def test_is_off_where_nobody_says_so(db):
    policy = factories.PolicyFactory()
    policy.refresh_from_db()
    assert not policy.breaks_down_every_period
    with pytest.raises(ValidationError):
        Policy(effective_from=date(2022, 4, 1), breaks_down_every_period=None).full_clean()
