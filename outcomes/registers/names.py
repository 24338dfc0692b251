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
# Two signs for one letter, by whose keyboard it was written.
_LETTERS |= str.maketrans("یىکة", "ييكه")
_WITHIN = frozenset("'’‘`´ʼ.")  # written or left out within one word: O'Brien
# Before a name rather than names of their own.
_TITLES = frozenset({"MR", "MRS", "MS", "MISS", "MASTER", "DR"})
# Written where a name is wanted, and none: only what can be nobody's name. Baby, Twin, Null and Na are somebody's;
# “N/A” and “not known” are no value in any column: `values.given`. docs/registers.md tells partners.
_NO_NAME = re.compile(
    r"""
    (?:(?:FIRST\ |LAST\ |FULL\ )?NAME\ (?:IS\ )?)?  # Name withheld
    (?:UNKNOWN | UNDISCLOSED | WITHHELD | REDACTED | REFUSED | DECLINED | ANON | ANONYM(?:OUS|I[SZ]ED) | TBC | TBA
     | NOT\ (?:KNOWN|GIVEN|STATED|RECORDED|PROVIDED|DISCLOSED|SHARED|SUPPLIED|OBTAINED|TAKEN))
    | NO\ (?:(?:FIRST|LAST|FULL)\ )?(?:NAME|FORENAME|SURNAME)(?:\ (?:KNOWN|GIVEN|STATED|RECORDED|PROVIDED|TAKEN))?
    | PREFERS?\ NOT\ TO\ SAY
    | (?:UNKNOWN | ANON | ANONYMOUS | UNNAMED | UNBORN | YOUNG\ PERSON | SERVICE\ USER)
      (?:\ (?:MALE|FEMALE|BOY|GIRL|BABY|CHILD|YOUNG|PERSON|ADULT|YP|[^\W\d_]))*  # Unknown male, Young person B
    | (?:NEWBORN\ )?BABY\ (?:BOY|GIRL) | NEWBORN
    | (?:BABY|INFANT|TWIN|CHILD|SON|DAUGHTER)(?:\ (?:BOY|GIRL))?\ OF\ .+  # Baby of Amina
    | X(?:\ ?X)+
    """,
    re.VERBOSE,
)
SHORTEST_PART = 3
FAMILIES = Path(__file__).parent / "name_families.txt"


class _Signs(dict):
    """What becomes of a sign: a letter stays, a mark upon a letter goes, all else parts two words."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        kind = unicodedata.category(sign)
        if sign in _WITHIN or kind in ("Lm", "Cf") or unicodedata.combining(sign):
            kept = ""
        else:  # a mark that stands beside letters is a vowel: राम
            kept = sign if kind[0] in "LM" else " "
        return self.setdefault(code, kept)


_SIGNS = _Signs()


def parts(text: str) -> tuple[str, ...]:
    """The words of a name, in capitals without marks: “José-Luis” → (JOSE, LUIS). Empty for what holds no letter, and
    for what says that there is no name: “Anonymous”, “Baby of Amina”.

    Other alphabets keep their letters: a name is compared with those that are written in the same one.
    """
    folded = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    words = folded.translate(_SIGNS).upper().split()
    if len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return () if _NO_NAME.fullmatch(" ".join(words)) else tuple(words)


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
