# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Kinds of data that can be chosen with one press: which fields travel, how records are recognized, who is right.

Plain values: nothing here knows a database. What is not installed, or cannot be written, is left out by whoever uses
the table. Names of fields with a further tuple are parts: rows that travel with their record.
"""

from dataclasses import dataclass, field

# In domains: a condition stays away where its field is not installed.
Condition = tuple[str, str, object]


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """One kind of data, as it is usually wanted.

    :param code: stored by nobody; by which a kind of data is told from others
    :param model: technical name
    :param fields: those that travel
    :param parts: field with rows -> fields of the rows that travel
    :param keys: fields by which a record is recognized that both sides had before they met; all of them must agree. A
        part is one too where the kind of data knows how, see ``sync.exchange.unit``
    :param domain: which records
    :param direction: ``both``, ``receive`` or ``send``
    :param policy: who is right, see ``records.Policy``
    :param deletion: ``keep``, ``archive`` or ``delete``
    :param needs: codes of kinds without which records of this one would wait
    :param usual: whether it is ticked before anybody has chosen
    """

    code: str
    model: str
    fields: tuple[str, ...]
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    domain: tuple[Condition, ...] = ()
    direction: str = "both"
    policy: str = "fields"
    deletion: str = "archive"
    needs: tuple[str, ...] = ()
    usual: bool = False


_SHARES = (
    *("document_type", "repartition_type", "factor_percent", "account_id", "tag_ids", "use_in_tax_closing", "sequence"),
)

# In the order in which they are offered.
READY_MADE = (
    ReadyMade(
        "partner_tags",
        "res.partner.category",
        ("name", "parent_id", "color", "active"),
        keys=("name",),
        deletion="keep",
    ),
    ReadyMade(
        "partners",
        "res.partner",
        (
            *("name", "is_company", "parent_id", "type", "ref", "vat", "company_registry"),
            *("street", "street2", "city", "zip", "state_id", "country_id"),
            *("email", "phone", "website", "function", "lang", "comment", "category_id", "industry_id"),
            *("l10n_it_codice_fiscale", "l10n_it_pa_index", "l10n_it_pec_email"),
            *("property_payment_term_id", "property_supplier_payment_term_id", "property_account_position_id"),
            "active",
        ),
        # Neither alone: contacts of a company share its tax number, and names are not unique.
        keys=("vat", "name"),
        # Companies and users are each database's own.
        domain=(("user_ids", "=", False), ("ref_company_ids", "=", False)),
        needs=("partner_tags",),
        usual=True,
    ),
    ReadyMade(
        "units",
        "uom.uom",
        ("name", "relative_factor", "relative_uom_id", "active"),
        keys=("name",),
        deletion="keep",
    ),
    ReadyMade(
        "product_categories",
        "product.category",
        ("name", "parent_id", "property_account_income_categ_id", "property_account_expense_categ_id"),
        # The same name may stand at several places of the tree.
        keys=("name", "parent_id"),
        deletion="keep",
    ),
    ReadyMade(
        "product_attributes",
        "product.attribute",
        ("name", "create_variant", "display_type", "sequence", "active"),
        keys=("name",),
        deletion="keep",
    ),
    ReadyMade(
        "product_attribute_values",
        "product.attribute.value",
        ("name", "attribute_id", "sequence", "html_color", "default_extra_price", "is_custom", "active"),
        keys=("name", "attribute_id"),
        deletion="keep",
        needs=("product_attributes",),
    ),
    ReadyMade(
        "products",
        "product.template",
        (
            *("name", "type", "categ_id", "uom_id", "list_price", "taxes_id", "supplier_taxes_id"),
            *("sale_ok", "purchase_ok", "is_storable", "tracking", "product_tag_ids"),
            *("description", "description_sale", "description_purchase", "image_1920", "active"),
        ),
        # A product without variants has one: what it is called and costs stands there.
        parts={
            "attribute_line_ids": ("attribute_id", "value_ids", "sequence"),
            "product_variant_ids": ("default_code", "barcode", "standard_price", "weight", "volume", "active"),
        },
        keys=("product_variant_ids",),
        needs=("product_categories", "units", "product_attribute_values"),
        usual=True,
    ),
    ReadyMade(
        "price_lists",
        "product.pricelist",
        ("name", "currency_id", "country_group_ids", "sequence", "active"),
        parts={
            "item_ids": (
                *("applied_on", "display_applied_on", "product_tmpl_id", "product_id", "categ_id", "min_quantity"),
                *("date_start", "date_end", "compute_price", "base", "base_pricelist_id", "fixed_price"),
                *("percent_price", "price_discount", "price_round", "price_surcharge"),
                *("price_min_margin", "price_max_margin"),
            )
        },
        keys=("name",),
        needs=("products",),
    ),
    ReadyMade(
        "tax_groups",
        "account.tax.group",
        ("name", "sequence", "country_id"),
        keys=("name",),
        deletion="keep",
    ),
    ReadyMade(
        "taxes",
        "account.tax",
        (
            *("name", "type_tax_use", "tax_scope", "amount_type", "amount", "description", "invoice_label"),
            *("price_include_override", "include_base_amount", "is_base_affected", "sequence", "active"),
            *("country_id", "tax_group_id", "children_tax_ids"),
        ),
        parts={"invoice_repartition_line_ids": _SHARES, "refund_repartition_line_ids": _SHARES},
        keys=("name", "type_tax_use"),
        deletion="archive",
        needs=("tax_groups",),
    ),
    ReadyMade(
        "payment_terms",
        "account.payment.term",
        ("name", "note", "early_discount", "discount_percentage", "discount_days", "sequence", "active"),
        parts={"line_ids": ("value", "value_amount", "delay_type", "nb_days", "days_next_month")},
        keys=("name",),
    ),
    ReadyMade(
        "stock_locations",
        "stock.location",
        ("name", "location_id", "usage", "barcode", "active"),
        keys=("barcode",),
        # The others came with Odoo, or belong to a warehouse there.
        domain=(("usage", "in", ["internal", "inventory", "production", "transit"]),),
        deletion="archive",
    ),
    ReadyMade(
        "invoices",
        "account.move",
        (
            *("move_type", "name", "ref", "partner_id", "journal_id", "date", "invoice_date", "invoice_date_due"),
            *("invoice_payment_term_id", "fiscal_position_id", "currency_id", "invoice_currency_rate"),
            # Without the status, all of them would arrive as drafts.
            *("payment_reference", "invoice_origin", "narration", "state"),
        ),
        parts={
            "invoice_line_ids": (
                *("display_type", "sequence", "name", "product_id", "product_uom_id", "quantity", "price_unit"),
                *("discount", "account_id", "tax_ids"),
            )
        },
        domain=(
            ("move_type", "in", ["out_invoice", "out_refund", "in_invoice", "in_refund"]),
            # Drafts are nobody's business yet; of what was cancelled the other side is told.
            ("state", "in", ["posted", "cancel"]),
        ),
        policy="ask",
        deletion="keep",
        needs=("partners", "payment_terms"),
    ),
)

BY_CODE = {ready.code: ready for ready in READY_MADE}


def with_needs(codes: set[str]) -> list[ReadyMade]:
    """These kinds of data and all that they need, in an order in which each comes after what it needs.

    >>> [ready.code for ready in with_needs({"partners"})]
    ['partner_tags', 'partners']
    """
    chosen: dict[str, ReadyMade] = {}

    def choose(code: str) -> None:
        if code not in chosen:
            for need in BY_CODE[code].needs:
                choose(need)
            chosen[code] = BY_CODE[code]

    for ready in READY_MADE:
        if ready.code in codes:
            choose(ready.code)
    return list(chosen.values())
