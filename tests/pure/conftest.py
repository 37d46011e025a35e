# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lets the pure packages of the addons be imported where there is no Odoo.

``odoo.addons.sync_hub.transport`` is imported under the very name that it has inside Odoo, but the
addons' own ``__init__`` (which loads models) is never run: bare packages with the right search path
stand in for them.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis
import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

ROOT = Path(__file__).resolve().parents[2]


def _bare_package(name: str, folder: Path | None) -> None:
    module = ModuleType(name)
    module.__path__ = [str(folder)] if folder else []
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


if "odoo" not in sys.modules:
    _bare_package("odoo", None)
    _bare_package("odoo.addons", None)
    _bare_package("odoo.addons.sync_hub", ROOT / "sync_hub")
    _bare_package("odoo.addons.sync_hub_bank", ROOT / "sync_hub_bank")
    _bare_package("odoo.addons.sync_hub_exchange", ROOT / "sync_hub_exchange")
    _bare_package("odoo.addons.sync_hub_mail", ROOT / "sync_hub_mail")
    _bare_package("odoo.addons.sync_hub_portal", ROOT / "sync_hub_portal")
    _bare_package("odoo.addons.sync_hub_stock", ROOT / "sync_hub_stock")

# A busy machine is no failure, and the working tree is no place for found examples. The same code gives the same
# answer; ``HYPOTHESIS_PROFILE=search`` looks for new examples.
hypothesis.settings.register_profile("pure", max_examples=60, deadline=None, database=None, derandomize=True)
hypothesis.settings.register_profile("search", max_examples=1000, deadline=None, database=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or "pure")


class _QuietHandler(WSGIRequestHandler):
    # Version 1.0 has no chunks.
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Any]:
    """The emulated banks of Enable Banking, started once; use ``bank``."""
    from emulators.enablebanking import Emulator

    with Emulator(redirect_urls=["https://books.example/*"]) as emulator:
        yield emulator


@pytest.fixture
def bank(sandbox: Any) -> Any:
    """The emulated banks as on their first day."""
    sandbox.reset()
    return sandbox


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """``serve(wsgi_app, ssl_context=None)`` starts a loopback server and returns its address."""
    servers = []

    def start(app: Callable, ssl_context: object = None) -> str:
        server = make_server(
            "127.0.0.1",
            0,
            app,
            threaded=True,
            request_handler=_QuietHandler,
            ssl_context=ssl_context,
        )
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        servers.append((server, thread))
        scheme = "https" if ssl_context else "http"
        return f"{scheme}://127.0.0.1:{server.port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join(5)
        server.socket.close()


@pytest.fixture
def link(bank: Any) -> Any:
    """A consent at the sandbox bank's ordinary bank."""
    from enablebanking_link import Link  # here: it needs the packages that this file makes importable

    return Link(bank)
