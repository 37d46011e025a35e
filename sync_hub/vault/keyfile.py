# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The file with the keys, where nobody configured any: read, made, replaced, never half there."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, flock
from pathlib import Path

from .refusals import Refusal, refuse

_OWNER_ONLY = 0o600
_FOLDER_OF_OWNER = 0o700


def read(path: Path) -> str | None:
    """The text of the key file, None when it is absent.

    :raises Fault: VAULT_KEY_MISSING, when its group or others have any right on it, or it cannot
        be read
    """
    with _sentences(path, "read"):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, encoding="utf-8", errors="replace") as file:
            # Asked of the open file, so that what is checked is what is read.
            mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise refuse(
                    Refusal.KEY_FILE_EXPOSED,
                    f"The key file {path} is open to its group or to others (mode {mode:04o}). "
                    "Give it mode 0600; if others may have read it, add a new key as well.",
                )
            return file.read()


def create(path: Path, text: str) -> str:
    """Make the key file (mode 0600, missing folder 0700) and return the text that it has then.

    When two processes make it at once, one wins and both return the winner's text: a hard link
    either makes the name with the whole content behind it, or fails because the name is taken.

    :raises Fault: VAULT_KEY_MISSING, when it cannot be made
    """
    with _sentences(path, "made"):
        path.parent.mkdir(mode=_FOLDER_OF_OWNER, parents=True, exist_ok=True)
        draft = _write_draft(path, text)
        try:
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink()
        _flush_folder(path)
    return read(path) or ""


def replace(path: Path, text: str) -> None:
    """Put a new text in the place of the key file at one blow. Hold :func:`locked` around it.

    :raises Fault: VAULT_KEY_MISSING, when it cannot be replaced
    """
    with _sentences(path, "replaced"):
        draft = _write_draft(path, text)
        try:
            os.replace(draft, path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        _flush_folder(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process at a time read, change and replace the key file.

    The lock is on a file beside it: the key file itself becomes another file when it is replaced.
    """
    with _sentences(path, "locked"):
        path.parent.mkdir(mode=_FOLDER_OF_OWNER, parents=True, exist_ok=True)
        descriptor = os.open(
            path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _OWNER_ONLY
        )
    try:
        with _sentences(path, "locked"):
            flock(descriptor, LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write_draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            # A key that is lost in a power cut after secrets were sealed with it loses them too.
            os.fsync(descriptor)
    except OSError:
        draft.unlink()
        raise
    return draft


def _flush_folder(path: Path) -> None:
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _sentences(path: Path, done: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise refuse(
            Refusal.KEY_FILE_UNUSABLE,
            f"The key file {path} cannot be {done}: {error.strerror or error}.",
        ) from error
