"""What is wrong with the running itself becomes an alarm, as what a check found in the data is one."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from dongkou.doctor import around, growing, inside
from dongkou.doctor.findings import DoctorFinding, DoctorVerdict
from households.alarms import actions as alarms
from households.alarms.actions import AlarmFinding
from households.models import AlarmKind, JobRun

SOURCE = "dongkou.tasks.look_around"


def look_around() -> dict[str, int]:
    """Raise what has to be put right and let go what has been. Figures: how many stand."""
    found = [one for one in _asked() if one.health is DoctorVerdict.BAD]
    wrong = {f"{one.what}：{one.do}" for one in found}  # what was told holds times and figures
    alarms.found_by(SOURCE, [AlarmFinding(AlarmKind.RUNNING, what) for what in sorted(wrong)])
    return {"wrong": len(wrong)}


def _asked() -> Iterator[DoctorFinding]:
    """Disks, workers, jobs, the clock; copies where somebody wants them, once there was time to make one."""
    now = timezone.now()
    yield from around.disks()
    yield from growing.room()
    yield from inside.workers()
    yield from inside.jobs(now)
    yield from inside.clock()
    if settings.BACKUP_FOLDER and JobRun.objects.filter(name="dongkou.tasks.back_up").exists():
        yield from around.backups(now)
