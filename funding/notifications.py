"""Messages about claims and payments: written with what causes them, so that nobody hears of what did not happen."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.template.loader import render_to_string

from funding.models import Claim, ClaimStep, PartnerPayment
from funding.models.claims import ClaimState
from funding.queries.claims import claimed
from partners.actions import messages
from partners.queries import people_of
from programmes.models import Delivery

_DECIDED = {
    ClaimState.QUERIED: "Please answer about your claim for {}",
    ClaimState.APPROVED: "Approved: your claim for {}",
    ClaimState.DECLINED: "Not approved: your claim for {}",
}


def claim_decided(step: ClaimStep, claim: Claim, *, now: datetime) -> None:
    """Tell the partner's people what the unit asks about their claim, or what it decided, and why."""
    delivery = claim.award.delivery
    _tell(
        delivery,
        f"funding.claim_{step.state}:{step.pk}",
        f"{_DECIDED[step.state].format(claim.period)}: {delivery}",
        {"claim": claim, "step": step, "claimed": claimed(claim)},
        about=claim,
        now=now,
    )


def paid(payment: PartnerPayment, *, now: datetime) -> None:
    """Tell the partner's people what is paid to them, and for what."""
    delivery = payment.award.delivery
    _tell(
        delivery,
        f"funding.paid:{payment.pk}",
        f"A payment for {delivery}",
        {"payment": payment},
        about=payment.award,
        now=now,
    )


def _tell(delivery: Delivery, what: str, subject: str, context: dict, *, about: models.Model, now: datetime) -> None:
    """`what` is the kind, and which one it is; the kind names the template."""
    kind, _, _ = what.partition(":")
    more = {"delivery": delivery, "unit_name": settings.UNIT_NAME, "address": settings.PORTAL_ADDRESS}
    for person in people_of(delivery.partner, now):
        messages.write(
            key=f"{what}:{person.pk}",
            kind=kind,
            to=person,
            subject=subject,
            body=render_to_string(f"{kind.replace('.', '/')}.txt", context | more | {"person": person}),
            about=[about],
            organisation=delivery.partner,
            now=now,
        )
