# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What belongs to the project, as git knows it."""

import ast
import subprocess
from functools import cache
from pathlib import Path

from bootstrap.places import ADDONS, PROJECT


@cache
def project_files() -> tuple[Path, ...]:
    """Files of the project, relative to its folder: those under version control and new ones that are not ignored."""
    listed = subprocess.run(
        [
            # A checkout may belong to another user than the one who tests it.
            *("git", "-c", "safe.directory=*", "-C", PROJECT),
            *("ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    names = filter(None, listed.stdout.split("\0"))
    return tuple(sorted({Path(name) for name in names if (PROJECT / name).is_file()}))


def addon_files(addon: str) -> list[Path]:
    return [path for path in project_files() if path.parts[0] == addon]


def manifest(addon: str) -> dict:
    return ast.literal_eval(text_of(Path(addon, "__manifest__.py")))


def text_of(path: Path) -> str:
    return (PROJECT / path).read_text(encoding="utf-8")


def requirement_names(path: str) -> list[str]:
    """Names of the packages in a requirements file, without their versions."""
    lines = (line.partition("#")[0].strip() for line in text_of(Path(path)).splitlines())
    return [_leading_name(line) for line in lines if line]


def _leading_name(line: str) -> str:
    end = next((index for index, character in enumerate(line) if character in "<>=!~[; "), len(line))
    return line[:end]


__all__ = ["ADDONS", "PROJECT", "addon_files", "manifest", "project_files", "requirement_names", "text_of"]
