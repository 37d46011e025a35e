# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is. Stored: never rename one."""

    OK = "ok"
    # Records are exchanged all the same; some of them may have to wait.
    NOTE = "warning"
    # Nothing is exchanged before it is cured.
    FAILED = "failed"


class Kind(StrEnum):
    """What was found. Stored, and the key of its sentence: never rename one."""

    # The way there.
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    VERSION = "version"
    VERSION_OTHER = "version_other"
    LET_IN = "let_in"
    REFUSED = "refused"
    PROTOCOL_OTHER = "protocol_other"
    # Who answers there.
    SAME_DATABASE = "same_database"
    ANOTHER_DATABASE = "another_database"
    COMPANY = "company"
    COMPANY_OPEN = "company_open"
    COMPANY_GONE = "company_gone"
    LANGUAGES = "languages"
    # The data.
    NO_DATA = "no_data"
    DATA = "data"
    MODEL_MISSING = "model_missing"
    RIGHTS_THERE = "rights_there"
    RIGHTS_HERE = "rights_here"
    FIELD_MISSING = "field_missing"
    FIELD_TYPE = "field_type"
    FIELD_RELATION = "field_relation"
    FIELD_CHOICES = "field_choices"
    REQUIRED_THERE = "required_there"
    REQUIRED_HERE = "required_here"
    # Values that one side does not have.
    CODES_HERE = "codes_here"
    CODES_THERE = "codes_there"
    CODES = "codes"
    CODES_MAPPED = "codes_mapped"


_SEVERITIES = {
    Severity.OK: {Kind.REACHED, Kind.VERSION, Kind.LET_IN, Kind.COMPANY, Kind.DATA, Kind.CODES, Kind.CODES_MAPPED},
    Severity.NOTE: {
        *(Kind.ANOTHER_DATABASE, Kind.LANGUAGES, Kind.NO_DATA, Kind.FIELD_CHOICES),
        *(Kind.REQUIRED_THERE, Kind.REQUIRED_HERE, Kind.CODES_HERE, Kind.CODES_THERE),
    },
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at before the exchange.

    :param values: what its sentence needs
    :param model: the kind of data that it is about, if it is about one
    :param name: the field of that kind of data, as it is called here
    """

    kind: Kind
    values: Mapping[str, str] = field(default_factory=dict)
    model: str = ""
    name: str = ""

    @property
    def severity(self) -> Severity:
        """
        >>> Finding(Kind.REACHED).severity.value, Finding(Kind.FIELD_MISSING).severity.value
        ('ok', 'failed')
        """
        return next((severity for severity, kinds in _SEVERITIES.items() if self.kind in kinds), Severity.FAILED)


def is_good(findings: Iterable[Finding]) -> bool:
    """Whether records may be exchanged.

    >>> is_good([Finding(Kind.REACHED), Finding(Kind.CODES_HERE)]), is_good([Finding(Kind.MODEL_MISSING)])
    (True, False)
    """
    return all(finding.severity is not Severity.FAILED for finding in findings)
