# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which mail servers send Italian certified mail (PEC, RFC 6109).

A certified message is a registered letter: it costs, it has legal force, and many certified boxes refuse ordinary
recipients. Notices never leave through one.
"""

# Domains under which providers of the public list of AgID keep their certified servers, where no label says "pec".
_CERTIFIED_DOMAINS = (
    "arubapec.it",
    "legalmail.it",
    "postecert.it",
    "sicurezzapostale.it",
    "telecompost.it",
    "twtcert.it",
)


def is_certified_domain(host: str) -> bool:
    """Whether a host, or the domain of an address, belongs to certified mail.

    >>> is_certified_domain("smtps.pec.aruba.it"), is_certified_domain("sendm.cert.legalmail.it")
    (True, True)
    >>> is_certified_domain("server.pec-email.com"), is_certified_domain("smtp.kopec.example")
    (True, False)
    """
    name = host.strip().rstrip(".").casefold()
    if any(name == domain or name.endswith(f".{domain}") for domain in _CERTIFIED_DOMAINS):
        return True
    return any(label == "pec" or label.startswith("pec-") or label.endswith("-pec") for label in name.split("."))
