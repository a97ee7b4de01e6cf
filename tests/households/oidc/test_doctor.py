"""The doctor asks a real provider, and tells each fault of it apart."""

import time
from dataclasses import replace
from typing import Any

import pytest

from dongkou.doctor import signing_in
from dongkou.doctor.findings import DoctorFinding, DoctorVerdict
from households.oidc.tokens import can_verify
from tests.households.oidc.provided import Provided

LABEL = "省统一身份认证"


def bad_ones() -> list[DoctorFinding]:
    return [one for one in signing_in.provider() if one.health is DoctorVerdict.BAD]


def test_provider_that_fits_is_well(provider: Provided) -> None:
    found = list(signing_in.provider())
    assert {one.health for one in found} == {DoctorVerdict.WELL}
    assert [one.told for one in found] == ["和本机相差不到 10 秒", "1 把能用", "认得"]


def test_nothing_is_said_where_none_is_set(settings: Any) -> None:
    settings.OIDC = None
    assert list(signing_in.provider()) == []


def test_provider_that_is_away_is_named(provider: Provided, settings: Any) -> None:
    settings.OIDC = replace(settings.OIDC, issuer="http://127.0.0.1:9")
    [one] = bad_ones()
    assert "没有回答（ConnectionRefusedError）" in one.told and "口令登录照常" in one.do


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ({"issuer": "https://elsewhere.example"}, "它说自己是 https://elsewhere.example"),
        ({"jwks_uri": "http://elsewhere.example/keys"}, "没有可用的 jwks_uri"),
        ({"id_token_signing_alg_values_supported": ["HS256"]}, "id_token_signing_alg_values_supported"),
        ({"token_endpoint_auth_methods_supported": ["private_key_jwt"]}, "token_endpoint_auth_methods_supported"),
        ({"code_challenge_methods_supported": ["plain"]}, "code_challenge_methods_supported"),
    ],
)
def test_provider_that_cannot_be_spoken_with_is_named(provider: Provided, lie: dict[str, Any], said: str) -> None:
    provider.lies(metadata=lie)
    [one] = bad_ones()
    assert said in one.told


def test_keys_that_cannot_be_had_are_named(provider: Provided) -> None:
    there = provider.settings().issuer
    provider.lies(metadata={"jwks_uri": f"{there}/nowhere"})
    assert [one.told for one in bad_ones()] == ["取不到（404）"]
    provider.lies(metadata={"jwks_uri": f"{there}/.well-known/openid-configuration"})
    assert [one.told for one in bad_ones()] == ["没有一把能用"]


@pytest.mark.parametrize(
    "key", [{"kty": "oct", "k": "c2VjcmV0"}, {"kty": "RSA"}, {}, {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}]
)
def test_key_that_everybody_may_have_is_none(key: dict[str, str]) -> None:
    assert not can_verify(key)


def test_wrong_secret_is_told_apart(provider: Provided, settings: Any) -> None:
    settings.OIDC = replace(settings.OIDC, secret="another secret of a good length")
    assert [(one.told, one.do) for one in bad_ones()] == [("不认（401）", "请核对 DONGKOU_OIDC_CLIENT 和密钥")]


@pytest.mark.parametrize(("ahead", "health"), [(40, DoctorVerdict.LOOK), (-300, DoctorVerdict.BAD)])
def test_clock_that_differs_is_named(
    provider: Provided, monkeypatch: pytest.MonkeyPatch, ahead: int, health: DoctorVerdict
) -> None:
    real = time.time
    monkeypatch.setattr(signing_in.time, "time", lambda: real() + ahead)
    [one] = [one for one in signing_in.provider() if one.what.endswith("的时间")]
    assert one.health is health
