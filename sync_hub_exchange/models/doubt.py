# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Any, NamedTuple, Self

# Whose records make it doubtful.
THEIRS, OURS, JOINED = "theirs", "ours", "joined"
_SHOWN = 3


class Doubt(NamedTuple):
    """Why it cannot be told which record here is the one of a peer.

    :param whose: ``theirs``, several records of the peer have the same keys, and one here has them too; ``ours``,
        several here have them; ``joined``, it is one record there and several here
    :param fields: names of the keys
    :param names: of records here
    :param count: how many records here it is
    """

    whose: str
    fields: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    count: int = 0

    @classmethod
    def about(cls, whose: str, keys: list[str], records: list) -> Self:
        return cls(whose, tuple(keys), tuple(record.display_name for record in records[:_SHOWN]), len(records))

    def to_wire(self) -> dict[str, Any]:
        return self._asdict()

    @classmethod
    def from_wire(cls, value: dict) -> Self:
        fields, names = (tuple(map(str, value.get(name) or ())) for name in ("fields", "names"))
        return cls(str(value.get("whose")), fields, names, int(value.get("count") or 0))

    def sentence(self, Model, *, sent: bool = False) -> str:
        """What is doubtful, and what to do.

        :param sent: the other side had this doubt about a record of ours, so that its "here" is our "there"
        """
        env = Model.env
        labels = [Model._fields[name]._description_string(env) for name in self.fields if name in Model._fields]
        values = {"fields": ", ".join(labels), "names": ", ".join(self.names), "count": self.count}
        match self.whose, sent:
            case "theirs", False:
                return env._(
                    "Several records there have the same %(fields)s, and one here has it too: %(names)s. Join or "
                    "rename them there, then try again.",
                    **values,
                )
            case "theirs", True:
                return env._(
                    "Several records here have the same %(fields)s, and one there has it too: %(names)s. Join or "
                    "rename them here, then try again.",
                    **values,
                )
            case "ours", False:
                return env._(
                    "Several records here have the same %(fields)s: %(names)s. Join or rename them, then try again.",
                    **values,
                )
            case "ours", True:
                return env._(
                    "Several records there have the same %(fields)s: %(names)s. Join or rename them there, then try "
                    "again.",
                    **values,
                )
            case _, False:
                return env._(
                    "It is one record there and %(count)s here, which were joined there. Join them here too.", **values
                )
        return env._(
            "It is one record here and %(count)s there, which were joined here. Join them there too.", **values
        )
