"""The demo region's registers: that the returns say what they count, and whom they tell of."""

from collections import defaultdict
from datetime import date

import pytest

from outcomes.demo import agreements
from outcomes.demo.deliveries import DELIVERIES
from outcomes.demo.meetings import begun, meetings
from outcomes.demo.registers import Registers, YoungPeople
from outcomes.models import RegisterContact, RegisterFile, ReturnVersion, SubmissionCount
from outcomes.queries.register_keys import register_keys
from outcomes.queries.registers import counted
from outcomes.registers.counting import agreement
from outcomes.registers.linking import Identity, link
from partners.models import DataSharingAgreement
from programmes.models import CountingBasis, Delivery
from tests.test_demo_region import TODAY
from tests.test_demo_region import region as region
from vru_portal.core.periods import Month

pytestmark = [pytest.mark.region, pytest.mark.django_db]
State = ReturnVersion.State
LAST = Month(2026, 10)
SPECS = {spec.code: spec for spec in DELIVERIES}


def version_of(code: str, month: Month) -> ReturnVersion:
    versions = ReturnVersion.objects.exclude(state=State.VOID).select_related("obligation__delivery")
    return versions.get(obligation__delivery__code=code, obligation__month=month.first)


def years_of_people(met) -> dict[int, set[int]]:
    found = defaultdict(set)
    for (_, month), meeting in met.items():
        found[month.financial_year.start].update(row.person for row in meeting.rows)
    return found


class TestWhoGivesRegisters:
    def test_is_every_delivery_of_the_partners_with_agreements_that_supports_young_people(self, region):
        agreed = DataSharingAgreement.objects.values("organisation")
        for delivery in Delivery.objects.filter(partner__in=agreed).select_related("programme"):
            supports = delivery.programme.beneficiary == "young_people" and not delivery.programme.counts_exposure
            assert delivery.gives_rows == supports
        assert not Delivery.objects.exclude(partner__in=agreed).exclude(counting_basis=CountingBasis.AGGREGATE).exists()
        assert Delivery.objects.get(counting_basis=CountingBasis.CASE_REFERENCE).code == "CUSTODY-COV"

    def test_covers_twenty_partners(self, region):
        assert DataSharingAgreement.objects.values("organisation").distinct().count() == len(agreements.PARTNERS) == 20

    def test_makes_a_register_of_each_return_that_was_sent_under_an_agreement_and_of_no_other(self, region):
        sent = ReturnVersion.objects.filter(submissions__is_nil=False).select_related("obligation__delivery")
        with_register = set(RegisterFile.objects.filter(state="taken").values_list("version", flat=True))
        for version in sent:
            obligation = version.obligation
            agreed = DataSharingAgreement.objects.live_on(obligation.period.last)
            gives = obligation.delivery.gives_rows and agreed.filter(organisation=obligation.delivery.partner).exists()
            assert (version.pk in with_register) == gives, obligation


class TestReturns:
    @pytest.mark.parametrize(
        ("code", "month"),
        [
            ("HEAL-HUB", Month(2021, 4)),
            ("HEAL-HUB-ONLINE", Month(2021, 12)),
            ("ED-WLV", Month(2021, 11)),  # late
            ("ED-WLV", Month(2021, 12)),
            ("CUSTODY-BC", Month(2021, 6)),  # from paper
            ("OUTREACH-BHM", Month(2022, 3)),
            ("OUTREACH-BHS", Month(2023, 5)),  # with people of the year before
            ("OUTREACH-WSL", Month(2026, 4)),  # after years without registers
            ("CUSTODY-COV", Month(2026, 10)),  # references alone
            ("SCHOOL-COV", Month(2026, 10)),  # waits to be read
            ("CHOICES-SAW", Month(2026, 10)),  # came back
        ],
        ids=str,
    )
    def test_say_what_the_site_counts_in_their_registers(self, region, code, month):
        version = version_of(code, month)
        found, said = counted(version), version.latest_submission
        cells = SubmissionCount.objects.filter(submission=said, people__gt=0)
        assert (found.new_people, found.known_people) == (said.new_people, said.known_people)
        assert (found.already_counted_people, found.contacts) == (said.already_counted_people, said.contacts)
        assert found.cells == {(cell.seen, cell.category_id): cell.people for cell in cells}
        assert found.people > 5

    def test_are_begun_with_the_register_so_far(self, region):
        version = version_of("HEAL-HUB", Month.of(TODAY))
        found = counted(version)
        assert version.state == State.DRAFT
        assert {name: int(version.typed[name]) for name in ("already_counted_people", "contacts")} == {
            "already_counted_people": found.already_counted_people,
            "contacts": found.contacts,
        }
        assert found.contacts > found.people == found.already_counted_people > 0

    def test_have_counts_alone_where_the_installation_has_no_key(self, region, settings):
        version = version_of("HEAL-HUB", Month(2021, 4))
        assert Registers(YoungPeople(Month(2021, 4))).may_hold(version)
        settings.REGISTER_KEYS_FILE = settings.REGISTER_KEYS = ""
        assert not Registers(YoungPeople(Month(2021, 4))).may_hold(version)

    def test_stand_under_the_key_of_the_installation(self, region):
        versions = set(RegisterContact.objects.values_list("identity__key_version", flat=True).distinct())
        assert versions == {register_keys()[0].version}

    def test_keep_nothing_that_the_register_says_of_somebody_who_gives_references_alone(self, region):
        contact = RegisterContact.objects.filter(file__version__obligation__delivery__code="CUSTODY-COV").first()
        packed = bytes(contact.identity.packed)
        assert sum(any(packed[at : at + 16]) for at in range(0, len(packed), 16)) == 1


class TestPeople:
    """Needs no database: whom the registers tell of is made up before anything is written."""

    def test_are_met_by_several_partners_now_and_then(self):
        partners = defaultdict(set)
        for (code, _), meeting in meetings(Month(2022, 3)).items():
            for row in meeting.rows:
                partners[row.person].add(SPECS[code].partner)
        shared = sum(len(met_by) > 1 for met_by in partners.values())
        assert 0.10 < shared / len(partners) < 0.15

    def test_come_back_in_later_years(self):
        years = years_of_people(meetings(LAST))
        assert len(years[2021] & years[2026]) > 50
        assert len(years[2021] & years[2022]) > 50

    def test_are_written_alike_each_time_by_one_partner(self):
        written = defaultdict(set)
        for (code, _), meeting in meetings(LAST).items():
            for row in meeting.rows:
                written[row.person, SPECS[code].partner].add(row.written)
        assert {len(ways) for ways in written.values()} == {1}

    def test_met_by_an_earlier_day_are_those_of_a_later_one(self):
        earlier, later = meetings(Month(2021, 9)), meetings(LAST)
        assert earlier == {key: later[key] for key in earlier}
        spec, before = SPECS["HEAL-HUB"], later["HEAL-HUB", LAST]
        assert begun(spec, LAST.plus(1), 8, before) == begun(spec, LAST.plus(1), 8, before)

    def test_are_told_apart_by_the_linkage_nearly_always(self, region):
        contacts = RegisterContact.objects.filter(contact_on__range=(date(2021, 4, 1), date(2021, 6, 30)))
        contacts = list(contacts.select_related("identity", "file__version__obligation__delivery"))
        truth = [
            meetings(LAST)[delivery.code, Month.of(contact.contact_on)].rows[contact.row - 2].person
            for contact in contacts
            if (delivery := contact.file.version.obligation.delivery)
        ]
        groups = link([Identity(bytes(c.identity.packed), str(c.identity.partner_id)) for c in contacts]).groups
        found = agreement(groups.tolist(), truth)
        assert found.precision > 0.98
        assert found.recall > 0.99
        assert abs(found.count_error) < 0.015
