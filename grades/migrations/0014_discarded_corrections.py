"""A draft correction may be discarded; it stays on file."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grades", "0013_figures_know_their_import"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="correction",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="correction",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="correction",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="correction",
            name="discarded_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When it was given up, if it was.",
                null=True,
                verbose_name="discarded at",
            ),
        ),
        migrations.AddField(
            model_name="correctionhistory",
            name="discarded_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When it was given up, if it was.",
                null=True,
                verbose_name="discarded at",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="correction",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "grades_correctionhistory" ("after", "before", "discarded_at", "force_id", "id", "object_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "published_at", "reason", "source_id", "status", "what") SELECT new_values."after", new_values."before", new_values."discarded_at", new_values."force_id", new_values."id", new_values."object_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."proposed_at", new_values."proposed_by_id", new_values."published_at", new_values."reason", new_values."source_id", new_values."status", new_values."what" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="92cb9a1c8131286fe58f556c496a979487ddee02",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1d969",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="grades_correction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="correction",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "grades_correctionhistory" ("after", "before", "discarded_at", "force_id", "id", "object_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "published_at", "reason", "source_id", "status", "what") SELECT new_values."after", new_values."before", new_values."discarded_at", new_values."force_id", new_values."id", new_values."object_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."proposed_at", new_values."proposed_by_id", new_values."published_at", new_values."reason", new_values."source_id", new_values."status", new_values."what" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="0f4801982314c0d49c6d2b11c7ae20280878708b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b795e",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="grades_correction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="correction",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "grades_correctionhistory" ("after", "before", "discarded_at", "force_id", "id", "object_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "published_at", "reason", "source_id", "status", "what") SELECT old_values."after", old_values."before", old_values."discarded_at", old_values."force_id", old_values."id", old_values."object_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."proposed_at", old_values."proposed_by_id", old_values."published_at", old_values."reason", old_values."source_id", old_values."status", old_values."what" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="f675bacce62d1591912c30c199923c97d8dc17f3",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_45250",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="grades_correction",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("discarded_at__isnull", True), ("status", "draft"), _connector="OR"),
                name="correction_discarded_as_draft",
                violation_error_message="Only a draft is discarded.",
            ),
        ),
    ]
