# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter


def in_order(needs: Mapping[str, Collection[str]]) -> list[str]:
    """Kinds of data so that each comes after those to which its records lead, as far as that is possible.

    Kinds that need each other stay in the order in which they were named: what one of them lacks at first is filled in
    later. What is not exchanged does not count.

    :param needs: kind -> kinds to which its records lead

    >>> in_order({"invoice": {"partner", "product"}, "product": {"category"}, "partner": {"partner", "country"}})
    ['product', 'partner', 'invoice']
    >>> in_order({"employee": {"department"}, "department": {"employee"}})
    ['employee', 'department']
    """
    # Lists, not sets: the order is the same each time.
    graph = {kind: [need for need in needs if need in wanted and need != kind] for kind, wanted in needs.items()}
    while True:
        sorter = TopologicalSorter(graph)
        try:
            return list(sorter.static_order())
        except CycleError as error:
            # The closing edge goes: of the kinds in the cycle, the one that was named first comes first.
            cycle = set(error.args[1])
            first = next(kind for kind in graph if kind in cycle)
            graph[first] = [need for need in graph[first] if need not in cycle]
