"""Test data by name: of people, of money, and here of deliveries and returns. Append your own; what is not said gets a
value that the database accepts.

A submission's breakdowns always add up: whatever `breakdowns` leaves out is put into one category.

    SubmissionFactory(new_people=5, known_people=2, contacts=9)
    SubmissionFactory(new_people=3, breakdowns={"age_band": {"first_seen": {"10-13": 2, "14-15": 1}}})
    accepted_return(delivery, Month(2021, 6), new_people=8)
"""

from datetime import date, datetime

import factory
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from outcomes.actions import releases, templates
from outcomes.models import (
    Category,
    Certificate,
    Extension,
    Measure,
    Objection,
    Obligation,
    Policy,
    ReturnTemplate,
    ReturnVersion,
    Submission,
    SubmissionCount,
    TemplateSection,
    TemplateVersion,
    Unlock,
    UnlockRequest,
)
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.models.templates import StandardFor
from outcomes.queries.certificates import certificate_of
from outcomes.queries.questions import NoTemplate, template_for
from programmes.models import CountingBasis, Delivery, Programme, Rung, SchoolTerm, Setting, Target
from tests.factories.funding import (  # noqa: F401 - for who imports from here
    WAY,
    AwardYearFactory,
    BridgeMovementFactory,
    BridgingFacilityFactory,
    BudgetChangeFactory,
    BudgetLineFactory,
    ClaimFactory,
    ClaimFileFactory,
    ConditionFactory,
    FundFactory,
    GrantClaimFactory,
    GrantReceiptFactory,
    InstalmentAwardFactory,
    MatchConfirmationFactory,
    MatchFactory,
    PartnerAwardFactory,
    PartnerPaymentFactory,
    RingFenceFactory,
    UnitSpendFactory,
)
from tests.factories.people import (  # noqa: F401
    DISTRICTS,
    PASSWORD,
    AreaFactory,
    DataSharingAgreementFactory,
    MembershipFactory,
    MessageFactory,
    OrganisationFactory,
    UserFactory,
    noon,
    typed_by,
    user_with,
)
from vru_portal.core.periods import Month
from vru_portal.core.working_days import working_day_of, working_days_after

# Where a breakdown's people go when a test does not say: codes as in the reference tables.
USUAL_CATEGORY = {
    Dimension.AGE_BAND: "14-15",
    Dimension.SEX: "not-known",
    Dimension.ETHNICITY: "not-known",
    Dimension.DISTRICT: "E08000025",
}


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
        if programme.counts_exposure:
            return _published_standard(StandardFor.EXPOSURE, [NUMBERS_EXPOSED])
        return _published_standard(StandardFor.PEOPLE, COUNTS)


def _published_standard(kind: StandardFor, sections: list[dict]) -> TemplateVersion:
    """Row by row: nearly every test wants it, and the actions would ask the database thirty times."""
    now = noon(date(2021, 4, 1))
    template = ReturnTemplate.objects.create(code=kind, name=kind.capitalize(), standard_for=kind)
    version = TemplateVersion.objects.create(template=template, number=1, created_at=now)
    TemplateSection.objects.bulk_create(
        TemplateSection(version=version, order=order, **section) for order, section in enumerate(sections, 1)
    )
    version.state, version.effective_from, version.published_at = TemplateVersion.State.LIVE, date(2000, 1, 1), now
    version.save(update_fields=["state", "effective_from", "published_at"])
    return version


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
    counting_basis = factory.LazyAttribute(lambda version: version.obligation.delivery.counting_basis)
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


class ObjectionFactory(DjangoModelFactory):
    class Meta:
        model = Objection

    channel = Objection.Channel.WRITTEN
    recorded_at = noon(date(2021, 7, 5))
    recorded_by = factory.SubFactory(UserFactory)
    rows_purged = 0
    partners_purged = 0


def certify(release):
    """A certificate of the truth alone, for a release that was written by hand; it hides nothing, by it."""
    return Certificate.objects.create(
        release=release,
        number=1,
        output_fingerprint=release.output_fingerprint,
        made_with=release.attacked_with,
        is_searched=False,
        worlds=b"",
        world_count=0,
        numbers=0,
        proven=0,
        made_at=release.produced_at,
    )


def why_unproven(release):
    """What the database wants to hear of a release that is approved: nothing, where all is proven."""
    certificate = certificate_of(release)
    return "" if certificate is None or certificate.is_whole else "Small numbers that are made up."


def approve(*, release, by, now, unproven_reason="Small numbers that are made up."):
    """As somebody does who has a reason for what is not proven."""
    return releases.approve(release=release, by=by, now=now, unproven_reason=unproven_reason)
