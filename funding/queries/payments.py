"""What was claimed, paid and forecast of awards, and what is to be paid next. Whole pence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from funding.models import (
    Claim,
    ClaimStep,
    Forecast,
    Instalment,
    PartnerAward,
    PartnerPayment,
    PaymentHold,
    WriteOff,
)
from funding.models.claims import ClaimState
from funding.models.grants import SETTLED_STATES
from funding.queries.claims import steps_at
from partners.models import User
from vru_portal.core.periods import FinancialYear, Month

# From a payment to the award that it is of.
WAYS = ("instalment__award", "claim__award")
ASKED = (ClaimState.SENT, ClaimState.QUERIED, ClaimState.APPROVED)


@dataclass(frozen=True)
class AwardMoney:
    """Of one award (or of one correction, whose amount is below zero) on a day. Sums of these are the sums of what they
    belong to: an award year, a ring-fence, a delivery."""

    award: PartnerAward
    claimed: int
    approved: int
    paid: int
    forecast: int | None  # None: nobody has made one
    written_off: int

    @property
    def awarded(self) -> int:
        return self.award.amount_pence


def money_of_awards(*, user: User, as_at: date) -> list[AwardMoney]:
    """Each award agreed by the day that the user may see, with what was claimed, approved, paid, forecast and written
    off by then."""
    awards = PartnerAward.objects.visible_to(user).agreed_by(as_at)
    return _money(
        awards.select_related(
            "delivery__partner", "delivery__programme", "award_year__fund", "ring_fence"
        ).prefetch_related("delivery__areas"),
        as_at,
    )


def money_of(awards: Iterable[PartnerAward], *, as_at: date) -> list[AwardMoney]:
    """Of awards that the caller has found visible."""
    return _money(PartnerAward.objects.filter(pk__in=[award.pk for award in awards]), as_at)


def _money(awards: QuerySet[PartnerAward], as_at: date) -> list[AwardMoney]:
    claimed, approved = defaultdict(int), defaultdict(int)
    of_claims = ClaimStep.objects.filter(claim__award__in=awards).select_related("claim")
    for step in steps_at(of_claims, as_at).values():
        claimed[step.claim.award_id] += step.amount_pence if step.state in ASKED else 0
        approved[step.claim.award_id] += step.amount_pence if step.state == ClaimState.APPROVED else 0
    paid = _paid_by_award(PartnerPayment.objects.approved_by_end_of(as_at).filter(on_date__lte=as_at), awards)
    forecast = _forecasts(awards, as_at)
    written_off = _sums(WriteOff.objects.approved_by_end_of(as_at).filter(award__in=awards).values_list("award"))
    return [
        AwardMoney(
            award,
            claimed[award.pk],
            approved[award.pk],
            paid.get(award.pk, 0),
            sum(forecast[award.pk].values()) if award.pk in forecast else None,
            written_off.get(award.pk, 0),
        )
        for award in awards
    ]


def _paid_by_award(payments: QuerySet[PartnerPayment], awards: QuerySet[PartnerAward]) -> dict[int, int]:
    of_award = payments.annotate(award_pk=Coalesce(F("instalment__award"), F("claim__award")))
    return _sums(of_award.filter(award_pk__in=awards.values("pk")).values_list("award_pk"))


def _sums(rows: QuerySet) -> dict[int, int]:
    return {key: int(pence) for key, pence in rows.order_by().annotate(pence=Sum("amount_pence"))}


def _forecasts(awards: QuerySet[PartnerAward], as_at: date) -> dict[int, dict[date, int]]:
    """By award and month, the latest made by the day."""
    latest: dict[int, dict[date, int]] = defaultdict(dict)
    made = Forecast.objects.filter(award__in=awards, made_at__date__lte=as_at).order_by("id")
    for award, month, pence in made.values_list("award", "month", "amount_pence"):
        latest[award][month] = pence
    return latest


def latest_forecasts(awards: Iterable[PartnerAward], *, as_at: date) -> dict[int, dict[Month, int]]:
    """By award and month, the latest forecast made by the day, of awards that the caller has found visible."""
    found = _forecasts(PartnerAward.objects.filter(pk__in=[award.pk for award in awards]), as_at)
    return {award: {Month.of(day): pence for day, pence in months.items()} for award, months in found.items()}


def forecast_of(award: PartnerAward) -> dict[Month, Forecast]:
    """The latest forecast of each month that has one."""
    made = award.forecasts.select_related("made_by").order_by("id")
    return {Month.of(forecast.month): forecast for forecast in made}


def paid_like(award: PartnerAward) -> int:
    """The pence paid of the award and of all that corrects it or adds to it."""
    alike = PartnerAward.objects.like(award).filter(approved_by__isnull=False)
    return sum(_paid_by_award(PartnerPayment.objects.approved(), alike).values())


def overpaid(award: PartnerAward) -> int:
    """What was paid beyond what is awarded now, and neither came back nor was written off or is proposed to be."""
    alike = PartnerAward.objects.like(award).filter(approved_by__isnull=False)
    off = WriteOff.objects.filter(award__in=alike, declined_by__isnull=True)
    return paid_like(award) - _total(alike) - _total(off)


def _total(rows: QuerySet) -> int:
    return int(rows.aggregate(pence=Sum("amount_pence"))["pence"] or 0)


# ---- What is to be paid ----


@dataclass(frozen=True)
class Payable:
    """An instalment, or an approved claim, with what was paid and is proposed of it."""

    award: PartnerAward
    subject: Instalment | Claim
    due_on: date
    amount: int
    payments: tuple[PartnerPayment, ...]
    hold: PaymentHold | None

    @property
    def is_claim(self) -> bool:
        return isinstance(self.subject, Claim)

    @property
    def paid(self) -> int:
        return sum(payment.amount_pence for payment in self.payments if payment.approved_by_id)

    @property
    def proposed(self) -> int:
        return sum(payment.amount_pence for payment in self.payments if payment.is_open)

    @property
    def left(self) -> int:
        """Neither paid nor proposed."""
        return self.amount - self.paid - max(0, self.proposed)

    @property
    def is_paid(self) -> bool:
        return self.paid >= self.amount

    @property
    def what(self) -> str:
        """“Instalment 3”, “Claim for Quarter 2 of 2026/27”"""
        return f"Claim for {self.subject.period}" if self.is_claim else f"Instalment {self.subject.number}"


def payables(awards: Iterable[PartnerAward]) -> list[Payable]:
    """Every instalment and every approved claim of awards that the caller has found visible, in the order of their
    days."""
    keys = [award.pk for award in awards]
    holds = {hold.award_id: hold for hold in PaymentHold.objects.filter(award__in=keys, lifted_at__isnull=True)}
    paid = Prefetch("payments", PartnerPayment.objects.select_related("proposed_by", "approved_by", "declined_by"))
    with_award = ("award__delivery__partner", "award__award_year__fund")
    instalments = Instalment.objects.filter(award__in=keys).select_related(*with_award).prefetch_related(paid)
    claims = Claim.objects.filter(award__in=keys, state=ClaimState.APPROVED).with_total()
    claims = claims.select_related(*with_award).prefetch_related(paid, "steps")
    found = [
        *(_payable(each, each.due_on, each.amount_pence, holds) for each in instalments),
        *(_payable(each, _approved_on(each), each.total, holds) for each in claims),
    ]
    return sorted(found, key=lambda payable: (payable.due_on, payable.award.delivery.name, payable.subject.pk))


def _approved_on(claim: Claim) -> date:
    return timezone.localdate(max(step.at for step in claim.steps.all()))


def _payable(subject: Instalment | Claim, due_on: date, amount: int, holds: dict[int, PaymentHold]) -> Payable:
    return Payable(subject.award, subject, due_on, amount, tuple(subject.payments.all()), holds.get(subject.award_id))


def payables_seen(*, user: User, today: date) -> list[Payable]:
    """Of the awards that the user may see and whose grant is not settled."""
    awards = PartnerAward.objects.visible_to(user).agreed_by(today).exclude(award_year__state__in=SETTLED_STATES)
    return payables(awards)


def next_payments(*, user: User, today: date) -> list[Payable]:
    """Of each award the next that is not paid in full."""
    found: dict[int, Payable] = {}
    for payable in payables_seen(user=user, today=today):
        if not payable.is_paid:
            found.setdefault(payable.award.pk, payable)
    return list(found.values())


def payments_waiting(*, user: User, today: date) -> QuerySet[PartnerPayment]:
    """Proposed payments that somebody may decide, for those who see all of the money."""
    return _to_whom(PartnerPayment.objects.visible_to(user).ready(today))


def payments_prepared(*, user: User, today: date) -> QuerySet[PartnerPayment]:
    """Proposed payments of a day to come."""
    return _to_whom(PartnerPayment.objects.visible_to(user).prepared(today))


def years_with_payments() -> list[FinancialYear]:
    """In which partners were paid, the newest first."""
    days = PartnerPayment.objects.approved().with_day().values_list("day", flat=True).distinct()
    return sorted({FinancialYear.of(day) for day in days}, reverse=True)


def payments_made(*, user: User, year: FinancialYear, find: str = "") -> QuerySet[PartnerPayment]:
    """What was paid in the year, the newest first. `find`: a part of its reference, or of the partner's or delivery's
    name or the reference of its award."""
    made = PartnerPayment.objects.visible_to(user).approved().with_day().filter(day__range=(year.first, year.last))
    if find:
        found = Q(reference__icontains=find)
        for way in WAYS:
            for name in ("reference", "delivery__name", "delivery__partner__name"):
                found |= Q(**{f"{way}__{name}__icontains": find})
        made = made.filter(found)
    awards = (f"{way}__{name}" for way in WAYS for name in ("delivery__partner", "award_year__fund"))
    return made.select_related("proposed_by", "approved_by", *awards).order_by("-day", "-pk")


def paid_by_award_year(made: QuerySet[PartnerPayment]) -> list[tuple[FinancialYear, int]]:
    """How much of these payments is of awards of which financial year, the newest first: what is claimed for a year's
    last quarter is paid in the next one."""
    year = Coalesce(*(F(f"{way}__award_year__financial_year") for way in WAYS))
    sums = _sums(made.annotate(award_year_start=year).values_list("award_year_start"))
    return [(FinancialYear(start), pence) for start, pence in sorted(sums.items(), reverse=True)]


def _to_whom(payments: QuerySet[PartnerPayment]) -> QuerySet[PartnerPayment]:
    """Each with its award's `standing_holds`."""
    standing = PaymentHold.objects.filter(lifted_at__isnull=True)
    return payments.select_related("proposed_by", *(f"{way}__delivery__partner" for way in WAYS)).prefetch_related(
        *(Prefetch(f"{way}__holds", standing, to_attr="standing_holds") for way in WAYS)
    )


def write_offs_of(award: PartnerAward) -> QuerySet[WriteOff]:
    return award.write_offs.select_related("proposed_by", "approved_by", "declined_by")


def write_offs_waiting(*, user: User) -> QuerySet[WriteOff]:
    return WriteOff.objects.visible_to(user).open()
