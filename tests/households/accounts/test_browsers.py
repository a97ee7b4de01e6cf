"""What a browser is called in the list of one's sign-ins."""

from types import SimpleNamespace

import pytest

from households.accounts.browsers import named

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/120.0.0.0", "Windows 电脑 Edge"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME}", "Windows 电脑 Chrome"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Linux 电脑 Firefox"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/17 Safari/605", "苹果电脑 Safari"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0", "苹果手机 微信"),
        (f"Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) {CHROME}", "苹果平板 Chrome"),
        (f"Mozilla/5.0 (Linux; Android 10; HarmonyOS; ELE-AL00) {CHROME}", "鸿蒙手机 Chrome"),
        (f"Mozilla/5.0 (Linux; Android 10; ELE-AL00) {CHROME}", "安卓手机 Chrome"),
        ("", "未知设备"),
    ],
)
def test_machine_and_program_are_told(told: str, name: str) -> None:
    assert named(SimpleNamespace(headers={"User-Agent": told})) == name
