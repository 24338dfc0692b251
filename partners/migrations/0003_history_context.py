"""Who changed a row of history, and why, stands in a table of django-pghistory; it is kept as the rows are.

pghistory writes it anew while its transaction or request lasts (it learns the reason after the first row), so it stays
open for an hour. The table is not ours: the trigger is written here by hand.
"""

from django.db import migrations

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
    dependencies = [
        ("partners", "0002_append_only_history"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [migrations.RunSQL(KEEP, LET_GO)]
