# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why a quantity is not set, or a file not read, in plain words, with what to do. Translated when they are read."""

from collections.abc import Mapping

from odoo.addons.sync_hub.models.fault_texts import FaultText, fill
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ..aligning import CellProblem, FileProblem, Flaw, UnreadableFile

_lt = LazyTranslate(__name__)
_AGAIN = _lt("Correct it in the source, then press “Preview Again”.")
_PRODUCT = _lt("Enter its internal reference or barcode on the product, or correct the source. Then preview again.")

FLAW_TEXTS = {
    Flaw.PRODUCT_UNKNOWN: FaultText(_lt("There is no such product here."), _PRODUCT),
    Flaw.PRODUCT_SEVERAL: FaultText(
        _lt("Several products here may be meant: %(names)s."),
        _lt("Give each of them an internal reference or a barcode of its own, then preview again."),
    ),
    Flaw.PRODUCT_ARCHIVED: FaultText(
        _lt("The product is archived here."), _lt("Unarchive it if it is still in stock, then preview again.")
    ),
    Flaw.NOT_STORABLE: FaultText(
        _lt("No stock is kept of this product here."),
        _lt("Tick “Track Inventory” on the product if it shall have a quantity, then preview again."),
    ),
    Flaw.LOCATION_UNKNOWN: FaultText(
        _lt("There is no location “%(location_name)s” among those to be aligned."),
        _lt("Make the location, choose the right warehouse, or add it to the locations above, then preview again."),
    ),
    Flaw.LOCATION_SEVERAL: FaultText(
        _lt("Several locations are called “%(location_name)s”."),
        _lt("Write the whole path in the source, such as WH/Stock/Shelf 1, then preview again."),
    ),
    Flaw.OWNER_UNKNOWN: FaultText(_lt("There is no contact “%(owner)s” here, who owns these goods."), _AGAIN),
    Flaw.OWNER_SEVERAL: FaultText(
        _lt("Several contacts may be meant by the owner “%(owner)s”."),
        _lt("Write the reference of the contact in the source, then preview again."),
    ),
    Flaw.OWNER_UNUSED: FaultText(
        _lt("The goods belong to “%(owner)s”, but goods of other owners are not told apart here."),
        _lt("Switch on “Consignment” in the settings of Inventory, then preview again."),
    ),
    Flaw.UNIT_UNKNOWN: FaultText(_lt("There is no unit “%(unit)s” here."), _AGAIN),
    Flaw.UNIT_SEVERAL: FaultText(_lt("Several units here are called “%(unit)s”."), _AGAIN),
    Flaw.UNIT_OTHER: FaultText(
        _lt("The source counts in %(unit)s, which cannot be converted into %(unit_here)s."),
        _lt("Correct the unit in the source or on the product, then preview again."),
    ),
    Flaw.LOT_UNKNOWN: FaultText(
        _lt("The lot or serial number %(lot)s is not known here."),
        _lt("Tick “Make unknown lots” and preview again, or correct the source."),
    ),
    Flaw.LOT_MISSING: FaultText(
        _lt("The product is tracked by lots or serial numbers, and the source names none."), _AGAIN
    ),
    Flaw.LOT_UNUSED: FaultText(
        _lt("The source names a lot or serial number, but the product is not tracked here."),
        _lt("Switch on its tracking, or leave the lot out of the source, then preview again."),
    ),
    Flaw.PACKAGE_UNKNOWN: FaultText(
        _lt("The package %(package)s is not known here."),
        _lt("Tick “Make unknown packages” and preview again, or correct the source."),
    ),
    Flaw.PACKAGE_SEVERAL: FaultText(
        _lt("Several packages here are called %(package)s."), _lt("Rename all but one of them, then preview again.")
    ),
    Flaw.PACKAGE_UNUSED: FaultText(
        _lt("The goods are in the package %(package)s, but packages are not used here."),
        _lt("Switch on “Packages” in the settings of Inventory, then preview again."),
    ),
    Flaw.SERIAL_QUANTITY: FaultText(
        _lt("A serial number is there once or not at all, but the source says %(there)s."), _AGAIN
    ),
    Flaw.SERIAL_TWICE: FaultText(_lt("The source has this serial number in several places."), _AGAIN),
    Flaw.SERIAL_ELSEWHERE: FaultText(
        _lt("This serial number lies in %(location_name)s here."),
        _lt("Align that location too, or move the goods, then preview again."),
    ),
    Flaw.NEGATIVE: FaultText(
        _lt("The source has less than nothing of it: something left before it came in."),
        _lt("Enter the missing receipt at the source, then preview again."),
    ),
    Flaw.DUPLICATE: FaultText(
        _lt("The source names these goods more than once: %(lines)s. Which one is right is not guessed."), _AGAIN
    ),
    Flaw.DOUBTFUL: FaultText(
        _lt("The source does not list it, but has lines that could not be understood: it may be one of these."),
        _lt("Settle the lines that were refused, then preview again."),
    ),
    Flaw.SHORTAGE: FaultText(
        _lt("%(reserved)s are reserved: %(shortage)s of them could not be delivered any more."),
        _lt("Unreserve the transfers, or tick “Lower below what is reserved” and apply."),
    ),
    Flaw.COUNTED: FaultText(
        _lt("Somebody is counting it: a count was entered and is not applied yet."),
        _lt("Apply or clear the count under Physical Inventory, then preview again."),
    ),
    Flaw.MOVED: FaultText(
        _lt("Moved since the preview: there were %(expected)s, now there are %(now)s."),
        _lt("Press “Preview Again”, and look at the difference anew."),
    ),
    Flaw.MOVED_THERE: FaultText(
        _lt("Moved in the other database since the preview: it had %(expected)s, now it has %(now)s."),
        _lt("Press “Preview Again”, and look at the difference anew."),
    ),
    Flaw.UNKNOWN_THERE: FaultText(
        _lt("The other database does not know this product, and so says nothing about its quantity."),
        _lt("Exchange products, or give both the same internal reference or barcode. Then preview again."),
    ),
    Flaw.BUSY: FaultText(
        _lt("A transfer was moving it at this very moment."), _lt("Press “Preview Again” and apply the rest.")
    ),
    Flaw.REJECTED: FaultText(
        _lt("Odoo did not take the adjustment: %(words)s"), _lt("Settle what it says, then preview again.")
    ),
}
# The same where what was set is to be taken back.
RESTORING_TEXTS = {
    Flaw.MOVED: FaultText(
        _lt("Moved since it was set: %(expected)s were set, now there are %(now)s. It stays as it is."),
        _lt("Correct it by hand under Physical Inventory, if need be."),
    ),
    Flaw.BUSY: FaultText(_lt("A transfer was moving it at this very moment."), _lt("Press “Restore” once more.")),
    Flaw.COUNTED: FaultText(
        _lt("Somebody is counting it: a count was entered and is not applied yet."),
        _lt("Apply or clear the count under Physical Inventory, then press “Restore” once more."),
    ),
    Flaw.SHORTAGE: FaultText(
        _lt("%(reserved)s are reserved: %(shortage)s of them could not be delivered any more."),
        _lt("Unreserve the transfers, or tick “Lower below what is reserved”, and press “Restore” once more."),
    ),
    Flaw.REJECTED: FaultText(
        _lt("Odoo did not take the adjustment: %(words)s"), _lt("Settle what it says, then press “Restore” once more.")
    ),
}

CELL_TEXTS = {
    CellProblem.NO_PRODUCT: _lt("Row %(row)s: no product, the column “%(column)s” is empty."),
    CellProblem.NO_QUANTITY: _lt("Row %(row)s: no quantity, the column “%(column)s” is empty."),
    CellProblem.NO_NUMBER: _lt("Row %(row)s, column “%(column)s”: “%(value)s” is no number."),
    CellProblem.ROUNDED_CODE: _lt(
        "Row %(row)s, column “%(column)s”: a spreadsheet has made %(value)s of the barcode; its last digits are lost."
    ),
    CellProblem.ERROR_VALUE: _lt("Row %(row)s, column “%(column)s”: the spreadsheet shows the error %(value)s."),
    CellProblem.TOO_MANY_CELLS: _lt(
        "Row %(row)s: there are more cells than headings, so that “%(value)s” belongs to no column."
    ),
}

FILE_TEXTS = {
    FileProblem.EMPTY: FaultText(_lt("The file is empty."), _lt("Choose the file with the list of goods.")),
    FileProblem.TOO_LARGE: FaultText(
        _lt("The file is larger than a list of goods can be: more than 200,000 rows, 200 columns or 32 MB."),
        _lt("Split it by warehouse or location, and align them one after the other."),
    ),
    FileProblem.NO_TABLE: FaultText(
        _lt("The file holds no table."), _lt("Save the list as Excel workbook (.xlsx) or as CSV.")
    ),
    FileProblem.OLD_OR_PROTECTED: FaultText(
        _lt("The workbook is of the old kind (.xls), or has a password."),
        _lt("Save it as Excel workbook (.xlsx) without a password."),
    ),
    FileProblem.DAMAGED: FaultText(
        _lt("The file is no Excel workbook, or it is damaged: perhaps it was not copied to its end."),
        _lt("Save the list anew as Excel workbook (.xlsx) or as CSV."),
    ),
    FileProblem.ENCODING: FaultText(
        _lt("The letters of the file cannot be read."), _lt("Save it as “CSV UTF-8” or as Excel workbook (.xlsx).")
    ),
    FileProblem.QUOTES: FaultText(
        _lt("Row %(row)s: a quotation mark is opened and never closed, so that the cells cannot be told apart."),
        _lt("Correct the row, or save the list as Excel workbook (.xlsx)."),
    ),
    FileProblem.NO_PRODUCT: FaultText(
        _lt("No column of the file is headed as one of products."),
        _lt("Head a column “Internal Reference”, “Barcode” or “Product”, and another one “Quantity”."),
    ),
    FileProblem.NO_QUANTITY: FaultText(
        _lt("No column of the file is headed as one of quantities."), _lt("Head the column “Quantity”.")
    ),
    FileProblem.COLUMN_TWICE: FaultText(
        _lt("Row %(row)s: two columns say the same, one of them is “%(column)s”."),
        _lt("Leave one of them, and give the other one another heading or delete it."),
    ),
    FileProblem.DECIMAL_MARK: FaultText(
        _lt("Row %(row)s, column “%(column)s”: %(value)s can be read in two ways."),
        _lt("Choose above whether decimals are written with a comma or with a point."),
    ),
    FileProblem.NO_ROWS: FaultText(
        _lt("The file has headings and nothing below them."), _lt("Choose the file with the list of goods.")
    ),
}


def flaw_text(env, flaw: str, values: Mapping[str, str], *, restoring: bool = False) -> FaultText:
    """Sentence and remedy about a line, in the language of an environment."""
    if flaw == Flaw.UNREADABLE:
        return FaultText(fill(env._(CELL_TEXTS[CellProblem(values["problem"])]), values), env._(_AGAIN))
    flaw = Flaw(flaw)
    found = RESTORING_TEXTS.get(flaw) if restoring else None
    return FaultText(*(fill(env._(text), values) for text in found or FLAW_TEXTS[flaw]))


def file_error(env, fault: UnreadableFile) -> UserError:
    """Why a file cannot be used, as an error dialog."""
    values = {"row": str(fault.row), "column": fault.column, "value": fault.value}
    return UserError("\n".join(fill(env._(text), values) for text in FILE_TEXTS[fault.problem]))
