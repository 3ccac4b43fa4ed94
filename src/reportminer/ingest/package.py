"""Office files that are zip archives of XML parts (docx, xlsx): opened within limits, parsed without entities.

Nothing is unpacked to disk, so that names of parts cannot lead anywhere.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Any

from reportminer.errors import UnreadableFile
from reportminer.ingest.kinds import BROKEN_ZIP
from reportminer.limits import limit, stated

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")  # names of the strict variant of the format
_SMALL = 10**5  # bytes: the ratio says nothing about a file that is smaller


class Package:
    """The parts of one file. ``what`` is what messages call it (Word 文档, Excel 表格)."""

    def __init__(self, data: bytes, source: str, what: str) -> None:
        """Raises UnreadableFile for a broken, encrypted or oversized one."""
        self.source = source
        self.what = what
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except BROKEN_ZIP as e:
            raise self.broken() from e
        check_members(members, len(data), source)
        self._names = {m.filename.replace("\\", "/").lstrip("/").lower(): m for m in members}

    @classmethod
    def of_xml(cls, source: str, what: str) -> Package:
        """A package without parts, for the messages about a file that is one piece of XML."""
        made = cls.__new__(cls)
        made.source, made.what, made._names = source, what, {}
        return made

    def broken(self) -> UnreadableFile:
        """The error for a file that is not what it should be."""
        return UnreadableFile(
            f"“{self.source}”已损坏，不能作为{self.what}打开。", "请用 Office 或 WPS 打开并另存，或重新下载。"
        )

    def part(self, name: str) -> bytes | None:
        """The bytes of a part, None when there is none. Raises UnreadableFile."""
        member = self._names.get(name.lower())
        if member is None:
            return None
        try:
            return self._zip.read(member)
        except BROKEN_ZIP as e:
            raise self.broken() from e

    def xml(self, name: str) -> Any:
        """The root element of a part, None when there is none. Raises UnreadableFile for XML that is broken, too deep or has a DTD."""
        data = self.part(name)
        return None if data is None else parse(data, self)

    def no_dtd(self, root: Any) -> None:
        """Raises UnreadableFile for XML with a document type: no office program writes one, attacks by entities need one."""
        if root.getroottree().docinfo.internalDTD is not None:
            raise UnreadableFile(
                f"“{self.source}”内部的 XML 带有文档类型定义（DTD），可能是恶意文件，没有读取。",
                "请核实文件来源，用 Office 或 WPS 打开后另存。",
            )

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to inside the package: id → (last word of the type, name of the part). The empty name is the package."""
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", base + ".rels"))
        out: dict[str, tuple[str, str]] = {}
        for r in root.iter(_RELATION) if root is not None else ():
            if r.get("TargetMode") != "External":
                target = r.get("Target", "").replace("\\", "/")
                path = posixpath.normpath(posixpath.join(folder, target)) if target[:1] != "/" else target
                out[r.get("Id", "")] = (r.get("Type", "").rsplit("/", 1)[-1], path.lstrip("/"))
        return out

    def main(self, default: str) -> str:
        """The name of the main part."""
        for kind, name in self.relations("").values():
            if kind == "officeDocument" and name.lower() in self._names:
                return name
        return default


def check_members(members: list[zipfile.ZipInfo], packed: int, source: str) -> None:
    """Raises UnreadableFile when an office file has a password or would unpack to more than the limits allow."""
    if any(m.flag_bits & 1 for m in members):
        raise UnreadableFile(f"“{source}”有密码保护。", "请去掉密码后另存。")
    size = sum(m.file_size for m in members)
    fix = "请核实文件来源，用 Office 或 WPS 打开后另存。"
    if len(members) > limit("parts"):
        raise UnreadableFile(f"“{source}”内部有 {len(members)} 个文件（{stated('parts')}）。", fix)
    if size > limit("unpacked_mb") << 20:
        raise UnreadableFile(f"“{source}”解压后有 {size >> 20} MB（{stated('unpacked_mb')}）。", fix)
    if size > limit("ratio") * max(packed, _SMALL):
        raise UnreadableFile(f"“{source}”解压后是压缩时的 {size // packed} 倍（{stated('ratio')}）。", fix)


def strict_names(data: bytes) -> bytes:
    """XML of the strict variant of the format with the names of the usual one."""
    return _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data)


def parse(data: bytes, package: Package) -> Any:
    """The root element of XML: no entity is expanded, nothing is fetched, elements nest to libxml2's depth of 256 at most.

    Raises UnreadableFile.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )  # fmt: skip
    try:
        root = etree.fromstring(strict_names(data), parser)
    except (etree.XMLSyntaxError, ValueError) as e:
        raise package.broken() from e
    if root is None:
        raise package.broken()
    package.no_dtd(root)
    return root
