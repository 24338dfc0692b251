"""What every decision of two people does and refuses: one proposes, another approves or declines."""

from __future__ import annotations

from datetime import datetime

from funding.models.deciding import DecidedByTwo
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.refusals import NotAllowed, Refusal


class OwnProposal(Refusal):
    def __init__(self) -> None:
        super().__init__("You proposed this yourself. Ask a colleague to approve it.")


class DecidedAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("Somebody has decided this already. Look at what is recorded.")


class ReferenceTaken(Refusal):
    about = ("reference", "decision_reference")

    def __init__(self, reference: str) -> None:
        super().__init__(f"The reference {reference} is used already. Give another one.")


def lock_open(proposal: DecidedByTwo, *with_it: str) -> DecidedByTwo:
    """The proposal as it stands, kept from others until the transaction ends; raise `DecidedAlready` if it was."""
    found = type(proposal).objects.select_related(*with_it) if with_it else type(proposal).objects
    locked = found.select_for_update(of=("self",)).get(pk=proposal.pk)
    if not locked.is_open:
        raise DecidedAlready()
    return locked


def refuse_own(asked: DecidedByTwo, by: User) -> None:
    if asked.proposed_by_id == by.pk:
        raise OwnProposal()


def approve(asked: DecidedByTwo, *, by: User, now: datetime) -> None:
    """Once every rule has been asked."""
    refuse_own(asked, by)
    asked.approved_by, asked.approved_at = by, now
    asked.save(update_fields=["approved_by", "approved_at"])


def decline(asked: DecidedByTwo, *, reason: str, by: User) -> None:
    """Whoever proposed it may take it back this way."""
    if not by.may(Permission.APPROVE_MONEY) and asked.proposed_by_id != by.pk:
        raise NotAllowed()
    asked.declined_by, asked.declined_reason = by, reason
    asked.save(update_fields=["declined_by", "declined_reason"])
