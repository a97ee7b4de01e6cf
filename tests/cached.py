"""What lies in the cache's server, past Django's door: keys as they are stored, values as their bytes."""

import redis
from django.conf import settings


def server() -> redis.Redis:
    return redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
