"""What was public before findings, steps, periods, responses and mentions had a status of their own stays public."""

from django.db import migrations
from django.utils import timezone

WERE_PUBLIC = ("Finding", "FindingEvent", "MonitoringPeriod", "Response", "Mention")


def publish(apps, schema_editor):
    for name in WERE_PUBLIC:
        apps.get_model("grades", name).objects.update(status="published", published_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("grades", "0005_the_office_desk")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
