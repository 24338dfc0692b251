"""A release's stored files."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass

from outcomes.models import Release, ReleaseFile
from outcomes.package.build import ABOUT

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "png": "image/png",
}
BLOCK = 64 * 1024  # bytes


def blocks(file: ReleaseFile) -> Iterator[bytes]:
    """The file's bytes as they were written, a block at a time."""
    with gzip.open(io.BytesIO(file.compressed)) as content:
        while block := content.read(BLOCK):
            yield block


def content_type(name: str) -> str:
    return TYPES[name.rpartition(".")[2]]


@dataclass(frozen=True)
class FileLine:
    """`size` in bytes."""

    name: str
    about: str
    size: int
    sha256: str


def file_lines(release: Release) -> list[FileLine]:
    """reach.csv first, then by name."""
    kept = release.files.order_by("name").values_list("name", "size", "sha256")
    found = [FileLine(name, ABOUT.get(name, ""), size, sha256) for name, size, sha256 in kept]
    return sorted(found, key=lambda line: line.name != "reach.csv")
