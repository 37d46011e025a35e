# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What to do about the reasons for which the SdI rejects a file.

Meanings as published, read as stored copies in November 2026; a code on which these pages disagree is not listed:

- https://guide.pec.it/fatturazione-elettronica/fatturazione-elettronica/notifiche-ricevute-inoltro-fatture/
  (00400, 00401, 00403, 00404, 00409)
- https://manuale.doceasy.it/manuale-utente-doceasy-r5/1/it/topic/errori-piu-frequenti (00305, 00306, 00311, 00312)
- https://www.pa.sm/ticket/kb/faq.php?id=58 (00305, 00311)
- http://www.ghilardicrema.it/notifica-di-scarto-fatture-elettroniche/ (00301, 00324, 00398, 00418)
- https://www.marketmovers.it/2019/10/codici-errore-00313-00320-00324-fattura.html (00313, 00320, 00323, 00324, 00330)
- https://agyo.elevio.help/it/articles/243-principali-motivi-di-scarto-di-una-fattura-da-sdi
  (00001, 00002, 00422, 00423)
- https://docs.openapi.it/Code-error-sdi-static.html (00001 to 00003, 00100 to 00104)
- https://www.twsweb.it/it/76-Codici-errori-SDI--cosa-significano-e-come-correggerli.html (00200)
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

_SIGNATURE = _lt("Sign the file again with a valid certificate, or send it without a signature where none is needed.")
_RECIPIENT_CODE = _lt("Ask the customer for the recipient code; 0000000 is for customers of Italy who have none.")

HINTS = {
    "00001": _lt("The name of the file is not one that the SdI takes: send it again under a new number."),
    "00002": _lt("A file of this name was sent before: send this one again under a new number."),
    "00003": _lt("The file is too large: make its attachments smaller."),
    "00100": _SIGNATURE,
    "00101": _SIGNATURE,
    "00102": _SIGNATURE,
    "00103": _SIGNATURE,
    "00104": _SIGNATURE,
    "00200": _lt("The file does not have the prescribed form: look for missing or unusual values in the invoice."),
    "00301": _lt("Correct the VAT number of your company: it is wrong or no longer active."),
    "00305": _lt("Correct the VAT number of the customer; a tax code does not belong there."),
    "00306": _lt("Correct the tax code of the customer."),
    "00311": _RECIPIENT_CODE,
    "00312": _lt("The recipient code is not active: ask the customer for the one that is."),
    "00313": _lt(
        "The recipient code XXXXXXX is for customers abroad: correct the code or the country of the customer."
    ),
    "00320": _lt("VAT number and tax code of your company do not belong together: correct one of them."),
    "00323": _lt("The VAT number of the supplier in a self-invoice ended more than five years ago."),
    "00324": _lt("VAT number and tax code of the customer do not belong together: correct one of them."),
    "00330": _lt("The customer's certified address is one of the SdI itself: enter the customer's own."),
    "00398": _lt("The code belongs to a whole administration: ask it for the code of its office."),
    "00400": _lt("A line without VAT needs the reason why (Natura): choose a tax that has one."),
    "00401": _lt("A line with VAT must not have a reason for having none (Natura): choose another tax."),
    "00403": _lt("The invoice is dated in the future: correct its date."),
    "00404": _lt("The SdI has this invoice already: look for its other notifications before you send another one."),
    "00409": _lt("The file has the same invoice twice: send it once."),
    "00418": _lt("A credit note must not be older than the invoice that it corrects: correct its date."),
    "00422": _lt("The taxable amount of a VAT rate is not the sum of its lines: check rounding and discounts."),
    "00423": _lt("The total of a line is not quantity times price less discount: check rounding and discounts."),
}


def hint(env, code: str) -> str:
    """What to do about a code, in the language of an environment; "" when its meaning is not known here."""
    found = HINTS.get(code.strip())
    return env._(found) if found else ""
