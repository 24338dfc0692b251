"""Every table and every trigger, as they stood when the migrations until then were made one."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from vru_portal.core.at_once import AtOnce

# Who changed a row of history, and why, stands in a table of django-pghistory; it is kept as the rows are.
# pghistory writes it anew while its transaction or request lasts (it learns the reason after the first row), so it stays
# open for an hour. The table is not ours: the trigger is written here by hand.
KEEP = """
CREATE FUNCTION partners_keep_history_context() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'history_context_kept: who and why are never deleted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'history_context_kept';
    END IF;
    IF NEW.id <> OLD.id OR NEW.created_at <> OLD.created_at OR OLD.created_at < now() - interval '1 hour' THEN
        RAISE EXCEPTION 'history_context_kept: who and why are never changed afterwards'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'history_context_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER history_context_kept BEFORE UPDATE OR DELETE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION partners_keep_history_context();
"""

LET_GO = """
DROP TRIGGER history_context_kept ON pghistory_context;
DROP FUNCTION partners_keep_history_context();
"""


class Migration(migrations.Migration):
    replaces = [
        ("partners", "0001_people"),
        ("partners", "0002_append_only_history"),
        ("partners", "0003_history_context"),
        ("partners", "0004_messages"),
        ("partners", "0005_data_sharing_agreements"),
        ("partners", "0001_tables_and_rules"),
        ("partners", "0002_whom_to_call_about_a_child"),
    ]

    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        # The tables, with their constraints and indexes.
        AtOnce(
            [
                migrations.CreateModel(
                    name="DataSharingAgreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                            models.DateField(
                                blank=True, help_text="The first day on which it no longer holds.", null=True
                            ),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "data-sharing agreement",
                        "ordering": ["organisation", "-starts_on", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("starts_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="datasharingagreement_dates_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("document", ""), _negated=True),
                                name="datasharingagreement_names_document",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at", None), ("ended_by", None), ("ended_on", None), ("ended_reason", "")
                                    ),
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_on", None),
                                    models.Q(
                                        ("ended_on__gte", models.F("starts_on")),
                                        models.Q(
                                            ("ends_on", None), ("ended_on__lte", models.F("ends_on")), _connector="OR"
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="datasharingagreement_ended_early",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on", None)),
                                fields=("organisation", "document", "starts_on"),
                                name="datasharingagreement_once",
                            ),
                        ],
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
                            models.DateField(
                                blank=True, help_text="The first day on which it no longer holds.", null=True
                            ),
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
                migrations.CreateModel(
                    name="Area",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("gss_code", models.CharField(max_length=9, unique=True, verbose_name="ONS code")),
                        ("name", models.CharField(max_length=100)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("district", "District"), ("police_force", "Police force area")], max_length=20
                            ),
                        ),
                        ("tile_row", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("tile_column", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="partners.area",
                            ),
                        ),
                        (
                            "safeguarding",
                            models.CharField(
                                blank=True,
                                help_text="The council's service for a child at risk, with its telephone numbers. Stands on every return.",
                                max_length=200,
                                verbose_name="whom to call about a child",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["district", "police_force"])), name="area_kind"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("gss_code__regex", "^[A-Z][0-9]{8}$")), name="area_gss_code_shape"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AreaEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("gss_code", models.CharField(max_length=9, verbose_name="ONS code")),
                        ("name", models.CharField(max_length=100)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("district", "District"), ("police_force", "Police force area")], max_length=20
                            ),
                        ),
                        ("tile_row", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("tile_column", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
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
                                to="partners.area",
                            ),
                        ),
                        (
                            "safeguarding",
                            models.CharField(
                                blank=True,
                                help_text="The council's service for a child at risk, with its telephone numbers. Stands on every return.",
                                max_length=200,
                                verbose_name="whom to call about a child",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="app.thing.past_tense, e.g. outcomes.return.submitted", max_length=80
                            ),
                        ),
                        ("occurred_at", models.DateTimeField(db_index=True)),
                        ("subject_type", models.CharField(max_length=60)),
                        ("subject_id", models.BigIntegerField()),
                        ("subject", models.CharField(max_length=250)),
                        ("reason", models.TextField(blank=True)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-occurred_at", "-id"],
                        "indexes": [models.Index(fields=["subject_type", "subject_id"], name="event_subject")],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=200)),
                        ("kind", models.CharField(help_text="app.what, e.g. outcomes.digest", max_length=60)),
                        ("to_email", models.EmailField(max_length=254)),
                        ("subject", models.CharField(max_length=200)),
                        ("body", models.TextField()),
                        ("created_at", models.DateTimeField(db_index=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("failed", "Not sent"),
                                    ("not_known", "Perhaps sent"),
                                ],
                                default="queued",
                                max_length=20,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        (
                            "attempted_at",
                            models.DateTimeField(help_text="When a worker last began to send it.", null=True),
                        ),
                        (
                            "not_before",
                            models.DateTimeField(
                                help_text="Put off until then: the mail server was not there.", null=True
                            ),
                        ),
                        ("problem", models.TextField(blank=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                help_text="To whose people it was written.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.organisation",
                            ),
                        ),
                        (
                            "to_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "sent"), _negated=True),
                                fields=["state"],
                                name="message_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["queued", "sending", "sent", "failed", "not_known"])),
                                name="message_state",
                            ),
                            models.UniqueConstraint(fields=("key",), name="message_key_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                                    _connector="OR",
                                ),
                                name="message_sent_has_moment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "queued"),
                                    models.Q(("attempted_at__isnull", False), ("attempts__gt", 0)),
                                    _connector="OR",
                                ),
                                name="message_attempted_before_anything_else",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["failed", "not_known"]), _negated=True),
                                    models.Q(("problem", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="message_problem_said",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "body__iregex",
                                            "(?:/|%2F)(?:partners(?:/|%2F)join|accounts(?:/|%2F)password(?:/|%2F)reset(?:/|%2F)key)(?:/|%2F)(?!done/|[(]secret[)])[^\\s/?&\\\"'<>]+",
                                        ),
                                        _negated=True,
                                    ),
                                    models.Q(
                                        (
                                            "subject__iregex",
                                            "(?:/|%2F)(?:partners(?:/|%2F)join|accounts(?:/|%2F)password(?:/|%2F)reset(?:/|%2F)key)(?:/|%2F)(?!done/|[(]secret[)])[^\\s/?&\\\"'<>]+",
                                        ),
                                        _negated=True,
                                    ),
                                ),
                                name="message_holds_no_secret",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("subject", ""), _negated=True),
                                    models.Q(("subject__regex", "[\\n\\r]"), _negated=True),
                                ),
                                name="message_subject_is_one_line",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MessageEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("key", models.CharField(max_length=200)),
                        ("kind", models.CharField(help_text="app.what, e.g. outcomes.digest", max_length=60)),
                        ("to_email", models.EmailField(max_length=254)),
                        ("subject", models.CharField(max_length=200)),
                        ("created_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("failed", "Not sent"),
                                    ("not_known", "Perhaps sent"),
                                ],
                                default="queued",
                                max_length=20,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        (
                            "attempted_at",
                            models.DateTimeField(help_text="When a worker last began to send it.", null=True),
                        ),
                        (
                            "not_before",
                            models.DateTimeField(
                                help_text="Put off until then: the mail server was not there.", null=True
                            ),
                        ),
                        ("problem", models.TextField(blank=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                help_text="To whose people it was written.",
                                null=True,
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
                                to="partners.message",
                            ),
                        ),
                        (
                            "to_user",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
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
                migrations.CreateModel(
                    name="MessageSubject",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("subject_type", models.CharField(max_length=60)),
                        ("subject_id", models.BigIntegerField()),
                        ("subject", models.CharField(max_length=250)),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="subjects",
                                to="partners.message",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["subject_type", "subject_id"], name="message_subject")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("message", "subject_type", "subject_id"), name="messagesubject_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Network",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=150, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("faith_alliance", "Faith Alliance"),
                                    ("community", "Community network"),
                                    ("thematic", "Thematic group"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("purpose", models.TextField(blank=True)),
                        (
                            "district",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="networks",
                                to="partners.area",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["faith_alliance", "community", "thematic"])),
                                name="network_kind",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NetworkEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=150)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("faith_alliance", "Faith Alliance"),
                                    ("community", "Community network"),
                                    ("thematic", "Thematic group"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("purpose", models.TextField(blank=True)),
                        (
                            "district",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
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
                                to="partners.network",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="NetworkMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=150)),
                        (
                            "belongs_to",
                            models.CharField(blank=True, max_length=150, verbose_name="congregation, group or body"),
                        ),
                        (
                            "district",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.area",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="NetworkMemberEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=150)),
                        (
                            "belongs_to",
                            models.CharField(blank=True, max_length=150, verbose_name="congregation, group or body"),
                        ),
                        (
                            "district",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
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
                                to="partners.networkmember",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="NetworkMembership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("joined_on", models.DateField()),
                        (
                            "left_on",
                            models.DateField(
                                blank=True, help_text="The first day on which it no longer holds.", null=True
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="partners.networkmember",
                            ),
                        ),
                        (
                            "network",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="partners.network",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("left_on__isnull", True),
                                    ("joined_on__isnull", True),
                                    ("left_on__gte", models.F("joined_on")),
                                    _connector="OR",
                                ),
                                name="networkmembership_dates_in_order",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("left_on__isnull", True)),
                                fields=("network", "member"),
                                name="networkmembership_open_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NetworkMembershipEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("joined_on", models.DateField()),
                        (
                            "left_on",
                            models.DateField(
                                blank=True, help_text="The first day on which it no longer holds.", null=True
                            ),
                        ),
                        (
                            "member",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="partners.networkmember",
                            ),
                        ),
                        (
                            "network",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="partners.network",
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
                                to="partners.networkmembership",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Organisation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("unit", "Violence Reduction Unit"),
                                    ("commissioner", "Police and crime commissioner"),
                                    ("government", "Government department"),
                                    ("council", "Council"),
                                    ("police", "Police"),
                                    ("nhs", "NHS"),
                                    ("school", "School or trust"),
                                    ("charity", "Charity"),
                                    ("faith", "Faith body"),
                                    ("community", "Community group"),
                                    ("company", "Company"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "org_id",
                            models.CharField(
                                blank=True,
                                help_text="As listed at org-id, for example GB-CHC-1234567 or GB-LAE-BIR.",
                                max_length=60,
                                verbose_name="org-id identifier",
                            ),
                        ),
                        ("telephone", models.CharField(blank=True, max_length=30)),
                        ("opened_on", models.DateField(blank=True, null=True)),
                        ("closed_on", models.DateField(blank=True, null=True)),
                        (
                            "district",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="organisations",
                                to="partners.area",
                            ),
                        ),
                        (
                            "succeeded_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="predecessors",
                                to="partners.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "unit",
                                            "commissioner",
                                            "government",
                                            "council",
                                            "police",
                                            "nhs",
                                            "school",
                                            "charity",
                                            "faith",
                                            "community",
                                            "company",
                                        ],
                                    )
                                ),
                                name="organisation_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("org_id", ""),
                                    ("org_id__regex", "^[A-Z]{2}-[A-Z0-9]+-[A-Za-z0-9-]+$"),
                                    _connector="OR",
                                ),
                                name="organisation_org_id_shape",
                                violation_error_message="Write the identifier as in GB-CHC-1234567.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("org_id", ""), _negated=True),
                                fields=("org_id",),
                                name="organisation_org_id_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("succeeded_by__isnull", True),
                                    models.Q(("succeeded_by", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="organisation_not_its_own_successor",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_on__isnull", True),
                                    ("opened_on__isnull", True),
                                    ("closed_on__gte", models.F("opened_on")),
                                    _connector="OR",
                                ),
                                name="organisation_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrganisationEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=200)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("unit", "Violence Reduction Unit"),
                                    ("commissioner", "Police and crime commissioner"),
                                    ("government", "Government department"),
                                    ("council", "Council"),
                                    ("police", "Police"),
                                    ("nhs", "NHS"),
                                    ("school", "School or trust"),
                                    ("charity", "Charity"),
                                    ("faith", "Faith body"),
                                    ("community", "Community group"),
                                    ("company", "Company"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "org_id",
                            models.CharField(
                                blank=True,
                                help_text="As listed at org-id, for example GB-CHC-1234567 or GB-LAE-BIR.",
                                max_length=60,
                                verbose_name="org-id identifier",
                            ),
                        ),
                        ("telephone", models.CharField(blank=True, max_length=30)),
                        ("opened_on", models.DateField(blank=True, null=True)),
                        ("closed_on", models.DateField(blank=True, null=True)),
                        (
                            "district",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
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
                                to="partners.organisation",
                            ),
                        ),
                        (
                            "succeeded_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="partners.organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("email", models.EmailField(max_length=254, unique=True)),
                        ("name", models.CharField(max_length=150)),
                        ("is_active", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"), name="user_email_once_in_any_case"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UserEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("email", models.EmailField(max_length=254)),
                        ("name", models.CharField(max_length=150)),
                        ("is_active", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("administrator", "Administrator"),
                                    ("director", "Director"),
                                    ("programme_manager", "Programme manager"),
                                    ("analyst", "Analyst"),
                                    ("finance_officer", "Finance officer"),
                                    ("partner_lead", "Partner lead"),
                                    ("partner", "Partner"),
                                    ("commissioner", "Commissioner"),
                                    ("auditor", "Auditor"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("started_on", models.DateField()),
                        (
                            "ended_on",
                            models.DateField(
                                blank=True, help_text="The first day on which it no longer holds.", null=True
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="partners.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["organisation", "role"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "role__in",
                                        [
                                            "administrator",
                                            "director",
                                            "programme_manager",
                                            "analyst",
                                            "finance_officer",
                                            "partner_lead",
                                            "partner",
                                            "commissioner",
                                            "auditor",
                                        ],
                                    )
                                ),
                                name="membership_role",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_on__isnull", True),
                                    ("started_on__isnull", True),
                                    ("ended_on__gte", models.F("started_on")),
                                    _connector="OR",
                                ),
                                name="membership_dates_in_order",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on__isnull", True)),
                                fields=("user", "organisation", "role"),
                                name="membership_open_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MembershipEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("administrator", "Administrator"),
                                    ("director", "Director"),
                                    ("programme_manager", "Programme manager"),
                                    ("analyst", "Analyst"),
                                    ("finance_officer", "Finance officer"),
                                    ("partner_lead", "Partner lead"),
                                    ("partner", "Partner"),
                                    ("commissioner", "Commissioner"),
                                    ("auditor", "Auditor"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("started_on", models.DateField()),
                        (
                            "ended_on",
                            models.DateField(
                                blank=True, help_text="The first day on which it no longer holds.", null=True
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
                                to="partners.membership",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("email", models.EmailField(max_length=254)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("administrator", "Administrator"),
                                    ("director", "Director"),
                                    ("programme_manager", "Programme manager"),
                                    ("analyst", "Analyst"),
                                    ("finance_officer", "Finance officer"),
                                    ("partner_lead", "Partner lead"),
                                    ("partner", "Partner"),
                                    ("commissioner", "Commissioner"),
                                    ("auditor", "Auditor"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("token_hash", models.CharField(max_length=64, unique=True)),
                        ("invited_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("accepted_at", models.DateTimeField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations_accepted",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "invited_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations_sent",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations",
                                to="partners.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-invited_at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "role__in",
                                        [
                                            "administrator",
                                            "director",
                                            "programme_manager",
                                            "analyst",
                                            "finance_officer",
                                            "partner_lead",
                                            "partner",
                                            "commissioner",
                                            "auditor",
                                        ],
                                    )
                                ),
                                name="invitation_role",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                                    models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="invitation_accepted_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("accepted_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"
                                ),
                                name="invitation_not_accepted_and_withdrawn",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("expires_at__isnull", True),
                                    ("invited_at__isnull", True),
                                    ("expires_at__gte", models.F("invited_at")),
                                    _connector="OR",
                                ),
                                name="invitation_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvitationEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("email", models.EmailField(max_length=254)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("administrator", "Administrator"),
                                    ("director", "Director"),
                                    ("programme_manager", "Programme manager"),
                                    ("analyst", "Analyst"),
                                    ("finance_officer", "Finance officer"),
                                    ("partner_lead", "Partner lead"),
                                    ("partner", "Partner"),
                                    ("commissioner", "Commissioner"),
                                    ("auditor", "Auditor"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("invited_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("accepted_at", models.DateTimeField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "invited_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                                to="partners.invitation",
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
                pgtrigger.migrations.AddTrigger(
                    model_name="area",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_areaevent" ("gss_code", "id", "kind", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "safeguarding", "tile_column", "tile_row") VALUES (OLD."gss_code", OLD."id", OLD."kind", OLD."name", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."safeguarding", OLD."tile_column", OLD."tile_row"); RETURN NULL;',
                            hash="055ef0263c8ac5ec5ea6d1eed83937a83a19de9d",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_0154b",
                            table="partners_area",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="area",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_areaevent" ("gss_code", "id", "kind", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "safeguarding", "tile_column", "tile_row") VALUES (NEW."gss_code", NEW."id", NEW."kind", NEW."name", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."safeguarding", NEW."tile_column", NEW."tile_row"); RETURN NULL;',
                            hash="8b265c475b606ccf253529ff82661ea70c953634",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_930e7",
                            table="partners_area",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="area",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "partners_areaevent" ("gss_code", "id", "kind", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "safeguarding", "tile_column", "tile_row") VALUES (NEW."gss_code", NEW."id", NEW."kind", NEW."name", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."safeguarding", NEW."tile_column", NEW."tile_row"); RETURN NULL;',
                            hash="912107c16347925cf2d5f169d0ea2cb46c03276d",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0d5a4",
                            table="partners_area",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="areaevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b427386f8c982011e069e1f8dd0913508ac1be98",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0aac2",
                            table="partners_areaevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="event",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="d29835a5447224fe0a17cf9a7a1a5210a219f2b7",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_52045",
                            table="partners_event",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="message",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_messageevent" ("attempted_at", "attempts", "created_at", "id", "key", "kind", "not_before", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sent_at", "state", "subject", "to_email", "to_user_id") VALUES (OLD."attempted_at", OLD."attempts", OLD."created_at", OLD."id", OLD."key", OLD."kind", OLD."not_before", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."problem", OLD."sent_at", OLD."state", OLD."subject", OLD."to_email", OLD."to_user_id"); RETURN NULL;',
                            hash="7f6b045137baba1008f0afd518ff7852bc648cd8",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_38943",
                            table="partners_message",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="message",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_messageevent" ("attempted_at", "attempts", "created_at", "id", "key", "kind", "not_before", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sent_at", "state", "subject", "to_email", "to_user_id") VALUES (NEW."attempted_at", NEW."attempts", NEW."created_at", NEW."id", NEW."key", NEW."kind", NEW."not_before", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."problem", NEW."sent_at", NEW."state", NEW."subject", NEW."to_email", NEW."to_user_id"); RETURN NULL;',
                            hash="9af684d4c45fcc62144ac627d2cf9aabb990faa6",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e42b5",
                            table="partners_message",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="message",
                    trigger=pgtrigger.compiler.Trigger(
                        name="legal_step",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (('queued', 'sending'), ('sending', 'sent'), ('sending', 'failed'), ('sending', 'not_known'), ('sending', 'queued'), ('failed', 'queued'), ('not_known', 'queued')) THEN\n                        RAISE EXCEPTION 'message_legal_step: % does not follow %', NEW.state, OLD.state\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'message_legal_step';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="efe285dc13df25002c5726e02cde2bc4150be5b4",
                            operation='UPDATE OF "state"',
                            pgid="pgtrigger_legal_step_8b055",
                            table="partners_message",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="message",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="20a9373b7692ddae5c51499d48cc1092b97d5796",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_79ca0",
                            table="partners_message",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="message",
                    trigger=pgtrigger.compiler.Trigger(
                        name="says_what_it_said",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."to_user_id" IS DISTINCT FROM (NEW."to_user_id") OR OLD."to_email" IS DISTINCT FROM (NEW."to_email") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="0627139b8b62c7e867d315b07397a25362fe6293",
                            operation="UPDATE",
                            pgid="pgtrigger_says_what_it_said_4cc88",
                            table="partners_message",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="message",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."attempted_at" IS DISTINCT FROM (NEW."attempted_at") OR OLD."attempts" IS DISTINCT FROM (NEW."attempts") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."not_before" IS DISTINCT FROM (NEW."not_before") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."problem" IS DISTINCT FROM (NEW."problem") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."to_email" IS DISTINCT FROM (NEW."to_email") OR OLD."to_user_id" IS DISTINCT FROM (NEW."to_user_id"))',
                            func='INSERT INTO "partners_messageevent" ("attempted_at", "attempts", "created_at", "id", "key", "kind", "not_before", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sent_at", "state", "subject", "to_email", "to_user_id") VALUES (NEW."attempted_at", NEW."attempts", NEW."created_at", NEW."id", NEW."key", NEW."kind", NEW."not_before", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."problem", NEW."sent_at", NEW."state", NEW."subject", NEW."to_email", NEW."to_user_id"); RETURN NULL;',
                            hash="01633742c264c54c7096f62bc8b995dd06af20ff",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_f3320",
                            table="partners_message",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="messageevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8241a6df4b55b9747a1d0b60c6e2412ea1b0d9ba",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b2d9b",
                            table="partners_messageevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="messagesubject",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="166498fef41f4b297e5a5b8c4f82b2bca3813808",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_47daf",
                            table="partners_messagesubject",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="network",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_networkevent" ("district_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (OLD."district_id", OLD."id", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purpose"); RETURN NULL;',
                            hash="aa4f08cd19f9158f5ab2b75d7c264e82dd1c643c",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_87a1e",
                            table="partners_network",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="network",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_networkevent" ("district_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (NEW."district_id", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose"); RETURN NULL;',
                            hash="ddf803521eec64ccc8119bfb0d677c93b2bf2f2f",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_47724",
                            table="partners_network",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="network",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "partners_networkevent" ("district_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (NEW."district_id", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose"); RETURN NULL;',
                            hash="91012e706d73348c3dbd20c6f2b5eacec46403af",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_677f5",
                            table="partners_network",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="networkevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="d0b1c2e97d2cb7225933f108299754fe48ca9cfc",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_336b6",
                            table="partners_networkevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="networkmember",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_networkmemberevent" ("belongs_to", "district_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."belongs_to", OLD."district_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="b882fc8e7690951499b6615e3832b8a5836b42bd",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_a4e87",
                            table="partners_networkmember",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="networkmember",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_networkmemberevent" ("belongs_to", "district_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."belongs_to", NEW."district_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="da3be6a369f7ac27405bc6d2e19861150c808f14",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2e99e",
                            table="partners_networkmember",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="networkmember",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "partners_networkmemberevent" ("belongs_to", "district_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."belongs_to", NEW."district_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="b0c95f9044bfb56fddd5f586230d2459503a0ed8",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_9ebd8",
                            table="partners_networkmember",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="networkmemberevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="183f205d86c8a24aad76e3375b4372e91d4fbf8d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_d2baa",
                            table="partners_networkmemberevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="networkmembership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_networkmembershipevent" ("id", "joined_on", "left_on", "member_id", "network_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."joined_on", OLD."left_on", OLD."member_id", OLD."network_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="eae099fade4608ce8c80c737e6c6b4c01be59dfa",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_87c40",
                            table="partners_networkmembership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="networkmembership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_networkmembershipevent" ("id", "joined_on", "left_on", "member_id", "network_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."joined_on", NEW."left_on", NEW."member_id", NEW."network_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="1a2e7d411fb109df60e1f51b5808c7d7d22fc333",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_091af",
                            table="partners_networkmembership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="networkmembership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "partners_networkmembershipevent" ("id", "joined_on", "left_on", "member_id", "network_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."joined_on", NEW."left_on", NEW."member_id", NEW."network_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="7dca3d4870b6448424c7f8764fc9d1187c2de66c",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_7d8da",
                            table="partners_networkmembership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="networkmembershipevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ef6e136c751522fc046fd94377e5347229c65819",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2c91d",
                            table="partners_networkmembershipevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="organisation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_organisationevent" ("closed_on", "district_id", "id", "kind", "name", "opened_on", "org_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "succeeded_by_id", "telephone") VALUES (OLD."closed_on", OLD."district_id", OLD."id", OLD."kind", OLD."name", OLD."opened_on", OLD."org_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."succeeded_by_id", OLD."telephone"); RETURN NULL;',
                            hash="479548088fe41b6a6ad62ed58d54f16225307de2",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_7d3a7",
                            table="partners_organisation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="organisation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_organisationevent" ("closed_on", "district_id", "id", "kind", "name", "opened_on", "org_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "succeeded_by_id", "telephone") VALUES (NEW."closed_on", NEW."district_id", NEW."id", NEW."kind", NEW."name", NEW."opened_on", NEW."org_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."succeeded_by_id", NEW."telephone"); RETURN NULL;',
                            hash="d38f47e5f2cb58de1771270040ed8364170a5ff0",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_ce7ac",
                            table="partners_organisation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="organisation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "partners_organisationevent" ("closed_on", "district_id", "id", "kind", "name", "opened_on", "org_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "succeeded_by_id", "telephone") VALUES (NEW."closed_on", NEW."district_id", NEW."id", NEW."kind", NEW."name", NEW."opened_on", NEW."org_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."succeeded_by_id", NEW."telephone"); RETURN NULL;',
                            hash="ba60c557b64842c00aa2f924b1a1a603b8f69c29",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_8fb0e",
                            table="partners_organisation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="organisationevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="824489acf6c4ab95b0a7fd59734fd25844e79367",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_68049",
                            table="partners_organisationevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="user",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_userevent" ("created_at", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."created_at", OLD."email", OLD."id", OLD."is_active", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="3e29d83650102cef59dca71c8922787a80ce6f1f",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_fb2b2",
                            table="partners_user",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="user",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_userevent" ("created_at", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."email", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="ce8810cf48cc303b873d7bd771a3d3d17f8240c6",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_4fa34",
                            table="partners_user",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="user",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."name" IS DISTINCT FROM (NEW."name"))',
                            func='INSERT INTO "partners_userevent" ("created_at", "email", "id", "is_active", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."created_at", NEW."email", NEW."id", NEW."is_active", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="382404bad9610ce9c022017cc3b358f6e4135df8",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_f552c",
                            table="partners_user",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="userevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="29277babc6502be25d68d4e59998fdfb5d43ab5d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_ebf36",
                            table="partners_userevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_membershipevent" ("ended_on", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "started_on", "user_id") VALUES (OLD."ended_on", OLD."id", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."started_on", OLD."user_id"); RETURN NULL;',
                            hash="f98b2ef9943cbc38299ba84abdc9bc32b96c7778",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_25b49",
                            table="partners_membership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_membershipevent" ("ended_on", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "started_on", "user_id") VALUES (NEW."ended_on", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."started_on", NEW."user_id"); RETURN NULL;',
                            hash="91d75f1e31cf0dad2d1e48537dfbae07cc7ed3b0",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_81abf",
                            table="partners_membership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "partners_membershipevent" ("ended_on", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "started_on", "user_id") VALUES (NEW."ended_on", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."started_on", NEW."user_id"); RETURN NULL;',
                            hash="919489b9f6b9b6364ffd48cd6cd55626b3080d7d",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_668ed",
                            table="partners_membership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membershipevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="2e5637e613c25e629b5d28ab1374b2e571093e13",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a4649",
                            table="partners_membershipevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="invitation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_invitationevent" ("accepted_at", "accepted_by_id", "email", "expires_at", "id", "invited_at", "invited_by_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "withdrawn_at") VALUES (OLD."accepted_at", OLD."accepted_by_id", OLD."email", OLD."expires_at", OLD."id", OLD."invited_at", OLD."invited_by_id", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."withdrawn_at"); RETURN NULL;',
                            hash="79dcd62dd1347a096ba0fdda8167a57a102af76b",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_45e62",
                            table="partners_invitation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="invitation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "partners_invitationevent" ("accepted_at", "accepted_by_id", "email", "expires_at", "id", "invited_at", "invited_by_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "withdrawn_at") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."email", NEW."expires_at", NEW."id", NEW."invited_at", NEW."invited_by_id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."withdrawn_at"); RETURN NULL;',
                            hash="189bc184915522a4eb0f72fef9113657eb3e0713",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_21287",
                            table="partners_invitation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="invitation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."accepted_at" IS DISTINCT FROM (NEW."accepted_at") OR OLD."accepted_by_id" IS DISTINCT FROM (NEW."accepted_by_id") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."invited_at" IS DISTINCT FROM (NEW."invited_at") OR OLD."invited_by_id" IS DISTINCT FROM (NEW."invited_by_id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                            func='INSERT INTO "partners_invitationevent" ("accepted_at", "accepted_by_id", "email", "expires_at", "id", "invited_at", "invited_by_id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "withdrawn_at") VALUES (NEW."accepted_at", NEW."accepted_by_id", NEW."email", NEW."expires_at", NEW."id", NEW."invited_at", NEW."invited_by_id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."withdrawn_at"); RETURN NULL;',
                            hash="f1aa31227d15266a7a588d844031f8ea2e4f7d81",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_daf67",
                            table="partners_invitation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="invitationevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a6f850a04af03a78fdb580791c77fd2d32e2f49b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9be22",
                            table="partners_invitationevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ],
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
