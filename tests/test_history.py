"""Nothing of ours changes without a trace: each table keeps its history by triggers, or is never changed at all."""

from datetime import timedelta

import pghistory
import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from pghistory.models import Context

from outcomes.models import LinkedIdentity, LinkQuestion, Presence, ReachCell, ReachCube, Recount
from programmes.models import DeliveryArea
from tests import factories

OURS = ["partners", "programmes", "funding", "outcomes"]


# Made anew from what has its history; nothing that a person said.
WORKED_OUT = {LinkedIdentity, LinkQuestion, Presence, ReachCell, ReachCube, Recount}


def tables():
    for label in OURS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            if not issubclass(model, pghistory.models.Event) and not model._meta.proxy and model not in WORKED_OUT:
                yield model._meta.db_table


def history_models():
    return [
        model
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        if issubclass(model, pghistory.models.Event)
    ]


def triggers_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.django_db
class TestEveryTable:
    @pytest.mark.parametrize("table", sorted(set(tables())))
    def test_keeps_its_history_or_is_never_changed(self, table):
        triggers = " ".join(triggers_of(table))
        # What a delivery covers is added and taken away, and never changed.
        kept_too = "delete_delete" if table == DeliveryArea._meta.db_table else "update_update"
        kept = "insert_insert" in triggers and kept_too in triggers
        assert kept or "append_only" in triggers, f"{table} has neither: {triggers}"


@pytest.mark.django_db
class TestTheAreasOfADelivery:
    def test_are_in_the_history(self):
        delivery = factories.DeliveryFactory(areas=["E08000030"])
        delivery.areas.clear()
        history = DeliveryArea.pgh_event_model.objects.filter(delivery_id=delivery.pk).order_by("pgh_id")
        assert list(history.values_list("pgh_label", flat=True)) == ["insert", "delete"]


@pytest.mark.django_db
class TestHistory:
    @pytest.fixture
    def row(self):
        """A row of history, with who made it and why."""
        with pghistory.context(user=7, reason="A new name"):
            area = factories.AreaFactory()
        return area.pgh_event_model.objects.select_related("pgh_context").get(pgh_obj=area)

    @pytest.mark.parametrize("table", sorted(model._meta.db_table for model in history_models()))
    def test_has_a_trigger_against_change_on_every_table(self, table):
        assert any("append_only" in name for name in triggers_of(table))

    def test_is_not_rewritten(self, row):
        with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(name="Elsewhere")
        with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
            row.delete()

    def test_keeps_who_and_why(self, row):
        context = Context.objects.filter(pk=row.pgh_context.pk)
        with pytest.raises(IntegrityError, match="history_context_kept"), transaction.atomic():
            context.delete()
        with pytest.raises(IntegrityError, match="history_context_kept"), transaction.atomic():
            context.update(created_at="2021-04-01T12:00Z")

    def test_takes_no_other_reason_an_hour_later(self, db):
        past = timezone.now() - timedelta(minutes=61)
        context = Context.objects.create(metadata={"user": 7})
        with connection.cursor() as cursor:  # as an hour ago: `created_at` is set by the model
            cursor.execute("ALTER TABLE pghistory_context DISABLE TRIGGER history_context_kept")
            cursor.execute("UPDATE pghistory_context SET created_at = %s WHERE id = %s", [past, context.pk])
            cursor.execute("ALTER TABLE pghistory_context ENABLE TRIGGER history_context_kept")
        with pytest.raises(IntegrityError, match="history_context_kept"), transaction.atomic():
            Context.objects.filter(pk=context.pk).update(metadata={"user": 8})

    def test_learns_its_reason_while_the_change_lasts(self):
        with pghistory.context(user=7):
            area = factories.AreaFactory()
            with pghistory.context(reason="A new name"):
                area.name = "Elsewhere"
                area.save()
        contexts = area.pgh_event_model.objects.filter(pgh_obj=area).values_list("pgh_context__metadata", flat=True)
        assert [context["reason"] for context in contexts] == ["A new name", "A new name"]
