"""The register keys that two people made together: who, when, and by what each is known again. No key is ever here."""

from __future__ import annotations

import pgtrigger
from django.db import models


class RegisterKey(models.Model):
    """A version of the key, and its two custodians. A key that was set by hand has no row."""

    version = models.PositiveSmallIntegerField(unique=True)
    fingerprint = models.CharField(max_length=16, unique=True, help_text="Tells keys apart and gives none away.")
    made_at = models.DateTimeField()
    first_custodian = models.ForeignKey("partners.User", models.PROTECT, related_name="+")
    second_custodian = models.ForeignKey("partners.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["version"]
        constraints = [
            models.CheckConstraint(
                name="registerkey_two_people", condition=~models.Q(first_custodian=models.F("second_custodian"))
            ),
            models.CheckConstraint(name="registerkey_version_from_one", condition=models.Q(version__gte=1)),
            models.CheckConstraint(
                name="registerkey_fingerprint", condition=models.Q(fingerprint__regex="^[0-9a-f]{16}$")
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Register key, version {self.version}"
