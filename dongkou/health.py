"""GET /healthz."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse


@login_not_required
def healthz(_request: HttpRequest) -> JsonResponse:
    """Whether the parts are alive."""
    return JsonResponse({"status": "ok"})
