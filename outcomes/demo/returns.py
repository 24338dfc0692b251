"""Writes the demo region's obligations and returns, as far as a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from operator import attrgetter

from django.utils import timezone

from outcomes.demo import meetings
from outcomes.demo.counts import FIRST_MONTH, ROUTE_METHOD, Asked, Counts, counts_of
from outcomes.demo.deliveries import DELIVERIES, DeliverySpec
from outcomes.demo.journeys import (
    BEGUN_AFTER,
    CAME_LATE,
    WAIVED_REASON,
    Version,
    begun,
    has_begun,
    journey,
    waived_months,
)
from outcomes.demo.people import People
from outcomes.demo.registers import Registers, YoungPeople
from outcomes.demo.releases import produced_on
from outcomes.models import (
    Category,
    Measure,
    MeasureAnswer,
    MeasureAnswerPart,
    MeasureOption,
    Obligation,
    RegisterFile,
    ReturnVersion,
    Submission,
    SubmissionCount,
    TemplateQuestion,
    TemplateVersion,
    Unlock,
)
from outcomes.queries.policies import policy_on
from outcomes.queries.questions import in_force, live_versions
from partners.models import Event, User
from programmes.models import Delivery, Programme
from vru_portal.core.bulk import copy_rows, create, next_ids, take_stock
from vru_portal.core.periods import Month, months_between
from vru_portal.core.working_days import working_day_of, working_days_after

State = ReturnVersion.State

SENT, DECIDED = State.SUBMITTED, (State.RETURNED, State.ACCEPTED)
SETTLED = timedelta(days=4)  # so long after its day a month counts as due, and shows what is missing


# ---- What is owed ----
def load_obligations(deliveries: dict[str, Delivery], people: People, today: date) -> int:
    """One for each month of each delivery, to the present month. Returns how many were missing."""
    due_dates = _due_dates(today)
    known = set(Obligation.objects.values_list("delivery_id", "month"))
    owing = {month: set(Delivery.objects.owing(month).values_list("pk", flat=True)) for month in due_dates}
    new = [
        _obligation(deliveries[spec.code], spec, month, due, people, today)
        for spec in DELIVERIES
        for month, due in due_dates.items()
        if deliveries[spec.code].pk in owing[month] and (deliveries[spec.code].pk, month.first) not in known
    ]
    return len(create(Obligation, new))


def _due_dates(today: date) -> dict[Month, date]:
    months = months_between(FIRST_MONTH, Month.of(today))
    return {month: working_day_of(month.plus(1), policy_on(month.last).due_working_day) for month in months}


def _obligation(delivery: Delivery, spec: DeliverySpec, month: Month, due: date, people: People, today: date):
    obligation = Obligation(delivery=delivery, month=month.first, due_date=due, opened_at=_at(month.first, time(0, 5)))
    if month in waived_months(spec.code) and month.last < today:
        obligation.waived_at = _at(month.last, time(11))
        obligation.waived_by = people.programme_manager
        obligation.waived_reason = WAIVED_REASON
    return obligation


def _at(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))


# ---- What was sent ----
def load_returns(
    deliveries: dict[str, Delivery], people: People, today: date, young_people: YoungPeople, *, is_late: bool = False
) -> int:
    """The versions of every return that has none yet: of those that did not come after their month's release, or
    (`is_late`) of those that did. A return that somebody has begun, or that was waived, is left alone. Returns how many
    versions are new."""
    due_dates = _due_dates(today)
    latest_due = max((month for month, due in due_dates.items() if due + SETTLED <= today), default=FIRST_MONTH)
    present = Month.of(today)
    released = produced_on(today)
    codes = {delivery.pk: code for code, delivery in deliveries.items()}
    empty: dict[int, dict[Month, Obligation]] = defaultdict(dict)
    for obligation in Obligation.objects.owed().filter(versions__isnull=True).select_related("delivery__programme"):
        if ((codes.get(obligation.delivery_id), obligation.period) in CAME_LATE) == is_late:
            empty[obligation.delivery_id][obligation.period] = obligation
    asked = _Templates()
    writer = _Writer(people, asked, young_people)
    for spec in DELIVERIES:
        delivery = deliveries[spec.code]
        open_months, sender = empty[delivery.pk], people.senders[delivery.partner_id]
        told = partial(asked.measures, delivery.programme)
        for counts in _counts_by_then(spec, today, told) if open_months else ():
            if obligation := open_months.get(counts.month):
                obligation.delivery = delivery
                days = {"due": due_dates[counts.month], "released": released.get(counts.month)}
                tell = partial(journey, spec.code, today=today, latest_due=latest_due, **days)
                versions, rows = _told(spec, counts, tell, young_people)
                writer.add(obligation, versions, sender, rows)
        if (obligation := open_months.get(present)) and has_begun(spec.code, present, today):
            obligation.delivery = delivery
            register = _begun_register(spec, present, young_people)
            versions = begun(spec.code, present, register and register.counts)
            writer.add(obligation, versions, sender, register.rows if register else ())
    return writer.write()


def _begun_register(spec: DeliverySpec, present: Month, young_people: YoungPeople) -> meetings.Meeting | None:
    if not spec.sends_register(present):
        return None
    before = young_people.meetings().get((spec.code, present.plus(-1)))
    return before and meetings.begun(spec, present, BEGUN_AFTER.days, before)


def _told(
    spec: DeliverySpec, counts: Counts, tell: Callable[[Counts], list[Version]], young_people: YoungPeople
) -> tuple[list[Version], Sequence[meetings.Met]]:
    """What became of a month's return, with the rows of its register if it has one."""
    if not spec.sends_register(counts.month):
        return tell(counts), ()
    if not tell(replace(counts, is_of_register=True)):
        return [], ()  # nobody needs to know yet whom it will tell of
    met = young_people.meetings()[spec.code, counts.month]
    return tell(replace(met.counts, answers=counts.answers)), met.rows


def _counts_by_then(spec: DeliverySpec, today: date, asked: Asked) -> list[Counts]:
    last = Month.of(today).plus(-1)
    return counts_of(spec, last, asked, waived_months(spec.code)) if last >= FIRST_MONTH else []


class _Templates:
    """What is asked of a programme for a month, looked up once."""

    def __init__(self) -> None:
        self._versions: dict[int, list[TemplateVersion]] = {}
        self._measures: dict[int, tuple[str, ...]] = {}

    def version(self, programme: Programme, month: Month) -> TemplateVersion:
        if programme.pk not in self._versions:
            self._versions[programme.pk] = live_versions(programme)
        return in_force(self._versions[programme.pk], month)

    def measures(self, programme: Programme, month: Month) -> tuple[str, ...]:
        """The codes of the measures, in the order of the form."""
        version = self.version(programme, month)
        if version.pk not in self._measures:
            asked = TemplateQuestion.objects.filter(section__version=version).order_by("section__order", "order")
            self._measures[version.pk] = tuple(asked.values_list("measure__code", flat=True))
        return self._measures[version.pk]


def _events(told: Version, is_correction: bool, by: User, reviewer: User):
    """What was done to a version, as (when, the event's name, who, why)."""
    if is_correction:
        yield told.created_at, "correction_started", by, told.revision_reason
    else:
        yield told.created_at, "started", by, ""
    for sending in told.sendings:
        name = "backfilled" if told.is_backfilled else "nil_sent" if sending.counts.is_nil else "submitted"
        yield sending.at, name, by, sending.counts.nil_reason
    if told.returned_at:
        yield told.returned_at, "returned", reviewer, told.reason
    if told.decided_at and told.state in (State.ACCEPTED, State.SUPERSEDED):
        yield told.decided_at, "accepted", reviewer, ""


# What an answer may be of, column by column.
NUMBERS = ("people", "before", "after", "median", "value")
_numbers = attrgetter(*NUMBERS)


class _Writer:
    """Collects rows in the order in which they refer to each other and writes them all at once."""

    def __init__(self, people: People, asked: _Templates, young_people: YoungPeople) -> None:
        self.people = people
        self.asked = asked
        self.versions: list[ReturnVersion] = []
        self.sendings: list[tuple[Submission, Counts]] = []
        # (version, when, the event's name, who, why)
        self.events: list[tuple[ReturnVersion, datetime, str, User, str]] = []
        self.categories = {(c.dimension, c.code): c.pk for c in Category.objects.all()}
        self.measures = {measure.code: measure.pk for measure in Measure.objects.all()}
        self.registers = Registers(young_people)
        self.with_register: list[tuple[ReturnVersion, str]] = []  # and the state that each comes to
        options = MeasureOption.objects.values_list("measure__code", "code", "pk")
        self.options = {(measure, code): pk for measure, code, pk in options}

    def add(
        self, obligation: Obligation, versions: list[Version], sender: User, rows: Sequence[meetings.Met] = ()
    ) -> None:
        for number, told in enumerate(versions, start=1):
            by = self.people.analyst if told.is_backfilled else sender
            reviewer = self.people.programme_manager if told.decided_by_manager else self.people.analyst
            version = ReturnVersion(
                obligation=obligation,
                number=number,
                template=self.asked.version(obligation.delivery.programme, obligation.period),
                counting_basis=obligation.delivery.counting_basis,
                state=told.state,
                typed=told.typed,
                revision=1 if told.typed else 0,
                is_backfilled=told.is_backfilled,
                revision_reason=told.revision_reason,
                reason=told.reason,
                created_at=told.created_at,
                created_by=by,
                decided_at=told.decided_at,
                decided_by=reviewer if told.decided_at else None,
            )
            self.versions.append(version)
            if rows and self.registers.may_hold(version):
                self.registers.add(version, rows)
                self.with_register.append((version, version.state))
                version.state = State.DRAFT
            self.events += [(version, *what) for what in _events(told, number > 1, by, reviewer)]
            for sequence, sending in enumerate(told.sendings, start=1):
                submission = self._submission(version, sequence, sending.at, by, sending.counts)
                self.sendings.append((submission, sending.counts))

    @staticmethod
    def _submission(version: ReturnVersion, sequence: int, at: datetime, by: User, counts: Counts) -> Submission:
        is_route = counts.exposed is not None
        return Submission(
            version=version,
            sequence=sequence,
            submitted_at=at,
            submitted_by=by,
            is_nil=counts.is_nil,
            nil_reason=counts.nil_reason,
            new_people=None if is_route else counts.new,
            known_people=None if is_route else counts.known,
            already_counted_people=None if is_route else counts.already_counted,
            contacts=None if is_route else counts.contacts,
            exposed_people=counts.exposed,
            exposure_method=ROUTE_METHOD if counts.exposed else "",
        )

    def write(self) -> int:
        self._write_versions()
        self._write_registers()
        create(Submission, [submission for submission, _ in self.sendings])
        create(Event, sorted(self._told(), key=lambda event: event.occurred_at))
        self._write_answers()
        if self.sendings:
            self._write_counts()
        return len(self.versions)

    def _write_versions(self) -> None:
        """A correction is begun under an unlock of what was accepted, and takes its place only then."""
        first = [version for version in self.versions if version.number == 1]
        corrections = [version for version in self.versions if version.number > 1]
        corrected = [version for version in first if version.state == State.SUPERSEDED]
        for version in corrected:
            version.state = State.ACCEPTED
        create(ReturnVersion, first)
        accepted = {version.obligation_id: version for version in first}
        for version in corrections:
            version.unlock = self._unlock(accepted[version.obligation_id], version.created_at)
        Unlock.objects.bulk_create(version.unlock for version in corrections)
        ReturnVersion.objects.filter(pk__in=[version.pk for version in corrected]).update(state=State.SUPERSEDED)
        ReturnVersion.objects.bulk_create(corrections)

    def _write_registers(self) -> None:
        """While its return is a draft; which is then sent, and decided, step by step."""
        self.registers.write()
        for step in (SENT, *DECIDED):
            on_the_way = [
                v.pk for v, state in self.with_register if state == step or (state in DECIDED and step == SENT)
            ]
            ReturnVersion.objects.filter(pk__in=on_the_way).update(state=step)

    def _unlock(self, accepted: ReturnVersion, begun_at: datetime) -> Unlock:
        day, manager = timezone.localdate(begun_at), self.people.programme_manager
        at, reason = _at(day - timedelta(days=1), time(10)), "They counted some people twice, and told us so."
        self.events.append((accepted, at, "unlocked", manager, reason))
        return Unlock(
            version=accepted,
            for_organisation=accepted.obligation.delivery.partner,
            reason=reason,
            unlocked_at=at,
            unlocked_by=manager,
            until=working_days_after(day, 5),
        )

    def _told(self):
        for version, at, name, by, reason in self.events:
            yield Event(
                name=f"outcomes.return.{name}",
                occurred_at=at,
                by=by,
                organisation=version.obligation.delivery.partner,
                subject_type=ReturnVersion._meta.label_lower,
                subject_id=version.pk,
                subject=str(version),
                reason=reason,
            )

    def _write_answers(self) -> None:
        told = [(submission, answer) for submission, counts in self.sendings for answer in counts.answers]
        keyed = list(zip(next_ids(MeasureAnswer, len(told)), told, strict=True))
        copy_rows(
            MeasureAnswer,
            ["id", "submission_id", "measure_id", *NUMBERS, "text"],
            (
                (pk, submission.pk, self.measures[answer.measure], *_numbers(answer), answer.text)
                for pk, (submission, answer) in keyed
            ),
        )
        copy_rows(
            MeasureAnswerPart,
            ["answer_id", "option_id", "value"],
            (
                (pk, self.options[answer.measure, option], number)
                for pk, (_, answer) in keyed
                for option, number in answer.parts.items()
            ),
        )

    def _write_counts(self) -> None:
        copy_rows(SubmissionCount, ["submission_id", "seen", "category_id", "people"], self._count_rows())
        # The check of each submission at the commit reads them too.
        take_stock(SubmissionCount, Submission, Category, RegisterFile, ReturnVersion, Obligation)

    def _count_rows(self):
        for submission, counts in self.sendings:
            for seen, dimensions in counts.breakdown.items():
                for dimension, people_by_category in dimensions.items():
                    for category, people in people_by_category.items():
                        yield submission.pk, seen, self.categories[dimension, category], people
