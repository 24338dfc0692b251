"""Test data by name. Append your own; what is not said gets a value that the database accepts.

A submission's breakdowns always add up: whatever `breakdowns` leaves out is put into one category.

    SubmissionFactory(new_people=5, known_people=2, contacts=9)
    SubmissionFactory(new_people=3, breakdowns={"age_band": {"first_seen": {"10-13": 2, "14-15": 1}}})
    accepted_return(delivery, Month(2021, 6), new_people=8)
"""

from datetime import date, datetime, time

import factory
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from funding.models import (
    AwardYear,
    AwardYearStep,
    BridgeMovement,
    BridgeProposal,
    BridgingFacility,
    Fund,
    GrantReceipt,
    Match,
    PartnerAward,
    RingFence,
)
from funding.models.grants import STATED_AMOUNT
from outcomes.actions import templates
from outcomes.models import (
    Category,
    Extension,
    Measure,
    Obligation,
    Policy,
    ReturnVersion,
    Submission,
    SubmissionCount,
    TemplateVersion,
    Unlock,
    UnlockRequest,
)
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.models.templates import StandardFor
from outcomes.queries.questions import NoTemplate, template_for
from partners.models import Area, DataSharingAgreement, Membership, Message, Organisation, User
from partners.permissions import Role
from programmes.models import CountingBasis, Delivery, Programme, Rung, SchoolTerm, Setting, Target
from vru_portal.core.periods import Month
from vru_portal.core.working_days import working_day_of, working_days_after

PASSWORD = "a long enough test password"

DISTRICTS = {
    "E08000025": "Birmingham",
    "E08000026": "Coventry",
    "E08000027": "Dudley",
    "E08000028": "Sandwell",
    "E08000029": "Solihull",
    "E08000030": "Walsall",
    "E08000031": "Wolverhampton",
}

# Where a breakdown's people go when a test does not say: codes as in the reference tables.
USUAL_CATEGORY = {
    Dimension.AGE_BAND: "14-15",
    Dimension.SEX: "not-known",
    Dimension.ETHNICITY: "not-known",
    Dimension.DISTRICT: "E08000025",
}


def noon(day: date) -> datetime:
    """An aware moment of a day, to be told as `now`."""
    return timezone.make_aware(datetime.combine(day, time(12)))


# ---- Reference tables (found again where they are loaded) ----
class AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area
        django_get_or_create = ("gss_code",)

    gss_code = "E08000025"
    name = factory.LazyAttribute(lambda area: DISTRICTS.get(area.gss_code, area.gss_code))
    kind = Area.Kind.DISTRICT


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("dimension", "code")

    dimension = Dimension.AGE_BAND
    code = "14-15"
    name = factory.LazyAttribute(lambda category: DISTRICTS.get(category.code, category.code.replace("-", " ")))
    is_known = factory.LazyAttribute(lambda category: category.code != "not-known")
    area = factory.LazyAttribute(
        lambda category: AreaFactory(gss_code=category.code) if category.code in DISTRICTS else None
    )


class PolicyFactory(DjangoModelFactory):
    class Meta:
        model = Policy
        django_get_or_create = ("effective_from",)

    effective_from = date(2021, 4, 1)
    supported_rungs = factory.LazyFunction(lambda: [Rung.BRIEF_CONTACT, Rung.GROUP, Rung.ONE_TO_ONE])
    due_working_day = 10
    release_working_day = 15
    round_to = 5
    hide_below = 5


class SettingFactory(DjangoModelFactory):
    class Meta:
        model = Setting
        django_get_or_create = ("code",)

    code = "school"
    name = factory.LazyAttribute(lambda setting: setting.code.replace("-", " ").capitalize())


# ---- Organisations and people ----
class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Riverbank Youth Trust {n}")
    kind = Organisation.Kind.CHARITY


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.PARTNER
    started_on = date(2020, 4, 1)


def user_with(role: Role, organisation: Organisation | None = None, **user) -> User:
    """Somebody with one role: at the organisation, or at the unit (staff, auditors), or at one of their own."""
    kinds = {
        Role.PARTNER: Organisation.Kind.CHARITY,
        Role.PARTNER_LEAD: Organisation.Kind.CHARITY,
        Role.COMMISSIONER: Organisation.Kind.COMMISSIONER,
    }
    organisation = organisation or OrganisationFactory(kind=kinds.get(role, Organisation.Kind.UNIT))
    return MembershipFactory(role=role, organisation=organisation, user=UserFactory(**user)).user


class DataSharingAgreementFactory(DjangoModelFactory):
    """Until further notice; `ended_on=…` gives what belongs to an early end."""

    class Meta:
        model = DataSharingAgreement

    organisation = factory.SubFactory(OrganisationFactory)
    starts_on = date(2021, 4, 1)
    document = factory.Sequence(lambda n: f"Information governance, DSA-{n}")
    recorded_at = noon(date(2021, 4, 1))
    recorded_by = factory.SubFactory(UserFactory)
    ended_on = None
    ended_at = factory.LazyAttribute(lambda agreement: agreement.ended_on and noon(agreement.ended_on))
    ended_by = factory.LazyAttribute(lambda agreement: UserFactory() if agreement.ended_on else None)
    ended_reason = factory.LazyAttribute(lambda agreement: "They give counts." if agreement.ended_on else "")


class MessageFactory(DjangoModelFactory):
    """Of a state, with what belongs to it."""

    class Meta:
        model = Message

    key = factory.Sequence(lambda n: f"test:{n}")
    kind = "outcomes.digest"
    to_user = factory.SubFactory(UserFactory)
    to_email = factory.LazyAttribute(lambda message: message.to_user.email)
    subject = "2 returns are due"
    body = "Hello"
    created_at = noon(date(2026, 6, 10))
    state = Message.State.QUEUED
    attempts = factory.LazyAttribute(lambda message: 0 if message.state == Message.State.QUEUED else 1)
    attempted_at = factory.LazyAttribute(lambda message: message.created_at if message.attempts else None)
    problem = factory.LazyAttribute(
        lambda message: "The mail server refused it." if message.state in ("failed", "not_known") else ""
    )
    sent_at = factory.LazyAttribute(lambda message: message.created_at if message.state == Message.State.SENT else None)


# ---- What is delivered ----
class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"programme-{n}")
    name = factory.Sequence(lambda n: f"Programme {n}")
    summary = "Youth workers meet young people where they are."
    prevention_level = Programme.PreventionLevel.SECONDARY
    life_stage = Programme.LifeStage.SCHOOL_AGE
    rung = Rung.ONE_TO_ONE

    @factory.post_generation
    def is_asked(programme, create, value):
        """Its deliveries can be asked for a return."""
        if create and value is not False:
            standard_template(programme)


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = Delivery
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"TEST-{n}")
    name = factory.LazyAttribute(lambda delivery: f"{delivery.programme.name} by {delivery.partner.name}")
    programme = factory.SubFactory(ProgrammeFactory)
    partner = factory.SubFactory(OrganisationFactory)
    setting = factory.SubFactory(SettingFactory)
    counting_basis = CountingBasis.AGGREGATE
    starts_on = date(2021, 4, 1)

    @classmethod
    def _create(cls, model_class, *args, **fields):
        """Registers and case references come with the agreement that they need."""
        partner = fields["partner"]
        if fields["counting_basis"] != CountingBasis.AGGREGATE and not partner.agreements.exists():
            DataSharingAgreementFactory(organisation=partner)
        return super()._create(model_class, *args, **fields)

    @factory.post_generation
    def areas(delivery, create, areas):
        """`areas=["E08000030"]`; Birmingham when not said."""
        delivery.areas.set([AreaFactory(gss_code=code) for code in areas or ["E08000025"]])


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = Target

    delivery = factory.SubFactory(DeliveryFactory)
    year = 2021
    people = 900
    reason = "Agreed in March."
    set_at = factory.LazyAttribute(lambda target: noon(date(target.year, 3, 24)))
    set_by = factory.SubFactory(UserFactory)


class SchoolTermFactory(DjangoModelFactory):
    class Meta:
        model = SchoolTerm

    area = factory.SubFactory(AreaFactory)
    name = factory.LazyAttribute(lambda term: f"{term.starts_on:%B %Y}")
    starts_on = date(2026, 4, 13)
    ends_on = date(2026, 7, 20)


# ---- Returns ----
class ObligationFactory(DjangoModelFactory):
    """`month` is the first day of the month that the return is owed for."""

    class Meta:
        model = Obligation

    delivery = factory.SubFactory(DeliveryFactory)
    month = date(2021, 6, 1)
    due_date = factory.LazyAttribute(lambda obligation: working_day_of(Month.of(obligation.month).plus(1), 10))
    opened_at = factory.LazyAttribute(lambda obligation: noon(obligation.month))


class ExtensionFactory(DjangoModelFactory):
    """From the day on which it is due. The due date itself stays: only the action moves both."""

    class Meta:
        model = Extension

    obligation = factory.SubFactory(ObligationFactory)
    due_before = factory.LazyAttribute(lambda extension: extension.obligation.due_date)
    due_date = factory.LazyAttribute(lambda extension: working_days_after(extension.due_before, 5))
    reason = "Their worker is ill."
    extended_at = factory.LazyAttribute(lambda extension: noon(extension.due_before))
    extended_by = factory.SubFactory(UserFactory)


def standard_template(programme: Programme) -> TemplateVersion:
    """What the programme is asked; if nothing is published, the standard: counts and who they were, or an estimate."""
    try:
        return template_for(programme, Month(2100, 1))
    except NoTemplate:
        kind = StandardFor.EXPOSURE if programme.counts_exposure else StandardFor.PEOPLE
        return published_template(kind, [NUMBERS_EXPOSED] if programme.counts_exposure else COUNTS, standard_for=kind)


NUMBERS_EXPOSED = {"key": "numbers", "title": "Numbers", "block": "exposure"}
COUNTS = [
    {"key": "numbers", "title": "Numbers", "block": "people"},
    {"key": "who", "title": "Who they were", "block": "who"},
]


def published_template(
    code: str, sections: list[dict], *, checks: list[dict] = (), first_month: Month | None = None, **facts
) -> TemplateVersion:
    """A live version of a new template; `sections` and `checks` as in outcomes/reference/templates.json."""
    now = noon(date(2021, 4, 1))
    version = templates.create(code=code, name=code.replace("-", " ").capitalize(), by=None, now=now, **facts)
    templates.fill(version=version, content={"sections": sections, "checks": checks}, by=None, now=now)
    return templates.publish(version=version, first_month=first_month or Month(2000, 1), by=None, now=now)


class MeasureFactory(DjangoModelFactory):
    class Meta:
        model = Measure

    code = factory.Sequence(lambda n: f"measure-{n}")
    name = factory.LazyAttribute(lambda measure: measure.code.replace("-", " ").capitalize())
    definition = "What counts, and what does not."
    people_label = "people"
    kind = Measure.Kind.NUMBER
    unit = Measure.Unit.PEOPLE
    over_months = factory.LazyAttribute(lambda measure: _adds_up(measure.kind, measure.unit))
    over_places = factory.LazyAttribute(lambda measure: _adds_up(measure.kind, measure.unit))


def _adds_up(kind: str, unit: str) -> str:
    """Numbers are summed; what cannot be comes together as it must."""
    if kind == "number" and unit != "percent":
        return "sum"
    return {"median": "median", "before_after": "average"}.get(kind, "not_additive")


def asking(*measures: Measure) -> list[dict]:
    """The sections that count people, and one that asks the measures."""
    questions = [{"measure": measure.code} for measure in measures]
    return [*COUNTS, {"key": "more", "title": "More", "questions": questions}]


class ReturnVersionFactory(DjangoModelFactory):
    class Meta:
        model = ReturnVersion

    class Params:
        decided = factory.Trait(
            decided_at=factory.LazyAttribute(lambda version: noon(version.obligation.due_date)),
            decided_by=factory.SubFactory(UserFactory),
        )
        sent_back = factory.Trait(decided=True, state=ReturnVersion.State.RETURNED, reason="The ages do not add up.")
        accepted = factory.Trait(decided=True, state=ReturnVersion.State.ACCEPTED)

    obligation = factory.SubFactory(ObligationFactory)
    number = 1
    template = factory.LazyAttribute(lambda version: standard_template(version.obligation.delivery.programme))
    created_at = factory.LazyAttribute(lambda version: noon(version.obligation.due_date))
    unlock = factory.LazyAttribute(lambda version: _unlock_of(version.obligation, version.created_at))
    voided_at = factory.LazyAttribute(
        lambda version: version.created_at if version.state == ReturnVersion.State.VOID else None
    )


class UnlockFactory(DjangoModelFactory):
    """For the partner, from noon of the day on which the return was due; five working days."""

    class Meta:
        model = Unlock

    version = factory.LazyFunction(lambda: sent_return(accepted=True))
    for_organisation = factory.LazyAttribute(
        lambda unlock: None if unlock.for_person else unlock.version.obligation.delivery.partner
    )
    for_person = None
    reason = "They counted a group twice."
    unlocked_at = factory.LazyAttribute(lambda unlock: noon(unlock.version.obligation.due_date))
    unlocked_by = factory.SubFactory(UserFactory)
    until = factory.LazyAttribute(lambda unlock: working_days_after(timezone.localdate(unlock.unlocked_at), 5))


class UnlockRequestFactory(DjangoModelFactory):
    class Meta:
        model = UnlockRequest

    version = factory.LazyFunction(lambda: sent_return(accepted=True))
    reason = "We counted a group twice."
    asked_at = factory.LazyAttribute(lambda request: noon(request.version.obligation.due_date))
    asked_by = factory.SubFactory(UserFactory)


def _unlock_of(obligation: Obligation, begun_at: datetime) -> Unlock | None:
    """So that what is accepted can be corrected; None if nothing is."""
    accepted = obligation.versions.filter(state=ReturnVersion.State.ACCEPTED).first()
    return accepted and UnlockFactory(version=accepted, unlocked_at=begun_at)


class SubmissionFactory(DjangoModelFactory):
    """Counts that add up. For the exposure rung: `exposed_people=900`, and the counts stay empty."""

    class Meta:
        model = Submission
        skip_postgeneration_save = True

    class Params:
        nil = factory.Trait(is_nil=True, nil_reason="Nobody came this month.", new_people=0)

    version = factory.SubFactory(ReturnVersionFactory, state=ReturnVersion.State.SUBMITTED)
    sequence = 1
    submitted_at = factory.LazyAttribute(lambda submission: submission.version.created_at)
    submitted_by = factory.SubFactory(UserFactory)
    exposed_people = None
    exposure_method = factory.LazyAttribute(lambda sent: "" if sent.exposed_people is None else "Counted twice a week.")
    new_people = factory.LazyAttribute(lambda sent: _unless_exposure(sent, 10))
    known_people = factory.LazyAttribute(lambda sent: _unless_exposure(sent, 0))
    already_counted_people = factory.LazyAttribute(lambda sent: _unless_exposure(sent, 0))
    contacts = factory.LazyAttribute(
        lambda sent: _unless_exposure(
            sent, (sent.new_people or 0) + (sent.known_people or 0) + (sent.already_counted_people or 0)
        )
    )

    @factory.post_generation
    def breakdowns(submission, create, breakdowns):
        """`{"age_band": {"first_seen": {"10-13": 3}, "already_counted": {…}}, …}`; written only when whole."""
        if submission.new_people is not None:
            people = {
                Seen.FIRST_SEEN: submission.new_people + submission.known_people,
                Seen.ALREADY_COUNTED: submission.already_counted_people,
            }
            SubmissionCount.objects.bulk_create(_counts(submission, people, breakdowns or {}))


def _unless_exposure(sent, value: int) -> int | None:
    return value if sent.exposed_people is None else None


def _counts(submission, people: dict[str, int], breakdowns: dict) -> list[SubmissionCount]:
    return [
        SubmissionCount(
            submission=submission,
            seen=seen,
            category=CategoryFactory(dimension=dimension, code=code),
            people=number,
        )
        for dimension in Dimension
        for seen, total in people.items()
        for code, number in breakdowns.get(dimension, {}).get(seen, {USUAL_CATEGORY[dimension]: total}).items()
        if number
    ]


@transaction.atomic
def sent_return(**version) -> ReturnVersion:
    """A version of which something was sent: waiting to be read, or `sent_back=True`, or `accepted=True`."""
    is_decided = {"sent_back", "accepted"} & version.keys()
    version = ReturnVersionFactory(**version) if is_decided else ReturnVersionFactory(state="submitted", **version)
    SubmissionFactory(version=version)
    return version


@transaction.atomic
def accepted_return(delivery: Delivery, month: Month, *, number: int = 1, **submission) -> ReturnVersion:
    """The delivery's return for the month, sent and accepted; `submission` as for `SubmissionFactory`."""
    obligation = Obligation.objects.filter(delivery=delivery, month=month.first).first()
    obligation = obligation or ObligationFactory(delivery=delivery, month=month.first)
    version = ReturnVersionFactory(obligation=obligation, number=number, accepted=True)
    SubmissionFactory(version=version, **submission)
    return version


# ---- Money ----
class FundFactory(DjangoModelFactory):
    class Meta:
        model = Fund

    funder = factory.SubFactory(OrganisationFactory, kind=Organisation.Kind.GOVERNMENT)
    name = factory.Sequence(lambda n: f"Violence reduction grant {n}")
    purpose = "Prevention of serious violence."


# The usual way of an award year, for `AwardYearFactory(at=…)`.
WAY = ["announced", "applied", "approved", "agreement_signed", "part_claimed", "fully_claimed", "reconciled", "closed"]


class AwardYearFactory(DjangoModelFactory):
    """With its steps, a month apart, up to `at`; each that states an amount states `pence`."""

    class Meta:
        model = AwardYear

    fund = factory.SubFactory(FundFactory)
    financial_year = 2022

    @classmethod
    def _create(cls, model_class, *args, at="announced", announced_on=date(2022, 4, 5), pence=100_000_00, **fields):
        states = WAY[: WAY.index(at) + 1]
        stated = {STATED_AMOUNT[state]: pence for state in states if state in STATED_AMOUNT}
        with transaction.atomic():
            award_year = model_class.objects.create(state=at, **stated, **fields)
            for number, state in enumerate(states):
                day = Month.of(announced_on).plus(number).first.replace(day=announced_on.day)
                AwardYearStep.objects.create(
                    award_year=award_year,
                    state=state,
                    on_date=day,
                    amount_pence=pence if state in STATED_AMOUNT else None,
                    by=UserFactory(),
                    recorded_at=noon(day),
                )
        return award_year


class GrantReceiptFactory(DjangoModelFactory):
    class Meta:
        model = GrantReceipt

    award_year = factory.SubFactory(AwardYearFactory, at="agreement_signed")
    amount_pence = 25_000_00
    on_date = date(2022, 7, 8)
    reference = factory.Sequence(lambda n: f"HO-{n}")
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = factory.LazyAttribute(lambda receipt: noon(receipt.on_date))


class RingFenceFactory(DjangoModelFactory):
    class Meta:
        model = RingFence

    award_year = factory.SubFactory(AwardYearFactory)
    purpose = factory.Sequence(lambda n: f"Purpose {n}")
    amount_kind = RingFence.AmountKind.FIXED
    amount_pence = 10_000_00


class MatchFactory(DjangoModelFactory):
    class Meta:
        model = Match

    award_year = factory.SubFactory(AwardYearFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    kind = Match.Kind.CASH
    amount_pence = 5_000_00
    evidence = factory.Sequence(lambda n: f"Letter {n}")


class PartnerAwardFactory(DjangoModelFactory):
    """For the whole of its award year when not said."""

    class Meta:
        model = PartnerAward

    delivery = factory.SubFactory(DeliveryFactory)
    award_year = factory.SubFactory(AwardYearFactory)
    amount_pence = 12_000_00
    starts_on = factory.LazyAttribute(lambda award: award.award_year.year.first)
    ends_on = factory.LazyAttribute(lambda award: award.award_year.year.last)
    reference = factory.Sequence(lambda n: f"A-{n:04d}")
    agreed_on = date(2022, 3, 25)
    proposed_by = factory.SubFactory(UserFactory)
    approved_by = factory.SubFactory(UserFactory)


class BridgingFacilityFactory(DjangoModelFactory):
    class Meta:
        model = BridgingFacility

    fund = factory.SubFactory(FundFactory)
    lender = factory.SubFactory(OrganisationFactory, kind=Organisation.Kind.COMMISSIONER)
    kind = BridgingFacility.Kind.LOAN
    limit_pence = 600_000_00
    decision_reference = factory.Sequence(lambda n: f"PCC-{n}")
    agreed_on = date(2022, 4, 1)
    starts_on = date(2022, 4, 1)
    expires_on = date(2022, 7, 31)
    purposes = "Keeps services open until the grant comes through."


class BridgeMovementFactory(DjangoModelFactory):
    """As somebody proposed it."""

    class Meta:
        model = BridgeMovement

    facility = factory.SubFactory(BridgingFacilityFactory)
    kind = BridgeMovement.Kind.DRAWDOWN
    amount_pence = 100_000_00
    on_date = date(2022, 5, 6)
    reference = factory.Sequence(lambda n: f"M-{n}")
    proposed_by = factory.SubFactory(UserFactory)
    approved_by = factory.SubFactory(UserFactory)
    recorded_at = factory.LazyAttribute(lambda movement: noon(movement.on_date))

    @classmethod
    def _create(cls, model_class, *args, **fields):
        with transaction.atomic():
            movement = model_class.objects.create(**fields)
            BridgeProposal.objects.create(
                movement=movement,
                facility=movement.facility,
                kind=movement.kind,
                amount_pence=movement.amount_pence,
                on_date=movement.on_date,
                reference=movement.reference,
                proposed_by=movement.proposed_by,
                proposed_at=movement.recorded_at,
            )
        return movement


class BridgeProposalFactory(DjangoModelFactory):
    class Meta:
        model = BridgeProposal

    facility = factory.SubFactory(BridgingFacilityFactory)
    kind = BridgeMovement.Kind.DRAWDOWN
    amount_pence = 100_000_00
    on_date = date(2022, 5, 6)
    reference = factory.Sequence(lambda n: f"P-{n}")
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = factory.LazyAttribute(lambda proposal: noon(proposal.on_date))
