"""The certificates of a release: one is made with it, of the truth alone; the next once other populations were looked
for, by a job."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F

from outcomes.actions.session_lock import only_one
from outcomes.disclosure import certificate as proofs
from outcomes.disclosure import published
from outcomes.disclosure.attack import Case
from outcomes.disclosure.certificate import Target
from outcomes.disclosure.further import Further, hide_further
from outcomes.disclosure.proof import InTheWay, prove
from outcomes.disclosure.worlds import World
from outcomes.disclosure.writing import read, written
from outcomes.models import Certificate, Release
from outcomes.queries.audit import chain_attacked
from outcomes.queries.certificates import certificate_of, progress_key, provable, sides_by_number, told_before
from partners.actions.events import acting

LOCK = 0x50524F  # "PRO"
# A job that was handed over may wait for another, or begin; after that it is handed over again.
PATIENCE = timedelta(minutes=5)
KEEP_PROGRESS = 15 * 60


class DoesNotHold(RuntimeError):
    pass


def keep(
    *,
    release: Release,
    chain: Sequence[published.Release],
    certificate: proofs.Certificate,
    unshielded: Collection[Target],
    in_the_way: InTheWay = MappingProxyType({}),
    further: Further | None = None,
    is_searched: bool,
    now: datetime,
) -> Certificate:
    """`unshielded`: what the certificate's check found. `chain`: what it was made of, the release last. Numbers that
    earlier releases tell for ever cannot be proven, and are no part of it: they are published for a reason of their
    own. `further`: what would have to be hidden too."""
    told = told_before(release, chain)
    every, left = (sides_by_number(sides, but=told) for sides in (proofs.targets(chain), unshielded))
    orders = [{number.end: row.order for row in each.rows for number in published.numbers_of(row)} for each in chain]

    def place(case: Case) -> list:
        which, end = case
        return [which, orders[which][end], end.which]

    def blocking(case: Case) -> list[list]:
        found = dict.fromkeys(min(said) for target in left[case] for said in in_the_way.get(target, ()))
        return [place(each) for each in found]

    return Certificate.objects.create(
        release=release,
        number=release.certificates.count() + 1,
        output_fingerprint=release.output_fingerprint,
        made_with=release.attacked_with,
        is_searched=is_searched,
        looked_further=further is not None,
        worlds=written(certificate),
        world_count=len(certificate.worlds),
        numbers=len(every),
        proven=len(every) - len(left),
        unproven=sorted([*place(case), blocking(case)] for case in left),
        further=sorted([*place((len(chain) - 1, end))[1:], place(case)] for end, case in further.hides.items())
        if further
        else [],
        further_worlds=written(proofs.Certificate(further.worlds)) if further else b"",
        code_version=settings.CODE_VERSION,
        made_at=now,
    )


def search(*, release_id: int, clock: Callable[[], datetime]) -> Certificate | None:
    """Look for other populations and keep the certificate; then, if something is left, for what more would have to be
    hidden, and keep another. None if that is done, if a search is going on (one at a time, so that other jobs find a
    worker), or if the release is decided: nobody waits for it any more, and the search of one that waits would wait
    behind it.

    May be called any number of times and killed anywhere: each certificate is written at the end of its part, at once.
    """
    with only_one(LOCK, 0) as mine:
        release = Release.objects.filter(pk=release_id).first()
        if not mine or release is None or release.is_decided or _is_done(made := certificate_of(release)):
            return None
        chain = chain_attacked(release)
        if made is None or not made.is_searched:
            made = _searched(release, chain, clock)
        if not _is_done(made) and not Release.objects.get(pk=release.pk).is_decided:
            made = _looked_further(release, chain, made, clock)
    return made


def _is_done(certificate: Certificate | None) -> bool:
    return certificate is not None and certificate.is_searched and (certificate.is_whole or certificate.looked_further)


def _searched(release: Release, chain: Sequence[published.Release], clock: Callable[[], datetime]) -> Certificate:
    def progress(proven: int, wanted: int) -> None:
        cache.set(progress_key(release), [proven, wanted], KEEP_PROGRESS)

    proof = prove(chain, wanted=provable(release, chain), known=_known_worlds(release), progress=progress)
    made = _kept(release, chain, proof.certificate, in_the_way=proof.in_the_way, now=clock())
    cache.delete(progress_key(release))
    return made


def _looked_further(
    release: Release, chain: Sequence[published.Release], before: Certificate, clock: Callable[[], datetime]
) -> Certificate:
    known = read(bytes(before.worlds))
    left = proofs.check(known, chain).unshielded & provable(release, chain)
    further = hide_further(chain, left)
    certificate = proofs.Certificate((*known.worlds, *further.as_it_stands))
    return _kept(release, chain, certificate, in_the_way=further.in_the_way, further=further, now=clock())


def _kept(
    release: Release, chain: Sequence[published.Release], certificate: proofs.Certificate, *, now: datetime, **found
) -> Certificate:
    """Once the counting code says that it holds."""
    verdict = proofs.check(certificate, chain)
    if verdict.broken:
        raise DoesNotHold("; ".join(verdict.broken))
    with acting("outcomes.release.proven", by=None, now=now) as act:
        made = keep(
            release=release,
            chain=chain,
            certificate=certificate,
            unshielded=verdict.unshielded,
            is_searched=True,
            now=now,
            **found,
        )
        act.on(release)
    return made


def _known_worlds(release: Release) -> list[World]:
    """What proves the release that this one was produced to prove."""
    run = release.runs.filter(proves__isnull=False).select_related("proves").first()
    certificate = run and certificate_of(run.proves)
    if not certificate:
        return []
    return [world for kept in (certificate.worlds, certificate.further_worlds) for world in read(bytes(kept)).worlds]


def hand_over(release: Release) -> None:
    """The search begins after commit."""
    transaction.on_commit(lambda: current_app.send_task("outcomes.prove_release", args=[release.pk]))


def resume(*, now: datetime) -> Release | None:
    """Hand over the newest release whose search is not done: it waited for another, its worker died, or its message was
    lost."""
    whole = Certificate.objects.filter(is_searched=True, proven=F("numbers"))
    waiting = Release.objects.kept().filter(approved_at=None, produced_at__lt=now - PATIENCE)
    waiting = waiting.exclude(certificates__looked_further=True).exclude(pk__in=whole.values("release"))
    newest = waiting.filter(certificates__isnull=False).order_by("pk").last()
    if newest is not None:
        hand_over(newest)
    return newest
