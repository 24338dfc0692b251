"""What partner and unit wrote to each other about the sections of a return, and what still waits for an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from outcomes.models import Comment, Obligation, ReturnVersion, SentBack, Submission, TemplateSection
from outcomes.queries.questions import Section
from outcomes.queries.standing import newest_version
from partners.models import User
from partners.permissions import Permission


@dataclass(frozen=True)
class Thread:
    """What was written about one section, the oldest first; `to_answer` of them wait for the reader's side."""

    section: TemplateSection | Section
    comments: tuple[Comment, ...]
    to_answer: int

    @property
    def words(self) -> str:
        return in_words(self.to_answer)


def in_words(to_answer: int) -> str:
    """“2 comments to answer”; empty if there are none."""
    return f"{to_answer:,} comment{'' if to_answer == 1 else 's'} to answer" if to_answer else ""


def threads(user: User, obligation: Obligation, sections: Iterable[Section] | None = None) -> list[Thread]:
    """One for each of the sections, or else of all in the return's newest version; none before it is begun."""
    newest = newest_version(obligation)
    if newest is None:
        return []
    found: dict[str, list[Comment]] = {}
    for comment in obligation.comments.select_related("written_by").order_by("pk"):
        found.setdefault(comment.section, []).append(comment)
    waiting = _to_answer(user).filter(obligation=obligation).values_list("section", flat=True) if found else ()
    to_answer = Counter(waiting)
    return [
        Thread(one, tuple(found.get(one.key, ())), to_answer[one.key])
        for one in (newest.template.sections.order_by("order") if sections is None else sections)
    ]


def to_answer(user: User, obligations: Iterable[int] | None = None) -> Counter[int]:
    """How many comments wait for the user's side, by the obligation's id; of all that the user may see by default."""
    seen = Obligation.objects.visible_to(user) if obligations is None else obligations
    return Counter(_to_answer(user).filter(obligation__in=seen).values_list("obligation_id", flat=True))


def _to_answer(user: User) -> QuerySet[Comment]:
    """The other side's, until ours writes in the same thread; or sends the return again, or decides it."""
    is_partners = user.may(Permission.VIEW_OWN_RETURNS)
    ours = Comment.objects.filter(
        obligation=OuterRef("obligation"),
        section=OuterRef("section"),
        is_partners=is_partners,
        pk__gt=OuterRef("pk"),
    )
    if is_partners:
        acted = Submission.objects.filter(
            version__obligation=OuterRef("obligation"), submitted_at__gte=OuterRef("written_at")
        )
    else:
        acted = ReturnVersion.objects.filter(obligation=OuterRef("obligation"), decided_at__gte=OuterRef("written_at"))
    return Comment.objects.filter(~Exists(ours), ~Exists(acted), is_partners=not is_partners)


# ---- What came back ----
def to_change(version: ReturnVersion | None) -> dict[str, SentBack]:
    """What the unit asks the partner to change, by the section's key, "" for the whole; empty unless it came back."""
    if version is None or version.state != ReturnVersion.State.RETURNED:
        return {}
    rows = SentBack.objects.filter(submission__version=version).order_by("-submission__sequence", "pk")
    return {row.section: row for row in rows if row.submission_id == rows[0].submission_id}


def told_to_change(version: ReturnVersion | None) -> list[tuple[str, str]]:
    """The same as (title of the section, what to change), in the order of the form; without a title for the whole."""
    asked = to_change(version)
    if not asked:
        return [("", version.reason)] if version and version.state == ReturnVersion.State.RETURNED else []
    titles = dict(version.template.sections.values_list("key", "title"))
    return [(titles.get(key, ""), row.reason) for key, row in asked.items()]
