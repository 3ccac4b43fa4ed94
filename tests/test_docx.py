"""Word documents: the XML of a body in, the lines that Word prints out."""

from __future__ import annotations

import pytest

from office_files import docx, p, run
from reportminer.core import RawDocument
from reportminer.ingest import read_bytes


def lines(data: bytes) -> list[str]:
    return visible(read_bytes(data, "报告.docx")).split("\n")[:-1]


def visible(raw: RawDocument) -> str:
    out, at = [], 0
    for s in raw.hidden:
        out.append(raw.text[at : s.start])
        at = s.end
    return "".join(out) + raw.text[at:]


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<') else p(text)}</w:tc>"


def tbl(*table: list[str]) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in table) + "</w:tbl>"


BOX = "<w:txbxContent>" + p("文本框：共有教师320人。") + "</w:txbxContent>"
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'

BODIES = [
    ("segments and smart tags", p(run("全县共有学校") + '<w:smartTag w:element="x">' + run("48所") + "</w:smartTag>" + run("。")), ["全县共有学校48所。"]),
    ("accepted insertion, deletion, move", p(run("投入") + "<w:ins>" + run("1200") + "</w:ins><w:del><w:r><w:delText>900</w:delText></w:r></w:del><w:moveFrom>" + run("旧") + "</w:moveFrom><w:moveTo>" + run("万元") + "</w:moveTo>"), ["投入1200万元"]),
    ("deleted paragraph mark joins", p("全县共有学校", "<w:rPr><w:del/></w:rPr>") + p("48所。"), ["全县共有学校48所。"]),
    ("deleted row", tbl([tc("学校"), tc("人数")], ["<w:trPr><w:del/></w:trPr>", tc("旧"), tc("1")], [tc("一小"), tc("30")]), ["学校\t人数", "一小\t30"]),
    ("hidden text", p(run("共有48所") + run("（待核）", "<w:vanish/>") + run("学校", '<w:vanish w:val="0"/>')), ["共有48所学校"]),
    ("text box once", p(run("正文。") + f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{BOX}</wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"), ["正文。", "文本框：共有教师320人。"]),
    ("text box of old Word", p(run("正文。") + f"<w:r><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></w:r>"), ["正文。", "文本框：共有教师320人。"]),
    ("content control", "<w:sdt><w:sdtPr/><w:sdtContent>" + p("控件内48所。") + "</w:sdtContent></w:sdt>" + p("<w:sdt><w:sdtPr/><w:sdtContent>" + run("行内30所") + "</w:sdtContent></w:sdt>"), ["控件内48所。", "行内30所"]),
    ("control that nobody filled in", p(run("日期：") + "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + run("单击此处输入日期") + "</w:sdtContent></w:sdt>"), ["日期："]),
    ("result of a field", p(run("共") + FIELD.format("begin") + "<w:r><w:instrText> =SUM(ABOVE) </w:instrText></w:r>" + FIELD.format("separate") + run("48") + FIELD.format("end") + run("所")), ["共48所"]),
    ("field inside an instruction", p(FIELD.format("begin") + "<w:r><w:instrText>IF </w:instrText></w:r>" + FIELD.format("begin") + FIELD.format("separate") + run("999") + FIELD.format("end") + FIELD.format("separate") + run("48所") + FIELD.format("end")), ["48所"]),
    ("field that nobody closed", p(run("共有") + FIELD.format("begin") + "<w:r><w:instrText>REF x</w:instrText></w:r>" + run("48所")) + p(run("其中小学30所")), ["共有48所", "其中小学30所"]),
    ("simple field and link", p('<w:fldSimple w:instr="PAGE">' + run("30所") + "</w:fldSimple><w:hyperlink>" + run("链接") + "</w:hyperlink>"), ["30所链接"]),
    ("contents are hidden", p(FIELD.format("begin") + "<w:r><w:instrText>TOC \\o</w:instrText></w:r>" + FIELD.format("separate") + run("一、回顾 3")) + p(run("二、展望 15")) + p(FIELD.format("end")) + p("一、回顾"), ["一、回顾"]),
    ("breaks and tabs", p(run("甲") + "<w:r><w:br/></w:r>" + run("乙") + "<w:r><w:tab/></w:r>" + run("丙") + '<w:r><w:br w:type="page"/></w:r>'), ["甲", "乙\t丙"]),
    ("page break inside", p(run("标题") + '<w:r><w:br w:type="page"/></w:r>' + run("正文")), ["标题", "正文"]),
    ("symbols", p(run("误差") + '<w:r><w:sym w:font="Symbol" w:char="F0B1"/></w:r>' + run("5") + '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + '<w:r><w:sym w:font="Webdings" w:char="F021"/></w:r>'), ["误差±5☑"]),
    ("reading above characters", p("<w:r><w:ruby><w:rt>" + run("xian") + "</w:rt><w:rubyBase>" + run("县") + "</w:rubyBase></w:ruby></w:r>"), ["县"]),
    ("formula", p("<m:oMath><m:r><m:t>48/60</m:t></m:r></m:oMath>"), ["48/60"]),
    ("merged cells once", tbl([tc("学校", '<w:vMerge w:val="restart"/>'), tc("学生", '<w:gridSpan w:val="2"/>')], [tc("重复", "<w:vMerge/>"), tc("男"), tc("女")], [tc("一小"), tc("30"), tc("28")]), ["学校\t学生", "\t男\t女", "一小\t30\t28"]),
    ("two paragraphs of a cell", tbl([tc(p("学校") + p("名称")), tc("数")], [tc("一小"), tc("3")]), ["学校 名称\t数", "一小\t3"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [b[1:] for b in BODIES], ids=[b[0] for b in BODIES])
def test_body(body: str, expected: list[str]) -> None:
    assert [x for x in lines(docx(body)) if x] == expected


def test_cells_of_a_merged_table_have_their_grid_places() -> None:
    raw = read_bytes(docx(next(b[1] for b in BODIES if b[0] == "merged cells once")), "a.docx")
    assert [(c.row, c.col, raw.text[c.start : c.end]) for c in raw.tables[0].cells] == [
        (0, 0, "学校"), (0, 1, "学生"), (1, 1, "男"), (1, 2, "女"), (2, 0, "一小"), (2, 1, "30"), (2, 2, "28"),
    ]  # fmt: skip


def test_nested_table_is_a_table_of_its_own() -> None:
    inner = tbl([tc("学校"), tc("人数")], [tc("一小"), tc("30")])
    raw = read_bytes(docx(tbl([tc("外"), tc(p("内表") + inner + p(""))], [tc("下"), tc("1")])), "a.docx")
    cells = [[raw.text[c.start : c.end] for c in t.cells] for t in raw.tables]
    assert cells[0] == ["学校", "人数", "一小", "30"]
    assert [c for c in cells[1] if "\n" not in c] == ["外", "下", "1"]
    assert raw.text.count("一小") == 1


def test_notes_follow_their_paragraph_and_their_table() -> None:
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    end = '<w:r><w:endnoteReference w:id="3"/></w:r>'
    body = p(run("全县共有学校48所") + mark + run("。")) + tbl([tc("学校"), tc("数")], [tc(p(run("一小") + end)), tc("3")]) + p("青山县教育局") + p("2020年12月1日")  # fmt: skip
    notes = '<w:footnote w:type="separator" w:id="0">' + p("分隔") + '</w:footnote><w:footnote w:id="2">' + p("<w:r><w:footnoteRef/></w:r>" + run("其中民办3所。")) + "</w:footnote>"  # fmt: skip
    ends = '<w:endnote w:id="3">' + p("含教学点。") + "</w:endnote>"
    assert lines(docx(body, footnotes=notes, endnotes=ends)) == [
        "全县共有学校48所。", "其中民办3所。", "学校\t数", "一小\t3", "含教学点。", "青山县教育局", "2020年12月1日",
    ]  # fmt: skip


def test_headers_and_footers_are_kept_hidden() -> None:
    section = '<w:sectPr><w:headerReference r:id="rId1"/><w:footerReference r:id="rId2"/></w:sectPr>'
    raw = read_bytes(
        docx(p("正文48所。") + section, header=p("青山县教育局文件"), footer=p("第1页")), "a.docx"
    )
    assert visible(raw) == "正文48所。\n"
    assert raw.text == "正文48所。\n青山县教育局文件\n第1页\n"


def level(n: int, form: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/>{more}<w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'


LIST = (
    '<w:abstractNum w:abstractNumId="1">' + level(0, "chineseCountingThousand", "%1、") + level(1, "japaneseCounting", "（%2）")
    + level(2, "decimal", "%3.") + "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="2">' + level(0, "chineseCounting", "第%1条") + level(1, "decimal", "%1.%2", "<w:isLgl/>") + "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="3">' + level(0, "bullet", "\uf06c") + level(1, "decimalEnclosedCircleChinese", "%2") + "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="3"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)  # fmt: skip


def item(text: str, number: int, at: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>')


LISTS = [
    ("three levels, restarted below", [("甲", 1, 0), ("乙", 1, 1), ("丙", 1, 1), ("丁", 1, 2), ("戊", 1, 0), ("己", 1, 1)], ["一、甲", "（一）乙", "（二）丙", "1. 丁", "二、戊", "（一）己"]),
    ("articles, legal numbering", [("甲", 2, 0), ("乙", 2, 0), ("丙", 2, 1)], ["第一条 甲", "第二条 乙", "2.1 丙"]),
    ("bullets print nothing", [("甲", 3, 0), ("乙", 3, 1)], ["甲", "① 乙"]),
    ("another list starts anew", [("甲", 1, 0), ("乙", 1, 0), ("丙", 4, 0)], ["一、甲", "二、乙", "一、丙"]),
    ("a figure after the number", [("甲", 1, 2), ("2020年", 1, 2)], ["1. 甲", "2. 2020年"]),
    ("empty and removed paragraphs", [("甲", 1, 0), ("", 1, 0), ("乙", 0, 0), ("丙", 1, 0)], ["一、甲", "", "乙", "三、丙"]),
]  # fmt: skip


@pytest.mark.parametrize(("items", "expected"), [x[1:] for x in LISTS], ids=[x[0] for x in LISTS])
def test_numbers_of_lists(items: list[tuple[str, int, int]], expected: list[str]) -> None:
    assert lines(docx("".join(item(*i) for i in items), numbering=LIST)) == expected


def test_numbers_and_hiding_that_a_style_brings() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="h"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="h2"><w:basedOn w:val="h"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="character" w:styleId="x"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = (
        p("工作回顾", '<w:pStyle w:val="h"/>') + p("办学条件", '<w:pStyle w:val="h2"/>')
        + p(run("共48所") + run("批注", '<w:rStyle w:val="x"/>')) + p("今后打算", '<w:pStyle w:val="h"/>')
    )  # fmt: skip
    assert lines(docx(body, numbering=LIST, styles=styles)) == [
        "一、工作回顾",
        "（一）办学条件",
        "共48所",
        "二、今后打算",
    ]


@pytest.mark.parametrize(
    ("n", "form", "text"),
    [
        (1, "chineseCounting", "一"), (10, "chineseCounting", "十"), (12, "japaneseCounting", "十二"), (20, "chineseCountingThousand", "二十"),
        (105, "chineseCounting", "一百零五"), (110, "chineseCounting", "一百一十"), (21, "chineseLegalSimplified", "贰拾壹"), (12, "ideographDigital", "一二"),
        (3, "decimalEnclosedCircle", "③"), (25, "decimalEnclosedCircle", "25"), (3, "decimalZero", "03"), (12, "decimalFullWidth", "１２"), (4, "lowerRoman", "iv"),
        (28, "upperLetter", "BB"), (3, "ideographTraditional", "丙"), (2, "decimalEnclosedParen", "⑵"), (7, "unknown", "7"), (-5, "ideographDigital", "-5"), (-5, "chineseCounting", "-5"), (999999999, "upperLetter", "999999999"),
    ],
)  # fmt: skip
def test_formats_of_numbers(n: int, form: str, text: str) -> None:
    numbering = f'<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="{n}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    assert lines(docx(item("甲", 1), numbering=numbering)) == [f"{text}、甲"]


def test_strict_variant_reads_the_same() -> None:
    import io
    import zipfile

    plain = docx(p("全县共有学校48所。"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as a, zipfile.ZipFile(out, "w") as b:
        for n in a.namelist():
            b.writestr(n, a.read(n).replace(b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main"))  # fmt: skip
    assert lines(out.getvalue()) == ["全县共有学校48所。"]
