"""All files of a package as one zip, streamed: the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator

# The oldest that a zip knows: no file is dated by the day on which somebody downloads it.
DATED = (1980, 1, 1, 0, 0, 0)


class _Written(io.RawIOBase):
    """Keeps what is written until it is taken away. It cannot be gone back in, so sizes follow the files."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._kept += data
        return len(data)

    def taken(self) -> bytes:
        taken = bytes(self._kept)
        self._kept.clear()
        return taken


def archive(files: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """Of names and their blocks. Stored, not compressed: how small a compressor makes them changes with its version."""
    written = _Written()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as packed:
        for name, blocks in files:
            with packed.open(zipfile.ZipInfo(name, DATED), "w") as entry:
                for block in blocks:
                    entry.write(block)
                    yield written.taken()
    yield written.taken()
