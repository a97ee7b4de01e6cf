"""The top floor as an application: its tasks and its pages."""

from django.apps import AppConfig


class DongkouConfig(AppConfig):
    """Loads Celery's application, so that tasks are sent to our broker from every process."""

    name = "dongkou"

    def ready(self) -> None:
        """Importing it makes it the current application."""
        import dongkou.celery  # noqa: F401, PLC0415
        from dongkou.running import house  # noqa: PLC0415
        from households.house import navigation, waiting  # noqa: PLC0415

        navigation.register(house.entries)
        waiting.register(house.waiting)
