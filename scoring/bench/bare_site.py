"""The other side of the household page: the same server and settings, a view with one query and no template.

With BARE_MIDDLEWARE=0 in the environment it answers without any middleware, as no site that people sign in to would.
"""

import os

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dongkou.settings")
settings.ROOT_URLCONF = __name__
if os.environ.get("BARE_MIDDLEWARE") == "0":
    settings.MIDDLEWARE = []


@login_not_required
def household(_request: HttpRequest, token: str) -> HttpResponse:
    """The code of the household behind a plate."""
    from households.models import Plate  # noqa: PLC0415 (models exist once Django is set up)

    return HttpResponse(Plate.objects.get(token=token).household_id)


urlpatterns = [path("h/<str:token>/", household)]
application = get_wsgi_application()
