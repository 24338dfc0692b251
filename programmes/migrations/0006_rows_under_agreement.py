import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0005_data_sharing_agreements"),
        ("programmes", "0005_targets"),
    ]

    operations = [
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
    ]
