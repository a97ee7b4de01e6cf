"""A drawn picture at an exception of the demo: no photo of a real place or person is shipped."""

import io
from random import Random
from uuid import UUID

from PIL import Image, ImageDraw

from households.scope import lies_in
from scoring.evidence.actions import add_photo
from scoring.models import ScoreEvent

SIZE = (960, 720)  # px


def attach(month: str, village: str, rng: Random) -> int:
    """Two pictures at one exception of a household that a person of the village recorded; returns how many."""
    recorded = ScoreEvent.objects.standing().filter(lies_in(village), period=month, recorded_by__isnull=False)
    own = recorded.filter(code__regex="^.{18}$", recorded_by__division=village).order_by("pk")
    event = own.filter(clause__indicator__code="pollution").first() or own.first()
    if event is None or event.recorded_by is None:
        return 0
    for number in range(2):
        op_id = UUID(int=rng.getrandbits(128), version=4)
        add_photo(op_id=op_id, event=event, photo=_roadside(rng, close=bool(number)), by=event.recorded_by)
    return 2


def _roadside(rng: Random, *, close: bool) -> bytes:
    """A lane with heaps beside it, from afar or near by, as a JPEG."""
    image = Image.new("RGB", SIZE, "#cfe3ee")
    pen = ImageDraw.Draw(image)
    pen.polygon([(0, 330), (260, 180), (520, 310), (760, 210), (960, 320), (960, 720), (0, 720)], fill="#a9c08a")
    pen.polygon([(430, 320), (530, 320), (900, 720), (60, 720)], fill="#b9b3a7")
    spread = 12 if close else 5
    for _ in range(40 if close else 16):
        x, y = rng.randint(90, 330), rng.randint(500, 660)
        pen.ellipse((x, y, x + rng.randint(9, 14) * spread, y + rng.randint(4, 7) * spread), fill=rng.choice(_HEAP))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


_HEAP = ("#6e5234", "#8a7a5c", "#d9d4c7", "#5f6b4a")
