"""Official counts as they come in, and what an import keeps so that it can be undone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grades", "0011_loads_taken_back_are_logged")]

    operations = [
        migrations.CreateModel(
            name="Count",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "starts_on",
                    models.DateField(help_text="First day of the period.", verbose_name="starts on"),
                ),
                (
                    "ends_before",
                    models.DateField(help_text="The day after its last.", verbose_name="ends before"),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="The count.",
                        max_digits=14,
                        null=True,
                        verbose_name="value",
                    ),
                ),
                (
                    "missing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not-available", "Not available"),
                            ("not-provided", "Not provided by the force"),
                            ("suppressed", "Held back by the publisher"),
                            ("small-base", "Held back, because too few were counted"),
                            ("not-applicable", "Not applicable"),
                            ("blank", "Left blank"),
                        ],
                        help_text="Why there is no count.",
                        max_length=20,
                        verbose_name="missing",
                    ),
                ),
            ],
            options={
                "verbose_name": "count",
                "verbose_name_plural": "counts",
            },
        ),
        migrations.CreateModel(
            name="CountLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("crime-quarter", "Recorded crime, three months"),
                            ("crime-year", "Recorded crime, twelve months"),
                            ("outcome-closed", "Outcomes of investigations closed in the three months"),
                            ("outcome-recorded", "Outcomes so far of offences recorded in the three months"),
                            ("incidents", "Incidents of anti-social behaviour, twelve months"),
                            ("workforce", "Workforce on one day, full-time equivalents"),
                            ("population", "People in the middle of the year"),
                            ("households", "Households in the middle of the year"),
                        ],
                        help_text="What is counted.",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        help_text="Offence group, kind of worker, outcome.",
                        max_length=120,
                        verbose_name="category",
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        blank=True,
                        help_text="Offence subgroup, where there is one.",
                        max_length=120,
                        verbose_name="part",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of counts",
                "verbose_name_plural": "lines of counts",
            },
        ),
        migrations.CreateModel(
            name="ReplacedFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("figure", models.PositiveBigIntegerField(help_text="Its number.", verbose_name="figure")),
                (
                    "before",
                    models.JSONField(
                        help_text="All its columns before, as plain text.", verbose_name="before"
                    ),
                ),
            ],
            options={
                "verbose_name": "replaced figure",
                "verbose_name_plural": "replaced figures",
            },
        ),
        migrations.AddField(
            model_name="importrun",
            name="release",
            field=models.ForeignKey(
                blank=True,
                help_text="The edition that the file belongs to.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs",
                to="grades.release",
                verbose_name="release",
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="report",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="What was found when it was looked over.",
                verbose_name="report",
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="source",
            field=models.SlugField(
                blank=True,
                help_text="Which kind of file; empty for the seed.",
                max_length=40,
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="countline",
            name="area",
            field=models.ForeignKey(
                help_text="About what.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="count_lines",
                to="grades.area",
                verbose_name="area",
            ),
        ),
        migrations.AddField(
            model_name="countline",
            name="release",
            field=models.ForeignKey(
                help_text="The edition that states it.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="count_lines",
                to="grades.release",
                verbose_name="release",
            ),
        ),
        migrations.AddField(
            model_name="countline",
            name="run",
            field=models.ForeignKey(
                help_text="The import that brought it.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="count_lines",
                to="grades.importrun",
                verbose_name="import",
            ),
        ),
        migrations.AddField(
            model_name="countline",
            name="superseded_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The later import of this edition that replaced it, if any.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grades.importrun",
                verbose_name="replaced by",
            ),
        ),
        migrations.AddField(
            model_name="count",
            name="line",
            field=models.ForeignKey(
                db_index=False,
                help_text="Which line.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="counts",
                to="grades.countline",
                verbose_name="line",
            ),
        ),
        migrations.AddField(
            model_name="replacedfigure",
            name="run",
            field=models.ForeignKey(
                help_text="Which import changed it.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced",
                to="grades.importrun",
                verbose_name="import",
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "crime-quarter",
                            "crime-year",
                            "outcome-closed",
                            "outcome-recorded",
                            "incidents",
                            "workforce",
                            "population",
                            "households",
                        ],
                    )
                ),
                name="count_line_kind_known",
                violation_error_message="This is not one of the choices.",
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.CheckConstraint(
                condition=models.Q(("category", ""), _negated=True),
                name="count_line_category_not_empty",
                violation_error_message="This text must not be empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("superseded_by__isnull", True),
                    models.Q(("superseded_by", models.F("run")), _negated=True),
                    _connector="OR",
                ),
                name="count_line_replaced_by_another",
                violation_error_message="An import does not replace what it brings.",
            ),
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_by__isnull", True)),
                fields=("release", "area", "kind", "category", "part"),
                name="count_line_one_holds",
                violation_error_message="This edition already has such a line.",
            ),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "missing__in",
                        [
                            "not-available",
                            "not-provided",
                            "suppressed",
                            "small-base",
                            "not-applicable",
                            "blank",
                            "",
                        ],
                    )
                ),
                name="count_missing_known",
                violation_error_message="This is not one of the choices.",
            ),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_before__gt", models.F("starts_on"))),
                name="count_period_in_order",
                violation_error_message="A period ends after it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("missing", ""), ("value__isnull", False)),
                    models.Q(("value__isnull", True), models.Q(("missing", ""), _negated=True)),
                    _connector="OR",
                ),
                name="count_or_reason",
                violation_error_message="There is either a count or the reason why there is none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.UniqueConstraint(
                fields=("line", "starts_on", "ends_before"),
                name="count_once_a_period",
                violation_error_message="This line already has a count of this period.",
            ),
        ),
        migrations.AddConstraint(
            model_name="replacedfigure",
            constraint=models.UniqueConstraint(
                fields=("run", "figure"),
                name="replaced_figure_once_a_run",
                violation_error_message="This import already changed this figure.",
            ),
        ),
    ]
