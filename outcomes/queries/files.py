"""A release's stored files."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator

from outcomes.models import ReleaseFile

BLOCK = 64 * 1024  # bytes


def blocks(file: ReleaseFile) -> Iterator[bytes]:
    """The file's bytes as they were written, a block at a time."""
    with gzip.open(io.BytesIO(file.compressed)) as content:
        while block := content.read(BLOCK):
            yield block
