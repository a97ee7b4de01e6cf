"""The example line of the template for exceptions and findings: whoever takes it as a pattern is not refused."""

import pytest

from households.roles import Role
from scoring.schemes import files
from scoring.schemes.files import SchemeDraft
from scoring.schemes.recorders import may_record
from scoring.sheets.events_import import COLUMNS

EXAMPLE = {column.name: column.example for column in COLUMNS}


@pytest.mark.parametrize("scheme", files.shipped(), ids=lambda scheme: scheme.code)
def test_example_is_a_clause_that_departments_record_with_a_document(scheme: SchemeDraft) -> None:
    [clause] = [clause for clause in scheme.clauses if clause.code == EXAMPLE["clause_code"]]
    assert may_record(Role.DEPARTMENT, clause.recorder) and clause.document_required
    assert EXAMPLE["document_no"]
