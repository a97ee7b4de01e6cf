"""What the operator may write, and what claims mean by it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dongkou.environment import env_provider
from households.oidc.provider import BadProvider, Provider, is_safe, provider_from
from households.roles import Role

NAMES = ("issuer", "client", "secret", "label", "claim", "scope", "posts", "posts_claim", "second_factor")
WHOLE = {"issuer": "https://login.example.cn/realms/sheng", "client": "six-zeros", "secret": "s" * 16}


def described(**given: str) -> Provider | None:
    return provider_from(dict.fromkeys(NAMES, "") | given, list(Role))


def test_nothing_said_is_no_provider() -> None:
    assert described() is None


def test_what_is_not_said_has_its_default() -> None:
    made = described(**WHOLE)
    assert (made.label, made.claim, made.scope, made.posts, made.counted) == (
        *("统一身份认证", "sub", "openid profile"),
        {},
        (),
    )
    assert "s" * 16 not in repr(made)


def test_everything_said() -> None:
    posts = '{"township": ["town-{place}"]}'
    made = described(**WHOLE, posts=posts, second_factor="amr=mfa, acr=urn:loa=2", claim="employee")
    assert made.posts == {"township": ["town-{place}"]} and made.claim == "employee"
    assert made.counted == (("amr", "mfa"), ("acr", "urn:loa=2")) and made.asked_for == ["urn:loa=2"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://login.example.cn"},
        {"issuer": "login.example.cn"},
        {"issuer": "https://login.example.cn/?a=b"},
        {"issuer": ""},
        {"client": ""},
        {"secret": "short"},
        {"scope": "profile"},
        {"posts": "[]"},
        {"posts": "{"},
        {"posts": '{"mayor": ["x"]}'},
        {"posts": '{"cadre": "x"}'},
        {"posts": '{"cadre": []}'},
        {"posts": '{"cadre": [1]}'},
        {"second_factor": "mfa"},
        {"second_factor": "amr="},
    ],
)
def test_what_describes_no_provider(wrong: dict[str, str]) -> None:
    with pytest.raises(BadProvider, match="DONGKOU_OIDC"):
        described(**(WHOLE | wrong))


def test_secret_may_stand_in_a_file(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("aus-einer-datei-gelesen\n")
    monkeypatch.setenv("DONGKOU_OIDC_SECRET_FILE", str(tmp_path / "secret"))
    assert env_provider()["secret"] == "aus-einer-datei-gelesen"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://login.example.cn/a", True),
        ("http://127.0.0.1:8080/a", True),
        ("http://login.example.cn/a", False),
        ("https://somebody:word@login.example.cn/", False),
        ("https://login.example.cn:x/", False),
        ("https://login.example.cn/#a", False),
        ("https://login.example.cn/\r\nHost: x", False),
        ("file:///etc/passwd", False),
        (None, False),
    ],
)
def test_addresses_that_are_asked(url: object, safe: bool) -> None:
    assert is_safe(url) is safe


WORD = st.none() | st.booleans() | st.integers() | st.text(max_size=300)
CLAIM = WORD | st.lists(WORD, max_size=3)


@given(claims=st.dictionaries(st.sampled_from(["groups", "sub", "amr", "email"]), CLAIM), role=st.sampled_from(Role))
def test_claims_of_any_shape_give_nothing(claims: dict[str, Any], role: Role) -> None:
    made = Provider("https://a.cn", "c", "s", posts={"cadre": ["village-{place}"]}, counted=[("amr", "one-time-code")])
    assert not made.holds_post(claims, role, "430726") and not made.shows_second_factor(claims)
    named = made.names(claims)
    assert len(named) <= 255 and named.isprintable()
