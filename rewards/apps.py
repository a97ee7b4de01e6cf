from django.apps import AppConfig

from rewards import invariants, invariants_funds, invariants_projects
from scoring.invariants import register


class RewardsConfig(AppConfig):
    name = "rewards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the invariants of shops, funds and projects asked whenever everything is verified."""
        register(*invariants.OF_ALL_TIME, *invariants_funds.OF_ALL_TIME, *invariants_projects.OF_ALL_TIME)
