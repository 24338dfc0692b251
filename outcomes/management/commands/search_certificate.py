"""Looks for the certificate of a release as the worker does, and says how far it comes, in what time and memory.

A side of a hidden number is that it could be large, or that it could be one or none; each wants an invented population
that comes to everything published. Keeps nothing: the certificate that a release carries is the worker's. Minutes for
a year. Ends with an error where a side is left; --left names them, and then its output is secret. --further says how
many more numbers would have to be hidden for all to be proven, and looks for minutes more.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Sequence

from django.core.management.base import BaseCommand, CommandError

from outcomes.disclosure import published
from outcomes.disclosure.certificate import Certificate, Target, check
from outcomes.disclosure.further import hide_further
from outcomes.disclosure.proof import prove
from outcomes.management.releases import add_release, named, release_called
from outcomes.queries.audit import attacked_with, chain_attacked
from outcomes.queries.certificates import provable, sides_by_number


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        add_release(parser)
        parser.add_argument("--left", action="store_true", help="Name the sides for which nothing was found")
        parser.add_argument("--further", action="store_true", help="Look for what more would have to be hidden")

    def handle(self, *, release: str, left: bool, further: bool, **options) -> None:
        found = release_called(release)
        chain = chain_attacked(found)
        every = provable(found, chain)
        self.stdout.write(f"{found}: {len(every):,} sides of {len(sides_by_number(every)):,} hidden numbers.")
        of_truth = len(every - check(Certificate(), chain).unshielded)
        self.stdout.write(f"The first certificate, of the truth alone, proves {of_truth:,}.")
        began = time.process_time()
        proof = prove(chain, wanted=every)
        searched = time.process_time()
        verdict = check(proof.certificate, chain)
        unproven = verdict.unshielded & every
        checked = time.process_time()
        self.stdout.write(
            f"The search proves {len(every) - len(unproven):,}, by {len(proof.certificate.worlds):,} other "
            f"populations: {searched - began:,.0f} s of processor time, {checked - searched:,.0f} s to check them, "
            f"{_most_memory():,.0f} MB of memory at most."
        )
        codes = [each.code for each in (*attacked_with(found), found)]
        for target in sorted(unproven) if left else ():
            side = "large" if target.up else "one or none"
            self.stdout.write(f"Left: that it could be {side}, {codes[target.release]} {named(target.end)}.")
        if further and unproven:
            unproven = self._say_what_more(chain, unproven, proof.certificate)
        if verdict.broken:
            raise CommandError(f"The certificate does not hold. {verdict.broken[0]}")
        if unproven:
            raise CommandError(f"{len(unproven):,} sides are left: the certificate is not whole.")

    def _say_what_more(
        self, chain: Sequence[published.Release], left: set[Target], certificate: Certificate
    ) -> set[Target]:
        """Gives what is left then, of the release as it stands."""
        began = time.process_time()
        found = hide_further(chain, left)
        took = f"{time.process_time() - began:,.0f} s of processor time"
        still = left & check(Certificate((*certificate.worlds, *found.as_it_stands)), chain).unshielded
        hiding = f"with {len(found.hides):,} more numbers hidden all of it is proven, by {len(found.worlds):,} others"
        rest = (hiding if found.hides else "nothing to hide was found") if still else "nothing has to be hidden"
        self.stdout.write(
            f"Looked at once more: {len(found.as_it_stands):,} more populations as it stands, and {rest}: {took}."
        )
        return still


def _most_memory() -> float:
    """Of this process until now, in MB: Linux says it in KiB, macOS in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most * 1024 / 1e6
