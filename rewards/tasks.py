"""Tasks: each calls what a person or a command could call."""

from celery import shared_task
from django.utils import timezone

from households.clock.actions import ask
from rewards.models import Redemption
from rewards.shop.actions import redemptions

ASKED_AGAIN = 600  # seconds after which a message nobody took is dropped: what is due stays due and is asked for again


@shared_task(name="rewards.tasks.expire_reservations", ignore_result=True)
def expire_reservations() -> None:
    """Ask for every shop that has a reservation past its time; more workers do more shops at once."""
    ask()
    due = Redemption.objects.reserved().filter(expires_at__lte=timezone.now())
    for village in due.order_by("shop").values_list("shop", flat=True).distinct():
        expire_shop.apply_async((village,), queue="points", expires=ASKED_AGAIN)


@shared_task(name="rewards.tasks.expire_shop", ignore_result=True)
def expire_shop(village: str) -> None:
    """Let go what is past its time in one village's shop."""
    ask()
    redemptions.expire_due(shop=village)
