"""Photos of events, added through the doors."""

import io
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from households.models import User
from households.roles import Role
from scoring.evidence.actions import add_photo, withdraw_photo
from scoring.models import EventPhoto, ScoreEvent
from tests.world import World


def picture(kind: str = "JPEG", shade: int = 90, **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (120, 80), (shade, 140, 60)).save(out, kind, **more)
    return out.getvalue()


def upload(kind: str = "JPEG", shade: int = 90, **more: object) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"photo.{kind.lower()}", picture(kind, shade, **more), f"image/{kind.lower()}")


def added(world: World, event: ScoreEvent, photo: bytes = b"\xff\xd8 one", by: User | None = None) -> EventPhoto:
    answer = add_photo(op_id=uuid4(), event=event, photo=photo, by=by or world.user(Role.CADRE))
    return EventPhoto.objects.get(pk=answer["id"])


def withdrawn(world: World, photo: EventPhoto, reason: str = "拍到了别人家", by: User | None = None) -> EventPhoto:
    withdraw_photo(op_id=uuid4(), photo=photo, reason=reason, by=by or world.user(Role.CADRE))
    return EventPhoto.objects.get(pk=photo.pk)
