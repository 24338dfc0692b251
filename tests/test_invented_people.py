"""The invented young people and the registers of them, on which the linkage is judged."""

import csv
import io
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from itertools import combinations
from random import Random

import pytest

from outcomes.demo import names
from outcomes.demo.as_written import HEADER, write
from outcomes.demo.slips import MESSY, TYPICAL, Slips, Typist
from outcomes.demo.young_people import DISTRICT_OF, YoungPerson, invent
from tests.benchmarks.linkage import Score

APRIL, MAY, JUNE = (date(2026, month, 1) for month in (4, 5, 6))
ANNA = YoungPerson(1, "Anna", "O'Brien-Reid", date(2010, 5, 7), "F", "White British", "B14 5PZ")
NO_SLIPS = TYPICAL.times(0)


@pytest.fixture(scope="module")
def people():
    return invent(3_000, seed="tests", on=APRIL)


@pytest.fixture(scope="module")
def registers(people):
    return write(people, deliveries=6, months=[APRIL, MAY, JUNE], slips=TYPICAL, seed="tests")


def typed(slips: Slips, times: int = 4_000) -> list[Typist]:
    dice = Random("tests")
    return [Typist(slips, dice)] * times


class TestInvent:
    def test_gives_the_same_people_for_the_same_seed_and_others_for_another(self, people):
        assert invent(3_000, seed="tests", on=APRIL) == people
        assert invent(3_000, seed="others", on=APRIL) != people

    def test_numbers_everybody_once(self, people):
        assert [person.number for person in people] == list(range(1, 3_001))

    def test_never_gives_twins_two_spellings_of_one_name(self, people):
        households = defaultdict(list)
        for person in people:
            households[person.postcode, person.born].append(person)
        twins = [pair for same in households.values() for pair in combinations(same, 2)]
        assert len(twins) > 20
        for one, other in twins:
            assert other.forename not in {one.forename, *names.OTHER_SPELLINGS.get(one.forename, ())}

    def test_gives_some_people_the_name_of_a_stranger(self, people):
        shared = Counter((person.forename, person.surname) for person in people)
        assert sum(count for count in shared.values() if count > 1) > 200

    def test_houses_everybody_in_a_district_of_the_region(self, people):
        assert {person.district for person in people} == set(DISTRICT_OF.values())

    def test_moves_some_people_within_the_quarter(self, people):
        mover = next(person for person in people if person.moved_on)
        assert mover.lives_at(mover.moved_on) == mover.moved_to
        assert mover.lives_at(date(2026, 3, 31)) == mover.postcode


class TestTypist:
    def test_makes_no_slip_where_none_happen(self):
        for typist in typed(NO_SLIPS, 50):
            forename, surname = typist.names(ANNA)
            assert (forename.upper(), surname.upper().replace("’", "'").replace(" ", "-")) == ("ANNA", "O'BRIEN-REID")
            assert typist.birthday(ANNA.born, "%d/%m/%Y", APRIL) == "07/05/2010"
            assert typist.postcode(ANNA, APRIL).upper().replace(" ", "") == "B145PZ"
            assert typist.reference("AB123") == "AB123"

    @pytest.mark.parametrize(
        ("rate", "written"),
        [
            ("no_postcode", lambda typist: typist.postcode(ANNA, APRIL) == ""),
            ("no_birthday", lambda typist: typist.birthday(ANNA.born, "%d", APRIL) == ""),
            ("no_reference", lambda typist: typist.reference("AB123") == ""),
            ("day_and_month", lambda typist: typist.birthday(ANNA.born, "%d%m", APRIL) == "0507"),
            ("wrong_year", lambda typist: typist.birthday(ANNA.born, "%Y", APRIL) in {"2009", "2011"}),
            ("wrong_digit", lambda typist: typist.birthday(ANNA.born, "%d%m%Y", APRIL) != "07052010"),
            ("part_dropped", lambda typist: typist.names(ANNA)[1].upper().replace("’", "'") in {"O'BRIEN", "REID"}),
            ("initial_only", lambda typist: typist.names(ANNA)[0] == "A"),
            ("swapped_names", lambda typist: typist.names(ANNA)[1].upper() == "ANNA"),
            ("forename_slip", lambda typist: typist.names(ANNA)[0].upper() not in {"ANNA"}),
        ],
    )
    def test_slips_as_often_as_it_is_told(self, rate, written):
        slips = Slips(**{**vars(NO_SLIPS), rate: 0.25})
        assert sum(map(written, typed(slips))) / 4_000 == pytest.approx(0.25, abs=0.03)

    @pytest.mark.parametrize("born", [date(2010, 5, 31), date(2012, 2, 29)])
    def test_writes_another_year_and_the_same_day_where_there_is_one(self, born):
        slips = Slips(**{**vars(NO_SLIPS), "wrong_year": 1.0})
        days = {typist.birthday(born, "%d/%m", APRIL) for typist in typed(slips, 20)}
        assert days == {"31/05" if born.month == 5 else "28/02"}

    def test_slips_more_often_where_registers_are_messy(self):
        assert all(getattr(MESSY, rate) > often for rate, often in vars(TYPICAL).items() if rate != "later_surname")


class TestWrite:
    def test_writes_the_same_registers_for_the_same_seed(self, people, registers):
        assert write(people, deliveries=6, months=[APRIL, MAY, JUNE], slips=TYPICAL, seed="tests") == registers

    def test_fills_every_column_of_the_header_in_order_of_days(self, registers):
        for register in registers:
            header, *rows = csv.reader(io.StringIO(register.csv()))
            assert tuple(header) == HEADER
            assert [tuple(row) for row in rows] == [row.cells for row in register.rows]
            assert {len(row) for row in rows} == {len(HEADER)}

    def test_names_the_file_by_delivery_and_month(self, registers):
        assert registers[0].file_name == "EME-BIR-1_2026-04.csv"
        assert len({register.file_name for register in registers}) == 18

    def test_meets_everybody_at_least_once(self, people, registers):
        met = {row.person for register in registers for row in register.rows}
        assert met == {person.number for person in people}

    def test_gives_one_person_one_reference_in_a_delivery_but_for_slips(self, registers):
        references = defaultdict(Counter)
        for register in registers:
            for row in register.rows:
                references[register.code, row.person][row.cells[0]] += 1
        usual = sum(counted.most_common(1)[0][1] for counted in references.values())
        assert usual / sum(map(Counter.total, references.values())) > 0.97


def test_needs_no_django():
    program = "import sys, outcomes.demo.as_written; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


class TestScore:
    def test_counts_pairs_of_rows_and_takes_a_row_without_a_group_as_alone(self):
        truth = {("a", 2): "1", ("a", 3): "1", ("a", 4): "1", ("b", 2): "2", ("b", 3): "2"}
        groups = {("a", 2): "x", ("a", 3): "x", ("b", 2): "x"}
        score = Score.of(truth, groups)
        assert score == Score(precision=1 / 3, recall=1 / 4, count_error=1 / 2)
        assert score.f1 == pytest.approx(2 / 7)
