"""`make bench BENCH=upload`: registers of 100,000 rows, from the workbooks to reach, by the actions of the site.

One delivery's three months, one process, one core if it is given one (`taskset -c 0 make bench BENCH=upload`): each
workbook is read, its rows become pseudonyms and are stored, the return is counted, sent and accepted; then everybody
is put together and every slice is counted. The peak of memory is this process's; the child that reads a workbook has
a limit of its own. Nothing is asserted: the table is the result.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import django

from vru_portal.embedded import temporary_servers
from vru_portal.run import MANAGE

PEOPLE = 22_000
MONTHS = [date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)]


def write_workbooks(folder: Path) -> None:
    """A workbook a month, as a partner would send it: about 100,000 rows of 22,000 invented people."""
    from openpyxl import Workbook

    from outcomes.demo.as_written import HEADER, write
    from outcomes.demo.slips import TYPICAL
    from outcomes.demo.young_people import invent

    registers = write(
        invent(PEOPLE, seed="upload", on=MONTHS[0]), deliveries=12, months=MONTHS, slips=TYPICAL, seed="upload"
    )
    for month in MONTHS:
        book = Workbook()
        book.active.append(HEADER)
        for register in registers:
            for row in register.rows if register.month == month else ():
                book.active.append((f"{register.code}/{row.cells[0]}" if row.cells[0] else "", *row.cells[1:]))
        book.save(folder / f"{month:%Y-%m}.xlsx")


class Steps:
    """The time of each, over the three months."""

    def __init__(self) -> None:
        self.took: dict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.took[name] += time.monotonic() - start

    def tell(self) -> None:
        say("| step | seconds |")
        say("|---|---|")
        for name, seconds in (self.took | {"All of it": sum(self.took.values())}).items():
            say(f"| {name} | {seconds:.1f} |")


def run(folder: Path) -> None:
    from django.utils import timezone

    from outcomes.actions import decisions, linkage, registers, returns
    from outcomes.forms.returns import ReturnForm
    from outcomes.models import Linkage, Presence, RegisterContact
    from outcomes.queries.questions import questions_of
    from outcomes.queries.registers import code_lists
    from outcomes.registers.reading import Expected, read
    from partners.permissions import Role
    from tests.factories import ObligationFactory, user_with
    from tests.registers import giving_registers
    from vru_portal.core.tables_in import rows_of

    # In processes of their own: what migrating leaves in memory is no part of an upload.
    for command in ("migrate", "load_reference_tables"):
        subprocess.run([*MANAGE, command, "--verbosity", "0"], check=True)
    delivery = giving_registers(starts_on=MONTHS[0])
    by, analyst, now = user_with(Role.PARTNER, delivery.partner), user_with(Role.ANALYST), timezone.now()
    step = Steps()
    before = _peak()
    for month in MONTHS:
        obligation = ObligationFactory(delivery=delivery, month=month)
        expected = Expected(
            partner=str(delivery.partner_id),
            month=obligation.period,
            today=timezone.localdate(),
            default_kind=delivery.programme.rung,
            default_setting=delivery.setting.code,
        )
        data = (folder / f"{month:%Y-%m}.xlsx").read_bytes()
        with step("Workbooks are read and understood"):
            register = read(rows_of(data, "register.xlsx"), expected, code_lists())
        with step("Pseudonyms are made and stored"):
            file = registers.stage(obligation=obligation, register=register, content=data, by=by, now=now)
        del register, data
        with step("Returns are counted, sent and accepted"):
            registers.take(file=file, by=by, now=now)
            version = obligation.versions.get()
            form = ReturnForm(version.typed, questions=questions_of(obligation))
            form.full_clean()
            sent = returns.submit(version=version, answers=form.answers, by=by, now=now)
            decisions.accept(submission=sent, by=analyst, now=now)
    with step("People are put together; presence and every slice counted"):
        linkage.settle(now=now)
    step.tell()
    people = Linkage.objects.latest("pk").people
    say(f"\n{RegisterContact.objects.count():,} contacts, {people:,} people, {Presence.objects.count():,} of presence.")
    say(f"Peak of memory {_peak():.0f} MB; {before:.0f} MB before the first workbook.")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main() -> int:
    if sys.argv[1:]:
        write_workbooks(Path(sys.argv[1]))
        return 0
    with tempfile.TemporaryDirectory() as folder, temporary_servers() as servers:
        # In a process of its own: openpyxl takes more memory than all that is measured.
        subprocess.run([sys.executable, "-m", "tests.benchmarks.upload", folder], check=True)
        os.environ.update(servers.environment | {"DEMO": "0"})
        django.setup()
        run(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
