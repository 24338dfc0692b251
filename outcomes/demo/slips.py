"""What goes wrong when somebody types a young person's details, and how often."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from random import Random

from outcomes.demo.names import ACCENTED, OTHER_SPELLINGS
from outcomes.demo.young_people import UNIT_LETTERS, YoungPerson, new_postcode


@dataclass(frozen=True)
class Slips:
    """How often each thing happens to one typing of one person's details."""

    forename_slip: float = 0.028
    surname_slip: float = 0.036
    other_spelling: float = 0.06  # where the forename or surname has another
    swapped_names: float = 0.006
    initial_only: float = 0.004
    second_forename: float = 0.3  # where there is one
    part_dropped: float = 0.3  # of a double-barrelled surname
    later_surname: float = 0.5  # where it has changed
    no_surname: float = 0.001
    day_and_month: float = 0.006
    wrong_year: float = 0.012
    wrong_digit: float = 0.006
    no_birthday: float = 0.012
    first_of_january: float = 0.002
    no_postcode: float = 0.08
    other_postcode: float = 0.04  # the other parent's, an old one, a carer's
    postcode_slip: float = 0.008
    no_reference: float = 0.02
    wrong_reference: float = 0.004
    placeholder: float = 0.004
    no_sex: float = 0.2
    wrong_sex: float = 0.01
    without_references: float = 0.0  # of deliveries

    def times(self, factor: float) -> Slips:
        return Slips(**{field.name: min(0.45, factor * getattr(self, field.name)) for field in fields(self)})


TYPICAL = Slips()
MESSY = replace(TYPICAL.times(2.5), no_reference=0.2, without_references=0.2, no_sex=0.35)

PLACEHOLDERS = ("N/A", "-", "unknown", "TBC", "none", "0000", "not known", "?")
KEYS = """
    qwa wqes ewrd retf tryg ytuh uyij iuok oipl po aqsz sawdx dsefc fdrgv gfthb hgyjn jhukm kjil lok
    zxa xzcs cxvd vcbf bvng nbmh mnj"""
NEXT_TO = {keys[0]: keys[1:] for keys in KEYS.split()}

# Other ways of writing the same.
IN_CAPITALS, ACCENT_KEPT, OTHER_HYPHEN, POSTCODE_RUN_TOGETHER, ETHNICITY_ASKED = 0.05, 0.3, 0.2, 0.12, 0.9


class Typist:
    """Who writes details down; each method is one typing of one thing."""

    def __init__(self, slips: Slips, dice: Random) -> None:
        self.slips, self.dice = slips, dice

    def happens(self, chance: float) -> bool:
        return self.dice.random() < chance

    def reference(self, reference: str) -> str:
        slips = self.slips
        if not reference or self.happens(slips.no_reference):
            return ""
        if self.happens(slips.placeholder):
            return self.dice.choice(PLACEHOLDERS)
        if self.happens(slips.wrong_reference):
            place = self.dice.randrange(3, len(reference))
            return reference[:place] + str(self.dice.randrange(10)) + reference[place + 1 :]
        return reference

    def names(self, person: YoungPerson) -> tuple[str, str]:
        slips = self.slips
        forename, surname = person.forename, person.surname
        if person.later_surname and self.happens(slips.later_surname):
            surname = person.later_surname
        forename, surname = self._spelt(forename), self._spelt(surname)
        if person.second_forename and self.happens(slips.second_forename):
            forename = f"{person.second_forename} {forename}"
        surname = self._part_of(surname)
        if self.happens(slips.forename_slip):
            forename = self._slip(forename)
        if self.happens(slips.surname_slip):
            surname = self._slip(surname)
        if self.happens(slips.initial_only):
            forename = forename[0]
        if self.happens(slips.no_surname):
            surname = ""
        if self.happens(slips.swapped_names):
            forename, surname = surname, forename
        return (forename.upper(), surname.upper()) if self.happens(IN_CAPITALS) else (forename, surname)

    def _spelt(self, name: str) -> str:
        others = OTHER_SPELLINGS.get(name)
        if others and self.happens(self.slips.other_spelling):
            return self.dice.choice(others)
        if self.happens(ACCENT_KEPT):
            return ACCENTED.get(name, name)
        return name.replace("'", self.dice.choice("'’")) if "'" in name else name

    def _part_of(self, surname: str) -> str:
        parts = surname.replace("-", " ").split()
        if len(parts) < 2:
            return surname
        if self.happens(self.slips.part_dropped):
            return self.dice.choice(parts)
        return self.dice.choice("- ").join(parts) if self.happens(OTHER_HYPHEN) else surname

    def birthday(self, born: date, style: str, today: date) -> str:
        if self.happens(self.slips.no_birthday):
            return ""
        return self.born(born, today).strftime(style)

    def born(self, born: date, today: date) -> date:
        """The day that is written, where one is."""
        slips = self.slips
        if self.happens(slips.day_and_month) and born.day <= 12:
            return born.replace(month=born.day, day=born.month)
        if self.happens(slips.wrong_year):
            leap_day = (born.month, born.day) == (2, 29)
            return born.replace(year=born.year + self.dice.choice((-1, 1)), day=28 if leap_day else born.day)
        if self.happens(slips.first_of_january):
            return born.replace(month=1, day=1)
        if self.happens(slips.wrong_digit):
            return self._one_digit_wrong(born, today)
        return born

    def _one_digit_wrong(self, born: date, today: date) -> date:
        written = f"{born:%Y%m%d}"
        while True:
            place = self.dice.choice((3, 5, 6, 7, 7))
            wrong = written[:place] + str(self.dice.randrange(10)) + written[place + 1 :]
            try:
                day = date(int(wrong[:4]), int(wrong[4:6]), int(wrong[6:]))
            except ValueError:
                continue
            if born != day < today:
                return day

    def postcode(self, person: YoungPerson, day: date) -> str:
        slips = self.slips
        if self.happens(slips.no_postcode):
            return ""
        postcode = person.lives_at(day)
        if self.happens(slips.other_postcode):
            postcode = new_postcode(self.dice)
        if self.happens(slips.postcode_slip):
            outward, inward = postcode.split()
            letter = self.dice.choice(UNIT_LETTERS)
            postcode = self.dice.choice((f"{outward} {inward[:2]}{letter}", f"{outward[:-1]} {inward}"))
        return postcode.lower().replace(" ", "") if self.happens(POSTCODE_RUN_TOGETHER) else postcode

    def ethnicity(self, ethnicity: str) -> str:
        return ethnicity if self.happens(ETHNICITY_ASKED) else ""

    def sex(self, sex: str) -> str:
        if self.happens(self.slips.no_sex):
            return ""
        if self.happens(self.slips.wrong_sex):
            sex = "F" if sex == "M" else "M"
        return self.dice.choice(("F", "Female") if sex == "F" else ("M", "male"))

    def _slip(self, name: str) -> str:
        """A finger that comes down twice, not at all, beside the key, or before its neighbour."""
        if len(name) < 2:
            return name
        place = self.dice.randrange(1, len(name)) if self.happens(0.9) else 0
        before, letter, after = name[:place], name[place], name[place + 1 :]
        kind = self.dice.randrange(5)
        if kind == 0:
            return before + letter + letter.lower() + after
        if kind == 1 and len(name) > 2:
            return before + after
        if kind == 2 and after:
            return before + after[0] + letter.lower() + after[1:]
        beside = self.dice.choice(NEXT_TO.get(letter.lower(), "aeiou"))
        if kind == 3:
            return before + letter + beside + after
        return before + (beside.upper() if letter.isupper() else beside) + after
