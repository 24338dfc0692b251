import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0004_messages"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataSharingAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="first day")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="Empty: until further notice.", null=True, verbose_name="last day"
                    ),
                ),
                (
                    "document",
                    models.CharField(
                        help_text="Where the signed document is kept, in words, for example Information governance, DSA-2026-014.",
                        max_length=200,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "ended_on",
                    models.DateField(blank=True, help_text="The first day on which it no longer holds.", null=True),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="end recorded at")),
                ("ended_reason", models.TextField(blank=True, verbose_name="why it was ended early")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="end recorded by",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="partners.organisation",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "data-sharing agreement",
                "ordering": ["organisation", "-starts_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="DataSharingAgreementEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("starts_on", models.DateField(verbose_name="first day")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="Empty: until further notice.", null=True, verbose_name="last day"
                    ),
                ),
                (
                    "document",
                    models.CharField(
                        help_text="Where the signed document is kept, in words, for example Information governance, DSA-2026-014.",
                        max_length=200,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "ended_on",
                    models.DateField(blank=True, help_text="The first day on which it no longer holds.", null=True),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="end recorded at")),
                ("ended_reason", models.TextField(blank=True, verbose_name="why it was ended early")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="end recorded by",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partners.organisation",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="partners.datasharingagreement",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="datasharingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("starts_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="datasharingagreement_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="datasharingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("document", ""), _negated=True), name="datasharingagreement_names_document"
            ),
        ),
        migrations.AddConstraint(
            model_name="datasharingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None), ("ended_on", None), ("ended_reason", "")),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        ("ended_on__isnull", False),
                        models.Q(("ended_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="datasharingagreement_ended_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="datasharingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on", None),
                    models.Q(
                        ("ended_on__gte", models.F("starts_on")),
                        models.Q(("ends_on", None), ("ended_on__lte", models.F("ends_on")), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="datasharingagreement_ended_early",
            ),
        ),
        migrations.AddConstraint(
            model_name="datasharingagreement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None)),
                fields=("organisation", "document", "starts_on"),
                name="datasharingagreement_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datasharingagreement",
            trigger=pgtrigger.compiler.Trigger(
                name="only_ended",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."document" IS DISTINCT FROM (NEW."document") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="78910e537c078becca977d9bc2c46413a8a91e05",
                    operation="UPDATE",
                    pgid="pgtrigger_only_ended_9201b",
                    table="partners_datasharingagreement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datasharingagreement",
            trigger=pgtrigger.compiler.Trigger(
                name="ended_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."ended_on" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ea6c0fb5b1d3bfe07273fa76df77b68180e72afe",
                    operation="UPDATE",
                    pgid="pgtrigger_ended_once_bb889",
                    table="partners_datasharingagreement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datasharingagreement",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="6da314ac8edea961befefad96262f40cdbe540cc",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_19167",
                    table="partners_datasharingagreement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datasharingagreement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "partners_datasharingagreementevent" ("document", "ended_at", "ended_by_id", "ended_on", "ended_reason", "ends_on", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "starts_on") VALUES (NEW."document", NEW."ended_at", NEW."ended_by_id", NEW."ended_on", NEW."ended_reason", NEW."ends_on", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."starts_on"); RETURN NULL;',
                    hash="d7231b3ca773efce8e41d4943c3466d449013700",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_186eb",
                    table="partners_datasharingagreement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datasharingagreement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "partners_datasharingagreementevent" ("document", "ended_at", "ended_by_id", "ended_on", "ended_reason", "ends_on", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "starts_on") VALUES (NEW."document", NEW."ended_at", NEW."ended_by_id", NEW."ended_on", NEW."ended_reason", NEW."ends_on", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."starts_on"); RETURN NULL;',
                    hash="ac783ec67d13497b95f299f5a3633010c2e73222",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_23ae7",
                    table="partners_datasharingagreement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datasharingagreement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "partners_datasharingagreementevent" ("document", "ended_at", "ended_by_id", "ended_on", "ended_reason", "ends_on", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "starts_on") VALUES (OLD."document", OLD."ended_at", OLD."ended_by_id", OLD."ended_on", OLD."ended_reason", OLD."ends_on", OLD."id", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."starts_on"); RETURN NULL;',
                    hash="38871232ab6792b57e76d8c9a01fdb9740f798a5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_77f27",
                    table="partners_datasharingagreement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datasharingagreementevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="02866e2fca1aec0377301e5dc810401f15030720",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7a23b",
                    table="partners_datasharingagreementevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
