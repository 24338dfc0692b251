"""The partner organisations of the demo region, with their districts."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from partners.models import Area, Organisation

Kind = Organisation.Kind

BIRMINGHAM, COVENTRY, DUDLEY, SANDWELL, SOLIHULL, WALSALL, WOLVERHAMPTON = DISTRICTS = (
    "E08000025",
    "E08000026",
    "E08000027",
    "E08000028",
    "E08000029",
    "E08000030",
    "E08000031",
)
REGION = "E23000014"

HOME_OFFICE = "Home Office"
POLICE_AND_CRIME_COMMISSIONER = "West Midlands Police and Crime Commissioner"
POLICE = "West Midlands Police"
UNIT_FROM = date(2019, 9, 1)

# Public bodies: their public names and identifiers. (name, kind, org-id, district)
PUBLIC = [
    (HOME_OFFICE, Kind.GOVERNMENT, "", ""),
    (POLICE_AND_CRIME_COMMISSIONER, Kind.COMMISSIONER, "", REGION),
    (POLICE, Kind.POLICE, "", REGION),
    ("Birmingham City Council", Kind.COUNCIL, "GB-LAE-BIR", BIRMINGHAM),
    ("Coventry City Council", Kind.COUNCIL, "GB-LAE-COV", COVENTRY),
    ("Dudley Metropolitan Borough Council", Kind.COUNCIL, "GB-LAE-DUD", DUDLEY),
    ("Sandwell Metropolitan Borough Council", Kind.COUNCIL, "GB-LAE-SAW", SANDWELL),
    ("Solihull Metropolitan Borough Council", Kind.COUNCIL, "GB-LAE-SOL", SOLIHULL),
    ("Walsall Metropolitan Borough Council", Kind.COUNCIL, "GB-LAE-WLL", WALSALL),
    ("City of Wolverhampton Council", Kind.COUNCIL, "GB-LAE-WLV", WOLVERHAMPTON),
    ("Birmingham Women's and Children's NHS Foundation Trust", Kind.NHS, "GB-NHS-RQ3", BIRMINGHAM),
    ("University Hospitals Birmingham NHS Foundation Trust", Kind.NHS, "GB-NHS-RRK", BIRMINGHAM),
    ("Birmingham Community Healthcare NHS Foundation Trust", Kind.NHS, "GB-NHS-RYW", BIRMINGHAM),
    ("University Hospitals Coventry and Warwickshire NHS Trust", Kind.NHS, "GB-NHS-RKB", COVENTRY),
    ("The Dudley Group NHS Foundation Trust", Kind.NHS, "GB-NHS-RNA", DUDLEY),
    ("Sandwell and West Birmingham Hospitals NHS Trust", Kind.NHS, "GB-NHS-RXK", SANDWELL),
    ("Walsall Healthcare NHS Trust", Kind.NHS, "GB-NHS-RBK", WALSALL),
    ("The Royal Wolverhampton NHS Trust", Kind.NHS, "GB-NHS-RL4", WOLVERHAMPTON),
]

# Invented, with numbers that no register gives out. (name, kind, org-id, district)
INVENTED = [
    ("Quiet Harbour Counselling", Kind.CHARITY, "GB-CHC-9990001", BIRMINGHAM),
    ("Brightwater Lane Youth Project", Kind.CHARITY, "GB-CHC-9990002", BIRMINGHAM),
    ("Lantern Row Young People's Trust", Kind.CHARITY, "GB-CHC-9990003", BIRMINGHAM),
    ("Northgate Corner Boxing Club", Kind.COMMUNITY, "GB-CHC-9990004", BIRMINGHAM),
    ("Second Bell Youth Work", Kind.CHARITY, "GB-CHC-9990005", BIRMINGHAM),
    ("Threefold Spires Youth Trust", Kind.CHARITY, "GB-CHC-9990006", COVENTRY),
    ("Weavers' Yard Project", Kind.CHARITY, "GB-CHC-9990007", COVENTRY),
    ("Glassblowers' Green Youth Trust", Kind.CHARITY, "GB-CHC-9990008", DUDLEY),
    ("Marl Pit Family Centre", Kind.CHARITY, "GB-CHC-9990009", DUDLEY),
    ("Tollhouse Lane Young People's Project", Kind.CHARITY, "GB-CHC-9990010", SANDWELL),
    ("Foundry Row Community Association", Kind.COMMUNITY, "GB-CHC-9990011", SANDWELL),
    ("Holly and Arden Youth Trust", Kind.CHARITY, "GB-CHC-9990012", SOLIHULL),
    ("Saddle and Stirrup Youth Project", Kind.CHARITY, "GB-CHC-9990013", WALSALL),
    ("Beacon Steps Counselling", Kind.CHARITY, "GB-CHC-9990014", WALSALL),
    ("Wheel and Anchor Youth Project", Kind.CHARITY, "GB-CHC-9990015", WOLVERHAMPTON),
    ("Lockside Futures", Kind.CHARITY, "GB-CHC-9990016", WOLVERHAMPTON),
    ("Open Ledger Training", Kind.COMPANY, "GB-COH-99900017", BIRMINGHAM),
    ("Noor Row Mosque and Community Hall", Kind.FAITH, "GB-CHC-9990018", BIRMINGHAM),
    ("Bagh Street Gurdwara", Kind.FAITH, "GB-CHC-9990019", SANDWELL),
    ("St Ninnoc's Church Hall", Kind.FAITH, "GB-CHC-9990020", WOLVERHAMPTON),
    ("Aspen Ridge Learning Trust", Kind.SCHOOL, "GB-EDU-999021", BIRMINGHAM),
    ("Larkmoor Schools Trust", Kind.SCHOOL, "GB-EDU-999022", COVENTRY),
    ("Heronbrook Schools Trust", Kind.SCHOOL, "GB-EDU-999023", WALSALL),
    ("Tipping Bridge Schools Trust", Kind.SCHOOL, "GB-EDU-999024", SANDWELL),
]

# One that has closed, and who took its work over.
CLOSED = {"Second Bell Youth Work": (date(2024, 4, 1), "Brightwater Lane Youth Project")}


def load() -> dict[str, Organisation]:
    """Every organisation of the region by name, the unit among them; those that are there already are left alone."""
    areas = {area.gss_code: area for area in Area.objects.all()}
    known = set(Organisation.objects.values_list("name", flat=True))
    invented = {row[0] for row in INVENTED}
    rows = [(settings.UNIT_NAME, Kind.UNIT, "GB-GOR-VRU-DEMO", REGION), *PUBLIC, *INVENTED]
    new = [
        Organisation(
            name=name,
            kind=kind,
            org_id=org_id,
            district=areas[district] if district in DISTRICTS else None,
            telephone=f"01632 960{100 + number}" if name in invented else "",  # numbers kept for made-up people
            opened_on=UNIT_FROM if kind == Kind.UNIT else None,
        )
        for number, (name, kind, org_id, district) in enumerate(rows)
        if name not in known
    ]
    Organisation.objects.bulk_create(new)
    organisations = {o.name: o for o in Organisation.objects.filter(name__in=[row[0] for row in rows])}
    if new:
        _close(organisations)
        _say_whom_to_call()
    return organisations


def _say_whom_to_call() -> None:
    """About a child, in each district: not the councils' own numbers, which change and which no demo must hand on."""
    for number, district in enumerate(DISTRICTS):
        words = f"Children’s services, made up for this demonstration: 01632 960{300 + number}"
        Area.objects.filter(gss_code=district, safeguarding="").update(safeguarding=words)


def _close(organisations: dict[str, Organisation]) -> None:
    for name, (day, successor) in CLOSED.items():
        Organisation.objects.filter(name=name).update(closed_on=day, succeeded_by=organisations[successor])
        organisations[name].refresh_from_db()
