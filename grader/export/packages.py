"""What all packages for learning systems have in common: XML files, a table of contents as IMS has it, and a zip."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # in a zip, so that the same problems give the same bytes
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class PackageForm:
    """What a table of contents says of its package.

    identifier:      of the package.
    namespace, xsd:  of the table of contents, and where that is defined.
    schema, version: what is in the package.
    """

    identifier: str
    namespace: str
    xsd: str
    schema: str
    version: str


@dataclass(frozen=True, slots=True)
class PackageResource:
    """A file in a package: its name there, what it is, its path, the names of those that it needs.

    begun:  whether whoever opens it begins with its file, as with all but the items of Canvas.
    others: further attributes.
    """

    name: str
    kind: str
    path: str
    needs: tuple[str, ...] = ()
    begun: bool = True
    others: tuple[tuple[str, str], ...] = ()


def rooted(tag: str, namespace: str, xsd: str, **others: str) -> ET.Element:
    """The root of an XML file, with its namespace and where that is defined."""
    return ET.Element(
        tag,
        {"xmlns": namespace, "xmlns:xsi": _INSTANCE, "xsi:schemaLocation": f"{namespace} {xsd}"} | others,
    )


def xml(root: ET.Element, *, indented: bool = False) -> bytes:
    """An XML file; with nothing between its elements unless they may be indented: blanks within a formula are seen."""
    if indented:
        ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def manifest(form: PackageForm, resources: Iterable[PackageResource]) -> ET.Element:
    """The table of contents."""
    root = rooted("manifest", form.namespace, form.xsd, identifier=form.identifier)
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = form.schema
    ET.SubElement(metadata, "schemaversion").text = form.version
    ET.SubElement(root, "organizations")
    found = ET.SubElement(root, "resources")
    for one in resources:
        begun = {"href": one.path} if one.begun else {}
        resource = ET.SubElement(
            found, "resource", {"identifier": one.name, "type": one.kind} | begun | dict(one.others)
        )
        ET.SubElement(resource, "file", href=one.path)
        for other in one.needs:
            ET.SubElement(resource, "dependency", identifierref=other)
    return root


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files in a zip."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(ZipInfo(name, LONG_AGO), data, ZIP_DEFLATED)
    return out.getvalue()
