"""Who delivers what, where and since when, and about how many people each sees in a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from outcomes.demo import agreements
from outcomes.demo.organisations import (
    BIRMINGHAM,
    COVENTRY,
    DISTRICTS,
    DUDLEY,
    POLICE,
    SANDWELL,
    SOLIHULL,
    WALSALL,
    WOLVERHAMPTON,
)
from outcomes.demo.people import BOXING_CLUB, CHILDRENS_HOSPITAL, HEAL_HUB_LEAD
from partners.models import Area, Organisation
from programmes.models import CountingBasis, Delivery, Programme, Setting
from vru_portal.core.periods import Month

TERM_TIME = {"school-support", "school-routes"}
BY_COUNTS = {"school-routes", "maternity", "training"}  # no young people who are supported
BY_REFERENCE = {"CUSTODY-COV"}  # the custody record's number stays with the police, and names do too
FROM_THE_START = date(2021, 4, 1)


@dataclass(frozen=True)
class DeliverySpec:
    """`level`: people seen in an ordinary month of the first year (for routes: pupils passing); `growth`: a year."""

    code: str
    name: str
    programme: str
    partner: str
    setting: str
    districts: tuple[str, ...]
    level: float
    growth: float = 0.02
    starts_on: date = FROM_THE_START
    ends_on: date | None = None

    @property
    def is_term_time(self) -> bool:
        return self.programme in TERM_TIME

    @property
    def counting_basis(self) -> str:
        if self.programme in BY_COUNTS or not agreements.terms(self.partner):
            return CountingBasis.AGGREGATE
        return CountingBasis.CASE_REFERENCE if self.code in BY_REFERENCE else CountingBasis.REGISTER

    def sends_register(self, month: Month) -> bool:
        return self.counting_basis != CountingBasis.AGGREGATE and agreements.agreed(self.partner, month)


def _specs(programme: str, setting: str, *rows) -> list[DeliverySpec]:
    return [
        DeliverySpec(code, name, programme, partner, rest.pop("setting", setting), districts, level, **rest)
        for code, name, partner, districts, level, rest in rows
    ]


DELIVERIES: list[DeliverySpec] = [
    *_specs(
        "emergency-departments",
        "emergency-department",
        (
            "ED-BHM",
            "Birmingham Children's emergency department",
            CHILDRENS_HOSPITAL,
            (BIRMINGHAM,),
            90,
            {"growth": 0.08},
        ),
        (
            "ED-UHB",
            "Heartlands emergency department",
            "University Hospitals Birmingham NHS Foundation Trust",
            (BIRMINGHAM, SOLIHULL),
            59,
            {},
        ),
        (
            "ED-COV",
            "Coventry emergency department",
            "University Hospitals Coventry and Warwickshire NHS Trust",
            (COVENTRY,),
            43,
            {"growth": 0.04},
        ),
        ("ED-DUD", "Dudley emergency department", "The Dudley Group NHS Foundation Trust", (DUDLEY,), 22, {}),
        (
            "ED-SAW",
            "Sandwell emergency department",
            "Sandwell and West Birmingham Hospitals NHS Trust",
            (SANDWELL, BIRMINGHAM),
            30,
            {},
        ),
        (
            "ED-WSL",
            "Walsall emergency department",
            "Walsall Healthcare NHS Trust",
            (WALSALL,),
            18,
            {"starts_on": date(2022, 9, 1)},
        ),
        ("ED-WLV", "Wolverhampton emergency department", "The Royal Wolverhampton NHS Trust", (WOLVERHAMPTON,), 31, {}),
    ),
    *_specs(
        "sexual-health-clinics",
        "sexual-health-clinic",
        (
            "CLINIC-BHM",
            "Birmingham and Solihull clinics",
            "University Hospitals Birmingham NHS Foundation Trust",
            (BIRMINGHAM, SOLIHULL),
            50,
            {},
        ),
        ("CLINIC-COV", "Coventry clinic", "Lantern Row Young People's Trust", (COVENTRY,), 19, {}),
        ("CLINIC-WLV", "Wolverhampton clinic", "The Royal Wolverhampton NHS Trust", (WOLVERHAMPTON,), 21, {}),
    ),
    *_specs(
        "exploitation-hubs",
        "exploitation-hub",
        ("HUB-BHM", "Birmingham exploitation hub", "Birmingham City Council", (BIRMINGHAM,), 26, {}),
        ("HUB-COV", "Coventry exploitation hub", "Coventry City Council", (COVENTRY,), 13, {}),
        (
            "HUB-SAW",
            "Sandwell exploitation hub",
            "Sandwell Metropolitan Borough Council",
            (SANDWELL,),
            9,
            {"starts_on": date(2021, 6, 1)},
        ),
        (
            "HUB-WSL",
            "Walsall exploitation hub",
            "Walsall Metropolitan Borough Council",
            (WALSALL,),
            8,
            {"starts_on": date(2021, 6, 1)},
        ),
        ("HUB-WLV", "Wolverhampton exploitation hub", "City of Wolverhampton Council", (WOLVERHAMPTON,), 11, {}),
    ),
    *_specs(
        "communities",
        "street",
        ("OUTREACH-BHM", "City centre and north Birmingham", "Brightwater Lane Youth Project", (BIRMINGHAM,), 174, {}),
        ("OUTREACH-BHE", "East Birmingham streets", "Lantern Row Young People's Trust", (BIRMINGHAM,), 120, {}),
        ("OUTREACH-BOX", "The corner: boxing and talking", BOXING_CLUB, (BIRMINGHAM,), 16, {"growth": 0.05}),
        (
            "OUTREACH-BHS",
            "South Birmingham streets",
            "Second Bell Youth Work",
            (BIRMINGHAM,),
            77,
            {"ends_on": date(2024, 3, 31)},
        ),
        ("OUTREACH-COV", "Coventry streets", "Threefold Spires Youth Trust", (COVENTRY,), 101, {}),
        ("OUTREACH-DUD", "Dudley and Brierley Hill streets", "Glassblowers' Green Youth Trust", (DUDLEY,), 71, {}),
        ("OUTREACH-SAW", "Sandwell towns", "Tollhouse Lane Young People's Project", (SANDWELL,), 92, {}),
        ("OUTREACH-SOL", "North Solihull streets", "Holly and Arden Youth Trust", (SOLIHULL,), 46, {}),
        ("OUTREACH-WSL", "Walsall streets", "Saddle and Stirrup Youth Project", (WALSALL,), 110, {"growth": 0.08}),
        ("OUTREACH-WLV", "Wolverhampton streets", "Wheel and Anchor Youth Project", (WOLVERHAMPTON,), 84, {}),
    ),
    *_specs(
        "school-support",
        "school",
        ("SCHOOL-BHM", "Mentors in Birmingham schools", "Aspen Ridge Learning Trust", (BIRMINGHAM,), 81, {}),
        ("SCHOOL-COV", "Mentors in Coventry schools", "Larkmoor Schools Trust", (COVENTRY,), 66, {"growth": 0.12}),
        ("SCHOOL-DUD", "Mentors in Dudley schools", "Dudley Metropolitan Borough Council", (DUDLEY,), 24, {}),
        ("SCHOOL-SAW", "Mentors in Sandwell schools", "Tipping Bridge Schools Trust", (SANDWELL,), 31, {}),
        ("SCHOOL-SOL", "Mentors in Solihull schools", "Solihull Metropolitan Borough Council", (SOLIHULL,), 7, {}),
        ("SCHOOL-WSL", "Mentors in Walsall schools", "Heronbrook Schools Trust", (WALSALL,), 29, {}),
        ("SCHOOL-WLV", "Mentors in Wolverhampton schools", "Lockside Futures", (WOLVERHAMPTON,), 29, {}),
    ),
    *_specs(
        "school-routes",
        "school-route",
        ("ROUTE-BHM", "Birmingham school routes", "Brightwater Lane Youth Project", (BIRMINGHAM,), 5850, {}),
        ("ROUTE-COV", "Coventry school routes", "Threefold Spires Youth Trust", (COVENTRY,), 2500, {}),
        ("ROUTE-DUD", "Dudley school routes", "Glassblowers' Green Youth Trust", (DUDLEY,), 1500, {}),
        ("ROUTE-SAW", "Sandwell school routes", "Foundry Row Community Association", (SANDWELL,), 1950, {}),
        ("ROUTE-SOL", "Solihull school routes", "Holly and Arden Youth Trust", (SOLIHULL,), 1100, {}),
        ("ROUTE-WSL", "Walsall school routes", "Saddle and Stirrup Youth Project", (WALSALL,), 1700, {}),
        ("ROUTE-WLV", "Wolverhampton school routes", "Wheel and Anchor Youth Project", (WOLVERHAMPTON,), 1800, {}),
    ),
    *_specs(
        "maternity",
        "maternity",
        (
            "MATERNITY-BHM",
            "Birmingham maternity",
            "Birmingham Community Healthcare NHS Foundation Trust",
            (BIRMINGHAM,),
            34,
            {},
        ),
        ("MATERNITY-WLV", "Wolverhampton maternity", "The Royal Wolverhampton NHS Trust", (WOLVERHAMPTON,), 15, {}),
        (
            "HOME-DUD",
            "Family visits in Dudley and Sandwell",
            "Marl Pit Family Centre",
            (DUDLEY, SANDWELL),
            12,
            {"setting": "home"},
        ),
    ),
    *_specs(
        "early-years",
        "early-years",
        (
            "EARLY-BHM",
            "Birmingham play and settle",
            "Birmingham Community Healthcare NHS Foundation Trust",
            (BIRMINGHAM,),
            19,
            {},
        ),
        ("EARLY-DUD", "Dudley play and settle", "Marl Pit Family Centre", (DUDLEY,), 11, {}),
    ),
    *_specs(
        "primary-years",
        "school",
        ("PRIMARY-BHM", "Safe and strong in Birmingham", "Aspen Ridge Learning Trust", (BIRMINGHAM,), 62, {}),
        (
            "PRIMARY-SAW",
            "Safe and strong in Sandwell",
            "Foundry Row Community Association",
            (SANDWELL,),
            34,
            {"setting": "community-venue"},
        ),
    ),
    *_specs(
        "secondary-years",
        "community-venue",
        ("CHOICES-BHM", "Choices in Birmingham", "Lantern Row Young People's Trust", (BIRMINGHAM,), 72, {}),
        ("CHOICES-SAW", "Choices in Sandwell", "Tollhouse Lane Young People's Project", (SANDWELL,), 41, {}),
        ("CHOICES-WLV", "Choices in Wolverhampton", "Lockside Futures", (WOLVERHAMPTON,), 36, {}),
    ),
    *_specs(
        "after-education",
        "community-venue",
        ("NEXT-BHM", "Next steps in Birmingham", "Brightwater Lane Youth Project", (BIRMINGHAM,), 37, {}),
        ("NEXT-COV", "Next steps in Coventry", "Weavers' Yard Project", (COVENTRY,), 18, {}),
        ("NEXT-WLV", "Next steps in Wolverhampton", "Lockside Futures", (WOLVERHAMPTON,), 16, {}),
        (
            "NEXT-DUD",
            "Next steps in Dudley",
            "Glassblowers' Green Youth Trust",
            (DUDLEY,),
            14,
            {"starts_on": date(2026, 5, 1)},
        ),
    ),
    *_specs(
        "heal-hub",
        "community-venue",
        ("HEAL-HUB", "Heal Hub in Birmingham and Solihull", HEAL_HUB_LEAD, (BIRMINGHAM, SOLIHULL), 20, {"growth": 0.3}),
        ("HEAL-HUB-ONLINE", "Heal Hub online", HEAL_HUB_LEAD, DISTRICTS, 8, {"growth": 0.25, "setting": "online"}),
        (
            "HEAL-HUB-BC",
            "Heal Hub in the Black Country",
            "Beacon Steps Counselling",
            (WALSALL, WOLVERHAMPTON, SANDWELL, DUDLEY),
            13,
            {"growth": 0.2},
        ),
        (
            "HEAL-HUB-COV",
            "Heal Hub in Coventry",
            "Weavers' Yard Project",
            (COVENTRY,),
            14,
            {"growth": 0.1, "starts_on": date(2022, 10, 1)},
        ),
    ),
    *_specs(
        "custody",
        "custody",
        ("CUSTODY-BHM", "Birmingham custody suites", POLICE, (BIRMINGHAM, SOLIHULL), 48, {}),
        ("CUSTODY-BC", "Black Country custody suites", POLICE, (SANDWELL, WALSALL, DUDLEY, WOLVERHAMPTON), 34, {}),
        ("CUSTODY-COV", "Coventry custody suite", POLICE, (COVENTRY,), 17, {"starts_on": date(2024, 4, 1)}),
    ),
    *_specs(
        "places-of-worship",
        "place-of-worship",
        ("FAITH-BHM", "Noor Row open hall", "Noor Row Mosque and Community Hall", (BIRMINGHAM,), 37, {}),
        ("FAITH-SAW", "Bagh Street open hall", "Bagh Street Gurdwara", (SANDWELL, BIRMINGHAM), 24, {}),
        ("FAITH-WLV", "St Ninnoc's open hall", "St Ninnoc's Church Hall", (WOLVERHAMPTON,), 6, {}),
    ),
    *_specs(
        "training",
        "community-venue",
        ("TRAIN-REGION", "Courses across the region", "Open Ledger Training", DISTRICTS, 85, {}),
        (
            "TRAIN-BWC",
            "Courses for hospital staff",
            CHILDRENS_HOSPITAL,
            (BIRMINGHAM,),
            40,
            {"setting": "emergency-department"},
        ),
        (
            "TRAIN-WMP",
            "Courses for police officers",
            POLICE,
            DISTRICTS,
            50,
            {"starts_on": date(2022, 4, 1), "ends_on": date(2025, 3, 31)},
        ),
    ),
]


def load(programmes: dict[str, Programme], organisations: dict[str, Organisation]) -> dict[str, Delivery]:
    """Every delivery by its code; those that are there already are left alone."""
    known = set(Delivery.objects.values_list("code", flat=True))
    settings = {setting.code: setting for setting in Setting.objects.all()}
    areas = {area.gss_code: area for area in Area.objects.all()}
    new = [spec for spec in DELIVERIES if spec.code not in known]
    created = Delivery.objects.bulk_create(
        Delivery(
            code=spec.code,
            name=spec.name,
            programme=programmes[spec.programme],
            partner=organisations[spec.partner],
            setting=settings[spec.setting],
            starts_on=spec.starts_on,
            ends_on=spec.ends_on,
            is_term_time=spec.is_term_time,
            counting_basis=spec.counting_basis,
        )
        for spec in new
    )
    where = Delivery.areas.through
    where.objects.bulk_create(
        where(delivery=delivery, area=areas[code])
        for spec, delivery in zip(new, created, strict=True)
        for code in spec.districts
    )
    return {d.code: d for d in Delivery.objects.filter(code__in=[spec.code for spec in DELIVERIES])}
