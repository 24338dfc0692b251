"""Names as they are compared: without case, marks and punctuation, and by families of names that are one name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

# What Unicode does not take apart by itself.
_LETTERS = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "Ł": "L", "ł": "l", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Æ": "AE"}
    | {"æ": "ae", "Œ": "OE", "œ": "oe", "ı": "i", "Þ": "Th", "þ": "th"}
)
_WITHIN = re.compile("['’‘`´ʼ.]")  # written or left out within one word: O'Brien
_BETWEEN = re.compile("[^A-Z]+")
# Before a name rather than names of their own.
_TITLES = frozenset({"MR", "MRS", "MS", "MISS", "MASTER", "DR"})
SHORTEST_PART = 3
FAMILIES = Path(__file__).parent / "name_families.txt"


def parts(text: str) -> tuple[str, ...]:
    """The words of a name in A to Z: “José-Luis” → (JOSE, LUIS). Empty for what holds no letter."""
    folded = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    plain = "".join(c for c in folded if not unicodedata.combining(c)).upper()
    words = [word for word in _BETWEEN.split(_WITHIN.sub("", plain)) if word]
    if len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return tuple(words)


@lru_cache
def _families() -> dict[str, str]:
    """Name → the first name of its family."""
    found = {}
    for line in FAMILIES.read_text(encoding="ascii").splitlines():
        names = line.partition("#")[0].split()
        for name in names:
            if name in found:
                raise ValueError(f"{name} stands in two families of names.")
            found[name] = names[0]
    return found


def family(words: tuple[str, ...]) -> str:
    """What a name is written as in its family: KATE → CATHERINE; of several words the first decides."""
    joined = "".join(words)
    known = _families()
    return known.get(joined) or (len(words) > 1 and known.get(words[0])) or joined


def one_letter_less(word: str) -> list[str]:
    """The word, and the word without each of its letters. Two words that share one differ by about one slip:
    a letter too many, too few or wrong, or two in the wrong order."""
    return list(dict.fromkeys([word, *(word[:k] + word[k + 1 :] for k in range(len(word)))]))
