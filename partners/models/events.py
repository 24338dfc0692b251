"""What people did, in words: one row per action. The row-level history is kept by triggers (django-pghistory)."""

from __future__ import annotations

import pgtrigger
from django.db import models

from partners.permissions import Permission

# Where the name alone reads badly, or says otherwise than the pages do.
WORDS = {
    "partners.agreement.recorded": "Data-sharing agreement recorded",
    "partners.agreement.ended_early": "Data-sharing agreement ended early",
    "partners.network_member.added": "Member of a network added",
    "partners.network_member.changed": "Member of a network corrected",
    "partners.network_member.left": "Member left a network",
    "outcomes.digest": "Reminder of returns",
    "outcomes.digest.written": "Reminder of returns written",
    "outcomes.obligation.opened": "Return asked for",
    "outcomes.obligation.waived": "Return waived",
    "outcomes.obligation.reminded": "Partner reminded of a return",
    "outcomes.obligation.extended": "More time given for a return",
    "outcomes.return.started": "Return begun",
    "outcomes.return.submitted": "Return sent",
    "outcomes.return.nil_sent": "Nil return sent",
    "outcomes.return.returned": "Return given back to the partner",
    "outcomes.return.backfilled": "Past return entered by the unit",
    "outcomes.return.correction_started": "Correction begun",
    "outcomes.return.correction_ended": "Correction not sent in time",
    "outcomes.return.voided": "Return made void",
    "outcomes.return.unlock_asked_for": "Asked to unlock a return",
    "outcomes.return.unlocked": "Return unlocked",
    "outcomes.return.unlock_declined": "Return not unlocked",
    "outcomes.return.unlock_taken_back": "Unlock taken back",
    "outcomes.comment.written": "Comment written",
    "outcomes.release.failed": "Release not produced",
    "outcomes.release.proven": "Other populations looked for that would come to the same release",
    "outcomes.release.stopped": "Release stopped before it was public",
    "outcomes.release.date_announced": "Day of a release announced",
    "outcomes.release.date_moved": "Day of a release moved",
    "outcomes.release.early_access_granted": "Somebody let read a release early",
    "outcomes.release.early_access_ended": "No longer let read a release early",
    "outcomes.release.read_early": "Release read before it was public",
    "outcomes.funder_report.added": "Report to a funder added",
    "outcomes.funder_report.asked": "Report to a funder begun",
    "outcomes.funder_report.asked_again": "Report to a funder to be filled again",
    "outcomes.funder_report.filled": "Report to a funder filled",
    "outcomes.funder_report.written": "Written into a report to a funder",
    "outcomes.funder_report.signed": "Report to a funder signed by its author",
    "outcomes.funder_report.sent_back": "Report to a funder sent back",
    "outcomes.funder_report.certified": "Report to a funder certified",
    "outcomes.report_mapping.row_put": "Row of a report to a funder put",
    "outcomes.demo.loaded": "Demo region loaded",
    "outcomes.demo.records_loaded": "Records of the demo region loaded",
    "funding.fund.loaded": "Fund added",
    "funding.bridge.proposed": "Movement of a facility proposed",
    "funding.bridge.approved": "Movement of a facility approved",
    "funding.bridge.declined": "Movement of a facility declined",
    "funding.file.imported": "Taken from a file",
    "partners.reference_table.edited": "Reference table row changed",
    "partners.reference_table.deleted": "Reference table row deleted",
}


def in_words(name: str) -> str:
    """`outcomes.release.approved` as “Release approved”."""
    return WORDS.get(name) or " ".join(name.split(".")[1:]).replace("_", " ").capitalize()


class EventQuerySet(models.QuerySet):
    def visible_to(self, user) -> EventQuerySet:
        """All for staff and auditors, those of its own organisation for a partner."""
        if user.may(Permission.VIEW_PARTNERS):
            return self
        return self.filter(organisation__in=user.organisations_where(Permission.VIEW_OWN_RETURNS))

    def about(self, subject: models.Model) -> EventQuerySet:
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)


class Event(models.Model):
    """Somebody (or the clock, when `by` is empty) did something to something, and why."""

    name = models.CharField(max_length=80, help_text="app.thing.past_tense, e.g. outcomes.return.submitted")
    occurred_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("User", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("Organisation", models.PROTECT, null=True, related_name="+")
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject = models.CharField(max_length=250)
    reason = models.TextField(blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="event_subject")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.subject}"

    @property
    def words(self) -> str:
        return in_words(self.name)
