"""What the demo region lacks: on pages that the walk over every page passes, something that waits for somebody."""

from datetime import date, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from funding.models import AwardYear, Fund, WriteOff
from outcomes.actions import (
    cube,
    linkage,
    objections,
    publishing,
    quarter_reports,
    releases,
    report_mappings,
    unlocks,
)
from outcomes.demo.people import demo_accounts
from outcomes.models import (
    Certificate,
    LinkQuestion,
    Objection,
    Obligation,
    RegisterFile,
    Release,
    ReleaseRun,
    ReturnVersion,
)
from outcomes.queries import cube as queries
from outcomes.queries.linkage import accepted_versions
from outcomes.queries.objections import writings_of
from outcomes.registers.pseudonyms import Details
from partners.actions import accounts, invitations
from partners.models import Organisation, User
from partners.permissions import Role
from programmes.models import CountingBasis, Programme, Rung, Setting
from tests.factories import (
    BridgeMovementFactory,
    DeliveryFactory,
    GrantClaimFactory,
    InstalmentAwardFactory,
    MatchFactory,
    MeasureFactory,
    MembershipFactory,
    ObligationFactory,
    PartnerAwardFactory,
    PartnerPaymentFactory,
    UserFactory,
)
from tests.test_registers_pages import AMINA, add, csv_of
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.core.working_days import is_working_day


def add_what_the_demo_lacks() -> str:
    """Gives the address of an invitation."""
    people = {account.code: User.objects.get(email=account.email) for account in demo_accounts()}
    now = timezone.now()
    lead = people[Role.PARTNER_LEAD]
    _, secret = invitations.invite(
        email="new@example.org",
        organisation=lead.memberships.get().organisation,
        role=Role.PARTNER,
        by=lead,
        now=now,
        link_to=lambda secret: secret,
    )
    MembershipFactory(organisation=lead.memberships.get().organisation, role=Role.PARTNER)
    for person in people.values():
        accounts.create_token(by=person, now=now)
    unlock_one(lead.memberships.get().organisation, by=people[Role.ANALYST])
    begin_a_register(lead)
    objections.record(
        writings=writings_of(Details(partner="", forename="Odd", surname="Oneout", postcode="ZZ9 9ZZ")),
        partner=None,
        channel=Objection.Channel.WRITTEN,
        by=people[Role.ANALYST],
        now=now,
    )
    count_the_newest_year(now)
    leave_a_number_unproven()
    publishing.grant_early_access(
        release=Release.objects.filter(approved_at=None, discarded_at=None).first(),
        user=people[Role.COMMISSIONER],
        reason="Answers for it on Thursday.",
        by=people[Role.DIRECTOR],
        now=now,
    )
    begin_a_report(people[Role.ANALYST], now)
    pay_too_much(lead.memberships.get().organisation, now)
    BridgeMovementFactory(approved_by=None)
    this_year = AwardYear.objects.get(financial_year=2026)
    GrantClaimFactory(award_year=this_year, reference="Waits")
    MatchFactory(award_year=this_year)
    MeasureFactory(name="About to be asked")
    ReleaseRun.objects.create(
        month=date(2021, 12, 1),
        requested_by=people[Role.ANALYST],
        requested_at=now,
        beat_at=now,
        state=ReleaseRun.State.FAILED,
        problem="The worker was stopped.",
    )
    return reverse("partners:invitation-accept", args=[secret])


def approve_before_its_day(director: User) -> str:
    """The release that waited, under embargo until tomorrow; gives the address of its page."""
    release, now = Release.objects.filter(approved_at=None, discarded_at=None).first(), timezone.now()
    publishing.announce(
        month=Month.of(release.month),
        public_at=now + timedelta(days=1),
        reason="After the board.",
        by=director,
        now=now,
    )
    releases.approve(release=release, by=director, now=now, unproven_reason="Made-up data.")
    return reverse("outcomes:release-detail", args=[release.pk])


def leave_a_number_unproven() -> None:
    """Of the release that waits; the search says what would have to be hidden for it to be proven."""
    release = Release.objects.filter(approved_at=None, discarded_at=None).first()
    hidden, shown = (
        release.figures.filter(upper__isnull=is_hidden).order_by("order").last() for is_hidden in (True, False)
    )
    left = [len(release.attacked_with), hidden.order, "upper"]
    Certificate.objects.create(
        release=release,
        number=release.certificates.count() + 1,
        output_fingerprint=release.output_fingerprint,
        made_with=release.attacked_with,
        is_searched=True,
        looked_further=True,
        worlds=b"",
        world_count=0,
        numbers=1,
        proven=0,
        unproven=[[*left, [[left[0], shown.order, "upper"]]]],
        further=[[shown.order, "upper", left]],
        code_version="",
        made_at=timezone.now(),
    )


def pay_too_much(partner: Organisation, now) -> None:
    """An award that was corrected below what was paid, of which a part waits to be written off; and one that nobody has
    claimed for yet."""
    year = AwardYear.objects.get(fund=Fund.objects.last(), financial_year=FinancialYear.of(now.date()).start)
    given = {"delivery": partner.deliveries.first(), "award_year": year}
    paid = InstalmentAwardFactory(**given, amount_pence=1_200_00, paid_by="monthly")
    PartnerPaymentFactory(instalment=paid.instalments.first(), amount_pence=100_00, approved_by=UserFactory())
    PartnerAwardFactory(**given, amount_pence=-1_150_00, paid_by="monthly", note="It ended early.")
    WriteOff.objects.create(
        award=paid,
        amount_pence=20_00,
        reason="The cost of asking is higher.",
        decision_reference="D-1",
        proposed_by=UserFactory(),
        proposed_at=now,
    )
    PartnerAwardFactory(**given)


def begin_a_report(analyst: User, now) -> None:
    """To a funder: one of a quarter that nobody has signed, a draft of the next mapping, and quarters to begin."""
    who = {"by": analyst, "now": now}
    report = report_mappings.add_report(name="Local return", fund=Fund.objects.first(), **who)
    for code, label in (("1", "What worked"), ("2", "What did not")):
        facts = {"section": "In words", "code": code, "label": label, "source": "text"}
        report_mappings.put_row(mapping=report.mappings.get(), facts=facts, **who)
    year = FinancialYear(2021)
    report_mappings.publish(mapping=report.mappings.get(), first_quarter=year.quarters[0], **who)
    asked = quarter_reports.ask(report=report, quarter=year.quarters[2], **who)
    written = quarter_reports.fill(quarter_report_id=asked.pk, clock=lambda: now)
    for row in written.rows.all():
        quarter_reports.write(row=row, answer="Much.", **who)
    report_mappings.start(report=report, **who)


def unlock_one(organisation: Organisation, by: User) -> None:
    """A return that its partner may correct at present."""
    met = Obligation.objects.met().filter(delivery__partner=organisation, waived_at=None).order_by("month")
    met = met.exclude(versions__state__in=ReturnVersion.OPEN_STATES)
    until = timezone.localdate() + timedelta(days=7)
    while not is_working_day(until):
        until += timedelta(days=1)
    unlocks.unlock(obligation=met.first(), until=until, reason="One group was missed.", by=by, now=timezone.now())


def count_the_newest_year(now) -> None:
    """What the worker does for all years; and one decision of those that may be undone."""
    before, newest = (
        cube.bring_presence_up_to_date(year=year, last=last, linked=accepted_versions())
        for year, last in queries.years_to_count()[-2:]
    )
    cube.bring_cells_up_to_date(cube=newest, before=before, now=now)
    asked = LinkQuestion.objects.first()
    linkage.decide(
        first=asked.first,
        second=asked.second,
        are_one=asked.are_one,
        reason="",
        by=User.objects.get(email=next(a.email for a in demo_accounts() if a.code == Role.ANALYST)),
        now=now,
    )


def begin_a_register(lead: User) -> None:
    """A delivery that gives registers, with a file in this month's."""
    today = timezone.localdate()
    delivery = DeliveryFactory(
        partner=lead.memberships.get().organisation,
        programme=Programme.objects.filter(rung=Rung.ONE_TO_ONE).first(),
        setting=Setting.objects.first(),
        counting_basis=CountingBasis.REGISTER,
        starts_on=today.replace(day=1),
    )
    client = Client()
    client.force_login(lead)
    obligation = ObligationFactory(delivery=delivery, month=today.replace(day=1))
    add(client, obligation, csv_of(AMINA, day=f"{today:%d/%m/%Y}"))
    assert RegisterFile.objects.filter(state=RegisterFile.State.TAKEN).exists()
