"""Places, with their Office for National Statistics codes."""

import pghistory
from django.db import models

from vru_portal.core.constraints import one_of


class AreaKind(models.TextChoices):
    DISTRICT = "district", "District"
    POLICE_FORCE = "police_force", "Police force area"


@pghistory.track()
class Area(models.Model):
    """A district, or the police force area that holds the districts."""

    Kind = AreaKind

    gss_code = models.CharField("ONS code", max_length=9, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    safeguarding = models.CharField(
        "whom to call about a child",
        max_length=200,
        blank=True,
        help_text="The council's service for a child at risk, with its telephone numbers. Stands on every return.",
    )
    # Where the district's tile stands on the tile map, counted from 1.
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_column = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            one_of("kind", AreaKind, "area_kind"),
            models.CheckConstraint(
                name="area_gss_code_shape",
                condition=models.Q(gss_code__regex=r"^[A-Z][0-9]{8}$"),
                violation_error_message="Write the code of the Office for National Statistics as in E08000025.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
