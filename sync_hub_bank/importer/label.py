# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Sequence


def label(remittance: Sequence[str], creditor_reference: str, transaction_label: str, counterparty: str) -> str:
    """The words of a statement line: all that the bank said about the purpose, nothing twice.

    Banks repeat the structured reference in the free text, and cut the text at 140 characters in several strings.

    >>> label(["Saldo FT/2026/00012", "grazie"], "RF18539007547034", "Bonifico", "Azure Interior")
    'Saldo FT/2026/00012 grazie RF18539007547034'
    >>> label([], "", "Imposta di bollo", "")
    'Imposta di bollo'
    >>> label([], "", "", "Azure Interior")
    'Azure Interior'
    """
    parts: list[str] = []
    for text in (*remittance, creditor_reference):
        text = " ".join(text.split())
        if text and not any(text in part for part in parts):
            parts.append(text)
    return " ".join(parts) or transaction_label or counterparty
