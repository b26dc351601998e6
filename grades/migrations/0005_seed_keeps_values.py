"""The seed remembers each value that it wrote, and no longer one sum of them; runs count what they removed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grades", "0004_grade_unsettled")]

    operations = [
        # What was remembered before says too little; the next load takes rows that say the same as its own.
        migrations.RunSQL(sql="DELETE FROM grades_seedrow", reverse_sql="DELETE FROM grades_seedrow"),
        migrations.RemoveField(model_name="seedrow", name="digest"),
        migrations.AddField(
            model_name="seedrow",
            name="values",
            field=models.JSONField(
                default=dict, help_text="What was written, by column, as plain text.", verbose_name="values"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="importrun",
            name="removed",
            field=models.PositiveIntegerField(
                default=0, help_text="Rows that the files no longer had.", verbose_name="removed"
            ),
        ),
    ]
