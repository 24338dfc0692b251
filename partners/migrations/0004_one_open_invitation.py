import django.db.models.functions.text
from django.db import migrations, models

# Two roles at once could be offered to one address. The newest stands, as what was meant last.
OLDER_WITHDRAWN = """
    UPDATE partners_invitation older SET withdrawn_at = now()
    WHERE older.accepted_at IS NULL AND older.withdrawn_at IS NULL AND EXISTS (
        SELECT 1 FROM partners_invitation newer
        WHERE lower(newer.email) = lower(older.email) AND newer.organisation_id = older.organisation_id
        AND newer.accepted_at IS NULL AND newer.withdrawn_at IS NULL
        AND (newer.invited_at, newer.id) > (older.invited_at, older.id));
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0003_sentences_of_constraints"),
    ]

    operations = [
        migrations.RunSQL(OLDER_WITHDRAWN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                models.F("organisation"),
                condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                name="invitation_open_once",
            ),
        ),
    ]
