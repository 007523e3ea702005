"""The practice page as a SCORM 1.2 package: a learning-management system shows it, and hears of score and completion."""

from __future__ import annotations

from html import escape
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

_ADL = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
_IMS = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"


def manifest(title: str, names: list[str]) -> str:
    """What the package holds, for the system: one item, and all its files."""
    files = "\n".join(f'      <file href="{escape(name)}"/>' for name in names)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="byhand-practice" version="1.0" xmlns="{_IMS}" xmlns:adlcp="{_ADL}">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="practice">
    <organization identifier="practice">
      <title>{escape(title)}</title>
      <item identifier="page" identifierref="page-files"><title>{escape(title)}</title></item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="page-files" type="webcontent" adlcp:scormtype="sco" href="index.html">
{files}
    </resource>
  </resources>
</manifest>
"""


def package(title: str, files: Mapping[str, str | bytes]) -> bytes:
    """Pack the files of a page with their manifest; the same bytes for the same files."""
    whole = {"imsmanifest.xml": manifest(title, sorted(files)), **files}
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name in ("imsmanifest.xml", *sorted(files)):
            packed.writestr(ZipInfo(name), whole[name], ZIP_DEFLATED)
    return out.getvalue()
