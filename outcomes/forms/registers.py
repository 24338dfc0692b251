"""What a register comes in: a file, pasted rows, or one row that is typed. Nothing typed here is kept anywhere."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from django import forms

from outcomes.actions.registers import How
from outcomes.queries.registers import Preview
from outcomes.registers.columns import Column
from outcomes.registers.reading import Place, Register, Texts
from programmes.models import Rung
from vru_portal.core.forms import Radios
from vru_portal.core.periods import Month
from vru_portal.core.spreadsheets import escape_formula
from vru_portal.core.tables_in import Cell, Row
from vru_portal.core.uploads import TableField

LONGEST_PASTED = 1_000_000

# The fields of one typed row, by the column that they stand for.
TYPED = {
    "reference": Column.REFERENCE,
    "forename": Column.FORENAME,
    "surname": Column.SURNAME,
    "birth": Column.BIRTH,
    "postcode": Column.POSTCODE,
    "district": Column.DISTRICT,
    "sex": Column.SEX,
    "ethnicity": Column.ETHNICITY,
    "contact_on": Column.CONTACT,
    "kind": Column.KIND,
    "setting": Column.SETTING,
    "minutes": Column.MINUTES,
    "referred_to": Column.REFERRED,
}
KINDS = [
    (Rung.ONE_TO_ONE.value, "One-to-one"),
    (Rung.GROUP.value, "Group"),
    (Rung.BRIEF_CONTACT.value, "Brief contact"),
]


class OfWords(forms.Form):
    """Asks what becomes of words that seem to name somebody, once such words were found."""

    words = forms.TypedChoiceField(
        label="What should become of the words in “Referred on to”?",
        coerce=Texts,
        choices=[
            (Texts.LEFT_OUT, "Leave them out, and take the rows"),
            (Texts.KEPT, "I have looked at each of them: they name nobody, so keep them"),
        ],
        initial=Texts.LEFT_OUT,
        widget=Radios(attrs={"legend_size": "s"}),
        required=False,
        empty_value=Texts.HELD,
    )

    def __init__(self, *args, found: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not found and "words" not in self.data:
            del self.fields["words"]

    @property
    def chosen(self) -> Texts:
        return self.cleaned_data.get("words", Texts.HELD)


class RegisterFileForm(OfWords):
    file = TableField(
        most_megabytes=20,
        label="The register for this month",
        help_text="Excel (.xlsx), OpenDocument (.ods) or CSV. You see what would be kept before anything is.",
        error_messages={"required": "Choose the file."},
    )
    field_order = ("file", "words")


class PastedForm(OfWords):
    rows = forms.CharField(
        label="Rows pasted from a spreadsheet",
        help_text="With the names of the columns in the first row.",
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        max_length=LONGEST_PASTED,
        error_messages={"required": "Paste the rows first."},
        strip=False,
    )
    field_order = ("rows", "words")

    @property
    def data_pasted(self) -> bytes:
        return self.cleaned_data["rows"].encode()


class TakeForm(forms.Form):
    """What becomes of a file of which some rows are in the register already. `seen`: the register's files as it was
    asked."""

    how = forms.TypedChoiceField(
        label="What should become of the register?",
        coerce=How,
        choices=[(how, how) for how in How],
        widget=Radios(attrs={"legend_size": "m"}),
        required=False,
        empty_value=How.MISSING,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def about(cls, preview: Preview) -> TakeForm:
        form = cls(initial={"how": How.MISSING, "seen": " ".join(map(str, preview.seen))})
        missing, all_, held = preview.missing, preview.contacts, preview.held
        add = f"Add only the {_contacts(missing)} that {_are(missing)} not there yet"
        form.fields["how"].choices = [
            (How.MISSING, add if missing else "Add nothing: all of them are there already"),
            (How.INSTEAD, f"Put these {_contacts(all_)} in the place of the {_contacts(held)} that are there"),
            (How.ALL, f"Add all {_contacts(all_)}"),
        ]
        form.fields["how"].widget.hints = {
            How.MISSING: f"The register then has {_contacts(held + missing)}.",
            How.INSTEAD: f"For a corrected file that holds the whole month. The register then has {_contacts(all_)}.",
            How.ALL: "Only if people were met once more on the same day, in the same way. The register then has "
            f"{_contacts(held + all_)}.",
        }
        return form

    @property
    def chosen(self) -> How:
        return self.cleaned_data.get("how") or How.MISSING

    @property
    def files_seen(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data.get("seen", "").split() if pk.isdigit()]


def _contacts(number: int) -> str:
    return f"{number:,} contact{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


class RowForm(forms.Form):
    """One contact. The rules are the register's own (`errors_from`), so a typed row is held to what a file is."""

    reference = forms.CharField(label="Your reference", required=False)
    forename = forms.CharField(label="First name", required=False)
    surname = forms.CharField(label="Last name", required=False)
    birth = forms.CharField(label="Date of birth", help_text="For example 31/12/2010.", required=False)
    postcode = forms.CharField(label="Postcode", required=False)
    district = forms.ChoiceField(label="District they live in", required=False)
    sex = forms.ChoiceField(label="Sex", required=False)
    ethnicity = forms.ChoiceField(label="Ethnicity", required=False)
    contact_on = forms.CharField(label="Date of contact", required=False)
    kind = forms.ChoiceField(label="Kind of contact", choices=KINDS)
    setting = forms.ChoiceField(label="Setting", required=False)
    minutes = forms.CharField(label="Minutes", required=False)
    referred_to = forms.CharField(
        label="Referred on to", help_text="The service alone, such as CAMHS. No names.", required=False
    )
    once_more = forms.BooleanField(
        label="They were met once more that day, in the same way: add it as a second contact", required=False
    )

    def __init__(
        self, *args, choices: dict[str, list[tuple[str, str]]], month: Month, references_alone: bool, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("district", "sex", "ethnicity"):
            self.fields[name].choices = [("", "Not known"), *choices[name]]
        self.fields["setting"].choices = choices["setting"]
        day = month.first.replace(day=14)
        self.fields["contact_on"].help_text = f"For example 14/{day.month} or {day:%d %b}."
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        if "once_more" not in self.data:  # it is asked where the contact is there already
            del self.fields["once_more"]
        if references_alone:
            for name in ("forename", "surname", "birth", "postcode"):
                del self.fields[name]

    def as_rows(self) -> list[Row]:
        """A table of one row, as if it had come in a file."""
        given = [(column, self.cleaned_data[name]) for name, column in TYPED.items() if name in self.fields]
        return [
            Row("", 1, tuple(str(column) for column, _ in given)),
            Row("", 2, tuple(text or None for _, text in given)),
        ]

    @property
    def how(self) -> How:
        return How.ALL if self.cleaned_data.get("once_more") else How.MISSING

    def ask_whether_once_more(self) -> None:
        """The very contact is there already: a slip, or another one?"""
        self.fields["once_more"] = self.base_fields["once_more"]
        self.add_error(
            "once_more",
            "This person, day, kind and setting are in the register already. Nothing was added. Tick this if it was "
            "another contact.",
        )

    def errors_from(self, register: Register) -> None:
        """Tell what is wrong with the row beside the fields."""
        fields = {column: name for name, column in TYPED.items() if name in self.fields}
        for wrong in register.wrong:
            self.add_error(fields.get(wrong.column), wrong.sentence)


def rows_to_mend(register: Register) -> bytes:
    """The rows that were not taken, as they came, with what to mend in the last column (CSV, UTF-8). Those of several
    sheets stand under one header."""
    sentences = defaultdict(list)
    for wrong in register.wrong:
        sentences[wrong.place].append(f"{wrong.column}: {wrong.sentence}")
    placed = [(list(_columns(register.headers[row.sheet], len(row.cells))), row) for row in register.wrong_rows]
    columns = list(dict.fromkeys(column for names, _ in placed for column in names))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*(_filled(name) for name, _ in columns), "What to mend"])
    for names, row in placed:
        cells = dict(zip(names, row.cells, strict=False))
        to_mend = " ".join(dict.fromkeys(sentences[Place(row.sheet, row.number)]))
        writer.writerow([*(_filled(cells.get(column)) for column in columns), to_mend])
    return out.getvalue().encode("utf-8-sig")


def _columns(header: Sequence[Cell], width: int) -> Iterator[tuple[Cell, int]]:
    """Each with how many of its name stand before it. What stands beyond the header has no name."""
    before: Counter = Counter()
    for name in (*header, *[None] * (width - len(header))):
        yield name, before[name]
        before[name] += 1


def _filled(cell: Cell) -> object:
    return "" if cell is None else escape_formula(cell)
