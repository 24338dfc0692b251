"""A partner's claim for a quarter: filled in, sent with evidence, queried, and approved or declined by the unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from funding import notifications
from funding.actions import evidence
from funding.actions.amounts import AmountWrong, refuse_absurd
from funding.actions.award_years import NoteMissing, lock
from funding.actions.awards import MoreThanAwarded
from funding.actions.deciding import DecidedAlready
from funding.models import Claim, ClaimFile, ClaimLine, ClaimStep, PartnerAward
from funding.models.claims import TRANSITIONS, ClaimHeading, ClaimState
from funding.queries.claims import claimed, draft_of, is_changed_since_query, left_to_claim, quarters_of
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.money import pounds
from vru_portal.core.periods import Quarter
from vru_portal.core.refusals import NotAllowed, Refusal


class NotClaimable(Refusal):
    """Nothing can be claimed of this award, or for this quarter."""


class NotYours(Refusal):
    """It is the other side's turn, or decided."""

    def __init__(self, claim: Claim) -> None:
        state = "with the unit" if claim.state == ClaimState.SENT else claim.get_state_display().lower()
        comes_back = " You can change it if the unit asks something." if claim.state == ClaimState.SENT else ""
        super().__init__(f"This claim is {state} by now, so it stays as it is.{comes_back}")


class ChangedMeanwhile(Refusal):
    """`stands`: the draft as it is by now."""

    def __init__(self, stands: Mapping[str, int | str]) -> None:
        answer = [f"your answer “{stands['note']}”"] if stands["note"] else []
        amounts = [f"{h.label} {pounds(stands[h])}" for h in ClaimHeading if h in stands]
        super().__init__(
            "Somebody changed this claim since you opened it, perhaps you in another tab. By now it says: "
            f"{'; '.join([*amounts, *answer]) or 'nothing'}. What you typed stands here and is not saved: save again "
            "to replace that."
        )


class EvidenceMissing(Refusal):
    about = ("files",)


class AnswerMissing(Refusal):
    about = ("note",)

    def __init__(self) -> None:
        super().__init__("Answer what the unit asks, or add a file.")


class OwnClaim(Refusal):
    def __init__(self) -> None:
        super().__init__("You sent this claim yourself. Ask a colleague to decide it.")


def start(*, award: PartnerAward, quarter: Quarter, by: User, now: datetime) -> Claim:
    """Begin the claim of a quarter that is over; the one that was begun already, if there is one."""
    with acting("funding.claim.started", by=by, now=now) as act:
        lock(award.award_year)  # first, as whoever forecasts, holds or writes off does
        locked = (
            PartnerAward.objects.select_for_update(of=("self",))
            .select_related("delivery__partner", "award_year")
            .get(pk=award.pk)
        )
        _require_claimant(by, locked)
        first = quarter.months[0].first
        if found := locked.claims.filter(quarter=first).first():
            return found
        if not (locked.approved_by_id and locked.is_claimed and locked.amount_pence > 0):
            raise NotClaimable("This award is not paid by claims. “Our money” says what is paid, and when.")
        if locked.award_year.is_settled:
            raise NotClaimable(f"The grant behind it is {locked.award_year.get_state_display().lower()}. Ask the unit.")
        if left_to_claim(locked).left <= 0:
            raise NotClaimable("Nothing of this award is left to claim. Its page says what was claimed and taken back.")
        if quarter not in quarters_of(locked):
            raise NotClaimable(f"This award does not run in {quarter}.")
        last = quarter.months[-1].last
        if last >= timezone.localdate(now):
            raise NotClaimable(f"Claim for what was spent once the quarter is over: after {last:%-d %B %Y}.")
        claim = Claim.objects.create(award=locked, quarter=first)
        _step(claim, ClaimState.DRAFT, by=by, now=now)
        act.on(claim, organisation=locked.delivery.partner)
    return claim


def save(
    *,
    claim: Claim,
    amounts: Mapping[str, int | None],
    answer: str | None = None,
    opened: Mapping[str, int | str] | None = None,
    by: User,
    now: datetime,
) -> Claim:
    """What was spent under each heading, in pence; nothing, or zero, leaves a heading out. `answer`: what is to be said
    to a query, so far; None leaves it as it is. `opened`: the draft that its writer began with, see `draft_of`; refuses
    where another stands there by now, unless it is what is to be saved."""
    with acting("funding.claim.saved", by=by, now=now):  # nobody needs an entry for every draft
        locked = _lock_open(claim, by)
        stands = draft_of(locked)
        answer = stands["note"] if answer is None else answer.strip()
        wanted = {heading: pence for heading, pence in amounts.items() if pence} | {"note": answer}
        if opened is not None and stands not in (opened, wanted):
            raise ChangedMeanwhile(stands)
        _write(locked, amounts)
        _keep_answer(locked, answer)
    return locked


def add_file(*, claim: Claim, name: str, content: bytes, by: User, now: datetime) -> ClaimFile:
    """Keep a piece of evidence; `evidence.check` says what is taken."""
    with (
        evidence.stored(name, content) as (kind, stored_as),
        acting("funding.claim.file_added", by=by, now=now, reason=name[:200]) as act,
    ):
        locked = _lock_open(claim, by)
        file = evidence.keep(claim=locked, name=name, content=content, kind=kind, stored_as=stored_as, by=by, now=now)
        act.on(locked, organisation=locked.award.delivery.partner)
    return file


def remove_file(*, file: ClaimFile, by: User, now: datetime) -> ClaimFile:
    """The file goes; that it was there stays."""
    with acting("funding.claim.file_removed", by=by, now=now, reason=file.name) as act:
        locked = _lock_open(file.claim, by)
        kept = ClaimFile.objects.select_for_update().get(pk=file.pk)
        if kept.removed_at is None:
            evidence.remove(kept, by=by, now=now)
            act.on(locked, organisation=locked.award.delivery.partner)
    return kept


def send(*, claim: Claim, amounts: Mapping[str, int | None], note: str = "", by: User, now: datetime) -> Claim:
    """Send it to the unit, with what stands in its form; after a query, with an answer."""
    with acting("funding.claim.sent", by=by, now=now, reason=note) as act:
        locked = _lock_open(claim, by)
        _write(locked, amounts)
        if not claimed(locked):
            raise AmountWrong("Enter what you spent under one heading at least.")
        _refuse_beyond_award(locked, "Claim that or less, or ask your contact at the unit to look at the award.")
        if not locked.files.kept().exists():
            raise EvidenceMissing("Add one file at least that shows what was spent.")
        if not (note.strip() or is_changed_since_query(locked)):
            raise AnswerMissing()
        _step(locked, ClaimState.SENT, note, by=by, now=now)
        _keep_answer(locked, "")
        act.on(locked, organisation=locked.award.delivery.partner)
    return locked


def query(*, claim: Claim, question: str, by: User, now: datetime) -> Claim:
    """Ask the partner something; the claim is theirs again until they answer."""
    if not (by.may(Permission.MANAGE_MONEY) or by.may(Permission.APPROVE_MONEY)):
        raise NotAllowed()
    return _decide(claim, ClaimState.QUERIED, question, by=by, now=now)


def approve(*, claim: Claim, by: User, now: datetime) -> Claim:
    """What it asks for is owed to the partner from now on."""
    require(by, Permission.APPROVE_MONEY)
    return _decide(claim, ClaimState.APPROVED, by=by, now=now)


def decline(*, claim: Claim, reason: str, by: User, now: datetime) -> Claim:
    """Nothing of it is paid, and it is not asked again; also while its partner has a question to answer, which cannot
    be done any more where nothing of the award is left."""
    require(by, Permission.APPROVE_MONEY)
    return _decide(claim, ClaimState.DECLINED, reason, by=by, now=now)


def _decide(claim: Claim, state: ClaimState, note: str = "", *, by: User, now: datetime) -> Claim:
    with acting(f"funding.claim.{state}", by=by, now=now, reason=note) as act:
        lock(claim.award.award_year)
        locked = _lock(claim)
        if state not in TRANSITIONS[locked.state]:
            raise DecidedAlready()
        if state != ClaimState.APPROVED and not note.strip():
            raise NoteMissing("Say to the partner what you ask, or why.")
        if locked.steps.filter(state=ClaimState.SENT, by=by).exists():
            raise OwnClaim()
        if state == ClaimState.APPROVED:
            _refuse_beyond_award(locked, "Query the claim, or decline it.")
        step = _step(locked, state, note, by=by, now=now)
        notifications.claim_decided(step, locked, now=now)
        act.on(locked, organisation=locked.award.delivery.partner)
    return locked


def _refuse_beyond_award(claim: Claim, what_to_do: str) -> None:
    """The rule that the database keeps too (`claimstep_within_award`), said in a sentence."""
    asked, left = claimed(claim), left_to_claim(claim.award).left
    if asked > left:
        raise MoreThanAwarded(f"{pounds(asked)} is claimed, and {pounds(left)} of the award is left. {what_to_do}")


def _write(claim: Claim, amounts: Mapping[str, int | None]) -> None:
    wanted = {heading: pence for heading, pence in amounts.items() if pence}
    refuse_absurd(*wanted.values())
    if any(pence < 0 for pence in wanted.values()):
        raise AmountWrong("An amount that was spent is not below zero.")
    standing = {line.heading: line for line in claim.lines.all()}
    for heading in ClaimHeading.values:
        line, pence = standing.get(heading), wanted.get(heading)
        if line and not pence:
            line.delete()
        elif line and line.amount_pence != pence:
            line.amount_pence = pence
            line.save(update_fields=["amount_pence"])
        elif pence and not line:
            ClaimLine.objects.create(claim=claim, heading=heading, amount_pence=pence)


def _keep_answer(claim: Claim, answer: str) -> None:
    if claim.answer != answer:
        claim.answer = answer
        claim.save(update_fields=["answer"])


def _step(claim: Claim, state: ClaimState, note: str = "", *, by: User, now: datetime) -> ClaimStep:
    step = ClaimStep.objects.create(claim=claim, state=state, note=note.strip(), by=by, at=now)
    if claim.state != state:
        claim.state = state
        claim.save(update_fields=["state"])
    return step


def _lock(claim: Claim) -> Claim:
    found = Claim.objects.select_related("award__delivery__partner", "award__award_year")
    return found.select_for_update(of=("self",)).get(pk=claim.pk)


def _lock_open(claim: Claim, by: User) -> Claim:
    """The award year first, as whoever decides the claim does."""
    lock(claim.award.award_year)
    locked = _lock(claim)
    _require_claimant(by, locked.award)
    if not locked.is_open:
        raise NotYours(locked)
    return locked


def _require_claimant(by: User, award: PartnerAward) -> None:
    if not by.may_at(Permission.MAKE_CLAIM, award.delivery.partner):
        raise NotAllowed()
