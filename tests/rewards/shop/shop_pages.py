"""Reading the pages of the shop of 东山村."""

from django.test import Client
from django.urls import reverse

from tests.world import VILLAGE


def address(name: str, *parts: object) -> str:
    return reverse(name, args=[VILLAGE, *parts])


def text(client: Client, name: str, *parts: object, query: str = "") -> str:
    answer = client.get(address(name, *parts) + query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()
