"""What beat asks for and when: a task's name, its interval or time of day (Asia/Shanghai), and its queue.

A message that nobody took within `expires` seconds is dropped: the next one asks for the same.
"""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab

from dongkou.environment import env_province

QUEUES = ("entry", "rollup", "points", "notify", "export")
SCHEDULE: dict[str, dict[str, Any]] = {
    "roll up what changed": {
        "task": "scoring.tasks.roll_up_marked",
        "schedule": timedelta(seconds=20),
        "options": {"queue": "rollup", "expires": 60},
    },
    "make what changed households are found by": {
        "task": "households.tasks.index_households",
        "schedule": timedelta(seconds=30),
        "options": {"queue": "entry", "expires": 60},
    },
    "move months along their calendar": {
        "task": "scoring.tasks.advance_calendar",
        "schedule": timedelta(minutes=10),
        "options": {"queue": "points", "expires": 600},
    },
    "let reservations go that nobody fetched": {
        "task": "rewards.tasks.expire_reservations",
        "schedule": timedelta(minutes=10),
        "options": {"queue": "points", "expires": 600},
    },
    "lay months out": {
        "task": "scoring.tasks.lay_out_months",
        "schedule": crontab(hour=0, minute=20),
        "options": {"queue": "rollup", "expires": 3600},
    },
    "let points lapse and say so beforehand": {
        "task": "scoring.tasks.lapse_points",
        "schedule": crontab(hour=0, minute=40),
        "options": {"queue": "points"},
    },
    "pass points of households on that have left": {
        "task": "scoring.tasks.pass_points_on",
        "schedule": timedelta(minutes=10),
        "options": {"queue": "points", "expires": 600},
    },
    "take up imports that stopped": {
        "task": "households.tasks.take_up_imports",
        "schedule": timedelta(seconds=30),
        "options": {"queue": "export", "expires": 60},
    },
    "seal the trail": {
        "task": "scoring.tasks.seal_trail",
        "schedule": timedelta(minutes=10),
        "options": {"queue": "points", "expires": 600},
    },
    "publish the day's roots of the points": {
        "task": "scoring.tasks.publish_roots",
        "schedule": crontab(hour=23, minute="40,50"),
        "options": {"queue": "points", "expires": 540},  # after midnight it would be another day's
    },
    "remind of petitions": {
        "task": "petitions.tasks.remind",
        "schedule": crontab(hour="8-17", minute=35),
        "options": {"queue": "notify", "expires": 3000},
    },
    "close petitions nobody objected to": {
        "task": "petitions.tasks.close_passed",
        "schedule": crontab(hour=1, minute=10),
        "options": {"queue": "notify"},
    },
    "nightly check of petitions' clocks": {
        "task": "petitions.tasks.check_clocks",
        "schedule": crontab(hour=2, minute=50),
        "options": {"queue": "notify"},
    },
    "erase what petitions need no longer keep": {
        "task": "petitions.tasks.erase_expired",
        "schedule": crontab(hour=3, minute=20),
        "options": {"queue": "notify"},
    },
    "erase what is personal of households that left long ago": {
        "task": "households.tasks.erase_expired",
        "schedule": crontab(hour=3, minute=40),
        "options": {"queue": "notify"},
    },
    "send SMS": {
        "task": "households.tasks.send_sms",
        "schedule": timedelta(minutes=5),
        "options": {"queue": "notify", "expires": 300},
    },
    "index petitions that lack their words": {
        "task": "petitions.tasks.index_petitions",
        "schedule": crontab(hour=4, minute=10),
        "options": {"queue": "notify"},
    },
    "back up": {
        "task": "dongkou.tasks.back_up",
        "schedule": crontab(hour=1, minute=30),
        "options": {"queue": "export", "expires": 12 * 3600},
    },
    "rehearse restoring": {
        "task": "dongkou.tasks.rehearse_restore",
        "schedule": crontab(day_of_month=5, hour=4, minute=30),
        "options": {"queue": "export", "expires": 12 * 3600},
    },
    "measure the tables": {
        "task": "dongkou.tasks.measure_tables",
        "schedule": crontab(hour=5, minute=10),
        "options": {"queue": "notify"},
    },
    "look after the running": {
        "task": "dongkou.tasks.look_around",
        "schedule": timedelta(minutes=5),
        "options": {"queue": "notify", "expires": 300},
    },
    "tell alarms": {
        "task": "dongkou.tasks.tell_alarms",
        "schedule": timedelta(minutes=1),
        "options": {"queue": "notify", "expires": 60},
    },
    "nightly check": {
        "task": "scoring.tasks.check_nightly",
        "schedule": crontab(hour=2, minute=30),
        "options": {"queue": "rollup"},
    },
}
if env_province("DONGKOU_PROVINCE"):  # the settings are read later
    SCHEDULE["add up the province"] = {
        "task": "dongkou.tasks.sum_up_province",
        "schedule": timedelta(seconds=20),
        "options": {"queue": "rollup", "expires": 60},
    }
