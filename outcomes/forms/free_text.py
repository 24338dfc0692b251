"""Finds in free text what a person could be known by. A net with wide meshes: it warns, it does not prove."""

from __future__ import annotations

import re

_TELEPHONE = re.compile(r"(?<!\d)(?:\+44\s?|0)\d(?:[\s-]?\d){8,9}(?!\d)")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)
_EMAIL = re.compile(r"\S+@\S+\.\w+")
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[\s-]?\d{3}[\s-]?\d{4}(?!\d)")
_BIRTH = re.compile(
    r"\b(?:born|dob|d\.o\.b\.?|date of birth)\b\D{0,12}\d{1,2}[\s/.-]+(?:\d{1,2}|[a-z]{3,9})[\s/.-]+\d{2,4}",
    re.IGNORECASE,
)


def personal_details(text: str) -> list[str]:
    """What the text seems to hold, in words: “a telephone number”, “a postcode”; empty if nothing."""
    found = {
        "an NHS number": any(_is_nhs_number(match.group()) for match in _TEN_DIGITS.finditer(text)),
        "a telephone number": bool(_TELEPHONE.search(text)),
        "a postcode": bool(_POSTCODE.search(text)),
        "an email address": bool(_EMAIL.search(text)),
        "a date of birth": bool(_BIRTH.search(text)),
    }
    return [words for words, is_there in found.items() if is_there]


def _is_nhs_number(text: str) -> bool:
    """Its tenth digit checks the nine before it (modulus 11)."""
    digits = [int(character) for character in text if character.isdigit()]
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == digits[9] and check != 10


def sentence(where: str, text: str) -> str:
    """What to do about it; empty if nothing was found."""
    found = personal_details(text)
    if not found:
        return ""
    return f"{where} seems to hold {' and '.join(found)}. Take out everything by which somebody could be known."
