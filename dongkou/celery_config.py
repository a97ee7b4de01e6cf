"""Celery's own settings, by its own names (https://docs.celeryq.dev/en/stable/userguide/configuration.html)."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from dongkou.schedule import QUEUES, SCHEDULE

LONGEST_SECONDS = 3300  # nothing lawful takes as long
_AMQP = bool(settings.AMQP_URL)
# Quorum queues survive the loss of a RabbitMQ node. Without the second one it would take a long job's message back.
_QUORUM: dict[str, Any] = {"x-queue-type": "quorum", "x-consumer-timeout": 1000 * (LONGEST_SECONDS + 300)}

broker_url = settings.BROKER_URL
result_backend = settings.RESULTS_URL
result_expires = timedelta(hours=6)
task_serializer = result_serializer = "json"
accept_content = result_accept_content = ["json"]
timezone = settings.TIME_ZONE
task_default_queue = "entry"
task_queues = {
    name: {"exchange": name, "routing_key": name, "queue_arguments": _QUORUM if _AMQP else None} for name in QUEUES
}
task_create_missing_queues = False  # a misspelt queue would swallow messages
task_acks_late = True
task_reject_on_worker_lost = True
worker_cancel_long_running_tasks_on_connection_loss = True  # the broker will deliver them again
worker_prefetch_multiplier = 1
task_soft_time_limit, task_time_limit = LONGEST_SECONDS - 300, LONGEST_SECONDS
broker_transport_options: dict[str, Any] = {
    "visibility_timeout": 3600,  # longer than the longest job
    "socket_timeout": 10,  # a frozen broker is left and asked again
    "socket_connect_timeout": 5,
}
if _AMQP:
    broker_transport_options = {"confirm_publish": True}  # a message counts as sent when RabbitMQ has it
    broker_heartbeat = 10
    worker_enable_remote_control = False  # its queues are of the kind that RabbitMQ gives up
redis_socket_timeout, redis_socket_connect_timeout = 10, 5
broker_connection_retry_on_startup = True
worker_hijack_root_logger = False
worker_soft_shutdown_timeout = 3.0  # seconds; then messages in hand go back to their queues
beat_scheduler = "dongkou.beat.HeartbeatScheduler"
beat_max_loop_interval = 2  # seconds between two signs of life
beat_schedule = SCHEDULE
