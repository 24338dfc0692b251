"""Saying which deliveries the unit would keep longest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from funding.models import DeliveryPriority
from partners.actions.events import acting
from partners.models import User
from partners.permissions import Permission
from programmes.models import Delivery
from vru_portal.core.refusals import NotAllowed


def set_priorities(*, ranks: Mapping[Delivery, int | None], reason: str, by: User, now: datetime) -> list[Delivery]:
    """Place each delivery; None takes its place away. Returns those whose place changed, which alone are recorded."""
    with acting("funding.priorities.set", by=by, now=now, reason=reason) as act:
        if not (by.may(Permission.MANAGE_MONEY) or by.may(Permission.APPROVE_MONEY)):
            raise NotAllowed()
        known = {
            priority.delivery_id: priority
            for priority in DeliveryPriority.objects.select_for_update().filter(delivery__in=ranks.keys())
        }
        changed = []
        for delivery, rank in ranks.items():
            priority = known.get(delivery.pk)
            if (priority.rank if priority else None) == rank:
                continue
            if rank is None:
                priority.delete()
            elif priority:
                priority.rank = rank
                priority.save()
            else:
                DeliveryPriority.objects.create(delivery=delivery, rank=rank)
            act.on(delivery)
            changed.append(delivery)
    return changed
