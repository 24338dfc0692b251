"""Reach as it stands now, and who is one person: the pages, and the way through them."""

import re
import time
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from outcomes.actions import corrections, linkage
from outcomes.models import LedgerEntry, LinkDecision, LinkQuestion, Recount, RegisterIdentity
from outcomes.queries import now as queries
from outcomes.views import links
from partners.permissions import Role
from programmes.models import CountingBasis, Delivery
from tests.factories import DeliveryFactory, PolicyFactory, user_with
from tests.registers import accepted_register, giving_registers
from tests.test_linkage import AMINA, AMINAH, JAKUB, JULY, JUNE, NOW, TWINS, row
from vru_portal.core import workers
from vru_portal.core.periods import FinancialYear

pytestmark = [pytest.mark.usefixtures("reference_tables"), pytest.mark.django_db]

NAMES = ("Amina", "Khan", "Kahn", "Jakub", "Nowak", "Yusuf", "B12 3AB", "B123AB", "02/03/2010", "2 March 2010")


def text(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", response.content.decode()))).strip()


@pytest.fixture
def analyst(db):
    client = Client()
    client.force_login(user_with(Role.ANALYST))
    return client


def june_and_july() -> list[Delivery]:
    """June and July of two partners of one programme, with one person of both."""
    one = giving_registers()
    other = giving_registers(programme=one.programme)
    accepted_register(one, JUNE, [AMINA, JAKUB, *TWINS], now=NOW)
    accepted_register(other, JUNE, [AMINAH], now=NOW)
    accepted_register(one, JULY, [row("A1", "Amina", "Khan", "02/03/2010", day="05/07/2021")], now=NOW)
    linkage.settle(now=NOW)
    return [one, other]


@pytest.fixture(scope="class")
def met_once(fill_once):
    return fill_once(june_and_july)


@pytest.fixture
def met(met_once, db):
    return met_once()


class TestBefore:
    def test_anything_is_counted_they_say_so(self, analyst):
        for name in ("now", "now-people", "now-overlap"):
            assert "Nothing is counted yet" in text(analyst.get(reverse(f"outcomes:{name}")))
        assert "Nothing to look at" in text(analyst.get(reverse("outcomes:link-list")))


class TestNow:
    def test_says_how_many_are_supported_and_how_much_the_links_matter(self, analyst, met):
        page = text(analyst.get(reverse("outcomes:now")))
        assert "4 young people were supported between April and July 2021." in page
        assert "All of it comes from registers" in page
        assert "not a confidence interval" in page
        assert met[0].programme.name in page

    @pytest.mark.parametrize(
        ("by", "name"),
        [
            *(("setting", "School"), ("level", "secondary"), ("rung", "One-to-one"), ("partner", "")),
            *(("district", "Walsall"), ("age_band", "10–13"), ("sex", "Not known"), ("ethnicity", "Not known")),
        ],
    )
    def test_is_cut_by_every_kind_of_slice(self, analyst, met, by, name):
        page = text(analyst.get(reverse("outcomes:now"), {"by": by, "period": "month"}))
        assert (name or met[1].partner.name) in page
        assert "Jun 2021" in page

    def test_of_a_kind_of_people_nobody_is_0_where_returns_came_and_empty_where_none_did(self, analyst, met):
        found = queries.slices(FinancialYear(2021), "month", "district")
        [walsall] = [line for line in found.lines if line.name == "Walsall"]
        columns = zip(found.ends, walsall.cells, strict=True)
        said = {end.month: (cell.lower, cell.received) for (_, end), cell in columns}
        assert said == {7: (0, 1), 6: (1, 2), 5: (0, 0), 4: (0, 0)}

    def test_says_why_twelve_months_are_not_cut_by_people(self, analyst, met):
        page = text(analyst.get(reverse("outcomes:now"), {"by": "sex", "period": "rolling_year"}))
        assert "are of a financial year" in page

    def test_tells_new_from_continuing_and_how_often(self, analyst, met):
        page = text(analyst.get(reverse("outcomes:now-people")))
        assert "June 2021 4 0 0 0 4" in page
        assert "July 2021 0 0 1 0 1" in page
        assert "6 contacts with 4 people: 1.5 each on average" in page

    def test_hides_how_few_people_two_partners_share(self, analyst, met):
        page = text(analyst.get(reverse("outcomes:now-overlap"), {"by": "partner"}))
        assert " and ".join(sorted((met[0].partner.name, met[1].partner.name))) in page
        assert "fewer than 5 or hidden to protect them" in page

    def test_goes_by_the_policy_that_the_slices_were_made_by(self, analyst, met):
        PolicyFactory(effective_from=date(2022, 1, 1), supported_rungs=["group"])
        assert met[0].programme.rung != "group"
        assert "4 young people were supported" in text(analyst.get(reverse("outcomes:now")))
        assert "June 2021 4 0 0 0 4" in text(analyst.get(reverse("outcomes:now-people")))

    def test_adds_nobody_known_by_a_reference_alone_to_people_told_apart(self, analyst, met):
        programme = met[0].programme
        other = DeliveryFactory(programme=programme, counting_basis=CountingBasis.CASE_REFERENCE)
        accepted_register(other, JUNE, [("K1", *[""] * 7, "14/06/2021", "one-to-one", "")], now=NOW)
        linkage.settle(now=NOW)
        page = text(analyst.get(reverse("outcomes:now-people"), {"programme": programme.pk}))
        assert "6 contacts with 4 people" in page

    @pytest.fixture
    def worker_heard_of(self):
        with workers.redis_client() as client:
            client.zadd(workers.WORKERS, {"worker": time.time()})
            yield
            client.zrem(workers.WORKERS, "worker")

    def test_shows_how_far_a_recount_is(self, analyst, met, worker_heard_of):
        recount = Recount.objects.filter(state=Recount.State.QUEUED).get()
        Recount.objects.filter(pk=recount.pk).update(stage="Counting people of 2021/22", percent=60)
        assert "Counting people of 2021/22" in text(analyst.get(reverse("outcomes:now")))
        fragment = analyst.get(reverse("outcomes:recount", args=[recount.pk]), headers={"HX-Request": "true"})
        assert "<html" not in fragment.content.decode()
        Recount.objects.filter(pk=recount.pk).update(state=Recount.State.FINISHED)
        fragment = analyst.get(reverse("outcomes:recount", args=[recount.pk]), headers={"HX-Request": "true"})
        assert fragment["HX-Refresh"] == "true"


class TestOverlap:
    def test_tells_by_no_order_which_of_the_hidden_numbers_is_larger(self, db):
        programme = giving_registers().programme
        names = {name: giving_registers(programme=programme, partner__name=name) for name in ("Ash", "Birch", "Cedar")}
        kofi = row("K1", "Kofi", "Mensah", "21/07/2011", "WV1 4AA")
        for name, rows in {"Ash": [AMINA], "Birch": [AMINA, JAKUB, kofi], "Cedar": [JAKUB, kofi]}.items():
            accepted_register(names[name], JUNE, rows, now=NOW)
        linkage.settle(now=NOW)
        pairs = queries.overlap(FinancialYear(2021), "partner").pairs
        assert [(pair.one, pair.other, pair.both) for pair in pairs] == [
            ("Ash", "Birch", None),
            ("Birch", "Cedar", None),
        ]


class TestLinks:
    @pytest.fixture
    def asked(self, met):
        """A question about the first and second row, as the linker asks it."""
        first, second = RegisterIdentity.objects.order_by("pk")[:2]
        return LinkQuestion.objects.create(
            first=first.pk,
            second=second.pk,
            are_one=False,
            beyond=-0.5,
            bits=1.0,
            forename=1,
            surname=0,
            birth=1,
            postcode=2,
            sex_differs=False,
        )

    def test_are_asked_about_without_a_name(self, analyst, asked):
        page = analyst.get(reverse("outcomes:link-list"))
        assert "day and month the other way round" in text(page)
        shown = page.content.decode() + analyst.get(reverse("outcomes:link-ledger")).content.decode()
        assert [name for name in NAMES if name in shown] == []

    def test_say_how_common_a_name_is_and_not_which(self, analyst, asked):
        page = analyst.get(reverse("outcomes:link-decide", args=[asked.first, asked.second]))
        assert f"<title>Rows {asked.first} and {asked.second}: are these one person?" in page.content.decode()
        assert "hared with nobody else in the registers" in text(page)
        assert [name for name in NAMES if name in page.content.decode()] == []

    def test_are_on_the_analysts_page_of_today(self, analyst, asked):
        LinkQuestion.objects.exclude(pk=asked.pk).delete()
        assert "1 pair of rows may or may not be of one person." in text(analyst.get(reverse("home")))

    def test_and_a_recount_that_failed_is_too(self, analyst, met):
        Recount.objects.update(state=Recount.State.FAILED, problem="RuntimeError: the disk is full")
        assert "People could not be counted anew" in text(analyst.get(reverse("home")))
        page = analyst.get(reverse("outcomes:recount", args=[Recount.objects.first().pk]))
        assert "the disk is full" in text(page)

    def test_are_decided_and_undone(self, analyst, asked):
        decide = reverse("outcomes:link-decide", args=[asked.first, asked.second])
        assert "Choose whether" in text(analyst.post(decide, {}))
        answer = analyst.post(decide, {"are_one": "one"}, follow=True)
        assert "Kept: one person" in text(answer)
        decision = LinkDecision.objects.get()
        assert decision.are_one
        assert "Undo the decision" in text(analyst.get(decide))
        assert reverse("outcomes:link-decide", args=[asked.first, asked.second]) not in text(answer)
        assert f"{asked.first} and {asked.second} one person" in text(analyst.get(reverse("outcomes:link-decisions")))
        analyst.post(reverse("outcomes:link-undo", args=[decision.pk]), follow=True)
        decision.refresh_from_db()
        assert decision.undone_at
        again = analyst.post(reverse("outcomes:link-undo", args=[decision.pk]), follow=True)
        assert "undone already" in text(again)

    def test_are_not_asked_about_once_they_are_decided(self, analyst, asked):
        LinkQuestion.objects.exclude(pk=asked.pk).delete()
        decide = reverse("outcomes:link-decide", args=[asked.first, asked.second])
        analyst.post(decide, {"are_one": "two"})
        assert "Nothing to look at" in text(analyst.get(reverse("outcomes:link-list")))
        assert "may or may not be of one person" not in text(analyst.get(reverse("home")))

    def test_come_a_page_at_a_time(self, analyst, met, monkeypatch):
        monkeypatch.setattr(links, "PER_PAGE", 1)
        rows = list(RegisterIdentity.objects.order_by("pk").values_list("pk", flat=True))
        LinkQuestion.objects.all().delete()
        for second in rows[1:3]:
            LinkQuestion.objects.create(first=rows[0], second=second, are_one=False, beyond=-0.5)
            linkage.decide(first=second, second=rows[3], are_one=False, reason="", by=user_with(Role.ANALYST), now=NOW)
        for name in ("link-list", "link-decisions"):
            address = reverse(f"outcomes:{name}")
            first, second = (text(analyst.get(address, {"page": number})) for number in (1, 2))
            assert "Next page" in first
            assert "Previous page" in second
            assert first != second

    def test_of_the_ledger_lead_nowhere_once_their_rows_are_gone(self, analyst, met):
        _, other = met
        entry = LedgerEntry.objects.get(joined=True)
        look = reverse("outcomes:link-decide", args=[entry.first, entry.second])
        ledger = reverse("outcomes:link-ledger")
        assert look in analyst.get(ledger).content.decode()
        version = other.obligations.get().versions.get()
        corrections.void(version=version, reason="Of another month.", by=user_with(Role.DIRECTOR), now=NOW)
        linkage.settle(now=NOW)
        assert "parted" in text(analyst.get(ledger))
        assert look not in analyst.get(ledger).content.decode()

    def test_of_rows_that_are_gone_are_not_found(self, analyst, met):
        assert analyst.get(reverse("outcomes:link-decide", args=[1, 2**40])).status_code == 404

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.FINANCE_OFFICER, Role.PARTNER_LEAD, Role.COMMISSIONER])
    def test_are_not_decided_by_others(self, asked, role):
        client = Client()
        client.force_login(user_with(role))
        assert client.post(reverse("outcomes:link-decide", args=[asked.first, asked.second])).status_code == 403
        assert client.post(reverse("outcomes:link-undo", args=[1])).status_code == 403
