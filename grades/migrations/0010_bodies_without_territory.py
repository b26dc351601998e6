"""Areas may be bodies without a territory: British Transport Police, and those that record fraud for the country."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grades", "0009_reviews_of_definitions")]

    operations = [
        migrations.RemoveConstraint(
            model_name="area",
            name="area_kind_known",
        ),
        migrations.AlterField(
            model_name="area",
            name="kind",
            field=models.CharField(
                choices=[
                    ("force", "Police force area"),
                    ("nation", "England and Wales"),
                    ("alliance", "Forces counted together"),
                    ("body", "Body without a territory, such as British Transport Police"),
                ],
                help_text="What the area is.",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="areahistory",
            name="kind",
            field=models.CharField(
                choices=[
                    ("force", "Police force area"),
                    ("nation", "England and Wales"),
                    ("alliance", "Forces counted together"),
                    ("body", "Body without a territory, such as British Transport Police"),
                ],
                help_text="What the area is.",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["force", "nation", "alliance", "body"])),
                name="area_kind_known",
                violation_error_message="This is not one of the choices.",
            ),
        ),
    ]
