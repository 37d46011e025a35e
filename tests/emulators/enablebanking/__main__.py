# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sandbox as a process: ``python -m emulators.enablebanking --help``."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from ..serving import asked_to_stop
from .application import KEY_FILE
from .emulator import Emulator


def main() -> None:
    """Serve until SIGTERM or SIGINT. Prints one line with the URL when ready."""
    parser = argparse.ArgumentParser(prog="emulators.enablebanking", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--state-dir", type=Path, required=True)
    parser.add_argument("--redirect-url", action="append", default=[], metavar="URL")
    parser.add_argument("--invoices", type=Path, metavar="FILE.json")
    parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD")
    options = parser.parse_args()
    invoices = json.loads(options.invoices.read_text("utf-8")) if options.invoices else []

    end = asked_to_stop()
    with Emulator(
        invoices=invoices,
        today=options.today,
        redirect_urls=options.redirect_url,
        state_dir=options.state_dir,
        port=options.port,
    ) as bank:
        key = options.state_dir / KEY_FILE
        print(f"{bank.url} application {bank.application_id} key {key}", flush=True)
        end.wait()


if __name__ == "__main__":
    main()
