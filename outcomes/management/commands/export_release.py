"""Writes a release's files, as they were published, into a folder."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand

from outcomes.management.releases import add_release, release_called
from outcomes.queries import files


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        add_release(parser)
        parser.add_argument("--out", required=True, type=Path, help="The folder; it is made if it is not there")

    def handle(self, *, release: str, out: Path, **options) -> None:
        found = release_called(release)
        out.mkdir(parents=True, exist_ok=True)
        for file in found.files.order_by("name"):
            with open(out / file.name, "wb") as written:
                written.writelines(files.blocks(file))
            self.stdout.write(f"{file.name}  {file.size:,} bytes  SHA-256 {file.sha256}")
