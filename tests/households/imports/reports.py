"""What a report of an import says."""

from households.imports.problems import ImportReport


def reasons(report: ImportReport) -> list[tuple[int, str, str]]:
    assert report.refused
    return [(problem.line, problem.column, problem.reason) for problem in report.errors]
