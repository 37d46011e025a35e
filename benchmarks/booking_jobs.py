# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Jobs of ``benchmarks.worker`` that book what waits in the inbox."""

# As many rows as take some seconds: a machine's speed seldom changes within them.
TURN = 100


def plain_lines(env):
    """Statement lines to be created as an importer does: without notes and followers."""
    return env["account.bank.statement.line"].with_context(
        tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True, mail_notrack=True
    )


def book_by_turns(env, connection: int, meter) -> dict:
    """Book the rows of the inbox in chunks, by turns with plain ``create`` of the same lines in another journal.

    Both in this process, committed, by the same user, in the same language; the first chunk of each, which fills what
    a process keeps, is not counted.

    :return: seconds and seconds CPU of ``booking`` and of ``create``
    """
    account = env["sync.bank.connection"].browse(connection).account_ids.filtered("journal_id")
    # As the engine works, and who it is.
    company, operator = account.company_id, env.ref("sync_hub.user_operator")
    env = env(user=operator.id, su=False, context={"allowed_company_ids": company.ids, "lang": "it_IT"})
    journal = account.journal_id.copy({"code": "TURNS", "bank_account_id": False})
    account, booking = account.with_env(env), env["sync.bank.booking"]
    fetch = env["sync.bank.fetch"].search([("account_id", "=", account.id)], limit=1)
    env.cr.commit()

    def waiting():
        domain = booking._waiting(account)
        return env["sync.bank.transaction"].search(domain, order="booking_date, id", limit=TURN)

    def values():
        rows = waiting()
        partners = booking._partners_by_account(rows)
        return [
            {**booking._line_values(row, partners), "journal_id": journal.id, "sync_transaction_id": False}
            for row in rows
        ]

    taken = {"booking": [], "create": []}
    while lines := values():
        env.cr.commit()
        steps = {
            "booking": lambda: booking._book_rows(account, waiting(), fetch),
            "create": lambda lines=lines: plain_lines(env).create(lines),
        }
        # Neither always meets what the other one has just read.
        for name in sorted(steps, reverse=len(taken["create"]) % 2):
            with meter() as measured:
                steps[name]()
                env.cr.commit()
                env.invalidate_all()
            taken[name].append(measured.result)
    return {
        name: {figure: sum(result[figure] for result in results[1:]) for figure in ("seconds", "cpu")}
        for name, results in taken.items()
    }
