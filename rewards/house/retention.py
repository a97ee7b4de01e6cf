"""What this room empties of an erased household: who fetched goods for it, its reasons, its signatures. Goods and points stay."""

from collections.abc import Sequence

from households.retention.registry import WORDS_GONE
from rewards.models import Picture, Redemption

# One white dot: a picture stays where a signature was the proof.
NO_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f0001"
    "010100b138f6140000000049454e44ae426082"
)


def erase(codes: Sequence[str]) -> None:
    """The triggers let words become WORDS_GONE alone. A signature that another household's goods were handed over by stays."""
    own = Redemption.objects.filter(household__in=codes)
    for column in ("collected_by", "relation", "reason"):
        own.exclude(**{column: ""}).update(**{column: WORDS_GONE})
    others = Redemption.objects.exclude(household__in=codes).filter(signature__isnull=False).values("signature")
    signed = Picture.objects.filter(pk__in=own.values("signature")).exclude(pk__in=others)
    signed.update(content=NO_PICTURE, width=1, height=1)
