from django.apps import AppConfig

from rewards.awards import checks as award_checks
from rewards.projects import checks as project_checks
from rewards.shop import checks as shop_checks
from scoring.checks.scores import register


class RewardsConfig(AppConfig):
    name = "rewards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the invariants of shops, funds and projects asked whenever everything is verified."""
        register(*shop_checks.OF_ALL_TIME, *award_checks.OF_ALL_TIME, *project_checks.OF_ALL_TIME)
