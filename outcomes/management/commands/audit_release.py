"""Attacks a release by what is published of it and of those before it, and says of each hidden number what can be told:
of reach, and of its reports of activity and networks.

What earlier releases give away without it, and cannot take back, is told apart from what it gives away besides. Then
checks its certificate: whether each invented population comes to everything published, and proves what it says.
With --partners also as each partner could, that knows what it sent itself: then the numbers of people whom others
contributed are what it looks for. Ends with an error if one can be given away. Secret: it prints which numbers are
small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.management.base import BaseCommand, CommandError

from outcomes.disclosure.finding import Finding
from outcomes.management.releases import add_release, named, release_called
from outcomes.models import Release
from outcomes.queries.audit import Audited, audited, audited_for_partners
from outcomes.queries.certificates import certificate_of, checked, sides_by_number
from outcomes.queries.reports import that_tell_of_activity
from outcomes.queries.reports_audit import (
    ACTIVITY,
    NETWORKS,
    activity_audited,
    activity_audited_for_partners,
    networks_audited,
)


@dataclass(frozen=True)
class Attacked:
    """A report of a release, by somebody outside or by a partner. `codes`: of the releases, it comes last."""

    report: str
    codes: list[str]
    partner: str
    audited: Audited


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        add_release(parser)
        parser.add_argument("--all", action="store_true", help="Each hidden number, not only those that can be told")
        parser.add_argument("--partners", action="store_true", help="As each partner could too; minutes for a year")

    def handle(self, *, release: str, all: bool, partners: bool, **options) -> None:
        found = release_called(release)
        told, told_before = False, False
        for attacked in _attacks(found, partners=partners):
            self._say(attacked, all=all)
            told |= bool(attacked.audited.told)
            told_before |= bool(attacked.audited.told_before)
        holds = self._certificate(found)
        if told:
            raise CommandError("What is hidden can be told. Nobody outside the unit may see this release as it is.")
        if told_before:
            raise CommandError("What is hidden can be told by what was published before. This release adds nothing.")
        if not holds:
            raise CommandError("Its certificate does not hold.")

    def _say(self, attacked: Attacked, *, all: bool) -> None:
        codes, audited = attacked.codes, attacked.audited
        who = ", ".join(filter(None, [attacked.report, attacked.partner]))
        who = who and f"{who}: "
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
        of_what = "numbers of others" if attacked.partner else f"hidden numbers of {', '.join(codes)}"
        them = "" if attacked.partner else " of them"
        self.stdout.write(f"{who}{len(audited.findings):,} {of_what}; {audited.given_away:,}{them} can be given away.")

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
        # One that was made before they were counted apart names those that earlier releases tell too.
        unproven = [each for each in certificate.unproven if each[:3] not in release.told_before]
        holds = not verdict.broken and len(left) == len(unproven)
        self.stdout.write(
            f"Certificate {certificate.number}: {certificate.numbers - len(left):,} of {certificate.numbers:,} hidden "
            f"numbers are proven by {certificate.world_count:,} other populations; "
            f"{'each comes to everything published' if holds else 'it does not hold'}."
        )
        return holds


def _attacks(release: Release, *, partners: bool) -> Iterator[Attacked]:
    ways = [("", audited, audited_for_partners)]
    if that_tell_of_activity([release]):
        ways.append((ACTIVITY, activity_audited, activity_audited_for_partners))
        ways.append((NETWORKS, networks_audited, None))
    for report, from_outside, from_inside in ways:
        chain, outside = from_outside(release)
        codes = [each.code for each in chain]
        yield Attacked(report, codes, "", outside)
        for partner, inside in from_inside(release) if partners and from_inside else ():
            yield Attacked(report, codes, str(partner), inside)


def _line(codes: list[str], finding: Finding) -> str:
    most = "any number" if finding.most is None else f"{finding.most:g}"
    by = f", by {'; '.join(f'{codes[which]} {named(end)}' for which, end in finding.by)}" if finding.by else ""
    return f"{codes[finding.release]} {named(finding.end)}: {finding.least:g} to {most}{by}"
