"""Messages through quorum queues of a real RabbitMQ: each is worked on, and none is lost when a worker or the broker is killed."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings

from dongkou import signs
from dongkou.celery import app
from tests.dongkou.serving import rabbit
from tests.dongkou.serving.hosts import Host, comes_up, health, host, kill
from tests.processes import free_port
from tests.waiting import until

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
ECHO = "celery.accumulate"


@pytest.fixture
def node() -> Iterator[rabbit.Rabbit]:
    assert rabbit.fetched()
    signs.broker().flushdb()
    with rabbit.rabbitmq() as one:
        yield one


@pytest.fixture
def one(node: rabbit.Rabbit) -> Iterator[Host]:
    with host(AMQP_URL=node.url) as found:
        yield found


def lengths(node: rabbit.Rabbit) -> dict[str, int]:
    """What waits, as RabbitMQ tells it; of queues that are quorum queues alone."""
    with app.connection_for_write(url=node.url) as line:
        told = {}
        for name in settings.CELERY_QUEUES:
            kind = {"x-queue-type": "quorum", "x-consumer-timeout": 3_600_000}
            told[name] = line.default_channel.queue_declare(
                name, durable=True, auto_delete=False, arguments=kind
            ).message_count
        return told


def test_system_on_rabbitmq_loses_nothing(node: rabbit.Rabbit, one: Host) -> None:
    port = free_port()
    one.serve("web", "--listen", str(port), "--processes", "1")
    worker = one.serve("worker", "--processes", "1")
    one.serve("beat")
    comes_up(one, lambda: health(port)[0] == 200)
    until(lambda: "scoring.tasks.roll_up_marked" in finished())
    assert sum(lengths(node).values()) == 0  # asked as quorum queues: RabbitMQ refuses another kind
    kill(worker)
    until(lambda: sum(lengths(node).values()) > 0, seconds=60)
    waited = sum(lengths(node).values())
    node.stop()
    until(lambda: "broker" in health(port)[1].get("failing", []))
    node.start()
    assert sum(lengths(node).values()) >= waited  # on disk, and confirmed before they counted as sent
    one.running.remove(worker)
    one.serve("worker", "--processes", "1")
    until(lambda: health(port)[0] == 200 and sum(lengths(node).values()) == 0, seconds=120)


def finished() -> set[str]:
    """Jobs that have run."""
    from households.models import JobRun

    return set(JobRun.objects.values_list("name", flat=True))


def test_its_settings_name_quorum_queues_and_confirm_what_is_sent(node: rabbit.Rabbit, one: Host) -> None:
    """Asked of a process that has the address: no limit over a whole channel, and each message confirmed."""
    import subprocess
    import sys

    question = (
        "import django; django.setup(); from dongkou.celery import app;"
        "from celery.utils.quorum_queues import detect_quorum_queues as found;"
        "print(found(app, app.connection_for_write().transport.driver_type)[0],"
        " app.conf.broker_transport_options['confirm_publish'], app.conf.worker_detect_quorum_queues)"
    )
    given = {**os.environ, **one.environment()}
    done = subprocess.run([sys.executable, "-c", question], env=given, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "True"]
