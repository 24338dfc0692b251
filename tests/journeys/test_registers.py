"""A month's register from a phone, without anything by which somebody could be known staying anywhere."""

import tempfile
import time
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from outcomes.actions import decisions, linkage
from outcomes.models import RegisterFile, ReturnVersion
from outcomes.views.registers import MEANWHILE
from partners.permissions import Role
from programmes.models import CountingBasis
from tests.browser import PHONE, somebody
from tests.canaries import everything_in_redis, everything_in_the_database, files_written_since
from tests.factories import DeliveryFactory, ObligationFactory, user_with
from tests.journeys.answers import sign_off_and_send

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

# Whoever finds one of these anywhere has found what must not be there.
CANARIES = ("Zebedee", "Quillfeather", "19/08/2009", "2009-08-19", "ZZ9 9ZZ", "ZZ99ZZ", "Ottoline", "Bramblethwaite")
HEADER = "Your reference,First name,Last name,Date of birth,Postcode,District,Date of contact,Kind of contact\n"
GOOD = "R1,Zebedee,Quillfeather,19/08/2009,ZZ9 9ZZ,Walsall,14/06/2021,group\n"
WRONG = "R2,Ottoline,Bramblethwaite,31/02/2009,ZZ9 9ZZ,Walsall,15/06/2021,group\n"

# What every bar said, over the change of pages.
REMEMBER_BARS = """() => new MutationObserver(() => {
  for (const bar of document.querySelectorAll("progress"))
    sessionStorage.told = `${sessionStorage.told ?? ""};${bar.ariaLabel}`;
}).observe(document.body, {childList: true, subtree: true})"""


@pytest.fixture
def obligation(reference_tables):
    delivery = DeliveryFactory(counting_basis=CountingBasis.REGISTER)
    return ObligationFactory(delivery=delivery, month=date(2021, 6, 1))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_register_is_sent_from_a_phone_and_leaves_no_name_behind(visitor, obligation, tmp_path, javascript):
    began = time.time()
    register = tmp_path / "june.csv"
    register.write_text(HEADER + GOOD + WRONG)
    partner = visitor(width=PHONE, javascript=javascript)
    partner.sign_in(somebody(Role.PARTNER, obligation.delivery.partner))
    partner.open(f"/returns/{obligation.pk}/fill-in/")
    partner.follow("Register", exact=True)
    assert not (javascript and partner.axe())

    partner.page.locator('input[type="file"]').set_input_files(register)
    partner.press("See what it adds")
    partner.reads("2 rows read", "There is no such day: correct it.", "The 1 good row")
    assert not (javascript and partner.axe())
    with partner.page.expect_download() as download:
        partner.page.get_by_role("link", name="Download the rows to mend").click()
    assert "Ottoline" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    download.value.delete()
    partner.press("Add the 1 good row")
    partner.reads("1 person met, each counted once; 1 contact")

    partner.follow("Type one contact")
    partner.fill("First name", "Ottoline")
    partner.fill("Last name", "Bramblethwaite")
    partner.fill("Date of birth", "19/08/2009")
    partner.fill("Date of contact", "15/06/2021")
    partner.press("Add contact")
    partner.reads("2 contacts with 2 people")
    partner.follow("Back to the register")
    partner.follow("Go on with the return")
    partner.follow("Check and send")
    sign_off_and_send(partner)
    assert RegisterFile.objects.filter(state=RegisterFile.State.TAKEN).count() == 2

    _accept()  # and a recount waits in Celery's queue
    places = {
        "the database": everything_in_the_database(),
        "Redis": everything_in_redis(),
        "files": files_written_since(began, [Path(settings.PORTAL_HOME), Path(tempfile.gettempdir())]),
    }
    assert "outcomes.recount" in places["Redis"]
    linkage.settle(now=timezone.now())
    places["the database, linked and counted"] = everything_in_the_database()
    found = [(canary, place) for place, held in places.items() for canary in CANARIES if canary.lower() in held.lower()]
    assert found == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_large_register_tells_how_far_it_is_until_its_answer_comes(visitor, obligation, tmp_path, javascript):
    rows = [GOOD.replace("R1", f"R{n}").replace("19/08/2009", f"{1 + n % 28}/08/2009") for n in range(12_000)]
    register = tmp_path / "june.csv"
    register.write_text(HEADER + "".join(rows))
    partner = visitor(width=PHONE, javascript=javascript)
    partner.sign_in(somebody(Role.PARTNER, obligation.delivery.partner))
    partner.open(f"/returns/{obligation.pk}/register/")
    partner.page.set_default_timeout(60_000)
    partner.page.locator('input[type="file"]').set_input_files(register)
    if javascript:
        partner.page.evaluate(REMEMBER_BARS)
    partner.press("See what it adds")
    if javascript:
        told = set(partner.page.evaluate("sessionStorage.told").split(";"))
        assert told - {""}  # which of them, is a matter of how fast the machine is
        assert told <= {"", *(sentence for sentence, *_ in MEANWHILE.values())}
    partner.reads("12,000 rows read", "Add 12,000 contacts")


# Its form is sent, as far as the page's own code can tell, and no answer comes.
SENT_WITHOUT_AN_ANSWER = (
    """document.querySelector("[data-how-far]").closest("form").dispatchEvent(new Event("submit"))"""
)
CAME_BACK = """() => dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}))"""


@pytest.mark.parametrize("then", ["came back", "without news"])
def test_the_bar_of_an_upload_goes_once_no_answer_is_to_come(visitor, obligation, then):
    partner = visitor(width=PHONE)
    partner.sign_in(somebody(Role.PARTNER, obligation.delivery.partner))
    partner.page.clock.install()
    partner.open(f"/returns/{obligation.pk}/register/")
    bars = partner.page.locator("progress")
    partner.page.evaluate("window.stayed = true")
    for _ in range(2):  # and is there again where the form is sent again
        partner.page.evaluate(SENT_WITHOUT_AN_ANSWER)
        bars.first.wait_for()
        if then == "came back":
            partner.page.evaluate(CAME_BACK)
        else:
            partner.page.clock.fast_forward("05:01")
        bars.first.wait_for(state="detached")
    assert partner.page.evaluate("window.stayed")  # it was not loaded anew, which would ask whether to send it again


def _accept():
    version = ReturnVersion.objects.get()
    decisions.accept(submission=version.latest_submission, by=user_with(Role.ANALYST), now=timezone.now())
