"""More time for a return: one row each time, with its reason, never changed."""

from __future__ import annotations

import pgtrigger
from django.db import models

from outcomes.models import return_rules as rules


class Extension(models.Model):
    """A return is due later than it was. The obligation's due date follows; the database holds the two together."""

    obligation = models.ForeignKey("Obligation", models.PROTECT, related_name="extensions")
    due_before = models.DateField()
    due_date = models.DateField(help_text="The new one.")
    reason = models.TextField()
    extended_at = models.DateTimeField()
    extended_by = models.ForeignKey("partners.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["obligation", "id"]
        constraints = [
            models.CheckConstraint(name="extension_is_later", condition=models.Q(due_date__gt=models.F("due_before"))),
            models.CheckConstraint(name="extension_has_reason", condition=~models.Q(reason="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            rules.EXTENDS_FROM_DUE_DATE,
            rules.EXTENSION_MOVES_DUE_DATE,
        ]

    def __str__(self) -> str:
        return f"{self.obligation}, due {self.due_date:%-d %B %Y}"
