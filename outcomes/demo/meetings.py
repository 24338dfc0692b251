"""Whom the deliveries that give registers met: invented young people, met month by month behind the numbers of
`counts`.

Pure, like `counts`: a later last month changes no earlier one. Somebody is written the same way each time by one
partner; another partner that meets them too writes them anew, with the slips that people make.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple

from outcomes.demo.counts import FIRST_MONTH, Counts, counts_of
from outcomes.demo.deliveries import DELIVERIES, DeliverySpec
from outcomes.demo.dice import dice
from outcomes.demo.names import HERITAGES, Heritage
from outcomes.demo.organisations import DISTRICTS
from outcomes.demo.profiles import PROFILES, Profile, district_weights, ethnicity_weights, sex_weights
from outcomes.demo.slips import TYPICAL, Typist
from outcomes.demo.young_people import PLACES, YoungPerson, named, new_postcode
from outcomes.models.policy import Dimension
from outcomes.models.returns import Seen
from outcomes.registers.code_lists import as_delivered
from outcomes.registers.names import family, parts
from outcomes.registers.values import age_on_first_april
from vru_portal.core.periods import Month, months_between

# Of those who are new to a delivery: another one has met them this year. It is no finding but fitted to the thousandth,
# so that the linker counts the 10,500 to 10,600 people of the demo's headline (tests/test_demo_region.py). Where the
# linking moves, it must be set anew.
MET_ELSEWHERE = 0.123
COME_BACK = 0.1  # of those known from the year before: after years in which nobody kept a register
TRIES = 8
NO_BIRTHDAY, NO_SEX = 0.003, 0.01
OLDEST = 30
NOT_KNOWN = "not-known"
# A person whom one partner knows has a reference and a name there; what is missing is missing on purpose.
SLIPS = replace(TYPICAL.times(0.5), initial_only=0.0, no_surname=0.0, swapped_names=0.0, no_postcode=0.02)

OUTWARDS = dict(zip(DISTRICTS, (outwards for _, outwards, _ in PLACES), strict=True))
OUTWARDS["outside"] = ["ST19", "WR9", "LE10", "TF3", "B97", "CV21", "DE14", "WS15"]
# What the young people of an ethnicity are called, by the ethnicities of `names`; of others nothing can be said.
NAMED_AS = {
    "white-british": "White British",
    "white-irish": "White British",
    "white-gypsy-or-irish-traveller": "White British",
    "white-roma": "Any other White background",
    "white-other": "Any other White background",
    "mixed-white-and-black-caribbean": "White and Black Caribbean",
    "mixed-white-and-asian": "Pakistani",
    "mixed-white-and-black-african": "African",
    "asian-indian": "Indian",
    "asian-pakistani": "Pakistani",
    "asian-bangladeshi": "Bangladeshi",
    "asian-chinese": "Chinese",
    "asian-other": "Indian",
    "black-african": "African",
    "black-caribbean": "Caribbean",
    "black-other": "African",
    "other-arab": "Arab",
    "other": "Arab",
}
MINUTES = (10, 15, 20, 30, 45, 60, 90)
PLACES_TO_GO = ("", "", "", "", "", "", "", "Housing", "School nurse", "CAMHS")


class Written(NamedTuple):
    """How one partner writes a young person down, by the codes of the portal's lists; empty is not written."""

    reference: str
    forename: str
    surname: str
    birth: date | None
    postcode: str
    sex: str
    ethnicity: str
    district: str


class Met(NamedTuple):
    """One row of a register, and who it really is."""

    person: int
    written: Written
    day: date
    minutes: int
    referred_to: str


@dataclass(frozen=True)
class Meeting:
    """A delivery's month: its register, and the counts that it comes to."""

    counts: Counts
    rows: tuple[Met, ...]


@cache
def meetings(last: Month) -> Mapping[tuple[str, Month], Meeting]:
    """By delivery and month, of every month in which a register was kept."""
    region = _Region()
    kept = {spec: _Keeper(spec, region) for spec in DELIVERIES if any(map(spec.sends_register, _months(last)))}
    counted = {spec: {counts.month: counts for counts in counts_of(spec, last)} for spec in kept}
    return {
        (spec.code, month): keeper.meet(counted[spec][month])
        for month in _months(last)
        for spec, keeper in kept.items()
        if spec.sends_register(month) and month in counted[spec]
    }


def begun(spec: DeliverySpec, month: Month, last_day: int, before: Meeting) -> Meeting:
    """The first days of a month that is not over: some of the people of the month before come again."""
    rng = dice(spec.code, month.code, "begun register")
    known = {row.person: row.written for row in before.rows}
    people = {person: known[person] for person in rng.sample(sorted(known), min(len(known), rng.randint(6, 10)))}
    many, contacts = len(people), len(people) + min(len(people), 3)
    is_april = month.place_in_year == 0
    seen, not_seen = (Seen.FIRST_SEEN, Seen.ALREADY_COUNTED) if is_april else (Seen.ALREADY_COUNTED, Seen.FIRST_SEEN)
    counts = Counts(
        month,
        known=many if is_april else 0,
        already_counted=0 if is_april else many,
        contacts=contacts,
        breakdown={
            seen: _breakdown(list(people.values()), month.financial_year.start),
            not_seen: _breakdown([], month.financial_year.start),
        },
        is_of_register=True,
    )
    return Meeting(counts, _rows(people, contacts, month, last_day, rng))


def _months(last: Month) -> list[Month]:
    return months_between(FIRST_MONTH, last) if last >= FIRST_MONTH else []


class _Region:
    """Everybody who was met so far."""

    def __init__(self) -> None:
        self.people: list[YoungPerson] = []
        self.met: dict[tuple[int, str], list[int]] = defaultdict(list)  # by financial year and district
        self.partners: dict[str, _Partner] = defaultdict(_Partner)

    def add(self, person: YoungPerson) -> int:
        self.people.append(person)
        return len(self.people) - 1


class _Partner:
    """Whom a partner knows, and how it writes them. No two of them could be taken for one: in the months that a
    partner counts by itself it tells everybody apart."""

    def __init__(self) -> None:
        self.written: dict[int, Written] = {}
        self._taken: set[tuple] = set()

    def would_confuse(self, person: YoungPerson) -> bool:
        return not self._taken.isdisjoint(self._alike(person))

    def add(self, number: int, person: YoungPerson, written: Written) -> None:
        self.written[number] = written
        self._taken.update(self._alike(person))

    @staticmethod
    def _alike(person: YoungPerson) -> set[tuple]:
        forename, surname, born = _plain(person.forename), _plain(person.surname), person.born
        return {
            (forename, surname),
            (forename, born),
            (surname, born),
            *((forename, surname[0], f"{born:{nearly}}") for nearly in ("%Y-%m", "%Y %d")),
            *((forename[0], surname, f"{born:{nearly}}") for nearly in ("%Y-%m", "%Y %d")),
        }


@lru_cache(maxsize=50_000)
def _plain(name: str) -> str:
    """The name of the family that it belongs to: Ahmad and Ahmed are one."""
    return family(parts(name))


class _Keeper:
    """Who keeps one delivery's register."""

    def __init__(self, spec: DeliverySpec, region: _Region) -> None:
        self.spec, self.region = spec, region
        self.profile: Profile = PROFILES[spec.programme]
        self.partner = region.partners[spec.partner]
        self.year = 0
        self.this_year: dict[int, None] = {}
        self.earlier: dict[int, None] = {}
        self.last_year_kept = False
        self.weights = {
            name: _Weights.of(weights)
            for name, weights in (
                ("age", self.profile.ages),
                ("sex", sex_weights(self.profile)),
                ("ethnicity", ethnicity_weights(spec.districts)),
                ("district", district_weights(spec.districts)),
            )
        }

    def meet(self, counts: Counts) -> Meeting:
        month, rng = counts.month, dice(self.spec.code, counts.month.code, "register")
        self._turn_to(month.financial_year.start)
        again = rng.sample(list(self.this_year), counts.already_counted)
        from_before = self._from_before(counts.known, rng)
        self.this_year |= dict.fromkeys(from_before)
        first_seen = [*from_before, *(self._new(month, rng) for _ in range(counts.first_seen - len(from_before)))]
        people = {person: self.partner.written[person] for person in (*first_seen, *again)}
        return Meeting(
            replace(
                counts,
                known=len(from_before),
                new=len(first_seen) - len(from_before),
                breakdown={
                    Seen.FIRST_SEEN: _breakdown([people[person] for person in first_seen], self.year),
                    Seen.ALREADY_COUNTED: _breakdown([people[person] for person in again], self.year),
                },
                is_of_register=True,
            ),
            _rows(people, counts.contacts, month, month.last.day, rng),
        )

    def _turn_to(self, year: int) -> None:
        if year != self.year:
            self.last_year_kept = year == self.year + 1
            self.earlier |= self.this_year
            self.year, self.this_year = year, {}

    def _from_before(self, wanted: int, rng: random.Random) -> list[int]:
        if not self.last_year_kept:
            wanted = round(wanted * COME_BACK)
        waiting = [person for person in self.earlier if person not in self.this_year and self._is_of_age(person)]
        return rng.sample(waiting, min(wanted, len(waiting)))

    def _new(self, month: Month, rng: random.Random) -> int:
        """Somebody who never was in this register."""
        district = self.weights["district"].one(rng)
        person = self._met_elsewhere(district, rng) if rng.random() < MET_ELSEWHERE else None
        if person is None:
            person = self.region.add(self._invented(district, rng))
            self.region.met[self.year, district].append(person)
        if person not in self.partner.written:
            known = self.region.people[person]
            self.partner.add(person, known, self._write(known, district, month, rng))
        self.this_year[person] = None
        return person

    def _met_elsewhere(self, district: str, rng: random.Random) -> int | None:
        others = self.region.met[self.year, district]
        for _ in range(TRIES if others else 0):
            person = rng.choice(others)
            if person not in self.this_year and person not in self.earlier and self._would_meet(person):
                return person
        return None

    def _would_meet(self, person: int) -> bool:
        is_known = person in self.partner.written
        return self._is_of_age(person) and (is_known or not self.partner.would_confuse(self.region.people[person]))

    def _is_of_age(self, person: int) -> bool:
        born = self.region.people[person].born
        return self.profile.ages.get(_age_band(born, self.year), 0) > 1

    def _invented(self, district: str, rng: random.Random) -> YoungPerson:
        person = self._anybody(district, rng)
        while self.partner.would_confuse(person):
            person = self._anybody(district, rng)
        return person

    def _anybody(self, district: str, rng: random.Random) -> YoungPerson:
        ethnicity = self.weights["ethnicity"].one(rng)
        sex = self.weights["sex"].known(rng)
        called_as = {"female": "F", "male": "M"}.get(sex) or rng.choice("FM")
        forename, surname = named(rng, _heritage(ethnicity, rng), called_as)
        postcode = new_postcode(rng, OUTWARDS.get(district, OUTWARDS[self.spec.districts[0]]))
        return YoungPerson(0, forename, surname, self._born(rng), sex, ethnicity, postcode)

    def _born(self, rng: random.Random) -> date:
        age_band = self.weights["age"].known(rng)
        band = next(band for band in as_delivered().age_bands if band.code == age_band)
        first = date(self.year - rng.randint(band.youngest, min(band.oldest, OLDEST)) - 1, 4, 2)
        return first + timedelta(days=rng.randrange(365))

    def _write(self, person: YoungPerson, district: str, month: Month, rng: random.Random) -> Written:
        typist = Typist(SLIPS, rng)
        reference = f"{self.spec.code[:2]}{len(self.partner.written) + 1:05}"
        sex = NOT_KNOWN if rng.random() < NO_SEX else person.sex
        return Written(
            reference,
            *typist.names(person),
            None if rng.random() < NO_BIRTHDAY else typist.born(person.born, month.first),
            "" if district == NOT_KNOWN else typist.postcode(person, month.first),
            sex,
            person.ethnicity,
            district,
        )


def _breakdown(people: list[Written], year: int) -> dict[str, Counter]:
    return {
        Dimension.AGE_BAND: Counter(_age_band(written.birth, year) for written in people),
        Dimension.SEX: Counter(written.sex for written in people),
        Dimension.ETHNICITY: Counter(written.ethnicity for written in people),
        Dimension.DISTRICT: Counter(written.district for written in people),
    }


def _rows(
    people: Mapping[int, Written], contacts: int, month: Month, last_day: int, rng: random.Random
) -> tuple[Met, ...]:
    """Everybody once, and some of them more often, by day."""
    met = [*people, *rng.choices(list(people), k=contacts - len(people))] if people else []
    rows = (
        Met(
            person,
            people[person],
            month.first.replace(day=rng.randint(1, last_day)),
            rng.choice(MINUTES),
            rng.choice(PLACES_TO_GO),
        )
        for person in met
    )
    return tuple(sorted(rows, key=lambda row: row.day))


@dataclass(frozen=True)
class _Weights:
    """Codes, each with the sum of the weights up to it; what is not known stands last."""

    codes: tuple[str, ...]
    ladder: tuple[float, ...]
    known_ladder: tuple[float, ...]

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> _Weights:
        codes = sorted(weights, key=lambda code: code == NOT_KNOWN)
        ladder = tuple(accumulate(weights[code] for code in codes))
        return cls(tuple(codes), ladder, ladder[: len(codes) - (NOT_KNOWN in weights)])

    def one(self, rng: random.Random) -> str:
        return rng.choices(self.codes, cum_weights=self.ladder)[0]

    def known(self, rng: random.Random) -> str:
        return rng.choices(self.codes[: len(self.known_ladder)], cum_weights=self.known_ladder)[0]


def _heritage(ethnicity: str, rng: random.Random) -> Heritage:
    fitting = [h for h in HERITAGES if NAMED_AS.get(ethnicity) in h.ethnicities] or HERITAGES
    return rng.choices(fitting, [heritage.share for heritage in fitting])[0]


@lru_cache(maxsize=50_000)
def _age_band(birth: date | None, year: int) -> str:
    return as_delivered().age_band(age_on_first_april(birth, date(year, 4, 1)) if birth else None)
