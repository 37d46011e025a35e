# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who we are towards an interface that asks for a client certificate (mutual TLS)."""

import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from odoo.addons.sync_hub.faults import Fault, FaultKind
from urllib3.util.ssl_ import create_urllib3_context


def client_context(certificate: str, private_key: str) -> ssl.SSLContext:
    """TLS settings that show a client certificate; whom we trust is decided by the caller.

    :param certificate: PEM; certificates between it and its root may follow
    :param private_key: its key in PEM form, without a password

    Raises ``Fault`` CREDENTIALS_REJECTED when they are damaged or do not belong together.
    """
    context = create_urllib3_context()
    try:
        with _file_of(f"{certificate.strip()}\n{private_key.strip()}\n".encode("utf-8", "replace")) as path:
            # A password that is given keeps OpenSSL from asking for one at the terminal.
            context.load_cert_chain(path, password="")
    except (ssl.SSLError, ValueError) as error:
        detail = "the client certificate and its private key are damaged or do not belong together"
        raise Fault(FaultKind.CREDENTIALS_REJECTED, provider_code="certificate", detail=detail) from error
    return context


@contextmanager
def _file_of(content: bytes) -> Iterator[str]:
    """A file that only we can read: the ssl module takes keys from files alone. In memory where that is possible."""
    if hasattr(os, "memfd_create"):
        with open(os.memfd_create("identity"), "wb", buffering=0) as stream:
            stream.write(content)
            yield f"/proc/self/fd/{stream.fileno()}"
    else:
        # 0600, and closed before it is read: some systems do not open a file twice.
        handle, path = tempfile.mkstemp()
        try:
            with open(handle, "wb") as stream:
                stream.write(content)
            yield path
        finally:
            os.unlink(path)
