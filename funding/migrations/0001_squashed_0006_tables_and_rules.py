"""Every table and every trigger, as they stood when the migrations until then were made one."""

import django.core.serializers.json
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
        ("funding", "0001_tables_and_rules"),
        ("funding", "0002_priorities"),
        ("funding", "0003_budgets_and_conditions"),
        ("funding", "0004_deflators"),
        ("funding", "0005_yearly_round"),
        ("funding", "0006_paying_partners"),
    ]

    initial = True

    dependencies = [
        ("partners", "0001_squashed_0002_tables_and_rules"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("programmes", "0001_squashed_0002_tables_and_rules"),
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
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("delivery", "Services by partners"),
                                    ("evaluation", "Evaluation and learning"),
                                    ("team", "The unit’s own team"),
                                    ("engagement", "Networks and engagement"),
                                    ("running", "Running costs"),
                                ],
                                default="delivery",
                                max_length=20,
                            ),
                        ),
                        (
                            "holds_for_returns",
                            models.BooleanField(
                                default=False, help_text="Nothing of it is paid while a return is missing."
                            ),
                        ),
                        (
                            "paid_by",
                            models.CharField(
                                choices=[
                                    ("claims", "Claims for what was spent, quarter by quarter"),
                                    ("monthly", "Instalments at the beginning of each month"),
                                    ("quarterly", "Instalments at the beginning of every third month"),
                                ],
                                default="claims",
                                max_length=20,
                            ),
                        ),
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("category__in", ["delivery", "evaluation", "team", "engagement", "running"])
                                ),
                                name="partneraward_category",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("paid_by__in", ["claims", "monthly", "quarterly"])),
                                name="partneraward_paid_by",
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
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("delivery", "Services by partners"),
                                    ("evaluation", "Evaluation and learning"),
                                    ("team", "The unit’s own team"),
                                    ("engagement", "Networks and engagement"),
                                    ("running", "Running costs"),
                                ],
                                default="delivery",
                                max_length=20,
                            ),
                        ),
                        (
                            "holds_for_returns",
                            models.BooleanField(
                                default=False, help_text="Nothing of it is paid while a return is missing."
                            ),
                        ),
                        (
                            "paid_by",
                            models.CharField(
                                choices=[
                                    ("claims", "Claims for what was spent, quarter by quarter"),
                                    ("monthly", "Instalments at the beginning of each month"),
                                    ("quarterly", "Instalments at the beginning of every third month"),
                                ],
                                default="claims",
                                max_length=20,
                            ),
                        ),
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
                        (
                            "claim",
                            models.ForeignKey(
                                blank=True,
                                help_text="Which claim it pays.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="funding.grantclaim",
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
                        (
                            "category",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("delivery", "Services by partners"),
                                    ("evaluation", "Evaluation and learning"),
                                    ("team", "The unit’s own team"),
                                    ("engagement", "Networks and engagement"),
                                    ("running", "Running costs"),
                                ],
                                help_text="Only spending of this kind; empty for any.",
                                max_length=20,
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("category__in", ["delivery", "evaluation", "team", "engagement", "running", ""])
                                ),
                                name="ringfence_category",
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
                        (
                            "category",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("delivery", "Services by partners"),
                                    ("evaluation", "Evaluation and learning"),
                                    ("team", "The unit’s own team"),
                                    ("engagement", "Networks and engagement"),
                                    ("running", "Running costs"),
                                ],
                                help_text="Only spending of this kind; empty for any.",
                                max_length=20,
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
                                choices=[
                                    ("drawdown", "Drawdown"),
                                    ("repayment", "Repayment"),
                                    ("write_off", "Write-off"),
                                ],
                                max_length=20,
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
                        ("reason", models.CharField(blank=True, help_text="Why it is written off.", max_length=300)),
                    ],
                    options={
                        "ordering": ["on_date", "id"],
                        "constraints": [
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
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["drawdown", "repayment", "write_off"])),
                                name="bridgemovement_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind", "write_off"), ("reason", ""), _negated=True),
                                name="bridgemovement_write_off_has_reason",
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
                                choices=[
                                    ("drawdown", "Drawdown"),
                                    ("repayment", "Repayment"),
                                    ("write_off", "Write-off"),
                                ],
                                max_length=20,
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
                        ("reason", models.CharField(blank=True, help_text="Why it is written off.", max_length=300)),
                    ],
                    options={
                        "ordering": ["proposed_at", "id"],
                        "constraints": [
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
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["drawdown", "repayment", "write_off"])),
                                name="bridgeproposal_kind",
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
                                choices=[
                                    ("drawdown", "Drawdown"),
                                    ("repayment", "Repayment"),
                                    ("write_off", "Write-off"),
                                ],
                                max_length=20,
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
                        ("reason", models.CharField(blank=True, help_text="Why it is written off.", max_length=300)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="DeliveryPriority",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("rank", models.PositiveSmallIntegerField()),
                        (
                            "delivery",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="priority",
                                to="programmes.delivery",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "delivery priorities",
                        "ordering": ["rank", "delivery"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("rank__gte", 1), ("rank__lte", 99)),
                                name="deliverypriority_rank_in_range",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeliveryPriorityEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("rank", models.PositiveSmallIntegerField()),
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
                                to="funding.deliverypriority",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="BudgetChange",
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
                                choices=[("plan", "Plan"), ("virement", "Virement"), ("variation", "Variation")],
                                max_length=20,
                            ),
                        ),
                        ("reference", models.CharField(help_text="Of the decision.", max_length=60, unique=True)),
                        (
                            "consent_reference",
                            models.CharField(blank=True, help_text="Of the funder's letter.", max_length=60),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("proposed_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
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
                                related_name="budget_changes",
                                to="funding.awardyear",
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
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["proposed_at", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["plan", "virement", "variation"])),
                                name="budgetchange_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="budgetchange_has_reason"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("proposed_by", models.F("approved_by")), _negated=True),
                                name="budgetchange_approved_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approved_at__isnull", True),
                                        ("approved_by__isnull", True),
                                        ("declined_by__isnull", True),
                                        ("declined_reason", ""),
                                    ),
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        ("approved_by__isnull", False),
                                        ("declined_by__isnull", True),
                                        ("declined_reason", ""),
                                    ),
                                    models.Q(
                                        ("approved_at__isnull", True),
                                        ("approved_by__isnull", True),
                                        ("declined_by__isnull", False),
                                        models.Q(("declined_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="budgetchange_decided_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BudgetChangeEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[("plan", "Plan"), ("virement", "Virement"), ("variation", "Variation")],
                                max_length=20,
                            ),
                        ),
                        ("reference", models.CharField(help_text="Of the decision.", max_length=60)),
                        (
                            "consent_reference",
                            models.CharField(blank=True, help_text="Of the funder's letter.", max_length=60),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("proposed_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
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
                                to="funding.budgetchange",
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="BudgetEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount_pence", models.BigIntegerField()),
                        (
                            "change",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="funding.budgetchange",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="funding.budgetline",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "budget entries",
                        "ordering": ["change", "line"],
                        "constraints": [
                            models.UniqueConstraint(fields=("change", "line"), name="budgetentry_line_once"),
                            models.CheckConstraint(
                                condition=models.Q(("amount_pence", 0), _negated=True),
                                name="budgetentry_amount_not_zero",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BudgetLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("delivery", "Services by partners"),
                                    ("evaluation", "Evaluation and learning"),
                                    ("team", "The unit’s own team"),
                                    ("engagement", "Networks and engagement"),
                                    ("running", "Running costs"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "award_year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="budget_lines",
                                to="funding.awardyear",
                            ),
                        ),
                        (
                            "ring_fence",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="budget_lines",
                                to="funding.ringfence",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["award_year", "category", "name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("category__in", ["delivery", "evaluation", "team", "engagement", "running"])
                                ),
                                name="budgetline_category",
                            ),
                            models.UniqueConstraint(fields=("award_year", "name"), name="budgetline_name_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BudgetLineEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=120)),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("delivery", "Services by partners"),
                                    ("evaluation", "Evaluation and learning"),
                                    ("team", "The unit’s own team"),
                                    ("engagement", "Networks and engagement"),
                                    ("running", "Running costs"),
                                ],
                                max_length=20,
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
                                to="funding.budgetline",
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Condition",
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
                                choices=[
                                    ("category_share", "At least a share of the grant is budgeted for a purpose"),
                                    ("match_share", "Confirmed match is at least a share of the grant"),
                                    ("duty", "Something else, in words"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("delivery", "Services by partners"),
                                    ("evaluation", "Evaluation and learning"),
                                    ("team", "The unit’s own team"),
                                    ("engagement", "Networks and engagement"),
                                    ("running", "Running costs"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "basis",
                            models.CharField(
                                blank=True,
                                choices=[("awarded", "What is awarded"), ("announced", "What was announced")],
                                max_length=20,
                            ),
                        ),
                        (
                            "threshold",
                            models.PositiveSmallIntegerField(
                                blank=True, help_text="Hundredths of a per cent: 1000 for 10 %.", null=True
                            ),
                        ),
                        ("wording", models.TextField(help_text="As the funder puts it.")),
                        (
                            "evidence",
                            models.CharField(
                                help_text="Where it is written: the clause, letter or guidance.", max_length=200
                            ),
                        ),
                        ("met_on", models.DateField(blank=True, help_text="When a duty in words was done.", null=True)),
                        (
                            "award_year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="conditions",
                                to="funding.awardyear",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["award_year", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["category_share", "match_share", "duty"])),
                                name="condition_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("category__in", ["delivery", "evaluation", "team", "engagement", "running", ""])
                                ),
                                name="condition_category",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("basis__in", ["awarded", "announced", ""])), name="condition_basis"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("basis", ""), ("category", ""), ("kind", "duty"), ("threshold__isnull", True)
                                    ),
                                    models.Q(
                                        ("category", ""),
                                        ("kind", "match_share"),
                                        ("threshold__isnull", False),
                                        models.Q(("basis", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("kind", "category_share"),
                                        ("threshold__isnull", False),
                                        models.Q(("basis", ""), _negated=True),
                                        models.Q(("category", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="condition_share_or_words",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("met_on__isnull", True), ("kind", "duty"), _connector="OR"),
                                name="condition_met_on_for_duties",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("threshold__isnull", True),
                                    models.Q(("threshold__gte", 1), ("threshold__lte", 10000)),
                                    _connector="OR",
                                ),
                                name="condition_threshold_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("wording", ""), _negated=True), models.Q(("evidence", ""), _negated=True)
                                ),
                                name="condition_in_words",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConditionEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("category_share", "At least a share of the grant is budgeted for a purpose"),
                                    ("match_share", "Confirmed match is at least a share of the grant"),
                                    ("duty", "Something else, in words"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("delivery", "Services by partners"),
                                    ("evaluation", "Evaluation and learning"),
                                    ("team", "The unit’s own team"),
                                    ("engagement", "Networks and engagement"),
                                    ("running", "Running costs"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "basis",
                            models.CharField(
                                blank=True,
                                choices=[("awarded", "What is awarded"), ("announced", "What was announced")],
                                max_length=20,
                            ),
                        ),
                        (
                            "threshold",
                            models.PositiveSmallIntegerField(
                                blank=True, help_text="Hundredths of a per cent: 1000 for 10 %.", null=True
                            ),
                        ),
                        ("wording", models.TextField(help_text="As the funder puts it.")),
                        (
                            "evidence",
                            models.CharField(
                                help_text="Where it is written: the clause, letter or guidance.", max_length=200
                            ),
                        ),
                        ("met_on", models.DateField(blank=True, help_text="When a duty in words was done.", null=True)),
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
                                to="funding.condition",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="DeflatorSeries",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("published_on", models.DateField()),
                        ("loaded_at", models.DateTimeField()),
                        (
                            "loaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "deflator series",
                        "ordering": ["-published_on", "name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("name", "published_on"), name="deflatorseries_published_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeflatorIndex",
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
                        ("index", models.DecimalField(decimal_places=4, max_digits=9)),
                        (
                            "series",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="indices",
                                to="funding.deflatorseries",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "deflator indices",
                        "ordering": ["series", "financial_year"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("series", "financial_year"), name="deflatorindex_year_once"
                            ),
                            models.CheckConstraint(condition=models.Q(("index__gt", 0)), name="deflatorindex_positive"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Application",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField()),
                        ("asked_pence", models.BigIntegerField()),
                        (
                            "note",
                            models.CharField(
                                blank=True,
                                help_text="What is new in this version, or who asked for it.",
                                max_length=300,
                            ),
                        ),
                        ("contents", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                        ("kept_at", models.DateTimeField()),
                        (
                            "award_year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="applications",
                                to="funding.awardyear",
                            ),
                        ),
                        (
                            "kept_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["award_year", "-version"],
                        "constraints": [
                            models.UniqueConstraint(fields=("award_year", "version"), name="application_version_once"),
                            models.CheckConstraint(
                                condition=models.Q(("asked_pence__gt", 0)), name="application_asks_for_something"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GrantClaim",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quarter", models.DateField(help_text="The first day of the quarter.")),
                        ("amount_pence", models.BigIntegerField()),
                        ("reference", models.CharField(help_text="As on the claim form.", max_length=60)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("proposed_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
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
                                related_name="claims",
                                to="funding.awardyear",
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
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["quarter", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("award_year", "reference"), name="grantclaim_reference_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quarter__day", 1), ("quarter__month__in", [1, 4, 7, 10])),
                                name="grantclaim_quarter_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount_pence__gt", 0),
                                    models.Q(("amount_pence__lt", 0), models.Q(("note", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="grantclaim_correction_has_note",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("proposed_by", models.F("approved_by")), _negated=True),
                                name="grantclaim_approved_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approved_at__isnull", True),
                                        ("approved_by__isnull", True),
                                        ("declined_by__isnull", True),
                                        ("declined_reason", ""),
                                    ),
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        ("approved_by__isnull", False),
                                        ("declined_by__isnull", True),
                                        ("declined_reason", ""),
                                    ),
                                    models.Q(
                                        ("approved_at__isnull", True),
                                        ("approved_by__isnull", True),
                                        ("declined_by__isnull", False),
                                        models.Q(("declined_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="grantclaim_decided_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GrantClaimEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("quarter", models.DateField(help_text="The first day of the quarter.")),
                        ("amount_pence", models.BigIntegerField()),
                        ("reference", models.CharField(help_text="As on the claim form.", max_length=60)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("proposed_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
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
                                to="funding.grantclaim",
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Claim",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("quarter", models.DateField(help_text="The first day of the quarter.")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("sent", "Sent"),
                                    ("queried", "Queried"),
                                    ("approved", "Approved"),
                                    ("declined", "Declined"),
                                ],
                                default="draft",
                                max_length=20,
                            ),
                        ),
                        (
                            "award",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="funding.partneraward",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-quarter", "award"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["draft", "sent", "queried", "approved", "declined"])),
                                name="claim_state",
                            ),
                            models.UniqueConstraint(fields=("award", "quarter"), name="claim_once"),
                            models.CheckConstraint(
                                condition=models.Q(("quarter__day", 1), ("quarter__month__in", [1, 4, 7, 10])),
                                name="claim_quarter_begins",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClaimEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("quarter", models.DateField(help_text="The first day of the quarter.")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("sent", "Sent"),
                                    ("queried", "Queried"),
                                    ("approved", "Approved"),
                                    ("declined", "Declined"),
                                ],
                                default="draft",
                                max_length=20,
                            ),
                        ),
                        (
                            "award",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.partneraward",
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
                                to="funding.claim",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ClaimFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=200)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("pdf", "PDF"),
                                    ("png", "PNG"),
                                    ("jpeg", "JPEG"),
                                    ("xlsx", "Excel workbook"),
                                    ("ods", "OpenDocument spreadsheet"),
                                    ("docx", "Word document"),
                                    ("csv", "CSV"),
                                ],
                                help_text="As its content says, whatever its name.",
                                max_length=10,
                            ),
                        ),
                        ("size", models.PositiveIntegerField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("stored_as", models.CharField(max_length=100, unique=True)),
                        ("added_at", models.DateTimeField()),
                        ("removed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "claim",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="files", to="funding.claim"
                            ),
                        ),
                        (
                            "removed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["claim", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["pdf", "png", "jpeg", "xlsx", "ods", "docx", "csv"])),
                                name="claimfile_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                                    models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="claimfile_removed_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("size__gt", 0), ("size__lte", 10485760)), name="claimfile_size"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("removed_at__isnull", True)),
                                fields=("claim", "sha256"),
                                name="claimfile_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClaimFileEvent",
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
                                    ("pdf", "PDF"),
                                    ("png", "PNG"),
                                    ("jpeg", "JPEG"),
                                    ("xlsx", "Excel workbook"),
                                    ("ods", "OpenDocument spreadsheet"),
                                    ("docx", "Word document"),
                                    ("csv", "CSV"),
                                ],
                                help_text="As its content says, whatever its name.",
                                max_length=10,
                            ),
                        ),
                        ("size", models.PositiveIntegerField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("stored_as", models.CharField(max_length=100)),
                        ("added_at", models.DateTimeField()),
                        ("removed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "added_by",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "claim",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.claim",
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
                                to="funding.claimfile",
                            ),
                        ),
                        (
                            "removed_by",
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ClaimLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "heading",
                            models.CharField(
                                choices=[
                                    ("staff", "Staff"),
                                    ("activities", "Activities"),
                                    ("travel", "Travel"),
                                    ("premises", "Premises"),
                                    ("equipment", "Equipment"),
                                    ("overheads", "Overheads"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("amount_pence", models.BigIntegerField()),
                        (
                            "claim",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="funding.claim"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["claim", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "heading__in",
                                        ["staff", "activities", "travel", "premises", "equipment", "overheads"],
                                    )
                                ),
                                name="claimline_heading",
                            ),
                            models.UniqueConstraint(fields=("claim", "heading"), name="claimline_heading_once"),
                            models.CheckConstraint(
                                condition=models.Q(("amount_pence__gt", 0)), name="claimline_amount_positive"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClaimLineEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "heading",
                            models.CharField(
                                choices=[
                                    ("staff", "Staff"),
                                    ("activities", "Activities"),
                                    ("travel", "Travel"),
                                    ("premises", "Premises"),
                                    ("equipment", "Equipment"),
                                    ("overheads", "Overheads"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("amount_pence", models.BigIntegerField()),
                        (
                            "claim",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.claim",
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
                                to="funding.claimline",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ClaimStep",
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
                                    ("draft", "Draft"),
                                    ("sent", "Sent"),
                                    ("queried", "Queried"),
                                    ("approved", "Approved"),
                                    ("declined", "Declined"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "claim",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="funding.claim"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["claim", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["draft", "sent", "queried", "approved", "declined"])),
                                name="claimstep_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("note", ""), ("state__in", ["queried", "declined"]), _negated=True),
                                name="claimstep_has_note",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Forecast",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("month", models.DateField()),
                        ("amount_pence", models.BigIntegerField()),
                        ("made_at", models.DateTimeField()),
                        (
                            "award",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="forecasts",
                                to="funding.partneraward",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["award", "month", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="forecast_month_first_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount_pence__gte", 0)), name="forecast_not_negative"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Instalment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("due_on", models.DateField()),
                        ("amount_pence", models.BigIntegerField()),
                        (
                            "award",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="instalments",
                                to="funding.partneraward",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["award", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("award", "number"), name="instalment_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(("amount_pence__gt", 0)), name="instalment_amount_positive"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PartnerPayment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount_pence", models.BigIntegerField()),
                        ("on_date", models.DateField()),
                        ("reference", models.CharField(help_text="As on the remittance.", max_length=60, unique=True)),
                        ("note", models.TextField(blank=True)),
                        ("proposed_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
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
                            "claim",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="funding.claim",
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
                        (
                            "instalment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="funding.instalment",
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
                    ],
                    options={
                        "ordering": ["on_date", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("claim__isnull", False), ("instalment__isnull", True)),
                                    models.Q(("claim__isnull", True), ("instalment__isnull", False)),
                                    _connector="OR",
                                ),
                                name="partnerpayment_of_one_thing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount_pence__gt", 0),
                                    models.Q(("amount_pence__lt", 0), models.Q(("note", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="partnerpayment_correction_has_note",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("proposed_by", models.F("approved_by")), _negated=True),
                                name="partnerpayment_approved_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approved_at__isnull", True),
                                        ("approved_by__isnull", True),
                                        ("declined_by__isnull", True),
                                        ("declined_reason", ""),
                                    ),
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        ("approved_by__isnull", False),
                                        ("declined_by__isnull", True),
                                        ("declined_reason", ""),
                                    ),
                                    models.Q(
                                        ("approved_at__isnull", True),
                                        ("approved_by__isnull", True),
                                        ("declined_by__isnull", False),
                                        models.Q(("declined_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="partnerpayment_decided_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PartnerPaymentEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("amount_pence", models.BigIntegerField()),
                        ("on_date", models.DateField()),
                        ("reference", models.CharField(help_text="As on the remittance.", max_length=60)),
                        ("note", models.TextField(blank=True)),
                        ("proposed_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
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
                            "claim",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.claim",
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
                        (
                            "instalment",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.instalment",
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
                                to="funding.partnerpayment",
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
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PaymentHold",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(help_text="What payments wait for, as a sentence.", max_length=300),
                        ),
                        ("placed_at", models.DateTimeField()),
                        ("lifted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "award",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="holds",
                                to="funding.partneraward",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["placed_at", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("lifted_at__isnull", True)),
                                fields=("award",),
                                name="paymenthold_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="paymenthold_has_reason"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("lifted_at__isnull", True),
                                    ("lifted_at__gte", models.F("placed_at")),
                                    _connector="OR",
                                ),
                                name="paymenthold_lifted_after",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentHoldEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        (
                            "reason",
                            models.CharField(help_text="What payments wait for, as a sentence.", max_length=300),
                        ),
                        ("placed_at", models.DateTimeField()),
                        ("lifted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "award",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.partneraward",
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
                                to="funding.paymenthold",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="WriteOff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("amount_pence", models.BigIntegerField()),
                        ("reason", models.CharField(max_length=300)),
                        ("decision_reference", models.CharField(max_length=60, unique=True)),
                        ("proposed_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
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
                            "award",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="write_offs",
                                to="funding.partneraward",
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
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["proposed_at", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount_pence__gt", 0)), name="writeoff_amount_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reason", ""), _negated=True),
                                    models.Q(("decision_reference", ""), _negated=True),
                                ),
                                name="writeoff_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("proposed_by", models.F("approved_by")), _negated=True),
                                name="writeoff_approved_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approved_at__isnull", True),
                                        ("approved_by__isnull", True),
                                        ("declined_by__isnull", True),
                                        ("declined_reason", ""),
                                    ),
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        ("approved_by__isnull", False),
                                        ("declined_by__isnull", True),
                                        ("declined_reason", ""),
                                    ),
                                    models.Q(
                                        ("approved_at__isnull", True),
                                        ("approved_by__isnull", True),
                                        ("declined_by__isnull", False),
                                        models.Q(("declined_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="writeoff_decided_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WriteOffEvent",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("amount_pence", models.BigIntegerField()),
                        ("reason", models.CharField(max_length=300)),
                        ("decision_reference", models.CharField(max_length=60)),
                        ("proposed_at", models.DateTimeField()),
                        ("approved_at", models.DateTimeField(blank=True, null=True)),
                        ("declined_reason", models.CharField(blank=True, max_length=300)),
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
                            "award",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="funding.partneraward",
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
                                to="funding.writeoff",
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
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_partnerawardevent" ("agreed_on", "amount_pence", "approved_by_id", "award_year_id", "category", "declined_by_id", "declined_reason", "delivery_id", "ends_on", "holds_for_returns", "id", "note", "paid_by", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "reference", "ring_fence_id", "starts_on") VALUES (OLD."agreed_on", OLD."amount_pence", OLD."approved_by_id", OLD."award_year_id", OLD."category", OLD."declined_by_id", OLD."declined_reason", OLD."delivery_id", OLD."ends_on", OLD."holds_for_returns", OLD."id", OLD."note", OLD."paid_by", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_by_id", OLD."reference", OLD."ring_fence_id", OLD."starts_on"); RETURN NULL;',
                            hash="1dc7fd9dc67a6bd2754fdf72c0e6aff63c66207a",
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
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_partnerawardevent" ("agreed_on", "amount_pence", "approved_by_id", "award_year_id", "category", "declined_by_id", "declined_reason", "delivery_id", "ends_on", "holds_for_returns", "id", "note", "paid_by", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "reference", "ring_fence_id", "starts_on") VALUES (NEW."agreed_on", NEW."amount_pence", NEW."approved_by_id", NEW."award_year_id", NEW."category", NEW."declined_by_id", NEW."declined_reason", NEW."delivery_id", NEW."ends_on", NEW."holds_for_returns", NEW."id", NEW."note", NEW."paid_by", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_by_id", NEW."reference", NEW."ring_fence_id", NEW."starts_on"); RETURN NULL;',
                            hash="e1ddb5805a1be39a13d5bf01343078a9af3a9188",
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
                        name="instalments_add_up",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n                    IF (SELECT COALESCE(sum(i.amount_pence), 0) FROM funding_instalment i WHERE i.award_id = NEW.id)\n                       <> (CASE WHEN NEW.paid_by <> 'claims' AND NEW.amount_pence > 0\n                           THEN NEW.amount_pence ELSE 0 END) THEN\n                        RAISE EXCEPTION 'partneraward_instalments_add_up: those of %', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_instalments_add_up';\n                    END IF;\n                    RETURN NULL;\n                ",
                            hash="e183e9bf399b6abaeda624f5ec37ed9ca5489df0",
                            operation="INSERT",
                            pgid="pgtrigger_instalments_add_up_37c53",
                            table="funding_partneraward",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
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
                        name="not_below_zero",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."amount_pence" < 0 AND NEW."declined_by_id" IS NULL)',
                            declare="DECLARE others bigint;",
                            func="\n                    PERFORM 1 FROM funding_awardyear WHERE id = NEW.award_year_id FOR UPDATE;\n                    SELECT COALESCE(sum(a.amount_pence), 0) INTO others FROM funding_partneraward a\n                    WHERE a.award_year_id = NEW.award_year_id AND a.delivery_id = NEW.delivery_id\n                    AND a.ring_fence_id IS NOT DISTINCT FROM NEW.ring_fence_id AND a.paid_by = NEW.paid_by\n                    AND a.id <> NEW.id AND a.declined_by_id IS NULL\n                    AND (a.amount_pence < 0 OR a.approved_by_id IS NOT NULL);\n                    IF others + NEW.amount_pence < 0 THEN\n                        RAISE EXCEPTION 'partneraward_not_below_zero: only % was awarded', others\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_not_below_zero';\n                    END IF;\n                    IF NEW.approved_by_id IS NOT NULL AND others + NEW.amount_pence < (\n                        SELECT COALESCE(sum(l.amount_pence), 0) FROM funding_claimline l\n                        JOIN funding_claim c ON c.id = l.claim_id AND c.state = 'approved'\n                        JOIN funding_partneraward a ON a.id = c.award_id\n                        WHERE a.award_year_id = NEW.award_year_id AND a.delivery_id = NEW.delivery_id\n                        AND a.ring_fence_id IS NOT DISTINCT FROM NEW.ring_fence_id AND a.paid_by = NEW.paid_by) THEN\n                        RAISE EXCEPTION 'partneraward_covers_claims: more was claimed and approved'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_covers_claims';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="7a160104b3331b6195441d2ce08a821c56f0a1a0",
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
                        name="only_decided",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."delivery_id" IS DISTINCT FROM (NEW."delivery_id") OR OLD."award_year_id" IS DISTINCT FROM (NEW."award_year_id") OR OLD."ring_fence_id" IS DISTINCT FROM (NEW."ring_fence_id") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."amount_pence" IS DISTINCT FROM (NEW."amount_pence") OR OLD."paid_by" IS DISTINCT FROM (NEW."paid_by") OR OLD."holds_for_returns" IS DISTINCT FROM (NEW."holds_for_returns") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."agreed_on" IS DISTINCT FROM (NEW."agreed_on") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="dbd19bd41b810c778db647f9f3bb0ea0774b676a",
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
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_partnerawardevent" ("agreed_on", "amount_pence", "approved_by_id", "award_year_id", "category", "declined_by_id", "declined_reason", "delivery_id", "ends_on", "holds_for_returns", "id", "note", "paid_by", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "reference", "ring_fence_id", "starts_on") VALUES (NEW."agreed_on", NEW."amount_pence", NEW."approved_by_id", NEW."award_year_id", NEW."category", NEW."declined_by_id", NEW."declined_reason", NEW."delivery_id", NEW."ends_on", NEW."holds_for_returns", NEW."id", NEW."note", NEW."paid_by", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_by_id", NEW."reference", NEW."ring_fence_id", NEW."starts_on"); RETURN NULL;',
                            hash="b88a04d434f9d7c41d5e56528da3da1bcaaaa7b6",
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
                    model_name="partneraward",
                    trigger=pgtrigger.compiler.Trigger(
                        name="within_ring_fence",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."ring_fence_id" IS NOT NULL AND NEW."declined_by_id" IS NULL)',
                            declare="DECLARE fence funding_ringfence; taken bigint;",
                            func="\n                    SELECT * INTO fence FROM funding_ringfence WHERE id = NEW.ring_fence_id FOR UPDATE;\n                    IF fence.award_year_id <> NEW.award_year_id THEN\n                        RAISE EXCEPTION 'partneraward_ring_fence_of_award_year: % names a wrong one', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_ring_fence_of_award_year';\n                    END IF;\n                    IF fence.category NOT IN ('', NEW.category) THEN\n                        RAISE EXCEPTION 'partneraward_inside_ring_fence: % is for something else', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_inside_ring_fence';\n                    END IF;\n                    SELECT COALESCE(sum(a.amount_pence), 0) INTO taken FROM funding_partneraward a\n                    WHERE a.ring_fence_id = NEW.ring_fence_id AND a.id <> NEW.id AND a.declined_by_id IS NULL\n                    AND (a.amount_pence > 0 OR a.approved_by_id IS NOT NULL);\n                    IF NEW.amount_pence > 0 AND fence.amount_kind IN ('fixed', 'maximum')\n                       AND taken + NEW.amount_pence > fence.amount_pence THEN\n                        RAISE EXCEPTION 'partneraward_within_ring_fence: % is more than is left', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partneraward_within_ring_fence';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="0f9ad55a45b34a0b07c6edaa76bb0c09665e2f73",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_within_ring_fence_37210",
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
                        name="claim_of_award_year",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."claim_id" IS NOT NULL)',
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM funding_grantclaim c WHERE c.id = NEW.claim_id\n                        AND c.award_year_id = NEW.award_year_id AND c.approved_by_id IS NOT NULL) THEN\n                        RAISE EXCEPTION 'grantreceipt_claim_of_award_year: % names a wrong claim', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantreceipt_claim_of_award_year';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="3e0ebab7ee4c956926180800e10022b4dbb06438",
                            operation="INSERT",
                            pgid="pgtrigger_claim_of_award_year_1874e",
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
                    model_name="ringfence",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_ringfenceevent" ("amount_kind", "amount_pence", "award_year_id", "category", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (OLD."amount_kind", OLD."amount_pence", OLD."award_year_id", OLD."category", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."purpose"); RETURN NULL;',
                            hash="67c679a631ee5764d23b464b91ad4629815e32f7",
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
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_ringfenceevent" ("amount_kind", "amount_pence", "award_year_id", "category", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (NEW."amount_kind", NEW."amount_pence", NEW."award_year_id", NEW."category", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose"); RETURN NULL;',
                            hash="87dd53fe11948c51c20c9c1dce0f840e38a4c8f8",
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
                        name="keeps_its_category",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."category" IS DISTINCT FROM (NEW."category"))',
                            func="\n                    IF EXISTS (SELECT 1 FROM funding_partneraward a WHERE a.ring_fence_id = NEW.id)\n                       OR EXISTS (SELECT 1 FROM funding_budgetline l WHERE l.ring_fence_id = NEW.id) THEN\n                        RAISE EXCEPTION 'ringfence_keeps_its_category: money is budgeted or awarded out of it'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ringfence_keeps_its_category';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="235a7eb7ce357bc8c226464a636dc9f97e57ae47",
                            operation="UPDATE",
                            pgid="pgtrigger_keeps_its_category_4076e",
                            table="funding_ringfence",
                            when="BEFORE",
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
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_ringfenceevent" ("amount_kind", "amount_pence", "award_year_id", "category", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose") VALUES (NEW."amount_kind", NEW."amount_pence", NEW."award_year_id", NEW."category", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose"); RETURN NULL;',
                            hash="720dfa4141d3aa3d28aeeba17151238541ac8684",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e0006",
                            table="funding_ringfence",
                            when="AFTER",
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
                    model_name="bridgemovement",
                    trigger=pgtrigger.compiler.Trigger(
                        name="within_facility",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE facility funding_bridgingfacility; drawn bigint; lowest bigint;",
                            func="\n                    SELECT * INTO facility FROM funding_bridgingfacility WHERE id = NEW.facility_id FOR UPDATE;\n                    SELECT COALESCE(sum(amount_pence), 0) INTO drawn FROM funding_bridgemovement\n                    WHERE facility_id = NEW.facility_id AND kind = 'drawdown';\n                    IF NEW.kind = 'drawdown' AND drawn + NEW.amount_pence > facility.limit_pence THEN\n                        RAISE EXCEPTION 'bridgemovement_drawn_within_limit: % is drawn', drawn\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_drawn_within_limit';\n                    END IF;\n                    IF NEW.kind = 'drawdown'\n                       AND NEW.on_date NOT BETWEEN facility.starts_on AND facility.expires_on THEN\n                        RAISE EXCEPTION 'bridgemovement_drawn_while_open: it is not open on %', NEW.on_date\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_drawn_while_open';\n                    END IF;\n                    -- On no day may more be settled than was drawn by then; within a day drawdowns come first.\n                    SELECT min(balance) INTO lowest FROM (\n                        SELECT sum(signed) OVER (ORDER BY on_date, signed DESC ROWS UNBOUNDED PRECEDING) AS balance\n                        FROM (\n                            SELECT on_date,\n                                CASE WHEN kind IN ('repayment', 'write_off') THEN -amount_pence ELSE amount_pence END\n                                AS signed\n                            FROM funding_bridgemovement WHERE facility_id = NEW.facility_id\n                            UNION ALL\n                            SELECT NEW.on_date,\n                                CASE WHEN NEW.kind IN ('repayment', 'write_off')\n                                THEN -NEW.amount_pence ELSE NEW.amount_pence END\n                        ) AS every\n                    ) AS running;\n                    IF lowest < 0 THEN\n                        RAISE EXCEPTION 'bridgemovement_repaid_within_drawn: more than is owed'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_repaid_within_drawn';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="11db8836c9a85c97ea38b2d87b9ed8694b34db0d",
                            operation="INSERT",
                            pgid="pgtrigger_within_facility_611f6",
                            table="funding_bridgemovement",
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
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_bridgeproposalevent" ("amount_pence", "declined_at", "declined_by_id", "declined_reason", "facility_id", "id", "kind", "movement_id", "on_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "reference") VALUES (OLD."amount_pence", OLD."declined_at", OLD."declined_by_id", OLD."declined_reason", OLD."facility_id", OLD."id", OLD."kind", OLD."movement_id", OLD."on_date", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reason", OLD."reference"); RETURN NULL;',
                            hash="5cebb94395677f47944368af1bf6d214e218b7bf",
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
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_bridgeproposalevent" ("amount_pence", "declined_at", "declined_by_id", "declined_reason", "facility_id", "id", "kind", "movement_id", "on_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "reference") VALUES (NEW."amount_pence", NEW."declined_at", NEW."declined_by_id", NEW."declined_reason", NEW."facility_id", NEW."id", NEW."kind", NEW."movement_id", NEW."on_date", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."reference"); RETURN NULL;',
                            hash="51c1d4e1c2155d652caedc2e39dac86e832d878e",
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
                        name="movement_as_proposed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."movement_id" IS NOT NULL)',
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM funding_bridgemovement m WHERE m.id = NEW.movement_id\n                        AND (m.facility_id, m.kind, m.amount_pence, m.on_date, m.reference, m.reason, m.proposed_by_id)\n                        = (NEW.facility_id, NEW.kind, NEW.amount_pence, NEW.on_date, NEW.reference, NEW.reason,\n                           NEW.proposed_by_id)\n                    ) THEN\n                        RAISE EXCEPTION 'bridgeproposal_movement_as_proposed: % is another movement', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgeproposal_movement_as_proposed';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="45af60cd7545b8d5f634fc2e06b3acae19b5b7ae",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_movement_as_proposed_e08c8",
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
                        name="only_decided",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."facility_id" IS DISTINCT FROM (NEW."facility_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."amount_pence" IS DISTINCT FROM (NEW."amount_pence") OR OLD."on_date" IS DISTINCT FROM (NEW."on_date") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="0f303e64f24a7f8b5c346ee416868b0210cc7bac",
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
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_bridgeproposalevent" ("amount_pence", "declined_at", "declined_by_id", "declined_reason", "facility_id", "id", "kind", "movement_id", "on_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "reference") VALUES (NEW."amount_pence", NEW."declined_at", NEW."declined_by_id", NEW."declined_reason", NEW."facility_id", NEW."id", NEW."kind", NEW."movement_id", NEW."on_date", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."reference"); RETURN NULL;',
                            hash="08ea2f9a0441d41698744a810d2037997d5c162d",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_45fd5",
                            table="funding_bridgeproposal",
                            when="AFTER",
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
                pgtrigger.migrations.AddTrigger(
                    model_name="deliverypriority",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_deliverypriorityevent" ("delivery_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank") VALUES (OLD."delivery_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rank"); RETURN NULL;',
                            hash="8e7eee3b0952fcd8bf1fd0099d508f734d7f8c75",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_92cf2",
                            table="funding_deliverypriority",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="deliverypriority",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_deliverypriorityevent" ("delivery_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank") VALUES (NEW."delivery_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rank"); RETURN NULL;',
                            hash="cea4d344487f264db5b1012ff9d382bc6418ed8a",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_61eb4",
                            table="funding_deliverypriority",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="deliverypriority",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_deliverypriorityevent" ("delivery_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank") VALUES (NEW."delivery_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rank"); RETURN NULL;',
                            hash="1ca92b497e577f683c2f763c429c72236a9bc576",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_200d1",
                            table="funding_deliverypriority",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="deliverypriorityevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0f2dccc7784c994f9f0844e9e09fc9bd908a074a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_fe78b",
                            table="funding_deliverypriorityevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetchange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="adds_up",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            declare="DECLARE entries int; total bigint; purposes int; of_year boolean;",
                            func="\n    SELECT count(*), COALESCE(sum(e.amount_pence), 0),\n           count(DISTINCT COALESCE(l.ring_fence_id, 0)), bool_and(l.award_year_id = NEW.award_year_id)\n    INTO entries, total, purposes, of_year\n    FROM funding_budgetentry e JOIN funding_budgetline l ON l.id = e.line_id WHERE e.change_id = NEW.id;\n    IF entries = 0 THEN\n        RAISE EXCEPTION 'budgetchange_has_entries: % moves nothing', NEW.reference\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_has_entries';\n    END IF;\n    IF NOT of_year THEN\n        RAISE EXCEPTION 'budgetchange_of_one_award_year: % leaves its award year', NEW.reference\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_of_one_award_year';\n    END IF;\n    IF NEW.kind = 'virement' AND total <> 0 THEN\n        RAISE EXCEPTION 'budgetchange_virement_balances: % adds up to %', NEW.reference, total\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_virement_balances';\n    END IF;\n    IF NEW.consent_reference = '' AND (NEW.kind = 'variation' OR (NEW.kind = 'virement' AND purposes > 1)) THEN\n        RAISE EXCEPTION 'budgetchange_has_consent: % needs the consent of the funder', NEW.reference\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_has_consent';\n    END IF;\n    RETURN NULL;\n",
                            hash="738019e14a31005f86966ff40de03b9469e4fd80",
                            operation="INSERT",
                            pgid="pgtrigger_adds_up_440c4",
                            table="funding_budgetchange",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetchange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="decided_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."approved_by_id" IS NOT NULL OR OLD."declined_by_id" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="e7ca786582c31177eeb29453a2ecf55b827b4a8c",
                            operation="UPDATE",
                            pgid="pgtrigger_decided_once_ff3f0",
                            table="funding_budgetchange",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetchange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_budgetchangeevent" ("approved_at", "approved_by_id", "award_year_id", "consent_reference", "declined_by_id", "declined_reason", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "reference") VALUES (OLD."approved_at", OLD."approved_by_id", OLD."award_year_id", OLD."consent_reference", OLD."declined_by_id", OLD."declined_reason", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reason", OLD."reference"); RETURN NULL;',
                            hash="812ab2b9882d67181e0202924d55bc42e1209e01",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_4f288",
                            table="funding_budgetchange",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetchange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fits",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."approved_by_id" IS NOT NULL)',
                            func="\n    PERFORM 1 FROM funding_awardyear WHERE id = NEW.award_year_id FOR UPDATE;\n    IF EXISTS (\n        SELECT 1 FROM funding_budgetentry e JOIN funding_budgetchange c ON c.id = e.change_id\n        WHERE c.award_year_id = NEW.award_year_id AND (c.approved_by_id IS NOT NULL OR c.id = NEW.id)\n        GROUP BY e.line_id HAVING sum(e.amount_pence) < 0) THEN\n        RAISE EXCEPTION 'budgetchange_not_below_zero: % takes more than there is', NEW.reference\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_not_below_zero';\n    END IF;\n    IF EXISTS (\n        SELECT 1 FROM funding_budgetentry e JOIN funding_budgetchange c ON c.id = e.change_id\n        JOIN funding_budgetline l ON l.id = e.line_id JOIN funding_ringfence f ON f.id = l.ring_fence_id\n        WHERE c.award_year_id = NEW.award_year_id AND (c.approved_by_id IS NOT NULL OR c.id = NEW.id)\n        AND f.amount_kind IN ('fixed', 'maximum')\n        GROUP BY f.id, f.amount_pence HAVING sum(e.amount_pence) > f.amount_pence) THEN\n        RAISE EXCEPTION 'budgetchange_within_ring_fence: % plans more than a ring-fence has', NEW.reference\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetchange_within_ring_fence';\n    END IF;\n    RETURN NEW;\n",
                            hash="b635a6b1f5d74869463ea6d3d9d5663fe1035c28",
                            operation="UPDATE",
                            pgid="pgtrigger_fits_eb987",
                            table="funding_budgetchange",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetchange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_budgetchangeevent" ("approved_at", "approved_by_id", "award_year_id", "consent_reference", "declined_by_id", "declined_reason", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "reference") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."award_year_id", NEW."consent_reference", NEW."declined_by_id", NEW."declined_reason", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."reference"); RETURN NULL;',
                            hash="1b0cc6cc51423330d6637b3e85d80e2c035df322",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_9483d",
                            table="funding_budgetchange",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetchange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="a026483c16766aef188973c76558611390cccda4",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_fc65d",
                            table="funding_budgetchange",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetchange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="only_decided",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."award_year_id" IS DISTINCT FROM (NEW."award_year_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."consent_reference" IS DISTINCT FROM (NEW."consent_reference") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="08bd78d435907273313bef78858cb240d04b22e2",
                            operation="UPDATE",
                            pgid="pgtrigger_only_decided_5f14e",
                            table="funding_budgetchange",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetchange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="proposed_first",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."approved_by_id" IS NOT NULL OR NEW."declined_by_id" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                            hash="aa745964836bd72b19d38445fa7cfa4ffc91cf06",
                            operation="INSERT",
                            pgid="pgtrigger_proposed_first_6dafa",
                            table="funding_budgetchange",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetchange",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_budgetchangeevent" ("approved_at", "approved_by_id", "award_year_id", "consent_reference", "declined_by_id", "declined_reason", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "reference") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."award_year_id", NEW."consent_reference", NEW."declined_by_id", NEW."declined_reason", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."reference"); RETURN NULL;',
                            hash="1a9d753080898ec041776d7f9872db0ecaa82824",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_650f3",
                            table="funding_budgetchange",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetchangeevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="95e335610e8ff339664bba536cbc8e8b1b057b60",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9df80",
                            table="funding_budgetchangeevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="49711effcb097608a0e0b00967e5dbed6ac5894a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1a335",
                            table="funding_budgetentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="with_its_change",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NOT EXISTS (SELECT 1 FROM funding_budgetchange c\n                                   WHERE c.id = NEW.change_id AND pg_xact_status((((pg_current_xact_id()::text::bigint >> 32) << 32) + c.xmin::text::bigint)::text::xid8) IS NOT DISTINCT FROM 'in progress') THEN\n                        RAISE EXCEPTION 'budgetentry_with_its_change: the change was proposed without it'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetentry_with_its_change';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="4a26c1a4c4f507bdb8b20f10f2524e2988b363b0",
                            operation="INSERT",
                            pgid="pgtrigger_with_its_change_9a8b5",
                            table="funding_budgetentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_budgetlineevent" ("award_year_id", "category", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ring_fence_id") VALUES (OLD."award_year_id", OLD."category", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."ring_fence_id"); RETURN NULL;',
                            hash="a5fa9f2323b153a084f876267509d8120b35ace2",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_364a2",
                            table="funding_budgetline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_budgetlineevent" ("award_year_id", "category", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ring_fence_id") VALUES (NEW."award_year_id", NEW."category", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."ring_fence_id"); RETURN NULL;',
                            hash="dfd1982a6e5ca7700fadc175a4ef9540212d3962",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_c094a",
                            table="funding_budgetline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."award_year_id" IS DISTINCT FROM (NEW."award_year_id") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."ring_fence_id" IS DISTINCT FROM (NEW."ring_fence_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="7e1cbc4245849b362c9da1efa69115479461374b",
                            operation="UPDATE",
                            pgid="pgtrigger_never_moves_05954",
                            table="funding_budgetline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="ring_fence_of_award_year",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."ring_fence_id" IS NOT NULL)',
                            declare="DECLARE fence funding_ringfence;",
                            func="\n                    SELECT * INTO fence FROM funding_ringfence WHERE id = NEW.ring_fence_id;\n                    IF fence.award_year_id <> NEW.award_year_id THEN\n                        RAISE EXCEPTION 'budgetline_ring_fence_of_award_year: % names a wrong one', NEW.name\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetline_ring_fence_of_award_year';\n                    END IF;\n                    IF fence.category NOT IN ('', NEW.category) THEN\n                        RAISE EXCEPTION 'budgetline_inside_ring_fence: % is for something else', NEW.name\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'budgetline_inside_ring_fence';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="c33dd71aa6ee33b4f0d137ad88f39633e0b1ebd7",
                            operation="INSERT",
                            pgid="pgtrigger_ring_fence_of_award_year_c4e4d",
                            table="funding_budgetline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_budgetlineevent" ("award_year_id", "category", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "ring_fence_id") VALUES (NEW."award_year_id", NEW."category", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."ring_fence_id"); RETURN NULL;',
                            hash="bb80b44277b666cc2c60a13482cb398825cf51c6",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_179cb",
                            table="funding_budgetline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="budgetlineevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="326a6fbe016a5bbeb1b414e94e84690c868ffc56",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_44f7b",
                            table="funding_budgetlineevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="condition",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_conditionevent" ("award_year_id", "basis", "category", "evidence", "id", "kind", "met_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "threshold", "wording") VALUES (OLD."award_year_id", OLD."basis", OLD."category", OLD."evidence", OLD."id", OLD."kind", OLD."met_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."threshold", OLD."wording"); RETURN NULL;',
                            hash="aac77baab619ddc88028381ba65fc3257ed888d3",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_9742b",
                            table="funding_condition",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="condition",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_conditionevent" ("award_year_id", "basis", "category", "evidence", "id", "kind", "met_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "threshold", "wording") VALUES (NEW."award_year_id", NEW."basis", NEW."category", NEW."evidence", NEW."id", NEW."kind", NEW."met_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."threshold", NEW."wording"); RETURN NULL;',
                            hash="a11bd5ca63d5a2e1a3ebfcbb0cf4386aacb4fed1",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a3ff3",
                            table="funding_condition",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="condition",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."award_year_id" IS DISTINCT FROM (NEW."award_year_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="a5658fb2dfd87e776379ea4fa8dcc280ae6a4e6d",
                            operation="UPDATE",
                            pgid="pgtrigger_never_moves_bebd0",
                            table="funding_condition",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="condition",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_conditionevent" ("award_year_id", "basis", "category", "evidence", "id", "kind", "met_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "threshold", "wording") VALUES (NEW."award_year_id", NEW."basis", NEW."category", NEW."evidence", NEW."id", NEW."kind", NEW."met_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."threshold", NEW."wording"); RETURN NULL;',
                            hash="19cdb41be20a7e63769f762eb1f64cc1cff24e23",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_04b73",
                            table="funding_condition",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="conditionevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="2a6be3c9b40c0efddce17281966b4e6e462ebf8b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6b77d",
                            table="funding_conditionevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="deflatorseries",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b6136327e8721117c2d405888208541439996b62",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1ea50",
                            table="funding_deflatorseries",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="deflatorindex",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0d1c961a3cbf28fbe69ac1338b01ebad62bfdf21",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_ad01f",
                            table="funding_deflatorindex",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="application",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3505a8e1b3d0c908829745a2694f0986de47a8eb",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_36aff",
                            table="funding_application",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantclaim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="decided_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."approved_by_id" IS NOT NULL OR OLD."declined_by_id" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="206e10feb1cf65f43e9ce4d0262980437e36816d",
                            operation="UPDATE",
                            pgid="pgtrigger_decided_once_cecc0",
                            table="funding_grantclaim",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantclaim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_grantclaimevent" ("amount_pence", "approved_at", "approved_by_id", "award_year_id", "declined_by_id", "declined_reason", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "quarter", "reference") VALUES (OLD."amount_pence", OLD."approved_at", OLD."approved_by_id", OLD."award_year_id", OLD."declined_by_id", OLD."declined_reason", OLD."id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."quarter", OLD."reference"); RETURN NULL;',
                            hash="72ab812f10b426a0706523737b15edc2c581127d",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_6b533",
                            table="funding_grantclaim",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantclaim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_grantclaimevent" ("amount_pence", "approved_at", "approved_by_id", "award_year_id", "declined_by_id", "declined_reason", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "quarter", "reference") VALUES (NEW."amount_pence", NEW."approved_at", NEW."approved_by_id", NEW."award_year_id", NEW."declined_by_id", NEW."declined_reason", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."quarter", NEW."reference"); RETURN NULL;',
                            hash="f079bce0292151c7811c99bc454aedf9ca2a93a0",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_48532",
                            table="funding_grantclaim",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantclaim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="9ee28d02b0689b0e062610662d61f6de0beeb0c7",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_c7286",
                            table="funding_grantclaim",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantclaim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="only_decided",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."award_year_id" IS DISTINCT FROM (NEW."award_year_id") OR OLD."quarter" IS DISTINCT FROM (NEW."quarter") OR OLD."amount_pence" IS DISTINCT FROM (NEW."amount_pence") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="a5c09fc204b7bf771290de3acfd1e9ffd2dcf288",
                            operation="UPDATE",
                            pgid="pgtrigger_only_decided_db071",
                            table="funding_grantclaim",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantclaim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_grantclaimevent" ("amount_pence", "approved_at", "approved_by_id", "award_year_id", "declined_by_id", "declined_reason", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "quarter", "reference") VALUES (NEW."amount_pence", NEW."approved_at", NEW."approved_by_id", NEW."award_year_id", NEW."declined_by_id", NEW."declined_reason", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."quarter", NEW."reference"); RETURN NULL;',
                            hash="cd6be11a088b615b6f2a16f45a46ca73e7489e58",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6bddc",
                            table="funding_grantclaim",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantclaim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="within_award",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."declined_by_id" IS NULL)',
                            declare="DECLARE award funding_awardyear; others bigint;",
                            func="\n                    SELECT * INTO award FROM funding_awardyear WHERE id = NEW.award_year_id FOR UPDATE;\n                    IF NEW.quarter NOT BETWEEN make_date(award.financial_year, 4, 1)\n                       AND make_date(award.financial_year + 1, 3, 31) THEN\n                        RAISE EXCEPTION 'grantclaim_within_award_year: % leaves its award year', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantclaim_within_award_year';\n                    END IF;\n                    IF award.state NOT IN (\n                        'agreement_signed', 'part_claimed', 'fully_claimed', 'reconciled', 'closed') THEN\n                        RAISE EXCEPTION 'grantclaim_after_signature: the agreement is not signed'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantclaim_after_signature';\n                    END IF;\n                    SELECT COALESCE(sum(c.amount_pence), 0) INTO others FROM funding_grantclaim c\n                    WHERE c.award_year_id = NEW.award_year_id AND c.id <> NEW.id AND c.declined_by_id IS NULL\n                    AND (c.amount_pence > 0 OR c.approved_by_id IS NOT NULL);\n                    IF NEW.amount_pence > 0 AND others + NEW.amount_pence > award.awarded_pence THEN\n                        RAISE EXCEPTION 'grantclaim_within_award: % claims more than is left', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantclaim_within_award';\n                    END IF;\n                    IF NEW.amount_pence < 0 AND NEW.amount_pence + (\n                        SELECT COALESCE(sum(c.amount_pence), 0) FROM funding_grantclaim c\n                        WHERE c.award_year_id = NEW.award_year_id AND c.id <> NEW.id AND c.declined_by_id IS NULL\n                        AND (c.amount_pence < 0 OR c.approved_by_id IS NOT NULL)) < 0 THEN\n                        RAISE EXCEPTION 'grantclaim_not_below_zero: less was claimed than % takes back', NEW.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'grantclaim_not_below_zero';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="f05ec460063f8c5d0d52d934ec57b58b08386766",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_within_award_154fd",
                            table="funding_grantclaim",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="grantclaimevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="00d789793836b57ad6badbff68d3252aaa0c69d8",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_7f050",
                            table="funding_grantclaimevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="agrees_with_steps",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            constraint="CONSTRAINT",
                            func="\n                    IF EXISTS (\n                        SELECT 1 FROM funding_claim c WHERE c.id = NEW.id AND c.state IS DISTINCT FROM (\n                            SELECT s.state FROM funding_claimstep s WHERE s.claim_id = c.id\n                            ORDER BY s.id DESC LIMIT 1)) THEN\n                        RAISE EXCEPTION 'claim_agrees_with_steps: claim %', NEW.id\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_agrees_with_steps';\n                    END IF;\n                    RETURN NULL;\n                ",
                            hash="ef3ccfd1fdd7e896639513efbe9ab7f716d5e8f2",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_agrees_with_steps_37360",
                            table="funding_claim",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_claimevent" ("award_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quarter", "state") VALUES (OLD."award_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."quarter", OLD."state"); RETURN NULL;',
                            hash="dc4fd3d109322e7f3b24a35f239d82f8099ed06b",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_b321c",
                            table="funding_claim",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_claimevent" ("award_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quarter", "state") VALUES (NEW."award_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."quarter", NEW."state"); RETURN NULL;',
                            hash="4d5c799ed7aaa9dc5281c41cacc928c3a481cf08",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_7ed3d",
                            table="funding_claim",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="4d780f9886541b14ae3e35e4a0e13c0d0f201ced",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_bb2db",
                            table="funding_claim",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."award_id" IS DISTINCT FROM (NEW."award_id") OR OLD."quarter" IS DISTINCT FROM (NEW."quarter"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="a2e1c71546c7a16879592ab5b9cc14d4fecc6edf",
                            operation="UPDATE",
                            pgid="pgtrigger_never_moves_89bb1",
                            table="funding_claim",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="of_award",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM funding_partneraward a WHERE a.id = NEW.award_id\n                        AND a.approved_by_id IS NOT NULL AND a.amount_pence > 0 AND a.paid_by = 'claims'\n                        AND NEW.quarter <= a.ends_on AND NEW.quarter + interval '3 months' > a.starts_on) THEN\n                        RAISE EXCEPTION 'claim_of_award: nothing can be claimed of it for %', NEW.quarter\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_of_award';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="546e2ede3ac753036d73ee154b08a0ac48db067c",
                            operation="INSERT",
                            pgid="pgtrigger_of_award_4611f",
                            table="funding_claim",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claim",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_claimevent" ("award_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quarter", "state") VALUES (NEW."award_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."quarter", NEW."state"); RETURN NULL;',
                            hash="9b86b9dbfa3b91425a6290d2af78f267eda9decf",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_fe1b5",
                            table="funding_claim",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="7d195270309ab76cca3a7b97a0c4f30b79f2c060",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_70e4b",
                            table="funding_claimevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_claimfileevent" ("added_at", "added_by_id", "claim_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "sha256", "size", "stored_as") VALUES (OLD."added_at", OLD."added_by_id", OLD."claim_id", OLD."id", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."removed_at", OLD."removed_by_id", OLD."sha256", OLD."size", OLD."stored_as"); RETURN NULL;',
                            hash="418b93e67caf4ec15e54941ee560d38cc702ec9a",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_63f12",
                            table="funding_claimfile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_claimfileevent" ("added_at", "added_by_id", "claim_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "sha256", "size", "stored_as") VALUES (NEW."added_at", NEW."added_by_id", NEW."claim_id", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."removed_at", NEW."removed_by_id", NEW."sha256", NEW."size", NEW."stored_as"); RETURN NULL;',
                            hash="2a33ca1bbb2e4ca69a380b18236ba663105a7616",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d7eda",
                            table="funding_claimfile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="38be6e35805f24e8952751be6113bd0da2bd6dc9",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_c9d15",
                            table="funding_claimfile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="not_too_many",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    PERFORM 1 FROM funding_claim WHERE id = NEW.claim_id FOR UPDATE;\n                    IF (SELECT count(*) FROM funding_claimfile f\n                        WHERE f.claim_id = NEW.claim_id AND f.removed_at IS NULL) >= 10 THEN\n                        RAISE EXCEPTION 'claimfile_not_too_many: 10 are kept'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'claimfile_not_too_many';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="a46356ab2e799c28805453f10c03448d4edbf299",
                            operation="INSERT",
                            pgid="pgtrigger_not_too_many_7edef",
                            table="funding_claimfile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="only_removed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."claim_id" IS DISTINCT FROM (NEW."claim_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."stored_as" IS DISTINCT FROM (NEW."stored_as") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."added_at" IS DISTINCT FROM (NEW."added_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="4427df58fd4cc7eb1517b7298fc3fb8f5ec74860",
                            operation="UPDATE",
                            pgid="pgtrigger_only_removed_136ba",
                            table="funding_claimfile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="removed_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."removed_at" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="7e7ac50be4514d3569da9892d16e7d14e4eb514b",
                            operation="UPDATE",
                            pgid="pgtrigger_removed_once_5c108",
                            table="funding_claimfile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_claimfileevent" ("added_at", "added_by_id", "claim_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "sha256", "size", "stored_as") VALUES (NEW."added_at", NEW."added_by_id", NEW."claim_id", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."removed_at", NEW."removed_by_id", NEW."sha256", NEW."size", NEW."stored_as"); RETURN NULL;',
                            hash="81365eb7ee6d9e420bce7a51267437f6a5c744f9",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_ed0b4",
                            table="funding_claimfile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="while_open_new",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE turn varchar;",
                            func="\n            SELECT c.state INTO turn FROM funding_claim c WHERE c.id = NEW.claim_id FOR SHARE;\n            IF turn NOT IN ('draft', 'queried') THEN\n                RAISE EXCEPTION 'claimfile_while_open: the claim is %', turn\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'claimfile_while_open';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="4faed214ce7c83f06da5605ffa8395da245239d1",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_while_open_new_907d7",
                            table="funding_claimfile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimfileevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="38106e7e4f30c771cf7d6b98257bacf48229c2bd",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_785cb",
                            table="funding_claimfileevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_claimlineevent" ("amount_pence", "claim_id", "heading", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."amount_pence", OLD."claim_id", OLD."heading", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                            hash="9cc607200503f333515a50ddc48da4f4f31ea601",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_5159e",
                            table="funding_claimline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_claimlineevent" ("amount_pence", "claim_id", "heading", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."amount_pence", NEW."claim_id", NEW."heading", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                            hash="c6461888aab9485823d4626361e7dccf84102298",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_b5b90",
                            table="funding_claimline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."claim_id" IS DISTINCT FROM (NEW."claim_id") OR OLD."heading" IS DISTINCT FROM (NEW."heading"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="c8f98c2cf8373fec986f3cf7d509d2818962169b",
                            operation="UPDATE",
                            pgid="pgtrigger_never_moves_25046",
                            table="funding_claimline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_claimlineevent" ("amount_pence", "claim_id", "heading", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."amount_pence", NEW."claim_id", NEW."heading", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                            hash="a01777e7979dc9d7d31d9b6ca44e474d21b25fb0",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c266c",
                            table="funding_claimline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="while_open_new",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE turn varchar;",
                            func="\n            SELECT c.state INTO turn FROM funding_claim c WHERE c.id = NEW.claim_id FOR SHARE;\n            IF turn NOT IN ('draft', 'queried') THEN\n                RAISE EXCEPTION 'claimline_while_open: the claim is %', turn\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'claimline_while_open';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="d51ae9f97596dd4c41de346913405544b008fb86",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_while_open_new_a5cae",
                            table="funding_claimline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="while_open_old",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE turn varchar;",
                            func="\n            SELECT c.state INTO turn FROM funding_claim c WHERE c.id = OLD.claim_id FOR SHARE;\n            IF turn NOT IN ('draft', 'queried') THEN\n                RAISE EXCEPTION 'claimline_while_open: the claim is %', turn\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'claimline_while_open';\n            END IF;\n            RETURN OLD;\n        ",
                            hash="75f61f68c38555d4ff1705d38b756a590e4c79bd",
                            operation="DELETE",
                            pgid="pgtrigger_while_open_old_88723",
                            table="funding_claimline",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimlineevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ba6c4abd993098f67e5a09715533c5e623973425",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_28dc6",
                            table="funding_claimlineevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimstep",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="82850d38a218a0f90d6847e0cd69e55868748cc3",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c3f1f",
                            table="funding_claimstep",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="claimstep",
                    trigger=pgtrigger.compiler.Trigger(
                        name="legal",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE award funding_partneraward; before varchar; of_award bigint; of_all bigint; awarded bigint;",
                            func="\n    SELECT a.* INTO award FROM funding_partneraward a JOIN funding_claim c ON c.award_id = a.id\n    WHERE c.id = NEW.claim_id;\n    PERFORM 1 FROM funding_awardyear WHERE id = award.award_year_id FOR UPDATE;\n    SELECT s.state INTO before FROM funding_claimstep s WHERE s.claim_id = NEW.claim_id ORDER BY s.id DESC LIMIT 1;\n    IF (COALESCE(before, ''), NEW.state) NOT IN (('', 'draft'), ('draft', 'sent'), ('queried', 'declined'), ('queried', 'sent'), ('sent', 'approved'), ('sent', 'declined'), ('sent', 'queried')) THEN\n        RAISE EXCEPTION 'claimstep_legal: % does not follow %', NEW.state, before\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'claimstep_legal';\n    END IF;\n    IF NEW.state = 'sent' AND (\n        NOT EXISTS (SELECT 1 FROM funding_claimline l WHERE l.claim_id = NEW.claim_id)\n        OR NOT EXISTS (SELECT 1 FROM funding_claimfile f WHERE f.claim_id = NEW.claim_id AND f.removed_at IS NULL)) THEN\n        RAISE EXCEPTION 'claimstep_sent_with_evidence: amounts or files are missing'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'claimstep_sent_with_evidence';\n    END IF;\n    IF NEW.state = 'approved' THEN\n        IF EXISTS (SELECT 1 FROM funding_claimstep s\n                   WHERE s.claim_id = NEW.claim_id AND s.state = 'sent' AND s.by_id = NEW.by_id) THEN\n            RAISE EXCEPTION 'claimstep_approved_by_another: who sent it does not approve it'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'claimstep_approved_by_another';\n        END IF;\n        SELECT COALESCE(sum(l.amount_pence) FILTER (WHERE c.award_id = award.id), 0), COALESCE(sum(l.amount_pence), 0)\n        INTO of_award, of_all\n        FROM funding_claimline l JOIN funding_claim c ON c.id = l.claim_id\n        JOIN funding_partneraward a ON a.id = c.award_id\n        WHERE a.award_year_id = award.award_year_id AND a.delivery_id = award.delivery_id\n        AND a.ring_fence_id IS NOT DISTINCT FROM award.ring_fence_id\n        AND (c.state = 'approved' OR c.id = NEW.claim_id);\n        SELECT COALESCE(sum(a.amount_pence), 0) INTO awarded FROM funding_partneraward a\n        WHERE a.award_year_id = award.award_year_id AND a.delivery_id = award.delivery_id\n        AND a.ring_fence_id IS NOT DISTINCT FROM award.ring_fence_id\n        AND a.paid_by = award.paid_by AND a.approved_by_id IS NOT NULL;\n        IF of_award > award.amount_pence OR of_all > awarded THEN\n            RAISE EXCEPTION 'claimstep_within_award: % is awarded', awarded\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'claimstep_within_award';\n        END IF;\n    END IF;\n    RETURN NEW;\n",
                            hash="54f6621916850e69d619dded7f4f31127f6b7f55",
                            operation="INSERT",
                            pgid="pgtrigger_legal_9ce07",
                            table="funding_claimstep",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="forecast",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6ff3ed0c2a7acefd694b20d9181806d8fc5f109a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9a20b",
                            table="funding_forecast",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="forecast",
                    trigger=pgtrigger.compiler.Trigger(
                        name="within_award",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM funding_partneraward a WHERE a.id = NEW.award_id\n                        AND a.approved_by_id IS NOT NULL AND a.amount_pence > 0\n                        AND NEW.month <= a.ends_on AND NEW.month + interval '1 month' > a.starts_on) THEN\n                        RAISE EXCEPTION 'forecast_within_award: % is not of it', NEW.month\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'forecast_within_award';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="f754038393df7153bf43599cad7300ef29f080e7",
                            operation="INSERT",
                            pgid="pgtrigger_within_award_59c71",
                            table="funding_forecast",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="instalment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4f9551cc732d16cfcb43323881ba3985e6fef152",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9527c",
                            table="funding_instalment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="instalment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="with_its_award",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF NOT EXISTS (\n                        SELECT 1 FROM funding_partneraward a\n                        WHERE a.id = NEW.award_id AND pg_xact_status((((pg_current_xact_id()::text::bigint >> 32) << 32) + a.xmin::text::bigint)::text::xid8) IS NOT DISTINCT FROM 'in progress') THEN\n                        RAISE EXCEPTION 'instalment_with_its_award: the award stands already'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalment_with_its_award';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="18c6474c61865baff5439759ffff7fee4c82f612",
                            operation="INSERT",
                            pgid="pgtrigger_with_its_award_28463",
                            table="funding_instalment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partnerpayment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="decided_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."approved_by_id" IS NOT NULL OR OLD."declined_by_id" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="93deee2c35a10e17532b45a234509fac0bb10bfd",
                            operation="UPDATE",
                            pgid="pgtrigger_decided_once_aaf24",
                            table="funding_partnerpayment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partnerpayment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_partnerpaymentevent" ("amount_pence", "approved_at", "approved_by_id", "claim_id", "declined_by_id", "declined_reason", "id", "instalment_id", "note", "on_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reference") VALUES (OLD."amount_pence", OLD."approved_at", OLD."approved_by_id", OLD."claim_id", OLD."declined_by_id", OLD."declined_reason", OLD."id", OLD."instalment_id", OLD."note", OLD."on_date", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reference"); RETURN NULL;',
                            hash="183ecbcb414c56e2115c4ec47969fba811c93f32",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_5ea7d",
                            table="funding_partnerpayment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partnerpayment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fits",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."declined_by_id" IS NULL)',
                            declare="DECLARE award funding_partneraward; due bigint; taken bigint; held bigint;",
                            func="\n    IF NEW.claim_id IS NULL THEN\n        SELECT a.* INTO award FROM funding_partneraward a JOIN funding_instalment i ON i.award_id = a.id\n        WHERE i.id = NEW.instalment_id;\n    ELSE\n        SELECT a.* INTO award FROM funding_partneraward a JOIN funding_claim c ON c.award_id = a.id\n        WHERE c.id = NEW.claim_id;\n    END IF;\n    PERFORM 1 FROM funding_awardyear WHERE id = award.award_year_id FOR UPDATE;\n    IF award.approved_by_id IS NULL OR EXISTS (\n        SELECT 1 FROM funding_claim c WHERE c.id = NEW.claim_id AND c.state <> 'approved') THEN\n        RAISE EXCEPTION 'partnerpayment_of_what_is_owed: nothing is approved yet'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'partnerpayment_of_what_is_owed';\n    END IF;\n    SELECT COALESCE(sum(p.amount_pence) FILTER (WHERE p.amount_pence > 0 OR p.approved_by_id IS NOT NULL), 0),\n           COALESCE(sum(p.amount_pence) FILTER (WHERE p.amount_pence < 0 OR p.approved_by_id IS NOT NULL), 0)\n    INTO taken, held\n    FROM funding_partnerpayment p\n    WHERE p.instalment_id IS NOT DISTINCT FROM NEW.instalment_id AND p.claim_id IS NOT DISTINCT FROM NEW.claim_id\n    AND p.id <> NEW.id AND p.declined_by_id IS NULL;\n    IF NEW.amount_pence < 0 THEN\n        IF held + NEW.amount_pence < 0 THEN\n            RAISE EXCEPTION 'partnerpayment_not_below_zero: only % was paid', held\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'partnerpayment_not_below_zero';\n        END IF;\n        RETURN NEW;\n    END IF;\n    IF EXISTS (SELECT 1 FROM funding_paymenthold h WHERE h.award_id = award.id AND h.lifted_at IS NULL) THEN\n        RAISE EXCEPTION 'partnerpayment_not_held: % is held', award.reference\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'partnerpayment_not_held';\n    END IF;\n    IF NEW.claim_id IS NULL THEN\n        SELECT i.amount_pence INTO due FROM funding_instalment i WHERE i.id = NEW.instalment_id;\n    ELSE\n        SELECT sum(l.amount_pence) INTO due FROM funding_claimline l WHERE l.claim_id = NEW.claim_id;\n    END IF;\n    IF taken + NEW.amount_pence > due THEN\n        RAISE EXCEPTION 'partnerpayment_within_due: % of % is paid or proposed', taken, due\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'partnerpayment_within_due';\n    END IF;\n    IF NEW.claim_id IS NULL AND NEW.amount_pence + (\n        SELECT COALESCE(sum(p.amount_pence), 0) FROM funding_partnerpayment p\n        JOIN funding_instalment i ON i.id = p.instalment_id JOIN funding_partneraward a ON a.id = i.award_id\n        WHERE a.award_year_id = award.award_year_id AND a.delivery_id = award.delivery_id\n        AND a.ring_fence_id IS NOT DISTINCT FROM award.ring_fence_id AND a.paid_by = award.paid_by\n        AND p.id <> NEW.id AND p.declined_by_id IS NULL AND (p.amount_pence > 0 OR p.approved_by_id IS NOT NULL)\n    ) > (\n        SELECT sum(a.amount_pence) FROM funding_partneraward a\n        WHERE a.award_year_id = award.award_year_id AND a.delivery_id = award.delivery_id\n        AND a.ring_fence_id IS NOT DISTINCT FROM award.ring_fence_id AND a.paid_by = award.paid_by\n        AND a.approved_by_id IS NOT NULL) THEN\n        RAISE EXCEPTION 'partnerpayment_within_award: % is awarded no more', award.reference\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'partnerpayment_within_award';\n    END IF;\n    RETURN NEW;\n",
                            hash="c1672f15c40248dd8e2ab128cd98d7951ac07928",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_fits_ac50b",
                            table="funding_partnerpayment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partnerpayment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_partnerpaymentevent" ("amount_pence", "approved_at", "approved_by_id", "claim_id", "declined_by_id", "declined_reason", "id", "instalment_id", "note", "on_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reference") VALUES (NEW."amount_pence", NEW."approved_at", NEW."approved_by_id", NEW."claim_id", NEW."declined_by_id", NEW."declined_reason", NEW."id", NEW."instalment_id", NEW."note", NEW."on_date", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reference"); RETURN NULL;',
                            hash="787fee368149d611c0053d0fd5911a414f5cd173",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_01d25",
                            table="funding_partnerpayment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partnerpayment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="7d78171943c9ed414e5276016e775e2c98df1c24",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_d0995",
                            table="funding_partnerpayment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partnerpayment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="only_decided",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."instalment_id" IS DISTINCT FROM (NEW."instalment_id") OR OLD."claim_id" IS DISTINCT FROM (NEW."claim_id") OR OLD."amount_pence" IS DISTINCT FROM (NEW."amount_pence") OR OLD."on_date" IS DISTINCT FROM (NEW."on_date") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="490effec7e2d4ef9a3a49525f30612f6eaa5c278",
                            operation="UPDATE",
                            pgid="pgtrigger_only_decided_f32ff",
                            table="funding_partnerpayment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partnerpayment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="proposed_first",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."approved_by_id" IS NOT NULL OR NEW."declined_by_id" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                            hash="e94009deb97669e8e081ea7328b10e7a33d4a643",
                            operation="INSERT",
                            pgid="pgtrigger_proposed_first_aaf92",
                            table="funding_partnerpayment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partnerpayment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_partnerpaymentevent" ("amount_pence", "approved_at", "approved_by_id", "claim_id", "declined_by_id", "declined_reason", "id", "instalment_id", "note", "on_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reference") VALUES (NEW."amount_pence", NEW."approved_at", NEW."approved_by_id", NEW."claim_id", NEW."declined_by_id", NEW."declined_reason", NEW."id", NEW."instalment_id", NEW."note", NEW."on_date", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reference"); RETURN NULL;',
                            hash="71d01716176d2a19e481c968dd95e0f0fef9a4a9",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b85ba",
                            table="funding_partnerpayment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="partnerpaymentevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="9ff85299796ae24a3bfb159815df370ab9cc4f68",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_0b6ef",
                            table="funding_partnerpaymentevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="paymenthold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_paymentholdevent" ("award_id", "id", "lifted_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "reason") VALUES (OLD."award_id", OLD."id", OLD."lifted_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."placed_at", OLD."reason"); RETURN NULL;',
                            hash="630835eac830a0866a69e489d50b47775edea614",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_88c2e",
                            table="funding_paymenthold",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="paymenthold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_paymentholdevent" ("award_id", "id", "lifted_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "reason") VALUES (NEW."award_id", NEW."id", NEW."lifted_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."placed_at", NEW."reason"); RETURN NULL;',
                            hash="1a4f85727389f667f33412e268200e82ecb3912b",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_83644",
                            table="funding_paymenthold",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="paymenthold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="lifted_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."lifted_at" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="17f1a84383cfa454e5efdd92bd47d323e8204017",
                            operation="UPDATE",
                            pgid="pgtrigger_lifted_once_8740a",
                            table="funding_paymenthold",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="paymenthold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="a3050347026fbd2d7c20b73130562caf932ef57b",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_271a2",
                            table="funding_paymenthold",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="paymenthold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="only_lifted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."award_id" IS DISTINCT FROM (NEW."award_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."placed_at" IS DISTINCT FROM (NEW."placed_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="813f7e84885cc7a1bf2cbf704624d535995b1d44",
                            operation="UPDATE",
                            pgid="pgtrigger_only_lifted_7959b",
                            table="funding_paymenthold",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="paymenthold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_paymentholdevent" ("award_id", "id", "lifted_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placed_at", "reason") VALUES (NEW."award_id", NEW."id", NEW."lifted_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."placed_at", NEW."reason"); RETURN NULL;',
                            hash="1b6d4f8e0eef5e890346d8a5bf17ecc37a53e0b9",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_afaa1",
                            table="funding_paymenthold",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="paymenthold",
                    trigger=pgtrigger.compiler.Trigger(
                        name="where_agreed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE award funding_partneraward;",
                            func="\n                    SELECT * INTO award FROM funding_partneraward WHERE id = NEW.award_id;\n                    PERFORM 1 FROM funding_awardyear WHERE id = award.award_year_id FOR UPDATE;\n                    IF NOT award.holds_for_returns OR award.approved_by_id IS NULL THEN\n                        RAISE EXCEPTION 'paymenthold_where_agreed: % says nothing of it', award.reference\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'paymenthold_where_agreed';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="8099731c0df0e40a6b0c362a1eebeccd5dad5d0f",
                            operation="INSERT",
                            pgid="pgtrigger_where_agreed_84918",
                            table="funding_paymenthold",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="paymentholdevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="0418d1353834a0d887ea09cfb8d6a31615a43e2c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_134bc",
                            table="funding_paymentholdevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="writeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="decided_once",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."approved_by_id" IS NOT NULL OR OLD."declined_by_id" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="73cbc2784a482ed8cc3e61f82ffef756b775dfac",
                            operation="UPDATE",
                            pgid="pgtrigger_decided_once_1ed85",
                            table="funding_writeoff",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="writeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_writeoffevent" ("amount_pence", "approved_at", "approved_by_id", "award_id", "decision_reference", "declined_by_id", "declined_reason", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason") VALUES (OLD."amount_pence", OLD."approved_at", OLD."approved_by_id", OLD."award_id", OLD."decision_reference", OLD."declined_by_id", OLD."declined_reason", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reason"); RETURN NULL;',
                            hash="8102de040932871a05685e4c03d5f05e826d697f",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_2c700",
                            table="funding_writeoff",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="writeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "funding_writeoffevent" ("amount_pence", "approved_at", "approved_by_id", "award_id", "decision_reference", "declined_by_id", "declined_reason", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason") VALUES (NEW."amount_pence", NEW."approved_at", NEW."approved_by_id", NEW."award_id", NEW."decision_reference", NEW."declined_by_id", NEW."declined_reason", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason"); RETURN NULL;',
                            hash="114fc0c53718a963fdcd166cec224216331dedba",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e1cf2",
                            table="funding_writeoff",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="writeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="084508db63896a8eb9996f9b54e6f8db552f687c",
                            operation="DELETE",
                            pgid="pgtrigger_never_deleted_c1200",
                            table="funding_writeoff",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="writeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="only_decided",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."award_id" IS DISTINCT FROM (NEW."award_id") OR OLD."amount_pence" IS DISTINCT FROM (NEW."amount_pence") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."decision_reference" IS DISTINCT FROM (NEW."decision_reference") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="bdda678971acd3335a0884dc9c386b5cda50bbce",
                            operation="UPDATE",
                            pgid="pgtrigger_only_decided_53703",
                            table="funding_writeoff",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="writeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="proposed_first",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."approved_by_id" IS NOT NULL OR NEW."declined_by_id" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                            hash="9dc50a91f1676f51931b4c71816b0f6e8bef757c",
                            operation="INSERT",
                            pgid="pgtrigger_proposed_first_73a3a",
                            table="funding_writeoff",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="writeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "funding_writeoffevent" ("amount_pence", "approved_at", "approved_by_id", "award_id", "decision_reference", "declined_by_id", "declined_reason", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason") VALUES (NEW."amount_pence", NEW."approved_at", NEW."approved_by_id", NEW."award_id", NEW."decision_reference", NEW."declined_by_id", NEW."declined_reason", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason"); RETURN NULL;',
                            hash="a9a643fa038e69d3af0e9d7b8f522e2d33fe61fc",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bf499",
                            table="funding_writeoff",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="writeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="within_overpaid",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."declined_by_id" IS NULL)',
                            declare="DECLARE award funding_partneraward; overpaid bigint;",
                            func="\n                    SELECT * INTO award FROM funding_partneraward WHERE id = NEW.award_id;\n                    PERFORM 1 FROM funding_awardyear WHERE id = award.award_year_id FOR UPDATE;\n                    WITH alike AS (\n                        SELECT a.id, a.amount_pence FROM funding_partneraward a\n                        WHERE a.award_year_id = award.award_year_id AND a.delivery_id = award.delivery_id\n                        AND a.ring_fence_id IS NOT DISTINCT FROM award.ring_fence_id AND a.paid_by = award.paid_by\n                        AND a.approved_by_id IS NOT NULL)\n                    SELECT (\n                        SELECT COALESCE(sum(p.amount_pence), 0) FROM funding_partnerpayment p\n                        LEFT JOIN funding_instalment i ON i.id = p.instalment_id\n                        LEFT JOIN funding_claim c ON c.id = p.claim_id\n                        JOIN alike ON alike.id = COALESCE(i.award_id, c.award_id)\n                        WHERE p.approved_by_id IS NOT NULL)\n                        - (SELECT COALESCE(sum(amount_pence), 0) FROM alike)\n                        - (SELECT COALESCE(sum(w.amount_pence), 0) FROM funding_writeoff w\n                           JOIN alike ON alike.id = w.award_id WHERE w.declined_by_id IS NULL AND w.id <> NEW.id)\n                    INTO overpaid;\n                    IF NEW.amount_pence > overpaid THEN\n                        RAISE EXCEPTION 'writeoff_within_overpaid: % is overpaid', overpaid\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'writeoff_within_overpaid';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="50538b3612ab5fbe4c402ec084f5713f53e270d3",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_within_overpaid_6dd8d",
                            table="funding_writeoff",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="writeoffevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="35071e603cc7b2681d9195744aebf30b3e354a1a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_7eeb0",
                            table="funding_writeoffevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ],
        ),
    ]
