"""What is proven of the hidden numbers of a release, in words and without the worlds that prove it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from django.core.cache import cache

from outcomes.disclosure import published
from outcomes.disclosure.attack import Case
from outcomes.disclosure.certificate import Target, Verdict, check, targets
from outcomes.disclosure.published import numbers_of
from outcomes.disclosure.writing import read
from outcomes.models import Certificate, Release
from outcomes.queries.audit import chain_attacked


def sides_by_number(targets: Iterable[Target], *, but: Collection[Case] = ()) -> Mapping[Case, list[Target]]:
    found = defaultdict(list)
    for target in sorted(targets):
        if (target.release, target.end) not in but:
            found[target.release, target.end].append(target)
    return found


def told_before(release: Release, chain: Sequence[published.Release]) -> set[Case]:
    """The hidden numbers of reach that releases before it tell for ever. `chain`: what it was attacked with, and it."""
    ends = [{(row.order, n.end.which): n.end for row in each.rows for n in numbers_of(row)} for each in chain]
    return {(which, ends[which][row, name]) for which, row, name in release.told_before if isinstance(row, int)}


def provable(release: Release, chain: Sequence[published.Release]) -> set[Target]:
    """What a certificate has to prove: numbers that earlier releases tell for ever never can be."""
    told = told_before(release, chain)
    return {target for target in targets(chain) if (target.release, target.end) not in told}


def certificate_of(release: Release) -> Certificate | None:
    """The newest; none of a release that was made before there were any."""
    return release.certificates.last()


def checked(certificate: Certificate) -> Verdict:
    """By the counting code alone, of the numbers that can be proven."""
    chain = chain_attacked(certificate.release)
    verdict, told = check(read(bytes(certificate.worlds)), chain), told_before(certificate.release, chain)
    return replace(verdict, unshielded=frozenset(t for t in verdict.unshielded if (t.release, t.end) not in told))


def progress_key(release: Release) -> str:
    return f"proof-{release.pk}"


def certificate_in_words(certificate: Certificate | None) -> str:
    """For whoever decides."""
    if certificate is None:
        return "It was made before releases carried a certificate: nothing is proven of its hidden numbers."
    told = sum(isinstance(row, int) for _, row, _ in certificate.release.told_before)
    apart = f" Those that are known already ({told:,}) can never be proven, and are not counted here." if told else ""
    return _proven_in_words(certificate) + apart


def _proven_in_words(certificate: Certificate) -> str:
    if not certificate.numbers:
        return "There is no hidden number of which anything has to be proven."
    if certificate.is_whole:
        return (
            f"All {certificate.numbers:,} hidden numbers are proven: for each, populations were found that come to "
            "everything published, one in which it is large and one in which it is one or none."
        )
    words = f"{certificate.proven:,} of {certificate.numbers:,} hidden numbers are proven"
    if certificate.further:
        more = len(certificate.further)
        return f"{words}. With {more:,} more number{'' if more == 1 else 's'} hidden all of them would be."
    if certificate.is_searched:
        none = "For the others the search found no other population that comes to everything published"
        goes_on = not (certificate.looked_further or certificate.release.is_decided)
        return f"{words}. {none}{', and looks on with more of it hidden' if goes_on else ''}."
    if certificate.release.is_decided:
        return f"{words} by the truth alone: it was decided before other populations were looked for."
    so_far = cache.get(progress_key(certificate.release))
    found = (
        f" So far {so_far[0]:,} of the {so_far[1]:,} that are needed are found, two for each number." if so_far else ""
    )
    return f"{words} yet: the search for other populations has not ended.{found}"
