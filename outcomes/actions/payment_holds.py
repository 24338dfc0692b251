"""A missing return holds what is paid, where an award says so; it is lifted when the return comes.

`funding` knows nothing of returns, so this upper app calls its actions: by the clock every day, and whenever a return
comes or is waived.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from funding.actions import payments
from funding.models import PartnerAward, PaymentHold
from funding.queries import payables
from outcomes.models import Obligation
from programmes.models import Delivery

# So many days before a payment is due its partner hears what it waits for.
AHEAD = timedelta(days=7)


def review(*, delivery: Delivery | None = None, now: datetime) -> None:
    """Place and lift holds as things stand: of one delivery, or of all."""
    today = timezone.localdate(now)
    awards = PartnerAward.objects.agreed_by(today).filter(holds_for_returns=True, amount_pence__gt=0)
    if delivery is not None:
        awards = awards.filter(delivery=delivery)
    awards = list(awards.select_related("delivery__partner", "award_year"))
    if not awards:
        return
    held = set(PaymentHold.objects.filter(award__in=awards, lifted_at__isnull=True).values_list("award", flat=True))
    due = {payable.award.pk for payable in payables(awards) if payable.due_on <= today + AHEAD and not payable.is_paid}
    missing = _missing({award.delivery_id for award in awards}, today)
    for award in awards:
        obligations = missing.get(award.delivery_id, [])
        if award.pk in due and obligations:
            payments.hold(award=award, reason=_in_words(obligations), now=now)
        elif award.pk in held:
            payments.lift(award=award, now=now)


def _missing(deliveries: set[int], today: date) -> dict[int, list[Obligation]]:
    """By delivery, the returns that were due and never came, the oldest first."""
    late = Obligation.objects.late(today).filter(delivery__in=deliveries).select_related("delivery")
    found: dict[int, list[Obligation]] = {}
    for obligation in late.order_by("month"):
        found.setdefault(obligation.delivery_id, []).append(obligation)
    return found


def _in_words(missing: list[Obligation]) -> str:
    first, more = missing[0], len(missing) - 1
    others = "" if not more else " and 1 later return" if more == 1 else f" and {more} later returns"
    return f"Waits for the {first.period} return{others} of {first.delivery.name}."
