"""Telling posts what happened, inside the action that made it happen: once, however often the action is repeated."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from households.models import PostMessage, User

KEPT = timedelta(days=90)
Post = tuple[str, str]  # a role, and the code of its place or department


def post_of(user: User) -> Post:
    """The post that a person holds now."""
    return user.role, user.department_id or user.division_id or ""


def tell(kind: str, *, key: object, to: Iterable[Post], about: Iterable[object]) -> None:
    """Leave a message with each of the posts; one that is there already stays as it is. In the caller's transaction."""
    said = [str(one) for one in about]
    messages = [
        PostMessage(key=f"{kind}:{key}:{role}:{place}", kind=kind, role=role, place=place, about=said)
        for role, place in dict.fromkeys(to)
    ]
    PostMessage.objects.bulk_create(messages, ignore_conflicts=True)


def forget() -> int:
    """Let go what is shown no longer; how many."""
    return PostMessage.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
