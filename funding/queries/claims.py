"""Claims that partners owe or have made, as somebody may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from django.db.models import Prefetch, QuerySet, Sum
from django.utils import timezone

from funding.models import Claim, ClaimFile, ClaimLine, ClaimStep, PartnerAward
from funding.models.awards import PaidBy, of_same_money
from funding.models.claims import DUE_AFTER, ClaimQuerySet, ClaimState
from funding.models.grants import SETTLED_STATES
from funding.queries.standing import standing_at
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.periods import Month, Quarter, days_late, months_between

WITH_THE_UNIT_OR_QUERIED = frozenset({ClaimState.SENT, ClaimState.QUERIED})


def draft_of(claim: Claim) -> dict[str, int | str]:
    """What stands in its form as it is stored now: pence by heading, and the answer so far (`note`)."""
    amounts = dict(claim.lines.order_by("heading").values_list("heading", "amount_pence"))
    return amounts | {"note": Claim.objects.values_list("answer", flat=True).get(pk=claim.pk)}


def claimed(claim: Claim) -> int:
    """The pence that it asks for."""
    return int(claim.lines.aggregate(pence=Sum("amount_pence"))["pence"] or 0)


def approved_claims_like(award: PartnerAward) -> tuple[int, int]:
    """The pence approved of the award's own claims, and of all claims out of the same money."""
    lines = ClaimLine.objects.filter(
        claim__state=ClaimState.APPROVED, claim__award__in=PartnerAward.objects.like(award)
    )
    summed = dict(lines.order_by().values_list("claim__award").annotate(pence=Sum("amount_pence")))
    return int(summed.get(award.pk, 0)), int(sum(summed.values()))


def is_changed_since_query(claim: Claim) -> bool:
    """A file was added or an amount changed since the unit asked; also if it never asked. Amounts by the row history,
    of which both ends are the database's own time."""
    newest = claim.steps.order_by("id").last()
    if newest is None or newest.state != ClaimState.QUERIED:
        return True
    amounts = ClaimLine.pgh_event_model.objects.filter(claim=claim, pgh_created_at__gt=_asked_at(claim))
    return claim.files.kept().filter(added_at__gt=newest.at).exists() or amounts.exists()


def lines_of(claim: Claim) -> list[ClaimLine]:
    """What it asks for under each heading; where it was declined before its partner answered, what was sent."""
    if not claim.is_declined_unanswered:
        return list(claim.lines.all())
    events = ClaimLine.pgh_event_model.objects.filter(claim=claim, pgh_created_at__lte=_asked_at(claim))
    last = {event.pgh_obj_id: event for event in events.order_by("pgh_id")}
    return [
        ClaimLine(claim=claim, heading=event.heading, amount_pence=event.amount_pence)
        for _, event in sorted(last.items())
        if event.pgh_label != "delete"
    ]


def _asked_at(claim: Claim) -> datetime:
    """When the unit asked last, by the database's own time."""
    events = Claim.pgh_event_model.objects.filter(pgh_obj=claim, state=ClaimState.QUERIED)
    return events.order_by("pgh_id").last().pgh_created_at


@dataclass(frozen=True)
class LeftToClaim:
    """What may still be approved: of an award by itself, or of all that is awarded out of the same money."""

    awarded: int
    approved: int

    @property
    def left(self) -> int:
        return self.awarded - self.approved


def left_to_claim(award: PartnerAward) -> LeftToClaim:
    """As things stand now."""
    return _left_to_claim([award])[award.pk]


def _left_to_claim(awards: Iterable[PartnerAward]) -> dict[int, LeftToClaim]:
    """By award, in as many queries for one as for many."""
    awards = {award.pk: award for award in awards}
    near = PartnerAward.objects.filter(
        award_year__in={award.award_year_id for award in awards.values()},
        delivery__in={award.delivery_id for award in awards.values()},
        approved_by__isnull=False,
    )
    lines = ClaimLine.objects.filter(claim__state=ClaimState.APPROVED, claim__award__in=near)
    approved = dict(lines.order_by().values_list("claim__award").annotate(pence=Sum("amount_pence")))
    left = {pk: each for alike in of_same_money(near) for pk, each in _left_of(alike, approved).items()}
    return {pk: left.get(pk, LeftToClaim(0, 0)) for pk in awards}


def may_be_sent(claim: Claim) -> bool:
    """It is the partner's turn, and something is left to claim of its award."""
    return claim.is_open and left_to_claim(claim.award).left > 0


def _left_of(alike: list[PartnerAward], approved: Mapping[int, int]) -> dict[int, LeftToClaim]:
    """By award, of those that are `like` each other: corrections may have taken back what one by itself still has."""
    bounds = {award.pk: LeftToClaim(award.amount_pence, int(approved.get(award.pk, 0))) for award in alike}
    together = LeftToClaim(
        sum(bound.awarded for bound in bounds.values()), sum(bound.approved for bound in bounds.values())
    )
    return {pk: min(own, together, key=lambda bound: bound.left) for pk, own in bounds.items()}


def steps_at(steps: QuerySet[ClaimStep], day: date) -> dict[int, ClaimStep]:
    """By claim, its last step by the end of the day, which says how it stood then and what it asked for."""
    return {step.claim_id: step for step in steps.filter(at__date__lte=day).order_by("id")}


def claims_open(*, user: User, as_at: date) -> list[Claim]:
    """Those that were sent or queried at the end of the day, each with the state and the `total` that it had then."""
    seen = claims(user=user)
    steps = steps_at(ClaimStep.objects.filter(claim__in=seen.values("pk")), as_at)
    found = list(seen.filter(pk__in=[pk for pk, step in steps.items() if step.state in WITH_THE_UNIT_OR_QUERIED]))
    for claim in found:
        claim.state, claim.total = steps[claim.pk].state, steps[claim.pk].amount_pence
    return found


def claims(*, user: User) -> ClaimQuerySet:
    """The latest quarter first, each with its `total`; to the unit, what it was sent."""
    seen = Claim.objects.visible_to(user)
    found = seen.with_total_as_sent() if user.may(Permission.VIEW_MONEY) else seen.with_total()
    return found.select_related("award__delivery__partner", "award__award_year__fund").order_by(
        "-quarter", "award__delivery__partner__name", "award__delivery__name", "id"
    )


def claim_with_parts(*, user: User) -> ClaimQuerySet:
    """To find one by its number, with all that its page shows."""
    return claims(user=user).prefetch_related(
        Prefetch("steps", ClaimStep.objects.select_related("by").order_by("id")),
        "lines",
        Prefetch("files", ClaimFile.objects.visible_to(user).select_related("added_by", "removed_by")),
    )


@dataclass(frozen=True)
class ClaimDue:
    """A quarter of an award for which no claim has been sent yet."""

    award: PartnerAward
    quarter: Quarter
    claim: Claim | None  # the draft that was begun
    today: date

    @property
    def first(self) -> date:
        return self.quarter.months[0].first

    @property
    def due_on(self) -> date:
        """So long after the quarter, or after a later day on which the award was agreed or approved: nobody could claim
        before."""
        award = self.award
        return max(self.quarter.months[-1].last, award.agreed_on, timezone.localdate(award.approved_at)) + DUE_AFTER

    @property
    def late(self) -> str:
        """“3 days late”; empty if it is not."""
        return days_late(self.due_on, self.today)


@dataclass(frozen=True)
class ClaimAsked:
    """A claim about which the unit asks something, and the step that says what."""

    claim: Claim
    step: ClaimStep


def claims_asked(*, user: User) -> list[ClaimAsked]:
    """Those that wait for their partner's answer, the longest waiting first; none of an award of which nothing is left,
    for no answer could be sent."""
    queried = list(claim_with_parts(user=user).filter(state=ClaimState.QUERIED))
    left = _left_to_claim(claim.award for claim in queried)
    asked = [ClaimAsked(claim, list(claim.steps.all())[-1]) for claim in queried if left[claim.award_id].left > 0]
    return sorted(asked, key=lambda each: each.step.at)


def quarters_of(award: PartnerAward) -> list[Quarter]:
    months = months_between(Month.of(award.starts_on), Month.of(award.ends_on))
    return list(dict.fromkeys(month.quarter for month in months))


def claims_due(*, user: User, today: date, award: PartnerAward | None = None) -> list[ClaimDue]:
    """Of each award that is claimed for, or of one alone, the quarters that are over and not sent by the end of the
    day, the longest due first. Nothing is asked for where nothing was left to claim on that day, nor out of a grant
    that is reconciled."""
    awards = PartnerAward.objects.visible_to(user).agreed_by(today).filter(paid_by=PaidBy.CLAIMS)
    if award is not None:
        awards = awards.like(award)
    steps = steps_at(ClaimStep.objects.filter(claim__award__in=awards), today)
    found = awards.select_related("delivery__partner", "award_year__fund")
    together = of_same_money(found.prefetch_related("claims", "award_year__steps"))
    due = chain.from_iterable(_due(alike, steps, today) for alike in together)
    return sorted(
        (each for each in due if award is None or each.award == award),
        key=lambda each: (each.due_on, each.award.delivery.name),
    )


def _due(alike: list[PartnerAward], steps: Mapping[int, ClaimStep], today: date) -> Iterable[ClaimDue]:
    """Of awards that are `like` each other."""
    standing = standing_at(alike[0].award_year.steps.all(), today)
    if standing and standing.state in SETTLED_STATES:
        return
    left = _left_of(alike, {award.pk: _approved(award, steps) for award in alike})
    for award in alike:
        if left[award.pk].left > 0:
            yield from _due_of(award, steps, today)


def _approved(award: PartnerAward, steps: Mapping[int, ClaimStep]) -> int:
    """The pence of its claims that were approved by these steps."""
    last = [steps[claim.pk] for claim in award.claims.all() if claim.pk in steps]
    return sum(step.amount_pence for step in last if step.state == ClaimState.APPROVED)


def _due_of(award: PartnerAward, steps: Mapping[int, ClaimStep], today: date) -> Iterable[ClaimDue]:
    begun = {claim.period: claim for claim in award.claims.all() if claim.pk in steps}
    for quarter in quarters_of(award):
        claim = begun.get(quarter)
        if quarter.months[-1].last < today and (claim is None or steps[claim.pk].state == ClaimState.DRAFT):
            yield ClaimDue(award, quarter, claim, today)
