"""What others give beside a grant. Money is whole pence."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models

from funding.models.deciding import DecidedByTwo, DecidedQuerySet, by_two_people, decided_once, of_a_day_that_came
from funding.models.grants import AwardYear, MoneyQuerySet
from vru_portal.core.constraints import one_of


class MatchQuerySet(MoneyQuerySet):
    def confirmed(self) -> MatchQuerySet:
        return self.filter(confirmations__approved_at__isnull=False)

    def confirmed_by(self, day) -> MatchQuerySet:
        """By whoever gives it, and approved here, by the end of the day."""
        return self.filter(confirmations__approved_at__date__lte=day, confirmations__confirmed_on__lte=day)


class MatchKind(models.TextChoices):
    CASH = "cash", "Cash"
    IN_KIND = "in_kind", "In kind"


@pghistory.track()
class Match(models.Model):
    """What somebody else gives beside the grant. One piece of evidence counts once, wherever it is entered; nothing of
    it counts until it is confirmed."""

    Kind = MatchKind

    award_year = models.ForeignKey(AwardYear, models.PROTECT, related_name="matches")
    organisation = models.ForeignKey("partners.Organisation", models.PROTECT, related_name="matches")
    kind = models.CharField(max_length=20, choices=MatchKind)
    amount_pence = models.BigIntegerField()
    evidence = models.CharField(max_length=200, help_text="The letter, minute or agreement that proves it.")

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["award_year", "organisation"]
        verbose_name_plural = "matches"
        constraints = [
            one_of("kind", MatchKind, "match_kind"),
            models.CheckConstraint(name="match_amount_positive", condition=models.Q(amount_pence__gt=0)),
            models.CheckConstraint(name="match_has_evidence", condition=~models.Q(evidence="")),
            models.UniqueConstraint(fields=["organisation", "evidence"], name="match_evidence_once"),
        ]
        triggers = [
            # What is confirmed, or waits to be, was looked at as it stands: what changed since is another one.
            pgtrigger.Trigger(
                name="stays_once_confirmed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM funding_matchconfirmation c
                        WHERE c.match_id = OLD.id AND c.declined_by_id IS NULL) THEN
                        RAISE EXCEPTION 'match_stays_once_confirmed: % is confirmed, or waits to be', OLD.evidence
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'match_stays_once_confirmed';
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.evidence}"


@pghistory.track()
class MatchConfirmation(DecidedByTwo):
    """Whoever gives the match has confirmed it; one person proposes that it counts, another approves."""

    match = models.ForeignKey(Match, models.PROTECT, related_name="confirmations")
    confirmed_on = models.DateField(help_text="By whoever gives it.")

    objects = DecidedQuerySet.as_manager()

    class Meta:
        ordering = ["proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="matchconfirmation_once", fields=["match"], condition=models.Q(declined_by__isnull=True)
            ),
            *by_two_people("matchconfirmation"),
        ]
        triggers = [
            *decided_once(),
            of_a_day_that_came("matchconfirmation", "confirmed_on"),
            # So that the match does not change in between.
            pgtrigger.Trigger(
                name="of_a_match_that_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="PERFORM 1 FROM funding_match WHERE id = NEW.match_id FOR UPDATE; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"Confirmation of {self.match}"
