"""What is proven of the hidden numbers of a release, in words and without the worlds that prove it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.core.cache import cache

from outcomes.disclosure.attack import Case
from outcomes.disclosure.certificate import Target, Verdict, check
from outcomes.disclosure.writing import read
from outcomes.models import Certificate, Release
from outcomes.queries.audit import chain_attacked


def sides_by_number(targets: Iterable[Target]) -> Mapping[Case, list[Target]]:
    found = defaultdict(list)
    for target in sorted(targets):
        found[target.release, target.end].append(target)
    return found


def certificate_of(release: Release) -> Certificate | None:
    """The newest; none of a release that was made before there were any."""
    return release.certificates.last()


def checked(certificate: Certificate) -> Verdict:
    """By the counting code alone."""
    return check(read(bytes(certificate.worlds)), chain_attacked(certificate.release))


def progress_key(release: Release) -> str:
    return f"proof-{release.pk}"


def certificate_in_words(certificate: Certificate | None) -> str:
    """For whoever decides."""
    if certificate is None:
        return "It was made before releases carried a certificate: nothing is proven of its hidden numbers."
    if not certificate.numbers:
        return "It hides no small number, so there is nothing to prove."
    if certificate.is_whole:
        return (
            f"All {certificate.numbers:,} hidden numbers are proven: for each, populations were found that come to "
            "everything published, one in which it is large and one in which it is one or none."
        )
    words = f"{certificate.proven:,} of {certificate.numbers:,} hidden numbers are proven"
    if certificate.is_searched:
        return f"{words}. For the others the search found no other population that comes to everything published."
    so_far = cache.get(progress_key(certificate.release))
    found = f" So far {so_far[0]:,} of {so_far[1]:,} populations that are needed are found." if so_far else ""
    return f"{words} yet: the search for other populations has not ended.{found}"
