"""Makes a release again from what is stored with it, and compares it byte for byte with what was written then."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from outcomes.management.releases import add_release, release_called
from outcomes.models import Release
from outcomes.queries.reproduction import made_again


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        add_release(parser)

    def handle(self, *, release: str, **options) -> None:
        found = release_called(release)
        self._say_code(found)
        again = made_again(found)
        self.stdout.write(f"What it was made of: {_same(again.same_inputs)}.")
        for name, is_same in again.files.items():
            self.stdout.write(f"{name}: {_same(is_same)}.")
        if not again.is_same:
            raise CommandError(self._why(again.taken_out))
        self.stdout.write("Every byte is the same.")

    def _say_code(self, release: Release) -> None:
        if release.code_version == settings.CODE_VERSION:
            self.stdout.write(f"{release}, under the code that made it: {release.code_version}.")
        else:
            self.stdout.write(f"{release}, made under {release.code_version}; this is {settings.CODE_VERSION}.")

    def _why(self, taken_out: int) -> str:
        if taken_out:
            return f"It is not the same: objections have taken {taken_out} rows out of its registers since."
        return "It is not the same. Run this under the code version that made it; if it differs still, look at History."


def _same(is_same: bool) -> str:
    return "the same" if is_same else "differs"
