# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Three databases in which somebody works all the time, a network with bad days, and workers that are killed: in the
end all of them are the same, and everything is there once.

``CHAOS_STEPS`` says how much happens, and ``CHAOS_SEED`` what.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from offices import Link, Office, Worker, contents
from proxy import Proxy

from bootstrap.odoo_commands import Odoo

STEPS = int(os.environ.get("CHAOS_STEPS", "60"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
# Share of the calls that the network cuts off.
SHARE = 0.1
FIELDS = ("city", "phone", "zip", "street", "comment", "name")


@pytest.fixture
def chaos(odoo: Odoo, folder: Path, new_office: Callable[[str], Office]) -> Iterator[Chaos]:
    offices = [new_office(letter) for letter in "abc"]
    # One works for itself, at the same time as the one that works for both others.
    offices[1].worker = Worker(odoo, folder / "second-worker.log")
    chaos = Chaos(offices)
    yield chaos
    chaos.close()
    offices[1].worker.kill()


class Chaos:
    """A ring of offices, each of which is connected with the next one over a network of its own."""

    def __init__(self, offices: list[Office]):
        self.offices = offices
        self.chance = random.Random(SEED)
        self.networks = [Proxy(office.server.port, random.Random(SEED + place)) for place, office in enumerate(offices)]
        self.links: list[Link] = []
        self.kills = 0
        self._number = 0
        # Contacts that were deleted somewhere; whether they are archived or kept elsewhere is a matter of the rules.
        self.deleted: set[str] = set()
        for place, office in enumerate(offices):
            link = office.connect(offices[(place + 1) % 3], url=self.networks[place].url)
            link.exchange("res.partner.category", "name parent_id")
            link.exchange()
            self.links.append(link)

    def close(self) -> None:
        for network in self.networks:
            network.close()

    def step(self) -> None:
        """Somebody does something in one of the offices, and now and then a worker works."""
        self._somebody_works(self.chance.choice(self.offices))
        if self.chance.random() < 0.5:
            self._worker_works(self.chance.choice(self.links))

    def _somebody_works(self, office: Office) -> None:
        known = sorted(contents(office))
        refs = [ref for ref in known if ref.startswith("c")]
        what = self.chance.choice(("add", "add", "change", "change", "change", "move", "archive", "tag", "delete"))
        if what == "add" or len(refs) < 6:
            self._number += 1
            # Those with a d lead to nobody and nobody leads to them: they may be deleted.
            if self.chance.random() < 0.2:
                office.add(f"d{self._number}")
                return
            office.add(f"c{self._number}", is_company=self.chance.random() < 0.3, city=office.letter)
            return
        ref = self.chance.choice(refs)
        if what == "change":
            office.change(ref, **{self.chance.choice(FIELDS): f"{office.letter}{self.chance.randrange(100)}"})
        elif what == "delete" and len(known) > len(refs):
            ref = self.chance.choice([ref for ref in known if ref.startswith("d")])
            office.delete("res.partner", office.partner(ref)["id"])
            self.deleted.add(ref)
        elif what == "archive":
            office.change(ref, active=self.chance.random() < 0.7)
        elif what == "tag":
            tags = office.call("res.partner.category", "search", (), [])
            if not tags or self.chance.random() < 0.3:
                self._number += 1
                tags.append(office.create("res.partner.category", name=f"tag{self._number}"))
            office.change(ref, category_id=[[6, 0, self.chance.sample(tags, min(len(tags), 2))]])
        elif what == "move":
            # The older one is the parent, in all offices: two moves cannot close a circle.
            other = self.chance.choice(refs)
            young, old = sorted((ref, other), key=lambda name: int(name[1:]), reverse=True)
            if young != old:
                office.change(young, parent_id=office.partner(old)["id"])

    def _worker_works(self, link: Link) -> None:
        what = self.chance.choice(("receive", "send"))
        if self.chance.random() < 0.3:
            link.begin(what)
            time.sleep(self.chance.random() * 0.6)
            link.office.worker.kill()
            self.kills += 1
        elif self.chance.random() < 0.5 and link.office is not self.offices[1]:
            # Two at the same time, on the same records.
            link.begin(what)
            self.links[1].begin(self.chance.choice(("receive", "send")))
            runs = [link.office.worker.end(), self.offices[1].worker.end()]
            assert all(run["outcome"] for run in runs), runs
            self.links[1].reconnect()
        else:
            link.receive() if what == "receive" else link.send()
        # Somebody, or the engine's own repetition, takes up what a fault has stopped.
        link.reconnect()

    def calm_down(self) -> None:
        """The network is well again, nobody works any more, and the exchange goes round until nothing is left to do."""
        for network in self.networks:
            network.cut_share = 0
        for _round in range(8):
            runs = []
            for link in self.links:
                link.reconnect()
                runs += [link.receive(), link.send()]
            if not any(run["created"] or run["updated"] for run in runs):
                return
        raise AssertionError(f"something goes round for ever: {runs}")


def test_whatever_happens_all_databases_are_the_same_in_the_end(chaos: Chaos) -> None:
    for network in chaos.networks:
        network.cut_share = SHARE
    for _step in range(STEPS):
        chaos.step()
    chaos.calm_down()
    assert chaos.kills and sum(network.cuts for network in chaos.networks), "it was too quiet"
    first, *others = [
        {ref: row for ref, row in contents(office).items() if ref not in chaos.deleted} for office in chaos.offices
    ]
    assert len(first) > STEPS / 10
    for other in others:
        assert other == first
    for link in chaos.links:
        assert not link.waiting()
