"""Handing in what somebody else recorded: in their name, once, readable to nobody in between."""

import json

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.urls import reverse

from dongkou.keys import FieldKeys
from households.accounts.actions.accounts import change_password, deactivate_user
from households.models import AuditEvent
from households.refusals import Refused
from households.roles import Role
from households.sealing.signing import is_signed
from scoring.carrying.actions import HandedIn, hand_in
from scoring.models import ScoreEvent
from scoring.sheets.receipts import digest_of_op, text_of
from tests.answers import whole
from tests.audit_failure import audit_down
from tests.scoring.carrying.envelopes import carried, opened, sealed
from tests.scoring.points.asking import add, asker, op
from tests.world import MONTH, SISTER, VILLAGE, World

FIRST, SECOND = f"{VILLAGE}010001", f"{VILLAGE}010002"


def hand(world: World, data: bytes, by: str = Role.TOWNSHIP) -> HandedIn:
    return hand_in(data=data, by=world.user(by))


def refusal(world: World, data: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        hand(world, data)
    assert not ScoreEvent.objects.exists()
    return caught.value


def test_work_is_written_in_the_name_of_whoever_did_it(world: World) -> None:
    cadre, sent = asker(world, Role.CADRE), [add(FIRST), add(SECOND), add(f"{VILLAGE}019999")]
    done = hand(world, carried(cadre, *sent))
    assert (done.author, done.village, done.taken, done.others) == (
        world.user(Role.CADRE).display_name,
        "东山村",
        2,
        1,
    )
    assert {event.recorded_by for event in ScoreEvent.objects.all()} == {world.user(Role.CADRE)}
    line = AuditEvent.objects.get(action="sheet.carry")
    assert (line.actor, line.detail["author"]) == (world.user(Role.TOWNSHIP).username, world.user(Role.CADRE).username)


def test_receipts_are_signed_and_only_the_device_reads_them(world: World) -> None:
    sent = add(FIRST, note="棚子占了公路边")
    receipts = hand(world, carried(asker(world, Role.CADRE), sent)).receipts
    answer = opened(receipts)
    [result], [event] = answer["results"], answer["events"]
    receipt = result["receipt"]
    said = {name: receipt[name] for name in ("op_id", "sheet", "digest", "status", "at")}
    assert is_signed(text_of(**said), receipt["key"], receipt["signature"])
    assert (receipt["digest"], event["note"]) == (digest_of_op(sent), "棚子占了公路边")
    assert not [words for words in ("棚子", FIRST, "WJ02") if words.encode() in receipts]


def test_file_handed_in_twice_writes_once_and_is_answered_the_same(world: World) -> None:
    data = carried(asker(world, Role.CADRE), add(FIRST))
    first, again = (opened(hand(world, data, by).receipts) for by in (Role.TOWNSHIP, Role.CADRE))
    assert [one["results"][0]["status"] for one in (first, again)] == ["applied", "exists"]
    assert first["results"][0]["receipt"]["at"] == again["results"][0]["receipt"]["at"]
    assert ScoreEvent.objects.count() == 1


def test_line_that_came_back_first_leaves_nothing_to_do(world: World) -> None:
    cadre, sent = asker(world, Role.CADRE), add(FIRST)
    data = carried(cadre, sent)
    cadre.send(sent, base=0)
    assert hand(world, data).taken == 1 and ScoreEvent.objects.count() == 1


def test_carrier_reads_nothing_in_the_file(world: World) -> None:
    data = carried(asker(world, Role.CADRE), add(FIRST, note="棚子占了公路边"))
    assert set(json.loads(data)) == {"dongkou", "key", "point", "sealed"}
    assert not [words for words in ("棚子", FIRST, "WJ02", MONTH) if words.encode() in data]


def test_bearer_of_another_place_is_told_nothing(world: World) -> None:
    data = carried(asker(world, Role.CADRE), add(FIRST))
    with pytest.raises(Http404):
        hand_in(data=data, by=world.stranger(Role.CADRE))
    assert not ScoreEvent.objects.exists()


def test_author_reaches_no_further_than_ever(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    with pytest.raises(Http404):
        hand(world, carried(cadre, add(f"{SISTER}010001"), book=f"{MONTH} {SISTER}"))
    leader = asker(world, Role.GROUP_LEADER)
    done = hand(world, carried(leader, op("declare")))
    assert opened(done.receipts)["results"][0]["code"] == "not_yours"


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff\xd8\xff", b'{"dongkou": "dongkou carried 1"}'])
def test_file_of_another_kind_is_refused_in_words(world: World, data: bytes) -> None:
    assert "打不开" in refusal(world, data).reason


def test_file_with_one_byte_changed_is_refused(world: World) -> None:
    outside = json.loads(carried(asker(world, Role.CADRE), add(FIRST)))
    middle = len(outside["sealed"]) // 2
    other = "A" if outside["sealed"][middle] != "A" else "B"
    outside["sealed"] = outside["sealed"][:middle] + other + outside["sealed"][middle + 1 :]
    assert "损坏" in refusal(world, json.dumps(outside).encode()).reason


@pytest.mark.parametrize("changes", [{"ops": "all"}, {"ops": [1]}, {"base": -1}, {"reply": "AAAA"}, {"book": "x"}])
def test_file_that_lacks_something_is_refused(world: World, changes: dict[str, object]) -> None:
    refusal(world, carried(asker(world, Role.CADRE), add(FIRST), **changes))


def test_file_that_names_somebody_without_proof_is_refused(world: World) -> None:
    inside = {"book": f"{MONTH} {VILLAGE}", "base": 0, "ops": [add(FIRST)], "reply": "A" * 43 + "="}
    for proof in ("", "cadre", None, [world.user(Role.CADRE).pk, "x" * 16]):
        assert "不是台账页面存出来的" in refusal(world, sealed(inside | {"proof": proof})).reason


def test_proof_ends_with_the_password(world: World) -> None:
    cadre = world.user(Role.CADRE)
    data = carried(asker(world, Role.CADRE), add(FIRST))
    change_password(user=cadre, password="another good password 77", by=cadre)
    assert "改过密码" in refusal(world, data).reason


def test_proof_ends_with_the_account(world: World) -> None:
    data = carried(asker(world, Role.CADRE), add(FIRST))
    deactivate_user(user=world.user(Role.CADRE), by=None)
    assert "账号已停用" in refusal(world, data).reason


def test_file_under_a_key_that_is_gone_is_refused(world: World, settings: LazySettings) -> None:
    data = carried(asker(world, Role.CADRE), add(FIRST))
    settings.FIELD_KEYS = FieldKeys({2: b"a second key of thirty-two bytes"})
    assert "打不开" in refusal(world, data).reason


def test_without_its_audit_line_nothing_is_written(world: World) -> None:
    data = carried(asker(world, Role.CADRE), add(FIRST))
    with audit_down(after=1):  # the entry's own line goes through
        hand(world, data)
    assert not ScoreEvent.objects.exists()


def post(client: Client, data: bytes) -> object:
    return client.post(reverse("carried"), {"file": SimpleUploadedFile("a.dkt", data)}, follow=True)


def test_page_says_what_became_of_it_and_gives_the_receipts(world: World) -> None:
    client = world.client(Role.TOWNSHIP)
    answer = post(client, carried(asker(world, Role.CADRE), add(FIRST), add(f"{VILLAGE}019999")))
    text = whole(answer)
    assert "已登记 <b>1</b> 条" in text and "另有 <b>1</b>" in text
    assert not [words for words in (FIRST, "张三丰", "违建") if words in text]
    file = client.get(f"{answer.request['PATH_INFO']}?file=1")
    assert opened(file.content)["results"][0]["status"] == "applied"
    assert "attachment" in file["Content-Disposition"]
    other = world.client(Role.SUPERVISOR).get(answer.request["PATH_INFO"], follow=True)
    assert "这份回执已经看不到了" in whole(other) and "已登记" not in whole(other)


def test_page_refuses_a_file_in_words(world: World) -> None:
    answer = post(world.client(Role.TOWNSHIP), b"{}")
    assert answer.status_code == 422 and "请原来的人重新存一次" in whole(answer)
    large = post(world.client(Role.TOWNSHIP), b" " * (512 * 1024 + 1))
    assert large.status_code == 413 and "文件太大" in whole(large)


def test_proof_is_for_who_may_record_and_where(world: World) -> None:
    address = f"/api/v1/sheets/{MONTH}/{VILLAGE}/carrying/"
    assert set(world.client(Role.CADRE).get(address).json()) == {"proof", "key", "point"}
    assert world.client(Role.SUPERVISOR).get(address).status_code == 403
    assert world.client(world.stranger(Role.CADRE)).get(address).status_code == 404
