"""Nothing of ours changes without a trace: each table keeps its history by triggers, or is never changed at all."""

import pghistory
import pytest
from django.apps import apps
from django.db import connection

from programmes.models import DeliveryArea
from tests import factories

OURS = ["partners", "programmes", "funding", "outcomes"]


def tables():
    for label in OURS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            if not issubclass(model, pghistory.models.Event) and not model._meta.proxy:
                yield model._meta.db_table


@pytest.mark.django_db
class TestEveryTable:
    @pytest.mark.parametrize("table", sorted(set(tables())))
    def test_keeps_its_history_or_is_never_changed(self, table):
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
            triggers = " ".join(name for (name,) in cursor.fetchall())
        kept = "insert_insert" in triggers and ("update_update" in triggers or "delete_delete" in triggers)
        assert kept or "append_only" in triggers, f"{table} has neither: {triggers}"


@pytest.mark.django_db
class TestTheAreasOfADelivery:
    def test_are_in_the_history(self):
        delivery = factories.DeliveryFactory(areas=["E08000030"])
        delivery.areas.clear()
        history = DeliveryArea.pgh_event_model.objects.filter(delivery_id=delivery.pk).order_by("pgh_id")
        assert list(history.values_list("pgh_label", flat=True)) == ["insert", "delete"]
