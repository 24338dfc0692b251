"""Finds in free text what a person could be known by. A net with wide meshes: it warns, it does not prove."""

from __future__ import annotations

import calendar
import re
from bisect import bisect

_TELEPHONE = re.compile(r"(?<!\d)(?:\+44\s?|0)\d(?:[\s-]?\d){8,9}(?!\d)")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@]@+[^\s@.]+\.[^\s@]*\w")
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[\s-]?\d{3}[\s-]?\d{4}(?!\d)")
_MONTHS = "|".join([*calendar.month_name[1:], *calendar.month_abbr[1:]])
_WEEKDAYS = "|".join([*calendar.day_name, *calendar.day_abbr])
_BETWEEN = r"[\s/.-]+"
_DAY = rf"\d{{1,2}}(?:st|nd|rd|th)?{_BETWEEN}(?:of\s)?(?:\d{{1,2}}|{_MONTHS}){_BETWEEN}\d{{2,4}}"
_ANY_DAY = rf"(?<!\d)(?:{_DAY}|\d{{4}}-\d\d-\d\d)(?!\d)"
_DATE = re.compile(_ANY_DAY, re.IGNORECASE)
_BIRTH = re.compile(rf"\b(?:born|dob|d\.o\.b\.?|date of birth)\b\D{{0,12}}{_ANY_DAY}", re.IGNORECASE)
# Two words that begin with a capital, neither of them a month or a day; each pair, also where they overlap.
_LETTERS = "[\\w’'-]{0,40}"
_CAPITALISED = rf"(?!(?:{_MONTHS}|{_WEEKDAYS})\b)[^\W\d_a-z](?={_LETTERS}[a-z]){_LETTERS}"
_NAME = re.compile(rf"\b(?=({_CAPITALISED}\s{_CAPITALISED}))")
NEAR = 6  # so many words between a name and a date, and they may belong together
FAR = 60 * NEAR  # so many characters between them are more words than that, or none that anybody wrote


def personal_details(text: str) -> list[str]:
    """What the text seems to hold, in words: “a telephone number”, “a postcode”; empty if nothing.

    It is asked of what anybody typed, before its length is checked: so none of the patterns may take a time that grows
    faster than the text.
    """
    found = {
        "an NHS number": any(_is_nhs_number(match.group()) for match in _TEN_DIGITS.finditer(text)),
        "a telephone number": bool(_TELEPHONE.search(text)),
        "a postcode": bool(_POSTCODE.search(text)),
        "an email address": bool(_EMAIL.search(text)),
        "a date of birth": bool(_BIRTH.search(text)),
        "a name beside a date": _has_name_near_date(text) and not _BIRTH.search(text),
    }
    return [words for words, is_there in found.items() if is_there]


def _has_name_near_date(text: str) -> bool:
    text = re.sub(r"\s+", " ", text)
    names = [match.span(1) for match in _NAME.finditer(text)]
    begin = [start for start, _ in names]
    for day in _DATE.finditer(text):
        after = bisect(begin, day.start())
        nearest = names[max(0, after - 1) : after + 1]  # the last that begins before it, and the first after it
        if any(_is_near(text, name, day.span()) for name in nearest):
            return True
    return False


def _is_near(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    start, end = min(one[1], other[1]), max(one[0], other[0])
    return end - start <= FAR and len(text[start:end].split()) <= NEAR


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
