"""Builds office files for tests part by part, so that a test shows the XML that it is about."""

from __future__ import annotations

import io
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{}</Types>'
_RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in parts.items():
            z.writestr(name, content)
    return out.getvalue()


def relations(*pairs: tuple[str, str]) -> str:
    """Relations rId1, rId2 … of (type, target)."""
    return _RELATIONS.format(
        "".join(
            f'<Relationship Id="rId{i}" Type="{_TYPE}{kind}" Target="{target}"/>' for i, (kind, target) in enumerate(pairs, 1)
        )
    )  # fmt: skip


def docx(body: str, **parts: str) -> bytes:
    """A document with this body. ``parts``: the content of numbering, styles, footnotes, endnotes, header, footer (their root is put around)."""
    roots = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes", "endnotes": "endnotes", "header": "hdr", "footer": "ftr"}  # fmt: skip
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES.format(
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        ),
        "_rels/.rels": relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document {W} {R} {MC}><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": relations(*((kind, f"{kind}.xml") for kind in parts)),
    }
    for kind, content in parts.items():
        files[f"word/{kind}.xml"] = f"<w:{roots[kind]} {W} {R}>{content}</w:{roots[kind]}>"
    return packed(files)


def p(content: str, properties: str = "") -> str:
    """A paragraph; content without tags is its text."""
    body = content if content.startswith("<") else f"<w:r><w:t>{content}</w:t></w:r>"
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{body}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def xlsx(sheets: dict[str, str], strings: list[str] | None = None, formats: list[str] | None = None, hidden: tuple[str, ...] = (), extra: str = "") -> bytes:  # fmt: skip
    """A workbook: the rows of every sheet as XML (``<row>…</row>``), shared strings as XML, cell formats 1, 2 … (0 is General)."""
    names = list(sheets)
    listed = "".join(
        '<sheet name="{}" sheetId="{}" r:id="rId{}"{}/>'.format(n, i, i, ' state="hidden"' if n in hidden else "")
        for i, n in enumerate(names, 1)
    )  # fmt: skip
    codes = formats or []
    own = "".join(f'<numFmt numFmtId="{164 + i}" formatCode="{code}"/>' for i, code in enumerate(codes))
    xfs = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{164 + i}"/>' for i in range(len(codes)))
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES.format(
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        ),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"<workbook {S} {R}>{extra}<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            *(("worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(names) + 1)),
            ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml"),
        ),
        "xl/sharedStrings.xml": f"<sst {S}>{''.join(f'<si>{s}</si>' for s in strings or [])}</sst>",
        "xl/styles.xml": f"<styleSheet {S}><numFmts>{own}</numFmts><cellXfs>{xfs}</cellXfs></styleSheet>",
    }  # fmt: skip
    for i, n in enumerate(names, 1):
        files[f"xl/worksheets/sheet{i}.xml"] = (
            f"<worksheet {S}><sheetData>{sheets[n]}</sheetData></worksheet>"
        )
    return packed(files)


def rows(*lines: list[str | float | None]) -> str:
    """Rows of inline strings and numbers; None leaves a cell out."""
    out = []
    for r, line in enumerate(lines, 1):
        cells = []
        for c, value in enumerate(line):
            name = f"{chr(65 + c)}{r}"
            if isinstance(value, str):
                cells.append(f'<c r="{name}" t="inlineStr"><is><t>{value}</t></is></c>')
            elif value is not None:
                cells.append(f'<c r="{name}"><v>{value}</v></c>')
        out.append(f'<row r="{r}">{"".join(cells)}</row>')
    return "".join(out)
