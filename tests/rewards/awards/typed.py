"""What is typed into the forms of funds."""


def lines(prefix: str, *rows: dict[str, str]) -> dict[str, str]:
    form = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        form |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return form
