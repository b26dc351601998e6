"""A figure names the import that wrote it; its history does too."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grades", "0012_official_counts")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="observation",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="observation",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="observation",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="observation",
            name="run",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The import that last wrote it; empty for the seed and for people.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="figures",
                to="grades.importrun",
                verbose_name="import",
            ),
        ),
        migrations.AddField(
            model_name="observationhistory",
            name="run",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                help_text="The import that last wrote it; empty for the seed and for people.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="grades.importrun",
                verbose_name="import",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="observation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "grades_observationhistory" ("area_id", "basis", "block", "combined_with_id", "denominator", "denominator_note", "ends_before", "id", "metric_id", "note", "numerator", "order", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "printed_label", "release_id", "report_id", "run_id", "starts_on", "status", "value") SELECT new_values."area_id", new_values."basis", new_values."block", new_values."combined_with_id", new_values."denominator", new_values."denominator_note", new_values."ends_before", new_values."id", new_values."metric_id", new_values."note", new_values."numerator", new_values."order", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."printed_label", new_values."release_id", new_values."report_id", new_values."run_id", new_values."starts_on", new_values."status", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="cc393cf0d23da73814439fa5af96d3272d71ed82",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_97d94",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="grades_observation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="observation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "grades_observationhistory" ("area_id", "basis", "block", "combined_with_id", "denominator", "denominator_note", "ends_before", "id", "metric_id", "note", "numerator", "order", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "printed_label", "release_id", "report_id", "run_id", "starts_on", "status", "value") SELECT new_values."area_id", new_values."basis", new_values."block", new_values."combined_with_id", new_values."denominator", new_values."denominator_note", new_values."ends_before", new_values."id", new_values."metric_id", new_values."note", new_values."numerator", new_values."order", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."printed_label", new_values."release_id", new_values."report_id", new_values."run_id", new_values."starts_on", new_values."status", new_values."value" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="c476546590179198215c06bfdca1609235d43501",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_174a3",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="grades_observation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="observation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "grades_observationhistory" ("area_id", "basis", "block", "combined_with_id", "denominator", "denominator_note", "ends_before", "id", "metric_id", "note", "numerator", "order", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "printed_label", "release_id", "report_id", "run_id", "starts_on", "status", "value") SELECT old_values."area_id", old_values."basis", old_values."block", old_values."combined_with_id", old_values."denominator", old_values."denominator_note", old_values."ends_before", old_values."id", old_values."metric_id", old_values."note", old_values."numerator", old_values."order", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."printed_label", old_values."release_id", old_values."report_id", old_values."run_id", old_values."starts_on", old_values."status", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="eb62ec077657e622666814b3148a024d12e58449",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_cdbb1",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="grades_observation",
                    when="AFTER",
                ),
            ),
        ),
    ]
