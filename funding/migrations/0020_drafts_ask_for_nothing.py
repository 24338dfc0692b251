from django.db import migrations

# A claim that was loaded in bulk had its lines written in the same moment as its first step, so 0017 took their sum for
# what the draft asked for. A draft is the first step, before any amount is filled in.
NOTHING_YET = """
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE funding_claimstep DISABLE TRIGGER USER;
    UPDATE funding_claimstep SET amount_pence = 0 WHERE state = 'draft' AND amount_pence <> 0;
    ALTER TABLE funding_claimstep ENABLE TRIGGER USER;
    SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("funding", "0019_declined_payments_proposed_again"),
    ]

    operations = [
        migrations.RunSQL(NOTHING_YET, migrations.RunSQL.noop),
    ]
