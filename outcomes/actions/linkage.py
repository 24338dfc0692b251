"""Who is one person, and the figures that follow: put right after every change, decided by people where in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from celery import current_app
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from outcomes.actions import cube
from outcomes.actions.register_lock import while_rows_come_in
from outcomes.models import (
    LedgerEntry,
    Linkage,
    LinkDecision,
    LinkedIdentity,
    LinkQuestion,
    Recount,
    RegisterIdentity,
)
from outcomes.models.linkage import LedgerBecause
from outcomes.queries import cube as cube_queries
from outcomes.queries import linkage as queries
from outcomes.registers.evidence import Agreement
from outcomes.registers.linking import Links
from partners.actions.events import acting, require
from partners.models import User
from partners.permissions import Permission
from vru_portal.core.bulk import copy_rows, take_stock
from vru_portal.core.periods import FinancialYear
from vru_portal.core.refusals import Refusal

LOCK = 0x4C4E4B  # "LNK": one at a time links and counts
PATIENCE = timedelta(minutes=5)
KEPT_FOR = timedelta(days=30)
MOST_ATTEMPTS = 5
AT_ONCE = 5_000

Progress = Callable[[str, int], None]


class DecidedAlready(Refusal):
    """Somebody has decided on these two before."""


class NotToBeDecided(Refusal):
    """There are no such two, or they are one writing."""


# ---- The job ----
def request(*, by: User | None, now: datetime) -> Recount:
    """Have people put together and counted anew, after commit. One that waits already will do it.

    Within the transaction that changed something, as its last step: what waits is locked, so that it cannot begin
    before the change is there to be seen.
    """
    with transaction.atomic():
        queued = Recount.objects.select_for_update(no_key=True, of=("self",)).filter(state=Recount.State.QUEUED)
        if waiting := queued.first():
            return waiting
        try:
            with transaction.atomic():
                recount = Recount.objects.create(requested_by=by, requested_at=now, beat_at=now)
        except IntegrityError:  # somebody else asked at the same moment
            return request(by=by, now=now)
        transaction.on_commit(lambda: _hand_over(recount.pk))
    return recount


def request_nightly(*, now: datetime) -> None:
    """In case something changed of which nobody told, and to forget those that ended long ago."""
    with transaction.atomic():
        Recount.objects.filter(beat_at__lt=now - KEPT_FOR).exclude(pk__in=_open()).delete()
        request(by=None, now=now)


def resume(*, now: datetime) -> list[int]:
    """Hand over again those that have not been heard of for a while, unless a worker is at it: those who wait for it
    would become more and more."""
    if _somebody_is_at_work():
        return []
    silent = list(_open().filter(beat_at__lt=now - PATIENCE).values_list("pk", flat=True))
    for pk in silent:
        _hand_over(pk)
    return silent


def carry_out(*, recount_id: int, clock: Callable[[], datetime]) -> None:
    """Do a recount's work; nothing if it is done. Waits for one that is at work."""
    with _one_at_a_time():
        recount = _open().filter(pk=recount_id).first()
        if recount is None:
            return

        def progress(stage: str, percent: int) -> None:
            _open().filter(pk=recount_id).update(stage=stage, percent=percent, beat_at=clock())

        # Whoever held the lock before and left one running is dead.
        lost = Recount.objects.filter(state=Recount.State.RUNNING).exclude(pk=recount_id)
        lost.update(state=Recount.State.FAILED, problem="The worker ended before it was done.")
        _open().filter(pk=recount_id).update(state=Recount.State.RUNNING, attempts=F("attempts") + 1, beat_at=clock())
        try:
            if recount.attempts >= MOST_ATTEMPTS:
                raise RuntimeError(f"It was begun {recount.attempts} times and never ended.")
            _settle(now=clock(), progress=progress)
        except Exception as problem:
            words = f"{type(problem).__name__}: {problem}"[:500]
            _open().filter(pk=recount_id).update(state=Recount.State.FAILED, problem=words, beat_at=clock())
            raise
        _open().filter(pk=recount_id).update(
            state=Recount.State.FINISHED, stage="Finished", percent=100, beat_at=clock()
        )


def settle(*, now: datetime, progress: Progress = lambda stage, percent: None) -> None:
    """Put people together and count them, here and now, if anything has changed since that was done last."""
    with _one_at_a_time():
        _settle(now=now, progress=progress)


def settle_people(*, now: datetime) -> tuple[frozenset[int], int]:
    """Put people together: what a release is made from. Gives the versions that were accepted, and the position of the
    ledger that says who of theirs is one person."""
    with _one_at_a_time():
        return _link_if_changed(now=now), queries.ledger_position()


def _settle(*, now: datetime, progress: Progress) -> None:
    progress("Putting together the people of registers", 5)
    linked = _link_if_changed(now=now)
    progress("Finding whom registers tell of", 25)
    years = cube_queries.years_to_count()
    cube.drop_all_but(year for year, _ in years)
    made = [cube.bring_presence_up_to_date(year=year, last=last, linked=linked) for year, last in years]
    before = None
    for n, each in enumerate(made):
        progress(f"Counting people of {FinancialYear(each.year)}", 30 + 70 * n // len(made))
        in_a_row = before if before and before.year == each.year - 1 else None
        cube.bring_cells_up_to_date(cube=each, before=in_a_row, now=now)
        before = each


def _link_if_changed(*, now: datetime) -> frozenset[int]:
    """The versions whose people are put together: those that were accepted as it began."""
    versions = queries.accepted_versions()
    in_use = queries.identities_in_use(versions)
    newest = Linkage.objects.first()
    if newest is None or newest.inputs != in_use.fingerprint:
        _link(in_use, now=now)
    return frozenset(versions)


def _hand_over(recount_id: int) -> None:
    current_app.send_task("outcomes.recount", args=[recount_id])


def _open():
    return Recount.objects.filter(state__in=[Recount.State.QUEUED, Recount.State.RUNNING])


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Others wait. The database drops the lock with a session that dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _somebody_is_at_work() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0 "
            "AND objid = %s AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [LOCK],
        )
        return cursor.fetchone()[0]


# ---- The ledger ----
def _link(in_use: queries.InUse, *, now: datetime) -> Linkage:
    links = in_use.linked(explain=True)
    people, strict, loose = (
        _lowest(in_use, groups) for groups in (links.groups, links.strict_groups, links.loose_groups)
    )
    with transaction.atomic():
        linkage = Linkage.objects.create(
            linked_at=now,
            inputs=in_use.fingerprint,
            contacts=sum(in_use.weights.values()),
            identities=len(in_use.numbers),
            people=links.people,
            strict=links.strict,
            loose=links.loose,
        )
        _write_ledger(linkage, in_use, links, people)
        _write_questions(in_use, links)
        LinkedIdentity.objects.all().delete()
        while_rows_come_in()  # or somebody objects, and takes out what is written here
        there = set(RegisterIdentity.objects.filter(pk__in=in_use.numbers).values_list("pk", flat=True))
        copy_rows(
            LinkedIdentity,
            ["identity_id", "person", "strict", "loose"],
            ((number, people[number], strict[number], loose[number]) for number in in_use.numbers if number in there),
        )
        take_stock(LinkedIdentity)
    return linkage


def _lowest(in_use: queries.InUse, groups) -> dict[int, int]:
    """For each identity its person: the lowest of those put together. A group goes by its first row, the lowest."""
    return {number: in_use.numbers[group] for number, group in zip(in_use.numbers, groups.tolist(), strict=True)}


def _write_ledger(linkage: Linkage, in_use: queries.InUse, links: Links, people: dict[int, int]) -> None:
    """What is new: joins that no longer hold, then those that lead from what is left to the people as they are now."""
    before = queries.edges_at()
    as_before = queries.Together(before)
    parted_by_hand = {
        as_before.of(first) for first, second in in_use.apart if as_before.of(first) == as_before.of(second)
    }
    now, entries = queries.Together(), []
    for edge in before:
        if edge.first in people and people[edge.first] == people.get(edge.second):
            now.join(edge.first, edge.second)
        else:
            because = _why_parted(edge, people, as_before.of(edge.first) in parted_by_hand)
            entries.append(_entry(linkage, False, edge.first, edge.second, because, None))
    for join in links.joins:
        first, second = sorted((in_use.numbers[join.first], in_use.numbers[join.second]))
        if now.join(first, second):
            entries.append(_entry(linkage, True, first, second, LedgerBecause(join.because), join.agreement))
    LedgerEntry.objects.bulk_create(entries, batch_size=AT_ONCE)


def _why_parted(edge: queries.Edge, people: dict[int, int], by_hand: bool) -> LedgerBecause:
    if edge.first not in people or edge.second not in people:
        return LedgerBecause.GONE
    if by_hand or edge.because == LedgerBecause.DECISION:
        return LedgerBecause.DECISION
    return LedgerBecause.EVIDENCE


def _entry(
    linkage: Linkage, joined: bool, first: int, second: int, because: LedgerBecause, agreement: Agreement | None
) -> LedgerEntry:
    levels = agreement._asdict() if agreement else {}
    return LedgerEntry(linkage=linkage, joined=joined, first=first, second=second, because=because, **_finite(levels))


def _finite(levels: dict) -> dict:
    """Rows without a name weigh nothing, which no column can hold."""
    return levels | {"bits": None} if levels.get("bits") == float("-inf") else levels


def _write_questions(in_use: queries.InUse, links: Links) -> None:
    settled = {*in_use.together, *in_use.apart}
    LinkQuestion.objects.all().delete()
    asked = {}
    for doubt in links.doubts:
        pair = tuple(sorted((in_use.numbers[doubt.first], in_use.numbers[doubt.second])))
        if pair not in settled:
            asked[pair] = doubt
    LinkQuestion.objects.bulk_create(
        (
            LinkQuestion(
                first=first,
                second=second,
                are_one=doubt.are_one,
                beyond=doubt.beyond,
                **_finite(doubt.agreement._asdict()),
            )
            for (first, second), doubt in sorted(asked.items(), key=lambda item: abs(item[1].beyond))
        ),
        batch_size=AT_ONCE,
    )


# ---- Decisions ----
def decide(*, first: int, second: int, are_one: bool, reason: str, by: User, now: datetime) -> LinkDecision:
    """Two identities are one person, or two, whatever the linker finds. `DecidedAlready` while another holds."""
    require(by, Permission.DECIDE_LINKS)
    first, second = sorted((first, second))
    if first == second or RegisterIdentity.objects.filter(pk__in=[first, second]).count() < 2:
        raise NotToBeDecided("There are no such two rows any more. Nothing was changed.")
    name = "outcomes.people.joined" if are_one else "outcomes.people.parted"
    try:
        with acting(name, by=by, now=now, reason=reason) as act:
            decision = LinkDecision.objects.create(
                first=first, second=second, are_one=are_one, reason=reason, decided_at=now, decided_by=by
            )
            act.on(decision)
            request(by=by, now=now)
    except IntegrityError as problem:
        if "linkdecision_one_holds" not in str(problem):
            raise
        raise DecidedAlready("Somebody has decided on these two already. Undo that first.") from None
    return decision


def undo(*, decision: LinkDecision, by: User, now: datetime) -> LinkDecision:
    """A decision no longer holds; every figure is again what it would be without it."""
    require(by, Permission.DECIDE_LINKS)
    with acting("outcomes.people.undone", by=by, now=now) as act:
        decision = LinkDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        if decision.undone_at is not None:
            raise DecidedAlready("This decision was undone already.")
        decision.undone_at, decision.undone_by = now, by
        decision.save(update_fields=["undone_at", "undone_by"])
        act.on(decision)
        request(by=by, now=now)
    return decision
