"""The posts that are practised in a training village, and what its people are called. Pure."""

from households.roles import Role

POSTS = (Role.CADRE, Role.GROUP_LEADER, Role.SUPERVISOR, Role.TOWNSHIP)
PASSWORD = "Qingsong-58-lianxi"  # noqa: S105 (told on every page of it: it opens invented rows, to who is signed in already)
GROUPS = (
    ("甲一", "甲二", "甲三", "甲四", "甲五", "甲六"),
    ("乙一", "乙二", "乙三", "乙四", "乙五", "乙六"),
)
SURNAME = "练"


def username(village: str, post: Role) -> str:
    """The account of a post: the township's staff stay, everybody else is a village's own."""
    return f"practice-{village[:9] if post == Role.TOWNSHIP else village}-{post}"


def register_csv(village: str) -> bytes:
    """Twelve households in two groups, in the form of the county's own file; nobody is called so."""
    lines = ["division_code,group,household_no,head_name,phone,address"]
    for group, names in enumerate(GROUPS, 1):
        lines += [
            f"{village},{group},{number},{SURNAME}{name},,练习村{group}组{number}号"
            for number, name in enumerate(names, 1)
        ]
    return "\n".join([*lines, ""]).encode()
