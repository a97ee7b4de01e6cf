"""The error answers of an operation, for its description."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse

from households.api import RefusalSerializer

_MEANING = {
    400: "The request cannot be read.",
    401: "Not signed in, or the token has expired.",
    403: "The caller's role may not do this.",
    404: "There is no such thing, or it lies outside the caller's scope.",
    409: "Someone else was quicker, or the id was used for something else.",
    413: "The request is too large.",
    422: "Refused by the rules; detail says why and what would make it possible.",
    429: "Too many attempts.",
}


def of(*statuses: int) -> dict[int, Any]:
    """Descriptions of these statuses, all of the one shape."""
    return {status: OpenApiResponse(RefusalSerializer, description=_MEANING[status]) for status in statuses}
