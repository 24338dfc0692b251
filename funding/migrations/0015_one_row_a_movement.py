import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from vru_portal.core.at_once import in_runs

# A movement was a row beside its proposal. Now the proposal is the movement once it is approved, so it takes over by
# whom and when. The row history tells the same in the new columns.
APPROVED_ON_THE_PROPOSAL = """
    UPDATE funding_bridgeproposal p SET approved_by_id = m.approved_by_id, approved_at = m.recorded_at
    FROM funding_bridgemovement m WHERE m.id = p.movement_id;
    UPDATE funding_bridgeproposalevent e SET approved_by_id = m.approved_by_id, approved_at = m.recorded_at
    FROM funding_bridgemovement m WHERE m.id = e.movement_id;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
"""


def _removed(model: str, *names: str) -> list:
    return [pgtrigger.migrations.RemoveTrigger(model_name=model, name=name) for name in names]


def _by(**more) -> models.ForeignKey:
    return models.ForeignKey(blank=True, null=True, related_name="+", to=settings.AUTH_USER_MODEL, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("funding", "0014_received_by_two"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *_removed("bridgemovement", "append_only", "was_proposed", "within_facility"),
        *_removed(
            "bridgeproposal",
            "decided_once",
            "delete_delete",
            "insert_insert",
            "movement_as_proposed",
            "never_deleted",
            "of_a_day_that_came",
            "only_decided",
            "update_update",
        ),
        *_removed("bridgeproposalevent", "append_only"),
        *_removed("bridgingfacility", "limit_covers_drawn", "stays_once_used"),
        *(
            migrations.RemoveConstraint("bridgeproposal", f"bridgeproposal_{name}")
            for name in ("amount_positive", "declined_whole", "reference_once", "kind")
        ),
        migrations.AddField("bridgeproposal", "approved_by", _by(on_delete=django.db.models.deletion.PROTECT)),
        migrations.AddField("bridgeproposal", "approved_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "bridgeproposalevent",
            "approved_by",
            _by(
                on_delete=django.db.models.deletion.DO_NOTHING,
                db_constraint=False,
                related_query_name="+",
            ),
        ),
        migrations.AddField("bridgeproposalevent", "approved_at", models.DateTimeField(blank=True, null=True)),
        # There is no way back: it would leave every movement open again, and nothing owed.
        migrations.RunSQL(APPROVED_ON_THE_PROPOSAL),
        migrations.RemoveField("bridgeproposal", "movement"),
        migrations.RemoveField("bridgeproposal", "declined_at"),
        migrations.RemoveField("bridgeproposalevent", "movement"),
        migrations.RemoveField("bridgeproposalevent", "declined_at"),
        migrations.DeleteModel("BridgeMovement"),
        migrations.RenameModel("BridgeProposal", "BridgeMovement"),
        migrations.RenameModel("BridgeProposalEvent", "BridgeMovementEvent"),
        migrations.AlterModelOptions(
            name="bridgemovement",
            options={"ordering": ["on_date", "id"]},
        ),
        migrations.AlterField(
            model_name="bridgemovement",
            name="facility",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="movements", to="funding.bridgingfacility"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgemovement",
            trigger=pgtrigger.compiler.Trigger(
                name="only_decided",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."facility_id" IS DISTINCT FROM (NEW."facility_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."amount_pence" IS DISTINCT FROM (NEW."amount_pence") OR OLD."on_date" IS DISTINCT FROM (NEW."on_date") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."reason" IS DISTINCT FROM (NEW."reason"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="31ad8f403d09303e5513457b86783d64bbc9c5af",
                    operation="UPDATE",
                    pgid="pgtrigger_only_decided_ab5b6",
                    table="funding_bridgemovement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgemovement",
            trigger=pgtrigger.compiler.Trigger(
                name="decided_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."approved_at" IS NOT NULL OR OLD."declined_by_id" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="fd7f3e65db361f7ec8a1618de2ddef8d7da6f85f",
                    operation="UPDATE",
                    pgid="pgtrigger_decided_once_17711",
                    table="funding_bridgemovement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgemovement",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="825fd3f756aabc9af562d200b790ef6856e9963d",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_fb041",
                    table="funding_bridgemovement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgemovement",
            trigger=pgtrigger.compiler.Trigger(
                name="proposed_first",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."approved_by_id" IS NOT NULL OR NEW."declined_by_id" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="0c434e86207960f258b024e32b15b9d917dc8a84",
                    operation="INSERT",
                    pgid="pgtrigger_proposed_first_a1cf6",
                    table="funding_bridgemovement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgemovement",
            trigger=pgtrigger.compiler.Trigger(
                name="of_a_day_that_came",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.on_date > (NEW.proposed_at AT TIME ZONE 'Europe/London')::date THEN\n                RAISE EXCEPTION 'bridgemovement_of_a_day_that_came: % is to come', NEW.on_date\n                    USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_of_a_day_that_came';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="5cf2b821cbf479ef327afb385c3e387f11c7b8bc",
                    operation="INSERT",
                    pgid="pgtrigger_of_a_day_that_came_dbcbf",
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
                    condition='WHEN (NEW."declined_by_id" IS NULL)',
                    declare="DECLARE facility funding_bridgingfacility; drawn bigint; lowest bigint;",
                    func="\n    SELECT * INTO facility FROM funding_bridgingfacility WHERE id = NEW.facility_id FOR UPDATE;\n    IF NEW.kind = 'drawdown' THEN\n        SELECT COALESCE(sum(m.amount_pence), 0) INTO drawn FROM funding_bridgemovement m\n        WHERE m.facility_id = NEW.facility_id AND m.kind = 'drawdown' AND m.declined_by_id IS NULL AND m.id <> NEW.id;\n        IF drawn + NEW.amount_pence > facility.limit_pence THEN\n            RAISE EXCEPTION 'bridgemovement_drawn_within_limit: % is drawn or proposed to be', drawn\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_drawn_within_limit';\n        END IF;\n        IF NEW.on_date NOT BETWEEN facility.starts_on AND facility.expires_on THEN\n            RAISE EXCEPTION 'bridgemovement_drawn_while_open: it is not open on %', NEW.on_date\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_drawn_while_open';\n        END IF;\n        RETURN NEW;\n    END IF;\n    -- On no day may more be settled than was drawn by then; within a day drawdowns come first.\n    SELECT min(balance) INTO lowest FROM (\n        SELECT sum(signed) OVER (ORDER BY on_date, signed DESC ROWS UNBOUNDED PRECEDING) AS balance\n        FROM (\n            SELECT m.on_date, CASE WHEN m.kind = 'drawdown' THEN m.amount_pence ELSE -m.amount_pence END AS signed\n            FROM funding_bridgemovement m\n            WHERE m.facility_id = NEW.facility_id AND m.id <> NEW.id AND m.declined_by_id IS NULL\n            AND (m.kind <> 'drawdown' OR m.approved_at IS NOT NULL)\n            UNION ALL SELECT NEW.on_date, -NEW.amount_pence\n        ) AS every\n    ) AS running;\n    IF lowest < 0 THEN\n        RAISE EXCEPTION 'bridgemovement_repaid_within_drawn: more than is owed'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgemovement_repaid_within_drawn';\n    END IF;\n    RETURN NEW;\n",
                    hash="fc93a0fe9b259578c29e31df7e6b62f2832181ec",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_within_facility_611f6",
                    table="funding_bridgemovement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgemovement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "funding_bridgemovementevent" ("amount_pence", "approved_at", "approved_by_id", "declined_by_id", "declined_reason", "facility_id", "id", "kind", "on_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "reference") VALUES (NEW."amount_pence", NEW."approved_at", NEW."approved_by_id", NEW."declined_by_id", NEW."declined_reason", NEW."facility_id", NEW."id", NEW."kind", NEW."on_date", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."reference"); RETURN NULL;',
                    hash="51e9875d5fd0334cbc04aed71d1ae5a86cfc0d80",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d2964",
                    table="funding_bridgemovement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgemovement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "funding_bridgemovementevent" ("amount_pence", "approved_at", "approved_by_id", "declined_by_id", "declined_reason", "facility_id", "id", "kind", "on_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "reference") VALUES (NEW."amount_pence", NEW."approved_at", NEW."approved_by_id", NEW."declined_by_id", NEW."declined_reason", NEW."facility_id", NEW."id", NEW."kind", NEW."on_date", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."reference"); RETURN NULL;',
                    hash="9cd7b73b65728fe0938e1001f72c1eb6b141153b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_06bb2",
                    table="funding_bridgemovement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgemovement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "funding_bridgemovementevent" ("amount_pence", "approved_at", "approved_by_id", "declined_by_id", "declined_reason", "facility_id", "id", "kind", "on_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "reference") VALUES (OLD."amount_pence", OLD."approved_at", OLD."approved_by_id", OLD."declined_by_id", OLD."declined_reason", OLD."facility_id", OLD."id", OLD."kind", OLD."on_date", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reason", OLD."reference"); RETURN NULL;',
                    hash="229c417beb0f52a923219a1b156ce5b45a6eb87f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_213a7",
                    table="funding_bridgemovement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgemovementevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="10992d39b3b72d81c5da98b9b5da4b1b462b86d8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3e33c",
                    table="funding_bridgemovementevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgingfacility",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_once_used",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."agreed_on" IS DISTINCT FROM (NEW."agreed_on") OR OLD."expires_on" IS DISTINCT FROM (NEW."expires_on") OR OLD."fund_id" IS DISTINCT FROM (NEW."fund_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."lender_id" IS DISTINCT FROM (NEW."lender_id") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on"))',
                    func="\n                    IF EXISTS (SELECT 1 FROM funding_bridgemovement m WHERE m.facility_id = NEW.id) THEN\n                        RAISE EXCEPTION 'bridgingfacility_stays_once_used: money was proposed on it'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgingfacility_stays_once_used';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="bad275c06d95968a2c23fb3d9e0ca0588ff56c90",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_once_used_41d0b",
                    table="funding_bridgingfacility",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgingfacility",
            trigger=pgtrigger.compiler.Trigger(
                name="limit_covers_drawn",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NEW.limit_pence < (\n                        SELECT COALESCE(sum(m.amount_pence), 0) FROM funding_bridgemovement m\n                        WHERE m.facility_id = NEW.id AND m.kind = 'drawdown' AND m.declined_by_id IS NULL) THEN\n                        RAISE EXCEPTION 'bridgingfacility_limit_covers_drawn: more is drawn or proposed to be'\n                            USING ERRCODE = 'check_violation', CONSTRAINT = 'bridgingfacility_limit_covers_drawn';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="7243728e6646a07871a9b62b41396560215f7400",
                    operation="UPDATE",
                    pgid="pgtrigger_limit_covers_drawn_7143f",
                    table="funding_bridgingfacility",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="bridgemovement",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["drawdown", "repayment", "write_off"])), name="bridgemovement_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="bridgemovement",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_pence__gt", 0)), name="bridgemovement_amount_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="bridgemovement",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "write_off"), ("reason", ""), _negated=True),
                name="bridgemovement_write_off_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="bridgemovement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("declined_by__isnull", True)),
                fields=("facility", "reference"),
                name="bridgemovement_reference_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="bridgemovement",
            constraint=models.CheckConstraint(
                condition=models.Q(("proposed_by", models.F("approved_by")), _negated=True),
                name="bridgemovement_approved_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="bridgemovement",
            constraint=models.CheckConstraint(
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
                name="bridgemovement_decided_whole",
            ),
        ),
    ]
    operations = in_runs(operations)
