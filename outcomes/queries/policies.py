"""The rules that are in force."""

from __future__ import annotations

from datetime import date

from outcomes.models import Policy
from vru_portal.core.refusals import Refusal


class NoPolicy(Refusal):
    pass


def policy_on(day: date) -> Policy:
    """The policy in force on a day; raises `NoPolicy` if none is that old."""
    policy = Policy.objects.filter(effective_from__lte=day).first()
    if policy is None:
        raise NoPolicy(f"No policy is in force on {day:%-d %B %Y}. Add one under Settings, Policies.")
    return policy
