"""Finding names by the words that somebody types: all of them, in any order and case, with or without accents and
apostrophes, so that “kings” and “King’s” are one word."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from django.db.models import CharField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

_APOSTROPHES = "'’‘ʼ`´"
_LETTERS = {chr(code): unicodedata.normalize("NFD", chr(code))[0] for code in range(0xC0, 0x250)}
_ACCENTED = "".join(letter for letter, plain in _LETTERS.items() if plain.isascii())
_PLAIN = "".join(_LETTERS[letter] for letter in _ACCENTED)
# PostgreSQL's `translate` reads the first and the second as Python does, and drops what has no counterpart.
_IN_PYTHON = str.maketrans(_ACCENTED, _PLAIN, _APOSTROPHES)


def words_in(typed: str) -> list[str]:
    """As they are looked for."""
    return unicodedata.normalize("NFC", typed).translate(_IN_PYTHON).split()


def holding(found: QuerySet, words: Sequence[str], *fields: str | Func) -> QuerySet:
    """Those in whose fields, taken together, every one of the words stands."""
    parts = [part for field in fields for part in (Value(" "), F(field) if isinstance(field, str) else field)]
    together = Concat(*parts, output_field=TextField())
    plain = Func(
        together,
        Value(_ACCENTED + _APOSTROPHES, CharField()),
        Value(_PLAIN, CharField()),
        function="TRANSLATE",
        output_field=TextField(),
    )
    return found.alias(plain_words=plain).filter(*(Q(plain_words__icontains=word) for word in words))
