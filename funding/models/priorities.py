"""Which deliveries the unit would keep longest if the money ran out."""

from __future__ import annotations

import pghistory
from django.db import models

MOST = 99


@pghistory.track()
class DeliveryPriority(models.Model):
    """The place of a delivery among those that the unit would keep: 1 is kept longest. Two may share a place. A
    delivery without one comes after all that have one. The row history says who placed it, and when."""

    delivery = models.OneToOneField("programmes.Delivery", models.PROTECT, related_name="priority")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank", "delivery"]
        verbose_name_plural = "delivery priorities"
        constraints = [
            models.CheckConstraint(
                name="deliverypriority_rank_in_range", condition=models.Q(rank__gte=1, rank__lte=MOST)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}: {self.rank}"
