"""Asking the funder: keeping versions of an application, and claims that one person proposes and another approves."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from funding.actions.amounts import AmountWrong, refuse_absurd
from funding.actions.award_years import NoteMissing, lock
from funding.actions.deciding import ReferenceTaken, approve, decline, lock_open, refuse_own
from funding.models import Application, AwardYear, GrantClaim
from funding.queries.yearly_round import claimed, contents_of
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.periods import Month, Quarter
from vru_portal.core.refusals import Refusal


class NothingPlanned(Refusal):
    def __init__(self) -> None:
        super().__init__("Nothing is planned for this year yet. Put money on the lines of its budget first.")


class NothingNew(Refusal):
    def __init__(self, version: int) -> None:
        super().__init__(f"Nothing has changed since version {version}. Send that one.")


class NotSigned(Refusal):
    def __init__(self) -> None:
        super().__init__("A grant is claimed once its agreement is signed. Record the signature first.")


class MoreThanGranted(Refusal):
    about = ("amount_pence",)


def keep_application(*, award_year: AwardYear, note: str = "", by: User, now: datetime) -> Application:
    """Keep what the records say now as the next version of the application. It asks for what the budget adds up to."""
    with acting("funding.application.kept", by=by, now=now, reason=note) as act:
        require(by, Permission.MANAGE_MONEY)
        locked = lock(award_year)
        contents = contents_of(locked)
        asked = contents.asked_pence
        if asked <= 0:
            raise NothingPlanned()
        last = locked.applications.first()
        if last and last.contents == contents.as_json():
            raise NothingNew(last.version)
        version = (locked.applications.aggregate(last=Max("version"))["last"] or 0) + 1
        application = Application.objects.create(
            award_year=locked,
            version=version,
            asked_pence=asked,
            note=note,
            contents=contents.as_json(),
            kept_by=by,
            kept_at=now,
        )
        act.on(application)
    return application


def propose_claim(
    *,
    award_year: AwardYear,
    quarter: Quarter,
    amount_pence: int,
    reference: str,
    note: str = "",
    by: User,
    now: datetime,
) -> GrantClaim:
    """Ask that so much be claimed from the funder for a quarter. Less than nothing, with a note, corrects."""
    with acting("funding.claim.proposed", by=by, now=now, reason=note) as act:
        require(by, Permission.MANAGE_MONEY)
        locked = lock(award_year)
        claim = GrantClaim(
            award_year=locked,
            quarter=quarter.months[0].first,
            amount_pence=amount_pence,
            reference=reference,
            note=note,
            proposed_by=by,
            proposed_at=now,
        )
        _refuse_unfit(claim)
        if locked.claims.filter(reference=reference).exists():
            raise ReferenceTaken(reference)
        claim.save()
        act.on(claim)
    return claim


def approve_claim(*, claim: GrantClaim, by: User, now: datetime) -> GrantClaim:
    """Approve what another proposed: it is claimed, and never changes."""
    with acting("funding.claim.approved", by=by, now=now, reason=claim.note) as act:
        require(by, Permission.APPROVE_MONEY)
        lock(claim.award_year)
        asked = lock_open(claim, "award_year__fund")
        refuse_own(asked, by)
        _refuse_unfit(asked)
        approve(asked, by=by, now=now)
        act.on(asked)
    return asked


def decline_claim(*, claim: GrantClaim, reason: str, by: User, now: datetime) -> GrantClaim:
    """Say no to a proposed claim, with a reason; who proposed it may take it back this way."""
    with acting("funding.claim.declined", by=by, now=now, reason=reason) as act:
        asked = lock_open(claim)
        decline(asked, reason=reason, by=by)
        act.on(asked)
    return asked


def _refuse_unfit(claim: GrantClaim) -> None:
    """The rules that the database keeps too (`grantclaim_*`), said in sentences."""
    award_year = claim.award_year
    refuse_absurd(claim.amount_pence)
    if claim.amount_pence == 0:
        raise AmountWrong("Enter the amount that is claimed. A correction is an amount below zero.")
    if claim.amount_pence < 0 and not claim.note:
        raise NoteMissing("Say in the note what this amount below zero corrects.")
    if not award_year.is_secured:
        raise NotSigned()
    if Month.of(claim.quarter).financial_year != award_year.year:
        raise MoreThanGranted(f"Choose a quarter of {award_year.year}.", about="quarter")
    if claim.amount_pence > 0:
        left = award_year.awarded_pence - claimed(award_year, but=claim)
        if claim.amount_pence > left:
            raise MoreThanGranted(f"Only {pounds(left)} of this grant is left to claim. Give that or less.")
        return
    taken = claimed(award_year, but=claim, lowest=True)
    if taken + claim.amount_pence < 0:
        raise MoreThanGranted(f"Only {pounds(taken)} has been claimed. Take back that or less.")
