import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0011_templates_of_returns")]

    operations = [
        migrations.RemoveField(
            model_name="measureprogrammeevent",
            name="measure",
        ),
        migrations.RemoveField(
            model_name="measureprogrammeevent",
            name="pgh_context",
        ),
        migrations.RemoveField(
            model_name="measureprogrammeevent",
            name="programme",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="measureprogramme",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="measureprogramme",
            name="delete_delete",
        ),
        migrations.DeleteModel(
            name="MeasureProgramme",
        ),
        migrations.RemoveField(
            model_name="measure",
            name="programmes",
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
                    func='INSERT INTO "outcomes_measureevent" ("better", "code", "definition", "example", "id", "kind", "name", "over_months", "over_places", "people_label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit") VALUES (NEW."better", NEW."code", NEW."definition", NEW."example", NEW."id", NEW."kind", NEW."name", NEW."over_months", NEW."over_places", NEW."people_label", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."unit"); RETURN NULL;',
                    hash="7bcec966a149a2e7dd643c6e6297516ce893a3fb",
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
                    func='INSERT INTO "outcomes_measureevent" ("better", "code", "definition", "example", "id", "kind", "name", "over_months", "over_places", "people_label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit") VALUES (NEW."better", NEW."code", NEW."definition", NEW."example", NEW."id", NEW."kind", NEW."name", NEW."over_months", NEW."over_places", NEW."people_label", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."unit"); RETURN NULL;',
                    hash="03f89dc13162dd064e6482df23e4c977f4a97ff0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e1aa4",
                    table="outcomes_measure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="measure",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "outcomes_measureevent" ("better", "code", "definition", "example", "id", "kind", "name", "over_months", "over_places", "people_label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit") VALUES (OLD."better", OLD."code", OLD."definition", OLD."example", OLD."id", OLD."kind", OLD."name", OLD."over_months", OLD."over_places", OLD."people_label", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."unit"); RETURN NULL;',
                    hash="7dba9fd4f8a797db28c5f4cab729e1cbee139881",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2c643",
                    table="outcomes_measure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="measureanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="fits_its_measure",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE asked outcomes_measure;",
                    func="\n                    SELECT * INTO asked FROM outcomes_measure WHERE id = NEW.measure_id;\n                    IF NOT (CASE asked.kind\n                        WHEN 'number' THEN NEW.value IS NOT NULL\n                        WHEN 'text' THEN NEW.text <> ''\n                        WHEN 'median' THEN NEW.people IS NOT NULL AND NEW.before IS NULL\n                        ELSE NEW.people IS NOT NULL AND NEW.median IS NULL END) THEN\n                        RAISE EXCEPTION 'measureanswer_fits_its_measure: % is a %', asked.code, asked.kind USING ERRCODE = 'check_violation', CONSTRAINT = 'measureanswer_fits_its_measure';\n                    END IF;\n                    IF NEW.value IS NOT NULL AND (\n                        (asked.unit IN ('people', 'contacts', 'count') AND NEW.value <> trunc(NEW.value))\n                        OR (asked.unit = 'percent' AND NEW.value > 100)) THEN\n                        RAISE EXCEPTION 'measureanswer_fits_its_unit: % is in %', asked.code, asked.unit USING ERRCODE = 'check_violation', CONSTRAINT = 'measureanswer_fits_its_unit';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="11d546b56e8287e137852e013e3bce250aa4cc10",
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
            model_name="returnversion",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_its_template",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."obligation_id" IS DISTINCT FROM (NEW."obligation_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="8c922f87a03fc2b539f3ee34565241c94f137b4c",
                    operation="UPDATE",
                    pgid="pgtrigger_keeps_its_template_5fadd",
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
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "outcomes_returnversionevent" ("created_at", "created_by_id", "decided_at", "decided_by_id", "id", "is_backfilled", "number", "obligation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision_reason", "state", "template_id") VALUES (NEW."created_at", NEW."created_by_id", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."is_backfilled", NEW."number", NEW."obligation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."revision_reason", NEW."state", NEW."template_id"); RETURN NULL;',
                    hash="8851adf073efe5d5f8c89e5f4bd1ef3c3be0211b",
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
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_backfilled" IS DISTINCT FROM (NEW."is_backfilled") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."obligation_id" IS DISTINCT FROM (NEW."obligation_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."revision_reason" IS DISTINCT FROM (NEW."revision_reason") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id"))',
                    func='INSERT INTO "outcomes_returnversionevent" ("created_at", "created_by_id", "decided_at", "decided_by_id", "id", "is_backfilled", "number", "obligation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision_reason", "state", "template_id") VALUES (NEW."created_at", NEW."created_by_id", NEW."decided_at", NEW."decided_by_id", NEW."id", NEW."is_backfilled", NEW."number", NEW."obligation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."revision_reason", NEW."state", NEW."template_id"); RETURN NULL;',
                    hash="65357b8004f7b5518ca537cbb1567e4a8d3f48b7",
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
                    func='INSERT INTO "outcomes_returnversionevent" ("created_at", "created_by_id", "decided_at", "decided_by_id", "id", "is_backfilled", "number", "obligation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision_reason", "state", "template_id") VALUES (OLD."created_at", OLD."created_by_id", OLD."decided_at", OLD."decided_by_id", OLD."id", OLD."is_backfilled", OLD."number", OLD."obligation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."revision_reason", OLD."state", OLD."template_id"); RETURN NULL;',
                    hash="97b11538ff29a08b19f25e40d6c14403f103113d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_335c7",
                    table="outcomes_returnversion",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["number", "before_after", "median", "text"])), name="measure_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("unit__in", ["people", "contacts", "count", "hours", "money", "days", "percent", ""])
                ),
                name="measure_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("better__in", ["higher", "lower", "neither"])), name="measure_better"
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("over_months__in", ["sum", "latest", "maximum", "median", "average", "not_additive"])
                ),
                name="measure_over_months",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("over_places__in", ["sum", "latest", "maximum", "median", "average", "not_additive"])
                ),
                name="measure_over_places",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "text"), ("unit", "")),
                    models.Q(models.Q(("kind", "text"), _negated=True), models.Q(("unit", ""), _negated=True)),
                    _connector="OR",
                ),
                name="measure_words_have_no_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "number"), models.Q(("unit", "percent"), _negated=True)),
                    models.Q(
                        models.Q(("over_months", "sum"), _negated=True), models.Q(("over_places", "sum"), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="measure_sums_numbers_only",
            ),
        ),
        migrations.AddConstraint(
            model_name="measureanswer",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="returntemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("standard_for__in", ["people", "exposure", ""])), name="returntemplate_standard_for"
            ),
        ),
        migrations.AddConstraint(
            model_name="returntemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("standard_for", ""), _negated=True),
                fields=("standard_for",),
                name="returntemplate_one_standard",
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
        migrations.DeleteModel(
            name="MeasureProgrammeEvent",
        ),
        migrations.AddConstraint(
            model_name="measureoption",
            constraint=models.UniqueConstraint(fields=("measure", "code"), name="measureoption_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="measureoption",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed_once_asked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF EXISTS (\n                        SELECT 1 FROM outcomes_templatequestion q\n                        JOIN outcomes_templatesection s ON s.id = q.section_id\n                        JOIN outcomes_templateversion v ON v.id = s.version_id\n                        WHERE q.measure_id = COALESCE(NEW.measure_id, OLD.measure_id) AND v.state = 'live') THEN\n                        RAISE EXCEPTION 'measureoption_fixed_once_asked: published templates ask this measure' USING ERRCODE = 'check_violation', CONSTRAINT = 'measureoption_fixed_once_asked';\n                    END IF;\n                    RETURN COALESCE(NEW, OLD);\n                ",
                    hash="ada6dad73651fc64eb8234ceca658820d319d4a4",
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
        migrations.AddConstraint(
            model_name="measureanswerpart",
            constraint=models.UniqueConstraint(fields=("answer", "option"), name="measureanswerpart_once"),
        ),
        migrations.AddConstraint(
            model_name="measureanswerpart",
            constraint=models.CheckConstraint(condition=models.Q(("value__gt", 0)), name="measureanswerpart_not_zero"),
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
        migrations.AddConstraint(
            model_name="measuresuccession",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="measuresuccession_month_is_first_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="measuresuccession",
            constraint=models.CheckConstraint(
                condition=models.Q(("old", models.F("new")), _negated=True), name="measuresuccession_of_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="measuresuccession",
            constraint=models.CheckConstraint(condition=models.Q(("factor__gt", 0)), name="measuresuccession_factor"),
        ),
        migrations.AddConstraint(
            model_name="measuresuccession",
            constraint=models.CheckConstraint(
                condition=models.Q(("note", ""), _negated=True), name="measuresuccession_says_what_changes"
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
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.UniqueConstraint(fields=("submission", "check_rule"), name="explanation_once"),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="explanation_says_something"
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
        migrations.AddConstraint(
            model_name="templatequestion",
            constraint=models.UniqueConstraint(fields=("section", "measure"), name="templatequestion_once"),
        ),
        migrations.AddConstraint(
            model_name="templatequestion",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("section", "order"),
                name="templatequestion_order_once",
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
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "live"])), name="templateversion_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(fields=("template", "number"), name="templateversion_number_once"),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("template",), name="templateversion_one_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "live")),
                fields=("template", "effective_from"),
                name="templateversion_one_from_a_month",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective_from__day", 1)), name="templateversion_effective_from_first_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at__isnull", True), ("state", "draft")),
                    models.Q(("effective_from__isnull", False), ("published_at__isnull", False), ("state", "live")),
                    _connector="OR",
                ),
                name="templateversion_live_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"), ("number", 1), models.Q(("what_changed", ""), _negated=True), _connector="OR"
                ),
                name="templateversion_says_what_changed",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.CheckConstraint(condition=models.Q(("minutes__gt", 0)), name="templateversion_minutes"),
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
        migrations.AddConstraint(
            model_name="templatesection",
            constraint=models.CheckConstraint(
                condition=models.Q(("block__in", ["people", "who", "exposure", ""])), name="templatesection_block"
            ),
        ),
        migrations.AddConstraint(
            model_name="templatesection",
            constraint=models.UniqueConstraint(fields=("version", "key"), name="templatesection_key_once"),
        ),
        migrations.AddConstraint(
            model_name="templatesection",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("version", "order"),
                name="templatesection_order_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="templatesection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("block", ""), _negated=True),
                fields=("version", "block"),
                name="templatesection_block_once",
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
        migrations.AddConstraint(
            model_name="templatecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__in", ["hard", "soft"])), name="templatecheck_severity"
            ),
        ),
        migrations.AddConstraint(
            model_name="templatecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("rule__in", ["at_most", "equals", "at_least", "jump"])), name="templatecheck_rule"
            ),
        ),
        migrations.AddConstraint(
            model_name="templatecheck",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("version", "order"),
                name="templatecheck_order_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="templatecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("limit__isnull", True), ("right__len__gt", 0)),
                    models.Q(("limit__isnull", False), ("right__len", 0)),
                    _connector="OR",
                ),
                name="templatecheck_against_items_or_a_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="templatecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rule", "jump"), _negated=True),
                    models.Q(("limit__gt", 1), ("limit__isnull", False), ("severity", "soft")),
                    _connector="OR",
                ),
                name="templatecheck_jump_is_soft",
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
        migrations.AlterField(
            model_name="returnversion",
            name="template",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="outcomes.templateversion"
            ),
        ),
        migrations.AlterField(
            model_name="returnversionevent",
            name="template",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="outcomes.templateversion",
            ),
        ),
    ]
