from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grades', '0003_record_stays_consistent'),
    ]

    operations = [
        migrations.AddField(
            model_name='council',
            name='welsh_name',
            field=models.CharField(blank=True, help_text='Of a council in Wales.', max_length=100, verbose_name='Welsh name'),
        ),
        migrations.AddField(
            model_name='observation',
            name='printed_label',
            field=models.CharField(blank=True, help_text="What the report calls it, where that is not the metric's label.", max_length=120, verbose_name='printed label'),
        ),
    ]
