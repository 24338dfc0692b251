"""Who comes to each programme and when: weights for the made-up returns."""

from __future__ import annotations

from dataclasses import dataclass, field

from outcomes.demo.organisations import (
    BIRMINGHAM,
    COVENTRY,
    DUDLEY,
    SANDWELL,
    SOLIHULL,
    WALSALL,
    WOLVERHAMPTON,
)

# Share of an ordinary month's people, January to December.
EVEN = (1.0, 1.0, 1.0, 0.95, 1.0, 1.0, 1.0, 0.95, 1.0, 1.0, 1.0, 0.9)
SCHOOL_TERMS = (1.0, 0.9, 1.05, 0.8, 1.0, 1.1, 0.75, 0.0, 0.95, 1.0, 1.1, 0.8)
AFTER_SCHOOL = (1.0, 0.95, 1.0, 0.95, 1.0, 1.05, 1.0, 0.6, 0.9, 1.0, 1.05, 0.8)
STREETS = (0.8, 0.8, 0.9, 1.0, 1.1, 1.15, 1.3, 1.3, 1.05, 1.1, 0.95, 0.8)
NIGHTS_OUT = (0.9, 0.9, 0.95, 1.0, 1.05, 1.1, 1.1, 1.1, 1.0, 1.05, 1.05, 1.1)
COURSES = (1.0, 1.0, 1.1, 0.7, 1.0, 1.1, 0.8, 0.3, 1.1, 1.1, 1.1, 0.6)


@dataclass(frozen=True)
class Profile:
    """How one programme's returns look.

    `returning`: the share of a month's people who were counted earlier in the year; `from_before`: the share of
    April's people who are known from an earlier year; `contacts`: contacts a person a month; `female`: the share.
    """

    ages: dict[str, float]
    season: tuple[float, ...] = EVEN
    returning: float = 0.5
    from_before: float = 0.4
    contacts: float = 2.0
    female: float = 0.45
    nobody: str = "Nobody came to us this month."


def _adults() -> dict[str, float]:
    return {"18-20": 8, "21-24": 22, "25-plus": 66, "not-known": 4}


PROFILES: dict[str, Profile] = {
    "emergency-departments": Profile(
        {"5-9": 2, "10-13": 16, "14-15": 27, "16-17": 30, "18-20": 14, "21-24": 8, "not-known": 3},
        season=NIGHTS_OUT,
        returning=0.25,
        from_before=0.15,
        contacts=1.5,
        female=0.36,
    ),
    "sexual-health-clinics": Profile(
        {"14-15": 14, "16-17": 38, "18-20": 30, "21-24": 15, "not-known": 3},
        returning=0.25,
        from_before=0.12,
        contacts=1.2,
        female=0.72,
    ),
    "exploitation-hubs": Profile(
        {"10-13": 16, "14-15": 39, "16-17": 38, "18-20": 5, "not-known": 2},
        returning=0.72,
        from_before=0.55,
        contacts=4.5,
        female=0.41,
    ),
    "communities": Profile(
        {"10-13": 20, "14-15": 31, "16-17": 26, "18-20": 11, "21-24": 5, "25-plus": 1, "not-known": 6},
        season=STREETS,
        returning=0.25,
        from_before=0.3,
        contacts=1.3,
        female=0.33,
    ),
    "school-support": Profile(
        {"10-13": 43, "14-15": 45, "16-17": 11, "not-known": 1},
        season=SCHOOL_TERMS,
        returning=0.6,
        from_before=0.5,
        contacts=2.0,
        female=0.44,
        nobody="Schools were closed for the summer.",
    ),
    "school-routes": Profile({}, season=SCHOOL_TERMS, nobody="Schools were closed for the summer."),
    "maternity": Profile(_adults(), returning=0.6, from_before=0.3, contacts=2.4, female=0.86),
    "early-years": Profile(
        {"0-4": 93, "5-9": 6, "not-known": 1},
        season=AFTER_SCHOOL,
        returning=0.62,
        from_before=0.35,
        contacts=3.0,
        female=0.49,
    ),
    "primary-years": Profile(
        {"5-9": 66, "10-13": 33, "not-known": 1},
        season=AFTER_SCHOOL,
        returning=0.5,
        from_before=0.4,
        contacts=1.8,
        female=0.5,
    ),
    "secondary-years": Profile(
        {"10-13": 38, "14-15": 41, "16-17": 19, "not-known": 2},
        season=AFTER_SCHOOL,
        returning=0.45,
        from_before=0.35,
        contacts=1.6,
        female=0.42,
    ),
    "after-education": Profile(
        {"16-17": 15, "18-20": 47, "21-24": 36, "not-known": 2},
        returning=0.5,
        from_before=0.35,
        contacts=1.7,
        female=0.4,
    ),
    "heal-hub": Profile(
        {"10-13": 29, "14-15": 37, "16-17": 29, "18-20": 4, "not-known": 1},
        returning=0.5,
        from_before=0.3,
        contacts=1.9,
        female=0.61,
    ),
    "custody": Profile(
        {"10-13": 5, "14-15": 20, "16-17": 33, "18-20": 25, "21-24": 15, "not-known": 2},
        season=NIGHTS_OUT,
        returning=0.22,
        from_before=0.14,
        contacts=1.2,
        female=0.14,
    ),
    "places-of-worship": Profile(
        {"5-9": 8, "10-13": 32, "14-15": 31, "16-17": 20, "18-20": 6, "not-known": 3},
        season=STREETS,
        returning=0.62,
        from_before=0.45,
        contacts=3.0,
        female=0.39,
        nobody="The hall was closed.",
    ),
    "training": Profile(
        {"18-20": 1, "21-24": 11, "25-plus": 86, "not-known": 2},
        season=COURSES,
        returning=0.12,
        from_before=0.1,
        contacts=1.2,
        female=0.7,
        nobody="No course was held this month.",
    ),
}


@dataclass(frozen=True)
class District:
    """`near`: where its people also come from; `ethnicity`: weights of those of the 19 categories that are common."""

    near: tuple[str, ...]
    ethnicity: dict[str, float] = field(default_factory=dict)


# Weights for believable data, not a description of anybody's population.
ETHNICITY_EVERYWHERE = {
    "white-british": 30,
    "white-irish": 1,
    "white-gypsy-or-irish-traveller": 0.4,
    "white-roma": 0.6,
    "white-other": 5,
    "mixed-white-and-black-caribbean": 6,
    "mixed-white-and-asian": 2.5,
    "mixed-white-and-black-african": 1.5,
    "mixed-other": 2,
    "asian-indian": 6,
    "asian-pakistani": 9,
    "asian-bangladeshi": 3,
    "asian-chinese": 0.8,
    "asian-other": 3,
    "black-african": 8,
    "black-caribbean": 7,
    "black-other": 3,
    "other-arab": 2,
    "other": 3,
    "prefer-not-to-say": 2.5,
    "not-known": 4,
}

NEIGHBOURS: dict[str, District] = {
    BIRMINGHAM: District((SANDWELL, SOLIHULL), {"asian-pakistani": 20, "black-caribbean": 9}),
    COVENTRY: District((SOLIHULL,), {"white-british": 42, "black-african": 12, "asian-indian": 8}),
    DUDLEY: District((SANDWELL, WOLVERHAMPTON), {"white-british": 66}),
    SANDWELL: District((BIRMINGHAM, DUDLEY, WALSALL), {"asian-indian": 17, "black-caribbean": 9}),
    SOLIHULL: District((BIRMINGHAM,), {"white-british": 64}),
    WALSALL: District((SANDWELL, WOLVERHAMPTON), {"white-british": 52, "asian-pakistani": 13}),
    WOLVERHAMPTON: District((DUDLEY, WALSALL), {"white-british": 44, "asian-indian": 14, "black-caribbean": 9}),
}


def sex_weights(profile: Profile) -> dict[str, float]:
    return {"female": 98 * profile.female, "male": 98 * (1 - profile.female), "other": 1, "not-known": 1}


def district_weights(districts: tuple[str, ...]) -> dict[str, float]:
    """About nine in ten live where the delivery is; some next door, a few elsewhere or not known."""
    weights = dict.fromkeys(districts, 90 / len(districts))
    near = [code for district in districts for code in NEIGHBOURS[district].near if code not in districts]
    for code in near:
        weights[code] = weights.get(code, 0) + 5.5 / len(near)
    return weights | {"outside": 1.5, "not-known": 3}


def ethnicity_weights(districts: tuple[str, ...]) -> dict[str, float]:
    """Of the delivery's first district."""
    return ETHNICITY_EVERYWHERE | NEIGHBOURS[districts[0]].ethnicity
