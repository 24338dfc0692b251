"""`manage.py count_registers FILE…`: how many people some registers hold, by the code that the site uses.

For auditors: it needs no database, keeps nothing, and repeats nothing that identifies somebody.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outcomes.registers import counting, keys
from outcomes.registers.code_lists import as_delivered
from outcomes.registers.columns import Column
from outcomes.registers.linking import Identity, Links, link
from outcomes.registers.pseudonyms import Pseudonymiser
from outcomes.registers.reading import Expected, Register, Wrong, read
from vru_portal.core.periods import Month
from vru_portal.core.refusals import Refusal
from vru_portal.core.tables_in import rows_of

FILE_NAME = re.compile(r"(?P<delivery>[^\W_].*?)_(?P<month>\d{4}-\d{2})(?=[._ -]|$)")
EVERYTHING = "all"
ROWS_SAID = 10  # in one line


@dataclass(frozen=True, slots=True)
class Counted:
    """A contact once its details are dropped."""

    file: str
    row: int
    delivery: str
    month: str


@dataclass(frozen=True)
class Refused:
    """A row, or a whole file (`row` is None), that is not counted."""

    file: str
    row: int | None
    column: str
    reason: str
    held: bool = False


@dataclass(frozen=True)
class Question:
    """What whoever sent a file should look at, though it is counted: rows that are the same as one before, words that
    are in no list (how many, by column), columns that are no register's."""

    file: str
    sent_twice: list[int]
    not_known: dict[str, int]
    passed_over: list[str]

    def __bool__(self) -> bool:
        return bool(self.sent_twice or self.not_known or self.passed_over)


@dataclass
class Files:
    """What was read of all files; `identities` go beside `contacts`."""

    contacts: list[Counted] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def hand_over_identities(self) -> list[Identity]:
        """To be held by whoever asked alone: they take most of the memory."""
        identities, self.identities = self.identities, []
        return identities


class Command(BaseCommand):
    help = "Count the distinct people of registers. Stores nothing and needs no database."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="Named CODE_YYYY-MM.xlsx, .ods or .csv."
        )
        parser.add_argument("--delivery", help="The delivery's code, where the file's name does not begin with it.")
        parser.add_argument("--month", type=_month, help="The month, where the file's name does not say it: 2026-04.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")
        parser.add_argument("--truth", type=Path, help="CSV (file, row, person): say how well the links agree with it.")
        parser.add_argument("--pairs", type=Path, help="Write CSV (file, row, group): which rows are one person.")

    def handle(self, *args, files: list[Path], json: bool, truth: Path | None, pairs: Path | None, **options) -> None:
        read_files = _read(files, options["delivery"], options["month"])
        links = link(read_files.hand_over_identities())
        result = _result(read_files, links)
        if truth:
            result |= _compared(read_files.contacts, links, truth)
        if pairs:
            _write_pairs(pairs, read_files.contacts, links)
        self.stdout.write(_as_json(result) if json else "\n".join(_as_text(result)))


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


# ---- Reading ----
def _read(paths: Sequence[Path], delivery: str | None, month: Month | None) -> Files:
    pseudonymiser = Pseudonymiser(_key().secret)
    files = Files()
    for path in paths:
        code, of = _named(path, delivery, month)
        try:
            register = _register(path, code, of)
        except Refusal as refusal:
            files.refused.append(Refused(path.name, None, "", refusal.message))
            continue
        files.refused += [_refused(path, wrong) for wrong in register.wrong]
        if question := _question(path, register):
            files.questions.append(question)
        for contact in register.contacts:
            files.contacts.append(Counted(path.name, contact.place.row, code, of.code))
            files.identities.append(Identity(pseudonymiser.packed(contact.details), code))
    return files


def _key() -> keys.Key:
    configured = keys.configured(settings.REGISTER_KEYS_FILE, settings.REGISTER_KEYS)
    return configured[-1] if configured else keys.throw_away()


def _named(path: Path, delivery: str | None, month: Month | None) -> tuple[str, Month]:
    found = FILE_NAME.match(path.name)
    try:
        return (delivery or found["delivery"]).upper(), month or Month.parse(found["month"])
    except (TypeError, ValueError):
        what = f"{path.name} is not named like CODE_2026-04.csv. Give --delivery and --month."
        raise CommandError(what) from None


def _register(path: Path, code: str, month: Month) -> Register:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    # Whatever the clock says: a register that is counted may be of any month.
    today = max(timezone.localdate(), month.last + timedelta(days=1))
    return read(rows_of(data, path.name), Expected(partner=code, month=month, today=today), as_delivered())


def _refused(path: Path, wrong: Wrong) -> Refused:
    return Refused(path.name, wrong.place.row, wrong.letter, str(wrong), wrong.is_held)


def _question(path: Path, register: Register) -> Question:
    twice = [place.row for place in register.twice]
    return Question(path.name, twice, dict(sorted(register.notes.items())), list(register.ignored))


# ---- What is said ----
def _result(files: Files, links: Links) -> dict:
    contacts, people = files.contacts, links.groups.tolist()
    by_month = counting.people_by([(c.month, c.delivery) for c in contacts], people)
    by_delivery = counting.people_by([c.delivery for c in contacts], people)
    months: dict[str, dict[str, int]] = defaultdict(dict)
    for (month, delivery), count in sorted(by_month.items()):
        months[month][delivery] = count
    for month, count in counting.people_by([c.month for c in contacts], people).items():
        months[month][EVERYTHING] = count
    return {
        "month": months,
        "period": dict(sorted(by_delivery.items())) | {EVERYTHING: links.people},
        "sum_over_deliveries": sum(by_delivery.values()),
        "contacts": len(contacts),
        "linkage_range": {"lower": min(links.loose, links.people), "upper": max(links.strict, links.people)},
        "refused": [vars(line) for line in files.refused],
        "questions": [vars(question) for question in files.questions],
    }


def _compared(contacts: Sequence[Counted], links: Links, truth: Path) -> dict:
    with truth.open(encoding="utf-8-sig", newline="") as file:
        people = {(line["file"], int(line["row"])): line["person"] for line in csv.DictReader(file)}
    known = [
        (group, people[contact.file, contact.row])
        for contact, group in zip(contacts, links.groups.tolist(), strict=True)
        if (contact.file, contact.row) in people
    ]
    found = counting.agreement([group for group, _ in known], [person for _, person in known])
    return {"precision": found.precision, "recall": found.recall, "count_error": found.count_error}


def _write_pairs(path: Path, contacts: Sequence[Counted], links: Links) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "row", "group"])
        writer.writerows([c.file, c.row, group] for c, group in zip(contacts, links.groups.tolist(), strict=True))


def _as_json(result: dict) -> str:
    return json.dumps(result, ensure_ascii=False, indent=2)


def _as_text(result: dict) -> Iterator[str]:
    yield "Distinct people"
    for month, counts in result["month"].items():
        for delivery, count in counts.items():
            yield f"  {month}  {delivery:<24} {count:>8,}"
    for delivery, count in result["period"].items():
        yield f"  over all {delivery:<23} {count:>8,}"
    yield f"Contacts: {result['contacts']:,}."
    yield f"The deliveries' people added up, so not unique: {result['sum_over_deliveries']:,}."
    spread = result["linkage_range"]
    yield (
        f"Linked more strictly {spread['upper']:,}, more loosely {spread['lower']:,}. "
        "This is how much the links matter, not a confidence interval."
    )
    if "precision" in result:
        yield (
            f"Against the truth: precision {result['precision']:.4f}, recall {result['recall']:.4f}, "
            f"count error {result['count_error']:+.4f}."
        )
    whole = sum(line["row"] is None for line in result["refused"])
    rows = len({(line["file"], line["row"]) for line in result["refused"] if line["row"] is not None})
    files = f" {_number(whole, 'whole file')}," if whole else ""
    yield f"Not counted:{files} {_number(rows, 'row')}."
    for line in result["refused"]:
        yield f"  {line['file']}: {line['reason']}"
    if result["questions"]:
        yield "To look at:"
    for question in result["questions"]:
        yield from (f"  {question['file']}: {sentence}" for sentence in _asked(question))


def _number(of: int, what: str) -> str:
    return f"{of:,} {what}{'' if of == 1 else 's'}"


def _asked(question: dict) -> Iterator[str]:
    if rows := question["sent_twice"]:
        more = f" and {len(rows) - ROWS_SAID:,} more" if len(rows) > ROWS_SAID else ""
        first, counted = (
            ("row", "It is counted as a contact") if len(rows) == 1 else ("rows", "They are counted as contacts")
        )
        yield (
            f"{first} {', '.join(map(str, rows[:ROWS_SAID]))}{more}: the same as a row before. Two contacts, or sent "
            f"twice? {counted}."
        )
    for column, words in question["not_known"].items():
        what = "words that say there is no name" if Column(column).is_name else "words that are not in the list"
        yield f"{column}: {words:,} {what}, counted as not known."
    if question["passed_over"]:
        yield f"Columns passed over: {', '.join(question['passed_over'])}."
