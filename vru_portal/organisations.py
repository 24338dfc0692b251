"""The page of an organisation that an officer reads before a telephone call, and prints: composed of the returns that
it owes, how far it is on the way to its targets, and its money. `partners` knows nothing of these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from funding import queries as money
from funding.models import PartnerAward
from funding.models.claims import ClaimState
from funding.queries import AwardMoney, Payable
from funding.queries.claims import WITH_THE_UNIT_OR_QUERIED
from outcomes.models import Obligation, ReturnVersion
from outcomes.queries.review import heat_map
from outcomes.queries.targets import progress_so_far
from outcomes.queries.unlocks import waiting_requests
from partners.models import Organisation, User
from partners.permissions import Permission
from partners.views import organisations as views
from vru_portal.core.money import pounds
from vru_portal.core.periods import FinancialYear
from vru_portal.today import Need, late_return


class ShowOrganisation(views.ShowOrganisation):
    """With what there is to talk about, and how its returns, targets and money of the year stand."""

    template_name = "portal/organisation.html"

    def get_context_data(self, **kwargs) -> dict:
        context, user, today = super().get_context_data(**kwargs), self.request.user, timezone.localdate()
        partner, year = context["organisation"], FinancialYear.of(today)
        lines = award_lines(user, partner, year, today) if user.may(Permission.VIEW_MONEY) else []
        progresses = progress_so_far(context["deliveries"], year, today)
        return context | {
            "year": year,
            "to_talk_about": to_talk_about(user, partner, today),
            "heat": heat_map(user, year, today, partner=partner),
            "progresses": [
                (each, progresses[each.pk]) for each in context["deliveries"] if progresses[each.pk].is_owed
            ],
            "award_lines": lines,
            "paid": sum(line.money.paid for line in lines),
            "awarded": sum(line.money.awarded for line in lines),
        }


@dataclass(frozen=True)
class AwardLine:
    """`next`: what is paid of it next; None where nothing more is."""

    award: PartnerAward
    money: AwardMoney
    next: Payable | None

    @property
    def to_pay(self) -> int:
        """Of what is paid next, as much as is not paid yet."""
        return self.next.amount - self.next.paid if self.next else 0


def award_lines(user: User, partner: Organisation, year: FinancialYear, today: date) -> list[AwardLine]:
    """Its awards of the financial year, with what was claimed and paid of each by now."""
    of_partner = money.partner_awards(user=user, as_at=today).filter(delivery__partner=partner)
    awards = list(of_partner.filter(award_year__financial_year=year.start))
    unpaid = [each for each in money.payables(awards) if not (each.is_paid or each.award.award_year.is_settled)]
    by_award = {each.award.pk: each for each in reversed(unpaid)}
    known = {each.award.pk: each for each in money.money_of(awards, as_at=today)}
    return [AwardLine(award, known[award.pk], by_award.get(award.pk)) for award in awards]


def to_talk_about(user: User, partner: Organisation, today: date) -> list[Need]:
    """What waits for the partner or for the unit, the partner's returns first."""
    return [
        *_returns(user, partner, today),
        *_unlocks(user, partner),
        *_claims(user, partner, today),
        *_payments(user, partner, today),
    ]


def _returns(user: User, partner: Organisation, today: date) -> Iterator[Need]:
    owed = Obligation.objects.visible_to(user).filter(delivery__partner=partner).select_related("delivery__partner")
    yield from (late_return(each, today) for each in owed.late(today).order_by("due_date", "delivery__name"))
    sent = ReturnVersion.objects.filter(obligation__in=owed).select_related("obligation__delivery")
    for state, words in (("returned", "was sent back and has not come again"), ("submitted", "waits to be read")):
        for version in sent.filter(state=state).order_by("obligation__month", "obligation__delivery__name"):
            obligation = version.obligation
            sentence = f"{obligation.delivery.name}: the {obligation.period} return {words}."
            yield Need(sentence, reverse("outcomes:return-detail", args=[obligation.pk]), "Open")


def _unlocks(user: User, partner: Organisation) -> Iterator[Need]:
    for request in waiting_requests(user).filter(version__obligation__delivery__partner=partner):
        obligation = request.version.obligation
        sentence = (
            f"{request.asked_by} asks to change the accepted {obligation.period} return of {obligation.delivery}."
        )
        yield Need(sentence, reverse("outcomes:return-detail", args=[obligation.pk]), "Open")


def _claims(user: User, partner: Organisation, today: date) -> Iterator[Need]:
    for due in money.claims_due(user=user, today=today):
        if due.late and due.award.delivery.partner_id == partner.pk:
            sentence = f"{due.award.delivery.name}: the claim for {due.quarter} is {due.late}."
            yield Need(sentence, reverse("funding:award-detail", args=[due.award.pk]), "Open")
    may_answer = {asked.claim.pk for asked in money.claims_asked(user=user)}
    sent = money.claims(user=user).filter(state__in=WITH_THE_UNIT_OR_QUERIED, award__delivery__partner=partner)
    for claim in sent:
        if claim.state == ClaimState.SENT:
            words = "waits to be read"
        else:
            words = "waits for their answer" if claim.pk in may_answer else "cannot be answered any more: decline it"
        sentence = f"{claim.award.delivery.name}: the claim for {claim.period} {words}."
        yield Need(sentence, reverse("funding:claim-detail", args=[claim.pk]), "Open")


def _payments(user: User, partner: Organisation, today: date) -> Iterator[Need]:
    for due in money.next_payments(user=user, today=today):
        award, url = due.award, reverse("funding:award-detail", args=[due.award.pk])
        name = award.delivery.name
        if award.delivery.partner_id != partner.pk:
            continue
        if due.hold:
            yield Need(f"{name}: payments of {award.reference} are held. {due.hold.reason}", url, "Open")
        elif due.due_on < today:
            left = pounds(due.amount - due.paid)
            yield Need(f"{name}: {left} was due to them on {due.due_on:%-d %B %Y} and is not paid.", url, "Open")
