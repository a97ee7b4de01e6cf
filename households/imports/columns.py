"""The columns of the files that people bring: what each is called, what belongs in it, and an example. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from households.files.tables import EXAMPLE, heading_key


@dataclass(frozen=True, slots=True)
class FileColumn:
    """`name` is the word of commands and interfaces, `heading` that of the template, `others` what lists call it as well."""

    name: str
    heading: str
    words: str
    example: str = ""
    others: tuple[str, ...] = ()


def headings_of(columns: Sequence[FileColumn]) -> Mapping[str, str]:
    """Every heading, as it is compared, and the column that it means."""
    return {heading_key(one): column.name for column in columns for one in (column.heading, *column.others)}


def example_of(columns: Sequence[FileColumn]) -> dict[str, str]:
    """The line that shows how to fill in a template; its first cell says that it is one, and readers leave it out."""
    first, *others = columns
    return {first.name: f"{EXAMPLE}{first.example}"} | {column.name: column.example for column in others}


_PLACE = "12 位统计用代码，这一列请先设为“文本”格式"
DIVISIONS = (
    FileColumn(
        "code", "区划代码", f"{_PLACE}；县、乡镇、村（社区）各一行", "430525103001", ("代码", "统计用区划代码", "编码")
    ),
    FileColumn("name", "名称", "全称", "某某村", ("区划名称", "单位名称")),
)
HOUSEHOLDS = (
    FileColumn("division_code", "村代码", _PLACE, "430525103001", ("村级代码", "区划代码", "村统计代码", "行政村代码")),
    FileColumn("group", "组", "村民小组，写 3、第3组、三组都可以", "3", ("组别", "村民小组", "组号", "小组")),
    FileColumn("household_no", "户号", "在本组里的序号，1 到 9999，不重复", "12", ("户序号", "门牌序号")),
    FileColumn("head_name", "户主", "户主姓名", "张三", ("户主姓名", "姓名", "户主名")),
    FileColumn("phone", "电话", "手机或座机，可以空着", "13800000000", ("联系电话", "手机", "手机号", "手机号码")),
    FileColumn("address", "地址", "可以空着", "某某村3组12号", ("住址", "家庭住址", "详细地址")),
)
DEPARTMENTS = (
    FileColumn("code", "部门代码", "县里给部门的编号，20 个以内的字母或数字", "001", ("代码", "编码")),
    FileColumn("name", "部门名称", "部门的规范名称", "县某某局", ("名称", "单位名称", "单位")),
)
LINKAGES = (
    FileColumn("department_code", "部门代码", "已经导入的部门", "001", ("联系部门代码",)),
    FileColumn(
        "division_code", "联系村代码", f"村或乡镇的{_PLACE}", "430525103001", ("村代码", "区划代码", "联系地代码")
    ),
    FileColumn("weight", "权重", "整数，平常写 1", "1"),
    FileColumn("from_month", "起始月份", "从哪个月起，例如 2026-01", "2026-01", ("开始月份", "起月")),
    FileColumn("to_month", "截止月份", "到哪个月止（含），没有就空着", "", ("结束月份", "止月")),
    FileColumn("leader", "联系领导", "谁联系这里；这一列可以没有，没有就不改", "", ("联村领导", "联乡领导")),
)
