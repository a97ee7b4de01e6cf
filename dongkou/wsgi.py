"""The WSGI application that granian serves."""

import os
import signal

from django.core.wsgi import get_wsgi_application

from dongkou.children import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dongkou.settings")

if os.environ.get("DONGKOU_ROLE") == "web":
    # granian's workers would keep the port if granian itself were killed.
    die_with_parent(signal.SIGKILL)

application = get_wsgi_application()

if os.environ.get("DONGKOU_ROLE") == "web":
    from dongkou.guards import refuse_unfit_child

    refuse_unfit_child()

    from dongkou.maintenance import watchman

    watchman.begin()
