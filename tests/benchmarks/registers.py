"""Registers as files, beside the truth: who each row really is. Django is not needed here."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from outcomes.demo.as_written import Register


def save(registers: Iterable[Register], folder: Path) -> Path:
    folder.mkdir()
    with (folder / "truth.csv").open("w", newline="") as file:
        truth = csv.writer(file)
        truth.writerow(("file", "row", "person"))
        for register in registers:
            (folder / register.file_name).write_text(register.csv(), encoding="utf-8")
            # As the spreadsheet numbers them: the header is row 1.
            truth.writerows(
                (register.file_name, number, row.person) for number, row in enumerate(register.rows, start=2)
            )
    return folder
