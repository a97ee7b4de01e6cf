"""Every address asked by somebody who may: a replica answers nearly all of them, and as the primary does."""

import pytest
from django.test import Client

from dongkou.replicas.replica import ANYTHING, replicas
from tests.addresses import all_views, opens
from tests.dongkou.replicas.answered import Answered
from tests.dongkou.replicas.standby import Standby
from tests.samples import laid_out
from tests.world import found

# What is written in one act with a line of the audit log, or lies in tables that replicas do not have; probes ask for themselves.
# The way back from an OpenID provider is good once.
OF_PRIMARY = {
    "audit-file",
    "oidc-back",
    "self-check",
    "self-check-paper",
    "filing-form",
    "plate-run",
    "plate-run-paper",
    "healthz",
}


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_nearly_every_address_is_answered_by_a_replica(replica: Standby) -> None:
    samples = laid_out()
    clients = {user: found().client(user) for user in found().people.values()}
    replica.catch_up()
    replicas.cache_clear()
    others, differ = set(), []
    for view in all_views():
        client = next((client for user, client in clients.items() if opens(user.role, view)), None) or Client()
        client.cookies.pop("wrote", None)
        url, by = view.url(samples), Answered()
        first = client.get(url)
        if by() != {"replica": 1}:
            others.add(view.name)
        client.cookies["wrote"] = f"{ANYTHING:x}"
        if client.get(url).status_code != first.status_code:
            differ.append(view.name)
    assert others <= OF_PRIMARY
    assert differ == []
