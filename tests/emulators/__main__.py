# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sandboxes of services as one process: ``python -m emulators plaid yodlee``. ``emulators.enablebanking`` is a process
of its own."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
from datetime import date
from pathlib import Path

from .serving import asked_to_stop

CODES = ("plaid", "ponto", "saltedge", "yodlee")


def main() -> None:
    """Serve until SIGTERM or SIGINT, each at a free port. One line is printed when all are ready: a JSON object, with
    the address of each by which its ``RemoteControl`` finds it."""
    parser = argparse.ArgumentParser(prog="emulators", description=__doc__)
    parser.add_argument("codes", nargs="+", choices=CODES, metavar="CODE", help=", ".join(CODES))
    parser.add_argument("--addresses", type=Path, metavar="FILE", help="where the line is written to, too")
    parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD")
    options = parser.parse_args()
    end = asked_to_stop()
    with contextlib.ExitStack() as running:
        addresses = {}
        for code in options.codes:
            emulator = importlib.import_module(f".{code}", __package__).Emulator(today=options.today)
            addresses[code] = running.enter_context(emulator).control_url
        line = json.dumps(addresses)
        if options.addresses:
            unfinished = options.addresses.with_suffix(".unfinished")
            unfinished.write_text(line, encoding="utf-8")
            unfinished.replace(options.addresses)
        print(line, flush=True)
        end.wait()


if __name__ == "__main__":
    main()
