"""`make bench BENCH=disclosure`: what is hidden beside small numbers, what the attack tells, what is proven, how fast.

An invented region of the demonstration's shape: nine programmes of three deliveries, half of them with registers, nine
districts, nine age bands. Its releases of June and December with their worlds (BENCH_WORLDS=0 leaves these out), and a
year's chain of four releases, each with a late return. Nothing is asserted: the tables are the result.
"""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from dataclasses import replace
from functools import partial
from random import Random

from pyroaring import BitMap

from outcomes.disclosure.attack import audit
from outcomes.disclosure.certificate import check, targets
from outcomes.disclosure.insiders import audit_insider
from outcomes.disclosure.proof import prove
from outcomes.disclosure.published import Release, hidden_ends, numbers_of
from outcomes.disclosure.suppression import hide_what_tells
from outcomes.reach import DeliveryYear, MonthCounts
from outcomes.release_figures import figure_rows
from outcomes.release_inputs import CategoryInput, PolicyInput, ProgrammeInput, ReleaseInputs
from vru_portal.core.periods import Month

DISTRICTS = {"birmingham": 40, "coventry": 12, "dudley": 6, "sandwell": 10, "solihull": 9, "walsall": 8}
DISTRICTS |= {"wolverhampton": 11, "outside": 2, "not-known": 3}
AGES = {
    "0-4": 1,
    "5-9": 3,
    "10-13": 20,
    "14-15": 30,
    "16-17": 26,
    "18-20": 12,
    "21-24": 6,
    "25-plus": 1,
    "not-known": 1,
}
PROGRAMMES, DELIVERIES, PEOPLE = 9, 3, 9_000
RELEASES = (Month(2021, 6), Month(2021, 12))
POLICY = PolicyInput(1, ("one_to_one",), round_to=5, hide_below=5)
WITH_WORLDS = os.environ.get("BENCH_WORLDS", "1") != "0"
CHAIN = (Month(2021, 6), Month(2021, 9), Month(2021, 12), Month(2022, 3))


def invent() -> list[tuple[str, str, dict[tuple[int, int], set[int]]]]:
    """People: district, age band, and in which months of the year each delivery met them."""
    dice = Random("disclosure")
    sizes = {(p, d): dice.uniform(0.3, 3) / (1 + d) for p in range(PROGRAMMES) for d in range(DELIVERIES)}
    people = []
    for _ in range(PEOPLE):
        met = {}
        for delivery in {
            dice.choices(list(sizes), list(sizes.values()))[0] for _ in range(dice.choice((1, 1, 1, 1, 2)))
        }:
            first = dice.randrange(12)
            met[delivery] = {first, *(m for m in range(first + 1, min(12, first + 4)) if dice.random() < 0.3)}
        home = dice.choices(list(DISTRICTS), list(DISTRICTS.values()))[0]
        people.append((home, dice.choices(list(AGES), list(AGES.values()))[0], met))
    return people


def inputs(people, month: Month) -> ReleaseInputs:
    months = month.financial_year.months_to(month)
    everybody = defaultdict(BitMap)
    deliveries = {}
    for programme in range(PROGRAMMES):
        years = []
        for delivery in range(DELIVERIES):
            gives_registers = (programme + delivery) % 2 == 0
            parts = [(defaultdict(int), defaultdict(int), BitMap()) for _ in months]
            for number, (home, age, met) in enumerate(people):
                seen = sorted(m for m in met.get((programme, delivery), ()) if m < len(months))
                for place in seen:
                    part = parts[place][0 if place == seen[0] else 1]
                    for cell in (("district", home), ("age_band", age)):
                        part[cell] += 1
                        if gives_registers:
                            everybody[cell].add(number)
                    parts[place][2].add(number)
            received = {m: MonthCounts(dict(f), dict(c)) for m, (f, c, _) in zip(months, parts, strict=True)}
            register = {m: met for m, (_, _, met) in zip(months, parts, strict=True)} if gives_registers else None
            years.append(DeliveryYear(f"{programme}-{delivery}", frozenset(months), received, register))
        deliveries[programme] = tuple(years)
    return ReleaseInputs(
        month=month,
        policy=POLICY,
        programmes=tuple(
            ProgrammeInput(n, f"p{n}", f"Programme {n}", "one_to_one", "young_people", counts_exposure=False)
            for n in range(PROGRAMMES)
        ),
        districts=_categories(DISTRICTS),
        age_bands=_categories(AGES),
        deliveries=deliveries,
        versions=(),
        everybody=everybody,
    )


def _categories(codes) -> tuple[CategoryInput, ...]:
    return tuple(CategoryInput(n, code, code, code != "not-known") for n, code in enumerate(codes))


HEADER = (
    "| release | figures | small numbers | told if these are hidden | hidden beside | told then | proven | worlds "
    "| seconds: hiding | proving | audit | check |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n"
)


CHAIN_HEADER = (
    "\n| release | figures of the chain | small numbers | hidden beside | told | seconds: hiding | audit of all |\n"
    "|---|---|---|---|---|---|---|\n"
)


INSIDE_HEADER = (
    "\n| release | small numbers | hidden beside, from partners too | in 100 | told to partners | seconds |\n"
    "|---|---|---|---|---|---|\n"
)


def main() -> int:
    people = invent()
    if WITH_WORLDS:
        _write(HEADER, (_measured(inputs(people, month)) for month in RELEASES))
    _write(CHAIN_HEADER, _chain(people))
    _write(INSIDE_HEADER, _chain_inside(people))
    return 0


def _write(header: str, lines) -> None:
    sys.stdout.write(header)
    for line in lines:
        sys.stdout.write(f"| {' | '.join(line)} |\n")
        sys.stdout.flush()


def _chain(people):
    """Each release with all that were public before it; of each the last month of one delivery comes with the next."""
    chain = []
    for month, made_of, rows in _of_chain(people):
        found, hid = _timed(partial(hide_what_tells, made_of, rows, chain))
        chain = [*chain, Release(made_of, found.rows)]
        findings, audited = _timed(partial(audit, chain))
        yield [
            str(month),
            f"{sum(len(release.rows) for release in chain):,}",
            f"{len(findings):,}",
            str(len(found.beside)),
            str(sum(finding.is_told for finding in findings)),
            f"{hid:.1f}",
            f"{audited:.1f}",
        ]


def _chain_inside(people):
    """The same, hidden from partners too: each delivery is that of one. Attacked by all of them, which takes
    minutes, where worlds are looked for too."""
    chain = []
    for month, made_of, rows in _of_chain(people):
        partners = [{year.delivery} for years in made_of.deliveries.values() for year in years]
        found, hid = _timed(partial(hide_what_tells, made_of, rows, chain, partners=partners))
        chain = [*chain, Release(made_of, found.rows)]
        small = sum(number.is_protected(POLICY) for row in rows for number in numbers_of(row))
        findings = [f for each in partners for f in audit_insider(chain, each)] if WITH_WORLDS else []
        yield [
            str(month),
            f"{small:,}",
            str(len(found.beside)),
            f"{100 * len(found.beside) / small:.1f}",
            f"{sum(finding.is_told for finding in findings)} of {len(findings):,}" if findings else "–",
            f"{hid:.1f}",
        ]


def _of_chain(people):
    for month in CHAIN:
        made_of = _without_the_last_return(inputs(people, month)) if month != CHAIN[-1] else inputs(people, month)
        yield month, made_of, list(figure_rows(made_of))


def _without_the_last_return(made_of: ReleaseInputs) -> ReleaseInputs:
    first, *others = made_of.deliveries[0]
    received = {month: counts for month, counts in first.received.items() if month != made_of.month}
    register = {month: met for month, met in first.register.items() if month != made_of.month}
    late = replace(first, received=received, register=register)
    return replace(made_of, deliveries=made_of.deliveries | {0: (late, *others)})


def _measured(made_of: ReleaseInputs) -> list[str]:
    counted = list(figure_rows(made_of))
    small = {number.end for row in counted for number in numbers_of(row) if number.is_protected(POLICY)}
    before = [finding for finding in audit([Release(made_of, counted)]) if finding.is_told]
    found, hid = _timed(lambda: hide_what_tells(made_of, counted))
    release = Release(made_of, found.rows)
    certificate, proved = _timed(lambda: prove([release]).certificate)
    findings, audited = _timed(lambda: audit([release]))
    verdict, checked = _timed(lambda: check(certificate, [release]))
    wanted = len(targets([release]))
    return [
        str(made_of.month),
        f"{len(counted):,}",
        f"{len(small):,}",
        str(len(before)),
        str(len(hidden_ends(found.rows)) - len(small)),
        str(sum(finding.is_told for finding in findings)),
        f"{wanted - len(verdict.unshielded):,} of {wanted:,}",
        str(len(certificate.worlds)),
        f"{hid:.1f}",
        f"{proved:.0f}",
        f"{audited:.0f}",
        f"{checked:.1f}",
    ]


def _timed(work):
    """In seconds of processor time, which other work on the machine changes little."""
    started = time.process_time()
    return work(), time.process_time() - started


if __name__ == "__main__":
    sys.exit(main())
