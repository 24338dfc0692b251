# What each return was begun on stays with it.

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0025_release_package"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="returnversion",
            name="keeps_its_template",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="returnversion",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="returnversion",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="returnversion",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="returnversion",
            name="counting_basis",
            field=models.CharField(
                choices=[("register", "Register"), ("case_reference", "Case references"), ("aggregate", "Counts")],
                default="aggregate",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="returnversionevent",
            name="counting_basis",
            field=models.CharField(
                choices=[("register", "Register"), ("case_reference", "Case references"), ("aggregate", "Counts")],
                default="aggregate",
                max_length=20,
            ),
            preserve_default=False,
        ),
        # Returns that there are were begun on what their delivery gives, as far as anybody knows.
        migrations.RunSQL(
            """
            ALTER TABLE outcomes_returnversion DISABLE TRIGGER USER;
            UPDATE outcomes_returnversion v SET counting_basis = d.counting_basis
            FROM outcomes_obligation o JOIN programmes_delivery d ON d.id = o.delivery_id
            WHERE o.id = v.obligation_id AND d.counting_basis <> v.counting_basis;
            ALTER TABLE outcomes_returnversion ENABLE TRIGGER USER;
            """,
            migrations.RunSQL.noop,
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnversion",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_what_it_was_begun_with",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."obligation_id" IS DISTINCT FROM (NEW."obligation_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id") OR OLD."counting_basis" IS DISTINCT FROM (NEW."counting_basis") OR OLD."unlock_id" IS DISTINCT FROM (NEW."unlock_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="553466ceab5d605a887172627886a748d8f2768a",
                    operation="UPDATE",
                    pgid="pgtrigger_keeps_what_it_was_begun_with_b7ac6",
                    table="outcomes_returnversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnversion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "outcomes_returnversionevent" ("counting_basis", "created_at", "created_by_id", "decided_at", "decided_by_id", "id", "is_backfilled", "number", "obligation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision_reason", "state", "template_id", "unlock_id", "voided_at", "voided_by_id") VALUES (NEW."counting_basis", NEW."created_at", NEW."created_by_id", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."is_backfilled", NEW."number", NEW."obligation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."revision_reason", NEW."state", NEW."template_id", NEW."unlock_id", NEW."voided_at", NEW."voided_by_id"); RETURN NULL;',
                    hash="d26cf477209399b3506cee80d37b823289921cf5",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1adc8",
                    table="outcomes_returnversion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnversion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."counting_basis" IS DISTINCT FROM (NEW."counting_basis") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_backfilled" IS DISTINCT FROM (NEW."is_backfilled") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."obligation_id" IS DISTINCT FROM (NEW."obligation_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."revision_reason" IS DISTINCT FROM (NEW."revision_reason") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id") OR OLD."unlock_id" IS DISTINCT FROM (NEW."unlock_id") OR OLD."voided_at" IS DISTINCT FROM (NEW."voided_at") OR OLD."voided_by_id" IS DISTINCT FROM (NEW."voided_by_id"))',
                    func='INSERT INTO "outcomes_returnversionevent" ("counting_basis", "created_at", "created_by_id", "decided_at", "decided_by_id", "id", "is_backfilled", "number", "obligation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision_reason", "state", "template_id", "unlock_id", "voided_at", "voided_by_id") VALUES (NEW."counting_basis", NEW."created_at", NEW."created_by_id", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."is_backfilled", NEW."number", NEW."obligation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."revision_reason", NEW."state", NEW."template_id", NEW."unlock_id", NEW."voided_at", NEW."voided_by_id"); RETURN NULL;',
                    hash="49e3e4fa30300450f5ea995ca74a6c8458b4e593",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_17895",
                    table="outcomes_returnversion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnversion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "outcomes_returnversionevent" ("counting_basis", "created_at", "created_by_id", "decided_at", "decided_by_id", "id", "is_backfilled", "number", "obligation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision_reason", "state", "template_id", "unlock_id", "voided_at", "voided_by_id") VALUES (OLD."counting_basis", OLD."created_at", OLD."created_by_id", OLD."decided_at", OLD."decided_by_id", OLD."id", OLD."is_backfilled", OLD."number", OLD."obligation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."revision_reason", OLD."state", OLD."template_id", OLD."unlock_id", OLD."voided_at", OLD."voided_by_id"); RETURN NULL;',
                    hash="db6307c3a89d6933ba3c20853cad22c8c73608d9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_335c7",
                    table="outcomes_returnversion",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="returnversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("counting_basis__in", ["register", "case_reference", "aggregate"])),
                name="returnversion_counting_basis",
            ),
        ),
    ]
