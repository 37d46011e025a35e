# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Jobs of ``benchmarks.worker`` with many accounts at slow banks."""

from contextlib import nullcontext


def connect_accounts(env, url: str, application: str, key: str, ibans: list[list[str]]) -> dict:
    """Connect accounts of the sandbox bank to a new journal each, one connection for each list of them."""
    from emulators.customer import Customer

    customer = Customer(env, url, application, key)
    return {"connections": [customer.connect(*accounts).id for accounts in ibans]}


def synchronize_accounts(env, connections: list[int], ahead: bool, *, meter) -> dict:
    """Synchronize connections one after the other, as a worker of the queue does.

    :param ahead: False reads one account after the other
    """
    importer = type(env["sync.bank.import"])
    if not ahead:
        importer._ahead = lambda self, connection, accounts: nullcontext()
    records = env["sync.bank.connection"].browse(connections)
    runs = env["sync.run"].browse()
    for record in records:
        runs |= env["sync.run"]._queue(record, "manual")
    env.cr.commit()
    with meter() as measured:
        for run in runs:
            run._work(float("inf"))
    runs.invalidate_recordset()
    failures = runs._errors().mapped("message")
    assert not failures, failures
    return {**measured.result, "created": sum(runs.mapped("created_count")), "outcomes": [*runs.mapped("outcome")]}
