"""A return's way to the unit: begun, saved, sent, and taken back. What becomes of it then: `decisions`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from outcomes.actions import payment_holds
from outcomes.actions.answers import Answers, as_typed, is_counted_field, is_words_field, words_as_typed
from outcomes.actions.return_access import (
    IS_ACCEPTED,
    NotOpen,
    is_own,
    lock,
    lock_version,
    may_take_back,
    require_writer,
    told_at,
    why_not_begun,
)
from outcomes.actions.return_checks import Problem, nobody_measured, problems, to_explain, unexplained
from outcomes.models import (
    Explanation,
    MeasureAnswer,
    MeasureAnswerPart,
    Obligation,
    ReturnVersion,
    Submission,
    SubmissionCount,
)
from outcomes.models.returns import ReturnVersionRevisionReason
from outcomes.models.templates import SectionBlock
from outcomes.queries.questions import Questions, questions_of, template_for
from outcomes.queries.registers import counted, counts_from_register, why_not_nil
from outcomes.queries.standing import month_before, open_version
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from programmes.models import CountingBasis
from vru_portal.core import free_text
from vru_portal.core.refusals import Refusal

State = ReturnVersion.State


# ---- Refusals ----
class AlreadySent(NotOpen):
    pass


class ChangedMeanwhile(Refusal):
    """Somebody saved after this return was checked."""


class DoesNotAddUp(Refusal):
    """The answers break rules: `problems` says which, and beside which field."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in found))
        self.problems = found


# ---- Filling in ----
FROM_REGISTER = "This is counted from the register. Change the register instead."


def start(*, obligation: Obligation, by: User, now: datetime) -> ReturnVersion:
    """The open version of the return, begun if there is none."""
    with acting("outcomes.return.started", by=by, now=now) as act:
        obligation = lock(obligation.pk)
        require_writer(by, obligation, now)
        version = open_version(obligation)
        if version is None:
            version = _begin(obligation, by=by, now=now)
            act.on(version, organisation=obligation.delivery.partner)
    return version


def _begin(obligation: Obligation, *, by: User, now: datetime) -> ReturnVersion:
    if why := why_not_begun(obligation):
        raise NotOpen(why)
    number = obligation.versions.count() + 1
    return ReturnVersion.objects.create(
        obligation=obligation,
        number=number,
        template=template_for(obligation.delivery.programme, obligation.period),
        counting_basis=obligation.delivery.counting_basis,
        created_at=now,
        created_by=by,
        is_backfilled=not is_own(by, obligation),
        revision_reason="" if number == 1 else ReturnVersionRevisionReason.LATE_RETURN,
    )


@dataclass(frozen=True)
class Saved:
    """What a save came to. `differing`: fields that somebody else has changed since this page was opened, with what
    they typed; that stands. `held`: fields that hold what somebody could be known by, each with its sentence; they are
    written nowhere."""

    version: ReturnVersion
    differing: Mapping[str, str]
    held: Mapping[str, str]
    by_whom: str = ""  # “Asha Patel changed this at 10:42.”, “You changed this elsewhere at 10:42.”


def save_draft(
    *, version: ReturnVersion, typed: Mapping[str, str], opened: Mapping[str, str], by: User, now: datetime
) -> Saved:
    """Keep what was changed on a page, right or wrong. `typed` and `opened`: what stands in the page's fields now and
    what stood there when it was opened, by field name; a field that is not in `typed` is left alone.

    Two people may be at it: each field is kept for who changed it, and where both changed the same one, the first.
    """
    with acting("outcomes.return.saved", by=by, now=now):  # nobody needs an entry for every few words
        version = lock_version(version)
        require_writer(by, version.obligation, now)
        require_unsent(version)
        kept, differing, held = dict(version.typed), {}, {}
        gives_register = version.counting_basis != CountingBasis.AGGREGATE
        from_register = gives_register and counts_from_register(version.obligation)
        for name in typed:
            text, before, theirs = (fields.get(name, "").strip() for fields in (typed, opened, kept))
            if text in (before, theirs):
                continue
            if from_register and is_counted_field(name):
                held[name] = FROM_REGISTER
            elif sentence := free_text.sentence("This", text):
                held[name] = sentence
            elif theirs != before:
                differing[name] = theirs
            else:
                kept[name] = text
        _keep(version, {name: text for name, text in kept.items() if text}, by=by, now=now)
        return Saved(version, differing, held, _who_was_first(version, differing, by, now))


def keep_counted(version: ReturnVersion, counts: Mapping[str, str], *, by: User, now: datetime) -> None:
    """Write what was counted from a register in place of what was there, in a version that is locked and unsent."""
    kept = {name: text for name, text in version.typed.items() if not is_counted_field(name)}
    _keep(version, kept | dict(counts), by=by, now=now)


MOST_TYPED = 100_000  # characters; the longest return holds a tenth of that


def _keep(version: ReturnVersion, typed: Mapping[str, str], *, by: User, now: datetime) -> None:
    changed = [name for name in typed.keys() | version.typed.keys() if typed.get(name) != version.typed.get(name)]
    if sum(map(len, (*typed, *typed.values()))) > MOST_TYPED:
        raise Refusal("That is more than a return holds. Shorten your words and save again.")
    if changed:
        version.typed_by |= {name: [by.pk, now.isoformat()] for name in changed}
        version.typed, version.revision = typed, version.revision + 1
        version.saved_at, version.saved_by = now, by
        version.save(update_fields=["typed", "typed_by", "revision", "saved_at", "saved_by"])


def _who_was_first(version: ReturnVersion, differing: Mapping[str, str], by: User, now: datetime) -> str:
    """Of the last of the differing fields that was changed; empty if none differs, or nobody is known to have."""
    known = [version.typed_by[name] for name in differing if name in version.typed_by]
    if not known:
        return "Somebody changed this." if differing else ""
    user, moment = max(known, key=lambda entry: entry[1])
    at = told_at(datetime.fromisoformat(moment), now)
    return f"You changed this elsewhere {at}." if user == by.pk else f"{User.objects.get(pk=user)} changed this {at}."


def require_unsent(version: ReturnVersion) -> None:
    if version.state == State.SUBMITTED:
        sent = version.submissions.select_related("submitted_by").order_by("-sequence").first()
        raise AlreadySent(
            f"{sent.submitted_by} sent this return at {told_at(sent.submitted_at)}. Nothing was sent twice."
        )
    if version.state == State.ACCEPTED:
        raise NotOpen(IS_ACCEPTED)
    if version.state not in (State.DRAFT, State.RETURNED):
        raise NotOpen("This return is no longer in use. Open the month again from Our returns.")


def _who_saved(version: ReturnVersion, now: datetime) -> str:
    when = f" {told_at(version.saved_at, now)}" if version.saved_at else ""
    return f"{version.saved_by or 'Somebody'} changed this{when}."


# ---- Sending ----
def submit(
    *,
    version: ReturnVersion,
    answers: Answers,
    by: User,
    now: datetime,
    revision: int | None = None,
    provided_by: User | None = None,
) -> Submission:
    """Send the return to the unit: `by` signs it off, `provided_by` (or else `by`) put the numbers together.

    `revision`, if given, is the one that was checked. `DoesNotAddUp` with every problem; `AlreadySent` for a second
    time; `ChangedMeanwhile` after somebody's save.
    """
    with acting("outcomes.return.submitted", by=by, now=now) as act:
        version = lock_version(version)
        require_writer(by, version.obligation, now)
        require_unsent(version)
        if revision is not None and revision != version.revision:
            raise ChangedMeanwhile(_who_saved(version, now))
        if found := unexplained(questions_of(version.obligation), answers, month_before(version.obligation)):
            raise DoesNotAddUp(found)
        if counts_from_register(version.obligation) and not counted(version).is_said_by(answers):
            raise ChangedMeanwhile("The register of an earlier month has changed, so people are counted anew.")
        if version.typed:  # so that they stand in the form again if it comes back
            numbers = {name: text for name, text in version.typed.items() if not is_words_field(name)}
            version.typed = numbers | words_as_typed(answers)
        submission = _send(version, answers, by=by, now=now, provided_by=provided_by)
        act.on(version, organisation=version.obligation.delivery.partner)
    return submission


def _send(
    version: ReturnVersion,
    answers: Answers,
    *,
    by: User,
    now: datetime,
    nil_reason: str = "",
    provided_by: User | None = None,
) -> Submission:
    questions = questions_of(version.obligation)
    if found := problems(questions, answers, nil=bool(nil_reason)):
        raise DoesNotAddUp(found)
    submission = Submission.objects.create(
        version=version,
        sequence=version.submissions.count() + 1,
        submitted_at=now,
        submitted_by=by,
        provided_by=provided_by or by,
        is_nil=bool(nil_reason),
        nil_reason=nil_reason,
        new_people=answers.new_people,
        known_people=answers.known_people,
        already_counted_people=answers.already_counted_people,
        contacts=answers.contacts,
        exposed_people=answers.exposed_people,
        exposure_method=answers.exposure_method,
        comment=answers.comment,
    )
    SubmissionCount.objects.bulk_create(
        SubmissionCount(submission=submission, seen=seen, category_id=category, people=people)
        for (seen, category), people in answers.cells.items()
        if people
    )
    _write_measures(submission, answers)
    _write_explanations(submission, questions, answers)
    version.state = State.SUBMITTED
    version.is_backfilled = not is_own(by, version.obligation)
    version.save(update_fields=["typed", "state", "is_backfilled"])
    payment_holds.review(delivery=version.obligation.delivery, now=now)
    return submission


def _write_measures(submission: Submission, answers: Answers) -> None:
    written = [
        MeasureAnswer(
            submission=submission,
            measure=value.measure,
            value=value.value,
            people=value.people,
            before=value.before,
            after=value.after,
            median=value.median,
            text=value.text,
        )
        for value in answers.measures
    ]
    MeasureAnswer.objects.bulk_create(written)
    MeasureAnswerPart.objects.bulk_create(
        MeasureAnswerPart(answer=answer, option_id=option, value=part)
        for answer, value in zip(written, answers.measures, strict=True)
        for option, part in value.parts.items()
        if part
    )


def _write_explanations(submission: Submission, questions: Questions, answers: Answers) -> None:
    tripped = to_explain(questions, answers, month_before(submission.version.obligation))
    Explanation.objects.bulk_create(
        Explanation(submission=submission, check_rule=check, asked=sentence, text=text)
        for check, sentence in tripped
        if (text := answers.explanations.get(check.pk, "").strip())
    )


def send_nil(*, obligation: Obligation, reason: str, by: User, now: datetime) -> Submission:
    """Nobody was supported this month: true zeros, with the reason. Takes the place of a draft.

    Of stocks, such as open cases at the month's end, it says nothing: whoever knows them fills in the return.
    """
    reason = reason.strip()
    if not reason:
        raise NotOpen("Choose why there is nothing to report.")
    with acting("outcomes.return.nil_sent", by=by, now=now, reason=reason) as act:
        obligation = lock(obligation.pk)
        require_writer(by, obligation, now)
        version = open_version(obligation) or _begin(obligation, by=by, now=now)
        require_unsent(version)
        if why := why_not_nil(version):
            raise NotOpen(why)
        submission = _send(version, nil_answers(obligation), by=by, now=now, nil_reason=reason)
        act.on(version, organisation=obligation.delivery.partner)
    return submission


def nil_answers(obligation: Obligation) -> Answers:
    """True zeros, and nobody measured; stocks stay unanswered."""
    questions = questions_of(obligation)
    nobody = tuple(zero for question in questions.all if (zero := nobody_measured(question)))
    if questions.has(SectionBlock.EXPOSURE):
        return Answers(exposed_people=0, measures=nobody)
    return Answers(new_people=0, known_people=0, already_counted_people=0, contacts=0, measures=nobody)


def backfill(*, obligation: Obligation, answers: Answers, by: User, now: datetime, reason: str = "") -> Submission:
    """The unit enters a past month for a partner, marked so. Somebody else at the unit accepts it."""
    require(by, Permission.BACKFILL_RETURN)
    with acting("outcomes.return.backfilled", by=by, now=now, reason=reason) as act:
        obligation = lock(obligation.pk)
        require_writer(by, obligation, now)
        version = open_version(obligation) or _begin(obligation, by=by, now=now)
        require_unsent(version)
        submission = _send(version, answers, by=by, now=now)
        act.on(version, organisation=obligation.delivery.partner)
    return submission


def backfill_all(
    *, returns: Iterable[tuple[Obligation, Answers]], file_name: str, by: User, now: datetime
) -> list[Submission]:
    """The returns of one file, the earliest month first: all of them or, if one is refused, none."""
    reason = f"From the file {file_name}"
    sent = []
    with transaction.atomic():
        for obligation, answers in sorted(returns, key=lambda pair: pair[0].month):
            try:
                sent.append(backfill(obligation=obligation, answers=answers, by=by, now=now, reason=reason))
            except DoesNotAddUp as refusal:
                raise Refusal(f"{obligation}: {refusal.message}") from refusal
    return sent


def take_back(*, version: ReturnVersion, by: User, now: datetime) -> ReturnVersion:
    """Before the unit has decided it, who may write a return takes it back to change it. What was sent stays on record.

    `NotOpen` if it is not waiting to be read.
    """
    with acting("outcomes.return.taken_back", by=by, now=now) as act:
        version = lock_version(version)
        if version.state != State.SUBMITTED:
            raise NotOpen("Only a return that the unit has not decided yet can be taken back.")
        require_writer(by, version.obligation, now)
        if not may_take_back(by, version, timezone.localdate(now)):
            raise NotOpen("The partner sent it. Return it with a reason instead, and its people are told.")
        if not version.typed and not version.latest_submission.is_nil:  # sent without a form
            version.typed = as_typed(version.latest_submission)
        version.state = State.RETURNED if version.reason else State.DRAFT
        version.save(update_fields=["typed", "state"])
        act.on(version, organisation=version.obligation.delivery.partner)
    return version
