"""The demo region's report to its funder, through the same actions as every other: one that two people have signed, and
one that waits for its second signature."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from funding.models import Fund
from outcomes.actions import quarter_reports, report_mappings
from outcomes.demo.people import People
from outcomes.models import FunderReport, QuarterReport, QuarterRow, Release
from programmes.models import Programme
from vru_portal.core.periods import FinancialYear, Month
from vru_portal.core.working_days import working_days_after

NAME = "Home Office quarterly return"
FROM = FinancialYear(2025)
TOLD = 2  # of the newest quarters, the last of which waits

PEOPLE, WORK, MONEY, STORY = "A. Who was reached", "B. What was done", "C. Money", "D. In your own words"
# Section, number, what the funder asks, and what fills it.
ROWS = (
    (PEOPLE, "A1", "Young people supported in the quarter", {"source": "reach"}),
    (PEOPLE, "A2", "Young people supported, year to date", {"source": "reach", "over": "year_to_date"}),
    (PEOPLE, "A3", "Of these, in emergency departments", {"source": "reach", "programme": "emergency-departments"}),
    (PEOPLE, "A4", "Of these, in custody suites", {"source": "reach", "programme": "custody"}),
    (PEOPLE, "A5", "Pupils exposed on school routes (estimate)", {"source": "reach", "programme": "school-routes"}),
    (WORK, "B1", "Contacts with young people and families", {"source": "measure", "measure": "contacts"}),
    (WORK, "B2", "Young people approached", {"source": "measure", "measure": "approached"}),
    (WORK, "B3", "Young people who declined", {"source": "measure", "measure": "declined"}),
    (WORK, "B4", "Sessions held", {"source": "measure", "measure": "sessions"}),
    (WORK, "B5", "Referrals to other services taken up", {"source": "measure", "measure": "onward-referrals"}),
    (WORK, "B6", "Cases open at the end of the quarter", {"source": "measure", "measure": "cases-open"}),
    (MONEY, "C1", "Grant awarded for the year", {"source": "money", "money": "awarded"}),
    (MONEY, "C2", "Grant received in the quarter", {"source": "money", "money": "received"}),
    (MONEY, "C3", "Committed to partners for the year so far", {"source": "money", "money": "committed",
                                                          "over": "year_to_date"}),
    (MONEY, "C4", "Kept for evaluation", {"source": "money", "money": "awarded",
                                          "ring_fence": "Evaluation and learning"}),
    (MONEY, "C5", "Committed to emergency departments and custody for the year so far",
     {"source": "money", "money": "committed", "over": "year_to_date", "programme": "emergency-departments",
      "with_programmes": ["custody"]}),
    (MONEY, "C6", "Claimed from the Home Office in the quarter", {"source": "money", "money": "claimed"}),
    (MONEY, "C7", "Claims of partners that were approved in the quarter", {"source": "money", "money": "approved"}),
    (MONEY, "C8", "Paid to partners, year to date", {"source": "money", "money": "paid", "over": "year_to_date"}),
    (STORY, "D1", "What went well, and what did not", {"source": "text"}),
)  # fmt: skip
STORIES = (
    "More young people said yes when the worker they had met in hospital rang them at home. Two posts were empty for "
    "six weeks; the teams beside them took the calls.",
    "The summer sessions filled. Evenings in two districts began late, for want of a room; both have one now.",
)
COMMENT = "The estimate follows the school days of the quarter."


def load(people: People, today: date) -> int:
    """Returns how many reports of quarters are new."""
    if FunderReport.objects.filter(name=NAME).exists():
        return 0
    fund = Fund.objects.filter(award_years__financial_year=FROM.start).first()
    ends = Release.objects.filter(month__month__in=[3, 6, 9, 12], month__gte=FROM.first, public_at__date__lt=today)
    months = sorted({Month.of(month) for month in ends.values_list("month", flat=True)})[-TOLD:]
    if fund is None or not months:
        return 0
    report = _mapped(fund, people, day=FROM.first + timedelta(days=100))
    for number, month in enumerate(months, 1):
        public = Release.objects.filter(month=month.first).order_by("public_at").first().public_at
        day = working_days_after(timezone.localdate(public), 4)
        if day < today:
            one = _filled(report, month, people, day, STORIES[number % len(STORIES)])
            quarter_reports.sign(quarter_report=one, by=people.analyst, now=_at(day, 16))
            if number < len(months):
                quarter_reports.certify(quarter_report=one, by=people.director, now=_at(working_days_after(day, 1), 9))
    return QuarterReport.objects.count()


def _mapped(fund: Fund, people: People, *, day: date) -> FunderReport:
    who = {"by": people.analyst, "now": _at(day, 10)}
    report = report_mappings.add_report(name=NAME, fund=fund, **who)
    mapping = report.mappings.get()
    programmes = {programme.code: programme for programme in Programme.objects.all()}
    for section, code, label, filled_by in ROWS:
        facts = {"section": section, "code": code, "label": label, **filled_by}
        if "programme" in facts:
            facts["programme"] = programmes[facts["programme"]]
        report_mappings.put_row(mapping=mapping, facts=facts, **who)
    report_mappings.publish(mapping=mapping, first_quarter=FROM.quarters[0], **who)
    return report


def _filled(report: FunderReport, month: Month, people: People, day: date, story: str) -> QuarterReport:
    asked = quarter_reports.ask(report=report, quarter=month.quarter, by=people.analyst, now=_at(day, 10))
    one = quarter_reports.fill(quarter_report_id=asked.pk, clock=lambda: _at(day, 10))
    for code, words in (("D1", {"answer": story}), ("A5", {"comment": COMMENT})):
        row = QuarterRow.objects.get(quarter_report=one, code=code)
        quarter_reports.write(row=row, by=people.analyst, now=_at(day, 15), **words)
    return one


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
