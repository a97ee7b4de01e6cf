from django.apps import AppConfig

from rewards import invariants
from scoring.invariants import register


class RewardsConfig(AppConfig):
    name = "rewards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the shops' invariants asked whenever everything is verified."""
        register(*invariants.OF_ALL_TIME)
