"""When releases become public, and when a financial year's figures are settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from outcomes.models import AnnouncedDate, Release
from outcomes.queries.policies import policy_on
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.core.working_days import working_day_of, working_days_after

MONTHS_AHEAD = 12


# ---- Final ----
def is_settled(month: Month, day: date) -> bool:
    """Whether a release of the month that is made on the day is final: it is March, and long enough ago."""
    if month != month.financial_year.months[-1]:
        return False
    return day > month.plus(policy_on(month.last).final_after_months).last


def newer_one(release: Release) -> Release | None:
    """Of the same months, produced after it, and not discarded: it can no longer be approved."""
    return Release.objects.kept().filter(month=release.month, number__gt=release.number).order_by("number").last()


def final_of(year: FinancialYear) -> Release | None:
    """The approved release after which nothing of the financial year changes."""
    march = year.months[-1].first
    return Release.objects.approved().filter(status=Release.Status.FINAL, month=march).first()


def final_years() -> set[FinancialYear]:
    finals = Release.objects.approved().filter(status=Release.Status.FINAL)
    return {FinancialYear.of(month) for month in finals.values_list("month", flat=True)}


# ---- The day ----
def announced(month: Month) -> AnnouncedDate | None:
    """What the calendar says of the month now."""
    return AnnouncedDate.objects.filter(month=month.first).order_by("number").last()


def postponed(month: Month) -> Release | None:
    """The release of the month that was stopped after its day was announced, until another day is."""
    said = announced(month)
    if said is None or Release.objects.approved().filter(month=month.first).exists():
        return None
    stopped = Release.objects.stopped().filter(month=month.first, discarded_at__gte=said.announced_at)
    return stopped.order_by("discarded_at").last()


def usual_moment(month: Month) -> datetime:
    """So many working days after the month's release is produced, by the policy in force when it ends."""
    policy = policy_on(month.last)
    produced = working_day_of(month.plus(1), policy.release_working_day)
    day = working_days_after(produced, policy.publish_after)
    return timezone.make_aware(datetime.combine(day, policy.publish_at))


def day_to_be_public(month: Month, approved: datetime) -> datetime:
    """Of a release of the month that is approved at this moment: as announced if that lies ahead, and not before an
    earlier one of the financial year, whose months it holds too."""
    date_of_month = announced(month)
    year = month.financial_year
    approved_before = Release.objects.approved().filter(month__range=(year.first, month.first))
    earlier = approved_before.aggregate(last=Max("public_at"))["last"]
    ahead = [date_of_month.public_at if date_of_month else None, earlier]
    return max([approved, *(moment for moment in ahead if moment)])


def months_to_announce(this_month: Month) -> list[Month]:
    """From the last month that is over, for a year ahead; and earlier ones that were announced and never came."""
    approved = set(Release.objects.approved().values_list("month", flat=True))
    known = set(AnnouncedDate.objects.values_list("month", flat=True))
    known |= {this_month.plus(n).first for n in range(-1, MONTHS_AHEAD)}
    return [Month.of(month) for month in sorted(known - approved)]


# ---- The calendar ----
@dataclass(frozen=True)
class Coming:
    """A month's first release that is announced and not public yet. `moved`: what was said before, oldest first.
    `stopped`: why no day holds until another one is announced."""

    month: Month
    announced: AnnouncedDate
    moved: list[AnnouncedDate]
    is_late: bool
    stopped: Release | None = None

    @property
    def covers(self) -> str:
        start = self.month.financial_year.months[0]
        return f"{start} to {self.month}" if self.month != start else str(start)

    @property
    def word(self) -> str:
        return "It was not ready on that day." if self.is_late else ""


@dataclass(frozen=True)
class Came:
    """A release that is public. `announced`: its day, for the first of its month that had one."""

    release: Release
    announced: AnnouncedDate | None
    moved: list[AnnouncedDate]
    is_first: bool

    @property
    def days_late(self) -> int:
        """0: on its day."""
        return (timezone.localdate(self.release.public_at) - timezone.localdate(self.announced.public_at)).days


def calendar(now: datetime) -> tuple[list[Coming], list[Came]]:
    """What comes, the next first; and what came, the last first. Nothing of what is approved and not public."""
    dates: dict[date, list[AnnouncedDate]] = {}
    for each in AnnouncedDate.objects.select_related("announced_by").order_by("month", "number"):
        dates.setdefault(each.month, []).append(each)
    came, seen = [], set()
    for release in Release.objects.published(now).order_by("public_at", "month", "number"):
        is_first = release.month not in seen
        said = dates.get(release.month, []) if is_first else []
        came.append(Came(release, said[-1] if said else None, said[:-1], is_first))
        seen.add(release.month)
    coming = [
        Coming(Month.of(month), said[-1], said[:-1], said[-1].public_at <= now, postponed(Month.of(month)))
        for month, said in dates.items()
        if month not in seen
    ]
    return sorted(coming, key=lambda one: (one.announced.public_at, one.month)), came[::-1]
