"""What staff do with petitions in a browser: read a page, press a step's button, fill in the form for somebody else."""

from uuid import uuid4

from django.urls import reverse

from petitions.models import Petition
from tests.petitions.desk import Desk
from tests.world import VILLAGE


def page(desk: Desk, petition: Petition, who: object) -> str:
    answer = desk.world.client(who).get(reverse("petition", args=[petition.number]))
    assert answer.status_code == 200
    return answer.content.decode()


def do(desk: Desk, who: object, petition: Petition, act: str, **fields: object) -> object:
    """Press a step's button as the page shows it now."""
    seen = Petition.objects.get(pk=petition.pk).seq
    data = {"op_id": str(uuid4()), "seen": seen, **fields}
    return desk.world.client(who).post(reverse(f"petition-{act}", args=[petition.number]), data)


def filing(**more: object) -> dict[str, object]:
    base = {"op_id": str(uuid4()), "way": "visit", "people": 1, "place": VILLAGE, "content": "appeal", "kind": "first"}
    return base | {"demand": "complaint", "title": "水渠堵了", "text": "渠口堵了两年。", "name": "王五一"} | more
