# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import Command, api, models

from .sync_exchange_store import ids_in, is_same

_LINES = "attribute_line_ids"
_VARIANTS = "product_variant_ids"
_COMBINATION = "combination"
# Identify a variant in the world; the first that says something decides.
_CODES = ("barcode", "default_code")


class SyncExchangeUnitProductTemplate(models.AbstractModel):
    """A product with its attributes and variants.

    Odoo makes variants by itself out of attributes and values. A variant is therefore known by its combination of
    attribute values: what is made anew is made at once as the other side has it, and what Odoo has made meanwhile is
    found by its combination and gets the values and names of the other side. Nothing is made twice.
    """

    _name = "sync.exchange.unit.product.template"
    _inherit = "sync.exchange.unit"
    _description = "Exchange of Products"

    _own = frozenset({_LINES, _VARIANTS})
    _own_keys = frozenset({_VARIANTS})
    _nameless = frozenset({"product.template.attribute.line", "product.template.attribute.value"})
    # Extra prices.
    _watches = {"product.template.attribute.value": "product_tmpl_id"}

    # -- Finding -------------------------------------------------------------------------------------------------------

    @api.model
    def _alike(self, records, keys, positions):
        """Override of ``sync_hub_exchange``: products of whose variants one has the same barcode, or the same internal
        reference."""
        others = [name for name in keys if name != _VARIANTS]
        Variants = self.env["product.product"].with_context(active_test=False)
        found = {}
        left = set(positions)
        for name in _CODES:
            wanted = {position: self._codes(records[position], name) for position in left}
            domain = [(name, "in", list(set().union(*wanted.values())))]
            owners = defaultdict(set)
            for variant in Variants.search(domain, order="id") if domain[0][2] else ():
                owners[variant[name]].add(variant.product_tmpl_id)
            for position, codes in wanted.items():
                templates = set().union(*(owners[code] for code in codes if code in owners))
                templates = [
                    template
                    for template in sorted(templates, key=lambda template: template.id)
                    if all(_agrees(template, key, records[position]["values"].get(key)) for key in others)
                ]
                if templates:
                    found[position] = templates
                    left.discard(position)
        return found

    def _codes(self, record: dict, name: str) -> set[str]:
        rows = record["values"].get(_VARIANTS) or ()
        return {row["values"][name] for row in rows if row["values"].get(name)}

    # -- Writing -------------------------------------------------------------------------------------------------------

    @api.model
    def _create_records(self, Model, work):
        """Override of ``sync_hub_exchange``: templates, lines and values in one go, then all their variants."""
        if any(_VARIANTS not in item.own for item, _values in work):
            # Variants are not exchanged: Odoo makes them.
            return Model.create([self._with_lines(values, item) for item, values in work])
        related = set(Model._get_related_fields_variant_template())
        vals_list, of_variant = [], []
        for item, values in work:
            vals = self._with_lines(values, item)
            of_variant.append({name: vals.pop(name) for name in related & vals.keys()})
            vals_list.append(vals)
        templates = Model.with_context(create_product_product=False).create(vals_list).with_env(Model.env)
        known = self._known_values(templates)
        rows, variants = [], []
        for template, (item, _values), single in zip(templates, work, of_variant, strict=True):
            own_rows = item.own[_VARIANTS]
            for ids, values in own_rows:
                rows.append(ids)
                variants.append(self._variant(template, {**(single if len(own_rows) == 1 else {}), **values}, known))
        self._make_variants(Model.env["product.product"], variants, rows)
        without = templates.browse(
            [template.id for template, (item, _values) in zip(templates, work, strict=True) if not item.own[_VARIANTS]]
        )
        without._create_variant_ids()
        return templates

    @api.model
    def _write_record(self, record, values, item):
        """Override of ``sync_hub_exchange``: only if attributes differ Odoo makes and removes variants."""
        if commands := self._line_commands(record, item.own.get(_LINES)):
            values = {**values, _LINES: commands}
        return super()._write_record(record, values, item)

    @api.model
    def _finish(self, records, items):
        """Override of ``sync_hub_exchange``: extra prices and variants of products that were here before."""
        work = [(record, item) for record, item in zip(records, items, strict=True) if not item.made]
        templates = records.browse([record.id for record, item in work])
        self._set_extra_prices(templates, [item.own.get(_LINES) or [] for _record, item in work])
        work = [(template, item) for template, (_record, item) in zip(templates, work, strict=True)
                if item.own.get(_VARIANTS)]
        if work:
            self._align_variants(work)

    # -- Attributes ----------------------------------------------------------------------------------------------------

    def _with_lines(self, values: dict, item) -> dict:
        """Values of a template that is made, with its attributes."""
        lines = [Command.create(_line(row, extras=True)) for _ids, row in item.own.get(_LINES) or ()]
        return {**values, **({_LINES: lines} if lines else {})}

    def _line_commands(self, template, rows: list | None) -> list:
        """Commands that make the attributes of a product those of the other side; none if they are."""
        if rows is None:
            return []
        here = defaultdict(list)
        for line in template.with_context(active_test=True)[_LINES].sorted("id"):
            here[line.attribute_id.id].append(line)
        commands = []
        for _ids, row in rows:
            vals = _line(row)
            lines = here[vals["attribute_id"]]
            if not lines:
                commands.append(Command.create(vals))
                continue
            line = lines.pop(0)
            differing = {
                name: value for name, value in vals.items() if name != "attribute_id" and not is_same(line, name, value)
            }
            if differing:
                commands.append(Command.update(line.id, differing))
        gone = [Command.delete(line.id) for lines in here.values() for line in lines]
        # What is added first keeps a variant alive.
        return commands + gone

    def _set_extra_prices(self, templates, lines: list[list]) -> None:
        known = self._known_values(templates) if any(lines) else {}
        for template, rows in zip(templates, lines, strict=True):
            for _ids, row in rows:
                extras = _extras(row)
                for value in ids_in(row["value_ids"]):
                    here = known.get((template.id, value))
                    if here and here.price_extra != extras.get(value, 0.0):
                        here.price_extra = extras.get(value, 0.0)

    def _known_values(self, templates) -> dict:
        """(id of the template, id of the attribute value) -> value of this template."""
        lines = templates.with_context(active_test=True)[_LINES]
        return {
            (value.product_tmpl_id.id, value.product_attribute_value_id.id): value
            for value in lines.product_template_value_ids
            if value.ptav_active
        }

    # -- Variants ------------------------------------------------------------------------------------------------------

    def _align_variants(self, work: list[tuple]) -> None:
        rows_of = self.env["sync.exchange.unit.product.product"]
        templates = work[0][0].browse([template.id for template, _item in work])
        # Odoo has made some just now.
        templates.invalidate_recordset([_VARIANTS])
        here = rows_of._by_combination(templates.with_context(active_test=False)[_VARIANTS])
        of_template = defaultdict(list)
        for (template_id, _values), variant in here.items():
            of_template[template_id].append(variant)
        known = self._known_values(templates)
        names, rows, new = [], [], []
        surplus = self.env["product.product"]
        for template, item in work:
            met = set()
            for ids, values in item.own[_VARIANTS]:
                variant = here.get((template.id, frozenset(ids_in(values[_COMBINATION]))))
                if variant is None:
                    rows.append(ids)
                    new.append(self._variant(template, values, known))
                    continue
                met.add(variant.id)
                names += [(name, variant.id) for name in ids]
                self._write_variant(variant, values)
            left = [variant for variant in of_template[template.id] if variant.id not in met and variant.active]
            if left and template.has_dynamic_attributes():
                # Made here on demand, and not known there yet.
                item.more.add(_VARIANTS)
            else:
                surplus = surplus.concat(*left)
        self._make_variants(templates.env["product.product"], new, rows)
        self.env["sync.exchange.identity"]._give("product.product", names)
        if surplus:
            surplus._unlink_or_archive()

    def _variant(self, template, values: dict, known: dict) -> dict:
        """Values for a new variant.

        :raises ValueError: when its values are not among those of the product here
        """
        values = dict(values)
        combination = [known.get((template.id, value)) for value in ids_in(values.pop(_COMBINATION))]
        if not all(value and value.attribute_id.create_variant != "no_variant" for value in combination):
            raise ValueError(
                self.env._(
                    "%(product)s: a variant there is made of attributes or values that make no variants here. Compare "
                    "“Variant Creation” of its attributes on both sides, and exchange the attributes of products too.",
                    product=template.display_name,
                )
            )
        return {
            **values,
            "product_tmpl_id": template.id,
            "product_template_attribute_value_ids": [Command.set([value.id for value in combination])],
        }

    def _make_variants(self, Variants, vals_list: list[dict], rows: list[list[str]]) -> None:
        if not vals_list:
            return
        variants = Variants.create(vals_list)
        pairs = [(name, variant.id) for variant, ids in zip(variants, rows, strict=True) for name in ids]
        self.env["sync.exchange.identity"]._give(variants._name, pairs)

    def _write_variant(self, variant, values: dict) -> None:
        differing = {
            name: value for name, value in values.items() if name != _COMBINATION and not is_same(variant, name, value)
        }
        if "standard_price" in differing and variant._fields.get("cost_method") and variant.cost_method != "standard":
            # Average and FIFO costs follow from the moves here; a cost from elsewhere would revalue the stock.
            del differing["standard_price"]
        if differing:
            variant.write(differing)


def _line(row: dict, *, extras: bool = False) -> dict:
    """Values of an attribute line.

    :param extras: with the values that the template has of it, which Odoo makes otherwise
    """
    vals = {name: value for name, value in row.items() if name != "product_template_value_ids"}
    if extras:
        prices = _extras(row)
        vals["product_template_value_ids"] = [
            Command.create({"product_attribute_value_id": value, "price_extra": prices.get(value, 0.0)})
            for value in ids_in(row["value_ids"])
        ]
    return vals


def _extras(row: dict) -> dict[int, float]:
    """Attribute value -> extra price."""
    extras = row.get("product_template_value_ids") or ()
    return {values["product_attribute_value_id"]: values["price_extra"] for _ids, values in extras}


def _agrees(template, key: str, value) -> bool:
    value = value.get("en_US") if isinstance(value, dict) else value
    return bool(value) and template.with_context(lang="en_US")[key] == value
