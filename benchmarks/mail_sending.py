# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Invoices by mail, from "Send" in the batch wizard to the mail server, beside Odoo's own batch sending.

    python3 -m benchmarks.mail_sending [--invoices 100] [--turn 10] [--sending-only] [--profile FILE] [--json FILE]

Two databases with the same invoices, one without our addons and with an ordinary mail server, one with them and with a
mail account, which speak to the same emulated mail server with TLS and login. Batches of ``--turn`` invoices are sent
by turns in one process: the wizard, Odoo's scheduled action that prints the PDFs and makes the mails, and the scheduled
action that sends them. Then the same with invoices that were printed before, in batches of ``--invoices``: sending is
nearly all there is. Ratios of one run can be compared; seconds of two machines, or of a busy one, cannot.
"""

import argparse
import json
import logging
import os
from collections import Counter
from pathlib import Path

from benchmarks.bench import Bench, begin
from bootstrap import databases
from bootstrap.places import CHOSEN_ADDONS

# What we may take of Odoo's time.
TARGET = 1.15
# How many batches of invoices that were printed before.
LARGE_BATCHES = 3
PARTS = {"make": "wizard, PDFs, mails", "send": "sending", "whole": "from the button to the server"}


def whole(side: dict) -> dict:
    """Figures of both parts of a side together."""
    return {figure: side["make"][figure] + side["send"][figure] for figure in side["make"]}


def table(title: str, taken: dict) -> dict[str, dict[str, float]]:
    """Print the figures of both sides, part by part; returns the ratios by part."""
    number = taken["odoo"]["invoices"]
    print(f"\n{title}, {number} counted\n")
    print("| | invoices per minute | ms CPU per invoice | ms CPU of wkhtmltopdf | queries per invoice |")
    print("|---|---|---|---|---|")
    ratios = {}
    for part, words in PARTS.items():
        rows = {name: whole(side) if part == "whole" else side[part] for name, side in taken.items()}
        for name, row in rows.items():
            print(
                f"| {words}, {name} | {60 * number / row['seconds']:.0f} | {1000 * row['cpu'] / number:.1f}"
                f" | {1000 * row['children_cpu'] / number:.0f} | {row['queries'] / number:.1f} |"
            )
        cpu = {name: row["cpu"] + row["children_cpu"] for name, row in rows.items()}
        ratios[part] = {
            "clock": rows["sync_hub"]["seconds"] / rows["odoo"]["seconds"],
            "cpu": cpu["sync_hub"] / cpu["odoo"],
        }
    for part, ratio in ratios.items():
        print(
            f"{PARTS[part]}: {ratio['clock']:.2f} times Odoo's by the clock, {ratio['cpu']:.2f} by CPU time"
            f" (aim {TARGET})",
            flush=True,
        )
    return ratios


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.mail_sending", description=__doc__.splitlines()[0])
    parser.add_argument("--invoices", type=int, default=100)
    parser.add_argument("--turn", type=int, default=10, help="invoices of a batch; Odoo makes ten at a time")
    parser.add_argument("--sending-only", action="store_true", help="leave out the part in which PDFs are printed")
    parser.add_argument("--profile", default="", help="where to write a profile of our part of the sending")
    parser.add_argument("--json", default="", help="where to write the figures")
    arguments = parser.parse_args()
    odoo = begin("benchmarks.mail_sending")
    # aiosmtpd warns about itself at every login.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    from emulators.mailer import PASSWORD, SENDER
    from emulators.smtp import SmtpServer

    accounting = databases.ensure_accounting_template(odoo)
    results = {}
    with (
        SmtpServer(encryption="ssl", users={SENDER: PASSWORD}, login_required=True) as provider,
        databases.temporary_copy(odoo, accounting) as plain,
        databases.temporary_copy(odoo, accounting) as ours,
    ):
        os.environ["SSL_CERT_FILE"] = provider.authority_file
        odoo.install(ours, CHOSEN_ADDONS, title="Installing Sync Hub")
        bench = Bench(odoo)
        bench.job("prepare_mailing", plain, port=provider.port, ours=False)
        bench.job("prepare_mailing", ours, port=provider.port, ours=True)
        number = arguments.invoices
        parts = {
            "to_print": ("Invoices that are printed", number, arguments.turn, False),
            "printed": ("Invoices that were printed before", LARGE_BATCHES * number, number, True),
        }
        if arguments.sending_only:
            del parts["to_print"]
        for part, (title, invoices, turn, printed) in parts.items():
            provider.messages.clear()
            taken = bench.job(
                "send_by_turns",
                ours,
                others=plain,
                invoices=invoices,
                turn=turn,
                printed=printed,
                profile=str(Path(arguments.profile).resolve()) if arguments.profile and printed else "",
            )
            assert all_arrived(provider.messages, taken, turn), "Not every invoice has arrived once from each."
            results[part] = {**taken, "ratios": table(title, taken)}
    print(json.dumps(results))
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(results, indent=1), encoding="utf-8")


def all_arrived(messages: list, taken: dict, turn: int) -> bool:
    """Whether each customer, of the batch that is not counted too, got one message from each side."""
    from emulators.mailer import address

    # The demo's own mails leave with the first batch.
    arrived = Counter(recipient for message in messages for recipient in message.recipients)
    customers = [address(number + 1) for number in range(taken["odoo"]["invoices"] + turn)]
    return all(arrived[customer] == 2 for customer in customers)


if __name__ == "__main__":
    main()
