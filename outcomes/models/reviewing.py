"""What partner and unit say to each other about a return: what was sent back, section by section, and comments."""

from __future__ import annotations

import pgtrigger
from django.db import models

from outcomes.models.return_rules import refuse


class SentBack(models.Model):
    """What the partner is to change: one section of the return that was read, or, without a key, the whole of it."""

    submission = models.ForeignKey("Submission", models.PROTECT, related_name="sent_back")
    section = models.SlugField(max_length=40, blank=True, help_text="Its key in the template; empty: the whole.")
    reason = models.TextField()
    sent_back_at = models.DateTimeField()
    sent_back_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["submission", "id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "section"], name="sentback_section_once"),
            models.CheckConstraint(name="sentback_has_reason", condition=~models.Q(reason="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_its_template",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NEW.section <> '' AND NOT EXISTS (
                        SELECT 1 FROM outcomes_submission s JOIN outcomes_returnversion v ON v.id = s.version_id
                        JOIN outcomes_templatesection t ON t.version_id = v.template_id
                        WHERE s.id = NEW.submission_id AND t.key = NEW.section) THEN
                        {refuse("sentback_of_its_template", "this return has no section %", "NEW.section")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - the names are ours
            ),
            pgtrigger.Trigger(
                name="of_a_sent_return",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("found", "text")],
                func=f"""
                    SELECT v.state INTO found FROM outcomes_returnversion v
                    WHERE v.id = (SELECT s.version_id FROM outcomes_submission s WHERE s.id = NEW.submission_id)
                    FOR SHARE;
                    IF found <> 'submitted' THEN
                        {refuse("sentback_of_a_sent_return", "the return is %", "found")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - the names are ours
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.section or 'the whole'}"


class Comment(models.Model):
    """One of the sentences that partner and unit write to each other about a section of a return."""

    obligation = models.ForeignKey("Obligation", models.PROTECT, related_name="comments")
    section = models.SlugField(max_length=40)
    text = models.TextField()
    # Which side wrote it: people change their roles, and what they said does not.
    is_partners = models.BooleanField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["obligation", "id"]
        constraints = [models.CheckConstraint(name="comment_says_something", condition=~models.Q(text=""))]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_its_template",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NOT EXISTS (
                        SELECT 1 FROM outcomes_returnversion v
                        JOIN outcomes_templatesection t ON t.version_id = v.template_id
                        WHERE v.obligation_id = NEW.obligation_id AND t.key = NEW.section) THEN
                        {refuse("comment_of_its_template", "this return has no section %", "NEW.section")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - the names are ours
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation}, {self.section}"
