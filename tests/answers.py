"""What an answer gives away, for tests that somebody is kept out: no status can show that nothing leaked."""

from django.http import HttpResponse


def whole(answer: HttpResponse) -> str:
    """All that an answer says: where it leads, what kind of file it is, and its body."""
    told = (answer.get(name, "") for name in ("Location", "Content-Type", "Content-Disposition"))
    return " ".join([*told, answer.getvalue().decode("utf-8", "replace")])
