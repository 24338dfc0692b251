"""From a partner's return to the file that the commissioner downloads."""

import contextlib
import csv
import hashlib
import signal
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.db import transaction
from playwright.sync_api import expect

from outcomes.models import Release, ReturnVersion
from partners.permissions import Role
from tests.browser import PHONE, somebody
from tests.factories import DeliveryFactory, ObligationFactory, OrganisationFactory, ProgrammeFactory, accepted_return
from tests.journeys.answers import NUMBERS, WHO, sign_off_and_send
from vru_portal.core.periods import Month

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CODES = {"Birmingham": "E08000025", "Walsall": "E08000030"}
# People first seen, by the district they live in: ours is typed below, the other partner's stands in the database.
OURS_EARLIER = {Month(2021, 4): {"Walsall": 20}, Month(2021, 5): {"Walsall": 7, "Birmingham": 2}}
OURS_IN_JUNE = {"Walsall": 11, "Birmingham": 5}
THEIRS = {Month(2021, 4): {"Birmingham": 61}, Month(2021, 5): {"Birmingham": 40}, Month(2021, 6): {"Birmingham": 34}}

WRONG = WHO | {"Age 10–13, first seen this year": ""}


@pytest.fixture
def boxing_club(reference_tables):
    """A partner with a return of June 2021 to send, in a region where one other has sent all of its own."""
    with transaction.atomic():  # a return is whole when it is committed
        return make_region()


def make_region():
    programme = ProgrammeFactory(name="Street mentoring")
    ours = DeliveryFactory(
        name="Corner mentoring", programme=programme, partner=OrganisationFactory(name="Corner Boxing Club")
    )
    theirs = DeliveryFactory(programme=programme, partner=OrganisationFactory(name="Riverbank Youth Trust"))
    ObligationFactory(delivery=ours, month=date(2021, 6, 1))
    for delivery, months in ((ours, OURS_EARLIER), (theirs, THEIRS)):
        for month, people in months.items():
            by_code = {CODES[district]: number for district, number in people.items()}
            accepted_return(
                delivery, month, new_people=sum(people.values()), breakdowns={"district": {"first_seen": by_code}}
            )
    return ours.partner


def expected_range() -> tuple[int, int]:
    """Young people from April to June: nobody lives in two districts, and nobody else is told apart."""
    ours = sum((Counter(people) for people in [*OURS_EARLIER.values(), OURS_IN_JUNE]), Counter())
    theirs = sum((Counter(people) for people in THEIRS.values()), Counter())
    lower = sum(max(ours[district], theirs[district]) for district in CODES)
    upper = ours.total() + theirs.total()
    return lower // 5 * 5, -(-upper // 5) * 5  # the policy rounds outwards, to 5


@contextlib.contextmanager
def held_back(worker):
    """The worker takes no job meanwhile."""
    worker.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        worker.process.send_signal(signal.SIGCONT)


def test_from_a_partners_return_to_the_commissioners_file(visitor, boxing_club, celery_worker_process):
    partner, analyst, director, commissioner = visitor(width=PHONE), visitor(), visitor(), visitor()

    # The partner sees what is due, and types counts that do not add up.
    partner.sign_in(somebody(Role.PARTNER, boxing_club, name="Asha Patel"))
    assert partner.title.startswith("Due now: 1 return, 1 late")
    partner.press("Fill in return")
    assert partner.axe() == []
    partner.press("Begin")
    partner.reads("Last month: 9.")
    partner.fill_in(NUMBERS | {"Contacts": "17"})
    partner.press("Save and go on")
    partner.reads(
        "Contacts must be 18 or more: everybody you counted was met at least once. Check the contacts, or A, B and C."
    )
    assert partner.title.startswith("Error: ")
    partner.page.get_by_role("link", name="Contacts must be 18 or more").click()
    expect(partner.field("Contacts")).to_be_focused()
    partner.finds_typed(NUMBERS | {"Contacts": "17"})
    partner.fill("Contacts", NUMBERS["Contacts"])
    partner.press("Save and go on")
    partner.fill_in(WRONG)
    expect(partner.page.locator("#age_band output").first).to_have_text("14 of 16")
    partner.press("Save and go on")
    partner.reads("Age of the 16 people first seen this year adds up to 14. Add 2, or put them under Not known.")
    assert partner.axe() == []
    partner.finds_typed(WRONG)

    # Corrected, saved, checked, sent.
    partner.fill_in(WHO)
    partner.press("Save and see all parts")
    partner.reads("Saved at ")
    assert "2 of 3 parts done" in partner.title
    partner.press("Check and send")
    partner.reads("Check your June 2021 return")
    assert partner.axe() == []
    sign_off_and_send(partner)
    partner.reads("Sent: ", "Nothing is due")

    # The analyst finds it in the queue and sends it back with a reason.
    analyst.sign_in(somebody(Role.ANALYST, name="Priya Rao"))
    analyst.follow("1 return waits to be read.")
    analyst.press("Read the first")
    analyst.reads("Corner mentoring, June 2021", "by Asha Patel")
    analyst.fill("What should the partner change?", "Please say who the two already counted were.")
    analyst.press("Return to partner")
    analyst.reads("Nothing to read")

    # The partner answers.
    partner.open("/")
    partner.reads("Please say who the two already counted were.")
    partner.press("Change return")
    partner.follow("Who they were")
    partner.finds_typed(WHO)
    partner.press("Save and go on")
    sign_off_and_send(partner, comment="Both came back from the spring group.")

    # Accepted; and the release is asked for.
    analyst.open("/")
    analyst.follow("1 return waits to be read.")
    analyst.press("Read the first")
    analyst.reads("Both came back from the spring group.")
    analyst.press("Accept")
    analyst.reads("Accepted: ")
    assert ReturnVersion.objects.filter(state="accepted", obligation__delivery__partner=boxing_club).count() == 3
    analyst.follow("Releases")
    analyst.page.get_by_label("Last month of the release").select_option("June 2021")
    with held_back(celery_worker_process):
        analyst.press("Produce release")
        analyst.reads("Waiting for a worker")
        expect(analyst.page.get_by_role("progressbar")).to_have_attribute("value", "0")
    analyst.reads("Release 1 is produced.")
    analyst.look()

    # Whoever produced it cannot approve it; the director can.
    analyst.follow("Open the release")
    analyst.reads("Waits for a colleague")
    expect(analyst.page.get_by_role("button", name="Approve")).to_have_count(0)
    director.sign_in(somebody(Role.DIRECTOR))
    director.follow("Read and approve")
    director.follow("Check and approve")
    director.reads("Nothing of these months is public yet.")
    why = director.page.get_by_label("Why is it published although not every hidden number is proven?")
    if why.count():  # until the worker has proven all
        why.fill("The figures are due.")
    director.press("Approve and publish")
    director.reads("is approved. Commissioners can see it now.")

    # The commissioner reads the sentence and downloads the file.
    lower, upper = expected_range()
    commissioner.sign_in(somebody(Role.COMMISSIONER))
    commissioner.follow("June 2021 , release 1")  # the number is heard, and not seen
    commissioner.reads(f"Between {lower} and {upper} young people were supported")
    commissioner.reads("6 of 6 returns due")
    with commissioner.page.expect_download() as download:
        commissioner.page.get_by_role("link", name="reach.csv of Reach to June 2021, release 1").click()
    content = download.value.path().read_bytes()
    assert download.value.suggested_filename == "2021-06.1_reach.csv"
    commissioner.reads(hashlib.sha256(content).hexdigest())
    assert Release.objects.get().output_fingerprint == hashlib.sha256(content).hexdigest()
    assert headline(content) == (str(lower), str(upper), "range")

    # From the headline down to the return, and who answered for it.
    analyst.follow("Reach", exact=True)
    analyst.follow("Where this number comes from")
    analyst.reads("What it was made of")
    assert analyst.axe() == []
    analyst.page.get_by_text("Which of Corner mentoring").click()
    analyst.reads("June 2021, version 1 of Corner mentoring: sent ", "by Asha Patel; accepted ", "by Priya Rao")
    analyst.follow("June 2021, version 1")
    analyst.reads("Corner mentoring", "Accepted")

    # The commissioner sees the same figure, and nothing of what it was made of.
    commissioner.follow("Figures", exact=True)
    commissioner.follow("Where this number comes from")
    commissioner.reads("To quote it")
    commissioner.sees_no("What it was made of")


def headline(content: bytes) -> tuple[str, str, str]:
    """April to June, all programmes, districts and ages."""
    rows = csv.DictReader(StringIO(content.decode(), newline=""))
    [row] = [
        row
        for row in rows
        if (row["period_type"], row["period_end"]) == ("year_to_date", "2021-06-30")
        and (row["programme_code"], row["district_code"], row["age_band_code"]) == ("all", "all", "all")
    ]
    return row["lower"], row["upper"], row["basis"]
