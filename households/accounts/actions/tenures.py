"""Who holds which post since when: a line begins and ends with the account, the move and the hand-over, in their transaction."""

from django.utils import timezone

from households.models import Tenure, TenureEnd, User


def begin(user: User, left: list[dict[str, object]] | None = None) -> None:
    """From now on the account holds its post."""
    Tenure.objects.create(
        user=user,
        role=user.role,
        division_id=user.division_id,
        department_id=user.department_id,
        since=timezone.now(),
        left=left or [],
    )


def end(user: User, how: TenureEnd, followed_by: User | None = None) -> None:
    """From now on it does not."""
    Tenure.objects.filter(user=user, until=None).update(until=timezone.now(), ended=how, followed_by=followed_by)
