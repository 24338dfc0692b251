"""The keys of pseudonyms: from a file or the environment, never from the database.

`REGISTER_KEYS_FILE` names a file, or `REGISTER_KEYS` holds its text: a line for each key, its version and 64
hexadecimal digits, the newest last. Old ones stay for as long as rows stand under them.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from vru_portal.core.private_files import write_private
from vru_portal.core.refusals import Refusal

KEY_BYTES = 32
_LINE = re.compile(r"(\d{1,4})\s+([0-9a-fA-F]{64})")


class NoKey(Refusal):
    """Registers cannot be read without a key."""


@dataclass(frozen=True)
class Key:
    version: int
    secret: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Tells two keys apart without giving either away."""
        return hmac.digest(self.secret, b"fingerprint", "sha256").hex()[:16]

    @property
    def line(self) -> str:
        """As it stands in the file."""
        return f"{self.version} {self.secret.hex()}"


def throw_away() -> Key:
    """For counting that keeps nothing: no pseudonym under it can be compared with any other."""
    return Key(0, secrets.token_bytes(KEY_BYTES))


def keys_in(text: str) -> list[Key]:
    """The keys, oldest first; `NoKey` with what is wrong."""
    keys = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if not found:
            raise NoKey(f"Line {number} of the register keys is not a version and 64 hexadecimal digits.")
        keys.append(Key(int(found[1]), bytes.fromhex(found[2])))
    versions = [key.version for key in keys]
    if versions != sorted(set(versions)) or 0 in versions:
        raise NoKey("The versions of the register keys must rise from 1, each once.")
    return keys


def configured(file: str, text: str) -> list[Key]:
    """The keys of this installation, oldest first; empty if none is configured."""
    if file:
        try:
            text = Path(file).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise NoKey(f"The file of register keys cannot be read: {type(error).__name__}.") from None
    return keys_in(text)


def add(file: str, key: Key) -> None:
    """Write a key into the file of keys, in its place; the file is made if there is none. `NoKey` if it cannot be."""
    path = Path(file).resolve()  # a link stays a link
    try:
        text = path.read_text(encoding="ascii") if path.exists() else ""
        lines = text.splitlines()
        later = (
            n
            for n, line in enumerate(lines)
            if (found := _LINE.fullmatch(line.strip())) and int(found[1]) > key.version
        )
        lines.insert(next(later, len(lines)), key.line)
        keys_in(written := "\n".join(lines) + "\n")
        write_private(path, written)
    except (OSError, UnicodeDecodeError) as error:
        raise NoKey(f"The file of register keys cannot be written: {type(error).__name__}.") from None
