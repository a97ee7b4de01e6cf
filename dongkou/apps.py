"""The top floor as an application: its tasks and its pages."""

import logging

from django.apps import AppConfig


class DongkouConfig(AppConfig):
    """Loads Celery's application, so that tasks are sent to our broker from every process."""

    name = "dongkou"

    def ready(self) -> None:
        """Importing it makes it the current application."""
        import dongkou.celery  # noqa: F401, PLC0415
        from dongkou import syslog  # noqa: PLC0415
        from dongkou.province import house as province  # noqa: PLC0415
        from dongkou.running import house  # noqa: PLC0415
        from dongkou.self_check import house as self_check  # noqa: PLC0415
        from dongkou.tracing import spans  # noqa: PLC0415
        from dongkou.training import house as training  # noqa: PLC0415
        from dongkou.watching import slow  # noqa: PLC0415
        from households.audit_log import words  # noqa: PLC0415
        from households.house import checks, navigation, waiting  # noqa: PLC0415

        slow.begin()
        spans.begin()
        navigation.register(house.entries)
        waiting.register(house.waiting)
        navigation.register(self_check.entries)
        navigation.register(training.entries)
        navigation.register(province.entries)
        words.register(training.ACTIONS, {}, {"training": "练习村"})
        words.register({"backup.make": "备份数据库", "backup.drill": "恢复演练"}, {}, {"backup": "运行"})
        checks.register(training.checked)
        checks.register(province.checked)
        logging.getLogger(syslog.LOGGER).addFilter(training.is_real)
