"""What a release tells beside reach: activity, timeliness and networks. Read when it is made, and when made again.

What can change later (where a delivery works, what a measure is called, who came in time, who is a member) is kept with
the release; what returns answered is read from the versions that it was made of.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from outcomes import activity, stocks
from outcomes.activity import ActivityInputs, ActivityRow, Answer, MeasureInput, Place
from outcomes.models import Measure, MeasureAnswer, Obligation, Release, ReleaseFile, Submission
from outcomes.models.measures import AddsUp, MeasureKind
from outcomes.queries.audit import attacked_with
from outcomes.queries.coverage import is_timely, with_first_sent
from outcomes.queries.reach import Frame, policy_input
from outcomes.queries.standing import with_standing
from outcomes.release_inputs import ReleaseInputs
from outcomes.stocks import StockInputs, StockRow
from outcomes.timeliness import Group, Judged, rates
from partners.models import Network, NetworkMembership, Organisation
from programmes.models import Delivery, Setting
from vru_portal.core.periods import Month
from vru_portal.core.spreadsheets import unescape_formula

CONTACTS = MeasureInput(
    code="contacts",
    name="Contacts",
    definition="Every time that somebody was met, counted beside the people of a return.",
    unit="contacts",
    counts="contacts",
    over_months=AddsUp.SUM,
    is_about_people=True,
)


@dataclass(frozen=True)
class Reports:
    """`of_activity`, `of_networks`: what it says beside what was said before it, which comes first."""

    activity: Sequence[ActivityRow] = ()
    stocks: Sequence[StockRow] = ()
    of_activity: Sequence[activity.Published] = ()
    of_networks: Sequence[stocks.Published] = ()


# ---- Kept with the release ----
def kept_for_reports(frame: Frame, inputs: ReleaseInputs, now: datetime) -> dict:
    """In plain values, for `Release.account`."""
    deliveries = Delivery.objects.filter(pk__in=frame.deliveries).select_related("partner", "setting")
    return {
        "deliveries": {str(each.pk): [each.partner.kind, each.setting.code, each.partner_id] for each in deliveries},
        "partner_kinds": dict(Organisation.Kind.choices),
        "settings": dict(Setting.objects.values_list("code", "name")),
        "network_kinds": dict(Network.Kind.choices),
        "measures": [list(vars(measure).values()) for measure in _measures(inputs.versions)],
        "timeliness": list(rates(inputs.month, list(_judged(inputs.month, timezone.localdate(now))))),
        "networks": _networks(inputs.month),
    }


def measures_that_add_up() -> QuerySet[Measure]:
    """Over places; over months they are summed, or the latest or the largest is taken of each delivery."""
    over_months = [AddsUp.SUM, AddsUp.LATEST, AddsUp.MAXIMUM]
    found = Measure.objects.filter(kind=MeasureKind.NUMBER, over_places=AddsUp.SUM, over_months__in=over_months)
    return found.order_by("name", "code")


def _measures(versions: Collection[int]) -> Iterator[MeasureInput]:
    """Contacts, and what was answered of the others."""
    yield CONTACTS
    answered = MeasureAnswer.objects.filter(submission__version__in=versions, value__isnull=False)
    for m in measures_that_add_up().filter(pk__in=answered.values("measure")):
        counts = m.people_label or m.get_unit_display()
        yield MeasureInput(m.code, m.name, m.definition, m.unit, counts, m.over_months, m.is_about_people)


# ---- Timeliness ----
def _judged(month: Month, today: date) -> Iterator[Judged]:
    year, kinds = month.financial_year, dict(Organisation.Kind.choices)
    owed = Obligation.objects.owed().filter(month__range=(year.first, month.first), due_date__lt=today)
    facts = ("month", "due_date", "first_sent_at", "is_met", "is_nil", "delivery__partner", "delivery__partner__kind")
    programme = ("delivery__programme__code", "delivery__programme__name")
    for one in with_first_sent(with_standing(owed)).values_list(*facts, *programme, named=True):
        yield Judged(
            month=Month.of(one.month),
            partner=one.delivery__partner,
            programme=Group(one.delivery__programme__code, one.delivery__programme__name),
            partner_kind=Group(one.delivery__partner__kind, kinds[one.delivery__partner__kind]),
            is_accepted=one.is_met,
            is_nil=one.is_nil,
            is_timely=is_timely(one),
        )


# ---- Networks ----
def _networks(month: Month) -> dict:
    """As `StockInputs.from_json` reads it."""
    quarters = [quarter for quarter in month.financial_year.quarters if quarter.months[0] <= month]
    spans = [(quarter.months[0].first, min(quarter.months[-1], month).last) for quarter in quarters]
    eve, held = month.financial_year.first - timedelta(days=1), NetworkMembership.objects.all()
    at_start = Counter(held.on(eve).values_list("network", flat=True))
    flows = [
        [Counter(held.filter(**{f"{day}__range": span}).values_list("network", flat=True)) for span in spans]
        for day in ("joined_on", "left_on")
    ]
    networks = list(Network.objects.order_by("kind", "name"))
    of = {stocks.ALL: held} | {kind: held.filter(network__kind=kind) for kind in sorted({n.kind for n in networks})}
    days = [eve, *(last for _, last in spans)]
    return {
        "networks": [
            [n.name, n.kind, at_start[n.pk], [[joined[n.pk], left[n.pk]] for joined, left in zip(*flows, strict=True)]]
            for n in networks
        ],
        "people": {kind: [found.members_on(day) for day in days] for kind, found in of.items()} if networks else {},
    }


# ---- Made, and made again ----
def reports_of(release: Release, versions: Collection[int]) -> Reports:
    """What the release says of these versions, protected together with the releases that it is attacked with. It need
    not be stored yet."""
    if "reports" not in release.account:
        return Reports()
    earlier = that_tell_of_activity(attacked_with(release))
    of_activity, of_networks = activity_published(earlier), networks_published(earlier)
    done = _activity_inputs(release, versions, _answers(versions))
    rows = activity.activity_rows(done, of_activity)
    of_people = {row.key: None if row.value is None else int(row.value) for row in rows if row.measure.is_about_people}
    month, policy = Month.of(release.month), policy_input(release.policy)
    members = StockInputs.from_json(release.account["reports"]["networks"])
    networks = stocks.stock_rows(month, members, policy, of_networks)
    of_members = {key: said for row in networks for key, said in row.said.items()}
    return Reports(
        rows,
        networks,
        [*of_activity, activity.Published(done, of_people)],
        [*of_networks, stocks.Published(month, policy, members, of_members)],
    )


def that_tell_of_activity(releases: Iterable[Release]) -> list[Release]:
    """Not those that were made before there were such files."""
    return [release for release in releases if "reports" in release.account]


def activity_published(releases: Sequence[Release]) -> list[activity.Published]:
    """What they were made of, and what their files say."""
    made_of = {release.pk: set(release.inputs.values_list("version", flat=True)) for release in releases}
    answers = _answers(set().union(*made_of.values()))
    return [
        activity.Published(
            _activity_inputs(release, made_of[release.pk], answers), activity_said(rows_of(release, "activity.csv"))
        )
        for release in releases
    ]


def networks_published(releases: Iterable[Release]) -> list[stocks.Published]:
    return [
        stocks.Published(
            Month.of(one.month),
            policy_input(one.policy),
            StockInputs.from_json(one.account["reports"]["networks"]),
            networks_said(rows_of(one, "networks.csv")),
        )
        for one in releases
    ]


Told = Mapping[int, list[tuple[str, int, Month, Decimal]]]


def _answers(versions: Collection[int]) -> Told:
    """By version: measure, delivery, month and value."""
    last = Submission.objects.filter(version__in=versions).order_by("version", "-sequence").distinct("version")
    found: dict[int, list] = defaultdict(list)
    of = ("version", "version__obligation__delivery", "version__obligation__month")
    sent = {}
    for pk, version, delivery, month, contacts in last.values_list("pk", *of, "contacts"):
        sent[pk] = version, delivery, Month.of(month)
        if contacts is not None:
            found[version].append((CONTACTS.code, delivery, Month.of(month), Decimal(contacts)))
    answered = MeasureAnswer.objects.filter(submission__in=sent, value__isnull=False)
    for pk, code, value in answered.values_list("submission", "measure__code", "value"):
        version, delivery, month = sent[pk]
        found[version].append((code, delivery, month, value))
    return found


def _activity_inputs(release: Release, versions: Collection[int], told: Told) -> ActivityInputs:
    kept, frame = release.account["reports"], Frame.from_json(release.frame)
    programmes = {programme.id: programme.code for programme in frame.programmes}
    answers: dict[str, list[Answer]] = defaultdict(list)
    for version in versions:
        for code, delivery, month, value in told.get(version, ()):
            answers[code].append(Answer(delivery, month, version, value))
    return ActivityInputs(
        month=Month.of(release.month),
        policy=policy_input(release.policy),
        measures=[MeasureInput(*facts) for facts in kept["measures"]],
        deliveries={
            pk: _delivery_input(programmes[each.programme], each.owed, *kept["deliveries"][str(pk)])
            for pk, each in frame.deliveries.items()
        },
        answers=answers,
    )


def _delivery_input(
    programme: str, owed: frozenset[Month], partner_kind: str, setting: str, partner: int | None = None
) -> activity.DeliveryInput:
    """Releases made before partners were taken for readers do not say whose a delivery is."""
    return activity.DeliveryInput(Place(programme, partner_kind, setting), owed, partner)


# ---- Read from what was published ----
def rows_of(release: Release, name: str) -> list[dict[str, str]]:
    """A file's rows by their columns; none if the release was made before there were such files."""
    file = ReleaseFile.objects.filter(release=release, name=name).first()
    if file is None:
        return []
    return list(csv.DictReader(io.StringIO(gzip.decompress(file.compressed).decode(), newline="")))


def activity_said(rows: Iterable[Mapping[str, str]]) -> dict[activity.Key, int | None]:
    """What the published file says of people."""
    said = {}
    for row in rows:
        if row["rounded"] == "yes" and row["symbol"] in {"", "c"}:
            place = Place(row["programme_code"], row["partner_kind_code"], row["setting_code"])
            of = row["period_type"], row["period_start"], row["period_end"], row["measure_code"]
            said[activity.Key(*of, place)] = int(row["value"]) if row["value"] else None
    return said


def networks_said(rows: Iterable[Mapping[str, str]]) -> dict[stocks.Key, int | None]:
    said = {}
    for row in rows:
        of = row["period_type"], row["period_start"], row["period_end"], row["kind_code"]
        network = unescape_formula(row["network"])
        for name in stocks.NUMBERS:
            if row[name] or row["symbol"]:
                said[stocks.Key(*of, network, name)] = int(row[name]) if row[name] else None
    return said
