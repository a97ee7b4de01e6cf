"""What a password must be."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from households.accounts.passwords import MIN_LENGTH, PasswordRules, classes_in, faults, one_time_password
from households.models import User


@pytest.mark.parametrize(
    ("password", "number"),
    [("abc", 1), ("abC", 2), ("abC1", 3), ("abC1!", 4), ("六零", 1), ("六零abc1", 3), ("", 0), ("   ", 1)],
)
def test_classes_of_signs_are_counted(password: str, number: int) -> None:
    assert classes_in(password) == number


@pytest.mark.parametrize("password", ["Songshu-47-he", "六零积分和老樟树a1", "Muzhu.Qiao.82"])
def test_good_password_has_no_faults(password: str) -> None:
    assert faults(password, "cadre") == []


GUESSED_AT_ONCE = (
    *("Passw0rd123", "Aa12345678", "Qwer123456", "Admin@123456", "P@ssw0rd1234", "Dongkou2026", "Dongkou@2026"),
    *("Liulingban1", "430525Aa103", "Liuling-2024", "Zhongguo@123", "aaaaaaaA1a", "Xinfang@2026", "Woaini1314!"),
)


@pytest.mark.parametrize("password", GUESSED_AT_ONCE)
def test_common_and_local_words_are_refused_however_they_are_dressed(password: str) -> None:
    assert faults(password) == [
        "这个密码太容易猜到：请不要用地名、单位名、拼音、年份或常见密码的变写，可以用几个不相干的词连起来。"
    ]


def test_own_name_in_pinyin_is_refused() -> None:
    owner = User(username="cadre", display_name="欧阳九州")
    with pytest.raises(ValidationError, match="太容易猜到"):
        PasswordRules().validate("Ouyangjiuzhou8", owner)
    PasswordRules().validate("Ouyangjiuzhou8", User(username="cadre", display_name="李四"))


def test_short_password_is_told_its_length() -> None:
    assert faults("Ab1!") == ["密码至少 10 位，现在是 4 位。"]


def test_password_of_two_classes_is_refused() -> None:
    assert faults("abcdefgh1234") == ["密码要有大写字母、小写字母、数字、符号中的三种。"]


def test_password_of_a_novel_is_refused() -> None:
    assert faults("Aa1" * 50) == ["密码最多 128 位。"]


@pytest.mark.parametrize("username", ["liuling", "LIULING"])
def test_password_that_holds_the_username_is_refused(username: str) -> None:
    assert faults("Liuling-47-he", username) == ["密码里不能包含账号。"]


def test_two_letter_username_may_occur_in_a_password() -> None:
    assert faults("Liushu-47-he", "li") == []


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        PasswordRules().validate("zhang", User(username="zhang"))
    assert len(refused.value.messages) == 3


def test_rules_are_one_sentence_for_the_form() -> None:
    assert str(MIN_LENGTH) in PasswordRules().get_help_text()


@given(st.integers(0, 50))
def test_one_time_password_keeps_the_rules_and_is_readable(_round: int) -> None:
    password = one_time_password()
    assert faults(password) == []
    assert not set("0O1lIo") & set(password)


def test_one_time_passwords_differ() -> None:
    assert len({one_time_password() for _ in range(200)}) == 200
