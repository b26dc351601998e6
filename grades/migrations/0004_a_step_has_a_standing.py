"""Where a finding stands becomes a step's `standing`: its `status` will say how far the step is on its way to the public."""

from django.db import migrations, models
from django.db.models import Q

STANDINGS = ["open", "in-progress", "complete", "closed", "superseded"]


class Migration(migrations.Migration):
    dependencies = [("grades", "0003_record_stays_consistent")]

    operations = [
        migrations.RemoveConstraint("findingevent", "finding_event_status_known"),
        migrations.RemoveConstraint("findingevent", "finding_event_only_inspectorate_closes"),
        migrations.RemoveConstraint("findingevent", "finding_event_once"),
        migrations.RenameField("findingevent", "status", "standing"),
        migrations.AddConstraint(
            "findingevent",
            models.CheckConstraint(
                name="finding_event_standing_known",
                condition=Q(standing__in=STANDINGS),
                violation_error_message="This is not one of the choices.",
            ),
        ),
        migrations.AddConstraint(
            "findingevent",
            models.CheckConstraint(
                name="finding_event_only_inspectorate_closes",
                condition=~Q(standing__in=["closed", "superseded"]) | Q(actor="inspectorate"),
                violation_error_message="Only the inspectorate closes or supersedes a finding.",
            ),
        ),
        migrations.AddConstraint(
            "findingevent",
            models.UniqueConstraint(
                fields=["finding", "actor", "standing", "happened_on"],
                name="finding_event_once",
                violation_error_message="This step is already recorded.",
            ),
        ),
    ]
