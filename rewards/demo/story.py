"""What becomes of the demo's points, after its months: shops, a fund and its awards, projects, points given by hand.

Goes on with the load of `scoring.demo.story`: steps of one transaction each, made once, the same for the same seed.
"""

from pathlib import Path
from random import Random

from households.models import AuditEvent, Division, User
from households.permissions import Role
from rewards.demo import shops
from rewards.models import Shop
from scoring.demo import story
from scoring.demo.story import Load, Say

SHOPS, COUNTER = "rewards.shops", "rewards.counter"
STEPS = (SHOPS, COUNTER)


def unfinished() -> bool:
    """Whether there is a demo whose rewards are missing, wholly or in part."""
    done = AuditEvent.objects.filter(action=story.STEP, subject__in=[story.LAST, *STEPS]).values_list(
        "subject", flat=True
    )
    return story.LAST in done and not set(STEPS) <= set(done)


def load(*, paper: Path, say: Say) -> None:
    """Load what is missing; nothing in a database without a finished demo."""
    going_on = story.finished_load(paper, say)
    if going_on is None:
        return
    going_on.once(SHOPS, lambda rng: _shops(going_on, rng))
    going_on.once(COUNTER, lambda rng: _counter(going_on, rng))


def _people(role: Role) -> dict[str, User]:
    """The demo's people of a role by the code of their place."""
    people = User.objects.filter(is_demo=True, role=role).order_by("username")
    return {str(user.division_id): user for user in people}


def _shops(load: Load, rng: Random) -> None:
    villages = {village.code: village for village in Division.objects.filter(code__regex="^.{12}$").order_by("code")}
    count = shops.open_shops(villages, _people(Role.CADRE), rng)
    load.say(f"积分超市 {count} 家。")


def _counter(load: Load, rng: Random) -> None:
    """Business in the shops with people of their own; where there is a supervisor, the shelf is counted too."""
    supervisors, came = _people(Role.SUPERVISOR), 0
    for village, cadre in _people(Role.CADRE).items():
        counter = shops.Counter(Shop.objects.get(pk=village), cadre, rng)
        came += counter.open_for_business()
        if village in supervisors:
            counter.count(supervisors[village])
    load.say(f"兑换 {came} 笔。")
