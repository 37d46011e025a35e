# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Any

from ..archive import FileRole
from .reading import Reader, WireError

_ROLES = {"pdf": FileRole.PDF, "xml": FileRole.XML, "p7m": FileRole.XML, "eml": FileRole.RECEIPT}


def role_of(name: str) -> FileRole:
    """What a file of a document is, from its name.

    >>> [str(role_of(name)) for name in ("Bill.PDF", "IT1_7.xml.p7m", "scan.png")]
    ['pdf', 'xml', 'other']
    """
    return _ROLES.get(name.rpartition(".")[2].lower(), FileRole.OTHER)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of a document. ``content``: None when it could not be made; ``problem`` says why, for people."""

    name: str
    role: FileRole
    content: bytes | None = None
    problem: str = ""

    def to_wire(self) -> dict[str, Any]:
        if self.content is None:
            return {"name": self.name, "role": str(self.role), "problem": self.problem}
        return {
            "name": self.name,
            "role": str(self.role),
            "content": base64.b64encode(self.content).decode(),
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }

    @classmethod
    def from_wire(cls, value: Any) -> "FileEntry":
        """:raises WireError: when it is none, or its content is not what its hash says"""
        entry = Reader(value, "a file")
        name, role = entry.text("name") or "file", FileRole(entry.choice("role", list(FileRole)))
        problem = entry.text("problem")
        if problem:
            return cls(name, role, problem=problem)
        # The reader cuts long texts; a file is none.
        raw = value.get("content")
        if not isinstance(raw, str):
            raise WireError("“content” of a file is not as it has to be")
        try:
            content = base64.b64decode(raw, validate=True)
        except binascii.Error as error:
            raise WireError("“content” of a file is not as it has to be") from error
        if hashlib.sha256(content).hexdigest() != entry.key("sha256"):
            raise WireError("the content of a file is not what its hash says")
        return cls(name, role, content)
