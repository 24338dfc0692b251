"""How often an import of a reference table asks the database, and that it still hears what the file itself changed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import CheckConstraint
from django.test.utils import CaptureQueriesContext

from outcomes.models import Measure
from outcomes.resources import MeasureOptionResource
from partners.actions import reference_tables
from partners.models import Area, Organisation
from partners.resources import AreaResource, OrganisationResource, problems
from programmes.models import SchoolTerm
from programmes.resources import SchoolTermResource
from tests.factories import MeasureFactory
from vru_portal.core.spreadsheets import read_table

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
FEW, MANY = 5, 25


@pytest.fixture
def loaded(reference_tables, db):
    """As `load_reference_tables` leaves them."""


def import_lines(table, lines: list[str]):
    dataset = read_table("\n".join(lines).encode(), "table.csv")
    return reference_tables.import_table(table=table, dataset=dataset, file_name="table.csv", by=None, now=NOW)


def statements(resource, lines: list[str]) -> int:
    """How many an import takes of so many new rows."""
    with CaptureQueriesContext(connection) as asked:
        result = import_lines(resource(), lines)
    assert result.totals["new"] == len(lines) - 1
    return len(asked)


def terms(number: int) -> str:
    day = date(2050, 1, 1) + timedelta(days=number)
    return f"E08000030,T{number},{day},{day}"


def options(number: int) -> str:
    return f"{Measure.objects.filter(questions=None).first().code},new-{number},New {number},{number}"


def organisations(number: int) -> str:
    return f"Club {number},charity,E08000030"


class TestStatements:
    @pytest.mark.parametrize(
        ("resource", "header", "row", "most"),
        [
            # For each row a savepoint and its end, whether the row is there twice, whether what it refers to is there,
            # and the row itself. A term also asks for one that it overlaps.
            (SchoolTermResource, "area,name,starts_on,ends_on", terms, 6),
            (MeasureOptionResource, "measure,code,name,order", options, 5),
            # Three checks that only the database makes take three each: the identifier's two, and the successor's.
            (OrganisationResource, "name,kind,district", organisations, 14),
        ],
    )
    def test_are_not_more_for_codes_and_choices(self, loaded, resource, header, row, most):
        MeasureFactory()  # templates that are published ask all the others, so their options stay
        rows = [row(number) for number in range(FEW + MANY)]
        for_few = statements(resource, [header, *rows[:FEW]])
        for_many = statements(resource, [header, *rows[FEW:]])
        assert for_many - for_few <= most * (MANY - FEW)


class TestWhatTheFileItselfChanged:
    HEADER = "gss_code,name,kind,parent"

    def test_is_found_by_the_rows_below(self, loaded):
        lines = [self.HEADER, "E08000099,New,district,E23000014", "E08000098,Part,district,E08000099"]
        import_lines(AreaResource(), lines)
        assert Area.objects.get(gss_code="E08000098").parent.name == "New"

    def test_is_seen_by_the_rows_below(self, loaded):
        lines = [
            self.HEADER,
            "E08000099,New,district,E23000014",
            "E23000014,Renamed,police_force,",
            "E08000098,Newer,district,E23000014",
        ]
        result = import_lines(AreaResource(), lines)
        assert result.rows[-1].instance.parent.name == "Renamed"

    def test_is_not_changed_again_by_a_row_below(self, loaded):
        lines = [self.HEADER, "E08000099,New,district,E23000014", "E08000099 ,Newer,district,E23000014"]
        with pytest.raises(reference_tables.FileRefused) as refusal:
            import_lines(AreaResource(), lines)
        sentence = "Rows 2 and 3 are both of E08000099. Leave one of them out."
        assert problems(refusal.value.result) == [(None, sentence)]
        assert not Area.objects.filter(gss_code="E08000099").exists()

    def test_is_forgotten_by_the_next_import(self, loaded):
        table = SchoolTermResource()
        lines = ["area,name,starts_on,ends_on", terms(1)]
        import_lines(table, lines)
        Area.objects.filter(gss_code="E08000030").update(gss_code="E08000097")
        with pytest.raises(reference_tables.FileRefused) as refusal:
            import_lines(table, lines)
        [(number, sentence)] = problems(refusal.value.result)
        assert (number, sentence.split(".")[0]) == (2, "There is no area “E08000030”")


class TestQuickChecks:
    """They say what the database's own check says."""

    EARLY, LATE = date(2026, 1, 1), date(2026, 1, 2)

    @pytest.mark.parametrize(
        ("row", "name"),
        [
            *((Organisation(kind=kind), "organisation_kind") for kind in ("charity", "castle", "", "Charity", None)),
            *(
                (SchoolTerm(starts_on=first, ends_on=last), "schoolterm_dates_in_order")
                for first, last in [(EARLY, LATE), (EARLY, EARLY), (LATE, EARLY), (None, EARLY), (LATE, None)]
            ),
        ],
    )
    @pytest.mark.parametrize("exclude", [None, {"kind", "ends_on"}])
    def test_refuse_what_the_database_refuses_in_the_same_words(self, db, row, name, exclude):
        quick = next(check for check in row._meta.constraints if check.name == name)
        sentence = quick.get_violation_error_message()
        slow = CheckConstraint(name=name, condition=quick.condition, violation_error_message=sentence)
        assert self.refusal(quick, row, exclude) == self.refusal(slow, row, exclude)

    def refusal(self, check, row, exclude) -> list[str]:
        try:
            check.validate(type(row), row, exclude=exclude)
        except ValidationError as refused:
            return refused.messages
        return []

    def test_ask_nothing_of_a_row_that_is_right(self, db, django_assert_num_queries):
        row = SchoolTerm(starts_on=self.EARLY, ends_on=self.LATE)
        check = next(check for check in row._meta.constraints if check.name == "schoolterm_dates_in_order")
        with django_assert_num_queries(0):
            check.validate(SchoolTerm, row)
