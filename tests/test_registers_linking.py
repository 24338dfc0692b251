"""Who is one person: by pseudonyms alone, whatever the order of the rows."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.demo import as_written
from outcomes.demo.slips import MESSY, TYPICAL, Slips
from outcomes.demo.young_people import invent
from outcomes.registers.code_lists import as_delivered
from outcomes.registers.counting import agreement
from outcomes.registers.linking import Because, Identity, Links, link
from outcomes.registers.pseudonyms import (
    Details,
    Pseudonymiser,
)
from outcomes.registers.reading import Expected, read
from vru_portal.core.periods import Month
from vru_portal.core.tables_in import Row

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
APRIL = date(2026, 4, 1)


class Meeting:
    """Rows, by whoever writes them down."""

    def __init__(self, key: bytes = KEY) -> None:
        self.pseudonymiser = Pseudonymiser(key)

    def __call__(self, *details: Details) -> Links:
        return link([Identity(self.pseudonymiser.packed(row), row.partner) for row in details])


@pytest.fixture(scope="module")
def meeting() -> Meeting:
    return Meeting()


@pytest.fixture(scope="module")
def others() -> list[Details]:
    """Two hundred people to be one among: how rare a name is counts."""
    return invented(200)


def invented(how_many: int) -> list[Details]:
    return [
        Details("YOUTH", f"R{p.number}", p.forename, p.surname, p.born, p.postcode)
        for p in invent(how_many, seed="among", on=APRIL)
    ]


def are_one(meeting: Meeting, others: list[Details], *rows: Details) -> bool:
    groups = meeting(*others, *rows).groups[len(others) :].tolist()
    assert len(set(groups)) in {1, len(rows)}
    return len(set(groups)) == 1


THOMAS = Details("YOUTH", "", "Thomas", "Fairweather", date(2009, 8, 5), "CV3 4QT", "male")
KATE = Details("YOUTH", "", "Catherine", "Fairweather", date(2009, 8, 5), "CV3 4QT", "female")


class TestLink:
    @pytest.mark.parametrize(
        ("forename", "surname", "other"),
        [
            ("Олександр", "Шевченко", "Андрей"),
            ("محمد", "الأحمد", "يوسف"),
            ("小明", "王", "伟"),
            ("Γιώργος", "Παππάς", "Νίκος"),
        ],
    )
    def test_tells_one_person_from_two_in_other_alphabets(self, meeting, others, forename, surname, other):
        one = Details("YOUTH", "A1", forename, surname, date(2010, 3, 17), "B12 3AB")
        assert are_one(meeting, others, one, replace(one, partner="OTHERS", reference="9", postcode=""))
        assert not are_one(meeting, others, one, replace(one, partner="OTHERS", reference="9", forename=other))

    @pytest.mark.parametrize(
        "otherwise",
        [
            {},
            {"postcode": ""},
            {"postcode": "WV10 9ZZ"},
            {"sex": ""},
            {"forename": "Tom"},
            {"forename": "Tommy", "postcode": "WV10 9ZZ"},
            {"forename": "Thoams"},
            {"forename": "Thmas"},
            {"forename": "Thomaas", "postcode": ""},
            {"surname": "Fairwether"},
            {"surname": "Fairweather-Khan"},
            {"surname": "Khan Fairweather"},
            {"forename": "T"},
            {"forename": "Fairweather", "surname": "Thomas"},
            {"birth": date(2009, 5, 8)},
            {"birth": date(2010, 8, 5)},
            {"birth": date(2009, 8, 6)},
            {"birth": None},
            {"surname": "O'Malley"},  # married, say
            {"forename": "Sam Thomas"},
        ],
        ids=str,
    )
    def test_joins_one_person_written_in_two_ways(self, meeting, others, otherwise):
        assert are_one(meeting, others, THOMAS, replace(THOMAS, partner="CLINIC", **otherwise))

    @pytest.mark.parametrize(
        "other",
        [
            replace(THOMAS, forename="Oliver"),  # a twin
            replace(THOMAS, forename="Oliver", birth=date(2011, 2, 9)),  # a brother
            replace(THOMAS, birth=date(1981, 11, 23)),  # a father
            replace(THOMAS, forename="Emily", sex="female", birth=date(2013, 10, 1)),
            replace(THOMAS, birth=date(2013, 10, 1), postcode="WV10 9ZZ"),  # a namesake
            replace(THOMAS, forename="Oliver", surname="Khan", postcode=""),  # born on one day
        ],
        ids=["twin", "brother", "father", "sister", "namesake", "birthday"],
    )
    @pytest.mark.parametrize("partner", ["YOUTH", "CLINIC"])
    def test_keeps_two_people_apart(self, meeting, others, other, partner):
        assert not are_one(meeting, others, THOMAS, replace(other, partner=partner))

    @pytest.mark.parametrize("name", ["Anonymous", "Unknown", "Name withheld"])
    def test_knows_somebody_without_a_name_by_what_is_left(self, meeting, others, name):
        assert are_one(meeting, others, THOMAS, replace(THOMAS, forename=name, partner="CLINIC"))
        assert not are_one(meeting, others, THOMAS, replace(THOMAS, forename=name, surname=name, partner="CLINIC"))

    def test_asks_more_of_two_rows_the_more_people_bear_their_name(self, meeting):
        others = invented(1_000)
        again = replace(THOMAS, partner="CLINIC", birth=date(2010, 8, 5), postcode="WV10 9ZZ")
        namesakes = [
            replace(THOMAS, birth=date(2000 + n % 15, 1 + n % 12, 20 - n % 9), postcode=f"B{n} 1AA", reference=f"N{n}")
            for n in range(1, 41)
        ]
        assert are_one(meeting, others, THOMAS, again)
        assert not are_one(meeting, [*others, *namesakes], THOMAS, again)

    @pytest.mark.parametrize("references_alone", [0, 400])
    def test_keeps_apart_fathers_and_sons_whom_chance_leads_to_many_partners(self, meeting, references_alone):
        """A partner that sends references alone says nothing of where chance leads them."""
        sons = [
            replace(row, partner=f"P{n % 25}", reference="", birth=date(2009, 1 + n % 12, 1 + n % 28))
            for n, row in enumerate(invented(60))
        ]
        fathers = [replace(son, partner=f"P{(n + 7) % 25}", birth=date(1980, 3, 30)) for n, son in enumerate(sons)]
        counted = [Details("COUNTER", f"C{n}") for n in range(references_alone)]
        assert meeting(*sons, *fathers, *counted).people == 120 + references_alone

    @pytest.mark.parametrize("partner", ["YOUTH", "CLINIC"])
    def test_keeps_apart_a_father_and_a_son_of_one_common_name(self, meeting, others, partner):
        ali = Details("YOUTH", "", "Mohammed", "Khan", date(2009, 8, 5), "CV3 4QT", "male")
        father = replace(ali, partner=partner, birth=date(1981, 11, 23))
        assert not are_one(meeting, others, ali, father)

    def test_keeps_apart_twins_who_sound_alike(self, meeting, others):
        amina = replace(KATE, forename="Amina")
        assert not are_one(meeting, others, amina, replace(amina, forename="Aisha", partner="CLINIC"))

    def test_knows_somebody_again_where_there_is_nobody_else(self, meeting):
        again = replace(THOMAS, partner="CLINIC", forename="Thoams")
        assert meeting(THOMAS, again).people == 1
        assert meeting(THOMAS, again, replace(again, forename="Oliver"), KATE).people == 3

    def test_joins_rows_with_one_reference_of_one_partner(self, meeting, others):
        again = Details("YOUTH", "F77", "Tom", "", None, "")
        assert are_one(meeting, others, replace(THOMAS, reference="F77"), again)
        assert not are_one(meeting, others, replace(THOMAS, reference="F77"), replace(again, partner="CLINIC"))

    def test_counts_a_row_of_a_reference_alone_within_its_partner(self, meeting, others):
        alone = Details("YOUTH", "F77")
        assert are_one(meeting, others, alone, alone)
        assert not are_one(meeting, others, alone, replace(alone, partner="CLINIC"))

    @pytest.mark.parametrize("reference", ["N/A", "0000", "unknown", "-"])
    def test_does_not_join_by_placeholders(self, meeting, others, reference):
        rows = [replace(row, reference=reference) for row in others[:20]]
        assert meeting(*rows).people == meeting(*others[:20]).people == 20

    def test_does_not_join_by_a_reference_of_people_who_contradict_each_other(self, meeting, others):
        shared = [replace(row, reference="CASE1") for row in others[:3]]
        assert meeting(*others[3:], *shared).people == len(others)

    @pytest.mark.parametrize(
        "third",
        [
            {"birth": None, "forename": ""},
            {"forename": "Anonymous", "surname": "Unknown", "birth": None, "postcode": ""},
            {"forename": "", "surname": "", "postcode": ""},
        ],
        ids=["undated", "anonymous", "nameless"],
    )
    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
    def test_lets_no_third_row_of_a_shared_reference_lead_from_one_to_the_other(self, meeting, others, third, order):
        one = Details("YOUTH", "12", "Mohammed", "Khan", date(2009, 8, 5), "CV3 4QT")
        other = replace(one, forename="Oliver", surname="Smith", birth=date(2011, 2, 24), postcode="B1 1AA")
        rows = [one, other, replace(one, **third)]
        found = meeting(*others, *(rows[place] for place in order))
        person = dict(zip(order, found.groups[len(others) :].tolist(), strict=True))
        assert person[0] != person[1]
        assert {(order[d.first - len(others)], order[d.second - len(others)]) for d in found.doubts} & {(0, 1), (1, 0)}

    def test_tells_two_of_one_number_apart_in_any_alphabet(self, meeting, others):
        """Where the sound of both is missing, and so alike."""
        one = Details("YOUTH", "12", "Андрей", "Шевченко", date(2009, 8, 5), "CV3 4QT")
        assert not are_one(meeting, others, one, replace(one, surname="Иванов", birth=date(2011, 2, 24), postcode=""))

    def test_takes_a_surname_in_the_forenames_place_for_no_contradiction(self, meeting, others):
        one = Details("YOUTH", "12", "Thomas", "Fairweather", date(2009, 8, 5), "CV3 4QT")
        turned = replace(one, forename="Fairweather", surname="Thomas", birth=date(2011, 2, 24))
        joins = meeting(*others, one, turned).joins
        assert [join.because for join in joins] == [Because.REFERENCE]

    def test_counts_somebody_without_a_date_of_birth_once_however_many_partners_met_them(self, meeting, others):
        rows = [replace(THOMAS, partner=f"P{n}", birth=None, postcode="", sex="") for n in range(20)]
        assert meeting(*others, *rows).people == len(others) + 1

    def test_does_not_join_two_who_have_one_number_at_two_services_of_a_partner(self, meeting, others):
        one = Details("YOUTH", "12", "Mohammed", "Khan", date(2009, 8, 5), "CV3 4QT")
        assert not are_one(
            meeting, others, one, replace(one, surname="Ali", birth=date(2011, 2, 24), postcode="B1 1AA")
        )
        assert are_one(meeting, others, one, replace(one, surname="Ali"))  # married, say
        assert are_one(meeting, others, one, replace(one, birth=date(2011, 2, 24)))

    def test_takes_twins_for_two_whose_names_are_no_words_for_a_child(self, meeting, others):
        twins = [replace(KATE, forename=name, partner=name) for name in ("Baby", "Rina")]
        assert not are_one(meeting, others, *twins)

    def test_joins_one_who_has_two_numbers_at_two_services_of_a_partner(self, meeting, others):
        one = replace(THOMAS, reference="12")
        assert are_one(meeting, others, one, replace(one, reference="5077"))

    def test_links_by_an_nhs_number(self, meeting, others):
        met = replace(THOMAS, nhs_number="9434765919")
        again = Details("CLINIC", "", "Thomas", "Khan", None, "", "", "943 476 5919")
        assert are_one(meeting, others, met, again)
        assert not are_one(meeting, others, met, replace(again, nhs_number=""))

    @pytest.mark.parametrize("number", ["nhs_number", "upn"])
    def test_keeps_apart_by_another_number(self, meeting, others, number):
        one, other = ({number: value} for value in ("9434765919", "9434765870"))
        assert not are_one(meeting, others, replace(THOMAS, **one), replace(THOMAS, partner="CLINIC", **other))

    def test_links_a_row_without_any_name_to_nobody(self, meeting, others):
        nameless = replace(THOMAS, forename="", surname="", partner="CLINIC")
        assert not are_one(meeting, others, THOMAS, replace(nameless, reference="C1"))

    def test_of_no_rows_is_nobody(self, meeting):
        assert (meeting().people, meeting().groups.tolist()) == (0, [])

    def test_numbers_a_person_by_the_first_row(self, meeting, others):
        assert meeting(others[0], THOMAS, others[0], replace(THOMAS, partner="CLINIC")).groups.tolist() == [0, 1, 0, 1]

    def test_says_between_which_numbers_the_links_may_lie(self, meeting, others):
        found = meeting(*others, *(replace(row, partner="CLINIC", reference="", postcode="") for row in others[:100]))
        assert found.loose <= found.people <= found.strict


# ---- Registers of invented people ----
def identities(how_many: int, slips: Slips, seed: str = "linking") -> tuple[list[Identity], list[int]]:
    """The rows of the registers of so many people, read as they come, and who each really is."""
    people = invent(how_many, seed=seed, on=APRIL)
    months = [date(2026, month, 1) for month in (4, 5, 6)]
    registers = as_written.write(people, deliveries=6, months=months, slips=slips, seed=seed)
    pseudonymiser = Pseudonymiser(KEY)
    rows, truth = [], []
    for register in registers:
        lines = [Row("", 1, as_written.HEADER), *(Row("", n, row.cells) for n, row in enumerate(register.rows, 2))]
        expected = Expected(register.code, Month.of(register.month), today=date(2026, 7, 1))
        found = read(lines, expected, as_delivered())
        for contact in found.contacts:
            rows.append(Identity(pseudonymiser.packed(contact.details), register.code))
            truth.append(register.rows[contact.place.row - 2].person)
    return rows, truth


@pytest.mark.parametrize(
    ("slips", "precision", "recall", "count"),
    [(TYPICAL, 0.985, 0.985, 0.005), (MESSY, 0.97, 0.94, 0.025)],
    ids=["typical", "messy"],
)
def test_the_links_of_invented_registers_agree_with_the_truth(slips, precision, recall, count):
    rows, truth = identities(1_200, slips)
    assert len(rows) == pytest.approx(1_200 * 4.5, rel=0.1)
    found = agreement(link(rows).groups.tolist(), truth)
    assert found.precision >= precision
    assert found.recall >= recall
    assert abs(found.count_error) <= count


@pytest.fixture(scope="module")
def messy() -> list[Identity]:
    return identities(40, MESSY)[0]


class TestOrder:
    @settings(max_examples=15, deadline=None)
    @given(seed=st.integers())
    def test_of_the_rows_does_not_matter(self, messy, seed):
        order = list(range(len(messy)))
        Random(seed).shuffle(order)
        found = link([messy[n] for n in order])
        assert (found.people, found.strict, found.loose) == self.counts(link(messy))
        assert self.sets(order, found) == self.sets(range(len(messy)), link(messy))

    @staticmethod
    def counts(links: Links) -> tuple[int, int, int]:
        return links.people, links.strict, links.loose

    @staticmethod
    def sets(order, links: Links) -> set[frozenset[int]]:
        people: dict[int, set[int]] = {}
        for row, group in zip(order, links.groups.tolist(), strict=True):
            people.setdefault(group, set()).add(row)
        return {frozenset(rows) for rows in people.values()}

    def test_nor_does_the_key_but_for_chance(self, others):
        rows = [*others, *(replace(row, partner="CLINIC", reference="") for row in others)]
        assert Meeting(KEY)(*rows).people == Meeting(OTHER_KEY)(*rows).people == len(others)


class TestAgreement:
    def test_counts_pairs_and_people(self):
        found = agreement([0, 0, 0, 3, 3], ["a", "a", "b", "b", "c"])
        assert (found.precision, found.recall) == (1 / 4, 1 / 2)
        assert found.count_error == pytest.approx(2 / 3 - 1)

    def test_of_no_pairs_is_whole(self):
        assert agreement([0, 1], ["a", "b"]).precision == agreement([0, 1], ["a", "b"]).recall == 1
