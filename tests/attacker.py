"""Somebody who has nothing but the files of releases, the rules in docs/counting.md, a solver and time.

Written apart: nothing of the portal's own code is used. Each end of each row of each reach.csv is a number that lies
within what its rounding leaves. What the rules say of how numbers stand to one another are lines that they keep to.
How large and how small a hidden number can be is then asked of linear programmes.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import highspy
import numpy as np

LOWER, UPPER = ENDS = ("lower", "upper")
ALL, NOT_KNOWN = "all", "not-known"
# More than anybody in the region, so that no programme is without an end.
MANY = 100_000.0
MOST, LEAST = 1, -1

# Of which release, of which of its rows, and which end.
Number = tuple[str, str, str]


@dataclass(frozen=True)
class Row:
    release: str
    number: str
    counted: tuple[str, ...]
    period: tuple[str, str, str]
    where: tuple[str, str, str]  # programme, district, age band
    returns: tuple[int, int]
    shown: Mapping[str, str]
    is_one_number: bool
    is_estimated: bool

    def __getitem__(self, end: str) -> Number:
        return self.release, self.number, end

    @property
    def is_exact_within_a_delivery(self) -> bool:
        """Of a month, and from April on, a delivery that gives counts tells an exact number."""
        kind, start, _ = self.period
        return kind == "month" or start[5:7] == "04"

    @property
    def is_crossed(self) -> bool:
        return ALL not in self.where[1:]


def read(release: str, path) -> list[Row]:
    with open(path, newline="", encoding="utf-8") as file:
        return [as_row(release, each) for each in csv.DictReader(file) if each["symbol"] not in ("x", "z")]


def as_row(release: str, row: Mapping[str, str]) -> Row:
    # All programmes stand for young people on the rungs that count as support; a programme for its own.
    counted = (
        ("measure", "beneficiary") if row["measure"] == "people_supported" else ("measure", "beneficiary", "rungs")
    )
    return Row(
        release,
        row["row"],
        tuple(row[name] for name in counted),
        (row["period_type"], row["period_start"], row["period_end"]),
        (row["programme_code"], row["district_code"], row["age_band_code"]),
        (int(row["returns_received"]), int(row["returns_due"])),
        {end: row[end] for end in ENDS},
        row["basis"] in ("unique", "estimate"),
        "e" in row["marker"],
    )


def what_it_can_be(row: Row, end: str) -> tuple[float, float]:
    """A number that stands alone goes to the nearest 5, or down while returns are missing; a lower end down, an upper
    end up; 1 to 4 are never shown."""
    if not row.shown[end]:
        return 0, inf
    shown = int(row.shown[end])
    if shown == 0:
        return 0, 0
    if row.is_one_number and row.returns[0] == row.returns[1]:
        return max(5, shown - 2), shown + 2
    return (shown, shown + 4) if end == LOWER or row.is_one_number else (max(5, shown - 4), shown)


@dataclass(frozen=True)
class Line:
    """`parts` times their numbers come to no less than nothing. `always`: the rules say so of all returns, not only
    where nobody slipped and nothing is missing. `together`: what else holds or fails with it."""

    parts: tuple[tuple[Number, int], ...]
    always: bool
    together: tuple | None

    def holds(self, numbers: Mapping[Number, int]) -> bool:
        return sum(times * numbers[number] for number, times in self.parts) >= 0


def line(more: Iterable[Number], less: Iterable[Number], *, times=1, always=True, together=None) -> Line:
    """`more`, added up and taken so many times, is no less than `less` added up."""
    parts = defaultdict(int)
    for number in more:
        parts[number] += times
    for number in less:
        parts[number] -= 1
    return Line(tuple((number, n) for number, n in parts.items() if n), always, together)


class Reader:
    """`files`: of each release of a financial year, the oldest first, the path of its reach.csv."""

    def __init__(self, files: Mapping[str, object]) -> None:
        releases = [read(release, path) for release, path in files.items()]
        rows = [row for release in releases for row in release]
        self.bounds = {row[end]: what_it_can_be(row, end) for row in rows for end in ENDS}
        self.hidden = [row[end] for row in rows for end in ENDS if not row.shown[end]]
        self.lines = [line for release in releases for line in within(release)]
        self.lines += [line for before, after in pairwise(releases) for line in between(before, after)]

    def knows(self, numbers: Mapping[Number, int] | None = None) -> list[Line]:
        """What it may lean on: what the rules say of all returns; with the true `numbers`, also what holds where nobody
        slips, as if it had been told where nobody did."""
        if numbers is None:
            return [line for line in self.lines if line.always]
        broken = {line.together for line in self.lines if line.together and not line.holds(numbers)}
        return [line for line in self.lines if line.always or (line.holds(numbers) and line.together not in broken)]

    def attack(self, numbers: Mapping[Number, int] | None = None) -> "Attack":
        return Attack(self.bounds, self.knows(numbers))


def within(rows: Sequence[Row]) -> Iterator[Line]:
    """What the numbers of one release have to do with one another."""
    series, tables, due = defaultdict(list), defaultdict(dict), defaultdict(dict)
    for row in rows:
        series[row.counted, row.where].append(row)
        tables[row.counted, row.period][row.where] = row
        if row.period[0] == "month" and row.where[1:] == (ALL, ALL):
            due[row.counted, row.where[0]][row.period[1]] = row.returns[1]
    for row in rows:
        yield from of_one(row, due[row.counted, row.where[0]])
    for each in series.values():
        yield from over_time(each)
    for each in tables.values():
        yield from over_wholes(each)


def of_one(row: Row, due_by_month: Mapping[str, int]) -> Iterator[Line]:
    yield line([row[UPPER]], [row[LOWER]])
    if row.is_one_number:
        yield line([row[LOWER]], [row[UPPER]])
    elif not row.is_crossed:
        # What was added up was met by one of them at least so far as by each on average.
        yield line([row[LOWER]], [row[UPPER]], times=row.returns[1], always=False)
        if row.is_exact_within_a_delivery:
            _, start, end = row.period
            deliveries = max((n for month, n in due_by_month.items() if start <= month <= end), default=1)
            yield line([row[LOWER]], [row[UPPER]], times=deliveries, always=False)


def over_time(rows: Sequence[Row]) -> Iterator[Line]:
    """Months, quarters and years to date of one place."""
    rows = sorted(rows, key=lambda row: row.period[2])
    months, quarters, to_date = (
        [r for r in rows if r.period[0] == kind] for kind in ("month", "quarter", "year_to_date")
    )
    for inner, outer in ((months, quarters), (months, to_date), (quarters, to_date)):
        for row in inner:
            around = next((other for other in outer if is_inside(row, other)), None)
            if around is not None:
                yield from (line([around[end]], [row[end]]) for end in ENDS)
    for before, after in pairwise(to_date):
        yield from (line([after[end]], [before[end]]) for end in ENDS)
        for row in (*months, *quarters):
            if row.period[2] == after.period[2] and row.period[1] > before.period[2]:
                yield from no_more_than_parts(after, [before, row])
    for quarter in quarters:
        parts = [month for month in months if is_inside(month, quarter)]
        if len(parts) == 3:
            yield from no_more_than_parts(quarter, parts)


def is_inside(row: Row, other: Row) -> bool:
    return other.period[1] <= row.period[1] and row.period[2] <= other.period[2]


def no_more_than_parts(whole: Row, parts: Sequence[Row]) -> Iterator[Line]:
    for end in ENDS:
        always = end == UPPER and not whole.is_crossed and not any(row.is_estimated for row in (whole, *parts))
        yield line([row[end] for row in parts], [whole[end]], always=always)


def over_wholes(table: Mapping[tuple[str, str, str], Row]) -> Iterator[Line]:
    """Programmes, districts and age bands beside all of them together, in one period."""
    for which in range(3):
        parts_of = defaultdict(list)
        for where, row in table.items():
            if where[which] != ALL:
                parts_of[(*where[:which], ALL, *where[which + 1 :])].append(row)
        for whole, parts in parts_of.items():
            if whole in table:
                yield from beside_whole(table[whole], parts, [row for row in parts if row.where[which] != NOT_KNOWN])


def beside_whole(whole: Row, parts: Sequence[Row], known: Sequence[Row]) -> Iterator[Line]:
    for end in ENDS:
        yield from (line([whole[end]], [row[end]]) for row in parts)
    yield line([row[UPPER] for row in parts], [whole[UPPER]], always=not whole.is_estimated)
    if whole.is_exact_within_a_delivery:
        yield line([whole[UPPER]], [row[UPPER] for row in parts], always=False)
    # Nobody lives in two districts, but those of whom it is not known may be any of the others.
    yield line([whole[LOWER]], [row[LOWER] for row in known], always=False)


def between(before: Sequence[Row], after: Sequence[Row]) -> Iterator[Line]:
    """Where a programme's returns of a period are the same as they were, so are all of its numbers."""
    later = {(row.counted, row.period, row.where): row for row in after}
    for row in before:
        now = later.get((row.counted, row.period, row.where))
        if now is None or now.returns != row.returns:
            continue
        together = (row.release, row.where[0], row.period)
        for end in ENDS:
            yield line([row[end]], [now[end]], always=False, together=together)
            yield line([now[end]], [row[end]], always=False, together=together)


class Attack:
    """Asks how large, and how small, hidden numbers can be."""

    def __init__(self, bounds: Mapping[Number, tuple[float, float]], lines: Sequence[Line]) -> None:
        self.columns = {number: n for n, number in enumerate(bounds)}
        least, most = np.array(list(bounds.values()), dtype=float).T
        rows = [[(self.columns[number], times) for number, times in each.parts] for each in lines]
        tighten(rows, least, most)
        self.solver = solver([row for row in rows if says_something(row, least, most)], least, most)

    def finds(self, numbers: Iterable[Number], limit: int, sense: int) -> list[Number]:
        """Those that it knows not to be so many or more (`MOST`), or not so few or fewer (`LEAST`)."""
        left = {self.columns[number]: number for number in numbers}
        found, one_by_one = [], False
        while left:
            asked = [min(left)] if one_by_one else list(left)
            answer = self._extreme(asked, sense)
            shown = {n for n in left if sense * (answer[n] - limit) >= -1e-6}
            if one_by_one and asked[0] not in shown:
                found.append(left.pop(asked[0]))
            one_by_one = one_by_one or not shown
            for n in shown:
                del left[n]
        return found

    def _extreme(self, columns: Sequence[int], sense: int) -> np.ndarray:
        costs = np.zeros(len(self.columns))
        costs[columns] = -sense
        self.solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        self.solver.run()
        status = self.solver.getModelStatus()
        assert status == highspy.HighsModelStatus.kOptimal, f"No population does what is published: {status}"
        return np.array(self.solver.getSolution().col_value)


def tighten(rows: Sequence[Sequence[tuple[int, int]]], least: np.ndarray, most: np.ndarray) -> None:
    """What each line by itself says of each of its numbers, until none says more: subtraction, again and again."""
    of_number = defaultdict(set)
    for at, row in enumerate(rows):
        for n, _ in row:
            of_number[n].add(at)
    waiting = set(range(len(rows)))
    while waiting:
        row = rows[waiting.pop()]
        largest = [times * (most[n] if times > 0 else least[n]) for n, times in row]
        for at, (n, times) in enumerate(row):
            rest = sum(largest[:at]) + sum(largest[at + 1 :])
            if rest == inf:
                continue
            before = least[n], most[n]
            if times > 0:
                least[n] = max(least[n], np.ceil(-rest / times - 1e-9))
            else:
                most[n] = min(most[n], np.floor(rest / -times + 1e-9))
            assert least[n] <= most[n], "No population does what is published."
            if before != (least[n], most[n]):
                waiting |= of_number[n]


def says_something(row: Sequence[tuple[int, int]], least: np.ndarray, most: np.ndarray) -> bool:
    """Beyond what is known of each of its numbers by itself."""
    return sum(times * (least[n] if times > 0 else min(most[n], MANY)) for n, times in row) < 0


def solver(rows: Sequence[Sequence[tuple[int, int]]], least: np.ndarray, most: np.ndarray) -> highspy.Highs:
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)  # once a process has had more, every programme that asks for one fails
    model.addVars(len(least), least, np.minimum(most, MANY))
    starts = np.cumsum([0, *map(len, rows)])[:-1]
    columns, times = np.array([part for row in rows for part in row]).reshape(-1, 2).T
    nothing, no_most = np.zeros(len(rows)), np.full(len(rows), highspy.kHighsInf)
    model.addRows(
        len(rows),
        nothing,
        no_most,
        len(columns),
        starts.astype(np.int32),
        columns.astype(np.int32),
        times.astype(float),
    )
    return model
