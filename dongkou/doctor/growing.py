"""When the disk of the data will be full, as the database has grown lately, and whether what grows most lies month by month."""

import shutil
from collections.abc import Iterator

from django.conf import settings

from dongkou import servers
from dongkou.doctor.findings import DoctorFinding, bad, look, well
from dongkou.growth.reads import grown_a_day
from dongkou.growth.rules import MONTH, days_left
from scoring.parts.reads import in_rest

SOON, SOME_DAY = 14, 180  # days


def room() -> Iterator[DoctorFinding]:
    """Of the embedded database, which lies on the disk of the data folder; copies and logs are not in it."""
    if not servers.needed().postgresql or not settings.LAYOUT.home.is_dir():
        return
    daily = grown_a_day()
    if daily is None:
        yield well("数据增长", "量了不到七天，还说不出来")
        return
    left = days_left(shutil.disk_usage(settings.LAYOUT.home).free, daily)
    told = f"数据库每月多 {daily * MONTH / 2**20:.0f} MB"
    if left is None or left > SOME_DAY:
        yield well("数据增长", f"{told}，磁盘半年以上够用")
    elif left > SOON:
        yield look("数据增长", f"{told}，照这样磁盘还够 {left} 天", "请安排换大的磁盘，或腾出空间")
    else:
        yield bad("数据增长", f"{told}，照这样磁盘还够 {left} 天", "请马上换大的磁盘，或腾出空间")


def months() -> Iterator[DoctorFinding]:
    """Whether every month of household scores has its part. One that has none is entered and read all the same."""
    lying = in_rest()
    if lying:
        told = f"{lying[0]} 等 {len(lying)} 个月还没有分开存放"
        yield look("户得分", told, "每天夜里自动分开；隔天还在，就看工作进程和运行情况")
    else:
        yield well("户得分", "每个月分开存放")
