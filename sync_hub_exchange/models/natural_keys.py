# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What identifies records that both sides have without ever having exchanged them."""

# Model -> fields by whose values a record is known in its company. Fields with dots lead to other records. Names are
# compared in English, which every database has.
NATURAL_KEYS = {
    "res.country": ("code",),
    "res.country.state": ("country_id.code", "code"),
    "res.currency": ("name",),
    "res.lang": ("code",),
    "res.partner.industry": ("name",),
    "res.partner.category": ("name", "parent_id.name"),
    "uom.uom": ("name",),
    "product.category": ("complete_name",),
    "product.pricelist": ("name",),
    "product.attribute": ("name",),
    "product.attribute.value": ("attribute_id.name", "name"),
    "product.tag": ("name",),
    "account.account": ("code",),
    "account.journal": ("type", "code"),
    "account.tax": ("type_tax_use", "name"),
    "account.tax.group": ("name",),
    "account.account.tag": ("applicability", "country_id.code", "name"),
    "account.payment.term": ("name",),
    "account.fiscal.position": ("name",),
    "account.incoterms": ("code",),
    "stock.location": ("complete_name",),
    "stock.warehouse": ("code",),
}
