"""What is asked of `serve` as words, and the command lines that come of it."""

import pytest

from dongkou.serving import command, lines
from dongkou.serving.lines import ListenAddress

PYTHON = ["python", "-P"]


@pytest.mark.parametrize(
    ("text", "found", "loopback"),
    [
        ("8000", ListenAddress("127.0.0.1", 8000), True),
        (":81", ListenAddress("127.0.0.1", 81), True),
        ("0.0.0.0:8000", ListenAddress("0.0.0.0", 8000), False),
        ("[::]:443", ListenAddress("::", 443), False),
        ("[::1]:8000", ListenAddress("::1", 8000), True),
    ],
)
def test_listen_address_is_read(text: str, found: ListenAddress, loopback: bool) -> None:
    assert lines.listen_address(text) == found
    assert found.loopback is loopback
    assert lines.listen_address(str(found)) == found


@pytest.mark.parametrize("text", ["", "web:8000", "127.0.0.1:0", "127.0.0.1:65536", "1.2.3:80", "[::1]:", "80a"])
def test_listen_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"监听地址|端口"):
        lines.listen_address(text)


def test_queues_are_read_once_each_and_unknown_ones_named() -> None:
    assert lines.queue_names(" rollup,entry,rollup,") == ["rollup", "entry"]
    with pytest.raises(ValueError, match=r"“roll_up”.*entry、rollup"):
        lines.queue_names("entry,roll_up")
    with pytest.raises(ValueError, match="至少"):
        lines.queue_names(",")


def asked(*words: str) -> list[str]:
    return command.command(command.arguments(list(words)), PYTHON)


def test_web_listens_where_it_is_told() -> None:
    told = asked("web", "--listen", "[::]:8080", "--processes", "4")
    assert told[: told.index("--workers") + 2][-6:] == ["--host", "::", "--port", "8080", "--workers", "4"]
    assert asked("web") == lines.web(PYTHON, ListenAddress())


def test_worker_takes_its_queues_under_its_name() -> None:
    told = asked("worker", "--queues", "rollup,points", "--name", "night", "--processes", "8")
    assert [told[told.index(word) + 1] for word in ("-Q", "-n", "--concurrency")] == ["rollup,points", "night@%h", "8"]
    assert asked("worker") == lines.worker(PYTHON)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["all"],
        ["web", "--listen", "nowhere"],
        ["web", "--queues", "entry"],
        ["worker", "--queues", "roll_up"],
        ["worker", "--processes", "0"],
        ["worker", "--processes", "x"],
        ["worker", "--name", "a b"],
        ["beat", "--listen", "8000"],
    ],
)
def test_wrong_arguments_are_one_sentence_and_exit_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.arguments(words)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("参数有误：") and said.count("\n") == 1
