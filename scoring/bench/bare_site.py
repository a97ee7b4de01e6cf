"""The other side of the household page: the same server and the same Django, one query, no middleware, no template."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dongkou.settings")
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []


def household(_request: HttpRequest, token: str) -> HttpResponse:
    """The code of the household behind a plate."""
    from households.models import Plate  # noqa: PLC0415 (models exist once Django is set up)

    return HttpResponse(Plate.objects.get(token=token).household_id)


urlpatterns = [path("h/<str:token>/", household)]
application = get_wsgi_application()
