"""Every table and every trigger, as they stood when the migrations until then were made one."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from vru_portal.core.at_once import AtOnce


class Migration(migrations.Migration):
    replaces = [
        ("programmes", "0001_programmes"),
        ("programmes", "0002_delivery_keeps_its_returns"),
        ("programmes", "0003_append_only_history"),
        ("programmes", "0004_school_terms"),
        ("programmes", "0005_targets"),
        ("programmes", "0006_rows_under_agreement"),
        ("programmes", "0001_tables_and_rules"),
        ("programmes", "0002_programme_keeps_what_returns_counted"),
    ]

    initial = True

    dependencies = [
        ("partners", "0001_squashed_0002_tables_and_rules"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        # The tables, with their constraints and indexes.
        AtOnce(
            [
                migrations.CreateModel(
                    name="Setting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True)),
                        ("name", models.CharField(max_length=100, unique=True)),
                        ("order", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["order", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="SettingEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("code", models.SlugField(db_index=False, max_length=40)),
                        ("name", models.CharField(max_length=100)),
                        ("order", models.PositiveSmallIntegerField(default=0)),
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
                                to="programmes.setting",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Programme",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True)),
                        ("name", models.CharField(max_length=120, unique=True)),
                        ("summary", models.TextField()),
                        (
                            "theory_of_change",
                            models.TextField(blank=True, help_text="One step a line, from what we do to what changes."),
                        ),
                        (
                            "prevention_level",
                            models.CharField(
                                choices=[
                                    ("primary", "Universal (primary)"),
                                    ("secondary", "Targeted (secondary)"),
                                    ("tertiary", "Specialist (tertiary)"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "life_stage",
                            models.CharField(
                                choices=[
                                    ("early_years", "Maternity and early years"),
                                    ("school_age", "School age"),
                                    ("young_adults", "Young adults"),
                                    ("all", "All ages"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "evidence_rating",
                            models.CharField(
                                choices=[
                                    ("high", "High impact"),
                                    ("moderate", "Moderate impact"),
                                    ("low", "Low impact"),
                                    ("emerging", "Too early to say"),
                                ],
                                default="emerging",
                                max_length=20,
                            ),
                        ),
                        (
                            "rung",
                            models.CharField(
                                choices=[
                                    ("exposure", "Exposure"),
                                    ("brief_contact", "Brief contact"),
                                    ("group", "Group"),
                                    ("one_to_one", "One-to-one"),
                                ],
                                max_length=20,
                                verbose_name="rung of support",
                            ),
                        ),
                        (
                            "beneficiary",
                            models.CharField(
                                choices=[
                                    ("young_people", "Young people"),
                                    ("parents", "Parents and carers"),
                                    ("professionals", "Professionals trained"),
                                    ("network_members", "Network members"),
                                ],
                                default="young_people",
                                max_length=20,
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["order", "name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("prevention_level__in", ["primary", "secondary", "tertiary"])),
                                name="programme_prevention_level",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("life_stage__in", ["early_years", "school_age", "young_adults", "all"])
                                ),
                                name="programme_life_stage",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("evidence_rating__in", ["high", "moderate", "low", "emerging"])),
                                name="programme_evidence_rating",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rung__in", ["exposure", "brief_contact", "group", "one_to_one"])),
                                name="programme_rung",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("beneficiary__in", ["young_people", "parents", "professionals", "network_members"])
                                ),
                                name="programme_beneficiary",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProgrammeEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("code", models.SlugField(db_index=False, max_length=40)),
                        ("name", models.CharField(max_length=120)),
                        ("summary", models.TextField()),
                        (
                            "theory_of_change",
                            models.TextField(blank=True, help_text="One step a line, from what we do to what changes."),
                        ),
                        (
                            "prevention_level",
                            models.CharField(
                                choices=[
                                    ("primary", "Universal (primary)"),
                                    ("secondary", "Targeted (secondary)"),
                                    ("tertiary", "Specialist (tertiary)"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "life_stage",
                            models.CharField(
                                choices=[
                                    ("early_years", "Maternity and early years"),
                                    ("school_age", "School age"),
                                    ("young_adults", "Young adults"),
                                    ("all", "All ages"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "evidence_rating",
                            models.CharField(
                                choices=[
                                    ("high", "High impact"),
                                    ("moderate", "Moderate impact"),
                                    ("low", "Low impact"),
                                    ("emerging", "Too early to say"),
                                ],
                                default="emerging",
                                max_length=20,
                            ),
                        ),
                        (
                            "rung",
                            models.CharField(
                                choices=[
                                    ("exposure", "Exposure"),
                                    ("brief_contact", "Brief contact"),
                                    ("group", "Group"),
                                    ("one_to_one", "One-to-one"),
                                ],
                                max_length=20,
                                verbose_name="rung of support",
                            ),
                        ),
                        (
                            "beneficiary",
                            models.CharField(
                                choices=[
                                    ("young_people", "Young people"),
                                    ("parents", "Parents and carers"),
                                    ("professionals", "Professionals trained"),
                                    ("network_members", "Network members"),
                                ],
                                default="young_people",
                                max_length=20,
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(default=0)),
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
                                to="programmes.programme",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=30, unique=True)),
                        ("name", models.CharField(max_length=200)),
                        (
                            "counting_basis",
                            models.CharField(
                                choices=[
                                    ("register", "Register"),
                                    ("case_reference", "Case references"),
                                    ("aggregate", "Counts"),
                                ],
                                default="aggregate",
                                max_length=20,
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, help_text="The last day.", null=True)),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="partners.organisation",
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="programmes.programme",
                            ),
                        ),
                        (
                            "setting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="programmes.setting",
                            ),
                        ),
                        (
                            "is_term_time",
                            models.BooleanField(
                                default=False,
                                help_text="Owes nothing for a month without a school day in any of its districts.",
                                verbose_name="in term time only",
                            ),
                        ),
                        (
                            "areas",
                            models.ManyToManyField(
                                help_text="Where it takes place.", related_name="deliveries", to="partners.area"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "deliveries",
                        "ordering": ["programme", "name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("counting_basis__in", ["register", "case_reference", "aggregate"])),
                                name="delivery_counting_basis",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("starts_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="delivery_dates_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("code__regex", "^[A-Z0-9]+(-[A-Z0-9]+)*$")),
                                name="delivery_code_shape",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeliveryEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("code", models.CharField(max_length=30)),
                        ("name", models.CharField(max_length=200)),
                        (
                            "counting_basis",
                            models.CharField(
                                choices=[
                                    ("register", "Register"),
                                    ("case_reference", "Case references"),
                                    ("aggregate", "Counts"),
                                ],
                                default="aggregate",
                                max_length=20,
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, help_text="The last day.", null=True)),
                        (
                            "partner",
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
                                to="programmes.delivery",
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="programmes.programme",
                            ),
                        ),
                        (
                            "setting",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="programmes.setting",
                            ),
                        ),
                        (
                            "is_term_time",
                            models.BooleanField(
                                default=False,
                                help_text="Owes nothing for a month without a school day in any of its districts.",
                                verbose_name="in term time only",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="DeliveryArea",
                    fields=[],
                    options={
                        "proxy": True,
                    },
                    bases=("programmes.delivery_areas",),
                ),
                migrations.CreateModel(
                    name="DeliveryAreaEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "area",
                            models.ForeignKey(
                                db_constraint=False,
                                db_tablespace="",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="partners.area",
                            ),
                        ),
                        (
                            "delivery",
                            models.ForeignKey(
                                db_constraint=False,
                                db_tablespace="",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="programmes.delivery",
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Target",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.PositiveSmallIntegerField(help_text="The year of its April: 2026 for 2026/27."),
                        ),
                        ("people", models.PositiveIntegerField(null=True)),
                        ("reason", models.TextField()),
                        ("set_at", models.DateTimeField()),
                        (
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="targets",
                                to="programmes.delivery",
                            ),
                        ),
                        (
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["delivery", "year", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("people__isnull", True), ("people__gt", 0), _connector="OR"),
                                name="target_is_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="target_has_reason"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("year__range", (2000, 2199))), name="target_year"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SchoolTerm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(help_text="For example Autumn 2026.", max_length=60)),
                        ("starts_on", models.DateField(verbose_name="first day")),
                        ("ends_on", models.DateField(verbose_name="last day")),
                        (
                            "area",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="school_terms",
                                to="partners.area",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["area", "starts_on"],
                        "constraints": [
                            models.UniqueConstraint(fields=("area", "name"), name="schoolterm_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("starts_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="schoolterm_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SchoolTermEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(help_text="For example Autumn 2026.", max_length=60)),
                        ("starts_on", models.DateField(verbose_name="first day")),
                        ("ends_on", models.DateField(verbose_name="last day")),
                        (
                            "area",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="partners.area",
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
                                to="programmes.schoolterm",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
            ],
        ),
        # What the database refuses, and the history that it keeps.
        AtOnce(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="setting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "programmes_settingevent" ("code", "id", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."code", OLD."id", OLD."name", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="ef761138be94ea9dff9d09f6a1348ebcbef5f809",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f1c5e",
                            table="programmes_setting",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="setting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "programmes_settingevent" ("code", "id", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."id", NEW."name", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="b216d6a33d14d8c075287f76fe7a67de44514183",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_28528",
                            table="programmes_setting",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="setting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "programmes_settingevent" ("code", "id", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."id", NEW."name", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="1dc5348c63d930db4e6e7530a05653de624526e1",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_17097",
                            table="programmes_setting",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="settingevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4a0551c048b033bdb86f7e1b6f2851f0b7aefdaf",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0dab1",
                            table="programmes_settingevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="programme",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "programmes_programmeevent" ("beneficiary", "code", "evidence_rating", "id", "life_stage", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prevention_level", "rung", "summary", "theory_of_change") VALUES (OLD."beneficiary", OLD."code", OLD."evidence_rating", OLD."id", OLD."life_stage", OLD."name", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prevention_level", OLD."rung", OLD."summary", OLD."theory_of_change"); RETURN NULL;',
                            hash="0d0dbb6178150385c1a33ca96610e7c956bc74a5",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f6c03",
                            table="programmes_programme",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="programme",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "programmes_programmeevent" ("beneficiary", "code", "evidence_rating", "id", "life_stage", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prevention_level", "rung", "summary", "theory_of_change") VALUES (NEW."beneficiary", NEW."code", NEW."evidence_rating", NEW."id", NEW."life_stage", NEW."name", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prevention_level", NEW."rung", NEW."summary", NEW."theory_of_change"); RETURN NULL;',
                            hash="731fb4222887880ad8fd7f50e92fa9249481344c",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_56ab2",
                            table="programmes_programme",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="programme",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keeps_what_returns_counted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."beneficiary" IS DISTINCT FROM (NEW."beneficiary") OR OLD."rung" IS DISTINCT FROM (NEW."rung"))',
                            func="\n                    IF to_regclass('outcomes_returnversion') IS NOT NULL THEN\n                        IF EXISTS (\n                            SELECT 1 FROM programmes_delivery d JOIN outcomes_obligation o ON o.delivery_id = d.id\n                            JOIN outcomes_returnversion v ON v.obligation_id = o.id WHERE d.programme_id = NEW.id) THEN\n                            RAISE EXCEPTION 'programme_keeps_what_returns_counted: returns of % are begun', OLD.code\n                                USING ERRCODE = 'check_violation', CONSTRAINT = 'programme_keeps_what_returns_counted';\n                        END IF;\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="18b6c2a45148d596b2dc5d741a5cf11b0fd9cfb7",
                            operation="UPDATE",
                            pgid="pgtrigger_keeps_what_returns_counted_23cfb",
                            table="programmes_programme",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="programme",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "programmes_programmeevent" ("beneficiary", "code", "evidence_rating", "id", "life_stage", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prevention_level", "rung", "summary", "theory_of_change") VALUES (NEW."beneficiary", NEW."code", NEW."evidence_rating", NEW."id", NEW."life_stage", NEW."name", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prevention_level", NEW."rung", NEW."summary", NEW."theory_of_change"); RETURN NULL;',
                            hash="3f729df72d641aed295174bc09cf7a96d7a01d18",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_af864",
                            table="programmes_programme",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="programmeevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5fe1ee674ae180722b68fb3695b029aa2ce00d96",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_df196",
                            table="programmes_programmeevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delivery",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "programmes_deliveryevent" ("code", "counting_basis", "ends_on", "id", "is_term_time", "name", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "setting_id", "starts_on") VALUES (OLD."code", OLD."counting_basis", OLD."ends_on", OLD."id", OLD."is_term_time", OLD."name", OLD."partner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."setting_id", OLD."starts_on"); RETURN NULL;',
                            hash="760505de34e24c522157d136feb9bd3f077173c6",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_ec9ac",
                            table="programmes_delivery",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delivery",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "programmes_deliveryevent" ("code", "counting_basis", "ends_on", "id", "is_term_time", "name", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "setting_id", "starts_on") VALUES (NEW."code", NEW."counting_basis", NEW."ends_on", NEW."id", NEW."is_term_time", NEW."name", NEW."partner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."setting_id", NEW."starts_on"); RETURN NULL;',
                            hash="34c9b3efe49879f065687f445671247e187683c2",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_9557e",
                            table="programmes_delivery",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delivery",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keeps_its_returns",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."partner_id" IS DISTINCT FROM (NEW."partner_id") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id"))',
                            func="\n                    IF to_regclass('outcomes_obligation') IS NOT NULL THEN\n                        IF EXISTS (SELECT 1 FROM outcomes_obligation o WHERE o.delivery_id = NEW.id) THEN\n                            RAISE EXCEPTION 'delivery_keeps_its_returns: returns are owed for %', OLD.code\n                                USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_keeps_its_returns';\n                        END IF;\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="cd3b78f353ec5b4483e5ee6e57cac0cb4845aa94",
                            operation="UPDATE",
                            pgid="pgtrigger_keeps_its_returns_24e41",
                            table="programmes_delivery",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delivery",
                    trigger=pgtrigger.compiler.Trigger(
                        name="rows_under_agreement",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"counting_basis\" IN ('register', 'case_reference'))",
                            declare="DECLARE day date;",
                            func="\n                    IF TG_OP = 'UPDATE' THEN\n                        IF (NEW.counting_basis, NEW.partner_id) = (OLD.counting_basis, OLD.partner_id) THEN\n                            RETURN NEW;\n                        END IF;\n                    END IF;\n                    day := LEAST(GREATEST((now() AT TIME ZONE 'Europe/London')::date, NEW.starts_on), NEW.ends_on);\n                    IF NOT EXISTS (\n                        SELECT 1 FROM partners_datasharingagreement a\n                        WHERE a.organisation_id = NEW.partner_id AND a.starts_on <= day\n                        AND (a.ends_on IS NULL OR a.ends_on >= day)\n                        AND (a.ended_on IS NULL OR a.ended_on > day)) THEN\n                        RAISE EXCEPTION 'delivery_rows_under_agreement: % has no agreement on %', NEW.code, day\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_rows_under_agreement';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="8b60c61eb6ad8b044529dff0fcffa4a3fec4e895",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_rows_under_agreement_0a43f",
                            table="programmes_delivery",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="delivery",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "programmes_deliveryevent" ("code", "counting_basis", "ends_on", "id", "is_term_time", "name", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "setting_id", "starts_on") VALUES (NEW."code", NEW."counting_basis", NEW."ends_on", NEW."id", NEW."is_term_time", NEW."name", NEW."partner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme_id", NEW."setting_id", NEW."starts_on"); RETURN NULL;',
                            hash="511a193640f0aaf0a6ba91e2c09cad87e4919aab",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0efdd",
                            table="programmes_delivery",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="deliveryevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="eacf28567e4c3f8d2d200a5518965fa529bc311f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_47dc8",
                            table="programmes_deliveryevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="deliveryarea",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "programmes_deliveryareaevent" ("area_id", "delivery_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."area_id", OLD."delivery_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\'); RETURN NULL;',
                            hash="95f7008c652fd648cb74ed57e86eb2815aa183ff",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_db580",
                            table="programmes_delivery_areas",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="deliveryarea",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "programmes_deliveryareaevent" ("area_id", "delivery_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."area_id", NEW."delivery_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\'); RETURN NULL;',
                            hash="06c0d20f47e17588ce499cccb35e60083438d785",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_1b35d",
                            table="programmes_delivery_areas",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="deliveryareaevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f8d7ab7009f54d4a540c8bb708c6b1bb9713194f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_ae433",
                            table="programmes_deliveryareaevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="target",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a8394f3cf9f5e68d5f85b36458209068bb361030",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_24354",
                            table="programmes_target",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="schoolterm",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "programmes_schooltermevent" ("area_id", "ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (OLD."area_id", OLD."ends_on", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."starts_on"); RETURN NULL;',
                            hash="9b8ade1386748f8f5e86be6eae93f0f3479d2de7",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_b6ca4",
                            table="programmes_schoolterm",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="schoolterm",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "programmes_schooltermevent" ("area_id", "ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (NEW."area_id", NEW."ends_on", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."starts_on"); RETURN NULL;',
                            hash="a193195dc48e25c97386afd0198b437e56ca3c2f",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_023aa",
                            table="programmes_schoolterm",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="schoolterm",
                    trigger=pgtrigger.compiler.Trigger(
                        name="no_overlap",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    PERFORM 1 FROM partners_area WHERE id = NEW.area_id FOR NO KEY UPDATE;\n                    IF EXISTS (\n                        SELECT 1 FROM programmes_schoolterm t\n                        WHERE t.area_id = NEW.area_id AND t.id IS DISTINCT FROM NEW.id\n                        AND t.starts_on <= NEW.ends_on AND t.ends_on >= NEW.starts_on) THEN\n                        RAISE EXCEPTION 'schoolterm_no_overlap: % overlaps another term', NEW.name\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'schoolterm_no_overlap';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="a666c7290064e6efde0223686799f55aa29f18c6",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_no_overlap_949d1",
                            table="programmes_schoolterm",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="schoolterm",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "programmes_schooltermevent" ("area_id", "ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on") VALUES (NEW."area_id", NEW."ends_on", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."starts_on"); RETURN NULL;',
                            hash="ed027cc15dde82cb04a45b18385e2eaba94c44c4",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c495c",
                            table="programmes_schoolterm",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="schooltermevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1a32732497961969020cd0dc7c22c0dc364e4bb3",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_81a8a",
                            table="programmes_schooltermevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ],
        ),
    ]
