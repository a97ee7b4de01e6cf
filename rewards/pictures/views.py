"""A picture by its digest."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from households.audience import published
from households.middleware import must_change
from rewards.models.pictures import Picture
from rewards.pictures.pictures import content_type, may_see

YEAR = 365 * 24 * 3600  # seconds; what a digest names never changes


@published
@require_safe
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """Public ones for everybody, without looking at cookies; private ones for the place's staff, 404 for all others."""
    found = Picture.objects.filter(digest=digest).first()
    if found is None or (found.private and (must_change(request) or not may_see(request.user, found))):
        raise Http404
    content = bytes(found.content)
    response = HttpResponse(content, content_type=content_type(content))
    response["Cache-Control"] = "private, no-store" if found.private else f"public, max-age={YEAR}, immutable"
    response["Content-Disposition"] = "inline"
    if found.private:
        response["X-Robots-Tag"] = "noindex, noarchive"
    return response
