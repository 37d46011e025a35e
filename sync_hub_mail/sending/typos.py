# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Domains that look like a well-known one mistyped. A guess is a suggestion: nothing is refused or changed by it."""

# Where most private and certified boxes of Italy are, and the large ones of the world. Those that are one letter from
# another are all here, so that neither is taken for the other.
_KNOWN = frozenset((
    "alice.it", "arubapec.it", "email.com", "email.it", "fastwebnet.it", "free.fr", "gmail.com", "gmx.at", "gmx.ch",
    "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com", "hotmail.es", "hotmail.fr", "hotmail.it",
    "icloud.com", "inwind.it", "iol.it", "legalmail.it", "libero.it", "live.com", "live.it", "mail.com", "me.com",
    "msn.com", "outlook.com", "outlook.it", "pec.it", "pec.libero.it", "poste.it", "postecert.it", "proton.me",
    "protonmail.com", "tim.it", "tin.it", "tiscali.it", "tre.it", "twtcert.it", "virgilio.it", "wind.it", "yahoo.com",
    "yahoo.es", "yahoo.fr", "yahoo.it", "ymail.com",
))  # fmt: skip
# Endings that no domain has, and what was meant. Those that a country has (.co, .cm, .om) are not here.
_ENDINGS = {
    "ti": "it",
    "itt": "it",
    "iit": "it",
    "ot": "it",
    "con": "com",
    "cmo": "com",
    "ocm": "com",
    "comm": "com",
    "coom": "com",
    "nte": "net",
    "ent": "net",
}
# Right but for the ending.
_OTHER_ENDINGS = {
    "arubapec.com": "arubapec.it",
    "gmail.it": "gmail.com",
    "icloud.it": "icloud.com",
    "legalmail.com": "legalmail.it",
    "libero.com": "libero.it",
    "pec.com": "pec.it",
    "tiscali.com": "tiscali.it",
    "virgilio.com": "virgilio.it",
}
_PEC = frozenset({"pce", "pecc", "ppec", "peec"})
# A name that is shorter is one letter away from too many others.
_SHORTEST = 5


def suggestion(address: str) -> str | None:
    """The address that was probably meant, or None.

    >>> suggestion("anna@gmial.com"), suggestion("anna@libero.ti"), suggestion("studio@pce.rossi.it")
    ('anna@gmail.com', 'anna@libero.it', 'studio@pec.rossi.it')
    >>> suggestion("anna@gmail.com"), suggestion("anna@rossi.example"), suggestion("anna@tim.it")
    (None, None, None)
    """
    local_part, at, domain = address.rpartition("@")
    meant = _meant(domain.lower())
    return f"{local_part}{at}{meant}" if meant != domain.lower() else None


def _meant(domain: str) -> str:
    if domain in _KNOWN:
        return domain
    *labels, ending = domain.split(".")
    labels = ["pec" if label in _PEC else label for label in labels]
    # Of a longer name, the part that belongs to a provider: ordine.arubapce.it.
    kept, tail = labels[:-1], ".".join((*labels[-1:], _ENDINGS.get(ending, ending)))
    tail = _OTHER_ENDINGS.get(tail, tail)
    if tail not in _KNOWN:
        near = [known for known in _KNOWN if known.index(".") >= _SHORTEST and _one_slip(tail, known)]
        tail = near[0] if len(near) == 1 else tail
    return ".".join((*kept, tail))


def _one_slip(typed: str, meant: str) -> bool:
    """Whether one letter was left out, doubled or hit wrongly, or two were swapped.

    >>> [_one_slip(typed, "libero.it") for typed in ("libro.it", "liibero.it", "lobero.it", "lbiero.it", "lbero.ti")]
    [True, True, True, True, False]
    """
    if abs(len(typed) - len(meant)) > 1 or typed == meant:
        return False
    start = next((n for n, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    a, b = typed[start:], meant[start:]
    swapped = len(b) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:]
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]
