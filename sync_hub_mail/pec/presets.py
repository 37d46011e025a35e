# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Servers of well-known providers, so that a user types an address and a password.

Hosts, ports and encryption as published on the page that stands with each entry, read in November 2026: of Aruba, Poste
Italiane and Register.it as public projects quote it, of the others as a stored copy. That copy of Namirial's guide
names SMTP and POP; the host for IMAP is the one that public projects use. A provider whose servers could not be
confirmed is not listed.
"""

from dataclasses import dataclass
from enum import StrEnum


class Encryption(StrEnum):
    """How a connection is protected."""

    TLS = "tls"  # from the first byte: RFC 8314 recommends it
    STARTTLS = "starttls"


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    encryption: Encryption


@dataclass(frozen=True, slots=True)
class Preset:
    """A provider. ``domains`` are those of the addresses that it sells itself; ``source`` is the page with the facts.

    ``user_is_address``: its users sign in with their address, not with a code of their own.
    """

    code: str
    name: str
    certified: bool
    smtp: Server
    imap: Server
    domains: tuple[str, ...]
    source: str
    user_is_address: bool = True


def _tls(code: str, name: str, smtp: str, imap: str, domains: tuple[str, ...], source: str, **more: bool) -> Preset:
    """A provider of certified mail on the ports of RFC 8314."""
    servers = Server(smtp, 465, Encryption.TLS), Server(imap, 993, Encryption.TLS)
    return Preset(code, name, True, *servers, domains, source, **more)


PRESETS = (
    _tls(
        "aruba",
        "Aruba PEC",
        "smtps.pec.aruba.it",
        "imaps.pec.aruba.it",
        ("pec.it", "arubapec.it"),
        "https://guide.aruba.it/pec/configurazione-programmi-di-posta/client-posta-e-dispositivi-mobili",
    ),
    _tls(
        "legalmail",
        "InfoCert Legalmail",
        "sendm.cert.legalmail.it",
        "mbox.cert.legalmail.it",
        ("legalmail.it", "cert.legalmail.it"),
        "https://help.infocert.it/home/guida/guida-alla-configurazione-legalmail---mozilla-thunderbird",
        user_is_address=False,
    ),
    _tls(
        "namirial",
        "Namirial",
        "smtps.sicurezzapostale.it",
        "imaps.sicurezzapostale.it",
        ("sicurezzapostale.it",),
        "http://doczz.it/doc/2396871/mozilla-thunderbird",
    ),
    _tls(
        "poste",
        "Poste Italiane",
        "mail.postecert.it",
        "mail.postecert.it",
        ("postecert.it",),
        "https://postecert.poste.it/pec/configurazione.shtml",
    ),
    _tls(
        "register",
        "Register.it",
        "smtp.pec-email.com",
        "imap.pec-email.com",
        ("pec.net",),
        "https://www.register.it/assistenza/configura-la-pec-su-dispositivo/",
    ),
    Preset(
        "gmail",
        "Gmail",
        False,
        Server("smtp.gmail.com", 465, Encryption.TLS),
        Server("imap.gmail.com", 993, Encryption.TLS),
        ("gmail.com", "googlemail.com"),
        "https://developers.google.com/gmail/imap/imap-smtp",
    ),
    Preset(
        "outlook",
        "Outlook.com",
        False,
        Server("smtp-mail.outlook.com", 587, Encryption.STARTTLS),
        Server("outlook.office365.com", 993, Encryption.TLS),
        ("outlook.com", "outlook.it", "hotmail.com", "hotmail.it", "live.com", "live.it"),
        "https://gist.github.com/gabrielbarros/f494b2ec6e330842b43619f8e2b66481",
    ),
    Preset(
        "microsoft365",
        "Microsoft 365",
        False,
        Server("smtp.office365.com", 587, Encryption.STARTTLS),
        Server("outlook.office365.com", 993, Encryption.TLS),
        (),
        "https://gist.github.com/kkdai/6dcf3f31fc5f27b5c282",
    ),
)


def preset_for(address: str) -> Preset | None:
    """The provider that an address was bought from, None when its domain does not tell.

    >>> preset_for("Invoices@PEC.it").code
    'aruba'
    >>> preset_for("invoices@pec.example.it") is None
    True
    """
    domain = address.rpartition("@")[2].strip().casefold()
    return next((preset for preset in PRESETS if domain in preset.domains), None)
