"""What the unit tells of a quarter: the funder's report, from the job to the second signature, and what is public."""

import pytest

from partners.permissions import Role
from tests.browser import PHONE, somebody
from tests.test_funder_reports import analyst as analyst
from tests.test_funder_reports import director as director
from tests.test_funder_reports import released as released
from tests.test_funder_reports import report as report
from tests.test_other_reports import told as told

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(reference_tables):
    return {role: somebody(role) for role in (Role.ANALYST, Role.DIRECTOR)}


def test_a_quarter_is_filled_written_signed_by_two_and_sent(
    visitor, celery_worker_process, report, released, analyst, director
):
    author = visitor()
    author.sign_in(analyst)
    for link in ("Releases", "Reports to funders", "Quarterly return"):
        author.follow(link)
    author.press("Fill the report")
    # Once a worker has filled it, the page says so by itself.
    author.page.get_by_text("between 10 and 40").first.wait_for()
    author.reads("To be written before it can be signed")
    author.follow("4.1 What worked", exact=True)
    author.fill("Answer", "Walking, in all weathers.")
    author.press("Save")
    author.follow("Comment on 2.1 Hours walked")
    author.fill("Comment (optional)", "A cold spring.")
    author.press("Save")
    author.follow("Sign…")
    author.press("Sign", exact=True)
    author.reads("somebody else has to certify it")

    certifier = visitor(width=PHONE)
    certifier.sign_in(director)
    certifier.follow("Read and certify")
    certifier.reads("Walking, in all weathers.", "A cold spring.")
    certifier.follow("Certify…")
    certifier.press("Certify")
    certifier.reads("Its files can be sent to the funder.")
    with certifier.page.expect_download() as waiting:
        certifier.page.get_by_role("link", name="report.csv").click()
    assert b"Walking, in all weathers." in waiting.value.path().read_bytes()


def test_a_commissioner_reads_what_was_done_from_the_first_page(visitor, released):
    reader = visitor(width=PHONE)
    reader.sign_in(somebody(Role.COMMISSIONER))
    reader.follow("Activity")
    reader.reads("Activity, April to June 2021", "Walkers", "hidden")
    for link, sentence in (
        ("Coverage and timeliness", "75 % were accepted"),
        ("Networks", "They are never part of reach."),
    ):
        reader.follow(link)
        reader.reads(sentence)
