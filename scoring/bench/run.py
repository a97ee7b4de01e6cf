"""The whole benchmark, from an empty database to the table."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from households.months import month_of, previous_month
from households.sql import run
from scoring.bench import world
from scoring.bench.cockpit import cockpit_jobs
from scoring.bench.growing import cost_job, sharing_jobs
from scoring.bench.jobs import change_jobs, freeze_job, import_job, roll_up_jobs, verify_job
from scoring.bench.pages import closing_job, page_jobs
from scoring.bench.results import Result
from scoring.bench.rooms import jobs_of_rooms
from scoring.bench.serving import plate_jobs
from scoring.bench.stage import Stage
from scoring.bench.years import years_job
from scoring.months.months import open_month
from scoring.rollup import rollup


@dataclass(frozen=True)
class BenchSize:
    """How big the world is and how often each job is repeated; `serving` is seconds of requests to each side."""

    shape: world.Shape
    runs: int
    growth: list[int]
    serving: float


WHOLE = BenchSize(world.Shape(), 3, [1, 4, 16], 5.0)
QUICK = BenchSize(world.Shape(villages=24, per_village=16), 1, [1, 2], 0.5)


def sized(households: int | None, *, quick: bool) -> BenchSize:
    """The size asked for; `households` are spread over the villages, at least one a group."""
    size = QUICK if quick else WHOLE
    if not households:
        return size
    per_village = max(world.GROUPS, round(households / size.shape.villages))
    return replace(size, shape=replace(size.shape, per_village=per_village))


def bench(size: BenchSize, tell: Callable[[str], None]) -> list[Result]:
    """Every job of design section 14 that exists, on databases of its own that are dropped afterwards."""
    month = previous_month(month_of(timezone.localdate()))
    results: list[Result] = []
    with Stage() as stage:

        def step(doing: str) -> None:
            tell(f"{stage.elapsed:4.0f} s  {doing}")

        step(f"准备 {size.shape.households:,} 户的县……")
        _build(stage, size, month)
        step("导入……")
        results.append(import_job(stage, size.runs, size.shape))
        step("汇总……")
        results += roll_up_jobs(stage, month, size.runs)
        step("锁定……")
        results += [freeze_job(stage, month, size.runs), verify_job(stage, month)]
        step("页面和同时申报……")
        results += _pages(stage, size, month)
        step("兑换……")
        results += jobs_of_rooms(stage, size.runs)
        step("规模增长……")
        results += change_jobs(stage, month, size.growth, size.shape)
        results.append(years_job(stage, month))
        step("分工和花费……")
        results += [*sharing_jobs(stage, month), cost_job(stage, month)]
    return results


def _build(stage: Stage, size: BenchSize, month: str) -> None:
    """Databases to copy from: divisions alone, and a county with a declared month."""
    stage.create("empty")
    run("SELECT scoring_give_part(%s)", [month])  # as every month has one before it begins
    stage.copy("divisions", of="empty")
    world.add_divisions(size.shape, 0, 1, groups=0)
    stage.copy("declared", of="empty")
    world.add_counties(size.shape, 0, 1)
    open_month(_begun(month))
    world.add_month(month)
    world.analyze()


def _begun(month: str) -> str:
    """The county's first month, which the villages close: months before a first one cannot be opened."""
    return previous_month(previous_month(month))


def _pages(stage: Stage, size: BenchSize, month: str) -> list[Result]:
    earlier = previous_month(month)
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", verbosity=0, interactive=False)
    stage.copy("pages", of="declared")
    rollup.roll_up(month)
    results = page_jobs(month, earlier)
    results += plate_jobs(month, size.serving)
    results += [closing_job(_begun(month), size.shape.villages), *cockpit_jobs(month)]
    return results
