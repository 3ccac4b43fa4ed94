"""What kind of report an article is, which year it reviews and when it was printed."""

from __future__ import annotations

import re
from collections import Counter

_GENRES = (
    ("work_report", re.compile(r"政府工作报告|政府.{0,12}工作(?:情况)?报告$")),
    ("summary", re.compile(r"总结|回顾|小结")),
    (
        "analysis",
        re.compile(r"反馈意见|调研|调查|思考|对策|浅谈|浅析|探析|分析|建议|问题研究|提案|初探|启示"),
    ),
    ("progress_report", re.compile(r"汇报|报告|情况|进展|公报|通报|自查|自评|述职|简介|概况|成效|纪实材料")),
    ("plan", re.compile(r"方案|计划|规划|意见|要点|安排|打算|办法|职责|部署|通知")),
)
_NEWS = re.compile(
    r"记者|(?:网|日报|晚报|时报)讯[ ，,（(]|本报讯|通讯员|本网讯|新闻网讯|消息[，,：]|讯 ?[（(]"
)
_DISPATCH = re.compile(r"本报讯|本网讯|新闻网讯|讯 ?[（(](?:全媒体|见习)?(?:记者|通讯员)")
_BULLETIN = re.compile(
    r"简报[^。]{0,30}第 ?[0-9一二三四五六七八九十]{1,4} ?期|第 ?[0-9一二三四五六七八九十]{1,4} ?期[^。]{0,40}编\s"
)
_SHAPES = (
    (
        "work_report",
        re.compile(r"向大会(?:作政府工作报告|报告(?:政府)?工作)|代表[县市区镇乡]人民政府.{0,6}向大会"),
    ),
    ("summary", re.compile(r"总结如下|工作总结")),
    ("progress_report", re.compile(r"(?:汇报|报告|通报|情况)如下|作.{0,6}汇报")),
    ("plan", re.compile(r"特制定|制定本方案|指导思想")),
)
_YEAR = re.compile(
    r"([12](?<![0-9].)(?:(?<=1)9|(?<=2)0)[0-9]{2})(?=年|学年|[-.][0-9]{1,2}[-.]|[·•][0-9]{1,2}[·•]|[—–~～-]{1,2}(?:(?:19|20)?[0-9]{2})(?:学|年))"
)
_RANGE = re.compile(
    r"((?:19|20)[0-9]{2})(?:年)?[—–~～至到-]{1,2}((?:19|20)?[0-9]{2})(学?年度?)([秋冬春]{0,2})"
)
_PLAN_PERIOD = {"十一五": 2010, "十二五": 2015, "十三五": 2020, "十四五": 2025}
_MASK = re.compile(r"[xX×*＊○]")
_MASKED_YEAR = re.compile(r"(?:20|19)[xX×*＊○]{1,2}(?![a-zA-Z])|[xX×*＊]{2,4} ?年|20[0-9][xX×*＊]")
_REVIEW = re.compile(
    r"((?:19|20)[0-9]{2})年(?:度)?(?:的)?(?:主要)?(?:工作|政府工作|经济社会发展|国民经济|财政预算|预算)[^\n。，]{0,12}(?:回顾|完成情况|执行情况|总结)"
)
_CN = "一二三四五六七八九十"
_CN_DATE = re.compile(
    rf"(二[○〇零OoＯ0][○〇零OoＯ0{_CN}]{{1,2}}|一九[○〇零OoＯ0{_CN}]{{2}})年(?:([{_CN}]{{1,2}})月(?:([{_CN}]{{1,3}})日)?)?"
)
_DAY = r"((?:19|20)[0-9]{2})年 ?([0-9]{1,2})月(?: ?([0-9]{1,2})日)?"
_DATED = re.compile(
    rf"(?:[(（][^()（）\n]{{0,10}}|[—―–-]{{1,3}} ?|^\s*(?:时间[:：])?){_DAY}(?![^\n。]{{0,6}}(?:启动|开始|起|至|成立))",
    re.M,
)
_SIGNED = re.compile(rf"{_DAY}\s*$")
_AS_OF = re.compile(
    r"[截到至](?:(?<=截)[至止](?:到)?((?:19|20)[0-9]{2})年"
    r"|(?<!截)(?<![^，。；\n\u3000].)((?:19|20)[0-9]{2})年(?:底|末|[0-9]{1,2}月)?"
    r"(?=[^。；\n]{0,12}(?:已|共|全[县区市镇]|累计|现有|我[县区市镇]))(?![^。；\n]{0,16}(?:力争|将|要|确保|实现|达到|计划|争取|突破|需|应|新增|建成)))"
)
_OPENING = re.compile(
    r"(?<![到至于自])((?:19|20)[0-9]{2})年(?:[0-9]{1,2}(?:[-—~～至][0-9]{1,2})?月(?![^，。]{0,8}[，,]?[^，。]{0,16}(?:启动|成立|开始|起|以来|批准|批复|改制|设立|挂牌|始建|更名|建[县市区校镇]))|，|,|是|度(?!以来)|全|[（(]|[A-Z]{2}|[省市县区镇乡]级|[^，。；\n0-9]{0,14}?(?:共|完成|实现|达到?|总)[^，。；\n0-9]{0,6}[0-9]|[我本][省市县区镇乡校局]|[\u4e00-\u9fff]{1,6}局|.{0,2}上半年|在|[春秋]季?)"
)
_SINCE = re.compile(r"((?:19|20)[0-9]{2})年(?:[0-9]{1,2}月)?(?:[^，。]{0,10})以来")
_BEGAN = re.compile(
    r"(?:19|20)[0-9]{2}年(?:[0-9]{1,2}月)?[^，。]{0,10}(?:以来|起|开始)"
)  # where a time begins
_YEARS_SINCE = re.compile(rf"(?<![近过前最])([{_CN}]{{1,2}})年(?:多)?来")
_OWN_NUMBER = re.compile(
    r"^[ \u3000]*[(（]?[\u4e00-\u9fff]{2,8}[〔\[（(]((?:19|20)[0-9]{2})[〕\]）)][0-9]{1,4}号[)）]?[ \u3000]*$",
    re.M,
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,8}[〔\[（(]((?:19|20)[0-9]{2})[〕\]）)] ?第?[0-9]{1,4} ?号")
_AHEAD = re.compile(
    r"(?:到|至|[—－-])((?:19|20)[0-9]{2})年|((?<=[^0-9])(?:19|20)[0-9]{2})年(?:[0-9]{1,2}月)?(?:底)?(?:之?前|力争|计划(?!的)|将|拟|要|预计|再|争取|新增)"
    r"|((?<=[^0-9])(?:19|20)[0-9]{2})年[，,]?[^，。；\n0-9]{0,6}?(?:打算|准备(?!金)|谋划|力争|计划再|拟(?=[新建投安])|将(?![军士领]))"
    r"|(?:预计|计划|将于|拟于|力争|争取|确保)(?:于|在|到)?((?:19|20)[0-9]{2})年"
)
_YEARS = re.compile(r"((?:19|20)[0-9]{2})年?[—–~～－至到-]{1,2}((?:19|20)[0-9]{2})年")
_SPAN_END = re.compile(r"(?:19|20)[0-9]{2}年?[—–~～至到-]{1,2}((?:19|20)[0-9]{2})年")
_THIS_YEAR = re.compile(
    r"今年[^。\n]{0,24}[(（]((?:19|20)[0-9]{2})年[)）]|(?:即将|刚刚)过去的((?:19|20)[0-9]{2})年"
)
_APART = re.compile(
    r" (?:(?<=[到至于在自从] ) *(?=[0-9]{4})|(?<=[0-9] ) *(?=[年月日])|(?<=[年月] ) *(?=[0-9]))"
)
_SPEECH, _PAST = re.compile(r"讲话|致辞"), re.compile(r"回顾|重点工作回|过去一年|一年来|这一年")
_CONGRESS = re.compile(r"人民代表大会第[一二三四五六七八九十]+次会议上")
_OF_OTHERS = re.compile(r"情况|执行|预算|草案|法院|检察|常务委员会")
_QUOTED_PLAN = re.compile(r"[“\"〝][^”\"〞]{1,6}[”\"〞]规划|[一二三四五]五规划")
_MEETING = re.compile(r"讲话|会议|春季|发言|致辞")
_EARLY = "02"  # 今年 on a page of January may still be the year before
_MONTHS_AFTER = 3  # a yearly report is read in the first months of the next year


def genre_of(title: str | None, context: str, text: str, published: str | None) -> str | None:
    """The genre by the words of the title, then of its subtitle, then by the shape of the text."""
    head = text[:400]
    if _DISPATCH.search(head[:160]) and not (title and re.search(r"报告|总结|汇报", title)):
        return "news"
    if (
        title
        and not _OF_OTHERS.search(title)
        and _CONGRESS.search(f"{title} {context}")
        and _PAST.search(text[:1500])
    ):
        return "work_report"
    if title and _SPEECH.search(title) and _PAST.search(text[:600]):
        return "summary"
    context = _QUOTED_PLAN.sub("", context)
    for name, pattern in _GENRES:
        if title and pattern.search(title):
            return name
    if _BULLETIN.search(head):
        return "news"
    if _NEWS.search(head) or _NEWS.search(text[-200:]):
        return "news"
    for name, pattern in _GENRES:
        if context and pattern.search(context):
            return name
    for name, pattern in _SHAPES:
        if pattern.search(text[:1500]):
            return name
    if published:
        return "news"
    return None


def arabic_dates(text: str) -> str:
    """二○一○年五月 → 2010年5月, for the reading of titles and date lines only (offsets change)."""
    return _CN_DATE.sub(_to_arabic, text)


def _to_arabic(m: re.Match[str]) -> str:
    digits = "".join("0" if c in "○〇零OoＯ0" else str(_CN.index(c) + 1) for c in m[1])
    if len(digits) != 4 and not (len(digits) == 5 and digits.endswith("10")):
        return m[0]
    out = (
        f"{digits}年"
        if digits[0] == "1"
        else f"{digits[:3] + digits[3:][-1] if len(digits) == 4 else digits[:2] + '10'}年"
    )
    for part, unit in ((m[2], "月"), (m[3], "日")):
        if part:
            out += f"{_number(part)}{unit}"
    return out


def _number(part: str) -> int:
    if "十" not in part:
        return _CN.index(part[0]) + 1
    tens, _, ones = part.partition("十")
    return (_CN.index(tens) + 1 if tens else 1) * 10 + (_CN.index(ones) + 1 if ones else 0)


def printed_date(text: str) -> tuple[int, int, int | None] | None:
    """The date under the title or of the signature: (year, month, day)."""
    m = _DATED.search(arabic_dates(text[:400]))
    if m is None:
        lines = arabic_dates(text[-400:]).strip().split("\n")[-4:]
        m = next((found for x in lines if len(x) < 60 and (found := _SIGNED.search(x))), None)
    if m is None or not 1 <= int(m[2]) <= 12:
        return None
    return int(m[1]), int(m[2]), int(m[3]) if m[3] else None


def iso(date: tuple[int, int, int | None] | None) -> str | None:
    """``2015-11-18`` or ``2015-11``."""
    if date is None:
        return None
    return f"{date[0]}-{date[1]:02d}" + (f"-{date[2]:02d}" if date[2] else "")


def year_of(
    title: str | None,
    context: str,
    text: str,
    genre: str | None,
    printed: tuple[int, int, int | None] | None,
    published: str | None,
) -> int | None:
    """The reporting year: the year the report reviews. None when masked or not to be known."""
    title = arabic_dates(_close(title or ""))
    text = _close(text)
    if "一九" in text[:300] or "二○" in text[:300] or "二〇" in text[:300]:
        text = arabic_dates(text)
    reviewed = _REVIEW.search(text[:3000])
    late = printed is not None and printed[1] <= _MONTHS_AFTER
    named = _title_year(title, genre)
    if genre == "work_report":
        if reviewed:
            return int(reviewed[1])
        if printed and late and named in (None, printed[0]):
            return printed[0] - 1
    if named is not None and _MEETING.search(title):
        # 2016年春季开学工作会议讲话: 一、2015年工作回顾
        last = (
            reviewed[1] == str(named - 1)
            if reviewed
            else re.search(rf"过去一年[^。]{{0,30}}{named - 1}年", text[:600])
        )
        if last:
            return named - 1
    if named is not None:
        return named
    if _MASKED_YEAR.search(title):
        return None
    if reviewed:
        return int(reviewed[1])
    named = _title_year(_BEGAN.sub("", arabic_dates(context)), genre) if not printed else None
    if named is not None:
        return named
    years = Counter(int(y) for y in _YEAR.findall(text))
    if genre == "plan" and not printed and (issued := _issued(text)) is not None:
        return issued
    if genre == "plan" and not printed and (spans := _plan_years(text)):
        return spans
    said = _THIS_YEAR.search(text[:600])
    if said is not None and genre != "plan":
        return int(said[1] or said[2])
    if printed:
        before = printed[0] - 1
        yearly = genre in ("work_report", "summary") or (
            years[before] >= 2 and years[before] > years[printed[0]]
        )
        return before if late and yearly else printed[0]
    masked = len(_MASKED_YEAR.findall(text)) if _MASK.search(text) else 0
    if masked >= 2 and masked > years.total():
        return None
    if published and published[5:7] > _EARLY and "今年" in text and genre != "work_report" and years:
        said_at = int(published[:4])
        if said_at - 2 <= _told(text, years) <= said_at + 1:
            return said_at
    since_only = Counter(int(y) for y in _YEAR.findall(_BEGAN.sub("", text)))
    if published and (
        genre == "news" or not since_only or _near(int(published[:4]), max(years), _told(text, years))
    ):
        year, month = int(published[:4]), int(published[5:7])
        early = (
            month <= (1 if genre == "news" else _MONTHS_AFTER)
            and years[year - 1] >= 2
            and years[year - 1] > years[year]
        )
        return year - 1 if early else year
    as_of = [int(a or b) for a, b in _AS_OF.findall(text)]
    since = _SINCE.search(text[:400]) if not as_of else None
    if since is not None and (span := _YEARS_SINCE.search(text)) is not None:
        return int(since[1]) + _number(span[1]) - 1  # 2011年以来 … 三年来
    opening = [int(m[1]) for m in _OPENING.finditer(text[:300])]
    for found in (as_of, opening):
        if found:
            return max(found)
    return _latest_reviewed(text, years) if title and "范文" not in title else None


def _close(text: str) -> str:
    """2011 年 12 月 → 2011年12月."""
    return _APART.sub("", text)


def _plan_years(text: str) -> int | None:
    """The first year of the years that a plan without a date is for (2012—2015年), when it looks forward to their end."""
    ahead = _ahead(text)
    spans = Counter((int(a), int(b)) for a, b in _YEARS.findall(text))
    for (first, last), n in spans.most_common(1):
        if n >= 2 and first < last and (last in ahead or not ahead):
            return first
    return None


def _issued(text: str) -> int | None:
    """The year of a plan by document numbers: its own under the title, else the latest that it cites."""
    own = _OWN_NUMBER.search(text[:400])
    if own:
        return int(own[1])
    cited = [int(y) for y in _NUMBER.findall(text[:600])]
    return max(cited) if cited else None


def _near(year: int, *others: int) -> bool:
    return any(-1 <= other - year <= 1 for other in others)


def _told(text: str, years: Counter[int]) -> int:
    """The latest year that is neither looked forward to nor the end of a span of years only."""
    ends = Counter(int(y) for y in _SPAN_END.findall(text))
    ahead = _ahead(text)
    return max((y for y, n in years.items() if n > ahead[y] + ends[y]), default=max(years))


def _ahead(text: str) -> Counter[int]:
    """Years that are looked forward to, with how often."""
    return Counter(int(next(filter(None, m.groups()))) for m in _AHEAD.finditer(text))


def _latest_reviewed(text: str, years: Counter[int]) -> int | None:
    """The latest year that is not only looked forward to; None when a single passing mention is all there is."""
    ahead = _ahead(text)
    past = [y for y, n in years.items() if n > ahead[y]]
    if not past:
        # only looked forward to, and spoken of 今年: the year before the nearest
        return min(ahead) - 1 if ahead and "今年" in text else None
    latest = max(past)
    spoken = "今年" in text[:600] and latest - 1 in past  # 今年上半年 … 2023年 … 由2022年底的
    next_planned = bool(ahead) and min(ahead) == latest + 1  # 2020年 … 2021年将
    spoken = spoken or f"{latest}年" in _BEGAN.sub("", text[:300])[:200]
    told = years[latest] - ahead[latest] >= 2 or len(past) >= 3 or spoken or next_planned
    return latest if told else None


def _title_year(title: str, genre: str | None) -> int | None:
    m = _RANGE.search(title)
    if m:
        first, last = int(m[1]), int(m[2]) if len(m[2]) == 4 else int(m[1][:2] + m[2])
        season = m[3] != "年" or m[4] or "冬春" in title
        return first if genre == "plan" or (season and last == first + 1) else last
    m = _YEAR.search(title)
    if m:
        return int(m[1])
    for name, last in _PLAN_PERIOD.items():
        if (
            name in title
            and genre in ("summary", "progress_report")
            and "中期" not in title
            and "规划情况" not in title
        ):
            return last
    return None
