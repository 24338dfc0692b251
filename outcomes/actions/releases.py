"""Producing reach releases, once however often it is asked, and deciding them: approved, or discarded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from time import monotonic

from celery import current_app
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from outcomes.actions import linkage
from outcomes.actions.release_writing import Protected, protect, write
from outcomes.actions.session_lock import only_one
from outcomes.models import Release, ReleaseRun
from outcomes.queries.audit import known_of
from outcomes.queries.certificates import certificate_of
from outcomes.queries.policies import policy_on
from outcomes.queries.publishing import day_to_be_public, final_of, is_settled, newer_one, postponed
from outcomes.queries.reach import release_inputs
from outcomes.release_figures import figure_rows
from outcomes.release_inputs import ReleaseInputs
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.core.refusals import Refusal
from vru_portal.core.working_days import working_day_of

# The first half of the advisory lock's key; the second is the financial year.
LOCK = 0x52454C  # "REL"
PATIENCE = timedelta(minutes=2)
BEAT = PATIENCE / 6
MOST_ATTEMPTS = 5
# After a failure the clock waits so long before it asks again.
BREATHER = timedelta(days=1)


class MonthNotOver(Refusal):
    pass


class AlreadyApproved(Refusal):
    pass


class ApproverProduced(Refusal):
    pass


class DecidedAlready(Refusal):
    pass


class NewerOneStands(Refusal):
    pass


class RulesChanged(Refusal):
    pass


class YearIsFinal(Refusal):
    pass


class NoWorkerSurvives(Refusal):
    pass


class CanBeTold(Refusal):
    pass


class ToldBefore(Refusal):
    about = ("told_before_reason",)


class NotAttackedTogether(Refusal):
    pass


class NotProven(Refusal):
    about = ("unproven_reason",)


class NothingToHide(Refusal):
    pass


class RunUnderWay(Refusal):
    pass


class ChangedSinceSearched(Refusal):
    pass


class NoDay(Refusal):
    pass


Progress = Callable[[str, int], None]


def request(*, month: Month, by: User | None, now: datetime, proves: Release | None = None) -> ReleaseRun:
    """Ask for the month's release (`by` None: the clock); the job begins after commit.

    While a run of the month is open, that run is the answer; one that the clock began becomes that of the person, who
    then cannot approve it. Refuses a month that is not over, one (`NoPolicy`) for which there are no rules, and one of
    a financial year whose figures are final.
    """
    if by is not None:
        require(by, Permission.PRODUCE_RELEASE)
    if month.last >= timezone.localdate(now):
        raise MonthNotOver(f"{month} is not over yet. Choose an earlier month.")
    policy_on(month.last)
    with year_locked(month.financial_year), acting("outcomes.release.requested", by=by, now=now) as act:
        _require_open(month.financial_year)
        run = _open_runs().filter(month=month.first).first()
        if proves is not None:
            _require_to_prove(proves)
            if run is not None and run.proves != proves:
                raise RunUnderWay(f"{month} is being produced already. Look at that release once it is there.")
        if run is None:
            run = ReleaseRun.objects.create(
                month=month.first, requested_by=by, requested_at=now, beat_at=now, proves=proves
            )
            act.on(run)
            transaction.on_commit(lambda: _hand_over(run.pk))
        elif run.requested_by is None and by is not None:
            run.requested_by = by
            run.save(update_fields=["requested_by"])
            act.on(run)
    return run


def request_proven(*, release: Release, by: User, now: datetime) -> ReleaseRun:
    """Ask for the release again, with what its certificate says is hidden further for all to be proven. Refuses one
    that is decided, one that a newer one replaces, and one (`NothingToHide`) of which no certificate says that."""
    require(by, Permission.PRODUCE_RELEASE)
    return request(month=Month.of(release.month), by=by, now=now, proves=release)


def _require_to_prove(release: Release) -> None:
    """Under the lock of its year."""
    release.refresh_from_db()
    if release.is_decided:
        raise DecidedAlready("This release is approved or discarded already. Produce the month again instead.")
    if newer := newer_one(release):
        raise NewerOneStands(f"Release {newer.number} of the same months is newer than this one. Look at that one.")
    certificate = certificate_of(release)
    if certificate is None or not certificate.further:
        raise NothingToHide("No search has found what else to hide. Approve it with a reason, or wait for the search.")


def _require_as_searched(release: Release, inputs: ReleaseInputs, earlier: Sequence[Release]) -> None:
    """What was found is of exactly these returns, beside exactly these releases."""
    _require_to_prove(release)
    if release.input_fingerprint != inputs.fingerprint or not _is_attacked_with(release, earlier):
        raise ChangedSinceSearched(
            f"Returns, links or releases have changed since {release.code} was searched. Produce the month again, and "
            "wait for the search of that release."
        )


def request_due(*, now: datetime) -> ReleaseRun | None:
    """What the clock does: on the policy's working day and later, ask for last month's release if there is none, and
    for the final one of the last financial year once its figures are settled."""
    today = timezone.localdate(now)
    if today < working_day_of(Month.of(today), policy_on(today).release_working_day):
        return None
    last = Month.of(today).plus(-1)
    year_end = FinancialYear(last.financial_year.start - 1).months[-1]
    month = last if not Release.objects.filter(month=last.first).exists() else year_end
    if month == year_end and not _waits_to_be_final(year_end, today):
        return None
    failed = ReleaseRun.objects.filter(
        month=month.first, state=ReleaseRun.State.FAILED, beat_at__gt=now - BREATHER
    ).exists()
    return None if failed else request(month=month, by=None, now=now)


def _waits_to_be_final(march: Month, today: date) -> bool:
    """Readers have figures of it that are not final, and nobody has made, or discarded, final ones."""
    of_march = Release.objects.filter(month=march.first)
    return (
        of_march.approved().exists()
        and is_settled(march, today)
        and not of_march.filter(status=Release.Status.FINAL).exists()
    )


def resume(*, now: datetime) -> list[int]:
    """Hand over again the runs that have not been heard of for a while (a worker died, a message was lost)."""
    silent = list(_open_runs().filter(beat_at__lt=now - PATIENCE).values_list("pk", flat=True))
    for pk in silent:
        _hand_over(pk)
    return silent


def carry_out(*, run_id: int, clock: Callable[[], datetime]) -> Release | None:
    """Do the run's work. None if it is done already, or if another worker is at it.

    May be called any number of times and killed anywhere: the release, its figures and the run's end are written in
    one transaction, under a lock that only one session holds.
    """
    with only_one(LOCK + 1, run_id) as mine:
        run = ReleaseRun.objects.get(pk=run_id)
        if not mine or run not in _open_runs():
            return None

        def progress(stage: str, percent: int) -> None:
            _open_runs().filter(pk=run_id).update(
                state=ReleaseRun.State.RUNNING, stage=stage, percent=percent, beat_at=clock()
            )

        try:
            _begin(run, now=clock())
            return produce(month=Month.of(run.month), by=None, now=clock(), progress=progress, run=run)
        except Exception as problem:
            _fail(run_id, _in_words(problem), now=clock())
            raise


def produce(
    *,
    month: Month,
    by: User | None,
    now: datetime,
    progress: Progress = lambda stage, percent: None,
    run: ReleaseRun | None = None,
) -> Release:
    """The month's release from the returns accepted now; the last one again if nothing has changed since. Refuses a
    month of a financial year whose figures are final.

    Slow work first, then one transaction that writes all of it. Of a run the one who asked for it produced it.
    """
    progress("Putting together the people of registers", 5)
    versions, position = linkage.settle_people(now=now)
    frame, inputs = release_inputs(month, versions=versions, position=position)
    progress("Counting people", 25)
    rows = list(figure_rows(inputs))
    protected: Protected | None = None
    while True:
        with year_locked(month.financial_year):
            _require_open(month.financial_year)
            if run is not None:
                run.refresh_from_db()  # somebody may have asked for it since it began
                by = run.requested_by
            earlier = known_of(month.financial_year)
            release = Release.objects.filter(month=month.first).order_by("number").last()
            status = _status(month, now)
            proves = run and run.proves
            if proves is not None:
                _require_as_searched(proves, inputs, earlier)
            unchanged = release not in (None, proves) and _holds_still(release, status, inputs, earlier)
            if unchanged or (protected is not None and protected.earlier == earlier):
                with acting("outcomes.release.produced", by=by, now=now) as act:
                    if not unchanged:
                        number = release.number + 1 if release else 1
                        release = write(frame, inputs, protected, number=number, status=status, by=by, now=now)
                        act.on(release)
                    if run is not None:
                        _finish(run, release, unchanged=unchanged, now=now)
                return release
        # Not under the lock, for it takes its time; and again if another one of the year was approved meanwhile.
        progress("Hiding what could tell of somebody", 40)
        going_on = _now_and_then(lambda: progress("Hiding what could tell of somebody", 40))
        protected = protect(frame, inputs, rows, earlier, proves, going_on=going_on)
        progress("Writing the release", 80)


def _now_and_then(say: Callable[[], None]) -> Callable[[], None]:
    """Called however often, it says it every `BEAT` at most: a run that is not heard of is handed over again."""
    said = monotonic()

    def called() -> None:
        nonlocal said
        if monotonic() - said >= BEAT.total_seconds():
            said = monotonic()
            say()

    return called


def approve(
    *, release: Release, by: User, now: datetime, unproven_reason: str = "", told_before_reason: str = ""
) -> Release:
    """Publish on the day that was announced, or at once if that has passed or there is none: everybody sees it from
    then on. Never by the person who produced it, never a discarded one, never one after which a newer one of its months
    was produced, never after a final one of its financial year, and never one whose hidden numbers could be told from
    it and from what is approved of its financial year, unless what was approved tells them without it and
    whoever approves says why this one is published even so. Where a day was announced and the release was stopped,
    another day must be announced first."""
    require(by, Permission.APPROVE_RELEASE)
    month = Month.of(release.month)
    with year_locked(month.financial_year), acting("outcomes.release.approved", by=by, now=now) as act:
        release = Release.objects.select_for_update(of=["self"]).get(pk=release.pk)
        if release.is_approved:
            raise AlreadyApproved("This release is approved already.")
        if release.is_discarded:
            raise DecidedAlready("This release was discarded, so it can never be published.")
        _require_open(month.financial_year)
        if newer := newer_one(release):
            raise NewerOneStands(f"Release {newer.number} of the same months is newer than this one. Discard this one.")
        if release.policy_id != policy_on(month.last).pk:
            raise RulesChanged("The rules changed since it was produced. Discard it and produce the month again.")
        if release.produced_by_id == by.pk:
            raise ApproverProduced("You produced this release, so a colleague has to approve it.")
        _require_attacked(release, known_of(month.financial_year))
        release.approved_by, release.approved_at = by, now
        if postponed(month) is not None:
            raise NoDay(f"The release of {month} is postponed. Announce its new day first, on the release calendar.")
        release.public_at = day_to_be_public(month, now)
        release.told_before_reason = _why_told_before(release, told_before_reason)
        release.unproven_reason = _why_unproven(release, unproven_reason)
        reasons = ["told_before_reason", "unproven_reason"]
        release.save(update_fields=["approved_by", "approved_at", "public_at", *reasons])
        act.reason = "\n\n".join(filter(None, [release.told_before_reason, release.unproven_reason]))
        act.on(release)
    return release


def discard(*, release: Release, reason: str, by: User, now: datetime) -> Release:
    """Keep it on record, with the reason why it is never published. Refuses one that is decided already."""
    require(by, Permission.DISCARD_RELEASE)
    month = Month.of(release.month)
    with year_locked(month.financial_year), acting("outcomes.release.discarded", by=by, now=now, reason=reason) as act:
        release = Release.objects.select_for_update(of=["self"]).get(pk=release.pk)
        if release.is_approved:
            raise DecidedAlready("This release is approved, so it stays, unless it is stopped before its day.")
        if release.is_discarded:
            raise DecidedAlready("This release was discarded already.")
        release.discarded_by, release.discarded_at, release.discarded_reason = by, now, reason
        release.save(update_fields=["discarded_by", "discarded_at", "discarded_reason"])
        act.on(release)
    return release


def _status(month: Month, now: datetime) -> str:
    """Final by the policy's months after March; revised is what replaces something that readers have seen, or will have
    when its day comes."""
    if is_settled(month, timezone.localdate(now)):
        return Release.Status.FINAL
    seen = Release.objects.approved().filter(month=month.first).exists()
    return Release.Status.REVISED if seen else Release.Status.PROVISIONAL


def _holds_still(release: Release, status: str, inputs: ReleaseInputs, earlier: Sequence[Release]) -> bool:
    """Nothing has changed since it was made; what was not final then is made again to be it, and what could no longer
    be approved to be attacked together with what has been since."""
    becomes_final = status == Release.Status.FINAL != release.status
    is_attacked = release.is_approved or _is_attacked_with(release, earlier)
    still = is_attacked and not (release.is_discarded or becomes_final)
    return still and release.input_fingerprint == inputs.fingerprint


def _is_attacked_with(release: Release, earlier: Sequence[Release]) -> bool:
    return release.told is not None and release.attacked_with == [each.pk for each in earlier]


def _require_open(year: FinancialYear) -> None:
    final = final_of(year)
    if final is not None:
        raise YearIsFinal(f"The figures of {year} are final since {final}: nothing more is produced or approved of it.")


def _require_attacked(release: Release, earlier: Sequence[Release]) -> None:
    if not _is_attacked_with(release, earlier):
        raise NotAttackedTogether(
            "Another release of this financial year was approved or stopped after this one was produced, and what is "
            "hidden in one may be told by the other. Produce it again: then both are looked at together."
        )
    if release.told:
        raise CanBeTold(
            f"{len(release.told):,} of its hidden numbers can be worked out from what is published with it. Look at "
            "what is hidden, and discard it."
        )


def _why_told_before(release: Release, reason: str) -> str:
    """Why it is published although earlier releases tell hidden numbers; nothing where they tell none."""
    if not release.told_before:
        return ""
    if not reason:
        raise ToldBefore(
            f"Earlier releases give {len(release.told_before):,} hidden numbers away. Say why this one is published "
            "even so, or discard it."
        )
    return reason


def _why_unproven(release: Release, reason: str) -> str:
    """Why what is not proven is published; nothing where all is."""
    certificate = certificate_of(release)
    if certificate is None:
        raise NotProven("It carries no certificate. Produce the month again, and approve that release.")
    if certificate.is_whole:
        return ""
    if not reason:
        raise NotProven("Not every hidden number is proven. Say why it is published even so, or wait.")
    return reason


def _begin(run: ReleaseRun, *, now: datetime) -> None:
    """Count the attempt before the work, so that a run which kills its worker is not tried for ever."""
    if run.attempts >= MOST_ATTEMPTS:
        raise NoWorkerSurvives(f"The job was begun {run.attempts} times and never ended. Look at the worker's log.")
    _open_runs().filter(pk=run.pk).update(attempts=F("attempts") + 1, beat_at=now)


def _finish(run: ReleaseRun, release: Release, *, unchanged: bool, now: datetime) -> None:
    run.state, run.stage, run.percent = ReleaseRun.State.FINISHED, "Finished", 100
    run.release, run.found_unchanged, run.beat_at = release, unchanged, now
    run.save()


def _fail(run_id: int, problem: str, *, now: datetime) -> None:
    """The run ends here, and the history of whoever asked for it says why."""
    run = _open_runs().select_related("requested_by").filter(pk=run_id).first()
    if run is None:
        return
    with acting("outcomes.release.failed", by=run.requested_by, now=now, reason=problem) as act:
        _open_runs().filter(pk=run_id).update(state=ReleaseRun.State.FAILED, problem=problem, beat_at=now)
        act.on(run)


def _in_words(problem: Exception) -> str:
    return problem.message if isinstance(problem, Refusal) else f"{type(problem).__name__}: {problem}"[:500]


def _open_runs():
    return ReleaseRun.objects.filter(state__in=[ReleaseRun.State.QUEUED, ReleaseRun.State.RUNNING])


def _hand_over(run_id: int) -> None:
    current_app.send_task("outcomes.produce_release", args=[run_id])


@contextmanager
def year_locked(year: FinancialYear) -> Iterator[None]:
    """One transaction at a time writes a financial year's releases and their days; others wait."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, year.start])
        yield
