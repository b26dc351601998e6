"""What a load says of itself moves the version of the record too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("grades", "0017_blocks_are_pinned"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="importrun",
            trigger=pgtrigger.compiler.Trigger(
                name="version_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF EXISTS (SELECT FROM new_rows AS line WHERE EXISTS (SELECT FROM grades_observation WHERE run_id = line.id)) THEN INSERT INTO grades_dataversion (moment) SELECT NULL WHERE NOT EXISTS (SELECT FROM grades_dataversion WHERE moment IS NULL); END IF; RETURN NULL;",
                    hash="886ebb6186e779d82f92936e93ffb6bd845aef05",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_version_added_7f8eb",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="grades_importrun",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importrun",
            trigger=pgtrigger.compiler.Trigger(
                name="version_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF EXISTS (SELECT FROM old_rows AS line WHERE EXISTS (SELECT FROM grades_observation WHERE run_id = line.id)) THEN INSERT INTO grades_dataversion (moment) SELECT NULL WHERE NOT EXISTS (SELECT FROM grades_dataversion WHERE moment IS NULL); END IF; IF EXISTS (SELECT FROM new_rows AS line WHERE EXISTS (SELECT FROM grades_observation WHERE run_id = line.id)) THEN INSERT INTO grades_dataversion (moment) SELECT NULL WHERE NOT EXISTS (SELECT FROM grades_dataversion WHERE moment IS NULL); END IF; RETURN NULL;",
                    hash="252299ad234d8d87b869565e5458b7c819d295b1",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_version_changed_7595b",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="grades_importrun",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importrun",
            trigger=pgtrigger.compiler.Trigger(
                name="version_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF EXISTS (SELECT FROM old_rows AS line WHERE EXISTS (SELECT FROM grades_observation WHERE run_id = line.id)) THEN INSERT INTO grades_dataversion (moment) SELECT NULL WHERE NOT EXISTS (SELECT FROM grades_dataversion WHERE moment IS NULL); END IF; RETURN NULL;",
                    hash="2686bf5589a1a6740afb4f1373be0a19fe26b27e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_version_removed_0c7a0",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="grades_importrun",
                    when="AFTER",
                ),
            ),
        ),
    ]
