"""A register key out of two people's shares: neither of them alone says anything of it.

Both shares are random. The key is HKDF (RFC 5869) of the two, so whoever has one of them has as much to guess as
without. On paper a share is 36 letters and digits, the last four of which tell a slip of the pen, another version's
share, and the other custodian's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from outcomes.registers.keys import Key
from vru_portal.core.refusals import Refusal

SHARE_BYTES = 20
CHECK_LETTERS = 4
FIRST, SECOND = 1, 2
SALT = b"vru-portal register key"
_NOT_ALPHANUMERIC = re.compile("[^A-Z0-9]")
_MISREAD = str.maketrans("018", "OIB")  # base32 has none of these


class WrongShare(Refusal):
    """What was typed is not the share that was asked for."""


@dataclass(frozen=True)
class Share:
    """What one custodian gives to one version of the key. `place`: the first's or the second's."""

    version: int
    place: int
    secret: bytes = field(repr=False)

    @property
    def written(self) -> str:
        """As it is put on paper: nine groups of four."""
        text = base64.b32encode(self.secret).decode() + self._check()
        return " ".join(text[start : start + 4] for start in range(0, len(text), 4))

    def _check(self) -> str:
        """20 bits of a hash: they tell a slip, and nothing of the other share."""
        told = hashlib.sha256(b"share %d of %d\0" % (self.place, self.version) + self.secret).digest()
        return base64.b32encode(told).decode()[:CHECK_LETTERS]


def new_share(version: int, place: int) -> Share:
    return Share(version, place, secrets.token_bytes(SHARE_BYTES))


def share_in(text: str, *, version: int, place: int) -> Share:
    """The share that was typed, however it was spaced; `WrongShare` if it is not this one."""
    plain = _NOT_ALPHANUMERIC.sub("", text.upper()).translate(_MISREAD)
    try:
        share = Share(version, place, base64.b32decode(plain[:-CHECK_LETTERS]))
    except ValueError:
        share = None
    if share is None or len(share.secret) != SHARE_BYTES or not hmac.compare_digest(_plain(share), plain):
        which = "first" if place == FIRST else "second"
        raise WrongShare(f"This is not the {which} share of version {version}, or a letter of it is wrong.")
    return share


def _plain(share: Share) -> str:
    return share.written.replace(" ", "")


def key_of(first: Share, second: Share) -> Key:
    """The key that the two make."""
    version = first.version
    if (first.place, second.place, second.version) != (FIRST, SECOND, version):
        raise WrongShare("A key is made of the first and the second share of one version.")
    return Key(version, hkdf(first.secret + second.secret, salt=SALT, info=b"version %d" % version))


def hkdf(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    """The first 32 bytes of HKDF-SHA-256 (RFC 5869)."""
    return hmac.digest(hmac.digest(salt, secret, "sha256"), info + b"\1", "sha256")
