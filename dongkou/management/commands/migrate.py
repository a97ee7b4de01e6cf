from typing import Any

from django.core.management.commands import migrate

from dongkou.acting import acting_as, renew_grants
from dongkou.maintenance import maintenance


class Command(migrate.Command):
    """Django's own, as the owner of the tables; then application and reader are given their rights anew."""

    def handle(self, *args: Any, **options: Any) -> None:
        with acting_as("owner"), maintenance():
            super().handle(*args, **options)
            renew_grants()
