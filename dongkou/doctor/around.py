"""What the doctor looks at outside the database: programs, keys, disks, addresses, fonts."""

import os
import platform
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from dongkou import servers
from dongkou.backup.actions import last_copy, last_drill
from dongkou.brokers import refuse_unfit_broker
from dongkou.doctor.findings import DoctorFinding, bad, look, well
from dongkou.guards import Mismatch
from dongkou.health import LEAST_FREE

SPARE = 0.1  # of a disk
COPY_AGE, DRILL_AGE = timedelta(hours=36), timedelta(days=40)
SET_UP = "请运行 script/run，或 script/install 之后运行 manage.py set_up"


def programs() -> Iterator[DoctorFinding]:
    """Python, time zone, fonts, what browsers load."""
    yield well("Python", platform.python_version())
    yield _zone()
    yield _fonts()
    if (Path(settings.STATIC_ROOT) / ".sources").is_file():
        yield well("静态文件", "齐全")
    else:
        yield bad("静态文件", "还没有收集，网页没有样式", SET_UP)


def _zone() -> DoctorFinding:
    try:
        offset = datetime.now(ZoneInfo(settings.TIME_ZONE)).utcoffset()
    except ZoneInfoNotFoundError:
        return bad("时区", "系统没有时区资料", "请安装 Debian 软件包 tzdata")
    if offset != timedelta(hours=8):
        return bad(
            "时区", f"{settings.TIME_ZONE} 应比世界时早 8 小时，系统说是 {offset}", "请更新 Debian 软件包 tzdata"
        )
    return well("时区", settings.TIME_ZONE)


def _fonts() -> DoctorFinding:
    if not any(settings.NODE_MODULES.glob("@expo-google-fonts/noto-sans-sc/*/*.ttf")):
        return bad("打印字体", "服务器上没有打印用的字体", "请运行 script/install 补装")
    if not any(path.is_file() for path in settings.RARE_FONTS):
        return look("打印字体", "没有生僻字的字体，打印件里这些字会留空", "请安装 Debian 软件包 fonts-hanazono")
    return well("打印字体", "齐全")


def keys() -> Iterator[DoctorFinding]:
    """The file of keys is its owner's alone."""
    path: Path = settings.LAYOUT.secrets
    if os.environ.get("DONGKOU_FIELD_KEY"):
        yield well("密钥", "在环境变量里")
    elif not path.is_file():
        yield bad("密钥", f"没有密钥文件 {path}", "请放回这份数据的密钥文件；没有它，加密的内容打不开")
    elif path.stat().st_mode & 0o077:
        yield bad(
            "密钥", f"密钥文件 {path} 别人也能读", f"请运行 chmod 600 {path}，并换密钥（manage.py reseal --new-key）"
        )
    else:
        yield well("密钥", str(path))


def disks() -> Iterator[DoctorFinding]:
    """Room for data and copies."""
    for what, folder in (("数据所在磁盘", settings.LAYOUT.home), ("备份所在磁盘", settings.BACKUP_FOLDER)):
        if folder is None or not folder.is_dir():
            continue
        usage = shutil.disk_usage(folder)
        told = f"剩 {usage.free >> 20} MB（{100 * usage.free // usage.total} %）"
        if usage.free < LEAST_FREE:
            yield bad(what, told, f"请马上腾出空间：{folder}")
        elif usage.free < SPARE * usage.total:
            yield look(what, told, f"请腾出空间或换大的磁盘：{folder}")
        else:
            yield well(what, told)


def addresses() -> Iterator[DoctorFinding]:
    """What stands in front: HTTPS, proxies, names."""
    public = urlsplit(settings.PUBLIC_URL)
    here = public.hostname in ("127.0.0.1", "localhost", "::1")
    if here:
        yield look("网址", f"{settings.PUBLIC_URL} 只有本机打得开", "请设置 DONGKOU_PUBLIC_URL，再印户牌")
    elif not settings.HTTPS or public.scheme != "https":
        yield bad("网址", f"{settings.PUBLIC_URL} 没有加密", "请用反向代理加 HTTPS，设置 DONGKOU_HTTPS=1（docs/proxy）")
    else:
        yield well("网址", settings.PUBLIC_URL)
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        told = "没有设置 DONGKOU_TRUSTED_PROXIES，所有来访者按一个地址计次"
        yield bad("反向代理", told, "请写上反向代理自己的地址，如 127.0.0.1,::1")
    elif settings.TRUSTED_PROXIES:
        yield well("反向代理", "、".join(map(str, settings.TRUSTED_PROXIES)))
    if "*" in settings.ALLOWED_HOSTS:
        yield bad("主机名", "DONGKOU_HOSTS 是 *，任何名字都认", "请只写自己的域名")


def broker() -> Iterator[DoctorFinding]:
    """Of servers of the county's own; the embedded one is looked after by its keeper."""
    if not servers.needed().any() or not servers.needed().valkey or settings.AMQP_URL:
        try:
            refuse_unfit_broker()
        except Mismatch as trouble:
            yield bad("消息服务", str(trouble).rstrip("。"), "网页照常，定时的事和后台的事都停着")
            return
    yield well("消息服务", "RabbitMQ" if settings.AMQP_URL else "Redis 或 Valkey")


def backups(now: datetime) -> Iterator[DoctorFinding]:
    """Of the embedded database; of another one pgBackRest tells."""
    if not servers.needed().postgresql:
        yield look("备份", "数据库在别的服务器上，这里看不到", "请在那里运行 pgbackrest info")
        return
    if settings.BACKUP_FOLDER is None:
        yield bad("备份", "没有设置备份文件夹，丢了就没有了", "请设置 DONGKOU_BACKUP，重新启动，运行 manage.py backup")
        return
    copy, drill = last_copy(), last_drill()
    if copy is None:
        yield bad("备份", "一份也没有", "请运行 manage.py backup")
    elif now - copy.at > COPY_AGE:
        yield bad("备份", f"最新一份是 {copy.name}", "夜里的备份没有做成：看运行情况里的说明，再运行 manage.py backup")
    else:
        yield well("备份", copy.name)
    if copy is not None and (drill is None or now - drill > DRILL_AGE):
        yield look("恢复演练", "四十天里没有做过", "请运行 manage.py drill")
    if settings.BACKUP_PLAN.certificate is None:
        yield look("备份里的密钥", "备份里没有密钥", "请另外保管密钥文件，或设置 DONGKOU_BACKUP_CERTIFICATE")
