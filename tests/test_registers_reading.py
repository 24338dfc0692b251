"""Registers as partners write them: what is understood, what is refused and where, and what no sentence repeats."""

import csv
import io
from datetime import date, datetime
from time import process_time

import pytest

from outcomes.forms.registers import rows_to_mend
from outcomes.registers.code_lists import as_delivered
from outcomes.registers.columns import NAMES, Column, WrongColumns, letter
from outcomes.registers.pseudonyms import Details
from outcomes.registers.reading import Contact, Expected, Register, Texts, read
from outcomes.registers.values import NotUnderstood, age_on_first_april, day_in, minutes_in
from vru_portal.core.periods import Month
from vru_portal.core.tables_in import Cell, Fault, Row

APRIL = Expected(partner="YOUTH", month=Month(2026, 4), today=date(2026, 5, 8))
CASES = Expected(partner="YOUTH", month=Month(2026, 4), today=date(2026, 5, 8), references_alone=True)
GOOD = {
    Column.REFERENCE: "AB12",
    Column.FORENAME: "Amina",
    Column.SURNAME: "Zulfiqar",
    Column.BIRTH: "17/03/2010",
    Column.POSTCODE: "B12 3AB",
    Column.DISTRICT: "Birmingham",
    Column.SEX: "F",
    Column.ETHNICITY: "Pakistani",
    Column.CONTACT: "03/04/2026",
    Column.KIND: "one-to-one",
    Column.SETTING: "School",
    Column.MINUTES: "30",
    Column.REFERRED: "Housing",
}


def sheet(*rows: tuple[Cell, ...], name: str = "", first: int = 1) -> list[Row]:
    return [Row(name, number, tuple(cells)) for number, cells in enumerate(rows, first)]


def written(*people: dict[Column, Cell], columns: tuple[Column, ...] = tuple(GOOD)) -> list[Row]:
    """A header and a row for each, good but for what is given."""
    rows = [tuple((GOOD | person).get(column) for column in columns) for person in people]
    return sheet(tuple(map(str, columns)), *rows)


def register(rows: list[Row], expected: Expected = APRIL, **options) -> Register:
    return read(rows, expected, as_delivered(), **options)


def contact(**person: Cell) -> Contact:
    """The only contact of a register; columns by the names of `Column`."""
    found = register(written({Column[name]: cell for name, cell in person.items()}))
    assert [str(wrong) for wrong in found.wrong] == []
    return found.contacts[0]


def wrong(**person: Cell) -> list[str]:
    return [str(found) for found in register(written({Column[name]: cell for name, cell in person.items()})).wrong]


def refusal(rows: list[Row], expected: Expected = APRIL) -> str:
    with pytest.raises(WrongColumns) as refused:
        register(rows, expected)
    return refused.value.message


class TestColumns:
    @pytest.mark.parametrize(("column", "name"), [(column, name) for column in NAMES for name in NAMES[column]])
    def test_are_known_by_every_name(self, column, name):
        columns = [c for c in GOOD if c != column and column != Column.FULL_NAME]
        wanted = {**GOOD, Column.FULL_NAME: "Amina Zulfiqar", Column.NHS_NUMBER: "9434765919", Column.UPN: "A123"}
        if column == Column.FULL_NAME:
            columns = [c for c in GOOD if c not in (Column.FORENAME, Column.SURNAME)]
        rows = sheet((name, *map(str, columns)), (wanted[column], *(GOOD[c] for c in columns)))
        found = register(rows)
        assert found.ignored == ()
        assert len(found.contacts) == 1

    def test_stand_in_any_order_with_others_between(self):
        columns = ("POST CODE", "Worker", "d.o.b.", "surname", "FORENAME ", "Date-of-visit", "Type of contact")
        found = register(
            sheet(columns, ("B12 3AB", "JS", "17/03/2010", "Zulfiqar", "Amina", "03/04/2026", "Group work"))
        )
        (only,) = found.contacts
        assert (only.details.forename, only.details.surname) == ("Amina", "Zulfiqar")
        assert (only.details.postcode, only.details.birth) == ("B12 3AB", date(2010, 3, 17))
        assert (only.contact_on, only.kind) == (date(2026, 4, 3), "group")
        assert found.ignored == ("Worker",)

    def test_may_stand_below_a_title_and_empty_rows(self):
        header, row = written({})
        found = register([Row("", 1, ("Register of contacts", None, "April 2026")), header._replace(number=5), row])
        assert len(found.contacts) == 1

    def test_are_looked_for_on_every_sheet(self):
        guidance = sheet(("How to fill this in",), ("First name", "as the person says it"), name="Guidance")
        lists = sheet(("Sex", "Ethnicity", "Setting", "District"), ("Female", "Irish", "Online"), name="Lists")
        rows = [row._replace(sheet="Register") for row in written({}, {Column.REFERENCE: "AB13"})]
        found = register([*guidance, *rows, *lists])
        assert [(c.place.sheet, c.place.row) for c in found.contacts] == [("Register", 2), ("Register", 3)]

    def test_may_differ_from_sheet_to_sheet(self):
        april = [row._replace(sheet="One") for row in written({})]
        turned = [row._replace(sheet="Two") for row in written({Column.REFERENCE: "B"}, columns=tuple(GOOD)[::-1])]
        assert [c.details.reference for c in register([*april, *turned]).contacts] == ["AB12", "B"]

    @pytest.mark.parametrize("column", [Column.FORENAME, Column.SURNAME, Column.BIRTH, Column.CONTACT])
    def test_are_said_to_be_missing_by_their_names(self, column):
        columns = tuple(c for c in GOOD if c != column)
        assert refusal(written({}, columns=columns)).startswith(f"Add a column named “{column}”")

    def test_are_said_to_be_there_twice_by_their_letters(self):
        rows = written({})
        rows[0] = rows[0]._replace(cells=(*rows[0].cells, "DOB"))
        assert refusal(rows) == "The column “Date of birth” is there twice, in D and N. Delete one."

    def test_are_told_where_there_is_no_header(self):
        assert "“First name”, “Last name”, “Date of birth” and “Date of contact”" in refusal(sheet(("a", "b", "c")))

    def test_need_a_row_below(self):
        assert refusal(written()).startswith("There is no row below")

    def test_have_the_letters_of_a_spreadsheet(self):
        assert [letter(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


class TestRows:
    @pytest.mark.parametrize(
        "foot", [("Total", "2"), ("TOTALS", None, None, 2), ("Grand total", 2.0), ("Sub-total",), ("Count", 2)]
    )
    def test_leave_out_a_total_at_the_foot(self, foot):
        found = register([*written({}), Row("", 3, foot)])
        assert (found.rows, found.wrong) == (1, [])

    def test_leave_out_the_header_once_more_and_what_stands_beside_the_table(self):
        header, row = written({})
        beside = (*[None] * 20, "checked by JS")
        found = register([header, row, header._replace(number=3), Row("", 4, beside), row._replace(number=5)])
        assert [c.place.row for c in found.contacts] == [2, 5]
        assert found.wrong == []

    def test_keep_somebody_whose_name_is_total(self):
        assert contact(REFERENCE="Total").details.reference == "Total"

    def test_that_are_wrong_are_named_as_the_spreadsheet_numbers_them(self):
        rows = [row._replace(sheet="April") for row in written({}, {Column.MINUTES: "half an hour"})]
        rows[2] = rows[2]._replace(number=9)
        found = register(rows)
        assert str(found.wrong[0]).startswith("Sheet “April”, row 9, column L (Minutes): Write the minutes")
        assert [c.place.row for c in found.contacts] == [2]

    def test_say_all_that_is_wrong_at_once(self):
        said = wrong(BIRTH="31/02/2010", CONTACT="04/15/2026", KIND="dance", DISTRICT="Atlantis", MINUTES="-5")
        assert [sentence.partition(":")[0] for sentence in said] == [
            "Row 2, column I (Date of contact)",
            "Row 2, column D (Date of birth)",
            "Row 2, column J (Kind of contact)",
            "Row 2, column L (Minutes)",
            "Row 2, column F (District)",
        ]

    @pytest.mark.parametrize(
        ("column", "cell"),
        [
            ("BIRTH", "31/02/2010x"),
            ("BIRTH", "17/17/2010"),
            ("BIRTH", "17/03/2027"),
            ("BIRTH", "17/03/1890"),
            ("FORENAME", "Zerubbabel" + 500 * "x"),
            ("SURNAME", "Zeru\0bbabel"),
            ("POSTCODE", "B12\x073AB"),
            ("REFERENCE", "Zerubbabel" + 500 * "x"),
            ("REFERRED", "Zerubbabel Khan, 07700 900123"),
            ("KIND", "Zerubbabel"),
            ("DISTRICT", "12 Zerubbabel Street"),
            ("MINUTES", "Zerubbabel"),
            ("CONTACT", "Zerubbabel"),
        ],
    )
    def test_never_repeat_what_a_cell_holds(self, column, cell):
        (said,) = wrong(**{column: cell})
        kept = said.replace("31/12/2010", "")
        assert not any(part and part in kept for part in (cell, "Zeru", "bbabel", "07700", "3AB", "1890", "2027"))
        assert not any(str(value) in kept for value in ("Amina", "Zulfiqar", "17/03/2010", "AB12"))

    def test_that_are_the_same_twice_are_two_contacts_and_a_question(self):
        found = register(written({}, {}, {Column.MINUTES: "45"}))
        assert len(found.contacts) == 3
        assert [place.row for place in found.twice] == [3]

    def test_with_a_fault_of_a_formula_are_refused(self):
        assert wrong(MINUTES=Fault("#REF!")) == ["Row 2, column L (Minutes): It holds #REF!: type the value itself."]
        assert wrong(BIRTH=Fault()) == [
            "Row 2, column D (Date of birth): It holds a formula without its result: type the value itself."
        ]

    @pytest.mark.parametrize("cell", ["14/4", "14 Apr", "14th April", "14-apr", "Tuesday 14 of April", "14Apr"])
    def test_take_a_contacts_day_without_its_year(self, cell):
        assert register(written({Column.CONTACT: cell})).contacts[0].contact_on == date(2026, 4, 14)

    def test_take_no_day_of_birth_without_its_year(self):
        assert "It is not a date: write it as 31/12/2010." in wrong(BIRTH="14/4")[0]

    @pytest.mark.parametrize(
        ("cell", "sentence"), [("14/4 or so", "30/04/2026"), ("31/4", "no such day"), ("3.4", "30/04/2026")]
    )
    def test_say_of_a_contacts_day_how_one_of_the_month_is_written(self, cell, sentence):
        assert sentence in wrong(CONTACT=cell)[0]

    def test_of_another_month_or_of_a_day_to_come_are_refused(self):
        assert "It is a day of March 2026; this register is of April 2026." in wrong(CONTACT="31/03/2026")[0]
        assert "The day has not come yet" in wrong(CONTACT="09/05/2026")[0]
        assert "Say on which day" in wrong(CONTACT=None)[0]

    def test_take_everybody_from_0_to_120(self):
        assert contact(BIRTH="03/04/2026").age == 0
        assert contact(BIRTH="04/04/1905").age == 120
        assert "born after the contact" in wrong(BIRTH="04/04/2026")[0]
        assert "older than 120" in wrong(BIRTH="03/04/1905")[0]


class TestWho:
    @pytest.mark.parametrize(
        ("full", "names"),
        [
            ("Amina Khan", ("Amina", "Khan")),
            ("Khan, Amina", ("Amina", "Khan")),
            ("Mary Jane Reid", ("Mary Jane", "Reid")),
            ("Amina", ("Amina", "")),
            ("Baby Begum", ("Baby", "Begum")),
            ("Unknown Khan", ("Unknown", "Khan")),
        ],
    )
    def test_may_be_written_in_one_column(self, full, names):
        columns = (Column.FULL_NAME, Column.BIRTH, Column.CONTACT, Column.KIND)
        (only,) = register(written({Column.FULL_NAME: full}, columns=columns)).contacts
        assert (only.details.forename, only.details.surname) == names

    @pytest.mark.parametrize("missing", [Column.FORENAME, Column.SURNAME, Column.BIRTH, Column.POSTCODE])
    def test_may_lack_a_part(self, missing):
        for cell in (None, "", "unknown", "N/A", "n/k", "Not known"):
            (only,) = register(written({missing: cell, Column.REFERENCE: None})).contacts
            assert not getattr(only.details, missing.name.lower())

    def test_cannot_lack_both_name_and_reference(self):
        nobody = {Column.FORENAME: "", Column.SURNAME: "-", Column.REFERENCE: "N/A"}
        (said,) = register(written(nobody)).wrong
        assert str(said).startswith("Row 2, column B (First name): There is neither a name nor a reference")

    def test_is_nobody_where_words_stand_for_both_names(self):
        nobody = {Column.FORENAME: "Anonymous", Column.SURNAME: "Not known", Column.REFERENCE: ""}
        assert "neither a name nor a reference" in str(*register(written(nobody)).wrong)
        assert register(written(nobody | {Column.REFERENCE: "AB12"})).wrong == []
        assert register(written(nobody | {Column.SURNAME: "Zulfiqar"})).wrong == []

    @pytest.mark.parametrize("full", ["Unknown", "Name withheld", "Not Known", "Unknown Male", "No name given"])
    def test_is_nobody_where_the_one_column_of_the_name_says_so(self, full):
        columns = (Column.FULL_NAME, Column.BIRTH, Column.CONTACT, Column.KIND)
        assert "neither a name nor a reference" in str(
            *register(written({Column.FULL_NAME: full}, columns=columns)).wrong
        )

    def test_is_a_reference_alone_for_a_partner_that_gives_no_names(self):
        columns = (Column.REFERENCE, Column.CONTACT, Column.KIND, Column.DISTRICT)
        found = register(written({}, {Column.REFERENCE: "22"}, {Column.REFERENCE: "N/A"}, columns=columns), CASES)
        assert [c.details.reference for c in found.contacts] == ["AB12", "22"]
        assert [str(w) for w in found.wrong] == [
            "Row 4, column A (Your reference): There is neither a name nor a reference, so nobody can be counted. "
            "Give one of them."
        ]

    def test_is_never_more_than_the_reference_where_references_are_wanted(self):
        columns = (*GOOD, Column.NHS_NUMBER, Column.UPN)
        numbers = {Column.NHS_NUMBER: "9434765919", Column.UPN: "A123"}
        (only,) = register(written(numbers, columns=columns), CASES).contacts
        assert only.details == Details("YOUTH", "AB12")

    def test_asks_for_a_column_of_references_where_they_are_wanted(self):
        columns = (Column.CONTACT, Column.KIND, Column.DISTRICT, Column.FORENAME)
        assert "“Your reference”" in refusal(written({}, columns=columns), CASES)


class TestDays:
    @pytest.mark.parametrize(
        "cell",
        [
            *("03/04/2026", "3/4/2026", "3/4/26", "03.04.2026", "3.4.26", "03-04-2026", "3 4 2026", "3 / 4 / 2026"),
            *("2026-04-03", "2026/4/3", "2026-04-03T00:00:00", "2026-04-03 14:30", "03/04/2026 14:30"),
            *("3 April 2026", "3 Apr 2026", "03-Apr-26", "3rd April 2026", "3rd of April 2026", "3 april, 2026"),
            *("Friday 3 April 2026", "Fri, 3 Apr 26", "3April 2026", " 3/4/2026 ", "3\xa0April  2026"),
            *(46115, 46115.0, 46115.6, date(2026, 4, 3), datetime(2026, 4, 3, 14, 30)),  # noqa: DTZ001
        ],
    )
    def test_are_understood_in_every_spelling(self, cell):
        assert day_in(cell, latest=date(2027, 1, 1)) == date(2026, 4, 3)

    @pytest.mark.parametrize(
        ("text", "year"), [("26", 2026), ("27", 1927), ("10", 2010), ("00", 2000), ("99", 1999), ("1926", 1926)]
    )
    def test_of_two_digits_are_of_the_last_such_year(self, text, year):
        assert day_in(f"3/4/{text}", latest=date(2026, 4, 30)).year == year

    @pytest.mark.parametrize(
        ("cell", "said"),
        [
            ("04/15/2026", "The month comes before the day"),
            ("2026-31-12", "The month comes before the day"),
            ("2026-04-31", "There is no such day"),
            ("31/02/2026", "There is no such day"),
            ("00/04/2026", "There is no such day"),
            ("3 Octember 2026", "There is no such day"),
            ("111/2026", "It is not a date"),
            ("last Friday", "It is not a date"),
            ("03042026", "It is not a date"),
            ("April 2026", "It is not a date"),
            ("3/4", "It is not a date"),
            ("2026", "It is not a date"),
            (3.5, "It is not a date"),
            (True, "It is not a date"),
        ],
    )
    def test_that_are_none_are_refused(self, cell, said):
        with pytest.raises(NotUnderstood, match=said):
            day_in(cell, latest=date(2027, 1, 1))

    @pytest.mark.parametrize("cell", [float("inf"), float("nan"), 1e300])
    def test_that_no_number_can_be_are_refused(self, cell):
        with pytest.raises(NotUnderstood):
            day_in(cell, latest=date(2026, 5, 8))

    def test_are_none_where_the_cell_is_empty(self):
        assert day_in(None, latest=date(2027, 1, 1)) is day_in("  ", latest=date(2027, 1, 1)) is None

    @pytest.mark.parametrize(
        ("birth", "age"),
        [(date(2010, 4, 1), 16), (date(2010, 4, 2), 15), (date(2026, 6, 1), 0), (date(2008, 2, 29), 18)],
    )
    def test_give_the_age_on_the_first_of_april(self, birth, age):
        assert age_on_first_april(birth, date(2026, 4, 1)) == age


class TestWords:
    @pytest.mark.parametrize(
        ("column", "word", "code"),
        [
            *(("sex", word, "female") for word in ("F", "female", "Girl", "FEMALE")),
            *(("sex", word, "not-known") for word in ("", "Prefer not to say", "N/A", "?")),
            *(("district", word, "E08000025") for word in ("Birmingham", "birmingham", "E08000025")),
            *(("district", word, "outside") for word in ("Outside", "Other", "out of area", "Outside the region")),
            *(("district", word, "not-known") for word in ("", "Unknown", "not stated")),
            ("ethnicity", "Asian or Asian British - Pakistani", "asian-pakistani"),
            ("ethnicity", "White & Asian", "mixed-white-and-asian"),
            ("ethnicity", "Prefer not to say", "prefer-not-to-say"),
            *(("kind", word, "one_to_one") for word in ("1:1", "1-2-1", "One to one", "MENTORING")),
            *(("kind", word, "group") for word in ("Group", "group work", "Workshop")),
            *(("kind", word, "brief_contact") for word in ("Brief contact", "Brief intervention")),
            *(("setting", word, "emergency-department") for word in ("A&E", "Emergency Department", "ED")),
        ],
    )
    def test_are_understood_as_people_write_them(self, column, word, code):
        assert getattr(contact(**{column.upper(): word}), column) == code

    def test_that_are_not_known_count_as_not_known_and_are_counted(self):
        found = register(written({Column.SEX: "Zx", Column.ETHNICITY: "Martian", Column.SETTING: "Moon"}, {}))
        assert (found.contacts[0].sex, found.contacts[0].ethnicity, found.contacts[0].setting) == (
            *("not-known", "not-known", ""),
        )
        assert found.notes == {Column.SEX: 1, Column.ETHNICITY: 1, Column.SETTING: 1}

    def test_that_say_there_is_no_name_are_counted_too(self):
        found = register(written({Column.FORENAME: "Anonymous"}, {Column.SURNAME: "Name not disclosed"}, {}))
        assert found.notes == {Column.FORENAME: 1, Column.SURNAME: 1}
        assert [contact.details.forename for contact in found.contacts] == ["", "Amina", "Amina"]

    def test_of_kind_and_setting_may_be_the_deliverys_own(self):
        own = Expected("YOUTH", Month(2026, 4), date(2026, 5, 8), default_kind="group", default_setting="school")
        (only,) = register(written({Column.KIND: None, Column.SETTING: None}), own).contacts
        assert (only.kind, only.setting) == ("group", "school")

    def test_for_the_kind_of_contact_are_asked_for(self):
        assert "Say what kind of contact it was" in wrong(KIND=None)[0]

    @pytest.mark.parametrize(
        ("cell", "minutes"), [("30", 30), (30.0, 30), ("45 mins", 45), ("90min.", 90), ("0", 0), (None, None)]
    )
    def test_of_minutes_are_whole_numbers(self, cell, minutes):
        assert minutes_in(cell) == minutes

    @pytest.mark.parametrize("cell", ["-5", "1441", "1.5", "an hour", "30-45"])
    def test_of_minutes_that_are_none_are_refused(self, cell):
        with pytest.raises(NotUnderstood, match="from 0 to 1,440"):
            minutes_in(cell)

    @pytest.mark.parametrize(
        ("age", "band"),
        [(0, "0-4"), (10, "10-13"), (24, "21-24"), (25, "25-plus"), (120, "25-plus"), (None, "not-known")],
    )
    def test_for_ages_are_the_bands(self, age, band):
        assert as_delivered().age_band(age) == band

    def test_in_other_letters_are_not_taken_for_nothing(self):
        assert "There is no such district" in wrong(DISTRICT="Бирмингем")[0]
        assert contact(DISTRICT="-").district == "not-known"


class TestRowsToMend:
    """Given back in the answer to an upload."""

    def to_mend(self, rows):
        return list(csv.reader(io.StringIO(rows_to_mend(register(rows)).decode("utf-8-sig"))))

    def test_of_several_sheets_stand_under_one_header_each_with_its_own_sentence(self):
        there = (Column.REFERENCE, Column.FORENAME, Column.SURNAME, Column.BIRTH, Column.CONTACT, Column.KIND)
        back = there[::-1]
        rows = [
            *(row._replace(sheet="One") for row in written({Column.KIND: "a chat of sorts"}, columns=there)),
            *(row._replace(sheet="Two") for row in written({Column.BIRTH: "31/02/2010"}, columns=back)),
        ]
        header, one, two = self.to_mend(rows)
        assert header == [*map(str, there), "What to mend"]
        assert one[:3] == two[:3] == ["AB12", "Amina", "Zulfiqar"]
        assert one[-1].startswith("Kind of contact:")
        assert two[-1] == "Date of birth: There is no such day: correct it."

    def test_of_a_register_that_is_all_wrong_are_there_at_once(self):
        rows = written(*[{Column.CONTACT: "03/05/2026"}] * 20_000)
        found = register(rows)
        began = process_time()
        assert rows_to_mend(found).count(b"\n") == 20_001
        assert process_time() - began < 3


class TestFreeText:
    NAMES_SOMEBODY = "Spoke to Sara Khan, 07700 900123, NHS 943 476 5919"

    def test_that_seems_to_name_somebody_is_held(self):
        found = register(written({}, {Column.REFERRED: self.NAMES_SOMEBODY}))
        assert len(found.contacts) == 1
        assert found.refused == []
        (held,) = found.held
        assert str(held).startswith(
            "Row 3, column M (Referred on to): It seems to hold an NHS number and a telephone number."
        )

    def test_may_pass_once_somebody_has_looked(self):
        found = register(written({Column.REFERRED: self.NAMES_SOMEBODY}), words=Texts.KEPT)
        assert (len(found.contacts), found.wrong) == (1, [])

    def test_that_names_nobody_passes(self):
        assert contact(REFERRED="School nurse").referred_to == "School nurse"
