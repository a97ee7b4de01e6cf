
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='KeyPrint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=5, verbose_name='用途')),
                ('number', models.PositiveSmallIntegerField(verbose_name='编号')),
                ('print', models.CharField(max_length=32, verbose_name='指纹')),
                ('noted_at', models.DateTimeField(auto_now_add=True, verbose_name='登记时间')),
                ('retired_at', models.DateTimeField(null=True, verbose_name='停用时间')),
            ],
            options={
                'verbose_name': '密钥指纹',
                'constraints': [models.UniqueConstraint(fields=["kind", "number"], name="key_print_once")],
            },
        ),
    ]
