# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the headings of lists of goods mean: as Odoo exports them, and as people write them in several languages."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum


class Column(StrEnum):
    """What a column of a list of goods says."""

    PRODUCT = "product"
    PRODUCT_ID = "product_id"
    CODE = "code"
    BARCODE = "barcode"
    PRODUCT_NAME = "product_name"
    # What was counted goes before what the list says that there should be.
    COUNTED = "counted"
    QUANTITY = "quantity"
    LOCATION = "location"
    LOCATION_ID = "location_id"
    LOT = "lot"
    OWNER = "owner"
    PACKAGE = "package"
    UNIT = "unit"


# By what a product is told; by what its quantity.
PRODUCTS = (Column.PRODUCT_ID, Column.CODE, Column.BARCODE, Column.PRODUCT, Column.PRODUCT_NAME)
QUANTITIES = (Column.COUNTED, Column.QUANTITY)

_NAMES: Mapping[Column, str] = {
    Column.PRODUCT: (
        "product, product_id, item, article, prodotto, articolo, produto, artigo, produkt, artykul, towar, "
        "producto, articulo, produit, artikel"
    ),
    Column.PRODUCT_ID: (
        "product/external id, product_id/id, product external id, external id of the product, prodotto/id "
        "esterno, produto/id externo, produkt/identyfikator zewnetrzny"
    ),
    Column.CODE: (
        "internal reference, reference, product/internal reference, product_id/default_code, default_code, "
        "sku, code, item code, product code, riferimento interno, prodotto/riferimento interno, codice, "
        "codice articolo, codice prodotto, referencia interna, produto/referencia interna, codigo, codigo do "
        "produto, codigo interno, kod, kod produktu, kod towaru, odnosnik wewnetrzny, indeks, symbol, "
        "reference interne, artikelnummer, interne referenz"
    ),
    Column.BARCODE: (
        "barcode, product/barcode, product_id/barcode, ean, ean13, ean 13, gtin, codice a barre, "
        "prodotto/codice a barre, codigo de barras, produto/codigo de barras, kod kreskowy, code barres, "
        "strichcode"
    ),
    Column.PRODUCT_NAME: (
        "product name, name, description, product/name, product_id/name, nome, nome prodotto, descrizione, "
        "descricao, nome do produto, nazwa, nazwa produktu, nazwa towaru, opis, nombre, descripcion, nom, "
        "designation, bezeichnung"
    ),
    Column.COUNTED: (
        "counted quantity, counted, inventory_quantity, inventoried quantity, inventory_quantity_auto_apply, "
        "quantita contata, contata, quantidade contada, contada, ilosc policzona, policzono, cantidad "
        "contada, quantite comptee, gezahlte menge"
    ),
    Column.QUANTITY: (
        "quantity, qty, on hand, on hand quantity, quantity on hand, stock, quantita, qta, giacenza, "
        "esistenza, quantidade, qtd, qtde, estoque, saldo, ilosc, stan, stan "
        "magazynowy, cantidad, existencias, quantite, menge, bestand"
    ),
    Column.LOCATION: (
        "location, location_id, location/full location name, location_id/complete_name, warehouse, "
        "ubicazione, magazzino, posizione, local, localizacao, deposito, armazem, lokalizacja, magazyn, "
        "ubicacion, almacen, emplacement, entrepot, lagerort, lager"
    ),
    Column.LOCATION_ID: (
        "location/external id, location_id/id, location external id, ubicazione/id esterno, local/id externo, "
        "lokalizacja/identyfikator zewnetrzny"
    ),
    Column.LOT: (
        "lot, lot/serial number, lot_id, lot_id/name, lot serial number, serial number, serial, lot number, "
        "lotto, lotto/numero di serie, numero di serie, matricola, numero lotto, lote, lote/numero de serie, "
        "numero de serie, partia, numer partii, partia/numer seryjny, numer seryjny, seria, numero de lot, "
        "charge, seriennummer"
    ),
    Column.OWNER: (
        "owner, owner_id, owner_id/name, proprietario, wlasciciel, propietario, proprietaire, eigentumer"
    ),
    Column.PACKAGE: (
        "package, package_id, package_id/name, pack, collo, pacco, pacote, embalagem, paczka, opakowanie, "
        "paquete, colis, paket, packstuck"
    ),
    Column.UNIT: (
        "unit, unit of measure, uom, product_uom_id, product_uom_id/name, unita, unita di misura, um, "
        "unidade, unidade de medida, un, jednostka, jednostka miary, jm, unidad, unidad de medida, unite, "
        "unite de mesure, einheit, me"
    ),
}


def folded_heading(text: str) -> str:
    """A heading without what people write in different ways: case, accents, blanks around slashes, dots and stars.

    >>> folded_heading(" Quantità "), folded_heading("Product / Internal  Reference*"), folded_heading("Ilość")
    ('quantita', 'product/internal reference', 'ilosc')
    """
    # The Polish letter is no composition of a letter and an accent.
    text = text.casefold().replace("ł", "l")
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    plain = " ".join(plain.replace(".", " ").replace("*", " ").replace(":", " ").split())
    return "/".join(part.strip() for part in plain.split("/"))


_MEANINGS = {folded_heading(name): column for column, names in _NAMES.items() for name in names.split(",")}


def meaning(heading: str) -> Column | None:
    """What a heading means; None for one that is not known, and not needed.

    >>> meaning("Giacenza"), meaning("Colour")
    (<Column.QUANTITY: 'quantity'>, None)
    """
    return _MEANINGS.get(folded_heading(heading))


def known_headings(cells: tuple[str, ...]) -> int:
    """How many cells of a row are headings that mean something; 0 unless product and quantity are among them.

    >>> known_headings(("SKU", "Qty", "Colour")), known_headings(("SKU", "Colour"))
    (2, 0)
    """
    found = {column for cell in cells if (column := meaning(cell))}
    return len(found) if found & {*PRODUCTS} and found & {*QUANTITIES} else 0
