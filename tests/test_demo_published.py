"""The published files of the demo's first year against its returns, added up in plain Python.

Nothing of the counting code is used: returns and registers are read as rows, ranges are worked out here from the rules
in docs/counting.md, rounded here, and looked up in reach.csv as a commissioner downloads it. Only who is one person in
the registers is asked of the linkage.
"""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from outcomes.demo.people import demo_accounts
from outcomes.models import Obligation, RegisterContact, Release, ReturnVersion, Submission, SubmissionCount
from outcomes.queries.linkage import Together, edges_at
from partners.models import User
from partners.permissions import Role
from programmes.models import Programme
from tests.test_demo_region import region as region

pytestmark = [pytest.mark.region, pytest.mark.django_db]
YEAR = [date(2021, n, 1) for n in range(4, 13)] + [date(2022, n, 1) for n in range(1, 4)]
DECEMBER, MARCH = date(2021, 12, 1), date(2022, 3, 1)
SUPPORTED = {"brief_contact", "group", "one_to_one"}
ONE_NUMBER = {"unique", "estimate"}
DISTRICTS = [*(f"E080000{n}" for n in (25, 26, 27, 28, 29, 30, 31)), "outside"]
ALL, NOT_KNOWN = "all", "not-known"
AGES = ["0-4", "5-9", "10-13", "14-15", "16-17", "18-20", "21-24", "25-plus"]


@dataclass
class Told:
    """What a delivery's accepted returns say. `first` and `again`: people by (dimension, code, month); `met`: by month,
    whom its registers tell of, each with district and age."""

    programme: Programme
    owed: set[date] = field(default_factory=set)
    received: set[date] = field(default_factory=set)
    first: Counter = field(default_factory=Counter)
    again: Counter = field(default_factory=Counter)
    met: dict[date, set] = field(default_factory=dict)


@dataclass
class Published:
    """A release's file, and what its deliveries had told by then."""

    rows: dict[tuple[str, ...], dict[str, str]]
    deliveries: list[Told]
    exposed: dict[str, int]  # by programme

    def row(self, period: str, end: str, programme="all", district="all", age="all") -> dict[str, str]:
        return self.rows[period, end, programme, district, age]

    @property
    def supported(self) -> list[Told]:
        programmes = ((told, told.programme) for told in self.deliveries)
        return [told for told, p in programmes if p.beneficiary == "young_people" and p.rung in SUPPORTED]


@pytest.fixture(scope="module")
def december(region, django_db_blocker):
    with django_db_blocker.unblock():
        return published(DECEMBER, 2)


@pytest.fixture(scope="module")
def march(region, django_db_blocker):
    with django_db_blocker.unblock():
        return published(MARCH, 1)


def published(month: date, number: int) -> Published:
    release = Release.objects.get(month=month, number=number)
    commissioner = next(account for account in demo_accounts() if account.code == Role.COMMISSIONER)
    client = Client()
    client.force_login(User.objects.get(email=commissioner.email))
    answer = client.get(reverse("outcomes:release-file", args=[release.code, "reach.csv"]))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    keys = ("period_type", "period_end", "programme_code", "district_code", "age_band_code")
    return Published(
        {tuple(row[key] for key in keys): row for row in csv.DictReader(lines)}, read(release), exposed(release)
    )


# ---- What the returns say, row by row ----
def read(release: Release) -> list[Told]:
    found = {}
    owed = Obligation.objects.filter(month__range=(YEAR[0], release.month), waived_at=None)
    for obligation in owed.select_related("delivery__programme"):
        told = found.setdefault(obligation.delivery_id, Told(obligation.delivery.programme))
        told.owed.add(obligation.month)
    accepted = ReturnVersion.objects.filter(state="accepted", obligation__in=owed).select_related("obligation")
    last_sent = {v.submissions.order_by("-sequence").first().pk: v.obligation for v in accepted}
    for obligation in last_sent.values():
        found[obligation.delivery_id].received.add(obligation.month)
    counts = SubmissionCount.objects.filter(submission__in=last_sent)
    for count in counts.select_related("category"):
        obligation = last_sent[count.submission_id]
        told = found[obligation.delivery_id]
        part = told.first if count.seen == "first_seen" else told.again
        part[count.category.dimension, count.category.code, obligation.month] = count.people
        part[count.category.dimension, ALL, obligation.month] += count.people
    for delivery, month, person in met_by_registers(release, accepted):
        found[delivery].met.setdefault(month, set()).add(person)
    return list(found.values())


def exposed(release: Release) -> dict[str, int]:
    """By programme, the largest month of each delivery, added up."""
    sent = Submission.objects.filter(
        version__state="accepted", version__obligation__month__range=(YEAR[0], release.month), exposed_people__gt=0
    ).select_related("version__obligation__delivery__programme")
    largest = {}
    for submission in sent:
        delivery = submission.version.obligation.delivery
        largest[delivery] = max(largest.get(delivery, 0), submission.exposed_people)
    found = Counter()
    for delivery, people in largest.items():
        found[delivery.programme.code] += people
    return found


def met_by_registers(release: Release, accepted):
    """(delivery, month, (person, district, age)): of everybody, as the year's first contact that knows it says."""
    contacts = RegisterContact.objects.filter(file__version__in=accepted, file__state="taken").select_related(
        "district", "age_band", "file__version__obligation"
    )
    # Where two contacts of one day differ, the category that was there first counts.
    by_district = list(contacts.order_by("contact_on", "district_id", "file", "row"))
    by_age = contacts.order_by("contact_on", "age_band_id", "file", "row")
    # As people were put together when it was made: what registers said later may have joined some since.
    together = Together(edges_at(release.ledger_position))
    homes, ages = {}, {}
    for contact in by_district:
        first_known(homes, together.of(contact.identity_id), contact.district.code)
    for contact in by_age:
        first_known(ages, together.of(contact.identity_id), contact.age_band.code)
    for contact in by_district:
        obligation, person = contact.file.version.obligation, together.of(contact.identity_id)
        yield obligation.delivery_id, obligation.month, (person, homes[person], ages[person])


def first_known(found: dict, person, code: str) -> None:
    if found.get(person, "not-known") == "not-known":
        found[person] = code


# ---- The rules ----
def range_of(told: Told, cell: tuple[str, str], months: list[date]) -> tuple[int, int]:
    """(lower, upper) of one delivery that gives counts: a month, April to one, or a quarter."""
    there = [month for month in months if month in told.received]
    first, again = ([part[*cell, month] for month in there] for part in (told.first, told.again))
    each = [a + b for a, b in zip(first, again, strict=True)]
    if len(there) <= 1:
        return sum(each), sum(each)
    if months[0] == YEAR[0]:
        missing = told.owed - told.received
        loose = sum(c for c, month in zip(again, there, strict=True) if any(gap < month for gap in missing))
        upper = sum(first) + loose
    else:
        upper = min(sum(each), range_of(told, cell, year_to(months[-1]))[1])
    return min(max([sum(first), *each]), upper), upper


def at_most(told: Told, months: list[date]) -> int:
    """All of a delivery's people: no more than either breakdown adds up to."""
    return min(
        sum(range_of(told, (dimension, code), months)[1] for code in codes_of(told, dimension))
        for dimension in ("district", "age_band")
    )


def ranges(deliveries: list[Told], dimension: str, months: list[date]) -> list[dict[str, tuple[int, int]]]:
    """What the registers tell of together, and each other delivery: code → (lower, upper)."""
    people = whom_registers_met(deliveries, months)
    place = 1 if dimension == "district" else 2
    found = [{code: (n, n) for code, n in Counter(person[place] for person in people).items()}]
    for told in deliveries:
        if not told.met:
            cells = {code: range_of(told, (dimension, code), months) for code in codes_of(told, dimension)}
            of_all = at_most(told, months)
            found.append({code: (lower, min(upper, of_all)) for code, (lower, upper) in cells.items()})
    return found


def whom_registers_met(deliveries: list[Told], months: list[date]) -> set:
    return {person for told in deliveries for month in months for person in told.met.get(month, ())}


def codes_of(told: Told, dimension: str) -> set[str]:
    return {code for of, code, _ in [*told.first, *told.again] if of == dimension and code != ALL}


def all_together(deliveries: list[Told], months: list[date]) -> tuple[int, int]:
    """(lower, upper) of distinct people."""
    found = ranges(deliveries, "district", months)
    districts = {district for each in found for district in each if district != "not-known"}
    by_district = sum(max(each.get(district, (0, 0))[0] for each in found) for district in districts)
    largest = max(sum(lower for lower, _ in each.values()) for each in found)
    told_by_counts = sum(at_most(told, months) for told in deliveries if not told.met)
    return max(by_district, largest), len(whom_registers_met(deliveries, months)) + told_by_counts


def of_district(deliveries: list[Told], district: str, months: list[date]) -> tuple[int, int]:
    found = [each.get(district, (0, 0)) for each in ranges(deliveries, "district", months)]
    return max(lower for lower, _ in found), sum(upper for _, upper in found)


def of_age(deliveries: list[Told], age: str, months: list[date]) -> tuple[int, int]:
    """As a district; or, if that is more, who must be of the age in each district, or was in a month."""
    upper = sum(upper for _, upper in (each.get(age, (0, 0)) for each in ranges(deliveries, "age_band", months)))
    return max(at_least_of_age(deliveries, age, part) for part in (months, *([month] for month in months))), upper


def at_least_of_age(deliveries: list[Told], age: str, months: list[date]) -> int:
    largest = max(each.get(age, (0, 0))[0] for each in ranges(deliveries, "age_band", months))
    must = Counter(district for _, district, of in whom_registers_met(deliveries, months) if of == age)
    for told in deliveries:
        for district in codes_of(told, "district") if not told.met else ():
            must[district] = max(must[district], overlap(told, district, age, months))
    return max(largest, sum(people for district, people in must.items() if district != "not-known"))


def overlap(told: Told, district: str, age: str, months: list[date]) -> int:
    """How many of a delivery are of both at least: more than there is room for apart."""
    each = (range_of(told, cell, months)[0] for cell in (("district", district), ("age_band", age)))
    return max(0, sum(each) - range_of(told, ("district", ALL), months)[1])


def year_to(month: date) -> list[date]:
    return [each for each in YEAR if each <= month]


def as_published(row: dict[str, str], lower: int, upper: int) -> tuple[str, str]:
    """The two ends as the file has them, 1 to 4 hidden: of a range the lower rounded down and the upper up; of one
    number the nearest five, twice, or the five below while returns are missing."""
    low, high = lower - lower % 5, upper + -upper % 5
    if row["basis"] in ONE_NUMBER:
        low = high = low if int(row["returns_received"]) < int(row["returns_due"]) else 5 * int(lower / 5 + 0.5)
    return "" if 0 < lower < 5 else str(low), "" if 0 < upper < 5 else str(high)


def ends(row: dict[str, str]) -> tuple[str, str]:
    return row["lower"], row["upper"]


def is_said(row: dict[str, str], lower: int, upper: int) -> bool:
    """An end may be hidden to protect another number."""
    return all(said in (end, "") for said, end in zip(ends(row), as_published(row, lower, upper), strict=True))


class TestThePublishedFile:
    def test_holds_the_headline(self, december):
        lower, upper = all_together(december.supported, year_to(DECEMBER))
        row = december.row("year_to_date", "2021-12-31")
        assert (*ends(row), row["value"]) == (*as_published(row, lower, upper), "")
        assert 10_500 <= lower < 10_600

    def test_holds_the_coverage(self, december):
        row = december.row("year_to_date", "2021-12-31")
        assert int(row["returns_due"]) == sum(len(told.owed) for told in december.supported)
        assert int(row["returns_received"]) == sum(len(told.received) for told in december.supported)

    @pytest.mark.parametrize("month", year_to(DECEMBER), ids="{:%B}".format)
    def test_holds_each_month_and_the_year_to_it(self, december, month):
        end = next(row[1] for row in december.rows if row[1].startswith(f"{month:%Y-%m}"))
        for period, months in (("month", [month]), ("year_to_date", year_to(month))):
            row = december.row(period, end)
            assert ends(row) == as_published(row, *all_together(december.supported, months))

    @pytest.mark.parametrize(("first", "end"), [(0, "2021-06-30"), (3, "2021-09-30"), (6, "2021-12-31")])
    def test_holds_each_quarter(self, december, first, end):
        row = december.row("quarter", end)
        assert ends(row) == as_published(row, *all_together(december.supported, YEAR[first : first + 3]))
        assert row["basis"] == "range"

    def test_holds_each_programme(self, december):
        by_programme = defaultdict(list)
        for told in december.deliveries:
            if told.programme.rung != "exposure":
                by_programme[told.programme.code].append(told)
        assert len(by_programme) > 10
        said = []
        for code, those in by_programme.items():
            row = december.row("year_to_date", "2021-12-31", code)
            assert ends(row) == as_published(row, *all_together(those, year_to(DECEMBER))), code
            is_one_number = len(those) == 1 or all(told.met for told in those)
            assert row["basis"] == ("unique" if is_one_number else "range"), code
            for district in (*DISTRICTS, NOT_KNOWN):
                row = december.row("year_to_date", "2021-12-31", code, district)
                assert is_said(row, *of_district(those, district, year_to(DECEMBER))), (code, district)
                said.append(row["symbol"] != "c")
        assert sum(said) > len(said) / 2

    @pytest.mark.parametrize("district", DISTRICTS)
    def test_holds_each_district(self, december, district):
        row = december.row("year_to_date", "2021-12-31", district=district)
        lower, upper = as_published(row, *of_district(december.supported, district, year_to(DECEMBER)))
        # The upper end of those from outside the region would tell a small number of a programme.
        assert ends(row) == (lower, "" if district == "outside" else upper)
        assert row["basis"] == "range"

    @pytest.mark.parametrize("age", AGES)
    def test_holds_each_age_band(self, december, age):
        row = december.row("year_to_date", "2021-12-31", age=age)
        assert ends(row) == as_published(row, *of_age(december.supported, age, year_to(DECEMBER)))
        assert row["basis"] == "range"

    def test_holds_whom_nobody_knows_more_of(self, december):
        for told, row in (
            (of_district, december.row("year_to_date", "2021-12-31", district=NOT_KNOWN)),
            (of_age, december.row("year_to_date", "2021-12-31", age=NOT_KNOWN)),
        ):
            assert is_said(row, *told(december.supported, NOT_KNOWN, year_to(DECEMBER)))

    def test_holds_the_pupils_exposed_by_each_delivery_s_largest_month(self, december):
        assert december.exposed
        for code, people in december.exposed.items():
            row = december.row("year_to_date", "2021-12-31", code)
            assert ends(row) == as_published(row, people, people)
            assert row["basis"] == "estimate"

    def test_holds_a_quarter_of_each_district_and_age_band(self, december):
        quarter, rows = YEAR[6:9], []
        for district in DISTRICTS:
            rows.append(december.row("quarter", "2021-12-31", district=district))
            assert is_said(rows[-1], *of_district(december.supported, district, quarter)), district
        for age in AGES:
            rows.append(december.row("quarter", "2021-12-31", age=age))
            assert is_said(rows[-1], *of_age(december.supported, age, quarter)), age
        assert sum(ends(row).count("") for row in rows) <= 2

    def test_never_adds_exposure_to_people(self, december):
        exposed = december.row("year_to_date", "2021-12-31", "school-routes")
        assert (exposed["measure"], exposed["marker"], exposed["rungs"]) == ("people_exposed", "e", "exposure")
        assert int(exposed["value"]) > 18_000
        assert december.row("year_to_date", "2021-12-31")["rungs"] == "brief_contact+group+one_to_one"


class TestTheFinancialYear:
    def test_holds_all_of_it(self, march):
        for period in ("financial_year", "year_to_date"):
            row = march.row(period, "2022-03-31")
            assert ends(row) == as_published(row, *all_together(march.supported, YEAR))

    @pytest.mark.parametrize("district", DISTRICTS)
    def test_holds_each_district(self, march, district):
        row = march.row("financial_year", "2022-03-31", district=district)
        assert ends(row) == as_published(row, *of_district(march.supported, district, YEAR))

    @pytest.mark.parametrize("age", AGES)
    def test_holds_each_age_band(self, march, age):
        row = march.row("financial_year", "2022-03-31", age=age)
        assert ends(row) == as_published(row, *of_age(march.supported, age, YEAR))
