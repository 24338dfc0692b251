"""The demo's releases of each financial year, attacked by somebody who has their files alone (`tests.attacker`).

Between those of 2021/22 a late return came, and registers came to say something else of who is one person. What is
hidden is looked up only to judge: to say which numbers were small, and whether what was found is so.
"""

import csv
from itertools import combinations, groupby

import pytest

from outcomes.models import Figure, Release
from outcomes.package import reach
from tests.attacker import ENDS, LEAST, MOST, Reader, as_row, what_it_can_be
from tests.test_demo_region import region as region
from vru_portal.core.periods import Month

pytestmark = [pytest.mark.region, pytest.mark.django_db]


@pytest.fixture(scope="module")
def years(region, django_db_blocker, tmp_path_factory):
    """Of each financial year: release → its reach.csv, the oldest first."""
    folder = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock():
        releases = sorted(Release.objects.exclude(figures=None), key=lambda release: (year_of(release), release.pk))
        for release in releases:
            table = reach.table(release, release.figures.order_by("order"))
            (folder / f"{release.code}.csv").write_bytes(table.csv())
    return [{r.code: folder / f"{r.code}.csv" for r in of_year} for _, of_year in groupby(releases, key=year_of)]


@pytest.fixture(scope="module")
def readers(years):
    return [Reader(files) for files in years]


@pytest.fixture(scope="module")
def truth(region, django_db_blocker):
    with django_db_blocker.unblock():
        figures = Figure.objects.exclude(exact_lower=None).values_list(
            "release__month", "release__number", "order", "exact_lower", "exact_upper"
        )
        return {
            (f"{month:%Y-%m}.{number}", str(order), end): people
            for month, number, order, *people_of in figures
            for end, people in zip(ENDS, people_of, strict=True)
        }


def year_of(release):
    return Month.of(release.month).financial_year.start


def small(reader, truth):
    return [number for number in reader.hidden if 1 <= truth[number] <= 4]


def told(attack, numbers):
    return attack.finds(numbers, 5, MOST) + attack.finds(numbers, 1, LEAST)


class TestTheAttacker:
    def test_believes_nothing_that_is_not_so(self, readers, truth):
        for reader in readers:
            assert all(least <= truth[number] <= most for number, (least, most) in reader.bounds.items())
            assert [line for line in reader.knows() if not line.holds(truth)] == []

    def test_reads_releases_between_which_returns_came_late(self, years):
        first, second, *_ = years[0]
        assert (first, second) == ("2021-12.1", "2021-12.2")
        received = [sum(int(row["returns_received"]) for row in rows(years[0][each])) for each in (first, second)]
        assert received[0] < received[1]

    def test_finds_small_numbers_where_these_alone_are_hidden(self, years, truth, tmp_path):
        """It is no straw man: what is hidden beside small numbers is what keeps it from them."""
        for files in years:
            latest = list(files)[-1]
            shown = {latest: show_what_is_not_small(files[latest], latest, truth, tmp_path)}
            reader = Reader(shown)
            assert told(reader.attack(truth), small(reader, truth))


class TestWhatIsPublished:
    def test_tells_no_small_number_by_the_rules(self, readers, truth):
        for reader in readers:
            assert told(reader.attack(), small(reader, truth)) == []

    def test_tells_none_to_somebody_who_knows_where_nobody_slipped(self, readers, truth):
        for reader in readers:
            assert told(reader.attack(truth), small(reader, truth)) == []

    def test_tells_none_by_what_lies_between_two_releases_or_two_years_to_date(self, years, truth):
        """Somebody who subtracts learns of none of 1 to 4 people exactly how many they are."""
        for files in years:
            shown = [as_row(release, row) for release, path in files.items() for row in rows(path)]
            same_place = groupby(sorted(shown, key=series), key=series)
            for _, of_one in same_place:
                for one, other in combinations([row for row in of_one if row.shown["lower"] and row.shown["upper"]], 2):
                    for end in ENDS:
                        (least, most), (low, high) = what_it_can_be(one, end), what_it_can_be(other, end)
                        between = low - most, high - least
                        assert not (between[0] == between[1] and 1 <= abs(between[0]) <= 4), (one, other)

    def test_tells_none_by_its_symbol(self, years, truth):
        """What is hidden because it is small and what is hidden beside it look the same."""
        beside = set()
        for files in years:
            for release, path in files.items():
                hidden = [row for row in rows(path) if row["symbol"] == "c" and not row["lower"] and not row["upper"]]
                looks = {True: set(), False: set()}
                for row in hidden:
                    is_small = any(1 <= truth[release, row["row"], end] <= 4 for end in ENDS)
                    looks[is_small].add((row["symbol"], row["marker"], row["value"], row["basis"] + row["note"]))
                assert looks[False] <= looks[True], release
                beside |= looks[False]
        assert beside, "nothing is hidden beside small numbers alone, so nothing was compared"


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["symbol"] not in ("x", "z")]


def series(row):
    kind, start, _ = row.period
    return row.counted, row.where, kind, start if kind != "year_to_date" else "", row.is_one_number


def show_what_is_not_small(path, release, truth, folder):
    found = rows(path)
    for row in found:
        exact = {end: truth[release, row["row"], end] for end in ENDS}
        for end, people in exact.items():
            if not row[end] and not 1 <= people <= 4:
                row[end] = str(shown_as(people, end, row["basis"]))
        row["value"] = row["lower"] if row["basis"] == "unique" else ""
    shown = folder / f"{release}.csv"
    with shown.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, found[0])
        writer.writeheader()
        writer.writerows(found)
    return shown


def shown_as(people, end, basis):
    if basis in ("unique", "estimate"):
        return 5 * int(people / 5 + 0.5)
    return people - people % 5 if end == "lower" else people + -people % 5
