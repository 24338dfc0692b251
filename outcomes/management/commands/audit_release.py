"""Attacks a release by what is published of it and of those before it, and says of each hidden number what can be told.

What earlier releases give away without it, and cannot take back, is told apart from what it gives away besides. Then
checks its certificate: whether each invented population comes to everything published, and proves what it says.
With --partners also as each partner could, that knows what it sent itself: then the numbers of people whom others
contributed are what it looks for. Ends with an error if one can be given away. Secret: it prints which numbers are
small.
"""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from outcomes.disclosure.attack import Finding
from outcomes.management.releases import add_release, named, release_called
from outcomes.models import Release
from outcomes.queries.audit import Audited, audited, audited_for_partners
from outcomes.queries.certificates import certificate_of, checked, sides_by_number


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        add_release(parser)
        parser.add_argument("--all", action="store_true", help="Each hidden number, not only those that can be told")
        parser.add_argument("--partners", action="store_true", help="As each partner could too; minutes for a year")

    def handle(self, *, release: str, all: bool, partners: bool, **options) -> None:
        found = release_called(release)
        chain, outside = audited(found)
        codes = [each.code for each in chain]
        self._findings(codes, outside, "", all=all)
        self.stdout.write(
            f"{len(outside.findings):,} hidden numbers of {', '.join(codes)}; {outside.given_away:,} of them can be "
            "given away."
        )
        every = [outside]
        for partner, inside in audited_for_partners(found) if partners else ():
            self._findings(codes, inside, f"{partner}: ", all=all)
            self.stdout.write(
                f"{partner}: {len(inside.findings):,} numbers of others; {inside.given_away:,} can be given away."
            )
            every.append(inside)
        holds = self._certificate(found)
        if any(each.told for each in every):
            raise CommandError("What is hidden can be told. Nobody outside the unit may see this release as it is.")
        if any(each.told_before for each in every):
            raise CommandError("What is hidden can be told by what was published before. This release adds nothing.")
        if not holds:
            raise CommandError("Its certificate does not hold.")

    def _findings(self, codes: list[str], audited: Audited, who: str, *, all: bool) -> None:
        for finding in audited.findings if all else ():
            if not finding.is_told:
                self.stdout.write(f"{who}{_line(codes, finding)}")
        for finding in audited.told:
            self.stdout.write(f"{who}{_line(codes, finding)}")
        if audited.told_before:
            by = {which for finding in audited.told_before for which, _ in finding.by}
            told = ", ".join(codes[which] for which in sorted(by))
            self.stdout.write(f"{who}Given away by {told} already, and no further by {codes[-1]}:")
        for finding in audited.told_before:
            self.stdout.write(f"{who}{_line(codes, finding)}")

    def _certificate(self, release: Release) -> bool:
        """Check it by the counting code alone. Whether it holds, as far as it goes."""
        certificate = certificate_of(release)
        if certificate is None:
            self.stdout.write("It carries no certificate: it was made before there were any.")
            return True
        verdict = checked(certificate)
        left = sides_by_number(verdict.unshielded)
        for problem in verdict.broken:
            self.stdout.write(problem)
        holds = not verdict.broken and len(left) == len(certificate.unproven)
        self.stdout.write(
            f"Certificate {certificate.number}: {certificate.numbers - len(left):,} of {certificate.numbers:,} hidden "
            f"numbers are proven by {certificate.world_count:,} other populations; "
            f"{'each comes to everything published' if holds else 'it does not hold'}."
        )
        return holds


def _line(codes: list[str], finding: Finding) -> str:
    most = "any number" if finding.most is None else f"{finding.most:g}"
    by = f", by {'; '.join(f'{codes[which]} {named(end)}' for which, end in finding.by)}" if finding.by else ""
    return f"{codes[finding.release]} {named(finding.end)}: {finding.least:g} to {most}{by}"
