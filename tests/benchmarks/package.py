"""`make bench BENCH=package`: the files of a release of 100,000 figures, writing only, part by part.

Invented figures in memory, no database: each month and year to date, district and age band, of as many programmes as
it takes. Nothing is asserted: the table is the result.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date
from itertools import product
from random import Random

import django

FIGURES = 100_000
DISTRICTS, AGES = range(1, 10), range(11, 20)


def invented() -> tuple:
    """A release that is not stored, and its figures."""
    from outcomes.models import Figure, Policy, Release

    policy = Policy(pk=1, effective_from=date(2021, 4, 1), supported_rungs=["one_to_one"], round_to=5, hide_below=5)
    dice = Random(1)
    months = [date(2021, month, 1) for month in range(4, 13)]
    cells = [(None, None), *((d, None) for d in DISTRICTS), *((None, a) for a in AGES), *product(DISTRICTS, AGES)]
    programmes = [None, *range(1, FIGURES // (2 * len(months) * len(cells)) + 1)]
    release = Release(
        month=months[-1],
        number=1,
        status="provisional",
        policy=policy,
        code_version="bench",
        input_fingerprint="0" * 64,
        labels={
            "programmes": {str(pk): [f"programme-{pk}", f"A programme of some name, {pk}"] for pk in programmes if pk},
            "categories": {str(pk): [f"code-{pk}", f"District or age {pk}"] for pk in (*DISTRICTS, *AGES)},
        },
        account={"changes": [], "changed_for_all": [], "breaks": []},
    )

    def rows() -> Iterator[Figure]:
        order = 0
        for month, kind, programme in product(months, ("month", "year_to_date"), programmes):
            for district, age in cells:
                order += 1
                people = dice.choice([0, 5, 10, 45, 250, 1_985])
                is_hidden = dice.random() < 0.2
                yield Figure(
                    order=order,
                    period_type=kind,
                    period_start=month if kind == "month" else months[0],
                    period_end=date(month.year, month.month, 28),
                    programme_id=programme,
                    district_id=district,
                    age_band_id=age,
                    measure="people_supported",
                    beneficiary="young_people",
                    rungs="one_to_one",
                    basis="range",
                    lower=None if is_hidden else people,
                    upper=None if is_hidden else people + 5,
                    symbol="c" if is_hidden else "",
                    returns_received=40,
                    returns_due=41,
                )

    return release, list(rows())


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "vru_portal.settings"
    django.setup()
    from outcomes.package import build, charts, csvw, workbook
    from outcomes.queries.reports import Reports

    release, figures = invented()
    say(f"{len(figures):,} figures.\n\n| Part | Seconds |\n|---|---:|")
    took = 0.0

    def timed(part: str, work):
        nonlocal took
        start = time.process_time()
        result = work()
        seconds = time.process_time() - start
        took += seconds
        say(f"| {part} | {seconds:.1f} |")
        return result

    drawn = timed("what charts show", lambda: charts.sheets(release, figures))
    timed("charts", lambda: charts.files(drawn))
    tables = timed("tables", lambda: build.tables_of(release, figures, Reports([], []), drawn))
    written = timed("CSV", lambda: {table.file_name: table.csv() for table in tables})
    timed("metadata", lambda: csvw.metadata(tables))
    book = timed("spreadsheet", lambda: workbook.workbook(release, tables))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"| together | {took:.1f} |")
    say(f"\nreach.csv {len(written['reach.csv']):,} bytes, reach.xlsx {len(book):,} bytes; peak {peak:,.0f} MiB.")


if __name__ == "__main__":
    main()
