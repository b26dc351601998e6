"""The public log tells of an import that was taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grades", "0010_bodies_without_territory")]

    operations = [
        migrations.RemoveConstraint(
            model_name="changelogentry",
            name="change_log_entry_kind_known",
        ),
        migrations.AlterField(
            model_name="changelogentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("loaded", "Record loaded"),
                    ("unloaded", "Load taken back"),
                    ("published", "Published"),
                    ("corrected", "Corrected"),
                    ("added", "Added"),
                    ("checked", "Checked against the report"),
                    ("responded", "Response recorded"),
                    ("commented", "Comment by the office"),
                    ("tracked", "Step on a finding"),
                    ("required-information", "Required information checked"),
                ],
                help_text="What sort of change.",
                max_length=25,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="changelogentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "loaded",
                            "unloaded",
                            "published",
                            "corrected",
                            "added",
                            "checked",
                            "responded",
                            "commented",
                            "tracked",
                            "required-information",
                        ],
                    )
                ),
                name="change_log_entry_kind_known",
                violation_error_message="This is not one of the choices.",
            ),
        ),
    ]
