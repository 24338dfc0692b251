"""Every table and every trigger, as they stood when the migrations until then were made one."""

import datetime

import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from vru_portal.core.at_once import AtOnce


class Migration(migrations.Migration):
    replaces = [
        ("outcomes", "0001_returns"),
        ("outcomes", "0002_returns_and_people"),
        ("outcomes", "0003_returns_rules"),
        ("outcomes", "0004_release_rules"),
        ("outcomes", "0005_return_rules"),
        ("outcomes", "0006_append_only_history"),
        ("outcomes", "0007_take_back"),
        ("outcomes", "0008_discard_release"),
        ("outcomes", "0009_extensions_and_clock"),
        ("outcomes", "0010_return_templates"),
        ("outcomes", "0011_templates_of_returns"),
        ("outcomes", "0012_template_rules"),
        ("outcomes", "0013_points"),
        ("outcomes", "0014_review"),
        ("outcomes", "0015_nil_says_nothing_of_stocks"),
        ("outcomes", "0016_unlocks"),
        ("outcomes", "0017_registers"),
        ("outcomes", "0018_register_keys"),
        ("outcomes", "0019_waived_for_good_and_no_circles"),
        ("outcomes", "0020_linkage"),
        ("outcomes", "0021_objections"),
        ("outcomes", "0022_contacts_checked_together"),
        ("outcomes", "0023_cubes_in_two_steps"),
        ("outcomes", "0001_tables_and_rules"),
        ("outcomes", "0024_release_frame"),
        ("outcomes", "0025_release_package"),
        ("outcomes", "0026_basis_of_returns"),
        ("outcomes", "0027_one_number_within"),
        ("outcomes", "0028_publishing"),
        ("outcomes", "0029_measures_about_people"),
        ("outcomes", "0030_release_attacked"),
        ("outcomes", "0031_funder_reports"),
        ("outcomes", "0032_release_stopped"),
        ("outcomes", "0033_estimates"),
        ("outcomes", "0034_rows_of_several_programmes"),
        ("outcomes", "0035_certificates"),
        ("outcomes", "0036_returns_within_due_once"),
    ]

    initial = True

    dependencies = [
        ("funding", "0001_squashed_0006_tables_and_rules"),
        ("partners", "0001_squashed_0002_tables_and_rules"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("programmes", "0001_squashed_0002_tables_and_rules"),
    ]

    operations = [
        # The tables, with their constraints and indexes.
        AtOnce(
            [
                migrations.CreateModel(
                    name="ReachCube",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(help_text="2026 for 2026/27.", unique=True)),
                        (
                            "sources",
                            models.CharField(
                                blank=True, help_text="SHA-256 of all that its cells were made from.", max_length=64
                            ),
                        ),
                        ("last_month", models.DateField()),
                        (
                            "counted_at",
                            models.DateTimeField(
                                help_text="When its cells were made; empty while there are none.", null=True
                            ),
                        ),
                        (
                            "people",
                            models.CharField(
                                help_text="SHA-256 of all that its presence was made from.", max_length=64
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-year"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("last_month__day", 1)), name="reachcube_last_month_is_first_day"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Presence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("person", models.BigIntegerField()),
                        ("strict", models.BigIntegerField()),
                        ("loose", models.BigIntegerField()),
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
                            ),
                        ),
                        ("contacts", models.PositiveIntegerField()),
                        (
                            "age_band",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outcomes.category"
                            ),
                        ),
                        (
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.delivery"
                            ),
                        ),
                        (
                            "district",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outcomes.category"
                            ),
                        ),
                        (
                            "ethnicity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outcomes.category"
                            ),
                        ),
                        (
                            "setting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programmes.setting"
                            ),
                        ),
                        (
                            "sex",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outcomes.category"
                            ),
                        ),
                        (
                            "cube",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="presence",
                                to="outcomes.reachcube",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "presence",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("cube", "month", "person", "strict", "loose", "delivery", "setting", "rung"),
                                name="presence_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="presence_month_is_first_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rung__in", ["exposure", "brief_contact", "group", "one_to_one"])),
                                name="presence_rung",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReachCell",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "period",
                            models.CharField(
                                choices=[
                                    ("month", "Month"),
                                    ("quarter", "Quarter"),
                                    ("year_to_date", "Year to date"),
                                    ("financial_year", "Financial year"),
                                    ("rolling_year", "Twelve months"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("start", models.DateField()),
                        ("end", models.DateField()),
                        (
                            "where",
                            models.CharField(
                                choices=[
                                    ("any", "Everything supported"),
                                    ("programme", "Programme"),
                                    ("setting", "Setting"),
                                    ("level", "Prevention level"),
                                    ("rung", "Rung of support"),
                                    ("partner", "Partner"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                blank=True, help_text="The code of the programme, setting, … or partner.", max_length=60
                            ),
                        ),
                        ("district", models.CharField(blank=True, max_length=40)),
                        ("age_band", models.CharField(blank=True, max_length=40)),
                        ("sex", models.CharField(blank=True, max_length=40)),
                        ("ethnicity", models.CharField(blank=True, help_text="A group of categories.", max_length=100)),
                        ("told", models.PositiveIntegerField(help_text="People whom registers tell apart.")),
                        (
                            "strict",
                            models.PositiveIntegerField(
                                help_text="The same by a stricter threshold of linking.", null=True
                            ),
                        ),
                        (
                            "loose",
                            models.PositiveIntegerField(
                                help_text="The same by a looser threshold of linking.", null=True
                            ),
                        ),
                        ("lower", models.PositiveIntegerField()),
                        ("upper", models.PositiveIntegerField()),
                        ("is_unique", models.BooleanField(help_text="All of it is counted from registers.")),
                        ("received", models.PositiveIntegerField(help_text="Returns.")),
                        ("due", models.PositiveIntegerField(help_text="Returns.")),
                        (
                            "cube",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cells",
                                to="outcomes.reachcube",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=(
                                    "cube",
                                    "period",
                                    "end",
                                    "where",
                                    "what",
                                    "district",
                                    "age_band",
                                    "sex",
                                    "ethnicity",
                                ),
                                name="reachcell_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "period__in",
                                        ["month", "quarter", "year_to_date", "financial_year", "rolling_year"],
                                    )
                                ),
                                name="reachcell_period",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("where__in", ["any", "programme", "setting", "level", "rung", "partner"])
                                ),
                                name="reachcell_where",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("lower__lte", models.F("upper"))), name="reachcell_in_order"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("told__lte", models.F("upper"))), name="reachcell_told_within_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("received__lte", models.F("due"))),
                                name="reachcell_received_within_due",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Extension",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("due_before", models.DateField()),
                        ("due_date", models.DateField(help_text="The new one.")),
                        ("reason", models.TextField()),
                        ("extended_at", models.DateTimeField()),
                        (
                            "extended_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "obligation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="extensions",
                                to="outcomes.obligation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["obligation", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("due_date__gt", models.F("due_before"))), name="extension_is_later"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="extension_has_reason"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting"),
                                    ("running", "Running"),
                                    ("finished", "Finished"),
                                    ("failed", "Failed"),
                                ],
                                default="queued",
                                max_length=10,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("stage", models.CharField(blank=True, max_length=80)),
                        ("percent", models.PositiveSmallIntegerField(default=0)),
                        ("beat_at", models.DateTimeField(help_text="When the job was last heard of.")),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, help_text="How often a worker has begun it."),
                        ),
                        ("problem", models.TextField(blank=True)),
                        (
                            "requested_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["queued", "running", "finished", "failed"])),
                                name="recount_state",
                            ),
                            models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="recount_percent"),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "queued")), fields=("state",), name="recount_one_queued"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "running")), fields=("state",), name="recount_one_running"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Linkage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("linked_at", models.DateTimeField()),
                        (
                            "inputs",
                            models.CharField(
                                help_text="SHA-256 of the identities in use and the decisions about them.",
                                max_length=64,
                            ),
                        ),
                        ("contacts", models.PositiveIntegerField()),
                        ("identities", models.PositiveIntegerField()),
                        ("people", models.PositiveIntegerField()),
                        ("strict", models.PositiveIntegerField(help_text="People by a stricter threshold.")),
                        ("loose", models.PositiveIntegerField(help_text="People by a looser threshold.")),
                    ],
                    options={
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="LinkedIdentity",
                    fields=[
                        (
                            "identity",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="linked",
                                serialize=False,
                                to="outcomes.registeridentity",
                            ),
                        ),
                        ("person", models.BigIntegerField()),
                        ("strict", models.BigIntegerField()),
                        ("loose", models.BigIntegerField()),
                    ],
                    options={
                        "verbose_name_plural": "linked identities",
                        "indexes": [models.Index(fields=["person"], name="linkedidentity_person")],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "forename",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "SAME"),
                                    (1, "FAMILY"),
                                    (2, "SLIP"),
                                    (3, "ALIKE"),
                                    (4, "INITIAL"),
                                    (5, "OTHER"),
                                    (6, "MISSING"),
                                ],
                                null=True,
                            ),
                        ),
                        (
                            "surname",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "SAME"),
                                    (1, "FAMILY"),
                                    (2, "SLIP"),
                                    (3, "ALIKE"),
                                    (4, "INITIAL"),
                                    (5, "OTHER"),
                                    (6, "MISSING"),
                                ],
                                null=True,
                            ),
                        ),
                        (
                            "birth",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "SAME"),
                                    (1, "SWAPPED"),
                                    (2, "NEARLY"),
                                    (3, "ABOUT"),
                                    (4, "OTHER"),
                                    (5, "MISSING"),
                                ],
                                null=True,
                            ),
                        ),
                        (
                            "postcode",
                            models.PositiveSmallIntegerField(
                                choices=[(0, "SAME"), (1, "HALF"), (2, "OTHER"), (3, "MISSING")], null=True
                            ),
                        ),
                        ("sex_differs", models.BooleanField(null=True)),
                        ("bits", models.FloatField(help_text="How much the two rows speak for one person.", null=True)),
                        ("joined", models.BooleanField(help_text="Off: this join no longer holds.")),
                        ("first", models.BigIntegerField()),
                        ("second", models.BigIntegerField()),
                        (
                            "because",
                            models.CharField(
                                choices=[
                                    ("decision", "Somebody decided it"),
                                    ("row", "One row, written under two keys"),
                                    ("reference", "The partner’s own reference"),
                                    ("evidence", "What was written agrees well enough"),
                                    ("gone", "The rows are in no register any more"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "linkage",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="outcomes.linkage",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "ledger entries",
                        "ordering": ["pk"],
                        "indexes": [models.Index(fields=["first", "second"], name="ledgerentry_pair")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("because__in", ["decision", "row", "reference", "evidence", "gone"])
                                ),
                                name="ledgerentry_because",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("first__lt", models.F("second"))), name="ledgerentry_in_order"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("birth__isnull", True),
                                        ("forename__isnull", True),
                                        ("postcode__isnull", True),
                                        ("sex_differs__isnull", True),
                                        ("surname__isnull", True),
                                    ),
                                    models.Q(
                                        ("birth__isnull", False),
                                        ("forename__isnull", False),
                                        ("postcode__isnull", False),
                                        ("sex_differs__isnull", False),
                                        ("surname__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="ledgerentry_compared_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LinkDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("first", models.BigIntegerField()),
                        ("second", models.BigIntegerField()),
                        ("are_one", models.BooleanField()),
                        ("reason", models.TextField(blank=True)),
                        ("decided_at", models.DateTimeField()),
                        ("undone_at", models.DateTimeField(null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("first__lt", models.F("second"))), name="linkdecision_in_order"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at__isnull", True)),
                                fields=("first", "second"),
                                name="linkdecision_one_holds",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                                    models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="linkdecision_undone_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LinkDecisionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("first", models.BigIntegerField()),
                        ("second", models.BigIntegerField()),
                        ("are_one", models.BooleanField()),
                        ("reason", models.TextField(blank=True)),
                        ("decided_at", models.DateTimeField()),
                        ("undone_at", models.DateTimeField(null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                db_constraint=False,
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
                                to="outcomes.linkdecision",
                            ),
                        ),
                        (
                            "undone_by",
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
                    name="LinkQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "forename",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "SAME"),
                                    (1, "FAMILY"),
                                    (2, "SLIP"),
                                    (3, "ALIKE"),
                                    (4, "INITIAL"),
                                    (5, "OTHER"),
                                    (6, "MISSING"),
                                ],
                                null=True,
                            ),
                        ),
                        (
                            "surname",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "SAME"),
                                    (1, "FAMILY"),
                                    (2, "SLIP"),
                                    (3, "ALIKE"),
                                    (4, "INITIAL"),
                                    (5, "OTHER"),
                                    (6, "MISSING"),
                                ],
                                null=True,
                            ),
                        ),
                        (
                            "birth",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "SAME"),
                                    (1, "SWAPPED"),
                                    (2, "NEARLY"),
                                    (3, "ABOUT"),
                                    (4, "OTHER"),
                                    (5, "MISSING"),
                                ],
                                null=True,
                            ),
                        ),
                        (
                            "postcode",
                            models.PositiveSmallIntegerField(
                                choices=[(0, "SAME"), (1, "HALF"), (2, "OTHER"), (3, "MISSING")], null=True
                            ),
                        ),
                        ("sex_differs", models.BooleanField(null=True)),
                        ("bits", models.FloatField(help_text="How much the two rows speak for one person.", null=True)),
                        ("first", models.BigIntegerField()),
                        ("second", models.BigIntegerField()),
                        ("are_one", models.BooleanField(help_text="How the linker left it.")),
                        (
                            "beyond",
                            models.FloatField(help_text="Bits above what makes two people one; below, if negative."),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("first", "second"), name="linkquestion_once"),
                            models.CheckConstraint(
                                condition=models.Q(("first__lt", models.F("second"))), name="linkquestion_in_order"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Measure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        (
                            "definition",
                            models.TextField(help_text="What counts and what does not. Published beside the numbers."),
                        ),
                        (
                            "people_label",
                            models.CharField(
                                blank=True,
                                help_text="In the plural, e.g. pupils, sessions, incidents.",
                                max_length=120,
                                verbose_name="what it counts",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("number", "A number"),
                                    ("before_after", "Average before and after"),
                                    ("median", "Median"),
                                    ("text", "Words"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "unit",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("people", "people"),
                                    ("contacts", "contacts"),
                                    ("count", "things"),
                                    ("hours", "hours"),
                                    ("money", "£"),
                                    ("days", "days"),
                                    ("points", "points"),
                                    ("percent", "%"),
                                ],
                                help_text="Empty for words.",
                                max_length=10,
                            ),
                        ),
                        (
                            "better",
                            models.CharField(
                                choices=[
                                    ("higher", "Higher is better"),
                                    ("lower", "Lower is better"),
                                    ("neither", "Neither is better"),
                                ],
                                default="neither",
                                max_length=10,
                            ),
                        ),
                        (
                            "example",
                            models.CharField(blank=True, help_text="An example that helps to answer.", max_length=300),
                        ),
                        (
                            "over_months",
                            models.CharField(
                                choices=[
                                    ("sum", "Sum"),
                                    ("latest", "Latest"),
                                    ("maximum", "Largest"),
                                    ("median", "Smallest to largest median"),
                                    ("average", "Average weighted by people"),
                                    ("not_additive", "Does not add up"),
                                ],
                                default="sum",
                                max_length=20,
                            ),
                        ),
                        (
                            "over_places",
                            models.CharField(
                                choices=[
                                    ("sum", "Sum"),
                                    ("latest", "Latest"),
                                    ("maximum", "Largest"),
                                    ("median", "Smallest to largest median"),
                                    ("average", "Average weighted by people"),
                                    ("not_additive", "Does not add up"),
                                ],
                                default="sum",
                                max_length=20,
                            ),
                        ),
                        (
                            "is_about_people",
                            models.BooleanField(
                                default=True,
                                help_text="People, and what happens to them: contacts, referrals, appointments, days lost. Published rounded, with small numbers hidden. Sessions, hours or routes are not, and are published as they are.",
                                verbose_name="each one is about somebody",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["number", "before_after", "median", "text"])),
                                name="measure_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("better__in", ["higher", "lower", "neither"])),
                                name="measure_better",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "over_months__in",
                                        ["sum", "latest", "maximum", "median", "average", "not_additive"],
                                    )
                                ),
                                name="measure_over_months",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "over_places__in",
                                        ["sum", "latest", "maximum", "median", "average", "not_additive"],
                                    )
                                ),
                                name="measure_over_places",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "text"), ("unit", "")),
                                    models.Q(
                                        models.Q(("kind", "text"), _negated=True), models.Q(("unit", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="measure_words_have_no_unit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "number"), models.Q(("unit", "percent"), _negated=True)),
                                    models.Q(
                                        models.Q(("over_months", "sum"), _negated=True),
                                        models.Q(("over_places", "sum"), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="measure_sums_numbers_only",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "unit__in",
                                        [
                                            "people",
                                            "contacts",
                                            "count",
                                            "hours",
                                            "money",
                                            "days",
                                            "points",
                                            "percent",
                                            "",
                                        ],
                                    )
                                ),
                                name="measure_unit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("unit__in", ["people", "contacts"]), _negated=True),
                                    ("is_about_people", True),
                                    _connector="OR",
                                ),
                                name="measure_people_are_protected",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeasureEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("code", models.SlugField(db_index=False, max_length=40)),
                        ("name", models.CharField(max_length=120)),
                        (
                            "definition",
                            models.TextField(help_text="What counts and what does not. Published beside the numbers."),
                        ),
                        (
                            "people_label",
                            models.CharField(
                                blank=True,
                                help_text="In the plural, e.g. pupils, sessions, incidents.",
                                max_length=120,
                                verbose_name="what it counts",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("number", "A number"),
                                    ("before_after", "Average before and after"),
                                    ("median", "Median"),
                                    ("text", "Words"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "unit",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("people", "people"),
                                    ("contacts", "contacts"),
                                    ("count", "things"),
                                    ("hours", "hours"),
                                    ("money", "£"),
                                    ("days", "days"),
                                    ("points", "points"),
                                    ("percent", "%"),
                                ],
                                help_text="Empty for words.",
                                max_length=10,
                            ),
                        ),
                        (
                            "better",
                            models.CharField(
                                choices=[
                                    ("higher", "Higher is better"),
                                    ("lower", "Lower is better"),
                                    ("neither", "Neither is better"),
                                ],
                                default="neither",
                                max_length=10,
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
                                to="outcomes.measure",
                            ),
                        ),
                        (
                            "example",
                            models.CharField(blank=True, help_text="An example that helps to answer.", max_length=300),
                        ),
                        (
                            "over_months",
                            models.CharField(
                                choices=[
                                    ("sum", "Sum"),
                                    ("latest", "Latest"),
                                    ("maximum", "Largest"),
                                    ("median", "Smallest to largest median"),
                                    ("average", "Average weighted by people"),
                                    ("not_additive", "Does not add up"),
                                ],
                                default="sum",
                                max_length=20,
                            ),
                        ),
                        (
                            "over_places",
                            models.CharField(
                                choices=[
                                    ("sum", "Sum"),
                                    ("latest", "Latest"),
                                    ("maximum", "Largest"),
                                    ("median", "Smallest to largest median"),
                                    ("average", "Average weighted by people"),
                                    ("not_additive", "Does not add up"),
                                ],
                                default="sum",
                                max_length=20,
                            ),
                        ),
                        (
                            "is_about_people",
                            models.BooleanField(
                                default=True,
                                help_text="People, and what happens to them: contacts, referrals, appointments, days lost. Published rounded, with small numbers hidden. Sessions, hours or routes are not, and are published as they are.",
                                verbose_name="each one is about somebody",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="MeasureOption",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40)),
                        ("name", models.CharField(max_length=100)),
                        ("order", models.PositiveSmallIntegerField(default=0)),
                        (
                            "measure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="options",
                                to="outcomes.measure",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["measure", "order", "pk"],
                        "constraints": [models.UniqueConstraint(fields=("measure", "code"), name="measureoption_once")],
                    },
                ),
                migrations.CreateModel(
                    name="MeasureOptionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("code", models.SlugField(db_index=False, max_length=40)),
                        ("name", models.CharField(max_length=100)),
                        ("order", models.PositiveSmallIntegerField(default=0)),
                        (
                            "measure",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.measure",
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
                                to="outcomes.measureoption",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="MeasureSuccession",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField(help_text="The first month of the new measure.")),
                        ("factor", models.DecimalField(decimal_places=4, default=1, max_digits=8)),
                        (
                            "note",
                            models.CharField(
                                help_text="What is counted otherwise. Stands at the break.", max_length=300
                            ),
                        ),
                        (
                            "new",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="successions",
                                to="outcomes.measure",
                            ),
                        ),
                        (
                            "old",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="succeeded_by",
                                to="outcomes.measure",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["new", "month"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="measuresuccession_month_is_first_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("old", models.F("new")), _negated=True),
                                name="measuresuccession_of_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("factor__gt", 0)), name="measuresuccession_factor"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("note", ""), _negated=True),
                                name="measuresuccession_says_what_changes",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeasureSuccessionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("month", models.DateField(help_text="The first month of the new measure.")),
                        ("factor", models.DecimalField(decimal_places=4, default=1, max_digits=8)),
                        (
                            "note",
                            models.CharField(
                                help_text="What is counted otherwise. Stands at the break.", max_length=300
                            ),
                        ),
                        (
                            "new",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.measure",
                            ),
                        ),
                        (
                            "old",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.measure",
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
                                to="outcomes.measuresuccession",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="MeasureAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("people", models.PositiveIntegerField(null=True)),
                        ("before", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                        ("after", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                        ("median", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                        (
                            "measure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="outcomes.measure",
                            ),
                        ),
                        (
                            "submission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="measure_answers",
                                to="outcomes.submission",
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        ("value", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("submission", "measure"), name="measureanswer_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("after__isnull", True),
                                        ("before__isnull", True),
                                        ("median__isnull", True),
                                        ("people", 0),
                                        ("text", ""),
                                        ("value__isnull", True),
                                    ),
                                    models.Q(
                                        ("after__gte", 0),
                                        ("after__isnull", False),
                                        ("before__gte", 0),
                                        ("before__isnull", False),
                                        ("median__isnull", True),
                                        ("people__gt", 0),
                                        ("text", ""),
                                        ("value__isnull", True),
                                    ),
                                    models.Q(
                                        ("after__isnull", True),
                                        ("before__isnull", True),
                                        ("median__gte", 0),
                                        ("median__isnull", False),
                                        ("people__gt", 0),
                                        ("text", ""),
                                        ("value__isnull", True),
                                    ),
                                    models.Q(
                                        ("after__isnull", True),
                                        ("before__isnull", True),
                                        ("median__isnull", True),
                                        ("people__isnull", True),
                                        ("text", ""),
                                        ("value__gte", 0),
                                        ("value__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(("text", ""), _negated=True),
                                        ("after__isnull", True),
                                        ("before__isnull", True),
                                        ("median__isnull", True),
                                        ("people__isnull", True),
                                        ("value__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="measureanswer_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeasureAnswerPart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("value", models.DecimalField(decimal_places=2, max_digits=12)),
                        (
                            "answer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="outcomes.measureanswer",
                            ),
                        ),
                        (
                            "option",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="outcomes.measureoption",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["option__order"],
                        "constraints": [
                            models.UniqueConstraint(fields=("answer", "option"), name="measureanswerpart_once"),
                            models.CheckConstraint(
                                condition=models.Q(("value__gt", 0)), name="measureanswerpart_not_zero"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Objection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("spoken", "The young person said so"),
                                    ("written", "The young person wrote"),
                                    ("family", "A parent or carer, on their behalf"),
                                    ("partner", "Through a partner"),
                                    ("professional", "Through another professional"),
                                ],
                                max_length=20,
                                verbose_name="how it came",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        ("rows_purged", models.PositiveIntegerField(verbose_name="rows taken out")),
                        ("partners_purged", models.PositiveIntegerField(verbose_name="partners whose rows they were")),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("channel__in", ["spoken", "written", "family", "partner", "professional"])
                                ),
                                name="objection_channel",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="objection_withdrawn_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("partners_purged", 0), ("rows_purged", 0)),
                                    models.Q(
                                        ("partners_purged__gte", 1), ("rows_purged__gte", models.F("partners_purged"))
                                    ),
                                    _connector="OR",
                                ),
                                name="objection_rows_are_of_partners",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ObjectionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("spoken", "The young person said so"),
                                    ("written", "The young person wrote"),
                                    ("family", "A parent or carer, on their behalf"),
                                    ("partner", "Through a partner"),
                                    ("professional", "Through another professional"),
                                ],
                                max_length=20,
                                verbose_name="how it came",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        ("rows_purged", models.PositiveIntegerField(verbose_name="rows taken out")),
                        ("partners_purged", models.PositiveIntegerField(verbose_name="partners whose rows they were")),
                        ("withdrawn_at", models.DateTimeField(null=True)),
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
                                to="outcomes.objection",
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
                        (
                            "withdrawn_by",
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
                    name="ObjectionWriting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key_version", models.PositiveSmallIntegerField()),
                        ("packed", models.BinaryField(help_text="See outcomes.registers.pseudonyms.")),
                        (
                            "objection",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="writings",
                                to="outcomes.objection",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["objection", "key_version", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("objection", "key_version", "packed"), name="objectionwriting_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    django.db.models.lookups.Exact(models.Func("packed", function="octet_length"), 896)
                                ),
                                name="objectionwriting_length",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Category",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "dimension",
                            models.CharField(
                                choices=[
                                    ("age_band", "Age on 1 April"),
                                    ("sex", "Sex"),
                                    ("ethnicity", "Ethnicity"),
                                    ("district", "District they live in"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("code", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=100)),
                        (
                            "group",
                            models.CharField(
                                blank=True, help_text="The wider line it is published in.", max_length=100
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(default=0)),
                        (
                            "is_known",
                            models.BooleanField(default=True, help_text="Off for “not known” and “prefer not to say”."),
                        ),
                        (
                            "area",
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
                        "verbose_name_plural": "categories",
                        "ordering": ["dimension", "order"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("dimension__in", ["age_band", "sex", "ethnicity", "district"])),
                                name="category_dimension",
                            ),
                            models.UniqueConstraint(fields=("dimension", "code"), name="category_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CategoryEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "dimension",
                            models.CharField(
                                choices=[
                                    ("age_band", "Age on 1 April"),
                                    ("sex", "Sex"),
                                    ("ethnicity", "Ethnicity"),
                                    ("district", "District they live in"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("code", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=100)),
                        (
                            "group",
                            models.CharField(
                                blank=True, help_text="The wider line it is published in.", max_length=100
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(default=0)),
                        (
                            "is_known",
                            models.BooleanField(default=True, help_text="Off for “not known” and “prefer not to say”."),
                        ),
                        (
                            "area",
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
                                to="outcomes.category",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Policy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("effective_from", models.DateField(unique=True)),
                        (
                            "supported_rungs",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("exposure", "Exposure"),
                                        ("brief_contact", "Brief contact"),
                                        ("group", "Group"),
                                        ("one_to_one", "One-to-one"),
                                    ],
                                    max_length=20,
                                ),
                                help_text="The rungs that “young people supported” means. Printed with the number.",
                                size=None,
                            ),
                        ),
                        (
                            "due_working_day",
                            models.PositiveSmallIntegerField(
                                help_text="A month's return is due on this working day of the next month."
                            ),
                        ),
                        (
                            "release_working_day",
                            models.PositiveSmallIntegerField(
                                help_text="A month's reach is produced on this working day of the next month."
                            ),
                        ),
                        (
                            "round_to",
                            models.PositiveSmallIntegerField(
                                help_text="Published figures are rounded to the nearest of this."
                            ),
                        ),
                        (
                            "hide_below",
                            models.PositiveSmallIntegerField(help_text="Figures from 1 to under this are hidden."),
                        ),
                        (
                            "escalate_to_lead_after",
                            models.PositiveSmallIntegerField(
                                default=5,
                                help_text="The partner's lead hears of it so many working days after it was due. 0: never.",
                            ),
                        ),
                        (
                            "escalate_to_manager_after",
                            models.PositiveSmallIntegerField(
                                default=10,
                                help_text="The programme manager hears of it so many working days after it was due. 0: never.",
                            ),
                        ),
                        (
                            "remind_before",
                            models.PositiveSmallIntegerField(
                                default=3,
                                help_text="Who fills in a return is reminded so many working days before it is due. 0: not before.",
                            ),
                        ),
                        (
                            "remind_every",
                            models.PositiveSmallIntegerField(
                                default=3,
                                help_text="And again every so many working days after it was due. 0: not again.",
                            ),
                        ),
                        ("remind_on_day", models.BooleanField(default=True, verbose_name="remind on the day")),
                        (
                            "unlock_days",
                            models.PositiveSmallIntegerField(
                                default=5,
                                help_text="An accepted return is unlocked for so many working days, if nobody says.",
                                verbose_name="unlock for",
                            ),
                        ),
                        (
                            "unlock_days_most",
                            models.PositiveSmallIntegerField(
                                default=20,
                                help_text="Working days. No return is unlocked for longer at once.",
                                verbose_name="unlock for at most",
                            ),
                        ),
                        (
                            "one_number_within",
                            models.PositiveSmallIntegerField(
                                default=20,
                                help_text="Percent. A headline says “more than …” where the upper end is at most so much above the lower one, and “between … and …” elsewhere.",
                                verbose_name="one number within",
                            ),
                        ),
                        (
                            "final_after_months",
                            models.PositiveSmallIntegerField(
                                default=6,
                                help_text="A release of March that is produced so many months after March ended is final.",
                            ),
                        ),
                        (
                            "publish_after",
                            models.PositiveSmallIntegerField(
                                default=2,
                                help_text="A release is announced for so many working days after it is produced.",
                            ),
                        ),
                        (
                            "publish_at",
                            models.TimeField(default=datetime.time(9, 30), help_text="At this time of that day."),
                        ),
                        (
                            "estimate_at_most",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="Percent. A month of a programme of which more would be estimated stays without estimates.",
                                verbose_name="estimate at most",
                            ),
                        ),
                        (
                            "estimate_from",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="A missing return is estimated from so many of the delivery’s own last accepted months. 0: never.",
                                verbose_name="estimate from",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "policies",
                        "ordering": ["-effective_from"],
                        "get_latest_by": "effective_from",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "supported_rungs__contained_by",
                                        ["exposure", "brief_contact", "group", "one_to_one"],
                                    ),
                                    ("supported_rungs__len__gt", 0),
                                ),
                                name="policy_supported_rungs",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("due_working_day__range", (1, 20)), ("release_working_day__range", (1, 20))
                                ),
                                name="policy_working_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("round_to__gte", 1), ("hide_below__gte", 1)), name="policy_rounding"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("remind_before__lte", 20), ("remind_every__lte", 20)),
                                name="policy_reminders",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("escalate_to_lead_after__lte", 60),
                                    ("escalate_to_manager_after__lte", 60),
                                    models.Q(
                                        ("escalate_to_manager_after", 0),
                                        ("escalate_to_manager_after__gte", models.F("escalate_to_lead_after")),
                                        _connector="OR",
                                    ),
                                ),
                                name="policy_escalates_upwards",
                                violation_error_message="The programme manager must not hear of a late return before the lead.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("unlock_days__gte", 1),
                                    ("unlock_days_most__lte", 60),
                                    ("unlock_days__lte", models.F("unlock_days_most")),
                                ),
                                name="policy_unlocks",
                                violation_error_message="Unlock for 1 working day or more, and at most for 60.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("one_number_within__lte", 100)), name="policy_one_number_within"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("final_after_months__range", (1, 36)), ("publish_after__lte", 20)),
                                name="policy_publishing",
                                violation_error_message="Publish at most 20 working days later; final after 1 to 36 months.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("estimate_at_most", 0), ("estimate_from", 0)),
                                    models.Q(("estimate_at_most__range", (1, 50)), ("estimate_from__range", (1, 6))),
                                    _connector="OR",
                                ),
                                name="policy_estimates",
                                violation_error_message="Estimate from 1 to 6 months, and at most 50 percent; or 0 and 0 for never.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PolicyEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("effective_from", models.DateField()),
                        (
                            "supported_rungs",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("exposure", "Exposure"),
                                        ("brief_contact", "Brief contact"),
                                        ("group", "Group"),
                                        ("one_to_one", "One-to-one"),
                                    ],
                                    max_length=20,
                                ),
                                help_text="The rungs that “young people supported” means. Printed with the number.",
                                size=None,
                            ),
                        ),
                        (
                            "due_working_day",
                            models.PositiveSmallIntegerField(
                                help_text="A month's return is due on this working day of the next month."
                            ),
                        ),
                        (
                            "release_working_day",
                            models.PositiveSmallIntegerField(
                                help_text="A month's reach is produced on this working day of the next month."
                            ),
                        ),
                        (
                            "round_to",
                            models.PositiveSmallIntegerField(
                                help_text="Published figures are rounded to the nearest of this."
                            ),
                        ),
                        (
                            "hide_below",
                            models.PositiveSmallIntegerField(help_text="Figures from 1 to under this are hidden."),
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
                                to="outcomes.policy",
                            ),
                        ),
                        (
                            "escalate_to_lead_after",
                            models.PositiveSmallIntegerField(
                                default=5,
                                help_text="The partner's lead hears of it so many working days after it was due. 0: never.",
                            ),
                        ),
                        (
                            "escalate_to_manager_after",
                            models.PositiveSmallIntegerField(
                                default=10,
                                help_text="The programme manager hears of it so many working days after it was due. 0: never.",
                            ),
                        ),
                        (
                            "remind_before",
                            models.PositiveSmallIntegerField(
                                default=3,
                                help_text="Who fills in a return is reminded so many working days before it is due. 0: not before.",
                            ),
                        ),
                        (
                            "remind_every",
                            models.PositiveSmallIntegerField(
                                default=3,
                                help_text="And again every so many working days after it was due. 0: not again.",
                            ),
                        ),
                        ("remind_on_day", models.BooleanField(default=True, verbose_name="remind on the day")),
                        (
                            "unlock_days",
                            models.PositiveSmallIntegerField(
                                default=5,
                                help_text="An accepted return is unlocked for so many working days, if nobody says.",
                                verbose_name="unlock for",
                            ),
                        ),
                        (
                            "unlock_days_most",
                            models.PositiveSmallIntegerField(
                                default=20,
                                help_text="Working days. No return is unlocked for longer at once.",
                                verbose_name="unlock for at most",
                            ),
                        ),
                        (
                            "one_number_within",
                            models.PositiveSmallIntegerField(
                                default=20,
                                help_text="Percent. A headline says “more than …” where the upper end is at most so much above the lower one, and “between … and …” elsewhere.",
                                verbose_name="one number within",
                            ),
                        ),
                        (
                            "final_after_months",
                            models.PositiveSmallIntegerField(
                                default=6,
                                help_text="A release of March that is produced so many months after March ended is final.",
                            ),
                        ),
                        (
                            "publish_after",
                            models.PositiveSmallIntegerField(
                                default=2,
                                help_text="A release is announced for so many working days after it is produced.",
                            ),
                        ),
                        (
                            "publish_at",
                            models.TimeField(default=datetime.time(9, 30), help_text="At this time of that day."),
                        ),
                        (
                            "estimate_at_most",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="Percent. A month of a programme of which more would be estimated stays without estimates.",
                                verbose_name="estimate at most",
                            ),
                        ),
                        (
                            "estimate_from",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="A missing return is estimated from so many of the delivery’s own last accepted months. 0: never.",
                                verbose_name="estimate from",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="RegisterKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField(unique=True)),
                        (
                            "fingerprint",
                            models.CharField(
                                help_text="Tells keys apart and gives none away.", max_length=16, unique=True
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        (
                            "first_custodian",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "second_custodian",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["version"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("first_custodian", models.F("second_custodian")), _negated=True),
                                name="registerkey_two_people",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("version__gte", 1)), name="registerkey_version_from_one"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fingerprint__regex", "^[0-9a-f]{16}$")),
                                name="registerkey_fingerprint",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RegisterIdentity",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key_version", models.PositiveSmallIntegerField()),
                        ("packed", models.BinaryField(help_text="See outcomes.registers.pseudonyms.")),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.organisation",
                            ),
                        ),
                        (
                            "renews",
                            models.ForeignKey(
                                db_index=False,
                                help_text="The same under the key before.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="renewed_by",
                                to="outcomes.registeridentity",
                            ),
                        ),
                        (
                            "objection",
                            models.ForeignKey(
                                db_index=False,
                                help_text="Whose it is has objected: it is being taken out, and its contacts with it.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="outcomes.objection",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "register identities",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("partner", "key_version", "packed"), name="registeridentity_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    django.db.models.lookups.Exact(models.Func("packed", function="octet_length"), 896)
                                ),
                                name="registeridentity_length",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("renews__isnull", False)),
                                fields=("renews",),
                                name="registeridentity_renewed_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RegisterFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("staged", "Waits to be confirmed"),
                                    ("taken", "Part of the register"),
                                    ("removed", "Taken out again"),
                                ],
                                default="staged",
                                max_length=10,
                            ),
                        ),
                        (
                            "digest",
                            models.CharField(
                                help_text="A keyed hash of what was sent: the same again changes nothing.",
                                max_length=64,
                            ),
                        ),
                        ("rows_read", models.PositiveIntegerField()),
                        ("rows_refused", models.PositiveIntegerField()),
                        ("staged_at", models.DateTimeField()),
                        ("taken_at", models.DateTimeField(null=True)),
                        ("removed_at", models.DateTimeField(null=True)),
                        (
                            "removed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "staged_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="register_files",
                                to="outcomes.returnversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["version", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["staged", "taken", "removed"])),
                                name="registerfile_state",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "taken")),
                                fields=("version", "digest"),
                                name="registerfile_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("taken_at__isnull", True), ("taken_by__isnull", True)),
                                    models.Q(("taken_at__isnull", False), ("taken_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="registerfile_taken_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                                    models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="registerfile_removed_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("removed_at__isnull", True), ("state", "staged"), ("taken_at__isnull", True)
                                    ),
                                    models.Q(
                                        ("removed_at__isnull", True), ("state", "taken"), ("taken_at__isnull", False)
                                    ),
                                    models.Q(
                                        ("removed_at__isnull", False), ("state", "removed"), ("taken_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="registerfile_state_is_dated",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rows_refused__lte", models.F("rows_read"))),
                                name="registerfile_refused_were_read",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RegisterFileEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("staged", "Waits to be confirmed"),
                                    ("taken", "Part of the register"),
                                    ("removed", "Taken out again"),
                                ],
                                default="staged",
                                max_length=10,
                            ),
                        ),
                        (
                            "digest",
                            models.CharField(
                                help_text="A keyed hash of what was sent: the same again changes nothing.",
                                max_length=64,
                            ),
                        ),
                        ("rows_read", models.PositiveIntegerField()),
                        ("rows_refused", models.PositiveIntegerField()),
                        ("staged_at", models.DateTimeField()),
                        ("taken_at", models.DateTimeField(null=True)),
                        ("removed_at", models.DateTimeField(null=True)),
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
                                to="outcomes.registerfile",
                            ),
                        ),
                        (
                            "removed_by",
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
                            "staged_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "taken_by",
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
                            "version",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.returnversion",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="RegisterContact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("row", models.PositiveIntegerField(help_text="As the spreadsheet numbers it.")),
                        ("contact_on", models.DateField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("exposure", "Exposure"),
                                    ("brief_contact", "Brief contact"),
                                    ("group", "Group"),
                                    ("one_to_one", "One-to-one"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("minutes", models.PositiveSmallIntegerField(null=True)),
                        (
                            "age",
                            models.PositiveSmallIntegerField(help_text="On 1 April of the financial year.", null=True),
                        ),
                        ("referred_to", models.CharField(blank=True, max_length=500)),
                        (
                            "age_band",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outcomes.category"
                            ),
                        ),
                        (
                            "district",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outcomes.category"
                            ),
                        ),
                        (
                            "ethnicity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outcomes.category"
                            ),
                        ),
                        (
                            "setting",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="programmes.setting",
                            ),
                        ),
                        (
                            "sex",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outcomes.category"
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contacts",
                                to="outcomes.registerfile",
                            ),
                        ),
                        (
                            "identity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="outcomes.registeridentity",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["file", "row"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["exposure", "brief_contact", "group", "one_to_one"])),
                                name="registercontact_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("age__isnull", True), ("age__lte", 120), _connector="OR"),
                                name="registercontact_age",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minutes__isnull", True), ("minutes__lte", 1440), _connector="OR"),
                                name="registercontact_minutes",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Release",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "month",
                            models.DateField(
                                help_text="The last month that it covers; it begins in April of that financial year."
                            ),
                        ),
                        (
                            "number",
                            models.PositiveSmallIntegerField(
                                help_text="1 for the first release of the month, 2 for its revision."
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("provisional", "Provisional"), ("revised", "Revised"), ("final", "Final")],
                                max_length=20,
                            ),
                        ),
                        ("code_version", models.CharField(max_length=80)),
                        (
                            "input_fingerprint",
                            models.CharField(help_text="SHA-256 of what it was made from.", max_length=64),
                        ),
                        ("output_fingerprint", models.CharField(help_text="SHA-256 of reach.csv.", max_length=64)),
                        (
                            "labels",
                            models.JSONField(
                                default=dict,
                                help_text="Codes and names of programmes and categories as they were, by id: renaming changes no release.",
                            ),
                        ),
                        ("produced_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(null=True)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="releases_approved",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="releases",
                                to="outcomes.policy",
                            ),
                        ),
                        (
                            "produced_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="releases_produced",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("discarded_at", models.DateTimeField(null=True)),
                        (
                            "discarded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("discarded_reason", models.TextField(blank=True)),
                        (
                            "ledger_position",
                            models.BigIntegerField(
                                default=0,
                                help_text="The last entry of the ledger of links that it was made with; 0: no registers.",
                            ),
                        ),
                        (
                            "contacts",
                            models.PositiveIntegerField(
                                default=0,
                                help_text="Rows of registers that it was made of; objections may take some out later.",
                            ),
                        ),
                        (
                            "frame",
                            models.JSONField(
                                default=dict,
                                help_text="Programmes, deliveries with the months they owed, and categories as they were, to make it again.",
                            ),
                        ),
                        (
                            "account",
                            models.JSONField(
                                default=dict,
                                help_text="What is said beside its figures: who sent everything, what changed and why, what breaks.",
                            ),
                        ),
                        (
                            "compared_with",
                            models.ForeignKey(
                                help_text="What was public of the same months, or the first of them, when it was made.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="outcomes.release",
                            ),
                        ),
                        (
                            "public_at",
                            models.DateTimeField(
                                help_text="Decided when it is approved; under embargo until then.", null=True
                            ),
                        ),
                        (
                            "attacked_with",
                            models.JSONField(
                                default=list,
                                help_text="The approved releases of its financial year that it was attacked together with, by id: release 0, 1 and so on of those lists; after them comes this one.",
                            ),
                        ),
                        (
                            "hidden_beside",
                            models.JSONField(
                                default=list,
                                help_text="Numbers hidden beside small ones: row, end, and [release, row, end] that could be told without it.",
                            ),
                        ),
                        (
                            "told",
                            models.JSONField(
                                help_text="Hidden numbers that can be told even so: [release, row, end] of each. Empty: it was not attacked.",
                                null=True,
                            ),
                        ),
                        (
                            "unproven_reason",
                            models.TextField(
                                blank=True,
                                help_text="Why it was approved although its certificate does not prove every hidden number.",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-month", "-number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("month", "number"), name="release_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="release_month_is_first_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("produced_by__isnull", True),
                                    ("approved_by__isnull", True),
                                    models.Q(("produced_by", models.F("approved_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="release_approved_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("discarded_at__isnull", True), ("discarded_by__isnull", True)),
                                    models.Q(("discarded_at__isnull", False), ("discarded_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="release_discarded_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("discarded_at__isnull", True), ("discarded_reason", "")),
                                    models.Q(
                                        ("discarded_at__isnull", False),
                                        models.Q(("discarded_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="release_discarded_with_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("status__in", ["provisional", "revised", "final"])),
                                name="release_status",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approved_at__isnull", True),
                                        ("approved_by__isnull", True),
                                        ("public_at__isnull", True),
                                    ),
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        ("approved_by__isnull", False),
                                        ("public_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="release_approved_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("public_at__isnull", True),
                                    ("approved_at__isnull", True),
                                    ("public_at__gte", models.F("approved_at")),
                                    _connector="OR",
                                ),
                                name="release_public_once_approved",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "final"), _negated=True), ("month__month", 3), _connector="OR"
                                ),
                                name="release_final_of_march",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("discarded_at__isnull", True),
                                    ("approved_at__isnull", True),
                                    models.Q(
                                        ("discarded_at__gt", models.F("approved_at")),
                                        ("discarded_at__lt", models.F("public_at")),
                                    ),
                                    _connector="OR",
                                ),
                                name="release_discarded_never_public",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("unproven_reason", ""), ("approved_at__isnull", False), _connector="OR"
                                ),
                                name="release_unproven_once_approved",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReleaseEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "month",
                            models.DateField(
                                help_text="The last month that it covers; it begins in April of that financial year."
                            ),
                        ),
                        (
                            "number",
                            models.PositiveSmallIntegerField(
                                help_text="1 for the first release of the month, 2 for its revision."
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("provisional", "Provisional"), ("revised", "Revised"), ("final", "Final")],
                                max_length=20,
                            ),
                        ),
                        ("code_version", models.CharField(max_length=80)),
                        (
                            "input_fingerprint",
                            models.CharField(help_text="SHA-256 of what it was made from.", max_length=64),
                        ),
                        ("output_fingerprint", models.CharField(help_text="SHA-256 of reach.csv.", max_length=64)),
                        (
                            "labels",
                            models.JSONField(
                                default=dict,
                                help_text="Codes and names of programmes and categories as they were, by id: renaming changes no release.",
                            ),
                        ),
                        ("produced_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(null=True)),
                        (
                            "approved_by",
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
                                to="outcomes.release",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.policy",
                            ),
                        ),
                        (
                            "produced_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("discarded_at", models.DateTimeField(null=True)),
                        (
                            "discarded_by",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("discarded_reason", models.TextField(blank=True)),
                        (
                            "ledger_position",
                            models.BigIntegerField(
                                default=0,
                                help_text="The last entry of the ledger of links that it was made with; 0: no registers.",
                            ),
                        ),
                        (
                            "contacts",
                            models.PositiveIntegerField(
                                default=0,
                                help_text="Rows of registers that it was made of; objections may take some out later.",
                            ),
                        ),
                        (
                            "frame",
                            models.JSONField(
                                default=dict,
                                help_text="Programmes, deliveries with the months they owed, and categories as they were, to make it again.",
                            ),
                        ),
                        (
                            "account",
                            models.JSONField(
                                default=dict,
                                help_text="What is said beside its figures: who sent everything, what changed and why, what breaks.",
                            ),
                        ),
                        (
                            "compared_with",
                            models.ForeignKey(
                                db_constraint=False,
                                help_text="What was public of the same months, or the first of them, when it was made.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.release",
                            ),
                        ),
                        (
                            "public_at",
                            models.DateTimeField(
                                help_text="Decided when it is approved; under embargo until then.", null=True
                            ),
                        ),
                        (
                            "attacked_with",
                            models.JSONField(
                                default=list,
                                help_text="The approved releases of its financial year that it was attacked together with, by id: release 0, 1 and so on of those lists; after them comes this one.",
                            ),
                        ),
                        (
                            "hidden_beside",
                            models.JSONField(
                                default=list,
                                help_text="Numbers hidden beside small ones: row, end, and [release, row, end] that could be told without it.",
                            ),
                        ),
                        (
                            "told",
                            models.JSONField(
                                help_text="Hidden numbers that can be told even so: [release, row, end] of each. Empty: it was not attacked.",
                                null=True,
                            ),
                        ),
                        (
                            "unproven_reason",
                            models.TextField(
                                blank=True,
                                help_text="Why it was approved although its certificate does not prove every hidden number.",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReleaseInput",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "release",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="inputs",
                                to="outcomes.release",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="releases",
                                to="outcomes.returnversion",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("release", "version"), name="releaseinput_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReleaseFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("size", models.PositiveIntegerField(help_text="In bytes, before compression.")),
                        ("sha256", models.CharField(max_length=64)),
                        ("compressed", models.BinaryField(help_text="gzip")),
                        (
                            "release",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="files", to="outcomes.release"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("release", "name"), name="releasefile_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Figure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("order", models.PositiveIntegerField(help_text="Its row in reach.csv, from 1.")),
                        (
                            "period_type",
                            models.CharField(
                                choices=[
                                    ("month", "Month"),
                                    ("quarter", "Quarter"),
                                    ("year_to_date", "Year to date"),
                                    ("financial_year", "Financial year"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("period_start", models.DateField()),
                        ("period_end", models.DateField()),
                        (
                            "measure",
                            models.CharField(
                                choices=[
                                    ("people_supported", "People supported"),
                                    ("people_exposed", "People exposed (estimate)"),
                                ],
                                max_length=20,
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
                                max_length=20,
                            ),
                        ),
                        ("rungs", models.CharField(help_text="The rungs counted, separated by a plus.", max_length=80)),
                        (
                            "basis",
                            models.CharField(
                                choices=[
                                    ("unique", "Counted once"),
                                    ("range", "Range: some may be counted by more than one delivery"),
                                    ("bounds", "Bounds: two breakdowns crossed"),
                                    ("estimate", "Estimate"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("lower", models.PositiveIntegerField(null=True)),
                        ("upper", models.PositiveIntegerField(null=True)),
                        (
                            "symbol",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("c", "Fewer than 5 or hidden to protect them"),
                                    ("x", "Not available"),
                                    ("z", "Not applicable"),
                                ],
                                max_length=1,
                            ),
                        ),
                        ("exact_lower", models.PositiveIntegerField(null=True)),
                        ("exact_upper", models.PositiveIntegerField(null=True)),
                        ("returns_received", models.PositiveIntegerField()),
                        ("returns_due", models.PositiveIntegerField()),
                        (
                            "age_band",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="outcomes.category",
                            ),
                        ),
                        (
                            "district",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="outcomes.category",
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="programmes.programme",
                            ),
                        ),
                        (
                            "release",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="figures",
                                to="outcomes.release",
                            ),
                        ),
                        (
                            "estimated_percent",
                            models.PositiveSmallIntegerField(
                                help_text="How much of the upper end is estimated, at most; empty where it is hidden.",
                                null=True,
                            ),
                        ),
                        (
                            "returns_estimated",
                            models.PositiveIntegerField(
                                default=0, help_text="Missing returns that the upper end takes in by estimate."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["release", "order"],
                        "constraints": [
                            models.UniqueConstraint(fields=("release", "order"), name="figure_order_once"),
                            models.UniqueConstraint(
                                fields=(
                                    "release",
                                    "period_type",
                                    "period_start",
                                    "period_end",
                                    "programme",
                                    "district",
                                    "age_band",
                                    "measure",
                                ),
                                name="figure_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("period_type__in", ["month", "quarter", "year_to_date", "financial_year"])
                                ),
                                name="figure_period_type",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("measure__in", ["people_supported", "people_exposed"])),
                                name="figure_measure",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("basis__in", ["unique", "range", "bounds", "estimate"])),
                                name="figure_basis",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("symbol__in", ["c", "x", "z", ""])), name="figure_symbol"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("beneficiary__in", ["young_people", "parents", "professionals", "network_members"])
                                ),
                                name="figure_beneficiary",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lower__isnull", False), ("symbol", ""), ("upper__isnull", False)),
                                    models.Q(
                                        models.Q(("lower__isnull", True), ("upper__isnull", True), _connector="OR"),
                                        models.Q(("symbol", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="figure_value_or_symbol",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("lower__isnull", True),
                                    ("upper__isnull", True),
                                    ("lower__lte", models.F("upper")),
                                    _connector="OR",
                                ),
                                name="figure_range_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("exact_lower__isnull", True),
                                    ("exact_lower__lte", models.F("exact_upper")),
                                    _connector="OR",
                                ),
                                name="figure_exact_range_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "returns_received__lte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("returns_due"), "-", models.F("returns_estimated")
                                        ),
                                    )
                                ),
                                name="figure_estimated_within_missing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("estimated_percent__isnull", True),
                                    models.Q(("estimated_percent__lte", 100), ("returns_estimated__gt", 0)),
                                    _connector="OR",
                                ),
                                name="figure_estimated_percent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReleaseRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting"),
                                    ("running", "Running"),
                                    ("finished", "Finished"),
                                    ("failed", "Failed"),
                                ],
                                default="queued",
                                max_length=20,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("stage", models.CharField(blank=True, max_length=80)),
                        ("percent", models.PositiveSmallIntegerField(default=0)),
                        ("beat_at", models.DateTimeField(help_text="When the job was last heard of.")),
                        (
                            "found_unchanged",
                            models.BooleanField(
                                default=False, help_text="Nothing had changed; no new release was made."
                            ),
                        ),
                        ("problem", models.TextField(blank=True)),
                        (
                            "release",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="runs",
                                to="outcomes.release",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, help_text="How often a worker has begun it."),
                        ),
                    ],
                    options={
                        "ordering": ["-requested_at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="releaserun_month_is_first_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["queued", "running", "finished", "failed"])),
                                name="releaserun_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("percent__lte", 100)), name="releaserun_percent"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["queued", "running"])),
                                fields=("month",),
                                name="releaserun_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "finished"), _negated=True),
                                    ("release__isnull", False),
                                    _connector="OR",
                                ),
                                name="releaserun_finished_with_release",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReleaseRunEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("month", models.DateField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting"),
                                    ("running", "Running"),
                                    ("finished", "Finished"),
                                    ("failed", "Failed"),
                                ],
                                default="queued",
                                max_length=20,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("stage", models.CharField(blank=True, max_length=80)),
                        ("percent", models.PositiveSmallIntegerField(default=0)),
                        ("beat_at", models.DateTimeField(help_text="When the job was last heard of.")),
                        (
                            "found_unchanged",
                            models.BooleanField(
                                default=False, help_text="Nothing had changed; no new release was made."
                            ),
                        ),
                        ("problem", models.TextField(blank=True)),
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
                                to="outcomes.releaserun",
                            ),
                        ),
                        (
                            "release",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.release",
                            ),
                        ),
                        (
                            "requested_by",
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
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, help_text="How often a worker has begun it."),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Obligation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("due_date", models.DateField()),
                        ("opened_at", models.DateTimeField()),
                        ("waived_at", models.DateTimeField(null=True)),
                        ("waived_reason", models.TextField(blank=True)),
                        (
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="obligations",
                                to="programmes.delivery",
                            ),
                        ),
                        (
                            "waived_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-month", "delivery"],
                        "indexes": [models.Index(fields=["month"], name="obligation_month")],
                        "constraints": [
                            models.UniqueConstraint(fields=("delivery", "month"), name="obligation_once"),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="obligation_month_is_first_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("waived_at__isnull", True), ("waived_by__isnull", True)),
                                    models.Q(("waived_at__isnull", False), ("waived_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="obligation_waived_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("waived_at__isnull", True), ("waived_reason", "")),
                                    models.Q(
                                        ("waived_at__isnull", False), models.Q(("waived_reason", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="obligation_waived_with_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ObligationEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("month", models.DateField()),
                        ("due_date", models.DateField()),
                        ("opened_at", models.DateTimeField()),
                        ("waived_at", models.DateTimeField(null=True)),
                        ("waived_reason", models.TextField(blank=True)),
                        (
                            "delivery",
                            models.ForeignKey(
                                db_constraint=False,
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
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="outcomes.obligation",
                            ),
                        ),
                        (
                            "waived_by",
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
                    name="ReturnVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Sent"),
                                    ("returned", "Returned"),
                                    ("accepted", "Accepted"),
                                    ("superseded", "Superseded"),
                                    ("void", "Void"),
                                ],
                                default="draft",
                                max_length=20,
                            ),
                        ),
                        ("typed", models.JSONField(default=dict)),
                        ("revision", models.PositiveIntegerField(default=0)),
                        (
                            "is_backfilled",
                            models.BooleanField(default=False, help_text="Entered by the unit after the fact."),
                        ),
                        (
                            "revision_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("late_return", "Late return"),
                                    ("correction", "Correction"),
                                    ("definition_change", "Definition change"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("reason", models.TextField(blank=True, help_text="Why it was returned, or made void.")),
                        ("created_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "obligation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="outcomes.obligation",
                            ),
                        ),
                        ("saved_at", models.DateTimeField(null=True)),
                        (
                            "saved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("typed_by", models.JSONField(default=dict)),
                        (
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="outcomes.templateversion",
                            ),
                        ),
                        ("voided_at", models.DateTimeField(null=True)),
                        (
                            "voided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unlock",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="outcomes.unlock",
                            ),
                        ),
                        (
                            "counting_basis",
                            models.CharField(
                                choices=[
                                    ("register", "Register"),
                                    ("case_reference", "Case references"),
                                    ("aggregate", "Counts"),
                                ],
                                max_length=20,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["obligation", "number"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["draft", "submitted", "returned", "accepted", "superseded", "void"])
                                ),
                                name="returnversion_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("revision_reason__in", ["late_return", "correction", "definition_change", ""])
                                ),
                                name="returnversion_revision_reason",
                            ),
                            models.UniqueConstraint(fields=("obligation", "number"), name="returnversion_number_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["draft", "submitted", "returned"])),
                                fields=("obligation",),
                                name="returnversion_one_open",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "accepted")),
                                fields=("obligation",),
                                name="returnversion_one_accepted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="returnversion_decided_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["returned", "accepted"]), _negated=True),
                                    ("decided_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="returnversion_decision_recorded",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["returned", "void"]), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="returnversion_reason_given",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("number", 1), models.Q(("revision_reason", ""), _negated=True), _connector="OR"
                                ),
                                name="returnversion_later_has_reason_class",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "void"), ("voided_at__isnull", False)),
                                    models.Q(
                                        models.Q(("state", "void"), _negated=True),
                                        ("voided_at__isnull", True),
                                        ("voided_by__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="returnversion_void_recorded",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("counting_basis__in", ["register", "case_reference", "aggregate"])),
                                name="returnversion_counting_basis",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnVersionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("submitted", "Sent"),
                                    ("returned", "Returned"),
                                    ("accepted", "Accepted"),
                                    ("superseded", "Superseded"),
                                    ("void", "Void"),
                                ],
                                default="draft",
                                max_length=20,
                            ),
                        ),
                        (
                            "is_backfilled",
                            models.BooleanField(default=False, help_text="Entered by the unit after the fact."),
                        ),
                        (
                            "revision_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("late_return", "Late return"),
                                    ("correction", "Correction"),
                                    ("definition_change", "Definition change"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("reason", models.TextField(blank=True, help_text="Why it was returned, or made void.")),
                        ("created_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "created_by",
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
                            "decided_by",
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
                            "obligation",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.obligation",
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
                                to="outcomes.returnversion",
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.templateversion",
                            ),
                        ),
                        ("voided_at", models.DateTimeField(null=True)),
                        (
                            "voided_by",
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
                            "unlock",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.unlock",
                            ),
                        ),
                        (
                            "counting_basis",
                            models.CharField(
                                choices=[
                                    ("register", "Register"),
                                    ("case_reference", "Case references"),
                                    ("aggregate", "Counts"),
                                ],
                                max_length=20,
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Submission",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sequence", models.PositiveSmallIntegerField()),
                        ("submitted_at", models.DateTimeField()),
                        ("is_nil", models.BooleanField(default=False)),
                        ("nil_reason", models.CharField(blank=True, max_length=300)),
                        ("new_people", models.PositiveIntegerField(null=True, verbose_name="A: new to this delivery")),
                        (
                            "known_people",
                            models.PositiveIntegerField(null=True, verbose_name="B: known from an earlier year"),
                        ),
                        (
                            "already_counted_people",
                            models.PositiveIntegerField(null=True, verbose_name="C: already counted this year"),
                        ),
                        ("contacts", models.PositiveIntegerField(null=True)),
                        ("exposed_people", models.PositiveIntegerField(null=True)),
                        ("exposure_method", models.CharField(blank=True, max_length=300)),
                        ("comment", models.TextField(blank=True)),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="submissions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="submissions",
                                to="outcomes.returnversion",
                            ),
                        ),
                        (
                            "provided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["version", "sequence"],
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "sequence"), name="submission_sequence_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("already_counted_people__isnull", False),
                                        ("contacts__isnull", False),
                                        ("exposed_people__isnull", True),
                                        ("known_people__isnull", False),
                                        ("new_people__isnull", False),
                                    ),
                                    models.Q(
                                        ("already_counted_people__isnull", True),
                                        ("contacts__isnull", True),
                                        ("exposed_people__isnull", False),
                                        ("known_people__isnull", True),
                                        ("new_people__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="submission_people_or_exposure",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("contacts__isnull", True),
                                    (
                                        "contacts__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("new_people"), "+", models.F("known_people")
                                            ),
                                            "+",
                                            models.F("already_counted_people"),
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="submission_contacts_cover_people",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("is_nil", False), ("nil_reason", "")),
                                    models.Q(
                                        ("is_nil", True),
                                        models.Q(("nil_reason", ""), _negated=True),
                                        models.Q(
                                            models.Q(
                                                ("already_counted_people", 0),
                                                ("contacts", 0),
                                                ("exposed_people__isnull", True),
                                                ("known_people", 0),
                                                ("new_people", 0),
                                            ),
                                            models.Q(("exposed_people", 0), ("exposed_people__isnull", False)),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="submission_nil_is_zero_with_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("exposed_people__isnull", True),
                                    ("exposed_people", 0),
                                    models.Q(("exposure_method", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="submission_exposure_has_method",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SubmissionCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "seen",
                            models.CharField(
                                choices=[
                                    ("first_seen", "First seen this financial year (A + B)"),
                                    ("already_counted", "Already counted this financial year (C)"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("people", models.PositiveIntegerField()),
                        (
                            "category",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outcomes.category"
                            ),
                        ),
                        (
                            "submission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="counts",
                                to="outcomes.submission",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("seen__in", ["first_seen", "already_counted"])),
                                name="submissioncount_seen",
                            ),
                            models.UniqueConstraint(
                                fields=("submission", "seen", "category"), name="submissioncount_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("people__gt", 0)), name="submissioncount_not_zero"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Explanation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("asked", models.TextField()),
                        ("text", models.CharField(max_length=500)),
                        (
                            "submission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="explanations",
                                to="outcomes.submission",
                            ),
                        ),
                        (
                            "check_rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="outcomes.templatecheck",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("submission", "check_rule"), name="explanation_once"),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="explanation_says_something"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SentBack",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "section",
                            models.SlugField(
                                blank=True, help_text="Its key in the template; empty: the whole.", max_length=40
                            ),
                        ),
                        ("reason", models.TextField()),
                        ("sent_back_at", models.DateTimeField()),
                        (
                            "sent_back_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "submission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sent_back",
                                to="outcomes.submission",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["submission", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("submission", "section"), name="sentback_section_once"),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="sentback_has_reason"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Comment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("section", models.SlugField(max_length=40)),
                        ("text", models.TextField()),
                        ("is_partners", models.BooleanField()),
                        ("written_at", models.DateTimeField()),
                        (
                            "obligation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="comments",
                                to="outcomes.obligation",
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["obligation", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="comment_says_something"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True)),
                        ("name", models.CharField(max_length=120, unique=True)),
                        ("summary", models.CharField(blank=True, max_length=300)),
                        (
                            "standard_for",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("people", "Programmes that count people"),
                                    ("exposure", "Programmes that estimate how many are exposed"),
                                ],
                                max_length=20,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("standard_for__in", ["people", "exposure", ""])),
                                name="returntemplate_standard_for",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("standard_for", ""), _negated=True),
                                fields=("standard_for",),
                                name="returntemplate_one_standard",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnTemplateEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("code", models.SlugField(db_index=False, max_length=40)),
                        ("name", models.CharField(max_length=120)),
                        ("summary", models.CharField(blank=True, max_length=300)),
                        (
                            "standard_for",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("people", "Programmes that count people"),
                                    ("exposure", "Programmes that estimate how many are exposed"),
                                ],
                                max_length=20,
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
                                to="outcomes.returntemplate",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ProgrammeTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "programme",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="return_template",
                                to="programmes.programme",
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="programmes",
                                to="outcomes.returntemplate",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ProgrammeTemplateEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
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
                                to="outcomes.programmetemplate",
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
                            "template",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.returntemplate",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="TemplateVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "Draft"), ("live", "Live")], default="draft", max_length=10
                            ),
                        ),
                        (
                            "effective_from",
                            models.DateField(help_text="The first month that is asked for in this version.", null=True),
                        ),
                        (
                            "what_changed",
                            models.TextField(
                                blank=True, help_text="For partners: what is asked otherwise than before."
                            ),
                        ),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(
                                default=10, help_text="How long filling it in takes, for the burden."
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("published_at", models.DateTimeField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="outcomes.returntemplate",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["template", "number"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["draft", "live"])), name="templateversion_state"
                            ),
                            models.UniqueConstraint(fields=("template", "number"), name="templateversion_number_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "draft")),
                                fields=("template",),
                                name="templateversion_one_draft",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "live")),
                                fields=("template", "effective_from"),
                                name="templateversion_one_from_a_month",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("effective_from__day", 1)),
                                name="templateversion_effective_from_first_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("published_at__isnull", True), ("state", "draft")),
                                    models.Q(
                                        ("effective_from__isnull", False),
                                        ("published_at__isnull", False),
                                        ("state", "live"),
                                    ),
                                    _connector="OR",
                                ),
                                name="templateversion_live_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "draft"),
                                    ("number", 1),
                                    models.Q(("what_changed", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="templateversion_says_what_changed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minutes__gt", 0)), name="templateversion_minutes"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TemplateVersionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "Draft"), ("live", "Live")], default="draft", max_length=10
                            ),
                        ),
                        (
                            "effective_from",
                            models.DateField(help_text="The first month that is asked for in this version.", null=True),
                        ),
                        (
                            "what_changed",
                            models.TextField(
                                blank=True, help_text="For partners: what is asked otherwise than before."
                            ),
                        ),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(
                                default=10, help_text="How long filling it in takes, for the burden."
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("published_at", models.DateTimeField(null=True)),
                        (
                            "created_by",
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
                                to="outcomes.templateversion",
                            ),
                        ),
                        (
                            "published_by",
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
                            "template",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.returntemplate",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="TemplateSection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.SlugField(max_length=40)),
                        ("order", models.PositiveSmallIntegerField()),
                        ("title", models.CharField(max_length=80)),
                        ("intro", models.TextField(blank=True)),
                        (
                            "block",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("people", "People: A, B, C and contacts"),
                                    ("who", "Who they were: age, sex, ethnicity, district"),
                                    ("exposure", "An estimate of how many are exposed"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sections",
                                to="outcomes.templateversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["version", "order"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("block__in", ["people", "who", "exposure", ""])),
                                name="templatesection_block",
                            ),
                            models.UniqueConstraint(fields=("version", "key"), name="templatesection_key_once"),
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("version", "order"),
                                name="templatesection_order_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("block", ""), _negated=True),
                                fields=("version", "block"),
                                name="templatesection_block_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TemplateSectionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("key", models.SlugField(db_index=False, max_length=40)),
                        ("order", models.PositiveSmallIntegerField()),
                        ("title", models.CharField(max_length=80)),
                        ("intro", models.TextField(blank=True)),
                        (
                            "block",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("people", "People: A, B, C and contacts"),
                                    ("who", "Who they were: age, sex, ethnicity, district"),
                                    ("exposure", "An estimate of how many are exposed"),
                                ],
                                max_length=10,
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
                                to="outcomes.templatesection",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.templateversion",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="TemplateQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField()),
                        ("is_required", models.BooleanField(default=True)),
                        (
                            "is_prefilled",
                            models.BooleanField(default=False, help_text="Last month's answer is the likely one."),
                        ),
                        (
                            "measure",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="outcomes.measure",
                            ),
                        ),
                        (
                            "section",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="outcomes.templatesection",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["section", "order"],
                        "constraints": [
                            models.UniqueConstraint(fields=("section", "measure"), name="templatequestion_once"),
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("section", "order"),
                                name="templatequestion_order_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TemplateQuestionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("order", models.PositiveSmallIntegerField()),
                        ("is_required", models.BooleanField(default=True)),
                        (
                            "is_prefilled",
                            models.BooleanField(default=False, help_text="Last month's answer is the likely one."),
                        ),
                        (
                            "measure",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.measure",
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
                                to="outcomes.templatequestion",
                            ),
                        ),
                        (
                            "section",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.templatesection",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="TemplateCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField()),
                        (
                            "severity",
                            models.CharField(
                                choices=[("hard", "Must be mended"), ("soft", "Needs an explanation")], max_length=10
                            ),
                        ),
                        ("left", models.CharField(max_length=40)),
                        (
                            "rule",
                            models.CharField(
                                choices=[
                                    ("at_most", "is at most"),
                                    ("equals", "equals"),
                                    ("at_least", "is at least"),
                                    ("jump", "is more than so many times last month’s, or under that part of it"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "right",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                            ),
                        ),
                        ("limit", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                        (
                            "sentence",
                            models.CharField(
                                blank=True, help_text="Instead of the sentence made from the names.", max_length=300
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="checks",
                                to="outcomes.templateversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["version", "order"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("severity__in", ["hard", "soft"])), name="templatecheck_severity"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rule__in", ["at_most", "equals", "at_least", "jump"])),
                                name="templatecheck_rule",
                            ),
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("version", "order"),
                                name="templatecheck_order_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("limit__isnull", True), ("right__len__gt", 0)),
                                    models.Q(("limit__isnull", False), ("right__len", 0)),
                                    _connector="OR",
                                ),
                                name="templatecheck_against_items_or_a_limit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("rule", "jump"), _negated=True),
                                    models.Q(("limit__gt", 1), ("limit__isnull", False), ("severity", "soft")),
                                    _connector="OR",
                                ),
                                name="templatecheck_jump_is_soft",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TemplateCheckEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("order", models.PositiveSmallIntegerField()),
                        (
                            "severity",
                            models.CharField(
                                choices=[("hard", "Must be mended"), ("soft", "Needs an explanation")], max_length=10
                            ),
                        ),
                        ("left", models.CharField(max_length=40)),
                        (
                            "rule",
                            models.CharField(
                                choices=[
                                    ("at_most", "is at most"),
                                    ("equals", "equals"),
                                    ("at_least", "is at least"),
                                    ("jump", "is more than so many times last month’s, or under that part of it"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "right",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                            ),
                        ),
                        ("limit", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                        (
                            "sentence",
                            models.CharField(
                                blank=True, help_text="Instead of the sentence made from the names.", max_length=300
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
                                to="outcomes.templatecheck",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.templateversion",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="UnlockRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.TextField()),
                        ("asked_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("declined_reason", models.TextField(blank=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="unlock_requests",
                                to="outcomes.returnversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["asked_at", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="unlockrequest_has_reason"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("decided_at__isnull", True)),
                                fields=("version",),
                                name="unlockrequest_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="unlockrequest_decided_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("declined_reason", ""), ("decided_at__isnull", False), _connector="OR"
                                ),
                                name="unlockrequest_declined_when_decided",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UnlockRequestEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("reason", models.TextField()),
                        ("asked_at", models.DateTimeField()),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("declined_reason", models.TextField(blank=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decided_by",
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
                                to="outcomes.unlockrequest",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.returnversion",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Unlock",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.TextField()),
                        ("unlocked_at", models.DateTimeField()),
                        ("until", models.DateField(help_text="Its last day.")),
                        ("taken_back_at", models.DateTimeField(null=True)),
                        ("taken_back_reason", models.TextField(blank=True)),
                        (
                            "for_organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="partners.organisation",
                            ),
                        ),
                        (
                            "for_person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "taken_back_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unlocked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="unlocks",
                                to="outcomes.returnversion",
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="unlocks",
                                to="outcomes.unlockrequest",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["unlocked_at", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("for_organisation__isnull", True), ("for_person__isnull", False)),
                                    models.Q(("for_organisation__isnull", False), ("for_person__isnull", True)),
                                    _connector="OR",
                                ),
                                name="unlock_for_one",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="unlock_has_reason"
                            ),
                            models.UniqueConstraint(fields=("request",), name="unlock_request_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("taken_back_at__isnull", True), ("taken_back_by__isnull", True)),
                                    models.Q(("taken_back_at__isnull", False), ("taken_back_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="unlock_taken_back_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("taken_back_at__isnull", True), ("taken_back_reason", "")),
                                    models.Q(
                                        ("taken_back_at__isnull", False),
                                        models.Q(("taken_back_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="unlock_taken_back_with_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UnlockEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("reason", models.TextField()),
                        ("unlocked_at", models.DateTimeField()),
                        ("until", models.DateField(help_text="Its last day.")),
                        ("taken_back_at", models.DateTimeField(null=True)),
                        ("taken_back_reason", models.TextField(blank=True)),
                        (
                            "for_organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="partners.organisation",
                            ),
                        ),
                        (
                            "for_person",
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
                                to="outcomes.unlock",
                            ),
                        ),
                        (
                            "taken_back_by",
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
                            "unlocked_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.returnversion",
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.unlockrequest",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AnnouncedDate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField(help_text="The last month that the release covers.")),
                        (
                            "number",
                            models.PositiveSmallIntegerField(
                                help_text="1 for what was announced first, 2 once it was moved."
                            ),
                        ),
                        ("public_at", models.DateTimeField()),
                        ("reason", models.TextField(blank=True, help_text="Why it was moved.")),
                        ("announced_at", models.DateTimeField()),
                        (
                            "announced_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-month", "-number"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="announceddate_month_is_first_day"
                            ),
                            models.UniqueConstraint(fields=("month", "number"), name="announceddate_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(("public_at__gt", models.F("announced_at"))),
                                name="announceddate_beforehand",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("number", 1), ("reason", "")),
                                    models.Q(("number__gt", 1), models.Q(("reason", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="announceddate_moved_with_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EarlyAccess",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reason", models.TextField()),
                        ("granted_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "granted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "release",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="early_access",
                                to="outcomes.release",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "early access",
                        "ordering": ["granted_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("release", "user"),
                                name="earlyaccess_once",
                                violation_error_message="They are on the list already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="earlyaccess_with_reason"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="earlyaccess_ended_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EarlyAccessEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("reason", models.TextField()),
                        ("granted_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "ended_by",
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
                            "granted_by",
                            models.ForeignKey(
                                db_constraint=False,
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
                                to="outcomes.earlyaccess",
                            ),
                        ),
                        (
                            "release",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.release",
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="EarlyReading",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField()),
                        ("read_at", models.DateTimeField()),
                        (
                            "access",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="readings",
                                to="outcomes.earlyaccess",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["read_at"],
                        "constraints": [
                            models.UniqueConstraint(fields=("access", "day"), name="earlyreading_once_a_day")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FunderReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True)),
                        ("name", models.CharField(max_length=120, unique=True)),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="funding.fund"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="FunderReportEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("code", models.SlugField(db_index=False, max_length=40)),
                        ("name", models.CharField(max_length=120)),
                        (
                            "fund",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.fund",
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
                                to="outcomes.funderreport",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="MappingRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField()),
                        (
                            "section",
                            models.CharField(
                                help_text="The heading that it stands under, as the funder words it.", max_length=120
                            ),
                        ),
                        (
                            "code",
                            models.CharField(help_text="As the funder numbers it, for example 2.4.", max_length=20),
                        ),
                        ("label", models.CharField(help_text="As the funder words it.", max_length=300)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("reach", "Reach: people, from the release"),
                                    ("measure", "A measure that returns answer, from the release"),
                                    ("money", "Money, from the fund's records"),
                                    ("text", "Words that are written each quarter"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "over",
                            models.CharField(
                                choices=[
                                    ("quarter", "The quarter"),
                                    ("year_to_date", "April to the end of the quarter"),
                                ],
                                default="quarter",
                                max_length=20,
                                verbose_name="which time",
                            ),
                        ),
                        (
                            "measure",
                            models.CharField(blank=True, help_text="A measure's code, or contacts.", max_length=40),
                        ),
                        (
                            "money",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("awarded", "Awarded"),
                                    ("received", "Received"),
                                    ("committed", "Committed to partners"),
                                ],
                                max_length=10,
                                verbose_name="amount",
                            ),
                        ),
                        (
                            "ring_fence",
                            models.CharField(
                                blank=True,
                                help_text="Its purpose: each award year has ring-fences of its own.",
                                max_length=200,
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="programmes.programme",
                            ),
                        ),
                        (
                            "mapping",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="outcomes.reportmapping",
                            ),
                        ),
                        (
                            "with_programmes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                help_text="Codes of further programmes, whose numbers are added to it.",
                                size=None,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["mapping", "order"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("source__in", ["reach", "measure", "money", "text"])),
                                name="mappingrow_source",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("over__in", ["quarter", "year_to_date"])), name="mappingrow_over"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("money__in", ["awarded", "received", "committed", ""])),
                                name="mappingrow_money",
                            ),
                            models.UniqueConstraint(fields=("mapping", "code"), name="mappingrow_code_once"),
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("mapping", "order"),
                                name="mappingrow_order_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("measure", ""),
                                        ("money", ""),
                                        ("ring_fence", ""),
                                        ("source", "reach"),
                                        ("with_programmes", []),
                                    ),
                                    models.Q(
                                        ("money", ""),
                                        ("ring_fence", ""),
                                        ("source", "measure"),
                                        models.Q(("measure", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("measure", ""),
                                        ("programme__isnull", True),
                                        ("source", "money"),
                                        models.Q(("money", ""), _negated=True),
                                    ),
                                    models.Q(("measure", ""), ("money", "committed"), ("source", "money")),
                                    models.Q(
                                        ("measure", ""),
                                        ("money", ""),
                                        ("programme__isnull", True),
                                        ("ring_fence", ""),
                                        ("source", "text"),
                                    ),
                                    _connector="OR",
                                ),
                                name="mappingrow_says_what_fills_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("with_programmes", []), ("programme__isnull", False), _connector="OR"
                                ),
                                name="mappingrow_adds_to_a_programme",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuarterReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("first_day", models.DateField(help_text="Of the quarter.")),
                        (
                            "number",
                            models.PositiveSmallIntegerField(
                                help_text="1 for the first of the quarter, 2 for its correction."
                            ),
                        ),
                        ("reason", models.TextField(blank=True, help_text="Why an earlier one is corrected.")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("filling", "Being filled"),
                                    ("failed", "Not filled"),
                                    ("draft", "To be checked"),
                                    ("authored", "Waits for a second signature"),
                                    ("signed", "Signed"),
                                ],
                                default="filling",
                                max_length=10,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("stage", models.CharField(blank=True, max_length=80)),
                        ("percent", models.PositiveSmallIntegerField(default=0)),
                        ("beat_at", models.DateTimeField(help_text="When the job was last heard of.")),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("problem", models.TextField(blank=True)),
                        ("filled_at", models.DateTimeField(null=True)),
                        ("authored_at", models.DateTimeField(null=True)),
                        (
                            "sent_back_reason",
                            models.TextField(blank=True, help_text="Why the second person did not sign."),
                        ),
                        ("certified_at", models.DateTimeField(null=True)),
                        (
                            "fingerprint",
                            models.CharField(blank=True, help_text="SHA-256 of report.csv.", max_length=64),
                        ),
                        (
                            "authored_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "certified_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "release",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="outcomes.release",
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="quarters",
                                to="outcomes.funderreport",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "mapping",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="quarters",
                                to="outcomes.reportmapping",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["report", "-first_day", "-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("report", "first_day", "number"), name="quarterreport_number_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "signed"), _negated=True),
                                fields=("report", "first_day"),
                                name="quarterreport_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("first_day__day", 1), ("first_day__month__in", [1, 4, 7, 10])),
                                name="quarterreport_of_a_quarter",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["filling", "failed", "draft", "authored", "signed"])),
                                name="quarterreport_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("percent__lte", 100)), name="quarterreport_percent"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"
                                ),
                                name="quarterreport_correction_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("authored_at__isnull", True), ("authored_by__isnull", True)),
                                    models.Q(("authored_at__isnull", False), ("authored_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="quarterreport_authored_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("certified_at__isnull", True), ("certified_by__isnull", True)),
                                    models.Q(("certified_at__isnull", False), ("certified_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="quarterreport_certified_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("certified_by__isnull", True),
                                    models.Q(
                                        ("authored_by__isnull", False),
                                        models.Q(("authored_by", models.F("certified_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="quarterreport_signed_by_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("authored_by__isnull", True),
                                        ("fingerprint", ""),
                                        ("state__in", ["filling", "failed", "draft"]),
                                    ),
                                    models.Q(
                                        ("authored_by__isnull", False),
                                        ("certified_by__isnull", True),
                                        ("fingerprint", ""),
                                        ("state", "authored"),
                                    ),
                                    models.Q(
                                        ("certified_by__isnull", False),
                                        ("state", "signed"),
                                        models.Q(("fingerprint", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="quarterreport_state_as_signed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["filling", "failed"]),
                                    models.Q(("filled_at__isnull", False), ("release__isnull", False)),
                                    _connector="OR",
                                ),
                                name="quarterreport_filled_from_a_release",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuarterReportFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("size", models.PositiveIntegerField(help_text="In bytes, before compression.")),
                        ("sha256", models.CharField(max_length=64)),
                        ("compressed", models.BinaryField(help_text="gzip")),
                        (
                            "quarter_report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="outcomes.quarterreport",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("quarter_report", "name"), name="quarterreportfile_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuarterRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField()),
                        ("section", models.CharField(max_length=120)),
                        ("code", models.CharField(max_length=20)),
                        ("label", models.CharField(max_length=300)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("reach", "Reach: people, from the release"),
                                    ("measure", "A measure that returns answer, from the release"),
                                    ("money", "Money, from the fund's records"),
                                    ("text", "Words that are written each quarter"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "over",
                            models.CharField(
                                choices=[
                                    ("quarter", "The quarter"),
                                    ("year_to_date", "April to the end of the quarter"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("unit", models.CharField(blank=True, max_length=120)),
                        ("lower", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                        ("upper", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                        ("symbol", models.CharField(blank=True, max_length=1)),
                        ("returns_received", models.PositiveIntegerField(null=True)),
                        ("returns_due", models.PositiveIntegerField(null=True)),
                        (
                            "release_row",
                            models.PositiveIntegerField(
                                help_text="The figure's row in the release, of reach.", null=True
                            ),
                        ),
                        ("came_from", models.CharField(blank=True, max_length=300)),
                        (
                            "told_before",
                            models.CharField(
                                blank=True, help_text="What was told of an earlier quarter.", max_length=120
                            ),
                        ),
                        ("answer", models.TextField(blank=True, help_text="What is written, of a row of words.")),
                        ("comment", models.TextField(blank=True)),
                        ("written_at", models.DateTimeField(null=True)),
                        (
                            "quarter_report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rows",
                                to="outcomes.quarterreport",
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["quarter_report", "order"],
                        "constraints": [
                            models.UniqueConstraint(fields=("quarter_report", "code"), name="quarterrow_code_once"),
                            models.CheckConstraint(
                                condition=models.Q(("source__in", ["reach", "measure", "money", "text"])),
                                name="quarterrow_source",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("over__in", ["quarter", "year_to_date"])), name="quarterrow_over"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("lower__isnull", True),
                                        ("source", "text"),
                                        ("symbol", ""),
                                        ("upper__isnull", True),
                                    ),
                                    models.Q(
                                        models.Q(("source", "text"), _negated=True),
                                        ("answer", ""),
                                        models.Q(
                                            models.Q(
                                                ("lower__isnull", False), ("symbol", ""), ("upper__isnull", False)
                                            ),
                                            models.Q(
                                                models.Q(
                                                    ("lower__isnull", True), ("upper__isnull", True), _connector="OR"
                                                ),
                                                models.Q(("symbol", ""), _negated=True),
                                            ),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="quarterrow_number_or_symbol",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("written_at__isnull", True), ("written_by__isnull", True)),
                                    models.Q(("written_at__isnull", False), ("written_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="quarterrow_written_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuarterRowEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("order", models.PositiveSmallIntegerField()),
                        ("section", models.CharField(max_length=120)),
                        ("code", models.CharField(max_length=20)),
                        ("label", models.CharField(max_length=300)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("reach", "Reach: people, from the release"),
                                    ("measure", "A measure that returns answer, from the release"),
                                    ("money", "Money, from the fund's records"),
                                    ("text", "Words that are written each quarter"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "over",
                            models.CharField(
                                choices=[
                                    ("quarter", "The quarter"),
                                    ("year_to_date", "April to the end of the quarter"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("unit", models.CharField(blank=True, max_length=120)),
                        ("lower", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                        ("upper", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                        ("symbol", models.CharField(blank=True, max_length=1)),
                        ("returns_received", models.PositiveIntegerField(null=True)),
                        ("returns_due", models.PositiveIntegerField(null=True)),
                        (
                            "release_row",
                            models.PositiveIntegerField(
                                help_text="The figure's row in the release, of reach.", null=True
                            ),
                        ),
                        ("came_from", models.CharField(blank=True, max_length=300)),
                        (
                            "told_before",
                            models.CharField(
                                blank=True, help_text="What was told of an earlier quarter.", max_length=120
                            ),
                        ),
                        ("answer", models.TextField(blank=True, help_text="What is written, of a row of words.")),
                        ("comment", models.TextField(blank=True)),
                        ("written_at", models.DateTimeField(null=True)),
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
                                to="outcomes.quarterrow",
                            ),
                        ),
                        (
                            "quarter_report",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.quarterreport",
                            ),
                        ),
                        (
                            "written_by",
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
                    name="ReportMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "Draft"), ("live", "Live")], default="draft", max_length=10
                            ),
                        ),
                        (
                            "effective_from",
                            models.DateField(help_text="The first day of the first quarter that it fills.", null=True),
                        ),
                        ("what_changed", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField()),
                        ("published_at", models.DateTimeField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mappings",
                                to="outcomes.funderreport",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["report", "number"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["draft", "live"])), name="reportmapping_state"
                            ),
                            models.UniqueConstraint(fields=("report", "number"), name="reportmapping_number_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "draft")),
                                fields=("report",),
                                name="reportmapping_one_draft",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "live")),
                                fields=("report", "effective_from"),
                                name="reportmapping_one_from_a_quarter",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("effective_from__day", 1), ("effective_from__month__in", [1, 4, 7, 10])
                                ),
                                name="reportmapping_from_a_quarter",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("published_at__isnull", True), ("state", "draft")),
                                    models.Q(
                                        ("effective_from__isnull", False),
                                        ("published_at__isnull", False),
                                        ("published_by__isnull", False),
                                        ("state", "live"),
                                    ),
                                    _connector="OR",
                                ),
                                name="reportmapping_live_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "draft"),
                                    ("number", 1),
                                    models.Q(("what_changed", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="reportmapping_says_what_changed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuarterReportEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("first_day", models.DateField(help_text="Of the quarter.")),
                        (
                            "number",
                            models.PositiveSmallIntegerField(
                                help_text="1 for the first of the quarter, 2 for its correction."
                            ),
                        ),
                        ("reason", models.TextField(blank=True, help_text="Why an earlier one is corrected.")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("filling", "Being filled"),
                                    ("failed", "Not filled"),
                                    ("draft", "To be checked"),
                                    ("authored", "Waits for a second signature"),
                                    ("signed", "Signed"),
                                ],
                                default="filling",
                                max_length=10,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("problem", models.TextField(blank=True)),
                        ("filled_at", models.DateTimeField(null=True)),
                        ("authored_at", models.DateTimeField(null=True)),
                        (
                            "sent_back_reason",
                            models.TextField(blank=True, help_text="Why the second person did not sign."),
                        ),
                        ("certified_at", models.DateTimeField(null=True)),
                        (
                            "fingerprint",
                            models.CharField(blank=True, help_text="SHA-256 of report.csv.", max_length=64),
                        ),
                        (
                            "authored_by",
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
                            "certified_by",
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
                                to="outcomes.quarterreport",
                            ),
                        ),
                        (
                            "release",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.release",
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.funderreport",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "mapping",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.reportmapping",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="MappingRowEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("order", models.PositiveSmallIntegerField()),
                        (
                            "section",
                            models.CharField(
                                help_text="The heading that it stands under, as the funder words it.", max_length=120
                            ),
                        ),
                        (
                            "code",
                            models.CharField(help_text="As the funder numbers it, for example 2.4.", max_length=20),
                        ),
                        ("label", models.CharField(help_text="As the funder words it.", max_length=300)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("reach", "Reach: people, from the release"),
                                    ("measure", "A measure that returns answer, from the release"),
                                    ("money", "Money, from the fund's records"),
                                    ("text", "Words that are written each quarter"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "over",
                            models.CharField(
                                choices=[
                                    ("quarter", "The quarter"),
                                    ("year_to_date", "April to the end of the quarter"),
                                ],
                                default="quarter",
                                max_length=20,
                                verbose_name="which time",
                            ),
                        ),
                        (
                            "measure",
                            models.CharField(blank=True, help_text="A measure's code, or contacts.", max_length=40),
                        ),
                        (
                            "money",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("awarded", "Awarded"),
                                    ("received", "Received"),
                                    ("committed", "Committed to partners"),
                                ],
                                max_length=10,
                                verbose_name="amount",
                            ),
                        ),
                        (
                            "ring_fence",
                            models.CharField(
                                blank=True,
                                help_text="Its purpose: each award year has ring-fences of its own.",
                                max_length=200,
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
                                to="outcomes.mappingrow",
                            ),
                        ),
                        (
                            "programme",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="programmes.programme",
                            ),
                        ),
                        (
                            "mapping",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.reportmapping",
                            ),
                        ),
                        (
                            "with_programmes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                default=list,
                                help_text="Codes of further programmes, whose numbers are added to it.",
                                size=None,
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReportMappingEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "Draft"), ("live", "Live")], default="draft", max_length=10
                            ),
                        ),
                        (
                            "effective_from",
                            models.DateField(help_text="The first day of the first quarter that it fills.", null=True),
                        ),
                        ("what_changed", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField()),
                        ("published_at", models.DateTimeField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_constraint=False,
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
                                to="outcomes.reportmapping",
                            ),
                        ),
                        (
                            "published_by",
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
                            "report",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="outcomes.funderreport",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Certificate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "output_fingerprint",
                            models.CharField(help_text="SHA-256 of the reach.csv that it was made of.", max_length=64),
                        ),
                        (
                            "made_with",
                            models.JSONField(
                                default=list, help_text="The releases that it was made of too, as `attacked_with`."
                            ),
                        ),
                        (
                            "is_searched",
                            models.BooleanField(
                                help_text="Whether other populations than the true one were looked for."
                            ),
                        ),
                        (
                            "worlds",
                            models.BinaryField(
                                help_text="How each population differs from the true one: JSON in gzip. Secret."
                            ),
                        ),
                        ("world_count", models.PositiveIntegerField()),
                        (
                            "numbers",
                            models.PositiveIntegerField(
                                help_text="Hidden numbers of all these releases that protect somebody."
                            ),
                        ),
                        (
                            "proven",
                            models.PositiveIntegerField(
                                help_text="Those that could be large, and one or none, for all that is told."
                            ),
                        ),
                        (
                            "unproven",
                            models.JSONField(
                                default=list,
                                help_text="The others: [release, row, end, the published numbers in the way].",
                            ),
                        ),
                        ("code_version", models.CharField(max_length=80)),
                        ("made_at", models.DateTimeField()),
                        (
                            "release",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificates",
                                to="outcomes.release",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["release", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("release", "number"), name="certificate_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(("proven__lte", models.F("numbers"))),
                                name="certificate_proven_among_numbers",
                            ),
                        ],
                    },
                ),
            ],
        ),
        # What the database refuses, and the history that it keeps.
        AtOnce(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="extension",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="e98697e3a845796ec5a2afa01d37ef51e8b5f6d4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a1ae7",
                            table="outcomes_extension",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="extension",
                    trigger=pgtrigger.compiler.Trigger(
                        name="follows_due_date",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE due date;",
                            func="\n        SELECT due_date INTO due FROM outcomes_obligation WHERE id = NEW.obligation_id FOR UPDATE;\n        IF due <> NEW.due_before THEN\n            RAISE EXCEPTION 'extension_follows_due_date: obligation % is due on %', NEW.obligation_id, due USING ERRCODE = 'check_violation', CONSTRAINT = 'extension_follows_due_date';\n        END IF;\n        RETURN NEW;\n    ",
                            hash="ed2198c68da0b85564627071dce544694cc43377",
                            operation="INSERT",
                            pgid="pgtrigger_follows_due_date_4b3bf",
                            table="outcomes_extension",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="extension",
                    trigger=pgtrigger.compiler.Trigger(
                        name="moves_due_date",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n        IF EXISTS (\n            SELECT 1 FROM outcomes_obligation o WHERE o.id = NEW.obligation_id AND o.due_date < NEW.due_date) THEN\n            RAISE EXCEPTION 'extension_moves_due_date: obligation % is still due earlier', NEW.obligation_id USING ERRCODE = 'check_violation', CONSTRAINT = 'extension_moves_due_date';\n        END IF;\n        RETURN NULL;\n    ",
                            hash="83f19a36a93d2ed00b67e12dd4ad43b9d27f92c7",
                            operation="INSERT",
                            pgid="pgtrigger_moves_due_date_08a67",
                            table="outcomes_extension",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="linkage",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8f728ec3a12453515ee6143a5948ba4d71ddafec",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f7650",
                            table="outcomes_linkage",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ledgerentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="2d91665c9610673bf2272cabd7640385ba5a7eaf",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_be43f",
                            table="outcomes_ledgerentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="linkdecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_linkdecisionevent" ("are_one", "decided_at", "decided_by_id", "first", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "second", "undone_at", "undone_by_id") VALUES (OLD."are_one", OLD."decided_at", OLD."decided_by_id", OLD."first", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."second", OLD."undone_at", OLD."undone_by_id"); RETURN NULL;',
                            hash="0c48f34b74e3f607751e8156431d142b528dceb7",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_7c5db",
                            table="outcomes_linkdecision",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="linkdecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_linkdecisionevent" ("are_one", "decided_at", "decided_by_id", "first", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "second", "undone_at", "undone_by_id") VALUES (NEW."are_one", NEW."decided_at", NEW."decided_by_id", NEW."first", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."second", NEW."undone_at", NEW."undone_by_id"); RETURN NULL;',
                            hash="ee834dcb5842c08b1ff35707becb1a31cff25b0b",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_7b6d6",
                            table="outcomes_linkdecision",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="linkdecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keeps_what_was_decided",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."first" IS DISTINCT FROM (NEW."first") OR OLD."second" IS DISTINCT FROM (NEW."second") OR OLD."are_one" IS DISTINCT FROM (NEW."are_one") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="ca7fe6cdf77e5d869da63be881038c14cf17caa1",
                            operation="UPDATE",
                            pgid="pgtrigger_keeps_what_was_decided_43643",
                            table="outcomes_linkdecision",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="linkdecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="c57c0f6d43db5fe1b74f8b905bea44a7c4185e85",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_180b8",
                            table="outcomes_linkdecision",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="linkdecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="undone_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."undone_at" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="d2e91581fe6009ccb93446da46a3a07d4747e6d9",
                            operation="UPDATE",
                            pgid="pgtrigger_undone_once_e3d76",
                            table="outcomes_linkdecision",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="linkdecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_linkdecisionevent" ("are_one", "decided_at", "decided_by_id", "first", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "second", "undone_at", "undone_by_id") VALUES (NEW."are_one", NEW."decided_at", NEW."decided_by_id", NEW."first", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."second", NEW."undone_at", NEW."undone_by_id"); RETURN NULL;',
                            hash="ace65a019860cb604b57e67028bc30abcd953ca2",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_9412f",
                            table="outcomes_linkdecision",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="linkdecisionevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ff566a843c7f7da5c390384b9cbc3e7ae0225cbc",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3063c",
                            table="outcomes_linkdecisionevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measure",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_measureevent" ("better", "code", "definition", "example", "id", "is_about_people", "kind", "name", "over_months", "over_places", "people_label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit") VALUES (OLD."better", OLD."code", OLD."definition", OLD."example", OLD."id", OLD."is_about_people", OLD."kind", OLD."name", OLD."over_months", OLD."over_places", OLD."people_label", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."unit"); RETURN NULL;',
                            hash="51e44328c73f9d32e92afed6a838c01e18a2fbf1",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2c643",
                            table="outcomes_measure",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measure",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fixed_once_asked",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."definition" IS DISTINCT FROM (NEW."definition") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."over_months" IS DISTINCT FROM (NEW."over_months") OR OLD."over_places" IS DISTINCT FROM (NEW."over_places") OR OLD."unit" IS DISTINCT FROM (NEW."unit"))',
                            func="\n                    IF EXISTS (\n                        SELECT 1 FROM outcomes_templatequestion q\n                        JOIN outcomes_templatesection s ON s.id = q.section_id\n                        JOIN outcomes_templateversion v ON v.id = s.version_id\n                        WHERE q.measure_id = OLD.id AND v.state = 'live') THEN\n                        RAISE EXCEPTION 'measure_fixed_once_asked: published templates ask %', OLD.code USING ERRCODE = 'check_violation', CONSTRAINT = 'measure_fixed_once_asked';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="0c99a2d60e24cfeb33fe70489e12c1f5d8ecc638",
                            operation="UPDATE",
                            pgid="pgtrigger_fixed_once_asked_1a54b",
                            table="outcomes_measure",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measure",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_measureevent" ("better", "code", "definition", "example", "id", "is_about_people", "kind", "name", "over_months", "over_places", "people_label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit") VALUES (NEW."better", NEW."code", NEW."definition", NEW."example", NEW."id", NEW."is_about_people", NEW."kind", NEW."name", NEW."over_months", NEW."over_places", NEW."people_label", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."unit"); RETURN NULL;',
                            hash="a275997f911ba4366d1eb063dafc4c674a72ee94",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_09b5c",
                            table="outcomes_measure",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measure",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_measureevent" ("better", "code", "definition", "example", "id", "is_about_people", "kind", "name", "over_months", "over_places", "people_label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit") VALUES (NEW."better", NEW."code", NEW."definition", NEW."example", NEW."id", NEW."is_about_people", NEW."kind", NEW."name", NEW."over_months", NEW."over_places", NEW."people_label", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."unit"); RETURN NULL;',
                            hash="c62090f96d5948dc732a4fcf0271df8627fb6902",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e1aa4",
                            table="outcomes_measure",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measureevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="984473180e64340a2e788bd033ad2aa67d3b4c59",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_99fb1",
                            table="outcomes_measureevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measureoption",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_measureoptionevent" ("code", "id", "measure_id", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."code", OLD."id", OLD."measure_id", OLD."name", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="0dde4172d2bed6a1099e3852ee4182a29eb8a943",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f7468",
                            table="outcomes_measureoption",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measureoption",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fixed_once_asked",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (\n                        SELECT 1 FROM outcomes_templatequestion q\n                        JOIN outcomes_templatesection s ON s.id = q.section_id\n                        JOIN outcomes_templateversion v ON v.id = s.version_id\n                        WHERE q.measure_id IN (NEW.measure_id, OLD.measure_id) AND v.state = 'live') THEN\n                        RAISE EXCEPTION 'measureoption_fixed_once_asked: published templates ask this measure' USING ERRCODE = 'check_violation', CONSTRAINT = 'measureoption_fixed_once_asked';\n                    END IF;\n                    RETURN COALESCE(NEW, OLD);\n                ",
                            hash="add0a900fc70f8ba8289a406d3e0bc5ef7abe4ea",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_fixed_once_asked_b0d26",
                            table="outcomes_measureoption",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measureoption",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_measureoptionevent" ("code", "id", "measure_id", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."id", NEW."measure_id", NEW."name", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="8b398a3120a2301c1d3216b1c1270596c33f3c62",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e7752",
                            table="outcomes_measureoption",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measureoption",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_measureoptionevent" ("code", "id", "measure_id", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."id", NEW."measure_id", NEW."name", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="7ef7d9a964fd8b2aaf14e94fe9467a2efbaa71f6",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_50c65",
                            table="outcomes_measureoption",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measureoptionevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5e407001acb39341596ad9c284ae7bc9f4d41ef3",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_48c7a",
                            table="outcomes_measureoptionevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measuresuccession",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_measuresuccessionevent" ("factor", "id", "month", "new_id", "note", "old_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."factor", OLD."id", OLD."month", OLD."new_id", OLD."note", OLD."old_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="03ac63556ec07484fa13952baa97b7d98c0a359d",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2e5e7",
                            table="outcomes_measuresuccession",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measuresuccession",
                    trigger=pgtrigger.compiler.Trigger(
                        name="goes_on",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    PERFORM pg_advisory_xact_lock(hashtext('outcomes_measuresuccession'));\n                    IF EXISTS (\n                        WITH RECURSIVE line(measure_id) AS (\n                            SELECT NEW.new_id\n                            UNION SELECT s.new_id FROM outcomes_measuresuccession s JOIN line ON s.old_id = measure_id)\n                        SELECT 1 FROM line WHERE measure_id = NEW.old_id) THEN\n                        RAISE EXCEPTION 'measuresuccession_no_circle: measure % would follow itself', NEW.old_id USING ERRCODE = 'check_violation', CONSTRAINT = 'measuresuccession_no_circle';\n                    END IF;\n                    IF EXISTS (\n                        SELECT 1 FROM outcomes_measure o JOIN outcomes_measure n ON n.id = NEW.new_id\n                        WHERE o.id = NEW.old_id AND (o.kind <> n.kind OR o.kind = 'text')) THEN\n                        RAISE EXCEPTION 'measuresuccession_of_one_kind: measure % is of another kind', NEW.new_id USING ERRCODE = 'check_violation', CONSTRAINT = 'measuresuccession_of_one_kind';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="a851759ef841c228ec595a09050f9f11e56d3fee",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_goes_on_43837",
                            table="outcomes_measuresuccession",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measuresuccession",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_measuresuccessionevent" ("factor", "id", "month", "new_id", "note", "old_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."factor", NEW."id", NEW."month", NEW."new_id", NEW."note", NEW."old_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="d1114b446233b028c6e181992bb87d46f011c542",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_887f1",
                            table="outcomes_measuresuccession",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measuresuccession",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_measuresuccessionevent" ("factor", "id", "month", "new_id", "note", "old_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."factor", NEW."id", NEW."month", NEW."new_id", NEW."note", NEW."old_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="1252ec0927760968a3bd8533c01191f2ff0a7cc9",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0fde4",
                            table="outcomes_measuresuccession",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measuresuccessionevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="446e586e104a58e14c1d2442f7dd38adb75eec97",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_dd1bc",
                            table="outcomes_measuresuccessionevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measureanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="7a7d883b5ae45db992ea9b2b646a74b9410eefb6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3e234",
                            table="outcomes_measureanswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measureanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fits_its_measure",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE asked outcomes_measure;",
                            func="\n                    SELECT * INTO asked FROM outcomes_measure WHERE id = NEW.measure_id;\n                    IF NOT (CASE asked.kind\n                        WHEN 'number' THEN NEW.value IS NOT NULL\n                        WHEN 'text' THEN NEW.text <> ''\n                        WHEN 'median' THEN NEW.people IS NOT NULL AND NEW.before IS NULL\n                        ELSE NEW.people IS NOT NULL AND NEW.median IS NULL END) THEN\n                        RAISE EXCEPTION 'measureanswer_fits_its_measure: % is a %', asked.code, asked.kind USING ERRCODE = 'check_violation', CONSTRAINT = 'measureanswer_fits_its_measure';\n                    END IF;\n                    IF NEW.value IS NOT NULL AND (\n                        (asked.unit IN ('people', 'contacts', 'count') AND NEW.value <> trunc(NEW.value))\n                        OR (asked.unit = 'percent' AND NEW.value > 100)) THEN\n                        RAISE EXCEPTION 'measureanswer_fits_its_unit: % is in %', asked.code, asked.unit USING ERRCODE = 'check_violation', CONSTRAINT = 'measureanswer_fits_its_unit';\n                    END IF;\n                    IF EXISTS (SELECT 1 FROM outcomes_submission s WHERE s.id = NEW.submission_id AND s.is_nil)\n                       AND (COALESCE(NEW.value, NEW.people, 1) <> 0\n                            OR (asked.kind = 'number' AND asked.over_months = 'latest')) THEN\n                        RAISE EXCEPTION 'measureanswer_nil_is_zero_and_no_stock: % in a nil return', asked.code USING ERRCODE = 'check_violation', CONSTRAINT = 'measureanswer_nil_is_zero_and_no_stock';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="c90e36aefdc7c740893156cf599039a1dd94d596",
                            operation="INSERT",
                            pgid="pgtrigger_fits_its_measure_5d2c2",
                            table="outcomes_measureanswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measureanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="options_add_up",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."value" IS NOT NULL)',
                            constraint="CONSTRAINT",
                            func="\n                    IF EXISTS (SELECT 1 FROM outcomes_measureoption o WHERE o.measure_id = NEW.measure_id)\n                       AND NEW.value <> (\n                        SELECT COALESCE(sum(p.value), 0) FROM outcomes_measureanswerpart p WHERE p.answer_id = NEW.id)\n                    THEN\n                        RAISE EXCEPTION 'measureanswer_options_add_up: the lines of answer %', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'measureanswer_options_add_up';\n                    END IF;\n                    RETURN NULL;\n                ",
                            hash="30402d777e5c072b0c61c763fdaf5e7e0b167fc4",
                            operation="INSERT",
                            pgid="pgtrigger_options_add_up_4299b",
                            table="outcomes_measureanswer",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measureanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="with_its_submission",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (\n                SELECT 1 FROM added a JOIN outcomes_submission s ON s.id = a.submission_id\n                WHERE NOT pg_xact_status((((pg_current_xact_id()::text::bigint >> 32) << 32) + s.xmin::text::bigint)::text::xid8) IS NOT DISTINCT FROM 'in progress') THEN\n                RAISE EXCEPTION 'measureanswer_with_its_submission: sent returns are never added to' USING ERRCODE = 'check_violation', CONSTRAINT = 'measureanswer_with_its_submission';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="fc9659b4c47569cc7d15a7bba3eb4956f696c12c",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_with_its_submission_64d0f",
                            referencing="REFERENCING NEW TABLE AS added ",
                            table="outcomes_measureanswer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measureanswerpart",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="507e764b7c1f1d976ef5696d1941d5f807b95a29",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1b8ce",
                            table="outcomes_measureanswerpart",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="measureanswerpart",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_its_measure",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM outcomes_measureanswer a JOIN outcomes_measureoption o USING (measure_id)\n                        WHERE a.id = NEW.answer_id AND o.id = NEW.option_id) THEN\n                        RAISE EXCEPTION 'measureanswerpart_of_its_measure: line % is of another measure', NEW.option_id USING ERRCODE = 'check_violation', CONSTRAINT = 'measureanswerpart_of_its_measure';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="5c9db7bb864e99b225cbba63367eb58cc2c07e49",
                            operation="INSERT",
                            pgid="pgtrigger_of_its_measure_b92c0",
                            table="outcomes_measureanswerpart",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="objection",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_objectionevent" ("channel", "id", "partners_purged", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "rows_purged", "withdrawn_at", "withdrawn_by_id") VALUES (OLD."channel", OLD."id", OLD."partners_purged", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."rows_purged", OLD."withdrawn_at", OLD."withdrawn_by_id"); RETURN NULL;',
                            hash="f47628260a8739f5cfd664bd83c40dd78e372562",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_62518",
                            table="outcomes_objection",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="objection",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_objectionevent" ("channel", "id", "partners_purged", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "rows_purged", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."channel", NEW."id", NEW."partners_purged", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."rows_purged", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;',
                            hash="c62e1d6bfab262cc4a90a4ec44649e3ae9315b06",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_13f9d",
                            table="outcomes_objection",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="objection",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keeps_what_was_recorded",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."rows_purged" IS DISTINCT FROM (NEW."rows_purged") OR OLD."partners_purged" IS DISTINCT FROM (NEW."partners_purged"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="e0b6e1b423586fe70ba8d9a8214b0558c7d6de81",
                            operation="UPDATE",
                            pgid="pgtrigger_keeps_what_was_recorded_03899",
                            table="outcomes_objection",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="objection",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="a5b2f9641a1300fe5b98a4971c39334eca5e9275",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_a6ec0",
                            table="outcomes_objection",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="objection",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_objectionevent" ("channel", "id", "partners_purged", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "rows_purged", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."channel", NEW."id", NEW."partners_purged", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."rows_purged", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;',
                            hash="af3091dd41438333f7a4e510025cc6f4661a99a3",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e51ab",
                            table="outcomes_objection",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="objection",
                    trigger=pgtrigger.compiler.Trigger(
                        name="withdrawn_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."withdrawn_at" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="03f0fc3c2711a9e193fc17226d2fb9ef35c5bea0",
                            operation="UPDATE",
                            pgid="pgtrigger_withdrawn_once_88c82",
                            table="outcomes_objection",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="objectionevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="38cc347a9c5624f55370cb67d52241c3ee63793f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_097ea",
                            table="outcomes_objectionevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="objectionwriting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="2c3f4b26823a6e59cca28a7f03b4f0e5899fdac5",
                            operation="UPDATE",
                            pgid="pgtrigger_append_only_9e768",
                            table="outcomes_objectionwriting",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="objectionwriting",
                    trigger=pgtrigger.compiler.Trigger(
                        name="kept_while_in_force",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (\n                        SELECT 1 FROM outcomes_objection o\n                        WHERE o.id = OLD.objection_id AND o.withdrawn_at IS NULL) THEN\n                        RAISE EXCEPTION 'objectionwriting_kept_while_in_force: objection % is in force', OLD.objection_id USING ERRCODE = 'check_violation', CONSTRAINT = 'objectionwriting_kept_while_in_force';\n                    END IF;\n                    RETURN OLD;\n                ",
                            hash="b5f0ab0ae6d15ccf2b94d162d3d110ca5d69141d",
                            operation="DELETE",
                            pgid="pgtrigger_kept_while_in_force_5caa3",
                            table="outcomes_objectionwriting",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="category",
                    trigger=pgtrigger.compiler.Trigger(
                        name="code_fixed_once_used",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."dimension" IS DISTINCT FROM (NEW."dimension") OR OLD."is_known" IS DISTINCT FROM (NEW."is_known"))',
                            func="\n                    IF EXISTS (SELECT 1 FROM outcomes_submissioncount c WHERE c.category_id = OLD.id) THEN\n                        RAISE EXCEPTION 'category_code_fixed_once_used: returns were counted under %', OLD.code\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'category_code_fixed_once_used';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="516b6eda04ea511a0e77446e2b738b7d3159b84d",
                            operation="UPDATE",
                            pgid="pgtrigger_code_fixed_once_used_4d9c7",
                            table="outcomes_category",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="category",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_categoryevent" ("area_id", "code", "dimension", "group", "id", "is_known", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."area_id", OLD."code", OLD."dimension", OLD."group", OLD."id", OLD."is_known", OLD."name", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="85061441edce2b08812d50afaf88ec7772091818",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_68b51",
                            table="outcomes_category",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="category",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_categoryevent" ("area_id", "code", "dimension", "group", "id", "is_known", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."area_id", NEW."code", NEW."dimension", NEW."group", NEW."id", NEW."is_known", NEW."name", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="407b6249e2be5bd5dec91ee69d58f99b95069e57",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_be535",
                            table="outcomes_category",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="category",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_categoryevent" ("area_id", "code", "dimension", "group", "id", "is_known", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."area_id", NEW."code", NEW."dimension", NEW."group", NEW."id", NEW."is_known", NEW."name", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="bb619805bcc6c0217447d85d85afbfa4548edb66",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_30e0e",
                            table="outcomes_category",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="categoryevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c44e59dc43d2ba59b25c0615011e038fc222b754",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_47a4e",
                            table="outcomes_categoryevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_policyevent" ("due_working_day", "effective_from", "escalate_to_lead_after", "escalate_to_manager_after", "estimate_at_most", "estimate_from", "final_after_months", "hide_below", "id", "one_number_within", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publish_after", "publish_at", "release_working_day", "remind_before", "remind_every", "remind_on_day", "round_to", "supported_rungs", "unlock_days", "unlock_days_most") VALUES (OLD."due_working_day", OLD."effective_from", OLD."escalate_to_lead_after", OLD."escalate_to_manager_after", OLD."estimate_at_most", OLD."estimate_from", OLD."final_after_months", OLD."hide_below", OLD."id", OLD."one_number_within", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."publish_after", OLD."publish_at", OLD."release_working_day", OLD."remind_before", OLD."remind_every", OLD."remind_on_day", OLD."round_to", OLD."supported_rungs", OLD."unlock_days", OLD."unlock_days_most"); RETURN NULL;',
                            hash="ca6bbd5c40ff3048554b6cec49f9c08fe03dfdfa",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_697fd",
                            table="outcomes_policy",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fixed_once_used",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."due_working_day" IS DISTINCT FROM (NEW."due_working_day") OR OLD."effective_from" IS DISTINCT FROM (NEW."effective_from") OR OLD."estimate_at_most" IS DISTINCT FROM (NEW."estimate_at_most") OR OLD."estimate_from" IS DISTINCT FROM (NEW."estimate_from") OR OLD."hide_below" IS DISTINCT FROM (NEW."hide_below") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."one_number_within" IS DISTINCT FROM (NEW."one_number_within") OR OLD."release_working_day" IS DISTINCT FROM (NEW."release_working_day") OR OLD."round_to" IS DISTINCT FROM (NEW."round_to") OR OLD."supported_rungs" IS DISTINCT FROM (NEW."supported_rungs"))',
                            func="\n                    IF EXISTS (SELECT 1 FROM outcomes_release r WHERE r.policy_id = OLD.id) THEN\n                        RAISE EXCEPTION 'policy_fixed_once_used: releases were made under policy %', OLD.id\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_fixed_once_used';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="46237cc83a09247865c86e2cbe8f37b3fd2550e0",
                            operation="UPDATE",
                            pgid="pgtrigger_fixed_once_used_70b1d",
                            table="outcomes_policy",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_policyevent" ("due_working_day", "effective_from", "escalate_to_lead_after", "escalate_to_manager_after", "estimate_at_most", "estimate_from", "final_after_months", "hide_below", "id", "one_number_within", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publish_after", "publish_at", "release_working_day", "remind_before", "remind_every", "remind_on_day", "round_to", "supported_rungs", "unlock_days", "unlock_days_most") VALUES (NEW."due_working_day", NEW."effective_from", NEW."escalate_to_lead_after", NEW."escalate_to_manager_after", NEW."estimate_at_most", NEW."estimate_from", NEW."final_after_months", NEW."hide_below", NEW."id", NEW."one_number_within", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."publish_after", NEW."publish_at", NEW."release_working_day", NEW."remind_before", NEW."remind_every", NEW."remind_on_day", NEW."round_to", NEW."supported_rungs", NEW."unlock_days", NEW."unlock_days_most"); RETURN NULL;',
                            hash="cc6e1ec85c037aa983e7e4826eb7fdc6b24485f4",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_322ff",
                            table="outcomes_policy",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_policyevent" ("due_working_day", "effective_from", "escalate_to_lead_after", "escalate_to_manager_after", "estimate_at_most", "estimate_from", "final_after_months", "hide_below", "id", "one_number_within", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "publish_after", "publish_at", "release_working_day", "remind_before", "remind_every", "remind_on_day", "round_to", "supported_rungs", "unlock_days", "unlock_days_most") VALUES (NEW."due_working_day", NEW."effective_from", NEW."escalate_to_lead_after", NEW."escalate_to_manager_after", NEW."estimate_at_most", NEW."estimate_from", NEW."final_after_months", NEW."hide_below", NEW."id", NEW."one_number_within", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."publish_after", NEW."publish_at", NEW."release_working_day", NEW."remind_before", NEW."remind_every", NEW."remind_on_day", NEW."round_to", NEW."supported_rungs", NEW."unlock_days", NEW."unlock_days_most"); RETURN NULL;',
                            hash="f36b4873862f847fe649c86addea13c1dffd3444",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6b85a",
                            table="outcomes_policy",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policyevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="04b3e548144121d242deb4a86bab819e5a3bce9b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_60595",
                            table="outcomes_policyevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registerkey",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="85a9888b2ec2b2f69195918c4cdf5f732b78d80b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_42649",
                            table="outcomes_registerkey",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registeridentity",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."partner_id" IS DISTINCT FROM (NEW."partner_id") OR OLD."key_version" IS DISTINCT FROM (NEW."key_version") OR OLD."packed" IS DISTINCT FROM (NEW."packed") OR (OLD."renews_id" IS DISTINCT FROM (NEW."renews_id") AND OLD."renews_id" IS NOT NULL) OR OLD."objection_id" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="52143b51e8534b7e581061476175bc9f2ad189e4",
                            operation="UPDATE",
                            pgid="pgtrigger_append_only_f440e",
                            table="outcomes_registeridentity",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registeridentity",
                    trigger=pgtrigger.compiler.Trigger(
                        name="objection_as_it_is_recorded",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."objection_id" IS NOT NULL)',
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM outcomes_objection o\n                        WHERE o.id = NEW.objection_id AND pg_xact_status((((pg_current_xact_id()::text::bigint >> 32) << 32) + o.xmin::text::bigint)::text::xid8) IS NOT DISTINCT FROM 'in progress') THEN\n                        RAISE EXCEPTION 'registeridentity_objection_as_it_is_recorded: objection %', NEW.objection_id USING ERRCODE = 'check_violation', CONSTRAINT = 'registeridentity_objection_as_it_is_recorded';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="9cf596747f3ae7f5bc8a5d838e285452612b6fb8",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_objection_as_it_is_recorded_95f6d",
                            table="outcomes_registeridentity",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registeridentity",
                    trigger=pgtrigger.compiler.Trigger(
                        name="renews_an_older_one",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."renews_id" IS NOT NULL)',
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM outcomes_registeridentity i\n                        WHERE i.id = NEW.renews_id AND i.partner_id = NEW.partner_id\n                        AND i.key_version < NEW.key_version) THEN\n                        RAISE EXCEPTION 'registeridentity_renews_an_older_one: % is not the same partner’s', NEW.renews_id USING ERRCODE = 'check_violation', CONSTRAINT = 'registeridentity_renews_an_older_one';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="055eb54329887ca524d0c6c90dc99de7fb858222",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_renews_an_older_one_05d33",
                            table="outcomes_registeridentity",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registerfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_registerfileevent" ("digest", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "rows_read", "rows_refused", "staged_at", "staged_by_id", "state", "taken_at", "taken_by_id", "version_id") VALUES (OLD."digest", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."removed_at", OLD."removed_by_id", OLD."rows_read", OLD."rows_refused", OLD."staged_at", OLD."staged_by_id", OLD."state", OLD."taken_at", OLD."taken_by_id", OLD."version_id"); RETURN NULL;',
                            hash="a75bd91c99857deec99e5b6e3070bacd9c9be6e8",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_54b21",
                            table="outcomes_registerfile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registerfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_registerfileevent" ("digest", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "rows_read", "rows_refused", "staged_at", "staged_by_id", "state", "taken_at", "taken_by_id", "version_id") VALUES (NEW."digest", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."removed_at", NEW."removed_by_id", NEW."rows_read", NEW."rows_refused", NEW."staged_at", NEW."staged_by_id", NEW."state", NEW."taken_at", NEW."taken_by_id", NEW."version_id"); RETURN NULL;',
                            hash="9b17a1998396accc8b2e8c775a9859fcbfba7521",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f44d3",
                            table="outcomes_registerfile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registerfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keeps_what_it_is",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."version_id" IS DISTINCT FROM (NEW."version_id") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."rows_read" IS DISTINCT FROM (NEW."rows_read") OR OLD."rows_refused" IS DISTINCT FROM (NEW."rows_refused") OR OLD."staged_at" IS DISTINCT FROM (NEW."staged_at") OR OLD."staged_by_id" IS DISTINCT FROM (NEW."staged_by_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="055c496c73b4df67f0442d9379c99a6a4c652113",
                            operation="UPDATE",
                            pgid="pgtrigger_keeps_what_it_is_77177",
                            table="outcomes_registerfile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registerfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="kept_once_taken",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.\"state\" IN ('taken', 'removed'))",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="476df44fcd134aee583df4ccf6cfe94a69e2ee2a",
                            operation="DELETE",
                            pgid="pgtrigger_kept_once_taken_7cc4a",
                            table="outcomes_registerfile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registerfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_an_open_version",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE found text;",
                            func="\n                    SELECT v.state INTO found FROM outcomes_returnversion v WHERE v.id = NEW.version_id FOR SHARE;\n                    IF found NOT IN ('draft', 'returned') THEN\n                        RAISE EXCEPTION 'registerfile_of_an_open_version: the return is %', found USING ERRCODE = 'check_violation', CONSTRAINT = 'registerfile_of_an_open_version';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="be8f7bc7e8b073720c5b2a897262a86b74ff1eba",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_of_an_open_version_a6d79",
                            table="outcomes_registerfile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registerfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_registerfileevent" ("digest", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "rows_read", "rows_refused", "staged_at", "staged_by_id", "state", "taken_at", "taken_by_id", "version_id") VALUES (NEW."digest", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."removed_at", NEW."removed_by_id", NEW."rows_read", NEW."rows_refused", NEW."staged_at", NEW."staged_by_id", NEW."state", NEW."taken_at", NEW."taken_by_id", NEW."version_id"); RETURN NULL;',
                            hash="7d578218a2a0943ad88c70879859de99461a8667",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_2d14b",
                            table="outcomes_registerfile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registerfileevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="06accf0e2b560c701358ccffb3d1a6f04522a72b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_37a9d",
                            table="outcomes_registerfileevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registercontact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="9148df583a8688f6c5fc7a24e3ab28c9f7e26d1f",
                            operation="UPDATE",
                            pgid="pgtrigger_append_only_5f950",
                            table="outcomes_registercontact",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registercontact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="kept_once_taken",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (\n                        SELECT 1 FROM outcomes_registerfile f WHERE f.id = OLD.file_id AND f.state <> 'staged')\n                    AND NOT EXISTS (\n                        SELECT 1 FROM outcomes_registeridentity i\n                        WHERE i.id = OLD.identity_id AND i.objection_id IS NOT NULL) THEN\n                        RAISE EXCEPTION 'registercontact_kept_once_taken: contact % is part of a register', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'registercontact_kept_once_taken';\n                    END IF;\n                    RETURN OLD;\n                ",
                            hash="0cb53bb737260844700e14fefdbb08f95c58a0dd",
                            operation="DELETE",
                            pgid="pgtrigger_kept_once_taken_adc72",
                            table="outcomes_registercontact",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="registercontact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_its_month",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE stray date;",
                            func="\n                    SELECT a.contact_on INTO stray FROM added a\n                    JOIN outcomes_registerfile f ON f.id = a.file_id\n                    JOIN outcomes_returnversion v ON v.id = f.version_id\n                    JOIN outcomes_obligation o ON o.id = v.obligation_id\n                    WHERE f.state <> 'staged' OR date_trunc('month', a.contact_on::timestamp)::date <> o.month LIMIT 1;\n                    IF FOUND THEN\n                        RAISE EXCEPTION 'registercontact_of_its_month: % is of another month', stray USING ERRCODE = 'check_violation', CONSTRAINT = 'registercontact_of_its_month';\n                    END IF;\n                    RETURN NULL;\n                ",
                            hash="debf568cd4f48a8a8c93fa527bf7c7cc2436a056",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_of_its_month_f9321",
                            referencing="REFERENCING NEW TABLE AS added ",
                            table="outcomes_registercontact",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="release",
                    trigger=pgtrigger.compiler.Trigger(
                        name="approved_after_it_was_produced",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."approved_at" IS NOT NULL)',
                            func="\n                    RAISE EXCEPTION 'release_approved_after_it_was_produced: a release begins without approval'\n                        USING ERRCODE = 'check_violation', CONSTRAINT = 'release_approved_after_it_was_produced';\n                ",
                            hash="bc149b02777595071b49837af4650803492c7019",
                            operation="INSERT",
                            pgid="pgtrigger_approved_after_it_was_produced_1fc10",
                            table="outcomes_release",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="release",
                    trigger=pgtrigger.compiler.Trigger(
                        name="attacked_before_it_is_approved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."approved_at" IS NOT NULL AND OLD."approved_at" IS NULL)',
                            func="\n                    IF NEW.told IS DISTINCT FROM '[]'::jsonb OR NEW.attacked_with IS DISTINCT FROM (\n                        SELECT coalesce(jsonb_agg(r.id ORDER BY r.id), '[]') FROM outcomes_release r\n                        WHERE r.id <> NEW.id AND r.approved_at IS NOT NULL\n                          AND (r.discarded_at IS NULL OR EXISTS (\n                              SELECT 1 FROM outcomes_earlyaccess a JOIN outcomes_earlyreading e ON e.access_id = a.id\n                              WHERE a.release_id = r.id))\n                          AND date_trunc('year', r.month - interval '3 months')\n                            = date_trunc('year', NEW.month - interval '3 months')) THEN\n                        RAISE EXCEPTION 'release_attacked_before_it_is_approved: what it hides may be told'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_attacked_before_it_is_approved';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="2d63d69b55a681e9ccb29f2d3204266cdb8f02c2",
                            operation="UPDATE",
                            pgid="pgtrigger_attacked_before_it_is_approved_39e31",
                            table="outcomes_release",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="release",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_releaseevent" ("account", "approved_at", "approved_by_id", "attacked_with", "code_version", "compared_with_id", "contacts", "discarded_at", "discarded_by_id", "discarded_reason", "frame", "hidden_beside", "id", "input_fingerprint", "labels", "ledger_position", "month", "number", "output_fingerprint", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "produced_at", "produced_by_id", "public_at", "status", "told", "unproven_reason") VALUES (OLD."account", OLD."approved_at", OLD."approved_by_id", OLD."attacked_with", OLD."code_version", OLD."compared_with_id", OLD."contacts", OLD."discarded_at", OLD."discarded_by_id", OLD."discarded_reason", OLD."frame", OLD."hidden_beside", OLD."id", OLD."input_fingerprint", OLD."labels", OLD."ledger_position", OLD."month", OLD."number", OLD."output_fingerprint", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."policy_id", OLD."produced_at", OLD."produced_by_id", OLD."public_at", OLD."status", OLD."told", OLD."unproven_reason"); RETURN NULL;',
                            hash="441cf955a8cf860400ba19c844f54b37d2290e1a",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_3b2d6",
                            table="outcomes_release",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="release",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_releaseevent" ("account", "approved_at", "approved_by_id", "attacked_with", "code_version", "compared_with_id", "contacts", "discarded_at", "discarded_by_id", "discarded_reason", "frame", "hidden_beside", "id", "input_fingerprint", "labels", "ledger_position", "month", "number", "output_fingerprint", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "produced_at", "produced_by_id", "public_at", "status", "told", "unproven_reason") VALUES (NEW."account", NEW."approved_at", NEW."approved_by_id", NEW."attacked_with", NEW."code_version", NEW."compared_with_id", NEW."contacts", NEW."discarded_at", NEW."discarded_by_id", NEW."discarded_reason", NEW."frame", NEW."hidden_beside", NEW."id", NEW."input_fingerprint", NEW."labels", NEW."ledger_position", NEW."month", NEW."number", NEW."output_fingerprint", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy_id", NEW."produced_at", NEW."produced_by_id", NEW."public_at", NEW."status", NEW."told", NEW."unproven_reason"); RETURN NULL;',
                            hash="7c03cc4eb3c5bf2e55c44c1acec785a5375502f1",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_c8ffe",
                            table="outcomes_release",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="release",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="59219cc3daf44240affa683b10848b99e3b49849",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_139aa",
                            table="outcomes_release",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="release",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_edited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF OLD.discarded_at IS NULL\n                       AND (OLD.approved_at IS NULL OR (NEW.approved_at, NEW.approved_by_id, NEW.public_at,\n                                                        NEW.unproven_reason)\n                            = (OLD.approved_at, OLD.approved_by_id, OLD.public_at, OLD.unproven_reason))\n                       AND (to_jsonb(NEW) - ARRAY['approved_at', 'approved_by_id', 'public_at', 'discarded_at',\n                                                  'discarded_by_id', 'discarded_reason', 'unproven_reason'])\n                         = (to_jsonb(OLD) - ARRAY['approved_at', 'approved_by_id', 'public_at', 'discarded_at',\n                                                  'discarded_by_id', 'discarded_reason', 'unproven_reason']) THEN\n                        RETURN NEW;\n                    END IF;\n                    RAISE EXCEPTION 'release_never_edited: release % is never edited', OLD.id\n                        USING ERRCODE = 'check_violation', CONSTRAINT = 'release_never_edited';\n                ",
                            hash="0f90a0c3cae9ec5b1e2a0a563d2cf60c3067dda5",
                            operation="UPDATE",
                            pgid="pgtrigger_never_edited_44d4f",
                            table="outcomes_release",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="release",
                    trigger=pgtrigger.compiler.Trigger(
                        name="proven_before_it_is_approved",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."approved_at" IS NOT NULL AND OLD."approved_at" IS NULL)',
                            func="\n                    IF NOT coalesce((\n                        SELECT c.output_fingerprint = NEW.output_fingerprint AND c.made_with = NEW.attacked_with\n                               AND (c.proven = c.numbers) = (NEW.unproven_reason = '')\n                        FROM outcomes_certificate c\n                        WHERE c.release_id = NEW.id ORDER BY c.number DESC LIMIT 1), false) THEN\n                        RAISE EXCEPTION 'release_proven_before_it_is_approved: what it hides is not proven'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_proven_before_it_is_approved';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="a299369aaa5dfac4354239c336c86d0c4ecaf78e",
                            operation="UPDATE",
                            pgid="pgtrigger_proven_before_it_is_approved_09980",
                            table="outcomes_release",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="release",
                    trigger=pgtrigger.compiler.Trigger(
                        name="public_as_announced",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."approved_at" IS NOT NULL AND OLD."approved_at" IS NULL)',
                            func="\n                    IF NEW.public_at < (\n                        SELECT d.public_at FROM outcomes_announceddate d\n                        WHERE d.month = NEW.month ORDER BY d.number DESC LIMIT 1)\n                    OR NEW.public_at < (\n                        SELECT max(r.public_at) FROM outcomes_release r\n                        WHERE r.month <= NEW.month AND r.discarded_at IS NULL\n                          AND date_trunc('year', r.month - interval '3 months')\n                            = date_trunc('year', NEW.month - interval '3 months')) THEN\n                        RAISE EXCEPTION 'release_public_as_announced: it is not public before its day'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_public_as_announced';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="3fb58898b99bafe229968e603a6ff825a4994a73",
                            operation="UPDATE",
                            pgid="pgtrigger_public_as_announced_aa19e",
                            table="outcomes_release",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="release",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stopped_before_it_is_public",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."discarded_at" IS NOT NULL AND OLD."approved_at" IS NOT NULL)',
                            func="\n                    IF clock_timestamp() > OLD.public_at - interval '1 minute' THEN\n                        RAISE EXCEPTION 'release_stopped_before_it_is_public: release % is public', OLD.id\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_stopped_before_it_is_public';\n                    END IF;\n                    IF EXISTS (\n                        SELECT 1 FROM outcomes_release r\n                        WHERE r.approved_at IS NOT NULL AND r.discarded_at IS NULL\n                          AND r.month >= OLD.month AND r.attacked_with @> to_jsonb(OLD.id)) THEN\n                        RAISE EXCEPTION 'release_stopped_the_last_first: another was approved upon release %', OLD.id\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_stopped_the_last_first';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="42c5b3b05275a278e648ee00c49b45c0362a47c6",
                            operation="UPDATE",
                            pgid="pgtrigger_stopped_before_it_is_public_4b339",
                            table="outcomes_release",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="release",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_releaseevent" ("account", "approved_at", "approved_by_id", "attacked_with", "code_version", "compared_with_id", "contacts", "discarded_at", "discarded_by_id", "discarded_reason", "frame", "hidden_beside", "id", "input_fingerprint", "labels", "ledger_position", "month", "number", "output_fingerprint", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "produced_at", "produced_by_id", "public_at", "status", "told", "unproven_reason") VALUES (NEW."account", NEW."approved_at", NEW."approved_by_id", NEW."attacked_with", NEW."code_version", NEW."compared_with_id", NEW."contacts", NEW."discarded_at", NEW."discarded_by_id", NEW."discarded_reason", NEW."frame", NEW."hidden_beside", NEW."id", NEW."input_fingerprint", NEW."labels", NEW."ledger_position", NEW."month", NEW."number", NEW."output_fingerprint", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy_id", NEW."produced_at", NEW."produced_by_id", NEW."public_at", NEW."status", NEW."told", NEW."unproven_reason"); RETURN NULL;',
                            hash="8cae84d0a7886077a5fcf9ee7f6ebf9ac8f188e1",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_a8bc4",
                            table="outcomes_release",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="release",
                    trigger=pgtrigger.compiler.Trigger(
                        name="year_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF (TG_OP = 'INSERT' OR (OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL)) AND EXISTS (\n                        SELECT 1 FROM outcomes_release r\n                        WHERE r.id <> NEW.id AND r.status = 'final'\n                          AND r.approved_at IS NOT NULL AND r.discarded_at IS NULL\n                          AND NEW.month <= r.month AND NEW.month > r.month - interval '1 year') THEN\n                        RAISE EXCEPTION 'release_year_is_final: a final release of this financial year is approved'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_year_is_final';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="97e42ca695fff4ac41e029b6052fbcdc18526fb9",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_year_is_final_cd017",
                            table="outcomes_release",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="releaseevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="45ef0669a567a1d9415915ab5223a2f97e628ce8",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_aa2f8",
                            table="outcomes_releaseevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="releaseinput",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b4bea5e9c7c1c0253f52251937edda20022a5b09",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e784d",
                            table="outcomes_releaseinput",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="releaseinput",
                    trigger=pgtrigger.compiler.Trigger(
                        name="with_its_release",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (\n                SELECT 1 FROM outcomes_release r\n                WHERE r.id IN (SELECT release_id FROM added) AND NOT pg_xact_status((((pg_current_xact_id()::text::bigint >> 32) << 32) + r.xmin::text::bigint)::text::xid8) IS NOT DISTINCT FROM 'in progress') THEN\n                RAISE EXCEPTION 'releaseinput_with_its_release: a release is never added to'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'releaseinput_with_its_release';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="6aa6eb15e94e32fedcd01acb61c49707dd9d74f3",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_with_its_release_abe3e",
                            referencing="REFERENCING NEW TABLE AS added ",
                            table="outcomes_releaseinput",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="releasefile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="312441476067990cd4b4a57aa53d30d583db502f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_83998",
                            table="outcomes_releasefile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="releasefile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="with_its_release",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (\n                SELECT 1 FROM outcomes_release r\n                WHERE r.id IN (SELECT release_id FROM added) AND NOT pg_xact_status((((pg_current_xact_id()::text::bigint >> 32) << 32) + r.xmin::text::bigint)::text::xid8) IS NOT DISTINCT FROM 'in progress') THEN\n                RAISE EXCEPTION 'releasefile_with_its_release: a release is never added to'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'releasefile_with_its_release';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="9cc3befcd82a8ca4d506c5cf335d668ec1d5b94c",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_with_its_release_bb95c",
                            referencing="REFERENCING NEW TABLE AS added ",
                            table="outcomes_releasefile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="figure",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6b98b3ca286cd3183b48d8a1562e1e0736a2d9c9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_92ef9",
                            table="outcomes_figure",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="figure",
                    trigger=pgtrigger.compiler.Trigger(
                        name="with_its_release",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (\n                SELECT 1 FROM outcomes_release r\n                WHERE r.id IN (SELECT release_id FROM added) AND NOT pg_xact_status((((pg_current_xact_id()::text::bigint >> 32) << 32) + r.xmin::text::bigint)::text::xid8) IS NOT DISTINCT FROM 'in progress') THEN\n                RAISE EXCEPTION 'figure_with_its_release: a release is never added to'\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'figure_with_its_release';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="75471eb2a1813e78fb1b7392426f122c972178e6",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_with_its_release_bad29",
                            referencing="REFERENCING NEW TABLE AS added ",
                            table="outcomes_figure",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="releaserun",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_releaserunevent" ("attempts", "beat_at", "found_unchanged", "id", "month", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "release_id", "requested_at", "requested_by_id", "stage", "state") VALUES (OLD."attempts", OLD."beat_at", OLD."found_unchanged", OLD."id", OLD."month", OLD."percent", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."problem", OLD."release_id", OLD."requested_at", OLD."requested_by_id", OLD."stage", OLD."state"); RETURN NULL;',
                            hash="819ef8d146887a7c87b97a2ef202417d3fe67f90",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_b26c4",
                            table="outcomes_releaserun",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="releaserun",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_releaserunevent" ("attempts", "beat_at", "found_unchanged", "id", "month", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "release_id", "requested_at", "requested_by_id", "stage", "state") VALUES (NEW."attempts", NEW."beat_at", NEW."found_unchanged", NEW."id", NEW."month", NEW."percent", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."problem", NEW."release_id", NEW."requested_at", NEW."requested_by_id", NEW."stage", NEW."state"); RETURN NULL;',
                            hash="b706cef69d57f79b9e0cc49a895825d917b1f61e",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_6f4a6",
                            table="outcomes_releaserun",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="releaserun",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_releaserunevent" ("attempts", "beat_at", "found_unchanged", "id", "month", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "release_id", "requested_at", "requested_by_id", "stage", "state") VALUES (NEW."attempts", NEW."beat_at", NEW."found_unchanged", NEW."id", NEW."month", NEW."percent", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."problem", NEW."release_id", NEW."requested_at", NEW."requested_by_id", NEW."stage", NEW."state"); RETURN NULL;',
                            hash="94944fcbcd303b646f00300c49138dc60849f6c4",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0636f",
                            table="outcomes_releaserun",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="releaserunevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3b45184972ab8d43d8a7db7c8ed42451012f98ce",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_bc128",
                            table="outcomes_releaserunevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="obligation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_obligationevent" ("delivery_id", "due_date", "id", "month", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "waived_at", "waived_by_id", "waived_reason") VALUES (OLD."delivery_id", OLD."due_date", OLD."id", OLD."month", OLD."opened_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."waived_at", OLD."waived_by_id", OLD."waived_reason"); RETURN NULL;',
                            hash="cf6565431e37acc18761fc3c161a1122e6a80c23",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_45179",
                            table="outcomes_obligation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="obligation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="due_date_moves_by_extension",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."due_date" IS DISTINCT FROM (NEW."due_date"))',
                            func="\n        IF NOT EXISTS (\n            SELECT 1 FROM outcomes_extension e\n            WHERE e.obligation_id = NEW.id AND e.due_before = OLD.due_date AND e.due_date = NEW.due_date) THEN\n            RAISE EXCEPTION 'obligation_due_date_moves_by_extension: nobody has extended %', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'obligation_due_date_moves_by_extension';\n        END IF;\n        RETURN NEW;\n    ",
                            hash="122969ddf15600b589c01bb468bb720d71281684",
                            operation="UPDATE",
                            pgid="pgtrigger_due_date_moves_by_extension_df6fa",
                            table="outcomes_obligation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="obligation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_obligationevent" ("delivery_id", "due_date", "id", "month", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "waived_at", "waived_by_id", "waived_reason") VALUES (NEW."delivery_id", NEW."due_date", NEW."id", NEW."month", NEW."opened_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."waived_at", NEW."waived_by_id", NEW."waived_reason"); RETURN NULL;',
                            hash="9b8d1aec0681bae3ce05f360590e9a09bb2779a4",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e76eb",
                            table="outcomes_obligation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="obligation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="e560175cc911d29632654e085cb640fa5500dfbd",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_35c94",
                            table="outcomes_obligation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="obligation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."delivery_id" IS DISTINCT FROM (NEW."delivery_id") OR OLD."month" IS DISTINCT FROM (NEW."month"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="0856e9dc7bbc973712a79fdb741c158ee546d7aa",
                            operation="UPDATE",
                            pgid="pgtrigger_never_moves_bb662",
                            table="outcomes_obligation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="obligation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_obligationevent" ("delivery_id", "due_date", "id", "month", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "waived_at", "waived_by_id", "waived_reason") VALUES (NEW."delivery_id", NEW."due_date", NEW."id", NEW."month", NEW."opened_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."waived_at", NEW."waived_by_id", NEW."waived_reason"); RETURN NULL;',
                            hash="e6da6790297041e098b2c0e2105b8f697bd6dacc",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c4bbd",
                            table="outcomes_obligation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="obligation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="waived_before_anything_is_sent",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."waived_at" IS NOT NULL AND OLD."waived_at" IS NULL)',
                            func="\n        IF EXISTS (\n            SELECT 1 FROM outcomes_returnversion v\n            WHERE v.obligation_id = NEW.id AND v.state IN ('submitted', 'accepted')) THEN\n            RAISE EXCEPTION 'obligation_waived_before_anything_is_sent: the return of % is sent or accepted', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'obligation_waived_before_anything_is_sent';\n        END IF;\n        RETURN NEW;\n    ",
                            hash="c8edcd5cf4d6ae4434ae6653ae3fbe7b6c757bbe",
                            operation="UPDATE",
                            pgid="pgtrigger_waived_before_anything_is_sent_dfa20",
                            table="outcomes_obligation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="obligation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="waived_for_good",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."waived_at" IS NOT NULL)',
                            func="\n        IF (NEW.waived_at, NEW.waived_by_id, NEW.waived_reason)\n           IS DISTINCT FROM (OLD.waived_at, OLD.waived_by_id, OLD.waived_reason) THEN\n            RAISE EXCEPTION 'obligation_waived_for_good: % is waived already', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'obligation_waived_for_good';\n        END IF;\n        RETURN NEW;\n    ",
                            hash="869739a5645a9d464a2caf97cb0fb81406d68ae4",
                            operation="UPDATE",
                            pgid="pgtrigger_waived_for_good_ea315",
                            table="outcomes_obligation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="obligationevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="984b8d7fefd3d8117d3b7e6e3f418d6e8b7b1588",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_33566",
                            table="outcomes_obligationevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="returnversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="accepted_is_locked",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.\"state\" IN ('accepted', 'superseded', 'void'))",
                            func="\n        IF OLD.state = 'accepted' AND NEW.state = 'superseded'\n           AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN\n            RETURN NEW;\n        END IF;\n        IF OLD.state = 'accepted' AND NEW.state = 'void'\n           AND to_jsonb(NEW) - ARRAY['state', 'reason', 'voided_at', 'voided_by_id'] = to_jsonb(OLD) - ARRAY['state', 'reason', 'voided_at', 'voided_by_id'] THEN\n            RETURN NEW;\n        END IF;\n        RAISE EXCEPTION 'returnversion_accepted_is_locked: version % is locked', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'returnversion_accepted_is_locked';\n    ",
                            hash="a1801282e6f8b53c31539a494ac8b5de7a8347f2",
                            operation="UPDATE",
                            pgid="pgtrigger_accepted_is_locked_15f8c",
                            table="outcomes_returnversion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="returnversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="agrees_with_submissions",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NOT (NEW.\"state\" = 'draft'))",
                            constraint="CONSTRAINT",
                            declare="DECLARE found outcomes_returnversion;",
                            func="\n        SELECT * INTO found FROM outcomes_returnversion WHERE id = NEW.id;\n        IF found.state IN ('submitted', 'returned', 'accepted', 'superseded')\n           AND NOT EXISTS (SELECT 1 FROM outcomes_submission s WHERE s.version_id = found.id) THEN\n            RAISE EXCEPTION 'returnversion_sent_has_submission: version % says nothing', found.id USING ERRCODE = 'check_violation', CONSTRAINT = 'returnversion_sent_has_submission';\n        END IF;\n        IF found.state IN ('accepted', 'superseded') AND EXISTS (\n            SELECT 1 FROM outcomes_submission s\n            WHERE s.version_id = found.id AND s.submitted_by_id = found.decided_by_id) THEN\n            RAISE EXCEPTION 'returnversion_accepted_by_another: who sent a return does not accept it' USING ERRCODE = 'check_violation', CONSTRAINT = 'returnversion_accepted_by_another';\n        END IF;\n        RETURN NULL;\n    ",
                            hash="5ebe8b4e9904496a79bf05956fc8bea1bdca2770",
                            operation='INSERT OR UPDATE OF "state"',
                            pgid="pgtrigger_agrees_with_submissions_78259",
                            table="outcomes_returnversion",
                            timing="DEFERRABLE INITIALLY DEFERRED",
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
                        name="legal_step",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (('draft', 'submitted'), ('draft', 'void'), ('submitted', 'draft'), ('submitted', 'returned'), ('submitted', 'accepted'), ('submitted', 'void'), ('returned', 'submitted'), ('returned', 'void'), ('accepted', 'superseded'), ('accepted', 'void')) THEN\n            RAISE EXCEPTION 'returnversion_legal_step: % does not follow %', NEW.state, OLD.state USING ERRCODE = 'check_violation', CONSTRAINT = 'returnversion_legal_step';\n        END IF;\n        RETURN NEW;\n    ",
                            hash="b702b1cc1640dec378b616d416f180477fff3c78",
                            operation='UPDATE OF "state"',
                            pgid="pgtrigger_legal_step_f66f0",
                            table="outcomes_returnversion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="returnversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="f9a78efb8b272985e79979c7f0d4ff741340bbf6",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_ce384",
                            table="outcomes_returnversion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="returnversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_a_live_template",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        IF NOT EXISTS (\n            SELECT 1 FROM outcomes_templateversion t WHERE t.id = NEW.template_id AND t.state = 'live') THEN\n            RAISE EXCEPTION 'returnversion_of_a_live_template: a return is begun from a published version' USING ERRCODE = 'check_violation', CONSTRAINT = 'returnversion_of_a_live_template';\n        END IF;\n        RETURN NEW;\n    ",
                            hash="b93768ec9995beafc60208b9e9d25dc81148e4f0",
                            operation="INSERT",
                            pgid="pgtrigger_of_a_live_template_3466f",
                            table="outcomes_returnversion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="returnversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_what_is_owed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE waived timestamptz;",
                            func="\n        SELECT o.waived_at INTO waived FROM outcomes_obligation o WHERE o.id = NEW.obligation_id FOR SHARE;\n        IF waived IS NOT NULL THEN\n            RAISE EXCEPTION 'returnversion_of_what_is_owed: the return of % is waived', NEW.obligation_id USING ERRCODE = 'check_violation', CONSTRAINT = 'returnversion_of_what_is_owed';\n        END IF;\n        RETURN NEW;\n    ",
                            hash="82a06110e95a7d61ff9323135fc4c331f527896d",
                            operation="INSERT",
                            pgid="pgtrigger_of_what_is_owed_1837b",
                            table="outcomes_returnversion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="returnversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="under_an_unlock",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE counts outcomes_returnversion;",
                            func="\n        SELECT * INTO counts FROM outcomes_returnversion v\n        WHERE v.obligation_id = NEW.obligation_id AND v.number < NEW.number AND v.state IN ('accepted', 'superseded')\n        ORDER BY v.number DESC LIMIT 1;\n        IF counts.state = 'accepted' OR (counts.state = 'superseded' AND NOT EXISTS (\n            SELECT 1 FROM outcomes_returnversion v\n            WHERE v.obligation_id = NEW.obligation_id AND v.number > counts.number)) THEN\n            \n        PERFORM 1 FROM outcomes_unlock u\n        WHERE u.version_id = counts.id AND (u.for_person_id IS NULL OR u.for_person_id = NEW.created_by_id)\n          AND u.unlocked_at <= NEW.created_at AND u.until >= (NEW.created_at AT TIME ZONE 'Europe/London')::date\n          AND (u.taken_back_at IS NULL OR u.taken_back_at > NEW.created_at)\n        FOR SHARE;\n        IF NOT FOUND THEN\n            RAISE EXCEPTION 'returnversion_under_an_unlock: version % is locked', counts.id USING ERRCODE = 'check_violation', CONSTRAINT = 'returnversion_under_an_unlock';\n        END IF;\n    \n            IF NOT EXISTS (\n                SELECT 1 FROM outcomes_unlock u WHERE u.id = NEW.unlock_id AND u.version_id = counts.id) THEN\n                RAISE EXCEPTION 'returnversion_under_an_unlock: it does not say under which unlock of %', counts.id USING ERRCODE = 'check_violation', CONSTRAINT = 'returnversion_under_an_unlock';\n            END IF;\n        ELSIF NEW.unlock_id IS NOT NULL THEN\n            RAISE EXCEPTION 'returnversion_under_an_unlock: nothing of obligation % is locked', NEW.obligation_id USING ERRCODE = 'check_violation', CONSTRAINT = 'returnversion_under_an_unlock';\n        END IF;\n        RETURN NEW;\n    ",
                            hash="f528cf5c9299bcad9ef876aebdce7488cc1534e0",
                            operation="INSERT",
                            pgid="pgtrigger_under_an_unlock_32178",
                            table="outcomes_returnversion",
                            when="BEFORE",
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
                        name="void_before_a_correction",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"state\" = 'void' AND OLD.\"state\" = 'accepted')",
                            func="\n        IF EXISTS (\n            SELECT 1 FROM outcomes_returnversion v\n            WHERE v.obligation_id = NEW.obligation_id AND v.state IN ('draft', 'submitted', 'returned')) THEN\n            RAISE EXCEPTION 'returnversion_void_before_a_correction: a correction of version % is open', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'returnversion_void_before_a_correction';\n        END IF;\n        RETURN NEW;\n    ",
                            hash="629a4c9e6b371fb209abb83f07b0194eb5b46a12",
                            operation='UPDATE OF "state"',
                            pgid="pgtrigger_void_before_a_correction_907fd",
                            table="outcomes_returnversion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="returnversionevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ddb069aff79edcbfeba9ad06265160303efa5cd5",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_cd329",
                            table="outcomes_returnversionevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="submission",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8933ff8d3a8e75ef503dec275b23a2055163e9ae",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c74ae",
                            table="outcomes_submission",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="submission",
                    trigger=pgtrigger.compiler.Trigger(
                        name="breakdowns_add_up",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."new_people" IS NOT NULL)',
                            constraint="CONSTRAINT",
                            declare="DECLARE wrong text;",
                            func="\n        SELECT string_agg(d.dimension || ' ' || g.seen, ', ') INTO wrong\n        FROM (VALUES ('age_band'), ('sex'), ('ethnicity'), ('district')) AS d(dimension)\n        CROSS JOIN (VALUES ('first_seen', NEW.new_people + NEW.known_people),\n                           ('already_counted', NEW.already_counted_people)) AS g(seen, people)\n        WHERE g.people <> (\n            SELECT COALESCE(sum(c.people), 0)\n            FROM outcomes_submissioncount c JOIN outcomes_category k ON k.id = c.category_id\n            WHERE c.submission_id = NEW.id AND c.seen = g.seen AND k.dimension = d.dimension);\n        IF wrong IS NOT NULL THEN\n            RAISE EXCEPTION 'submission_breakdowns_add_up: % of submission %', wrong, NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_breakdowns_add_up';\n        END IF;\n        RETURN NULL;\n    ",
                            hash="bb337b9b5b6857cad652cce7279bdecdaa614e9a",
                            operation="INSERT",
                            pgid="pgtrigger_breakdowns_add_up_67854",
                            table="outcomes_submission",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="submission",
                    trigger=pgtrigger.compiler.Trigger(
                        name="nobody_counted_before_april",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."already_counted_people" > 0)',
                            func="\n        IF EXISTS (\n            SELECT 1 FROM outcomes_returnversion v JOIN outcomes_obligation o ON o.id = v.obligation_id\n            WHERE v.id = NEW.version_id AND EXTRACT(MONTH FROM o.month) = 4) THEN\n            RAISE EXCEPTION 'submission_april_has_no_c: nobody is already counted in April' USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_april_has_no_c';\n        END IF;\n        RETURN NEW;\n    ",
                            hash="48f3dafc09a3aada1754de8c75ec3f92df083a1a",
                            operation="INSERT",
                            pgid="pgtrigger_nobody_counted_before_april_a61ef",
                            table="outcomes_submission",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="submission",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_an_open_version",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE found outcomes_returnversion;",
                            func="\n        SELECT * INTO found FROM outcomes_returnversion WHERE id = NEW.version_id FOR SHARE;\n        IF found.state NOT IN ('draft', 'returned') AND NOT EXISTS (\n            SELECT 1 FROM outcomes_returnversionevent e\n            WHERE e.pgh_obj_id = found.id AND e.pgh_label = 'insert' AND pg_xact_status((((pg_current_xact_id()::text::bigint >> 32) << 32) + e.xmin::text::bigint)::text::xid8) IS NOT DISTINCT FROM 'in progress') THEN\n            RAISE EXCEPTION 'submission_of_an_open_version: version % is %', found.id, found.state USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_of_an_open_version';\n        END IF;\n        RETURN NEW;\n    ",
                            hash="535cee4f081794a1773f1bb7ea6b0e6f2ac21dc6",
                            operation="INSERT",
                            pgid="pgtrigger_of_an_open_version_715ce",
                            table="outcomes_submission",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="submission",
                    trigger=pgtrigger.compiler.Trigger(
                        name="under_an_unlock",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE corrected bigint;",
                            func="\n        SELECT COALESCE(\n            (SELECT u.version_id FROM outcomes_unlock u WHERE u.id = v.unlock_id),\n            (SELECT a.id FROM outcomes_returnversion a\n             WHERE a.obligation_id = v.obligation_id AND a.state = 'accepted' AND a.number < v.number))\n        INTO corrected FROM outcomes_returnversion v WHERE v.id = NEW.version_id;\n        IF corrected IS NOT NULL THEN\n            \n        PERFORM 1 FROM outcomes_unlock u\n        WHERE u.version_id = corrected AND (u.for_person_id IS NULL OR u.for_person_id = NEW.submitted_by_id)\n          AND u.unlocked_at <= NEW.submitted_at AND u.until >= (NEW.submitted_at AT TIME ZONE 'Europe/London')::date\n          AND (u.taken_back_at IS NULL OR u.taken_back_at > NEW.submitted_at)\n        FOR SHARE;\n        IF NOT FOUND THEN\n            RAISE EXCEPTION 'submission_under_an_unlock: version % is locked', corrected USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_under_an_unlock';\n        END IF;\n    \n        END IF;\n        RETURN NEW;\n    ",
                            hash="d77c5f7dd8da4eec07eeeebcff204047c6e152f3",
                            operation="INSERT",
                            pgid="pgtrigger_under_an_unlock_31180",
                            table="outcomes_submission",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="submissioncount",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="63c125c9f2ec5d08c80bc5e9d4f787f8a48f2f61",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a40bf",
                            table="outcomes_submissioncount",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="submissioncount",
                    trigger=pgtrigger.compiler.Trigger(
                        name="with_its_submission",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (\n                SELECT 1 FROM added a JOIN outcomes_submission s ON s.id = a.submission_id\n                WHERE NOT pg_xact_status((((pg_current_xact_id()::text::bigint >> 32) << 32) + s.xmin::text::bigint)::text::xid8) IS NOT DISTINCT FROM 'in progress') THEN\n                RAISE EXCEPTION 'submissioncount_with_its_submission: sent returns are never added to' USING ERRCODE = 'check_violation', CONSTRAINT = 'submissioncount_with_its_submission';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="1598de9bb49d27b5734466aac8be65844d03442a",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_with_its_submission_332f6",
                            referencing="REFERENCING NEW TABLE AS added ",
                            table="outcomes_submissioncount",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="explanation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a3e70f069a1fb7a046e4f5ea951cdc819732a7fb",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a43f8",
                            table="outcomes_explanation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="explanation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="with_its_submission",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (\n                SELECT 1 FROM added a JOIN outcomes_submission s ON s.id = a.submission_id\n                WHERE NOT pg_xact_status((((pg_current_xact_id()::text::bigint >> 32) << 32) + s.xmin::text::bigint)::text::xid8) IS NOT DISTINCT FROM 'in progress') THEN\n                RAISE EXCEPTION 'explanation_with_its_submission: sent returns are never added to' USING ERRCODE = 'check_violation', CONSTRAINT = 'explanation_with_its_submission';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="97ff7e58503930a09e313910770129b9252ff2c5",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_with_its_submission_f38f3",
                            referencing="REFERENCING NEW TABLE AS added ",
                            table="outcomes_explanation",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="sentback",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="27ffdc24c6792ca50feb3f0a0d0897c7c82a3ac1",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c1da0",
                            table="outcomes_sentback",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="sentback",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_a_sent_return",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE found text;",
                            func="\n                    SELECT v.state INTO found FROM outcomes_returnversion v\n                    WHERE v.id = (SELECT s.version_id FROM outcomes_submission s WHERE s.id = NEW.submission_id)\n                    FOR SHARE;\n                    IF found <> 'submitted' THEN\n                        RAISE EXCEPTION 'sentback_of_a_sent_return: the return is %', found USING ERRCODE = 'check_violation', CONSTRAINT = 'sentback_of_a_sent_return';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="929ec8f6c1cddfc2f830b88b6c8bdaaf333af3ad",
                            operation="INSERT",
                            pgid="pgtrigger_of_a_sent_return_891b1",
                            table="outcomes_sentback",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="sentback",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_its_template",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NEW.section <> '' AND NOT EXISTS (\n                        SELECT 1 FROM outcomes_submission s JOIN outcomes_returnversion v ON v.id = s.version_id\n                        JOIN outcomes_templatesection t ON t.version_id = v.template_id\n                        WHERE s.id = NEW.submission_id AND t.key = NEW.section) THEN\n                        RAISE EXCEPTION 'sentback_of_its_template: this return has no section %', NEW.section USING ERRCODE = 'check_violation', CONSTRAINT = 'sentback_of_its_template';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="dae21d651e57abee2fa829e9f925382664567207",
                            operation="INSERT",
                            pgid="pgtrigger_of_its_template_bd0fc",
                            table="outcomes_sentback",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="comment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="9a80d6e47e676551d7e15efc16b9b5b6dbb490f2",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e6a43",
                            table="outcomes_comment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="comment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_its_template",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM outcomes_returnversion v\n                        JOIN outcomes_templatesection t ON t.version_id = v.template_id\n                        WHERE v.obligation_id = NEW.obligation_id AND t.key = NEW.section) THEN\n                        RAISE EXCEPTION 'comment_of_its_template: this return has no section %', NEW.section USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_of_its_template';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="f986cf078e8795ba6d8cc3cd1ebcc34d8920ee4a",
                            operation="INSERT",
                            pgid="pgtrigger_of_its_template_3e051",
                            table="outcomes_comment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="returntemplate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_returntemplateevent" ("code", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standard_for", "summary") VALUES (OLD."code", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."standard_for", OLD."summary"); RETURN NULL;',
                            hash="d1fd9e1093fe4efbaecea76121eef1ceaaaa42a3",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_4cbe5",
                            table="outcomes_returntemplate",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="returntemplate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_returntemplateevent" ("code", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standard_for", "summary") VALUES (NEW."code", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."standard_for", NEW."summary"); RETURN NULL;',
                            hash="4d2c1d114f1129c238f2b2eb75a52e0df4544c68",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_dfdb6",
                            table="outcomes_returntemplate",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="returntemplate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_returntemplateevent" ("code", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standard_for", "summary") VALUES (NEW."code", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."standard_for", NEW."summary"); RETURN NULL;',
                            hash="3fc54dcf911cf79ef36554fd4957188beedf596a",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4b3c6",
                            table="outcomes_returntemplate",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="returntemplateevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c7dbf4385aa3e404402368b495a38e5964e5ed53",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_169da",
                            table="outcomes_returntemplateevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="programmetemplate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_programmetemplateevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "template_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."template_id"); RETURN NULL;',
                            hash="d95c092386fe24c6f0f193bd028ce5c00801e6c1",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c079b",
                            table="outcomes_programmetemplate",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="programmetemplate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_programmetemplateevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "template_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."template_id"); RETURN NULL;',
                            hash="ece7de5fccdebc5bd73e183f1660651b20844614",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_84e8d",
                            table="outcomes_programmetemplate",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="programmetemplate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_programmetemplateevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "template_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme_id", NEW."template_id"); RETURN NULL;',
                            hash="ddc756c71cf59420d73da773ba0492625a508f9d",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_8958c",
                            table="outcomes_programmetemplate",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="programmetemplateevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8bf683fe67d5cd863d81a0c01dc34d84013214d0",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_87a50",
                            table="outcomes_programmetemplateevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templateversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_templateversionevent" ("created_at", "created_by_id", "effective_from", "id", "minutes", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "state", "template_id", "what_changed") VALUES (OLD."created_at", OLD."created_by_id", OLD."effective_from", OLD."id", OLD."minutes", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."published_at", OLD."published_by_id", OLD."state", OLD."template_id", OLD."what_changed"); RETURN NULL;',
                            hash="a8111aed47972305637009f23a92ebe8452cb503",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_25cf0",
                            table="outcomes_templateversion",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templateversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fixed_once_live",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.\"state\" = 'live')",
                            func="RAISE EXCEPTION 'templateversion_fixed_once_live: version % is live', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'templateversion_fixed_once_live';",
                            hash="b7d7bfe725a1618197f24dc9d14b643475731fdd",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_fixed_once_live_1b901",
                            table="outcomes_templateversion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templateversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_templateversionevent" ("created_at", "created_by_id", "effective_from", "id", "minutes", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "state", "template_id", "what_changed") VALUES (NEW."created_at", NEW."created_by_id", NEW."effective_from", NEW."id", NEW."minutes", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."state", NEW."template_id", NEW."what_changed"); RETURN NULL;',
                            hash="141f4c8fc990471c80389d71af4bc45f5109a5c8",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_ee982",
                            table="outcomes_templateversion",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templateversion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_templateversionevent" ("created_at", "created_by_id", "effective_from", "id", "minutes", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "state", "template_id", "what_changed") VALUES (NEW."created_at", NEW."created_by_id", NEW."effective_from", NEW."id", NEW."minutes", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."state", NEW."template_id", NEW."what_changed"); RETURN NULL;',
                            hash="8aa35ba29262fc5ef1343fe5ec5f44677887f487",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_9fb10",
                            table="outcomes_templateversion",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templateversionevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3bf4095bcddf113138941688389cdc3d42c38943",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_bb35c",
                            table="outcomes_templateversionevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatesection",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_templatesectionevent" ("block", "id", "intro", "key", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "version_id") VALUES (OLD."block", OLD."id", OLD."intro", OLD."key", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."title", OLD."version_id"); RETURN NULL;',
                            hash="2b6212d4da0d2040d55882aeae234a6d30fda9ab",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f5ed4",
                            table="outcomes_templatesection",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatesection",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fixed_once_live",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            -- Locked, so that nobody publishes it at the same moment.\n            PERFORM 1 FROM outcomes_templateversion v WHERE v.id IN (NEW.version_id, OLD.version_id) FOR SHARE;\n            IF EXISTS (SELECT 1 FROM outcomes_templateversion v WHERE v.state = 'live' AND v.id IN (NEW.version_id, OLD.version_id)) THEN\n                RAISE EXCEPTION 'templatesection_fixed_once_live: a live version is never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'templatesection_fixed_once_live';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                            hash="d3645f3bc5bfd8a66bb75632082dd8dee9cebc17",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_fixed_once_live_f31c3",
                            table="outcomes_templatesection",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatesection",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_templatesectionevent" ("block", "id", "intro", "key", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "version_id") VALUES (NEW."block", NEW."id", NEW."intro", NEW."key", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."title", NEW."version_id"); RETURN NULL;',
                            hash="731e1c6e666caf837e5582e1b23a3a24b28cdf62",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a764b",
                            table="outcomes_templatesection",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatesection",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_templatesectionevent" ("block", "id", "intro", "key", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title", "version_id") VALUES (NEW."block", NEW."id", NEW."intro", NEW."key", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."title", NEW."version_id"); RETURN NULL;',
                            hash="4b821ff9675bb2d243f35b5f84de14c9c1de3a34",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4ceda",
                            table="outcomes_templatesection",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatesectionevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="65835bb5472b588575d1818eb69a34350bb2db04",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_d91c3",
                            table="outcomes_templatesectionevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatequestion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_templatequestionevent" ("id", "is_prefilled", "is_required", "measure_id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "section_id") VALUES (OLD."id", OLD."is_prefilled", OLD."is_required", OLD."measure_id", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."section_id"); RETURN NULL;',
                            hash="82b42b826210ea6b2b6b67410b368627d010ea48",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_7d6d9",
                            table="outcomes_templatequestion",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatequestion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fixed_once_live",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            -- Locked, so that nobody publishes it at the same moment.\n            PERFORM 1 FROM outcomes_templateversion v WHERE v.id IN (SELECT s.version_id FROM outcomes_templatesection s WHERE s.id IN (NEW.section_id, OLD.section_id)) FOR SHARE;\n            IF EXISTS (SELECT 1 FROM outcomes_templateversion v WHERE v.state = 'live' AND v.id IN (SELECT s.version_id FROM outcomes_templatesection s WHERE s.id IN (NEW.section_id, OLD.section_id))) THEN\n                RAISE EXCEPTION 'templatequestion_fixed_once_live: a live version is never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'templatequestion_fixed_once_live';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                            hash="6b89952c3f91e5142f5cb80a7bd4f60480ef5277",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_fixed_once_live_87a40",
                            table="outcomes_templatequestion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatequestion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_templatequestionevent" ("id", "is_prefilled", "is_required", "measure_id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "section_id") VALUES (NEW."id", NEW."is_prefilled", NEW."is_required", NEW."measure_id", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."section_id"); RETURN NULL;',
                            hash="369741655a751e3fe1c2e0dea3f6eec07e62f148",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d1274",
                            table="outcomes_templatequestion",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatequestion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_templatequestionevent" ("id", "is_prefilled", "is_required", "measure_id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "section_id") VALUES (NEW."id", NEW."is_prefilled", NEW."is_required", NEW."measure_id", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."section_id"); RETURN NULL;',
                            hash="d8c013fbc351ebf48737c65eaaea3181e9ef9b48",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_9e255",
                            table="outcomes_templatequestion",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatequestionevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="36432b622bab20314463b732e3c526a0db454598",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_7f902",
                            table="outcomes_templatequestionevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatecheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_templatecheckevent" ("id", "left", "limit", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "right", "rule", "sentence", "severity", "version_id") VALUES (OLD."id", OLD."left", OLD."limit", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."right", OLD."rule", OLD."sentence", OLD."severity", OLD."version_id"); RETURN NULL;',
                            hash="8c83c4fd725bffff301a2fb475ddce0b39740c07",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_119f3",
                            table="outcomes_templatecheck",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatecheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fixed_once_live",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            -- Locked, so that nobody publishes it at the same moment.\n            PERFORM 1 FROM outcomes_templateversion v WHERE v.id IN (NEW.version_id, OLD.version_id) FOR SHARE;\n            IF EXISTS (SELECT 1 FROM outcomes_templateversion v WHERE v.state = 'live' AND v.id IN (NEW.version_id, OLD.version_id)) THEN\n                RAISE EXCEPTION 'templatecheck_fixed_once_live: a live version is never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'templatecheck_fixed_once_live';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                            hash="0a485dc61c8deec494fcc10c3ec9184abbba0ce1",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_fixed_once_live_2ceb9",
                            table="outcomes_templatecheck",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatecheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_templatecheckevent" ("id", "left", "limit", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "right", "rule", "sentence", "severity", "version_id") VALUES (NEW."id", NEW."left", NEW."limit", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."right", NEW."rule", NEW."sentence", NEW."severity", NEW."version_id"); RETURN NULL;',
                            hash="7d98b579a6248cad79404dc05c2960312b726c09",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_fa318",
                            table="outcomes_templatecheck",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatecheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_templatecheckevent" ("id", "left", "limit", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "right", "rule", "sentence", "severity", "version_id") VALUES (NEW."id", NEW."left", NEW."limit", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."right", NEW."rule", NEW."sentence", NEW."severity", NEW."version_id"); RETURN NULL;',
                            hash="ae4d44ab41496a2037b06472cd31166b53393c88",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_13740",
                            table="outcomes_templatecheck",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="templatecheckevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="d87db4b34afc00da77edecbbee5385123106cb47",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1554e",
                            table="outcomes_templatecheckevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlockrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="decided_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF OLD.decided_at IS NULL AND to_jsonb(NEW) - ARRAY['decided_at', 'decided_by_id', 'declined_reason'] = to_jsonb(OLD) - ARRAY['decided_at', 'decided_by_id', 'declined_reason'] THEN\n                RETURN NEW;\n            END IF;\n            RAISE EXCEPTION 'unlockrequest_decided_once: row % is never edited', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'unlockrequest_decided_once';\n        ",
                            hash="8f007cd6310878d949c93a8e9243a3cc90fe3a5e",
                            operation="UPDATE",
                            pgid="pgtrigger_decided_once_0d15c",
                            table="outcomes_unlockrequest",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlockrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_unlockrequestevent" ("asked_at", "asked_by_id", "decided_at", "decided_by_id", "declined_reason", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "version_id") VALUES (OLD."asked_at", OLD."asked_by_id", OLD."decided_at", OLD."decided_by_id", OLD."declined_reason", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."version_id"); RETURN NULL;',
                            hash="7738980495b2ddddc9506ca32c636bdba9f380d5",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f9d61",
                            table="outcomes_unlockrequest",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlockrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_unlockrequestevent" ("asked_at", "asked_by_id", "decided_at", "decided_by_id", "declined_reason", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "version_id") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."decided_at", NEW."decided_by_id", NEW."declined_reason", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."version_id"); RETURN NULL;',
                            hash="bcd9ded0367d6a1b2e3218909b73448ec2ae3a50",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2ca0c",
                            table="outcomes_unlockrequest",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlockrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="is_answered",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n        IF NEW.decided_at IS NOT NULL AND NEW.declined_reason = ''\n           AND NOT EXISTS (SELECT 1 FROM outcomes_unlock u WHERE u.request_id = NEW.id) THEN\n            RAISE EXCEPTION 'unlockrequest_is_answered: request % is neither granted nor declined', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'unlockrequest_is_answered';\n        END IF;\n        RETURN NULL;\n    ",
                            hash="3022cdf7680d150ee4f5360415af8ce262ff2afe",
                            operation="UPDATE",
                            pgid="pgtrigger_is_answered_10030",
                            table="outcomes_unlockrequest",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlockrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="3baba7244dded125f17cc0ad6eb1693379488dea",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_403f9",
                            table="outcomes_unlockrequest",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlockrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_what_is_accepted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            PERFORM 1 FROM outcomes_returnversion v WHERE v.id = NEW.version_id AND v.state = 'accepted' FOR SHARE;\n            IF NOT FOUND THEN\n                RAISE EXCEPTION 'unlockrequest_of_what_is_accepted: version % is not accepted', NEW.version_id USING ERRCODE = 'check_violation', CONSTRAINT = 'unlockrequest_of_what_is_accepted';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="53b55d44f41dce1d231460492d50b166ef2ec9f6",
                            operation="INSERT",
                            pgid="pgtrigger_of_what_is_accepted_9277f",
                            table="outcomes_unlockrequest",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlockrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_unlockrequestevent" ("asked_at", "asked_by_id", "decided_at", "decided_by_id", "declined_reason", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "version_id") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."decided_at", NEW."decided_by_id", NEW."declined_reason", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."version_id"); RETURN NULL;',
                            hash="e97762829d71fe95948fa18e7debd3bff03a7ee9",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_149e0",
                            table="outcomes_unlockrequest",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlockrequestevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="aa7e671ac8760289f948fdce5e24c50bdd8b804f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_be40a",
                            table="outcomes_unlockrequestevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlock",
                    trigger=pgtrigger.compiler.Trigger(
                        name="decided_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF OLD.taken_back_at IS NULL AND to_jsonb(NEW) - ARRAY['taken_back_at', 'taken_back_by_id', 'taken_back_reason'] = to_jsonb(OLD) - ARRAY['taken_back_at', 'taken_back_by_id', 'taken_back_reason'] THEN\n                RETURN NEW;\n            END IF;\n            RAISE EXCEPTION 'unlock_decided_once: row % is never edited', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'unlock_decided_once';\n        ",
                            hash="ea106f2b67a7fe0f444b5131e627a8d3d8ef0cab",
                            operation="UPDATE",
                            pgid="pgtrigger_decided_once_08277",
                            table="outcomes_unlock",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlock",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_unlockevent" ("for_organisation_id", "for_person_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "request_id", "taken_back_at", "taken_back_by_id", "taken_back_reason", "unlocked_at", "unlocked_by_id", "until", "version_id") VALUES (OLD."for_organisation_id", OLD."for_person_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."request_id", OLD."taken_back_at", OLD."taken_back_by_id", OLD."taken_back_reason", OLD."unlocked_at", OLD."unlocked_by_id", OLD."until", OLD."version_id"); RETURN NULL;',
                            hash="ca32a12f190f0b8f479385ff4687d3a25571d091",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_23886",
                            table="outcomes_unlock",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlock",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fits",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE partner bigint;",
                            func="\n        IF NEW.until < (NEW.unlocked_at AT TIME ZONE 'Europe/London')::date OR NEW.until > (NEW.unlocked_at AT TIME ZONE 'Europe/London')::date + 92 THEN\n            RAISE EXCEPTION 'unlock_ends_in_time: % is no day on which it could end', NEW.until USING ERRCODE = 'check_violation', CONSTRAINT = 'unlock_ends_in_time';\n        END IF;\n        SELECT d.partner_id INTO partner\n        FROM outcomes_returnversion v JOIN outcomes_obligation o ON o.id = v.obligation_id\n        JOIN programmes_delivery d ON d.id = o.delivery_id WHERE v.id = NEW.version_id;\n        IF NEW.for_organisation_id <> partner THEN\n            RAISE EXCEPTION 'unlock_for_its_partner: version % is another partner’s', NEW.version_id USING ERRCODE = 'check_violation', CONSTRAINT = 'unlock_for_its_partner';\n        END IF;\n        IF EXISTS (\n            SELECT 1 FROM outcomes_unlockrequest r\n            WHERE r.id = NEW.request_id AND (r.version_id <> NEW.version_id OR r.declined_reason <> '')) THEN\n            RAISE EXCEPTION 'unlock_answers_its_request: request % is another one', NEW.request_id USING ERRCODE = 'check_violation', CONSTRAINT = 'unlock_answers_its_request';\n        END IF;\n        RETURN NEW;\n    ",
                            hash="d219ccfeca538d75b9b049ebf99b24454de3207a",
                            operation="INSERT",
                            pgid="pgtrigger_fits_c18d9",
                            table="outcomes_unlock",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlock",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_unlockevent" ("for_organisation_id", "for_person_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "request_id", "taken_back_at", "taken_back_by_id", "taken_back_reason", "unlocked_at", "unlocked_by_id", "until", "version_id") VALUES (NEW."for_organisation_id", NEW."for_person_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."request_id", NEW."taken_back_at", NEW."taken_back_by_id", NEW."taken_back_reason", NEW."unlocked_at", NEW."unlocked_by_id", NEW."until", NEW."version_id"); RETURN NULL;',
                            hash="1cee92be4dfa7eef32991a0a9bf3a73718ea2241",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_94286",
                            table="outcomes_unlock",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlock",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="08ab3e3e6b01762c6ac615f3a40ff8ba5470ddee",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_cd895",
                            table="outcomes_unlock",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlock",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_what_is_accepted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            PERFORM 1 FROM outcomes_returnversion v WHERE v.id = NEW.version_id AND v.state = 'accepted' FOR SHARE;\n            IF NOT FOUND THEN\n                RAISE EXCEPTION 'unlock_of_what_is_accepted: version % is not accepted', NEW.version_id USING ERRCODE = 'check_violation', CONSTRAINT = 'unlock_of_what_is_accepted';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="eb304d2021af540d17bb439f54bdd82b6e2209eb",
                            operation="INSERT",
                            pgid="pgtrigger_of_what_is_accepted_67f8a",
                            table="outcomes_unlock",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlock",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_unlockevent" ("for_organisation_id", "for_person_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "request_id", "taken_back_at", "taken_back_by_id", "taken_back_reason", "unlocked_at", "unlocked_by_id", "until", "version_id") VALUES (NEW."for_organisation_id", NEW."for_person_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."request_id", NEW."taken_back_at", NEW."taken_back_by_id", NEW."taken_back_reason", NEW."unlocked_at", NEW."unlocked_by_id", NEW."until", NEW."version_id"); RETURN NULL;',
                            hash="607910ae72aec5610798733969807934ac026d7e",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4a2d1",
                            table="outcomes_unlock",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="unlockevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b2075c8f3102b5a55e8ffe8bcc4fae3535d0a27b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a28b9",
                            table="outcomes_unlockevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="announceddate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="8b485df0f54ed3c5371428ca299f2f6129d57095",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_4c804",
                            table="outcomes_announceddate",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="announceddate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="before_approval",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (SELECT 1 FROM outcomes_release r\n                               WHERE r.month = NEW.month\n                                 AND r.approved_at IS NOT NULL AND r.discarded_at IS NULL) THEN\n                        RAISE EXCEPTION 'announceddate_before_approval: a release of the month is approved'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'announceddate_before_approval';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="784e78e512bd6886de64cbca53e0bbf1c8cf3584",
                            operation="INSERT",
                            pgid="pgtrigger_before_approval_2cb65",
                            table="outcomes_announceddate",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="earlyaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="before_it_is_public",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (SELECT 1 FROM outcomes_release r WHERE r.id = NEW.release_id\n                               AND (r.public_at <= NEW.granted_at OR r.discarded_at IS NOT NULL)) THEN\n                        RAISE EXCEPTION 'earlyaccess_before_it_is_public: the release is public or discarded'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'earlyaccess_before_it_is_public';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="5db53cc437920e81b0d6f7ddf4e9f8a51d4aa602",
                            operation="INSERT",
                            pgid="pgtrigger_before_it_is_public_4e9df",
                            table="outcomes_earlyaccess",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="earlyaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_earlyaccessevent" ("ended_at", "ended_by_id", "granted_at", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "release_id", "user_id") VALUES (OLD."ended_at", OLD."ended_by_id", OLD."granted_at", OLD."granted_by_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."release_id", OLD."user_id"); RETURN NULL;',
                            hash="62e71752a05f6ea51ddc02bb9f5947e136153965",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_99e99",
                            table="outcomes_earlyaccess",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="earlyaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_earlyaccessevent" ("ended_at", "ended_by_id", "granted_at", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "release_id", "user_id") VALUES (NEW."ended_at", NEW."ended_by_id", NEW."granted_at", NEW."granted_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."release_id", NEW."user_id"); RETURN NULL;',
                            hash="d1c58f0ae41b2879ac42cfbba6ee8f6998589339",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_8251c",
                            table="outcomes_earlyaccess",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="earlyaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="69c7fbb5e97c81043a10bba378effea61d0e8b78",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_c0c4b",
                            table="outcomes_earlyaccess",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="earlyaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_edited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF OLD.ended_at IS NULL\n                       AND (to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id'])\n                         = (to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id']) THEN\n                        RETURN NEW;\n                    END IF;\n                    RAISE EXCEPTION 'earlyaccess_never_edited: it only ends, once'\n                        USING ERRCODE = 'check_violation', CONSTRAINT = 'earlyaccess_never_edited';\n                ",
                            hash="6af5e700153e7562d681986439d624fd9badcbe2",
                            operation="UPDATE",
                            pgid="pgtrigger_never_edited_1e882",
                            table="outcomes_earlyaccess",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="earlyaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_earlyaccessevent" ("ended_at", "ended_by_id", "granted_at", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "release_id", "user_id") VALUES (NEW."ended_at", NEW."ended_by_id", NEW."granted_at", NEW."granted_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."release_id", NEW."user_id"); RETURN NULL;',
                            hash="05b862d256a5d14330dc71899394556dfb62b290",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4cf79",
                            table="outcomes_earlyaccess",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="earlyaccessevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="d73de7718a05900c528703d3c839b7e235370836",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f118c",
                            table="outcomes_earlyaccessevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="earlyreading",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="52fac6d3b3fbeb9026644c0563c62952f7249306",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_fc469",
                            table="outcomes_earlyreading",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="earlyreading",
                    trigger=pgtrigger.compiler.Trigger(
                        name="under_embargo",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM outcomes_earlyaccess a JOIN outcomes_release r ON r.id = a.release_id\n                        WHERE a.id = NEW.access_id AND a.ended_at IS NULL AND r.discarded_at IS NULL\n                          AND r.approved_at <= NEW.read_at AND NEW.read_at < r.public_at) THEN\n                        RAISE EXCEPTION 'earlyreading_under_embargo: it is read early only while it is under embargo'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'earlyreading_under_embargo';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="5b4e680e3c93cd9ac6dd434f2962e00371f91a8e",
                            operation="INSERT",
                            pgid="pgtrigger_under_embargo_89c5c",
                            table="outcomes_earlyreading",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="funderreport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_funderreportevent" ("code", "fund_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."code", OLD."fund_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="9f7920968c253e9fe4b747fbe30e71d514b716f4",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_4d715",
                            table="outcomes_funderreport",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="funderreport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_funderreportevent" ("code", "fund_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."fund_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="c26abe0122c41a1b7024c3f74df19b63715701b5",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_08750",
                            table="outcomes_funderreport",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="funderreport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_funderreportevent" ("code", "fund_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."fund_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="a43dd000b4cc53300c2008f2ca147906af8557d6",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_233b8",
                            table="outcomes_funderreport",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="funderreportevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c1a28c402cf95563167b1df88588af15dd681ab1",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e11a1",
                            table="outcomes_funderreportevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="mappingrow",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_mappingrowevent" ("code", "id", "label", "mapping_id", "measure", "money", "order", "over", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "ring_fence", "section", "source", "with_programmes") VALUES (OLD."code", OLD."id", OLD."label", OLD."mapping_id", OLD."measure", OLD."money", OLD."order", OLD."over", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."ring_fence", OLD."section", OLD."source", OLD."with_programmes"); RETURN NULL;',
                            hash="31673eed0950372823176bdcd598c735d2af38ec",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_831bb",
                            table="outcomes_mappingrow",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="mappingrow",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fixed_once_live",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            PERFORM 1 FROM outcomes_reportmapping m WHERE m.id IN (NEW.mapping_id, OLD.mapping_id) FOR SHARE;\n            IF EXISTS (SELECT 1 FROM outcomes_reportmapping m WHERE m.state = 'live' AND m.id IN (NEW.mapping_id, OLD.mapping_id)) THEN\n                RAISE EXCEPTION 'mappingrow_fixed_once_live: a live mapping is never edited' USING ERRCODE = 'check_violation', CONSTRAINT = 'mappingrow_fixed_once_live';\n            END IF;\n            RETURN COALESCE(NEW, OLD);\n        ",
                            hash="955c198a7f78e80e00b436f2a77a7eebb85dafc2",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_fixed_once_live_f5478",
                            table="outcomes_mappingrow",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="mappingrow",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_mappingrowevent" ("code", "id", "label", "mapping_id", "measure", "money", "order", "over", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "ring_fence", "section", "source", "with_programmes") VALUES (NEW."code", NEW."id", NEW."label", NEW."mapping_id", NEW."measure", NEW."money", NEW."order", NEW."over", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."ring_fence", NEW."section", NEW."source", NEW."with_programmes"); RETURN NULL;',
                            hash="017aa86a37462676adb0ed1ad9e4f8ec9aea7113",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_287c2",
                            table="outcomes_mappingrow",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="mappingrow",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_mappingrowevent" ("code", "id", "label", "mapping_id", "measure", "money", "order", "over", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "ring_fence", "section", "source", "with_programmes") VALUES (NEW."code", NEW."id", NEW."label", NEW."mapping_id", NEW."measure", NEW."money", NEW."order", NEW."over", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme_id", NEW."ring_fence", NEW."section", NEW."source", NEW."with_programmes"); RETURN NULL;',
                            hash="7279cb93e51c35a0a1e5cf0262e6d031fbe318c8",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6bbf1",
                            table="outcomes_mappingrow",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterreport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_quarterreportevent" ("attempts", "authored_at", "authored_by_id", "certified_at", "certified_by_id", "filled_at", "fingerprint", "first_day", "id", "mapping_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "reason", "release_id", "report_id", "requested_at", "requested_by_id", "sent_back_reason", "state") VALUES (OLD."attempts", OLD."authored_at", OLD."authored_by_id", OLD."certified_at", OLD."certified_by_id", OLD."filled_at", OLD."fingerprint", OLD."first_day", OLD."id", OLD."mapping_id", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."problem", OLD."reason", OLD."release_id", OLD."report_id", OLD."requested_at", OLD."requested_by_id", OLD."sent_back_reason", OLD."state"); RETURN NULL;',
                            hash="651a3b294e24de60531804aae2744401ecd8eb4e",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_896a0",
                            table="outcomes_quarterreport",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterreport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_quarterreportevent" ("attempts", "authored_at", "authored_by_id", "certified_at", "certified_by_id", "filled_at", "fingerprint", "first_day", "id", "mapping_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "reason", "release_id", "report_id", "requested_at", "requested_by_id", "sent_back_reason", "state") VALUES (NEW."attempts", NEW."authored_at", NEW."authored_by_id", NEW."certified_at", NEW."certified_by_id", NEW."filled_at", NEW."fingerprint", NEW."first_day", NEW."id", NEW."mapping_id", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."problem", NEW."reason", NEW."release_id", NEW."report_id", NEW."requested_at", NEW."requested_by_id", NEW."sent_back_reason", NEW."state"); RETURN NULL;',
                            hash="96b0066d4a6361b840f876b1dd7303e5a0ba6fff",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_1431f",
                            table="outcomes_quarterreport",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterreport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="356483787901f2b8b0184b2f65ebb65a9fa44050",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_d1a77",
                            table="outcomes_quarterreport",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterreport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_edited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.\"state\" = 'signed')",
                            func="RAISE EXCEPTION 'quarterreport_never_edited: report % is signed', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'quarterreport_never_edited';",
                            hash="4df929fd0b4b3b6de99db763ebaf0669ca4e32be",
                            operation="UPDATE",
                            pgid="pgtrigger_never_edited_1fe03",
                            table="outcomes_quarterreport",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterreport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."report_id" IS DISTINCT FROM (NEW."report_id") OR OLD."first_day" IS DISTINCT FROM (NEW."first_day") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."reason" IS DISTINCT FROM (NEW."reason"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="030f305883e23f37c477eeab57eda18e8cde84f7",
                            operation="UPDATE",
                            pgid="pgtrigger_never_moves_ad089",
                            table="outcomes_quarterreport",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterreport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="signed_in_order",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"state\" IN ('authored', 'signed'))",
                            func="\n                    IF TG_OP = 'INSERT' OR (OLD.state, NEW.state) NOT IN (\n                        ('draft', 'authored'), ('authored', 'authored'), ('authored', 'signed'))\n                       OR (NEW.state = 'signed' AND NEW.authored_by_id <> OLD.authored_by_id) THEN\n                        RAISE EXCEPTION 'quarterreport_signed_in_order: report % is signed step by step', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'quarterreport_signed_in_order';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="10f7092aeaf802c4524bc1f7fea23e717413e67e",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_signed_in_order_300ab",
                            table="outcomes_quarterreport",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterreport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."attempts" IS DISTINCT FROM (NEW."attempts") OR OLD."authored_at" IS DISTINCT FROM (NEW."authored_at") OR OLD."authored_by_id" IS DISTINCT FROM (NEW."authored_by_id") OR OLD."certified_at" IS DISTINCT FROM (NEW."certified_at") OR OLD."certified_by_id" IS DISTINCT FROM (NEW."certified_by_id") OR OLD."filled_at" IS DISTINCT FROM (NEW."filled_at") OR OLD."fingerprint" IS DISTINCT FROM (NEW."fingerprint") OR OLD."first_day" IS DISTINCT FROM (NEW."first_day") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."mapping_id" IS DISTINCT FROM (NEW."mapping_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."problem" IS DISTINCT FROM (NEW."problem") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."release_id" IS DISTINCT FROM (NEW."release_id") OR OLD."report_id" IS DISTINCT FROM (NEW."report_id") OR OLD."requested_at" IS DISTINCT FROM (NEW."requested_at") OR OLD."requested_by_id" IS DISTINCT FROM (NEW."requested_by_id") OR OLD."sent_back_reason" IS DISTINCT FROM (NEW."sent_back_reason") OR OLD."state" IS DISTINCT FROM (NEW."state"))',
                            func='INSERT INTO "outcomes_quarterreportevent" ("attempts", "authored_at", "authored_by_id", "certified_at", "certified_by_id", "filled_at", "fingerprint", "first_day", "id", "mapping_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "reason", "release_id", "report_id", "requested_at", "requested_by_id", "sent_back_reason", "state") VALUES (NEW."attempts", NEW."authored_at", NEW."authored_by_id", NEW."certified_at", NEW."certified_by_id", NEW."filled_at", NEW."fingerprint", NEW."first_day", NEW."id", NEW."mapping_id", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."problem", NEW."reason", NEW."release_id", NEW."report_id", NEW."requested_at", NEW."requested_by_id", NEW."sent_back_reason", NEW."state"); RETURN NULL;',
                            hash="290f83044b1f02a172ac2d4996d1d90c4004edfb",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e625a",
                            table="outcomes_quarterreport",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterreportfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="87e88d2fd9cbf0083c9fd7c03ab88fa3368bbf3c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_d2e72",
                            table="outcomes_quarterreportfile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterreportfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="with_its_signature",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM outcomes_quarterreport q WHERE q.id = NEW.quarter_report_id\n                        AND q.state = 'signed' AND pg_xact_status((((pg_current_xact_id()::text::bigint >> 32) << 32) + q.xmin::text::bigint)::text::xid8) IS NOT DISTINCT FROM 'in progress') THEN\n                        RAISE EXCEPTION 'quarterreportfile_with_its_signature: files are written as a report is signed' USING ERRCODE = 'check_violation', CONSTRAINT = 'quarterreportfile_with_its_signature';\n                    END IF;\n                    RETURN NULL;\n                ",
                            hash="049fce4b1b1ac5c2c51a863c6c74c1a8f908b11c",
                            operation="INSERT",
                            pgid="pgtrigger_with_its_signature_262d4",
                            table="outcomes_quarterreportfile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterrow",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_quarterrowevent" ("answer", "came_from", "code", "comment", "id", "label", "lower", "order", "over", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quarter_report_id", "release_row", "returns_due", "returns_received", "section", "source", "symbol", "told_before", "unit", "upper", "written_at", "written_by_id") VALUES (OLD."answer", OLD."came_from", OLD."code", OLD."comment", OLD."id", OLD."label", OLD."lower", OLD."order", OLD."over", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quarter_report_id", OLD."release_row", OLD."returns_due", OLD."returns_received", OLD."section", OLD."source", OLD."symbol", OLD."told_before", OLD."unit", OLD."upper", OLD."written_at", OLD."written_by_id"); RETURN NULL;',
                            hash="010e079c4169d42d451d439c5a896e8c3175b4fd",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2c7eb",
                            table="outcomes_quarterrow",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterrow",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fixed_once_signed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    PERFORM 1 FROM outcomes_quarterreport q\n                    WHERE q.id IN (NEW.quarter_report_id, OLD.quarter_report_id) FOR SHARE;\n                    IF EXISTS (\n                        SELECT 1 FROM outcomes_quarterreport q\n                        WHERE q.id IN (NEW.quarter_report_id, OLD.quarter_report_id)\n                        AND q.state NOT IN ('filling', 'draft')) THEN\n                        RAISE EXCEPTION 'quarterrow_fixed_once_signed: somebody has signed its report' USING ERRCODE = 'check_violation', CONSTRAINT = 'quarterrow_fixed_once_signed';\n                    END IF;\n                    RETURN COALESCE(NEW, OLD);\n                ",
                            hash="29e2cd63e5c46754246e955f9e65f290f0ee8a8d",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_fixed_once_signed_70c3b",
                            table="outcomes_quarterrow",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterrow",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_quarterrowevent" ("answer", "came_from", "code", "comment", "id", "label", "lower", "order", "over", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quarter_report_id", "release_row", "returns_due", "returns_received", "section", "source", "symbol", "told_before", "unit", "upper", "written_at", "written_by_id") VALUES (NEW."answer", NEW."came_from", NEW."code", NEW."comment", NEW."id", NEW."label", NEW."lower", NEW."order", NEW."over", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quarter_report_id", NEW."release_row", NEW."returns_due", NEW."returns_received", NEW."section", NEW."source", NEW."symbol", NEW."told_before", NEW."unit", NEW."upper", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                            hash="b63406024e7bc640c4b5145158442f584314ce56",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f61d6",
                            table="outcomes_quarterrow",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterrow",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_quarterrowevent" ("answer", "came_from", "code", "comment", "id", "label", "lower", "order", "over", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quarter_report_id", "release_row", "returns_due", "returns_received", "section", "source", "symbol", "told_before", "unit", "upper", "written_at", "written_by_id") VALUES (NEW."answer", NEW."came_from", NEW."code", NEW."comment", NEW."id", NEW."label", NEW."lower", NEW."order", NEW."over", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quarter_report_id", NEW."release_row", NEW."returns_due", NEW."returns_received", NEW."section", NEW."source", NEW."symbol", NEW."told_before", NEW."unit", NEW."upper", NEW."written_at", NEW."written_by_id"); RETURN NULL;',
                            hash="68f326daec1694d7973b3ac0e8b99e811fe662f5",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_dd3ad",
                            table="outcomes_quarterrow",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterrowevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="351fedb9600a6bb1c6c9642fb51e0b6d92f31270",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a7ae4",
                            table="outcomes_quarterrowevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reportmapping",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_reportmappingevent" ("created_at", "created_by_id", "effective_from", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "report_id", "state", "what_changed") VALUES (OLD."created_at", OLD."created_by_id", OLD."effective_from", OLD."id", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."published_at", OLD."published_by_id", OLD."report_id", OLD."state", OLD."what_changed"); RETURN NULL;',
                            hash="74c6f44ba45107131cbbc58c1a3009ac956ebff0",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_09dce",
                            table="outcomes_reportmapping",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reportmapping",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fixed_once_live",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.\"state\" = 'live')",
                            func="RAISE EXCEPTION 'reportmapping_fixed_once_live: mapping % is live', OLD.id USING ERRCODE = 'check_violation', CONSTRAINT = 'reportmapping_fixed_once_live';",
                            hash="fe10d17f12a6adf09581bc7199475e3d8dcf15e4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_fixed_once_live_4ba2d",
                            table="outcomes_reportmapping",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reportmapping",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "outcomes_reportmappingevent" ("created_at", "created_by_id", "effective_from", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "report_id", "state", "what_changed") VALUES (NEW."created_at", NEW."created_by_id", NEW."effective_from", NEW."id", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."report_id", NEW."state", NEW."what_changed"); RETURN NULL;',
                            hash="18263f66cb9ae6ba58c93343120075ab4ff21680",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e91d9",
                            table="outcomes_reportmapping",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reportmapping",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "outcomes_reportmappingevent" ("created_at", "created_by_id", "effective_from", "id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "report_id", "state", "what_changed") VALUES (NEW."created_at", NEW."created_by_id", NEW."effective_from", NEW."id", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_at", NEW."published_by_id", NEW."report_id", NEW."state", NEW."what_changed"); RETURN NULL;',
                            hash="3bb5b44ee6ba18288b2fcf6c2df2ff4cd441300c",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bca1e",
                            table="outcomes_reportmapping",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quarterreportevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="2cfd78d3e0020d1e7823fa45d6dfe93b0c409e81",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_34817",
                            table="outcomes_quarterreportevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="mappingrowevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c5dba9b4b91802a4450c48a17e193407695a88fa",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_00ba0",
                            table="outcomes_mappingrowevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="reportmappingevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="40be6b33f24c831463d24328488f391d6dac79dc",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b21b8",
                            table="outcomes_reportmappingevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="certificate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="e43fdf3f439d7d167c9dda84303ad433fb2c4c86",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_d07f7",
                            table="outcomes_certificate",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="certificate",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_its_release",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NEW.proven + jsonb_array_length(NEW.unproven) <> NEW.numbers OR NOT EXISTS (\n                        SELECT 1 FROM outcomes_release r\n                        WHERE r.id = NEW.release_id AND r.output_fingerprint = NEW.output_fingerprint\n                          AND r.attacked_with = NEW.made_with) THEN\n                        RAISE EXCEPTION 'certificate_of_its_release: it is not of what release % publishes',\n                                NEW.release_id\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_of_its_release';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="84c85cd0a6cbfca4a4ebe3ec602458b58992df3c",
                            operation="INSERT",
                            pgid="pgtrigger_of_its_release_937bb",
                            table="outcomes_certificate",
                            when="BEFORE",
                        ),
                    ),
                ),
            ],
        ),
    ]
