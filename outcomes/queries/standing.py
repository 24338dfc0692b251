"""Where each return stands, and what it says: of obligations, which exist before anybody types."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Prefetch, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from outcomes.models import Extension, Obligation, ReturnVersion, Submission
from outcomes.models.returns import ObligationQuerySet
from programmes.calendar import owed_in, partner_open_in, runs_in
from vru_portal.core.periods import days_late

State = ReturnVersion.State


def with_standing(obligations: ObligationQuerySet) -> ObligationQuerySet:
    """Each with `state`, `reason`, `decided_at` of its newest version, `is_met`, and `is_nil` of what was sent last."""
    newest = ReturnVersion.objects.filter(obligation=OuterRef("pk")).order_by("-number")
    sent = Submission.objects.filter(
        version__obligation=OuterRef("pk"), version__state__in=[State.SUBMITTED, State.ACCEPTED]
    ).order_by("-version__number", "-sequence")
    first_extension = Extension.objects.filter(obligation=OuterRef("pk")).order_by("pk")
    return obligations.annotate(
        state=Coalesce(Subquery(newest.values("state")[:1]), Value("")),
        reason=Coalesce(Subquery(newest.values("reason")[:1]), Value("", TextField())),
        decided_at=Subquery(newest.values("decided_at")[:1]),
        is_met=Exists(newest.filter(state=State.ACCEPTED)),
        is_nil=Coalesce(Subquery(sent.values("is_nil")[:1]), Value(False)),
        is_owed=ExpressionWrapper(owed_in("month", "delivery__"), BooleanField()),
        first_due_date=Coalesce(Subquery(first_extension.values("due_before")[:1]), F("due_date")),
    ).select_related("delivery__partner", "delivery__programme")


def standing(obligation: Obligation, today: date) -> str:
    """One word for tags and squares, of an obligation `with_standing`; empty while its month lasts, and for ever if
    nothing is owed for it."""
    if obligation.waived_at:
        return "waived"
    if obligation.state in (State.SUBMITTED, State.RETURNED):
        return obligation.state
    if obligation.is_met:
        return "nil" if obligation.is_nil else "accepted"
    if not obligation.is_owed:
        return ""
    if obligation.due_date < today:
        return "overdue"
    if obligation.state == State.DRAFT:
        return "draft"
    return "due" if obligation.period.last < today else ""


def why_not_owed(obligation: Obligation) -> str:
    """Why nothing is owed for its month, as things are known now; empty if it is."""
    same = Obligation.objects.filter(pk=obligation.pk)
    if same.filter(owed_in("month", "delivery__")).exists():
        return ""
    nothing = "nothing is owed for this month."
    if not same.filter(runs_in("month", "delivery__")).exists():
        ends_on = obligation.delivery.ends_on
        ended = ends_on is not None and ends_on < obligation.month
        return f"{obligation.delivery} {'ended before' if ended else 'began after'} {obligation.period}: {nothing}"
    if not same.filter(partner_open_in("month", "delivery__")).exists():
        return f"{obligation.delivery.partner} had closed before {obligation.period}: {nothing}"
    return f"{obligation.delivery} runs in term time, and {obligation.period} was a month of school holidays: {nothing}"


def lateness(obligation: Obligation, today: date) -> str:
    """“3 days late”, of one that is overdue."""
    return days_late(obligation.due_date, today)


# ---- Its versions ----
def with_versions(obligations: ObligationQuerySet) -> ObligationQuerySet:
    """Each with its versions read along, for a page that only shows them: what changes something asks anew."""
    versions = ReturnVersion.objects.order_by("number").select_related("template__template")
    return obligations.prefetch_related(Prefetch("versions", versions))


def newest_version(obligation: Obligation) -> ReturnVersion | None:
    return max(obligation.versions.all(), key=lambda version: version.number, default=None)


def open_version(obligation: Obligation) -> ReturnVersion | None:
    """The one that is begun and not decided for good."""
    return next((version for version in obligation.versions.all() if version.is_open), None)


def is_accepted(obligation: Obligation) -> bool:
    return any(version.state == State.ACCEPTED for version in obligation.versions.all())


# ---- What it says ----
def latest_submissions(obligations: Iterable[Obligation], states: Iterable[str]) -> dict[int, Submission]:
    """What each obligation's return in one of the states says last, by the obligation's id."""
    found = (
        Submission.objects.filter(version__obligation__in=obligations, version__state__in=list(states))
        .select_related("version")
        .order_by("version__number", "sequence")
    )
    return {submission.version.obligation_id: submission for submission in found}


def month_before(obligation: Obligation) -> Submission | None:
    """What the same delivery said of the month before, sent or accepted, with its measures."""
    return (
        Submission.objects.filter(
            version__obligation__delivery=obligation.delivery_id,
            version__obligation__month=obligation.period.plus(-1).first,
            version__state__in=(State.SUBMITTED, State.ACCEPTED),
        )
        .order_by("-version__number", "-sequence")
        .prefetch_related("measure_answers__measure", "measure_answers__parts__option")
        .first()
    )
