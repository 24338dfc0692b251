"""Every table and every trigger, as they stood when the first migrations were made one."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from vru_portal.core.at_once import AtOnce


class Migration(migrations.Migration):
    replaces = [
        ("funding", "0001_money"),
        ("funding", "0002_money_and_programmes"),
        ("funding", "0003_money_rules"),
        ("funding", "0004_money_once_decided"),
        ("funding", "0005_sums_of_money"),
        ("funding", "0006_append_only_history"),
    ]

    initial = True

    dependencies = [
        ("partners", "0001_tables_and_rules"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("programmes", "0001_tables_and_rules"),
    ]

    operations = [
        # The tables, with their constraints and indexes.
        AtOnce(
            [
                migrations.CreateModel(
                    name="PartnerAward",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount_pence", models.BigIntegerField()),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(help_text="The last day.")),
                        ("reference", models.CharField(max_length=40, unique=True)),
                        ("agreed_on", models.DateField(help_text="With the partner.")),
                        (
                            "approved_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "award_year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="partner_awards",
                                to="funding.awardyear",
                            ),
                        ),
                        (
                            "delivery",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="awards",
                                to="programmes.delivery",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ring_fence",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="partner_awards",
                                to="funding.ringfence",
                            ),
                        ),
                        (
                            "declined_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
                        ("note", models.TextField(blank=True)),
                    ],
                    options={
                        "ordering": ["agreed_on", "reference"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("proposed_by", models.F("approved_by")), _negated=True),
                                name="partneraward_approved_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("starts_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="partneraward_dates_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount_pence__gt", 0),
                                    models.Q(("amount_pence__lt", 0), models.Q(("note", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="partneraward_correction_has_note",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("declined_by__isnull", True), ("declined_reason", "")),
                                    models.Q(
                                        ("approved_by__isnull", True),
                                        ("declined_by__isnull", False),
                                        models.Q(("declined_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="partneraward_declined_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PartnerAwardEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("amount_pence", models.BigIntegerField()),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(help_text="The last day.")),
                        ("reference", models.CharField(max_length=40)),
                        ("agreed_on", models.DateField(help_text="With the partner.")),
                        (
                            "approved_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "award_year",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.awardyear",
                            ),
                        ),
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
                                to="funding.partneraward",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ring_fence",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.ringfence",
                            ),
                        ),
                        (
                            "declined_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
                        ("note", models.TextField(blank=True)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Fund",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=150, unique=True)),
                        ("purpose", models.TextField()),
                        (
                            "announced_wording",
                            models.TextField(blank=True, help_text="As the funder put it, word for word."),
                        ),
                        ("announced_on", models.DateField(blank=True, null=True)),
                        (
                            "announced_total_pence",
                            models.BigIntegerField(
                                blank=True,
                                help_text="The total that the wording names, not the sum of the parts.",
                                null=True,
                            ),
                        ),
                        (
                            "funder",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="funds",
                                to="partners.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("announced_total_pence__isnull", True),
                                    ("announced_total_pence__gte", 0),
                                    _connector="OR",
                                ),
                                name="fund_announced_total_not_negative",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FundEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=150)),
                        ("purpose", models.TextField()),
                        (
                            "announced_wording",
                            models.TextField(blank=True, help_text="As the funder put it, word for word."),
                        ),
                        ("announced_on", models.DateField(blank=True, null=True)),
                        (
                            "announced_total_pence",
                            models.BigIntegerField(
                                blank=True,
                                help_text="The total that the wording names, not the sum of the parts.",
                                null=True,
                            ),
                        ),
                        (
                            "funder",
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
                                to="funding.fund",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AwardYear",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "financial_year",
                            models.PositiveSmallIntegerField(
                                help_text="The year in which it begins: 2022 for 2022/23."
                            ),
                        ),
                        ("announced_pence", models.BigIntegerField(blank=True, null=True)),
                        ("applied_pence", models.BigIntegerField(blank=True, null=True)),
                        ("awarded_pence", models.BigIntegerField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("announced", "Announced"),
                                    ("applied", "Applied for"),
                                    ("approved", "Approved"),
                                    ("agreement_signed", "Agreement signed"),
                                    ("part_claimed", "Part claimed"),
                                    ("fully_claimed", "Fully claimed"),
                                    ("reconciled", "Reconciled"),
                                    ("closed", "Closed"),
                                    ("reduced", "Reduced"),
                                    ("withdrawn", "Withdrawn"),
                                    ("lapsed", "Lapsed"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="award_years",
                                to="funding.fund",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["fund", "financial_year"],
                        "constraints": [
                            models.UniqueConstraint(fields=("fund", "financial_year"), name="awardyear_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "announced",
                                            "applied",
                                            "approved",
                                            "agreement_signed",
                                            "part_claimed",
                                            "fully_claimed",
                                            "reconciled",
                                            "closed",
                                            "reduced",
                                            "withdrawn",
                                            "lapsed",
                                        ],
                                    )
                                ),
                                name="awardyear_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("announced_pence__lt", 0), _negated=True),
                                    models.Q(("applied_pence__lt", 0), _negated=True),
                                    models.Q(("awarded_pence__lt", 0), _negated=True),
                                ),
                                name="awardyear_amounts_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AwardYearEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "financial_year",
                            models.PositiveSmallIntegerField(
                                help_text="The year in which it begins: 2022 for 2022/23."
                            ),
                        ),
                        ("announced_pence", models.BigIntegerField(blank=True, null=True)),
                        ("applied_pence", models.BigIntegerField(blank=True, null=True)),
                        ("awarded_pence", models.BigIntegerField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("announced", "Announced"),
                                    ("applied", "Applied for"),
                                    ("approved", "Approved"),
                                    ("agreement_signed", "Agreement signed"),
                                    ("part_claimed", "Part claimed"),
                                    ("fully_claimed", "Fully claimed"),
                                    ("reconciled", "Reconciled"),
                                    ("closed", "Closed"),
                                    ("reduced", "Reduced"),
                                    ("withdrawn", "Withdrawn"),
                                    ("lapsed", "Lapsed"),
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
                                to="funding.awardyear",
                            ),
                        ),
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AwardYearStep",
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
                                    ("announced", "Announced"),
                                    ("applied", "Applied for"),
                                    ("approved", "Approved"),
                                    ("agreement_signed", "Agreement signed"),
                                    ("part_claimed", "Part claimed"),
                                    ("fully_claimed", "Fully claimed"),
                                    ("reconciled", "Reconciled"),
                                    ("closed", "Closed"),
                                    ("reduced", "Reduced"),
                                    ("withdrawn", "Withdrawn"),
                                    ("lapsed", "Lapsed"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("on_date", models.DateField()),
                        (
                            "amount_pence",
                            models.BigIntegerField(
                                blank=True,
                                help_text="What this step states: announced, applied for or awarded.",
                                null=True,
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "award_year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="funding.awardyear",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["award_year", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "announced",
                                            "applied",
                                            "approved",
                                            "agreement_signed",
                                            "part_claimed",
                                            "fully_claimed",
                                            "reconciled",
                                            "closed",
                                            "reduced",
                                            "withdrawn",
                                            "lapsed",
                                        ],
                                    )
                                ),
                                name="awardyearstep_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount_pence__isnull", True),
                                    models.Q(
                                        ("amount_pence__gte", 0),
                                        (
                                            "state__in",
                                            ["agreement_signed", "announced", "applied", "approved", "reduced"],
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="awardyearstep_amount_where_stated",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GrantReceipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount_pence", models.BigIntegerField()),
                        ("on_date", models.DateField()),
                        (
                            "reference",
                            models.CharField(help_text="As on the bank statement or remittance.", max_length=60),
                        ),
                        ("note", models.TextField(blank=True)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "award_year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="funding.awardyear",
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
                        "ordering": ["on_date", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("award_year", "reference"), name="grantreceipt_reference_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount_pence__gt", 0),
                                    models.Q(("amount_pence__lt", 0), models.Q(("note", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="grantreceipt_correction_has_note",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RingFence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("purpose", models.CharField(max_length=200)),
                        (
                            "amount_kind",
                            models.CharField(
                                choices=[
                                    ("fixed", "Exactly"),
                                    ("minimum", "At least"),
                                    ("maximum", "At most"),
                                    ("unknown", "Amount not known"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("amount_pence", models.BigIntegerField(blank=True, null=True)),
                        (
                            "award_year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ring_fences",
                                to="funding.awardyear",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["award_year", "purpose"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount_kind__in", ["fixed", "minimum", "maximum", "unknown"])),
                                name="ringfence_amount_kind",
                            ),
                            models.UniqueConstraint(fields=("award_year", "purpose"), name="ringfence_purpose_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amount_kind", "unknown"), ("amount_pence__isnull", True)),
                                    models.Q(
                                        models.Q(("amount_kind", "unknown"), _negated=True),
                                        ("amount_pence__gte", 0),
                                        ("amount_pence__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="ringfence_amount_unless_unknown",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RingFenceEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("purpose", models.CharField(max_length=200)),
                        (
                            "amount_kind",
                            models.CharField(
                                choices=[
                                    ("fixed", "Exactly"),
                                    ("minimum", "At least"),
                                    ("maximum", "At most"),
                                    ("unknown", "Amount not known"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("amount_pence", models.BigIntegerField(blank=True, null=True)),
                        (
                            "award_year",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.awardyear",
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
                                to="funding.ringfence",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Match",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(choices=[("cash", "Cash"), ("in_kind", "In kind")], max_length=20)),
                        ("amount_pence", models.BigIntegerField()),
                        (
                            "evidence",
                            models.CharField(
                                help_text="The letter, minute or agreement that proves it.", max_length=200
                            ),
                        ),
                        ("confirmed_on", models.DateField(blank=True, null=True)),
                        (
                            "award_year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matches",
                                to="funding.awardyear",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matches",
                                to="partners.organisation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "matches",
                        "ordering": ["award_year", "organisation"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["cash", "in_kind"])), name="match_kind"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount_pence__gt", 0)), name="match_amount_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("evidence", ""), _negated=True), name="match_has_evidence"
                            ),
                            models.UniqueConstraint(fields=("organisation", "evidence"), name="match_evidence_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MatchEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("kind", models.CharField(choices=[("cash", "Cash"), ("in_kind", "In kind")], max_length=20)),
                        ("amount_pence", models.BigIntegerField()),
                        (
                            "evidence",
                            models.CharField(
                                help_text="The letter, minute or agreement that proves it.", max_length=200
                            ),
                        ),
                        ("confirmed_on", models.DateField(blank=True, null=True)),
                        (
                            "award_year",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.awardyear",
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
                                to="funding.match",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="BridgingFacility",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("loan", "Loan"), ("underwriting", "Underwriting"), ("reserve", "Reserve")],
                                max_length=20,
                            ),
                        ),
                        ("limit_pence", models.BigIntegerField()),
                        ("decision_reference", models.CharField(max_length=60, unique=True)),
                        ("agreed_on", models.DateField()),
                        ("starts_on", models.DateField()),
                        (
                            "expires_on",
                            models.DateField(
                                help_text="The last day on which it can be drawn, and on which it is due."
                            ),
                        ),
                        ("purposes", models.TextField()),
                        (
                            "lender",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="facilities",
                                to="partners.organisation",
                            ),
                        ),
                        (
                            "fund",
                            models.ForeignKey(
                                help_text="Whose delay it bridges.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="facilities",
                                to="funding.fund",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "bridging facilities",
                        "ordering": ["-starts_on", "decision_reference"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["loan", "underwriting", "reserve"])),
                                name="bridgingfacility_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("limit_pence__gt", 0)), name="bridgingfacility_limit_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("expires_on__isnull", True),
                                    ("starts_on__isnull", True),
                                    ("expires_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="bridgingfacility_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BridgingFacilityEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[("loan", "Loan"), ("underwriting", "Underwriting"), ("reserve", "Reserve")],
                                max_length=20,
                            ),
                        ),
                        ("limit_pence", models.BigIntegerField()),
                        ("decision_reference", models.CharField(max_length=60)),
                        ("agreed_on", models.DateField()),
                        ("starts_on", models.DateField()),
                        (
                            "expires_on",
                            models.DateField(
                                help_text="The last day on which it can be drawn, and on which it is due."
                            ),
                        ),
                        ("purposes", models.TextField()),
                        (
                            "lender",
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
                                to="funding.bridgingfacility",
                            ),
                        ),
                        (
                            "fund",
                            models.ForeignKey(
                                db_constraint=False,
                                help_text="Whose delay it bridges.",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.fund",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="BridgeMovement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("drawdown", "Drawdown"), ("repayment", "Repayment")], max_length=20
                            ),
                        ),
                        ("amount_pence", models.BigIntegerField()),
                        ("on_date", models.DateField()),
                        ("reference", models.CharField(max_length=60)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "approved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="funding.bridgingfacility",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["on_date", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["drawdown", "repayment"])), name="bridgemovement_kind"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount_pence__gt", 0)), name="bridgemovement_amount_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("proposed_by", models.F("approved_by")), _negated=True),
                                name="bridgemovement_approved_by_another",
                            ),
                            models.UniqueConstraint(
                                fields=("facility", "reference"), name="bridgemovement_reference_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BridgeProposal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("drawdown", "Drawdown"), ("repayment", "Repayment")], max_length=20
                            ),
                        ),
                        ("amount_pence", models.BigIntegerField()),
                        ("on_date", models.DateField()),
                        ("reference", models.CharField(max_length=60)),
                        ("proposed_at", models.DateTimeField()),
                        ("declined_at", models.DateTimeField(blank=True, null=True)),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "declined_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "movement",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposal",
                                to="funding.bridgemovement",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="funding.bridgingfacility",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["proposed_at", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["drawdown", "repayment"])), name="bridgeproposal_kind"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount_pence__gt", 0)), name="bridgeproposal_amount_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("declined_at__isnull", True),
                                        ("declined_by__isnull", True),
                                        ("declined_reason", ""),
                                    ),
                                    models.Q(
                                        ("declined_at__isnull", False),
                                        ("declined_by__isnull", False),
                                        ("movement__isnull", True),
                                        models.Q(("declined_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="bridgeproposal_declined_whole",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("declined_at__isnull", True)),
                                fields=("facility", "reference"),
                                name="bridgeproposal_reference_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BridgeProposalEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[("drawdown", "Drawdown"), ("repayment", "Repayment")], max_length=20
                            ),
                        ),
                        ("amount_pence", models.BigIntegerField()),
                        ("on_date", models.DateField()),
                        ("reference", models.CharField(max_length=60)),
                        ("proposed_at", models.DateTimeField()),
                        ("declined_at", models.DateTimeField(blank=True, null=True)),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "declined_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "movement",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.bridgemovement",
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
                                to="funding.bridgeproposal",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.bridgingfacility",
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
                    model_name="partneraward",
                    trigger=pgtrigger.compiler.Trigger(
                        name="within_award_year",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM funding_awardyear y WHERE y.id = NEW.award_year_id\n                        AND NEW.starts_on >= make_date(y.financial_year, 4, 1)\n                        AND NEW.ends_on <= make_date(y.financial_year + 1, 3, 31)) THEN\n                        RAISE EXCEPTION 'partneraward_within_award_year: % leaves its award year', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_within_award_year';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="fe5fdbf601949492d906cd210033d6b4b72ebd1d",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_within_award_year_732ab",
                            table="funding_partneraward",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partneraward",
                    trigger=pgtrigger.compiler.Trigger(
                        name="only_decided",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."delivery_id" IS DISTINCT FROM (NEW."delivery_id") OR OLD."award_year_id" IS DISTINCT FROM (NEW."award_year_id") OR OLD."ring_fence_id" IS DISTINCT FROM (NEW."ring_fence_id") OR OLD."amount_pence" IS DISTINCT FROM (NEW."amount_pence") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."agreed_on" IS DISTINCT FROM (NEW."agreed_on") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="5922feafb90a2e65817e904587476e249a24a050",
                            operation="UPDATE",
                            pgid="pgtrigger_only_decided_2da83",
                            table="funding_partneraward",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partneraward",
                    trigger=pgtrigger.compiler.Trigger(
                        name="decided_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."approved_by_id" IS NOT NULL OR OLD."declined_by_id" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="ca43a78bdf61b793f5c2f12ef15201c58a90dc07",
                            operation="UPDATE",
                            pgid="pgtrigger_decided_once_62238",
                            table="funding_partneraward",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partneraward",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="be5f842a02528605f16f9a01f3ee1db658b9f56c",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_64d75",
                            table="funding_partneraward",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partneraward",
                    trigger=pgtrigger.compiler.Trigger(
                        name="within_ring_fence",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."ring_fence_id" IS NOT NULL AND NEW."declined_by_id" IS NULL)',
                            declare="DECLARE fence funding_ringfence; taken bigint;",
                            func="\n                    SELECT * INTO fence FROM funding_ringfence WHERE id = NEW.ring_fence_id FOR UPDATE;\n                    IF fence.award_year_id <> NEW.award_year_id THEN\n                        RAISE EXCEPTION 'partneraward_ring_fence_of_award_year: % names a wrong one', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_ring_fence_of_award_year';\n                    END IF;\n                    SELECT COALESCE(sum(a.amount_pence), 0) INTO taken FROM funding_partneraward a\n                    WHERE a.ring_fence_id = NEW.ring_fence_id AND a.id <> NEW.id AND a.declined_by_id IS NULL\n                    AND (a.amount_pence > 0 OR a.approved_by_id IS NOT NULL);\n                    IF NEW.amount_pence > 0 AND fence.amount_kind IN ('fixed', 'maximum')\n                       AND taken + NEW.amount_pence > fence.amount_pence THEN\n                        RAISE EXCEPTION 'partneraward_within_ring_fence: % is more than is left', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_within_ring_fence';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="40de3a66fe05cb682f4d3c86b137399d9d2a37f2",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_within_ring_fence_37210",
                            table="funding_partneraward",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partneraward",
                    trigger=pgtrigger.compiler.Trigger(
                        name="not_below_zero",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."amount_pence" < 0 AND NEW."declined_by_id" IS NULL)',
                            declare="DECLARE others bigint;",
                            func="\n                    PERFORM 1 FROM funding_awardyear WHERE id = NEW.award_year_id FOR UPDATE;\n                    SELECT COALESCE(sum(a.amount_pence), 0) INTO others FROM funding_partneraward a\n                    WHERE a.award_year_id = NEW.award_year_id AND a.delivery_id = NEW.delivery_id\n                    AND a.ring_fence_id IS NOT DISTINCT FROM NEW.ring_fence_id\n                    AND a.id <> NEW.id AND a.declined_by_id IS NULL\n                    AND (a.amount_pence < 0 OR a.approved_by_id IS NOT NULL);\n                    IF others + NEW.amount_pence < 0 THEN\n                        RAISE EXCEPTION 'partneraward_not_below_zero: only % was awarded', others\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_not_below_zero';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="ba1a94a9d4dc04bb3709dc39b4ce90e9e9bc030e",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_not_below_zero_d0dd1",
                            table="funding_partneraward",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partneraward",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_partnerawardevent" ("agreed_on", "amount_pence", "approved_by_id", "award_year_id", "declined_by_id", "declined_reason", "delivery_id", "ends_on", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "reference", "ring_fence_id", "starts_on") VALUES (NEW."agreed_on", NEW."amount_pence", NEW."approved_by_id", NEW."award_year_id", NEW."declined_by_id", NEW."declined_reason", NEW."delivery_id", NEW."ends_on", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_by_id", NEW."reference", NEW."ring_fence_id", NEW."starts_on"); RETURN NULL;',
                            hash="4dc3ec6bf1cf6027e6b52beb17a5bb172a22842d",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_536ee",
                            table="funding_partneraward",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partneraward",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_partnerawardevent" ("agreed_on", "amount_pence", "approved_by_id", "award_year_id", "declined_by_id", "declined_reason", "delivery_id", "ends_on", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "reference", "ring_fence_id", "starts_on") VALUES (NEW."agreed_on", NEW."amount_pence", NEW."approved_by_id", NEW."award_year_id", NEW."declined_by_id", NEW."declined_reason", NEW."delivery_id", NEW."ends_on", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_by_id", NEW."reference", NEW."ring_fence_id", NEW."starts_on"); RETURN NULL;',
                            hash="c5a7ae9df58cc6e9205fcd843eb1c1bd14879136",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_ace7c",
                            table="funding_partneraward",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partneraward",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_partnerawardevent" ("agreed_on", "amount_pence", "approved_by_id", "award_year_id", "declined_by_id", "declined_reason", "delivery_id", "ends_on", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "reference", "ring_fence_id", "starts_on") VALUES (OLD."agreed_on", OLD."amount_pence", OLD."approved_by_id", OLD."award_year_id", OLD."declined_by_id", OLD."declined_reason", OLD."delivery_id", OLD."ends_on", OLD."id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_by_id", OLD."reference", OLD."ring_fence_id", OLD."starts_on"); RETURN NULL;',
                            hash="68ea0ebe7d8876c205994aa664b2be03d22f6470",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f00c4",
                            table="funding_partneraward",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partneraward",
                    trigger=pgtrigger.compiler.Trigger(
                        name="within_grant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."declined_by_id" IS NULL)',
                            func="\n                    IF NEW.amount_pence > (\n                        SELECT COALESCE(y.awarded_pence, y.announced_pence, y.applied_pence)\n                        FROM funding_awardyear y WHERE y.id = NEW.award_year_id) THEN\n                        RAISE EXCEPTION 'partneraward_within_grant: % is more than the whole grant', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_within_grant';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="1c8744572570f21d4499032833353990c7854ace",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_within_grant_3d386",
                            table="funding_partneraward",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partnerawardevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="017e8b32ec5f51608a4cdcd614cf9cb018177ead",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_73b0d",
                            table="funding_partnerawardevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="fund",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_fundevent" ("announced_on", "announced_total_pence", "announced_wording", "funder_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (NEW."announced_on", NEW."announced_total_pence", NEW."announced_wording", NEW."funder_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose"); RETURN NULL;',
                            hash="59e04c55fa673fff2425000d17c5c5acb5ea8529",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_0d128",
                            table="funding_fund",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="fund",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_fundevent" ("announced_on", "announced_total_pence", "announced_wording", "funder_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (NEW."announced_on", NEW."announced_total_pence", NEW."announced_wording", NEW."funder_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose"); RETURN NULL;',
                            hash="7b894dd741a5517571edf8ebaa76e9c1ab33ff52",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_7b681",
                            table="funding_fund",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="fund",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_fundevent" ("announced_on", "announced_total_pence", "announced_wording", "funder_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (OLD."announced_on", OLD."announced_total_pence", OLD."announced_wording", OLD."funder_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purpose"); RETURN NULL;',
                            hash="26b34f3c8acd3fd39285248402c89c7cb4750c7b",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2993a",
                            table="funding_fund",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="fundevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="dcb710ff32602a83d11acb77d2f81b4913bbc1ed",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_49b7a",
                            table="funding_fundevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="awardyear",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."fund_id" IS DISTINCT FROM (NEW."fund_id") OR OLD."financial_year" IS DISTINCT FROM (NEW."financial_year"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="3b96448ce922ffd93b6236271a7541049497c8ba",
                            operation="UPDATE",
                            pgid="pgtrigger_never_moves_9f7f5",
                            table="funding_awardyear",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="awardyear",
                    trigger=pgtrigger.compiler.Trigger(
                        name="agrees_with_steps",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n    IF EXISTS (\n        SELECT 1 FROM funding_awardyear y\n        WHERE y.id = NEW.id AND (\n            y.state IS DISTINCT FROM (\n                SELECT s.state FROM funding_awardyearstep s WHERE s.award_year_id = y.id ORDER BY s.id DESC LIMIT 1)\n            OR y.announced_pence IS DISTINCT FROM (\n                SELECT s.amount_pence FROM funding_awardyearstep s WHERE s.award_year_id = y.id\n                AND s.state = 'announced' AND s.amount_pence IS NOT NULL ORDER BY s.id DESC LIMIT 1)\n            OR y.applied_pence IS DISTINCT FROM (\n                SELECT s.amount_pence FROM funding_awardyearstep s WHERE s.award_year_id = y.id\n                AND s.state = 'applied' AND s.amount_pence IS NOT NULL ORDER BY s.id DESC LIMIT 1)\n            OR y.awarded_pence IS DISTINCT FROM (\n                SELECT s.amount_pence FROM funding_awardyearstep s WHERE s.award_year_id = y.id\n                AND s.state IN ('agreement_signed', 'approved', 'reduced')\n                AND s.amount_pence IS NOT NULL ORDER BY s.id DESC LIMIT 1))) THEN\n        RAISE EXCEPTION 'awardyear_agrees_with_steps: award year % differs from its steps', NEW.id\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'awardyear_agrees_with_steps';\n    END IF;\n    RETURN NULL;\n",
                            hash="9c62afceda92686053bc55a96d82225b971135dd",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_agrees_with_steps_805e5",
                            table="funding_awardyear",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="awardyear",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_awardyearevent" ("announced_pence", "applied_pence", "awarded_pence", "financial_year", "fund_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state") VALUES (NEW."announced_pence", NEW."applied_pence", NEW."awarded_pence", NEW."financial_year", NEW."fund_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."state"); RETURN NULL;',
                            hash="653553d931e2e58d5e3519279feef3f1c848d365",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e069f",
                            table="funding_awardyear",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="awardyear",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_awardyearevent" ("announced_pence", "applied_pence", "awarded_pence", "financial_year", "fund_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state") VALUES (NEW."announced_pence", NEW."applied_pence", NEW."awarded_pence", NEW."financial_year", NEW."fund_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."state"); RETURN NULL;',
                            hash="64798541639901ba2715ac0f0d24040be6845061",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_693dd",
                            table="funding_awardyear",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="awardyear",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_awardyearevent" ("announced_pence", "applied_pence", "awarded_pence", "financial_year", "fund_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state") VALUES (OLD."announced_pence", OLD."applied_pence", OLD."awarded_pence", OLD."financial_year", OLD."fund_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."state"); RETURN NULL;',
                            hash="7479ef669618eaa6d1d9b2f7ab6b93bdf59411ec",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_02fe6",
                            table="funding_awardyear",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="awardyearevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="7a215d71f9ffdef5cfe1f25220298f5c3d3bbcfd",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3d3fd",
                            table="funding_awardyearevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="awardyearstep",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="432b44a421fb020dbdc62fd440a006727bced7fe",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_7a0fe",
                            table="funding_awardyearstep",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="awardyearstep",
                    trigger=pgtrigger.compiler.Trigger(
                        name="legal",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE before funding_awardyearstep;",
                            func="\n                    PERFORM 1 FROM funding_awardyear WHERE id = NEW.award_year_id FOR UPDATE;\n                    SELECT * INTO before FROM funding_awardyearstep\n                    WHERE award_year_id = NEW.award_year_id ORDER BY id DESC LIMIT 1;\n                    IF (COALESCE(before.state, ''), NEW.state) NOT IN (('', 'announced'), ('', 'applied'), ('agreement_signed', 'agreement_signed'), ('agreement_signed', 'fully_claimed'), ('agreement_signed', 'lapsed'), ('agreement_signed', 'part_claimed'), ('agreement_signed', 'reduced'), ('agreement_signed', 'withdrawn'), ('announced', 'announced'), ('announced', 'applied'), ('announced', 'lapsed'), ('announced', 'reduced'), ('announced', 'withdrawn'), ('applied', 'applied'), ('applied', 'approved'), ('applied', 'lapsed'), ('applied', 'reduced'), ('applied', 'withdrawn'), ('approved', 'agreement_signed'), ('approved', 'approved'), ('approved', 'lapsed'), ('approved', 'reduced'), ('approved', 'withdrawn'), ('fully_claimed', 'reconciled'), ('fully_claimed', 'reduced'), ('part_claimed', 'fully_claimed'), ('part_claimed', 'lapsed'), ('part_claimed', 'reduced'), ('part_claimed', 'withdrawn'), ('reconciled', 'closed'), ('reduced', 'agreement_signed'), ('reduced', 'lapsed'), ('reduced', 'reduced'), ('reduced', 'withdrawn')) THEN\n                        RAISE EXCEPTION 'awardyearstep_legal: % does not follow %', NEW.state, before.state\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'awardyearstep_legal';\n                    END IF;\n                    IF NEW.on_date < before.on_date THEN\n                        RAISE EXCEPTION 'awardyearstep_in_order: the step before was on %', before.on_date\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'awardyearstep_in_order';\n                    END IF;\n                    IF NEW.state = before.state AND NEW.note = '' THEN\n                        RAISE EXCEPTION 'awardyearstep_correction_has_note: say why the amount is corrected'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'awardyearstep_correction_has_note';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="d913d0af2f1249f325f251688b0cbce5628593a1",
                            operation="INSERT",
                            pgid="pgtrigger_legal_2488b",
                            table="funding_awardyearstep",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantreceipt",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b79bd74daea941a565e566380909009ca9ae060d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6e77b",
                            table="funding_grantreceipt",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantreceipt",
                    trigger=pgtrigger.compiler.Trigger(
                        name="not_below_zero",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."amount_pence" < 0)',
                            declare="DECLARE lowest bigint;",
                            func="\n                    PERFORM 1 FROM funding_awardyear WHERE id = NEW.award_year_id FOR UPDATE;\n                    SELECT min(balance) INTO lowest FROM (\n                        SELECT sum(amount_pence)\n                            OVER (ORDER BY on_date, amount_pence DESC ROWS UNBOUNDED PRECEDING) AS balance\n                        FROM (\n                            SELECT on_date, amount_pence FROM funding_grantreceipt\n                            WHERE award_year_id = NEW.award_year_id\n                            UNION ALL SELECT NEW.on_date, NEW.amount_pence\n                        ) AS every\n                    ) AS running;\n                    IF lowest < 0 THEN\n                        RAISE EXCEPTION 'grantreceipt_not_below_zero: less has come in than % takes back', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantreceipt_not_below_zero';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="f88f0c5712920b36a37b8bf8b1a31e7090f8d66b",
                            operation="INSERT",
                            pgid="pgtrigger_not_below_zero_c857b",
                            table="funding_grantreceipt",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ringfence",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_ringfenceevent" ("amount_kind", "amount_pence", "award_year_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (NEW."amount_kind", NEW."amount_pence", NEW."award_year_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose"); RETURN NULL;',
                            hash="f2248e169b64dc42235cdc9d1b24715e0d5845f7",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_0c7ca",
                            table="funding_ringfence",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ringfence",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_ringfenceevent" ("amount_kind", "amount_pence", "award_year_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (NEW."amount_kind", NEW."amount_pence", NEW."award_year_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose"); RETURN NULL;',
                            hash="9042da6ee7fa141b44ea7d50dd186a9038ba6724",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e0006",
                            table="funding_ringfence",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ringfence",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_ringfenceevent" ("amount_kind", "amount_pence", "award_year_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (OLD."amount_kind", OLD."amount_pence", OLD."award_year_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purpose"); RETURN NULL;',
                            hash="110871ab7ae6abad96e29e9780f55afd2873ff58",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_feb53",
                            table="funding_ringfence",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ringfence",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."award_year_id" IS DISTINCT FROM (NEW."award_year_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="f9db4ffbf7e96a07fb8ea16bd912ffd5fd71670c",
                            operation="UPDATE",
                            pgid="pgtrigger_never_moves_36515",
                            table="funding_ringfence",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ringfence",
                    trigger=pgtrigger.compiler.Trigger(
                        name="covers_awards",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"amount_kind\" IN ('fixed', 'maximum'))",
                            func="\n                    IF NEW.amount_pence < (\n                        SELECT COALESCE(sum(a.amount_pence), 0) FROM funding_partneraward a\n                        WHERE a.ring_fence_id = NEW.id AND a.declined_by_id IS NULL\n                        AND (a.amount_pence > 0 OR a.approved_by_id IS NOT NULL)) THEN\n                        RAISE EXCEPTION 'ringfence_covers_awards: more has been awarded'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ringfence_covers_awards';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="39902cccde8515317b7e500d1ed580aa1809f56a",
                            operation="UPDATE",
                            pgid="pgtrigger_covers_awards_dd1b6",
                            table="funding_ringfence",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ringfenceevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4a44c6bf7d180ef8c82237e0a3133dd77b35e658",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c825f",
                            table="funding_ringfenceevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="match",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_matchevent" ("amount_pence", "award_year_id", "confirmed_on", "evidence", "id", "kind", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."amount_pence", NEW."award_year_id", NEW."confirmed_on", NEW."evidence", NEW."id", NEW."kind", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="515629bdbcabe729787cbac61fbcd8e9d6cfd671",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_452d8",
                            table="funding_match",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="match",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_matchevent" ("amount_pence", "award_year_id", "confirmed_on", "evidence", "id", "kind", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."amount_pence", NEW."award_year_id", NEW."confirmed_on", NEW."evidence", NEW."id", NEW."kind", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="e46c4aef217a708a9317e2ce74132a6882527fc8",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_188a1",
                            table="funding_match",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="match",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_matchevent" ("amount_pence", "award_year_id", "confirmed_on", "evidence", "id", "kind", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."amount_pence", OLD."award_year_id", OLD."confirmed_on", OLD."evidence", OLD."id", OLD."kind", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="9a89b87379d52757f10e3a94d3b877a4255e09ec",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_55aa8",
                            table="funding_match",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="matchevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a8b97685d03b7850037f27a88d5aebc99ebd870e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_11f1c",
                            table="funding_matchevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgingfacility",
                    trigger=pgtrigger.compiler.Trigger(
                        name="limit_covers_drawn",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NEW.limit_pence < (\n                        SELECT COALESCE(sum(m.amount_pence), 0) FROM funding_bridgemovement m\n                        WHERE m.facility_id = NEW.id AND m.kind = 'drawdown') THEN\n                        RAISE EXCEPTION 'bridgingfacility_limit_covers_drawn: more has been drawn'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgingfacility_limit_covers_drawn';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="e647cf7632fa19282b529a84a08b98fbdba89adb",
                            operation="UPDATE",
                            pgid="pgtrigger_limit_covers_drawn_7143f",
                            table="funding_bridgingfacility",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgingfacility",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_bridgingfacilityevent" ("agreed_on", "decision_reference", "expires_on", "fund_id", "id", "kind", "lender_id", "limit_pence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purposes", "starts_on") VALUES (NEW."agreed_on", NEW."decision_reference", NEW."expires_on", NEW."fund_id", NEW."id", NEW."kind", NEW."lender_id", NEW."limit_pence", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purposes", NEW."starts_on"); RETURN NULL;',
                            hash="9416bb7c55dca6e20af1f1a765d08a7ed5b6df4c",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_1f015",
                            table="funding_bridgingfacility",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgingfacility",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_bridgingfacilityevent" ("agreed_on", "decision_reference", "expires_on", "fund_id", "id", "kind", "lender_id", "limit_pence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purposes", "starts_on") VALUES (NEW."agreed_on", NEW."decision_reference", NEW."expires_on", NEW."fund_id", NEW."id", NEW."kind", NEW."lender_id", NEW."limit_pence", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purposes", NEW."starts_on"); RETURN NULL;',
                            hash="7bdd06cc6551366386e1103737ec3c6f1caf967e",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_ad78a",
                            table="funding_bridgingfacility",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgingfacility",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_bridgingfacilityevent" ("agreed_on", "decision_reference", "expires_on", "fund_id", "id", "kind", "lender_id", "limit_pence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purposes", "starts_on") VALUES (OLD."agreed_on", OLD."decision_reference", OLD."expires_on", OLD."fund_id", OLD."id", OLD."kind", OLD."lender_id", OLD."limit_pence", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purposes", OLD."starts_on"); RETURN NULL;',
                            hash="21ff1f5967c33e6ee01fc5279e2fd8c3df7ee7d5",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_40f6b",
                            table="funding_bridgingfacility",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgingfacilityevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="a360b24ae02b133c941338bca02ed36e86b96207",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_d9e23",
                            table="funding_bridgingfacilityevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgemovement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c019baf9d485a3e20baa609f9c24227d9ba289f5",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_ba19c",
                            table="funding_bridgemovement",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgemovement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="within_facility",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE facility funding_bridgingfacility; drawn bigint; lowest bigint;",
                            func="\n                    SELECT * INTO facility FROM funding_bridgingfacility WHERE id = NEW.facility_id FOR UPDATE;\n                    SELECT COALESCE(sum(amount_pence), 0) INTO drawn FROM funding_bridgemovement\n                    WHERE facility_id = NEW.facility_id AND kind = 'drawdown';\n                    IF NEW.kind = 'drawdown' AND drawn + NEW.amount_pence > facility.limit_pence THEN\n                        RAISE EXCEPTION 'bridgemovement_drawn_within_limit: % is drawn', drawn\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_drawn_within_limit';\n                    END IF;\n                    IF NEW.kind = 'drawdown'\n                       AND NEW.on_date NOT BETWEEN facility.starts_on AND facility.expires_on THEN\n                        RAISE EXCEPTION 'bridgemovement_drawn_while_open: it is not open on %', NEW.on_date\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_drawn_while_open';\n                    END IF;\n                    -- On no day may more be repaid than was drawn by then; within a day drawdowns come first.\n                    SELECT min(balance) INTO lowest FROM (\n                        SELECT sum(signed) OVER (ORDER BY on_date, signed DESC ROWS UNBOUNDED PRECEDING) AS balance\n                        FROM (\n                            SELECT on_date,\n                                CASE kind WHEN 'repayment' THEN -amount_pence ELSE amount_pence END AS signed\n                            FROM funding_bridgemovement WHERE facility_id = NEW.facility_id\n                            UNION ALL\n                            SELECT NEW.on_date,\n                                CASE NEW.kind WHEN 'repayment' THEN -NEW.amount_pence ELSE NEW.amount_pence END\n                        ) AS every\n                    ) AS running;\n                    IF lowest < 0 THEN\n                        RAISE EXCEPTION 'bridgemovement_repaid_within_drawn: more than is owed'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_repaid_within_drawn';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="a4c541a594b9de5a38de2d3390fc8a96bb412356",
                            operation="INSERT",
                            pgid="pgtrigger_within_facility_611f6",
                            table="funding_bridgemovement",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgemovement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="was_proposed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n                    IF NOT EXISTS (SELECT 1 FROM funding_bridgeproposal p WHERE p.movement_id = NEW.id) THEN\n                        RAISE EXCEPTION 'bridgemovement_was_proposed: nobody proposed %', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_was_proposed';\n                    END IF;\n                    RETURN NULL;\n                ",
                            hash="8a04f65cd9e0cd9e074dfe02edb0f6831104c054",
                            operation="INSERT",
                            pgid="pgtrigger_was_proposed_3efa0",
                            table="funding_bridgemovement",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgeproposal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_bridgeproposalevent" ("amount_pence", "declined_at", "declined_by_id", "declined_reason", "facility_id", "id", "kind", "movement_id", "on_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reference") VALUES (NEW."amount_pence", NEW."declined_at", NEW."declined_by_id", NEW."declined_reason", NEW."facility_id", NEW."id", NEW."kind", NEW."movement_id", NEW."on_date", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reference"); RETURN NULL;',
                            hash="b7dc2d56c9c4b155aa5029587b11c7908f5fab59",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_5c8f7",
                            table="funding_bridgeproposal",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgeproposal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_bridgeproposalevent" ("amount_pence", "declined_at", "declined_by_id", "declined_reason", "facility_id", "id", "kind", "movement_id", "on_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reference") VALUES (NEW."amount_pence", NEW."declined_at", NEW."declined_by_id", NEW."declined_reason", NEW."facility_id", NEW."id", NEW."kind", NEW."movement_id", NEW."on_date", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reference"); RETURN NULL;',
                            hash="9125d10c1a9023cbd9b01cd01e27690225baf672",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_45fd5",
                            table="funding_bridgeproposal",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgeproposal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_bridgeproposalevent" ("amount_pence", "declined_at", "declined_by_id", "declined_reason", "facility_id", "id", "kind", "movement_id", "on_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reference") VALUES (OLD."amount_pence", OLD."declined_at", OLD."declined_by_id", OLD."declined_reason", OLD."facility_id", OLD."id", OLD."kind", OLD."movement_id", OLD."on_date", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reference"); RETURN NULL;',
                            hash="a4522eb0de94f85025dd5a28ac5f3e2e1c0da6d1",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_37ad3",
                            table="funding_bridgeproposal",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgeproposal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="only_decided",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."facility_id" IS DISTINCT FROM (NEW."facility_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."amount_pence" IS DISTINCT FROM (NEW."amount_pence") OR OLD."on_date" IS DISTINCT FROM (NEW."on_date") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="791a260d26ecbc1a7c7d8643d4feb7710b703040",
                            operation="UPDATE",
                            pgid="pgtrigger_only_decided_483d6",
                            table="funding_bridgeproposal",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgeproposal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="decided_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."movement_id" IS NOT NULL OR OLD."declined_at" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="aabb88d6e3b275e1f9c930fd6d5e4faea907bea6",
                            operation="UPDATE",
                            pgid="pgtrigger_decided_once_db991",
                            table="funding_bridgeproposal",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgeproposal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="694ecf388b5d9493dd791168397e9cddf3e48d38",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_3d3e3",
                            table="funding_bridgeproposal",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgeproposal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="movement_as_proposed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."movement_id" IS NOT NULL)',
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM funding_bridgemovement m WHERE m.id = NEW.movement_id\n                        AND (m.facility_id, m.kind, m.amount_pence, m.on_date, m.reference, m.proposed_by_id)\n                        = (NEW.facility_id, NEW.kind, NEW.amount_pence, NEW.on_date, NEW.reference, NEW.proposed_by_id)\n                    ) THEN\n                        RAISE EXCEPTION 'bridgeproposal_movement_as_proposed: % is another movement', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgeproposal_movement_as_proposed';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="7d6ab608f14f7a4593f914b4c8370a6b0fb2e8eb",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_movement_as_proposed_e08c8",
                            table="funding_bridgeproposal",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bridgeproposalevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="e266642c8658478e863eb4888465d3e366a26e93",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3a4e2",
                            table="funding_bridgeproposalevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ],
        ),
    ]
