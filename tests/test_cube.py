"""The cube: every slice of people told apart, held against PostgreSQL's own grouping; ranges over the three bases."""

import random
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from outcomes.actions import linkage
from outcomes.demo.young_people import invent
from outcomes.models import ReachCell, ReachCube
from outcomes.queries import cube_check
from outcomes.queries.presence import presence
from programmes.models import Rung
from tests.factories import DeliveryFactory, ObligationFactory, ProgrammeFactory, accepted_return, noon
from tests.registers import accepted_register, giving_registers
from vru_portal.core.periods import Month, months_between

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]

NOW = noon(date(2022, 9, 5))
MONTHS = months_between(Month(2022, 3), Month(2022, 5))
SEXES, ETHNICITIES = ("F", "M", ""), ("Pakistani", "Irish", "")
DISTRICTS = ("Birmingham", "Walsall", "Coventry", "")


def rows_of(people, month, rng):
    """Some of the people, met on some day of the month in one way or another."""
    for person in rng.sample(people, k=rng.randint(3, 9)):
        for _ in range(rng.randint(1, 2)):
            yield (
                *(f"R{person.number}", person.forename, person.surname, f"{person.born:%d/%m/%Y}", person.postcode),
                *(
                    DISTRICTS[person.number % 4],
                    ("F", "M", "")[person.number % 3],
                    ("Pakistani", "Irish", "")[person.number % 3],
                ),
                *(f"{rng.randint(1, 28):02}/{month.number:02}/{month.year}", rng.choice(("one-to-one", "group"))),
                rng.choice(("School", "Emergency department", "")),
            )


@pytest.fixture
def region(db):
    """Two partners' registers over the turn of the year, a third that gives counts, one programme for parents."""
    rng = random.Random(7)
    people = invent(25, seed="cube", on=date(2022, 4, 1))
    programme = ProgrammeFactory(rung=Rung.ONE_TO_ONE, prevention_level="secondary")
    other = ProgrammeFactory(rung=Rung.GROUP, prevention_level="primary")
    parents = ProgrammeFactory(rung=Rung.GROUP, beneficiary="parents")
    since = {"starts_on": date(2021, 4, 1)}
    gives = [giving_registers(programme=p, **since) for p in (programme, other, parents)]
    counts = DeliveryFactory(programme=programme, **since)
    for month in MONTHS:
        for delivery in gives:
            if (delivery, month) != (gives[1], MONTHS[1]):
                accepted_register(delivery, month.first, rows_of(people, month, rng), now=NOW)
        accepted_return(counts, month, new_people=4, already_counted_people=2 if month.number != 4 else 0)
    ObligationFactory(delivery=gives[1], month=MONTHS[1].first)  # due, and not received
    linkage.settle(now=NOW)
    return gives, counts


def total(period, end) -> ReachCell:
    return ReachCell.objects.get(
        period=period, end=end, where="any", district="", age_band="", sex="", ethnicity="", cube__year__gte=2021
    )


class TestAPartnerThatClosed:
    def test_is_in_the_twelve_months_in_which_it_met_somebody(self, db):
        since = {"starts_on": date(2021, 4, 1)}
        gone, stays = giving_registers(**since, ends_on=date(2022, 1, 31)), giving_registers(**since)
        rng, people = random.Random(3), invent(12, seed="gone", on=date(2022, 4, 1))
        january, may = Month(2022, 1), Month(2022, 5)
        accepted_register(gone, january.first, rows_of(people, january, rng), now=NOW)
        accepted_register(stays, may.first, rows_of(people, may, rng), now=NOW)
        linkage.settle(now=NOW)
        of_this_year = ReachCell.objects.filter(cube__year=2022, where="partner", what=str(gone.partner_id))
        assert set(of_this_year.values_list("period", flat=True)) == {"rolling_year"}
        of_anybody = dict.fromkeys(("district", "age_band", "sex", "ethnicity"), "")
        met = ReachCell.objects.get(
            period="month", end=january.last, where="partner", what=str(gone.partner_id), **of_anybody
        )
        assert met.told > 0
        last = of_this_year.latest("end")
        assert (last.end, last.told, last.upper, last.is_unique) == (may.last, met.told, met.upper, True)


class TestPresence:
    def test_never_joins_contacts_with_themselves_where_no_statistics_say_how_many_there_are(self, db):
        """A new database's first large register is counted before PostgreSQL knows how large it is: seconds became
        hours where each contact was held beside every other."""
        with connection.cursor() as cursor:
            query = presence(links="outcomes_linkedidentity l", numbers=["person", "strict", "loose"])
            cursor.execute(f"EXPLAIN {query}", {"versions": [1, 2, 3]})
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "outcomes_registercontact" in plan
        assert "CTE Scan" not in plan  # contacts that were met, read once


class TestTheCube:
    def test_agrees_with_postgresql_cell_by_cell_in_every_kind_of_slice(self, region):
        for cube in ReachCube.objects.all():
            assert cube_check.cells_compared(cube) > 100
            assert list(cube_check.differences(cube)) == []
        found = ReachCell.objects.filter(period="year_to_date", told__gt=0)
        assert set(found.values_list("where", flat=True)) == {
            *("any", "programme", "setting", "level", "rung", "partner")
        }
        for who in ("district", "age_band", "sex", "ethnicity"):
            assert found.exclude(**{who: ""}).exists()
        assert set(ReachCell.objects.values_list("period", flat=True)) == {
            *("month", "quarter", "year_to_date", "financial_year", "rolling_year")
        }
        assert len(set(found.filter(where="setting").values_list("what", flat=True))) >= 2  # told by the contact

        cell = found.filter(where="programme").latest("pk")
        ReachCell.objects.filter(pk=cell.pk).update(told=cell.told - 1)
        assert [d.counted - d.counted_again for d in cube_check.differences(cell.cube)] == [-1]
        with pytest.raises(CommandError, match="1 cells differ"):
            call_command("check_reach")

    def test_gives_ranges_over_the_bases_and_joins_the_turn_of_the_year(self, region):
        gives, _ = region
        parents = gives[2]
        assert ReachCell.objects.filter(where="programme", what=parents.programme.code, told__gt=0).exists()
        assert not ReachCell.objects.filter(where="partner", what=str(parents.partner_id)).exists()

        may = total("year_to_date", date(2022, 5, 31))
        assert may.told <= may.lower <= may.upper == may.told + 8  # 4 people first seen in each of two months
        assert (may.received, may.due) == (5, 6)
        assert not may.is_unique

        rolling, before = total("rolling_year", date(2022, 5, 31)), total("financial_year", date(2022, 3, 31))
        assert max(before.told, may.told) <= rolling.told < before.told + may.told
        assert rolling.told <= rolling.lower <= rolling.upper
