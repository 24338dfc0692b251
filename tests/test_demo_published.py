"""The published file of April to December 2021 against the demo's returns, added up in plain Python.

Nothing of the counting code is used: returns and registers are read as rows, ranges are worked out here from the rules
in docs/counting.md, rounded here, and looked up in reach.csv as a commissioner downloads it. Only who is one person in
the registers is asked of the linkage.
"""

import csv
from collections import Counter, defaultdict
from datetime import date

import pytest

from outcomes.models import Obligation, RegisterContact, Release, ReturnVersion, SubmissionCount
from outcomes.package import reach
from outcomes.queries.linkage import Together, edges_at
from tests.test_demo_region import region as region

pytestmark = pytest.mark.django_db
APRIL, DECEMBER = date(2021, 4, 1), date(2021, 12, 1)
SUPPORTED = {"brief_contact", "group", "one_to_one"}


@pytest.fixture(scope="module")
def published(region, django_db_blocker):
    """(period type, period end, programme, district, age) → row of the file."""
    with django_db_blocker.unblock():
        release = Release.objects.get(month=DECEMBER, number=2)
        lines = reach.table(release, release.figures.order_by("order")).csv().decode()
    keys = ("period_type", "period_end", "programme_code", "district_code", "age_band_code")
    return {tuple(row[key] for key in keys): row for row in csv.DictReader(lines.splitlines())}


@pytest.fixture(scope="module")
def deliveries(region, django_db_blocker):
    """delivery → what the test needs of it, read row by row."""
    with django_db_blocker.unblock():
        return read_deliveries()


def read_deliveries():
    found = defaultdict(lambda: {"owed": set(), "received": set(), "first": {}, "again": {}, "met": {}})
    owed = Obligation.objects.filter(month__range=(APRIL, DECEMBER), waived_at=None)
    for obligation in owed.select_related("delivery__programme"):
        delivery = found[obligation.delivery_id]
        delivery["programme"] = obligation.delivery.programme
        delivery["owed"].add(obligation.month)
    accepted = ReturnVersion.objects.filter(state="accepted", obligation__in=owed).select_related("obligation")
    last_sent = {v.submissions.order_by("-sequence").first().pk: v.obligation for v in accepted}
    for obligation in last_sent.values():
        found[obligation.delivery_id]["received"].add(obligation.month)
    counts = SubmissionCount.objects.filter(submission__in=last_sent, category__dimension="district")
    for count in counts.select_related("category"):
        obligation = last_sent[count.submission_id]
        part = found[obligation.delivery_id]["first" if count.seen == "first_seen" else "again"]
        part[count.category.code, obligation.month] = count.people
    for delivery, month, person in met_by_registers():
        found[delivery]["met"].setdefault(month, set()).add(person)
    return found


def met_by_registers():
    """(delivery, month, (person, district)): everybody lives where the year's first contact that knows it says."""
    versions = ReturnVersion.objects.filter(
        state="accepted", obligation__month__range=(APRIL, DECEMBER), obligation__waived_at=None
    )
    contacts = RegisterContact.objects.filter(file__version__in=versions, file__state="taken").select_related(
        "district", "file__version__obligation"
    )
    # Where two contacts of one day differ, the district that was there first counts.
    contacts = list(contacts.order_by("contact_on", "district_id", "file", "row"))
    # As people were put together when it was made: what registers said later may have joined some since.
    together = Together(edges_at(Release.objects.get(month=DECEMBER, number=2).ledger_position))
    people = [together.of(contact.identity_id) for contact in contacts]
    homes = {}
    for contact, person in zip(contacts, people, strict=True):
        if homes.get(person, "not-known") == "not-known":
            homes[person] = contact.district.code
    for contact, person in zip(contacts, people, strict=True):
        obligation = contact.file.version.obligation
        yield obligation.delivery_id, obligation.month, (person, homes[person])


def district_ranges(delivery, months):
    """district → (lower, upper) of one delivery for months from April, or for one month."""
    months = sorted(set(months) & delivery["received"])
    ranges = {}
    for district in {code for code, _ in [*delivery["first"], *delivery["again"]]}:
        first = [delivery["first"].get((district, month), 0) for month in months]
        again = [delivery["again"].get((district, month), 0) for month in months]
        each = [a + b for a, b in zip(first, again, strict=True)]
        if len(months) <= 1:
            ranges[district] = (sum(each), sum(each))
            continue
        missing = sorted(delivery["owed"] - delivery["received"])
        loose = sum(c for c, month in zip(again, months, strict=True) if any(gap < month for gap in missing))
        upper = sum(first) + loose
        ranges[district] = (min(max([sum(first), *each]), upper), upper)
    return ranges


def all_ranges(deliveries, months):
    """What the registers tell of together, and each other delivery: district → (lower, upper)."""
    met = {person for d in deliveries for month in months for person in d["met"].get(month, ())}
    told = {district: (people, people) for district, people in Counter(district for _, district in met).items()}
    return [told, *(district_ranges(d, months) for d in deliveries if not d["met"])]


def over_deliveries(deliveries, months):
    """(lower, upper) of distinct people."""
    ranges = all_ranges(deliveries, months)
    districts = {district for each in ranges for district in each if district != "not-known"}
    by_district = sum(max(each.get(district, (0, 0))[0] for each in ranges) for district in districts)
    largest = max(sum(lower for lower, _ in each.values()) for each in ranges)
    return max(by_district, largest), sum(upper for each in ranges for _, upper in each.values())


def published_ends(lower, upper):
    """The two ends as the file has them: the lower rounded down, the upper up, 1 to 4 hidden."""
    low = "" if 0 < lower < 5 else str(lower - lower % 5)
    high = "" if 0 < upper < 5 else str(upper + -upper % 5)
    return low, high


def published_number(people):
    """One number: to the nearest five, 1 to 4 hidden."""
    return "" if 0 < people < 5 else str(5 * int(people / 5 + 0.5))


def expected(row, lower, upper):
    return (published_number(lower),) * 2 if row["basis"] == "unique" else published_ends(lower, upper)


def supported(deliveries):
    return [
        d
        for d in deliveries.values()
        if d["programme"].beneficiary == "young_people" and d["programme"].rung in SUPPORTED
    ]


def year_to(last):
    return [date(2021, n, 1) for n in range(4, last + 1)]


class TestThePublishedFile:
    def test_holds_the_headline(self, published, deliveries):
        lower, upper = over_deliveries(supported(deliveries), year_to(12))
        row = published["year_to_date", "2021-12-31", "all", "all", "all"]
        assert (row["lower"], row["upper"], row["value"]) == (*published_ends(lower, upper), "")
        assert 10_500 <= lower < 10_600

    def test_holds_the_coverage(self, published, deliveries):
        row = published["year_to_date", "2021-12-31", "all", "all", "all"]
        chosen = supported(deliveries)
        assert int(row["returns_due"]) == sum(len(d["owed"]) for d in chosen)
        assert int(row["returns_received"]) == sum(len(d["received"]) for d in chosen)

    @pytest.mark.parametrize("month", range(4, 13))
    def test_holds_each_month_and_the_year_to_it(self, published, deliveries, month):
        end = next(row[1] for row in published if row[1].startswith(f"2021-{month:02d}"))
        for period_type, months in [("month", [date(2021, month, 1)]), ("year_to_date", year_to(month))]:
            lower, upper = over_deliveries(supported(deliveries), months)
            row = published[period_type, end, "all", "all", "all"]
            assert (row["lower"], row["upper"]) == expected(row, lower, upper)

    def test_holds_each_programme(self, published, deliveries):
        by_programme = defaultdict(list)
        for delivery in deliveries.values():
            if delivery["programme"].rung != "exposure":
                by_programme[delivery["programme"].code].append(delivery)
        assert len(by_programme) > 10
        for code, those in by_programme.items():
            lower, upper = over_deliveries(those, year_to(12))
            row = published["year_to_date", "2021-12-31", code, "all", "all"]
            assert (row["lower"], row["upper"]) == expected(row, lower, upper)

    @pytest.mark.parametrize("district", ["E08000025", "E08000030", "E08000031", "outside"])
    def test_holds_each_district(self, published, deliveries, district):
        ranges = [each.get(district, (0, 0)) for each in all_ranges(supported(deliveries), year_to(12))]
        row = published["year_to_date", "2021-12-31", "all", district, "all"]
        lower = max(lower for lower, _ in ranges)
        at_least, at_most = published_ends(lower, sum(upper for _, upper in ranges))
        # The upper end of those from outside the region would tell a small number of a programme.
        assert (row["lower"], row["upper"]) == (at_least, "" if district == "outside" else at_most)

    def test_never_adds_exposure_to_people(self, published):
        exposed = published["year_to_date", "2021-12-31", "school-routes", "all", "all"]
        assert (exposed["measure"], exposed["marker"], exposed["rungs"]) == ("people_exposed", "e", "exposure")
        assert int(exposed["value"]) > 18_000
        assert published["year_to_date", "2021-12-31", "all", "all", "all"]["rungs"] == "brief_contact+group+one_to_one"
