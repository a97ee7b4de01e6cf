"""Set-up of every test session: servers of its own, collected static files, a browser for those who ask.

The servers' data lies in ``DONGKOU_TEST_DATA`` if that is set (then it is kept), else in a folder that goes with the session.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from weakref import WeakKeyDictionary

import hypothesis
import pytest
from hypothesis import HealthCheck

from dongkou import servers
from dongkou.layout import BASE_DIR, Layout

KEPT = os.environ.get("DONGKOU_TEST_DATA")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # one of several processes that share the tests
FOLDER = Path(KEPT or tempfile.mkdtemp(prefix="dongkou-test-"))
DATA = FOLDER / WORKER
ENVIRONMENT = {"DONGKOU_DATA": str(DATA), "DJANGO_SETTINGS_MODULE": "dongkou.settings", "DONGKOU_ROLE": "tests"}
ENVIRONMENT["DONGKOU_SECOND_FACTOR"] = "off"  # but where a test is about it
os.environ |= ENVIRONMENT

LONGEST = ("tests/rewards/shop/test_interleavings.py", "tests/dongkou/setup/test_run.py")
WALKS = "tests/test_"  # of every page: each a long one, and what one has found out the next one need not look for again
COMPLAINTS: "WeakKeyDictionary[object, list[str]]" = WeakKeyDictionary()
ARTEFACTS = BASE_DIR / "test-artefacts"
BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser")
CHROMIUM = next((path for path in BROWSERS if Path(path).exists()), None)
WITH_CAMERA = next((path for path in BROWSERS[1:] if Path(path).exists()), None)  # the headless shell has no camera


def pytest_configure(config: pytest.Config) -> None:
    """Servers, and settings that only tests have: quick password hashes and commits that do not wait for the disk.

    Properties are judged by what they say, not by how long an example took on a busy machine.
    """
    hypothesis.settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    hypothesis.settings.load_profile("unhurried")
    config.addinivalue_line("markers", "browser: drives a real Chromium")
    config.addinivalue_line("markers", "long: takes minutes; script/test --long runs it")
    if not KEPT:
        config.add_cleanup(partial(shutil.rmtree, FOLDER, ignore_errors=True))
    if config.getoption("numprocesses", None) and not WORKER:
        for name in ENVIRONMENT:
            del os.environ[name]  # this process runs no test; those that do begin with settings of their own
        return
    for folder in (FOLDER, DATA) if WORKER or not KEPT else ():
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)  # the servers' own user must pass through
    config.add_cleanup(servers.use(Layout(DATA), servers.needed()).end)

    from django.conf import settings

    from tests import acting

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    settings.DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
    if servers.needed().postgresql:
        acting.forget_crashes(Layout(DATA).sockets)
    acting.make_databases()
    # Each test client loads the middleware anew, and WhiteNoise would read every static file each time.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest in one piece, or one process would be left at it when the others have finished."""
    items.sort(key=lambda item: not item.nodeid.startswith((*LONGEST, WALKS)))


def pytest_collection_finish() -> None:
    """What has been imported and collected stays to the end: the garbage collector need not look through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _statics() -> None:
    """Pages name static files by their hashes, so these must have been collected."""
    from dongkou.management.commands.set_up import collect_statics

    collect_statics(lambda _text: None)


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """Counters of earlier tests (attempts, rate limits) are gone, and so is a year's arrangement that one has entered.

    That there is none is known already, so that neither a test of rules nor the first request of another asks for it.
    """
    from django.core.cache import cache

    from households.workdays import entered
    from scoring.months import versions

    cache.clear()
    cache.set(entered.VERSION, entered.NONE)
    cache.set(versions.VERSION, versions.NONE)
    entered.doubt()
    versions.kept.doubt()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object, request: pytest.FixtureRequest) -> Iterator[None]:
    """The database starts empty, and with copies of the small world. Whoever uses it is the application."""
    from dongkou.training import database
    from tests import acting, copies, world

    with django_db_blocker.unblock():
        if any("training_database" in getattr(item, "fixturenames", ()) for item in request.session.items):
            assert database.prepare() == ""  # a copy, as long as nothing stands in it
        acting.become_application()
        copies.install(world.build)
    yield
    with django_db_blocker.unblock():
        acting.become_owner()


@pytest.fixture
def world(db: None) -> object:
    """The small world of ``tests.world``."""
    from tests.world import build

    return build()


@pytest.fixture
def cadre(world: object) -> object:
    """The browser of the cadre of 东山村."""
    from households.roles import Role

    return world.client(Role.CADRE)


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Folder for screenshots and the like; kept after the session."""
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS


@pytest.fixture
def celery_workers(transactional_db: None) -> Iterator[object]:
    """A real worker and beat on the test database: see ``tests.processes.Workers``. Not started yet."""
    from tests.processes import Workers

    workers = Workers()
    yield workers
    workers.end()


@pytest.fixture
def celery_worker_process(celery_workers: object) -> object:
    """A real worker and beat, running."""
    celery_workers.start()
    return celery_workers


@pytest.fixture(scope="session")
def _site(django_db_setup: None) -> Iterator[str]:
    """The web server of the product on the test database; one for the session."""
    from tests import processes
    from tests.waiting import until

    port = processes.free_port()
    web = processes.start("web", port)
    try:
        from dongkou.run import health

        until(lambda: health(port)[:3] in ("200", "503"), seconds=120)
        yield f"http://127.0.0.1:{port}"
    finally:
        processes.end(web)


@pytest.fixture
def live_site(transactional_db: None, _site: str) -> str:
    """Address of the running site (granian, as shipped). Data must be committed: the test is not in a transaction."""
    return _site


@pytest.fixture(scope="session")
def _chromium() -> Iterator[object]:
    from django.db import connections
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        pytest.fail("浏览器测试需要 Chromium：请安装 Debian 软件包 chromium（root 运行 script/test 时会自动安装）。")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()
        connections.close_all()  # while that loop runs, Django keeps connections apart from those before it
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE") if before is None else None


@pytest.fixture
def browser_page(
    _chromium: object, live_site: str, artefacts: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., object]]:
    """``browser_page(width)`` opens a page of that width (360 or 1280) on the live site; paths are relative to it.

    The test fails if a page's script raised or the Content-Security-Policy refused something. A failed test leaves a
    screenshot.
    """
    pages = []

    def open_page(width: int = 1280, **options: object) -> object:
        height = 780 if width < 600 else 900
        context = _chromium.new_context(
            base_url=live_site, viewport={"width": width, "height": height}, locale="zh-CN", **options
        )
        context.set_default_timeout(15_000)
        pages.append(context.new_page())
        listen(pages[-1])
        return pages[-1]

    yield open_page
    failed = getattr(request.node, "failed", False)
    heard = [text for page in pages for text in complaints(page)]
    for number, page in enumerate(pages):
        if failed and not page.is_closed():
            page.screenshot(path=artefacts / f"failed-{request.node.name}-{number}.jpg", full_page=True)
        page.context.close()
    assert not heard, f"the browser complained: {heard}"


def listen(page: object) -> None:
    """Note script errors and what the Content-Security-Policy refused."""
    heard = complaints(page)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda line: heard.append(line.text) if "Content Security Policy" in line.text else None)


def complaints(page: object) -> list[str]:
    """What was noted about a page so far; a test that expects a complaint clears the list."""
    return COMPLAINTS.setdefault(page, [])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Let fixtures know that their test failed."""
    report = yield
    if report.when == "call" and report.failed:
        item.failed = True
    return report
