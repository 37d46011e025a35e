# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The registered application: its id, its key pair, its redirect URLs."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

KEY_FILE = "private_key.pem"
ID_FILE = "application_id"


@dataclass
class Application:
    """What a company registers in the control panel. A redirect URL may hold ``*`` (tests)."""

    application_id: str
    private_key_pem: str
    redirect_urls: list[str] = field(default_factory=list)
    name: str = "Sync Hub sandbox"
    active: bool = True
    public_key: rsa.RSAPublicKey = field(init=False, repr=False)

    def __post_init__(self) -> None:
        key = serialization.load_pem_private_key(self.private_key_pem.encode(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("The application key must be RSA")
        self.public_key = key.public_key()

    def allows_redirect(self, url: str) -> bool:
        """Whether ``url`` is listed, character by character or by a listed pattern."""
        return any(
            fnmatchcase(url, listed) if "*" in listed else url == listed
            for listed in self.redirect_urls
        )


def new_private_key_pem() -> str:
    """A fresh RSA key of 2048 bits, PKCS#8 PEM without password."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def load_application(state_dir: Path | None) -> Application:
    """The application kept in ``state_dir`` (made there the first time), or a passing one.

    The private key file has mode 0600 from the moment it exists.
    """
    if state_dir is None:
        return Application(str(uuid.uuid4()), new_private_key_pem())
    key_file, id_file = state_dir / KEY_FILE, state_dir / ID_FILE
    if not key_file.exists():
        handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(new_private_key_pem())
    if not id_file.exists():
        id_file.write_text(str(uuid.uuid4()) + "\n", encoding="ascii")
    return Application(id_file.read_text(encoding="ascii").strip(), key_file.read_text("ascii"))
