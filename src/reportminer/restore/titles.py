"""The title of a report: what its first lines say, without numbering, file names, advertisement and layout blanks."""

from __future__ import annotations

import re

_GENRE_WORD = r"(?:汇报材料|汇报|总结报告|调研报告|工作报告|报告|总结|工作要点|要点|实施方案|方案|计划|规划|公报|通报|讲话|发言|简介|概况|思考|建议|情况)"
HAS_GENRE = re.compile(_GENRE_WORD)
_FILE = re.compile(r"(.{4,80}?)\.(?:docx?|pdf|wps|txt|pptx?)(?:_?第 ?[0-9]+ ?页)?", re.I)
_PAGE_IMAGE = re.compile(r"(.{4,60}?)_第 ?[0-9]{1,3} ?页")
_PUFF = re.compile(
    r"^(?:(?:文档|内容|资源|文件)(?:介绍|预览|简介|描述|摘要)[:：][\s\-—]*|编号[:：] ?[0-9]{4,}|第 ?[0-9]+ ?页 ?[/共]{1,2} ?[0-9]+ ?页|(?:[-—–] ?[0-9]{1,3} ?[-—–] ?)+|[\[【(（]?(?:高品质文档|精选优质文档|优质文档|高质量文档|倾情为你奉上|最新|精品|精编|精选|优质|推荐|完整版|范文|word版?|免费|资料|可编辑)[\]】)）]?[-\s:：—_]*)+",
    re.I,
)
_TAIL = re.compile(
    r"(?:[\[【(（](?:最新|精品|精编|精选|优质|推荐|完整版?|范文|word版?|小编推荐|全文|[0-9]|精选[0-9一二三四五六七八九十]+篇|共[0-9一二三四五六七八九十]+篇)[\]】)）]"
    r"|[-_—]?(?:word)?文档下载推荐|[-_]图文|[-_ ]?(?:最新|精选|范文)?[0-9一二三四五六七八九十]{1,2}篇|免费下载)+$",
    re.I,
)
_NUMBERED = re.compile(r"^(?:[0-9]{1,2}、|#+ ?)")
# lines above a title that are none themselves: letterheads, document numbers, dates, remarks
_NO_TITLE = re.compile(
    r"[\W0-9_]+|.{0,30}文件|.{0,20}[〔\[（(][12][09][0-9]{2}[〕\]）)][第 ]*[0-9]{1,4} ?号.{0,20}|.{0,4}[12][09xX]\w{2}年.{1,3}月(?:.{1,3}日)?.{0,4}"
    r"|目 *录|附 *件.{0,4}|[（(].{0,12}稿[)）]|签发人.{0,20}|密级.{0,10}|编号.{0,20}|第?.{1,6}期|.{0,12}简报|.{2,24}编(?:印|发)?[ \u3000]+.{0,16}[0-9]{4}年.{0,12}"
)
_SALUTATION = re.compile(r"(?:各位|尊敬的|同志们|主任|主席|女士们)")
_ORGAN = re.compile(r"(?:政府|委员会|办公室|[局委办院校处站]|中心|学校|小学|中学|领导小组|公司|协会)$")
_LIST = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]+[章节]"
)
_SPAN_LINE = re.compile(r"[（(](?:19|20)[0-9]{2}年?[-—–~～至]{1,2}(?:(?:19|20)[0-9]{2})年?[)）]")
_AFTER_TITLE = re.compile(
    rf"(.{{3,56}}?{_GENRE_WORD})(?=\s|[一1]、|，[一1][，、]|[(（][12一二]|(?:19|20)[0-9xX]{{2}}(?:年|学年|/)|[*＊xXＸ×]{{1,4}}[省市县区镇乡]|[*＊xXＸ×]{{2,4}}|[\u4e00-\u9fff]{{1,4}}[县市区镇乡](?:地处|位于|是|现辖|辖)|今年|近年|自|为了?|根据|按照|在|各位|尊敬|我[省市县区镇乡校局]|[\u4e00-\u9fff]{{2,14}}(?:政府|局|委员会|办公室|小组))"
)

_ISSUED = re.compile(r"关于(?:印发|转发|下发)\s*(.+?)的通知$")


def tidy_title(line: str) -> str:
    """A title without numbering, file name, advertisement and layout blanks."""
    line = re.sub(
        r"\.(?:docx?|pdf|txt|wps|html?|pptx?)(?:_?第 ?[0-9]+ ?页)?.*$", "", line.strip(), flags=re.I
    )
    line = _NUMBERED.sub("", line).strip().strip("《》#*＊- ")
    line = _TAIL.sub("", _PUFF.sub("", line)).strip()
    # 总 结 → 总结, 工 作 汇 报 → 工作汇报; a blank between phrases stays
    line = re.sub(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff](?: |$|[\u4e00-\u9fff]$))", "", line)
    parts = line.split()
    if len(parts) > 3 and len(line) <= _SPACED and sum(len(p) == 1 for p in parts) * 2 >= len(parts):
        line = "".join(parts)  # 政 府 工 作报 告
    return line.strip("《》*＊ ")


_SPACED = 24  # characters of a title that is set with blanks between its words


def _unrepeated(title: str) -> str:
    """A title that is printed twice in a row: once."""
    half = re.fullmatch(r"([^\n]{6,60}?)[\W]{0,3}\1.*", title)
    return half.group(1).strip("《》*＊ ") if half else title


def _cut_body(body: str) -> str | None:
    """The title at the head of a line that goes on with the text."""
    once = re.match(r"(.{6,60}?)[\W]{0,3}\1", body)
    if once:
        return once[1]
    m = _AFTER_TITLE.match(body)
    if m and not re.search(r"[。；]", m[1]):
        return m[1]
    first = re.split(r"\s", body, maxsplit=1)[0]
    return first if 4 <= len(first) <= 50 and not re.search(r"[。；，,]", first) else None


def file_title(head: list[str]) -> str | None:
    """The title that a file name among the first lines gives (document sites print it above the pages)."""
    for line in head[:12]:
        m = _FILE.fullmatch(line.strip()) or _PAGE_IMAGE.fullmatch(line.strip())
        if m and re.search("[\u4e00-\u9fff]{3}", m[1]):
            return tidy_title(m[1]) or None
    return None


def find_title(head: list[str], content: str) -> tuple[str | None, str]:
    """``(title, context)``: the title, None when the text begins without one, and what else stands around it (a subtitle, the
    organ that reports) for those who look for area, year and genre. ``head``: first lines with site furniture, ``content``:
    the text without."""
    named = file_title(head)
    lines = [x.strip() for x in content[:4000].split("\n")[:24]]
    i = next((n for n, x in enumerate(lines) if x and not _NO_TITLE.fullmatch(x)), None)
    printed, context = _printed(lines, i) if i is not None else (None, "")
    if named is not None and (printed is None or HAS_GENRE.search(named) or not HAS_GENRE.search(printed)):
        return named, f"{printed or ''} {context}".strip()
    return printed, context


def _printed(lines: list[str], i: int) -> tuple[str | None, str]:
    line = lines[i]
    rest = [x for x in lines[i + 1 : i + 6] if x]
    following = rest[0] if rest else ""
    if len(line) > 60:
        cut = _cut_body(_PUFF.sub("", _NUMBERED.sub("", line)))
        return (_unrepeated(tidy_title(cut)) or None, line[len(cut) : len(cut) + 60]) if cut else (None, "")
    if _SALUTATION.match(line) or _LIST.match(line) or line[-1] in "。；，：:":
        return None, ""
    title = _unrepeated(tidy_title(line))
    context = " ".join(x for x in rest[:3] if len(x) <= 60)
    adjacent = i + 1 < len(lines) and bool(lines[i + 1])
    split = (
        adjacent
        and len(following) <= 45
        and not HAS_GENRE.search(title)
        and HAS_GENRE.search(following)
        and following[-1] not in "。；，：:"
        and not following.startswith(("—", "-", "–", "―", "(", "（"))
        and not _LIST.match(following)
        and not _SALUTATION.match(following)
    )
    if (
        split
        and (
            _ORGAN.search(title)
            or title.startswith("关于")
            or re.search(r"年度?$|[县市区镇乡校]$|[和及与、的]$|(?:印|转)发$", title)
        )
    ) or (
        adjacent
        and following.startswith(("和", "及", "暨", "的"))
        and len(following) <= 45
        and HAS_GENRE.search(following)
    ):
        title += tidy_title(following)
    elif adjacent and _SPAN_LINE.fullmatch(following):
        title += following  # the years of a plan on a line of their own
    issued = _ISSUED.search(title)
    if issued and HAS_GENRE.search(issued[1]):
        title = issued[1].strip("《》")  # 关于印发…实施方案的通知: the paper is the plan
    return title or None, context
