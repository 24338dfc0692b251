"""Past months from a table: one row a return. Each row is read by the return form itself, so it keeps the same rules.

Columns are named as the form's fields are; `columns()` lists them. Rows are numbered as a spreadsheet shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.db.models import prefetch_related_objects

from outcomes.actions.answers import Answers, cell_field, measure_field, measure_parts, says_the_same
from outcomes.actions.return_access import is_writer
from outcomes.forms.returns import ReturnForm
from outcomes.models import Measure, Obligation, ReturnVersion, Submission
from outcomes.models.returns import Seen
from outcomes.queries.questions import Breakdown, breakdowns, questions_of
from outcomes.queries.standing import latest_submissions
from partners.models import User
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal
from vru_portal.core.spreadsheets import TextWidget, read_table
from vru_portal.core.uploads import TableField

MOST_RETURNS = 1_000  # one request takes them all or none
KEYS = ["delivery", "month"]
ANSWERS = [
    "new_people",
    "known_people",
    "already_counted_people",
    "contacts",
    "exposed_people",
    "exposure_method",
    "comment",
]


class WrongTable(Refusal):
    """The table as a whole cannot be taken."""


class FileForm(forms.Form):
    file = TableField(
        label="Table of past months",
        help_text="CSV, Excel (.xlsx) or OpenDocument (.ods), one row a return. You see what it does before anything "
        "changes.",
    )


def columns() -> list[str]:
    """Every column that a table may have, in the order of the form."""
    cells = [cell_field(seen, c) for breakdown in breakdowns() for seen in Seen for c in breakdown.categories]
    measures = [
        measure_field(measure, part)
        for measure in Measure.objects.all()
        for part in ("people", *measure_parts(measure))
    ]
    return [*KEYS, *ANSWERS[:4], *cells, *ANSWERS[4:], *measures]


@dataclass(frozen=True)
class Row:
    """What one row of the table would do."""

    number: int
    name: str
    problems: tuple[str, ...] = ()
    obligation: Obligation | None = None
    answers: Answers | None = None
    is_unchanged: bool = False

    @property
    def is_new(self) -> bool:
        return self.answers is not None and not self.is_unchanged


def read_rows(name: str, data: bytes, *, user: User, today: date) -> list[Row]:
    """Each row of the file, judged. `Unreadable` or `WrongTable` if it is no table of returns."""
    dataset = read_table(data, name)
    _check_columns(dataset.headers)
    if len(dataset) > MOST_RETURNS:
        raise WrongTable(f"The table has {len(dataset):,} rows. Split it into files of {MOST_RETURNS:,} at most.")
    codes = {_code(row["delivery"]) for row in dataset.dict}
    reader = _Reader(user, today, codes)
    return [reader.row(number, cells) for number, cells in enumerate(dataset.dict, 2)]


def _check_columns(headers: list[str]) -> None:
    known = set(columns())
    for column in KEYS:
        if column not in headers:
            raise WrongTable(f"The table lacks the column “{column}”. Download the columns below and fill them in.")
    strange = [header for header in headers if header not in known]
    if strange:
        raise WrongTable(f"The column “{strange[0]}” is not one of a return. Delete it, or name it as below.")


class _Reader:
    """Reads row after row of one table, and remembers which returns it has met."""

    def __init__(self, user: User, today: date, codes: set[str]) -> None:
        self.user, self.today = user, today
        self.breakdowns: tuple[Breakdown, ...] = breakdowns()
        self.met: dict[int, int] = {}
        owed = Obligation.objects.visible_to(user).filter(delivery__code__in=codes)
        self.obligations = {
            (o.delivery.code, o.month): o for o in owed.select_related("delivery__programme", "delivery__partner")
        }
        self.said = latest_submissions(owed, (ReturnVersion.State.SUBMITTED, ReturnVersion.State.ACCEPTED))

    def row(self, number: int, cells: Mapping[str, object]) -> Row:
        typed = {column: TextWidget().clean(value) for column, value in cells.items()}
        code = _code(typed.pop("delivery"))
        name = f"{code}, {typed.pop('month')}"
        try:
            obligation = self._obligation(code, cells["month"])
        except ValueError as problem:
            return Row(number, name, (str(problem),))
        first = self.met.setdefault(obligation.pk, number)
        if first != number:
            return Row(number, str(obligation), (f"Row {first} is the same return. Delete one of them.",))
        return self._judge(number, obligation, typed)

    def _obligation(self, code: str, month: object) -> Obligation:
        period = _month(month)
        found = self.obligations.get((code, period.first))
        if found is None:
            if not any(code == known for known, _ in self.obligations):
                raise ValueError(f"There is no delivery “{code}”. Take its code from the programme’s page.")
            raise ValueError(f"No return is owed by {code} for {period}: it did not run then.")
        if found.waived_at:
            raise ValueError("This return is waived, so nothing can be entered for it.")
        if not is_writer(self.user, found, self.today):
            raise ValueError(f"{period} is not over yet.")
        return found

    def _judge(self, number: int, obligation: Obligation, typed: dict[str, str]) -> Row:
        form = ReturnForm(typed, questions=questions_of(obligation, self.breakdowns))
        not_asked = [column for column, text in typed.items() if column not in form.fields and text not in ("", "0")]
        problems = [f"“{column}” is not asked of this return. Leave it empty." for column in not_asked]
        if not form.is_valid():
            problems += [f"{error}" for field in form for error in field.error_sentences]
        if problems:
            return Row(number, str(obligation), tuple(problems), obligation)
        said = self.said.get(obligation.pk)
        if said is None:
            return Row(number, str(obligation), (), obligation, form.answers)
        if _same(said, form.answers):
            return Row(number, str(obligation), (), obligation, form.answers, is_unchanged=True)
        state = said.version.get_state_display().lower()
        return Row(number, str(obligation), (f"This return is {state} with other numbers. Correct it on its page.",))


def _code(value: object) -> str:
    return TextWidget().clean(value).upper()


def _same(submission: Submission, answers: Answers) -> bool:
    prefetch_related_objects([submission], "counts", "measure_answers")
    return says_the_same(submission, answers)


def _month(value: object) -> Month:
    """A month as 2021-06 or as any day of it; a ValueError with a sentence otherwise."""
    if isinstance(value, datetime | date):
        return Month.of(value)
    text = TextWidget().clean(value)
    try:
        return Month.of(date.fromisoformat(text)) if len(text) == 10 else Month.parse(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a month: write it as 2021-06.") from None
