# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading XML that a stranger may have written.

Entities, DTD subsets, deep nesting and size are the known ways to make an XML reader use up memory or open files
(OWASP, "XML External Entity Prevention" and "XML Security": entity expansion). None of the documents of certified mail
or of the SdI needs any of them, so they are refused rather than limited.
"""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MAX_BYTES = 2 * 1024 * 1024
_MAX_DEPTH = 40
_MAX_ELEMENTS = 50_000


class XmlRefused(ValueError):
    """A document that is not well-formed, or that uses what an honest one does not need."""


def read_xml(data: bytes, *, max_bytes: int = MAX_BYTES) -> Element:
    """The root element of a document. Names carry their namespace as ``{uri}name``.

    Text that breaks the encoding that the document declares is read as Windows-1252's common part, ISO 8859-1: some
    providers copy a subject into UTF-8 documents byte by byte.

    :raises XmlRefused: with a sentence
    """
    if len(data) > max_bytes:
        raise XmlRefused(f"The XML document has {len(data)} bytes; more than {max_bytes} are not read.")
    try:
        return _read(data, None)
    except expat.ExpatError as error:
        if error.code != expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN] or _is_utf8(data):
            raise XmlRefused(f"The XML document is not well-formed: {error}.") from error
    try:
        return _read(data, "iso-8859-1")
    except expat.ExpatError as error:
        raise XmlRefused(f"The XML document is not well-formed: {error}.") from error


def local_name(element: Element) -> str:
    """Name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def child(parent: Element | None, name: str) -> Element | None:
    """First child of that local name, whatever its namespace."""
    return next((node for node in parent if local_name(node) == name), None) if parent is not None else None


def text(parent: Element | None, name: str) -> str:
    """Text of the first child of that local name without blanks around it, "" without one."""
    node = child(parent, name)
    return ("".join(node.itertext()) if node is not None else "").strip()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read(data: bytes, encoding: str | None) -> Element:
    builder = TreeBuilder()
    parser = expat.ParserCreate(encoding, "}")
    parser.buffer_text = True
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth += 1
        count += 1
        if depth > _MAX_DEPTH or count > _MAX_ELEMENTS:
            raise XmlRefused("The XML document is nested too deep or has too many elements.")
        builder.start(_braced(name), {_braced(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_braced(name))

    def doctype(_name: str, _system: str | None, _public: str | None, has_subset: int) -> None:
        if has_subset:
            raise XmlRefused("The XML document brings definitions of its own (DTD), which are not read.")

    def entity(*_: object) -> None:
        raise XmlRefused("The XML document uses entities, which are not read.")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = entity
    parser.SkippedEntityHandler = entity
    parser.ExternalEntityRefHandler = entity
    try:
        parser.Parse(data, True)
    except (ValueError, LookupError, UnicodeError) as error:
        if isinstance(error, XmlRefused):
            raise
        raise XmlRefused(f"The XML document is in an encoding that cannot be read: {error}.") from error
    return builder.close()


def _braced(name: str) -> str:
    return "{" + name if "}" in name else name
