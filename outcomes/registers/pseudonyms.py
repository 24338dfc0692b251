"""What identifies somebody, turned into keyed pseudonyms; the details themselves are kept nowhere.

A pseudonym is HMAC-SHA-256 of what it stands for and its value, cut to 16 bytes. A row's pseudonyms stand one after
the other in one packed value (`PACKED_BYTES` long), a missing one as zeros. Most stand for one part of a name, a date
or a postcode, so that two rows can be compared part by part. The last ones join a forename in which a letter may be
wrong to the date of birth and to the postcode: they tell a slip from another name, and padding hides how long the
name is.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import jellyfish

from outcomes.registers.names import SHORTEST_PART, family, one_letter_less, parts

# What a pseudonym is made of. Raised with every change of it, of names.py or of name_families.txt: rows of before
# and after are then strangers to each other, so operators make a new key (docs/operations.md, "Upgrades").
FORM = 2
BYTES = 16
MISSING = bytes(BYTES)
MOST_REMEMBERED = 20_000  # values; a few megabytes
SLIPS = 12  # of each kind; longer names are compared by their beginnings, ends and sounds alone

NAME_PARTS = ("whole", "family", "sound", "head", "tail", "letters", "first", "last", "initial")
NAMES = ("forename", "surname")
DATE_PARTS = (
    *("birth", "birth_year_month", "birth_year_day", "birth_month_day", "birth_any_order"),
    *("birth_about", "birth_about_shifted"),  # of years that lie close together one of the two is the same
)
POSTCODE_PARTS = ("postcode", "postcode_out", "postcode_in")
YEARS_ABOUT = 6
SLIP_KINDS = ("slip_birth", "slip_postcode")
LAYOUT: tuple[str, ...] = (
    *(f"{name}_{part}" for name in NAMES for part in NAME_PARTS),
    *DATE_PARTS,
    *POSTCODE_PARTS,
    "sex",
    "nhs_number",
    "upn",
    "reference",
    *(f"{kind}_{n}" for kind in SLIP_KINDS for n in range(SLIPS)),
)
COLUMN = {name: position for position, name in enumerate(LAYOUT)}
PACKED_BYTES = BYTES * len(LAYOUT)

_SIGNS = re.compile(r"[\W_]")  # neither letters nor digits, of any alphabet
_NOT_ALPHANUMERIC = re.compile("[^A-Z0-9]")
_ONE_SIGN = re.compile(r"0+|([A-Z])\1+|([1-9])\2{3,}")
# What people write where there is no reference.
PLACEHOLDERS = frozenset(
    [
        *("NA", "NONE", "NIL", "NULL", "UNKNOWN", "UNK", "NK", "NOTKNOWN", "NOTAPPLICABLE", "NOREF", "NOREFERENCE"),
        *("TBC", "TBA", "TBD", "PENDING", "NEW", "TEST", "X"),
    ]
)


@dataclass(frozen=True, slots=True)
class Details:
    """What identifies somebody, in clear: alive only while its row is read. Empty: not given."""

    partner: str
    reference: str = ""
    forename: str = ""
    surname: str = ""
    birth: date | None = None
    postcode: str = ""
    sex: str = ""
    nhs_number: str = ""
    upn: str = ""

    def __repr__(self) -> str:
        return "Details(…)"  # never in a log or an error page


def plain_reference(reference: str) -> str:
    """The reference as it is compared; empty for a placeholder: “N/A”, “-”, “0”, “XX”, “9999”; not for 11 or 222."""
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", reference).upper())
    return "" if plain in PLACEHOLDERS or _ONE_SIGN.fullmatch(plain) else plain


def plain_postcode(postcode: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", postcode.upper())


@dataclass(slots=True)
class Pseudonymiser:
    """Makes pseudonyms under one key. It remembers what it made, in clear, so it lives no longer than one upload."""

    key: bytes = field(repr=False)
    _made: dict[tuple[str, str], bytes] = field(default_factory=dict, repr=False)
    _packed: dict[Details, bytes] = field(default_factory=dict, repr=False)

    def packed(self, details: Details) -> bytes:
        """All pseudonyms of a row, `PACKED_BYTES` long."""
        known = self._packed.get(details)
        if known is None:
            known = self._packed[details] = self._pack(details)
        return known

    def _pack(self, details: Details) -> bytes:
        forename, surname = parts(details.forename), parts(details.surname)
        postcode, reference = plain_postcode(details.postcode), plain_reference(details.reference)
        scoped = f"{details.partner}\0{reference}" if reference else ""
        birth = f"{details.birth:%Y%m%d}" if details.birth else ""
        return b"".join(
            (
                *self._name(forename),
                *self._name(surname),
                *self._birth(birth),
                *self._postcode(postcode),
                self._one("sex", details.sex),
                self._one("nhs_number", _NOT_ALPHANUMERIC.sub("", details.nhs_number.upper())),
                self._one("upn", _NOT_ALPHANUMERIC.sub("", details.upn.upper())),
                self._one("reference", scoped),
                *self._slips("slip_birth", forename, birth),
                *self._slips("slip_postcode", forename, postcode),
            )
        )

    def _one(self, what: str, value: str) -> bytes:
        if not value:
            return MISSING
        known = self._made.get((what, value))
        if known is None:
            if len(self._made) >= MOST_REMEMBERED:
                self._made.clear()
            known = self._made[what, value] = self._digest(f"{what}\0{value}")
        return known

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self.key, text.encode(), "sha256")[:BYTES]

    def _name(self, words: tuple[str, ...]) -> Iterator[bytes]:
        """Forename and surname alike, so that the two can be compared crosswise. Of an initial there is no more."""
        whole = "".join(words)
        yield self._one("name", whole)
        yield self._one("family", family(words) if words else "")
        long = whole if len(whole) > 1 else ""
        yield self._one("sound", jellyfish.metaphone(long))
        yield self._one("head", long[:3])
        yield self._one("tail", long[-3:])
        yield self._one("letters", "".join(sorted(long)))
        yield self._one("name", words[0] if long and len(words[0]) >= SHORTEST_PART else long)
        yield self._one("name", words[-1] if long and len(words[-1]) >= SHORTEST_PART else long)
        yield self._one("initial", whole[:1])

    def _birth(self, birth: str) -> Iterator[bytes]:
        year, month, day = birth[:4], birth[4:6], birth[6:]
        yield self._one("birth", birth)
        yield self._one("birth_year_month", year + month)
        yield self._one("birth_year_day", year + day)
        yield self._one("birth_month_day", month + day)
        yield self._one("birth_any_order", year + "".join(sorted((month, day))))
        yield self._one("birth_about", str(int(year) // YEARS_ABOUT) if birth else "")
        yield self._one("birth_about_shifted", str((int(year) + YEARS_ABOUT // 2) // YEARS_ABOUT) if birth else "")

    def _postcode(self, postcode: str) -> Iterator[bytes]:
        yield self._one("postcode", postcode)
        yield self._one("postcode_out", postcode[:-3])
        yield self._one("postcode_in", postcode[-3:] if len(postcode) > 3 else "")

    def _slips(self, kind: str, forename: tuple[str, ...], beside: str) -> list[bytes]:
        whole = "".join(forename)
        if len(whole) < 2 or not beside:
            return [MISSING] * SLIPS
        texts = [f"{kind}\0{part}\0{beside}" for part in one_letter_less(whole)[:SLIPS]]
        padding = [f"{kind}\0{n}\0{whole}\0{beside}" for n in range(SLIPS - len(texts))]
        return [self._digest(text) for text in texts + padding]
