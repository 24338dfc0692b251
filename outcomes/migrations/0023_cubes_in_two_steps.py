from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outcomes", "0022_contacts_checked_together"),
    ]

    operations = [
        # Made anew by the next recount.
        migrations.RunSQL("TRUNCATE outcomes_reachcell, outcomes_presence, outcomes_reachcube", migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="reachcube",
            name="made_at",
        ),
        migrations.AddField(
            model_name="reachcube",
            name="counted_at",
            field=models.DateTimeField(help_text="When its cells were made; empty while there are none.", null=True),
        ),
        migrations.AddField(
            model_name="reachcube",
            name="people",
            field=models.CharField(
                default="", help_text="SHA-256 of all that its presence was made from.", max_length=64
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="reachcube",
            name="position",
            field=models.BigIntegerField(help_text="The last entry of the ledger that its presence knows."),
        ),
        migrations.AlterField(
            model_name="reachcube",
            name="sources",
            field=models.CharField(
                blank=True, help_text="SHA-256 of all that its cells were made from.", max_length=64
            ),
        ),
    ]
