"""Whether a figure is done, planned or prescribed (``observations.md`` §4): section headings, then words of its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from reportminer.core import Kind, ReportText, Segment, Span, Status
from reportminer.records.context import Context
from reportminer.records.cues import Cues
from reportminer.records.kinds import last_match
from reportminer.records.outlook import outlooks
from reportminer.records.recalled import is_recalled
from reportminer.records.wholes import closes

_CN = "一二三四五六七八九十"
# begins with a set of characters, which is found fast; what stands before is looked at only there. ``mark``: without that character
_HEADING = re.compile(
    rf"[第{_CN}（(\d](?<![^\n。；;：:！？\s].)(?:(?<=\d)(?=\d{{3}}年)[^，,。；;：:\n\s]{{1,31}}"
    rf"|(?P<mark>(?<=第)[{_CN}]+[章部]分?|(?<=[{_CN}])[{_CN}]{{0,2}}、|(?<=[（(])[{_CN}]{{1,3}}[)）])"
    r"\s*(?P<name>[^，,。；;：:\n\s]{2,32}))(?=$|[\n。\s：:；;，,])"
)
_QUOTED = re.compile(r"[“\"《][^”\"》]*[”\"》]")
_REACH = 500  # characters that a plan word may govern within one sentence
_EXHORT = re.compile(
    r"明确|科学|强化|加强|完善|制定|围绕|坚持|统筹|瞄准|细化|狠抓|落实|突出|领导|高标准|精心|严格|合理|认真|健全|编制|创新|抓|推进|实施|深化|加快|做好|优化|提升|夯实|聚焦|紧扣|目标明"
)
# Names and fixed phrases that hold a plan word but plan nothing.
_NO_PLAN = re.compile(
    r"(?:即将|刚刚)(?:过去|结束)|(?:每年|坚持|始终|常年|历年)[^，。；]{0,6}将|实际(?:利用|使用|到位|引进|增长)|人均预期|预期寿命|专项规划|要(?:管|负责|承担|走|坐|爬|跑|等|挑|烧|挤|绕|翻|步行|排队)|将其(?:列|纳)入|(?:规划|计划)内的?[^，。；]{0,12}(?:全部|均已|都已|已)|[县市省国区镇乡州]定目标(?:任务)?|制[定订][^，。；]{0,18}(?:计划|规划|方案)|(?:规划|计划)了|(?:超出?|高出|高于|低于|超过|少于|多于)(?:省定|国定|市定|既定|预期|规划|年度|年初)(?:的)?(?:目标|计划|任务)|[改善特岗国省培雨露行动惠生育招]计划(?:生育|资金|项目|教师)?|(?:按|照|原|比|较|超|占|为|成|出|过|于)(?:年初|年|年度|全年|总|原|目标)?(?:计划|规划|目标|预算)"
    r"|规划(?:局|区内|图|纲要|办)|五年?规划|五规划|发展规划|专项规划|布局规划|《[^》]*》|目标(?:责任|管理|考核|导向|任务书)|奋斗目标"
    r"|与(?:计划|规划|目标|预算)相比|结转下年|结转下一年|规划任务|预算(?:执行|内|收入|支出|外)|(?:列|纳)入(?:年度)?(?:计划|规划)|模拟|虚拟|将近|将军|将士|将领|为了?(?:切实|全面|有效)?确保|确保了|(?:需|主|重|必|只|不|首|紧|概|摘|纪|提|简|扼|次)要|要(?:求|素|点|害|闻|件|道|塞|强|么|是)|建议书|建议(?:、|和|与)?(?:政协)?提案|(?:代表|委员)建议|办理[^，。；]{0,8}建议|意见建议|各项?目标|预期(?:目标)?(?:圆满|顺利|全面)"
    r"|(?:圆满|顺利|超额|全面|基本|较好)?(?:完成|实现)[^，。；]{0,8}(?:目标|计划)(?:任务)?[，,。；]"
)
# what the phrases above begin with: a place that begins otherwise need not be tried (a test compares the two)
_NO_PLAN_OPENS = "《不与专为主乡于五人代低全出列刚制办动区占即历原县发只各善国圆坚培基多奋始委完实将少岗州市布常建必惠意成扼招按提摘改概模次每比照特生目省确简紧纪纳结育虚行要规计超较过重镇雨需露顺预首高"
# 将 announces something only before a verb; otherwise it marks an object (将26所学校纳入…).
_WILL = re.compile(
    r"[^，。；]{0,6}?(?:投|新?建|改|完成|实现|达|增|减|提|继续|全力|全面|启动|实施|组织|开展|推进|争取|力争|于|在|进一步|有|由|陆续|采取|通过|用|举办|召开|招|补充|引进|培训|举行|配|加|超|突破|努力|确保|重点|按|对|从|以|使|覆盖|惠及|安排|降|升|扩|会|要|整合|统筹|落实|出台|再|筹|选派|拿出|打造|解决|创)"
)
# 将甲与乙建立了联系: 将 marks the object of a thing that was done
_OBJECT = re.compile(
    r"[^，。；]{2,40}?(?:成为?|为|立|入|到|给|予|定|出|除|接|通|合|清)了|(?![^，。；]{0,3}(?:投|建|力|在|于))[^，。；将]{4,20}?(?:由|向|与|从|作为|列入|纳入|列为)[^，。；]{1,16}"
)
_PLANNED_HEAD = re.compile(r"计划|目标|规划|拟|任务数|预期")
_NORM_HEAD = re.compile(r"(?<![高低])标准(?:值)?(?=[（(]|$)|要求|定额|规定")
_DONE_HEAD = re.compile(r"实际|完成|现有|预计")
_STRONG = re.compile(r"达到|不低于|以上|完成|实现|控制在|新建|增长")
_HEADING_WORDS = frozenset(["确保", "要", "努力", "力争", "打算", "目标", "规划", "计划"])
_BLANK = re.compile(r"[\u4e00-\u9fff][ \u3000\n]+[\u4e00-\u9fff]")
_NORM_BEFORE = re.compile(
    r"(?:应|须|应当|必须|不得|规定|规范要求|要求|省定|国定|标准要求|编制要求|标准|国家标准|省定标准)(?:的|是|为)?(?:分别|均|都|各)?(?:达到|达|控制在|保持在|保证在|配备|拥有|人均|生均|每[\u4e00-\u9fff]{1,3}每?[\u4e00-\u9fff]{0,2})*$"
)
_ACHIEVED = re.compile(r"(?:完成|实现|实际|已)[^，。；]{0,4}$")
_ACTUALLY = re.compile(r"实际|实测|我[县市区镇乡校省们]|才|[现仅只]|目前|已|缺")
_MUST = re.compile(r"(?:须|必须|不得|严禁|原则上)[^，。；]{0,12}$")
_DOES = re.compile(
    r"新建|新增|投入|投资|招聘|安排|培训|完成|建成|改造|达到|力争|增长|实现|补充|争取|筹措|下降|减少|提高|到(?:19|20)\d\d年|年均|总|合计|改建|建设|发放|引进|补助|竣工|开工"
)
_CLASS_WORD = re.compile(
    r"限额(?=以[上下])|(?<=[低保助])最低标准(?=(?:分别)?(?:提高|增加|上调|提标))|最低标准(?=(?:分别)?(?:提高|增加|上调))"
)
_MUST_NOT = ("不得", "不能", "不应", "不准", "不许", "不宜", "不可", "不允许", "应不", "须不")
_AT_LEAST = ("不低于", "不少于", "不超过", "不高于")
_BY_NORM = re.compile(r"按照?(?:每[^，。；、0-9]{1,6})?$")
_ALLOTTED = re.compile(r"[^，。；]{0,18}?(?:配备|配置|计提|提取|编排|核定|核拨|设置|编班)")
_EACH_TIME = re.compile(
    r"每[人生校班名位个][^，。；]{0,6}每[年周月天学]?期?$|每(?:天|周|月|学期)[^，。；、0-9]{0,6}$"
)
_PAID = re.compile(
    r"(?:补助|资助|补贴|保障|低保|筹资|供养|收费|养老金|工资|经费|津贴|缴费|报销)(?:金)?(?:平均|发放|执行|最低)?(?:标准|水平)"
)
_FROM_NOW = re.compile(r"(?:由|从)[^由从，。；]{0,10}$")
_RISES = re.compile(
    r"[^，。；]{0,8}?(?:提高|增加|增长|扩大|上升|提升|下降|降低|减少|缩小|压减|增|升|降|减)[到至为]"
)
_NTH = re.compile(r"[；;]\s*[二三四五六七八九十]+是")
_TARGET_AFTER = re.compile(r"的(?:年度|年初|全年|计划|规划|预期)?(?:目标|计划)(?!任务已)")
_BUDGET = re.compile(r"(?:为|占|是|完成|超)(?:调整|年初|年度|全年|计划)?(?:预算|计划|目标|任务)数?(?:的)?$")
_ONLY_HERE = re.compile(r"(?:由|从|比|较)[^，。；]{0,6}$")
_DONE_AFTER = re.compile(
    r"[^，,。；\n]{0,14}?(?:[都均已]+(?:经|已|顺利|全部|全面|基本|按时|如期)*(?:完成|竣工|完工|建成|投入使用|交付|通过|开工|到位|验收)|已(?:全部|全面|基本|经|主体)?(?:完成|竣工|完工|建成|投入|交付|通过|开工|到位|基本)|顺利(?:完成|通过)|全部(?:完成|完工|竣工|通过验收|到位)(?!任务))"
)
_PLAN_AFTER = re.compile(
    r"[^，,。；\n]{0,16}?(?:在?年底前|力争|待建|拟于|计划于|将于|规划建设|月底前(?:全|完|开|竣|建|投))"
)
_LACKS_NOW = re.compile(r"(?:^|[尚仍还，、])[缺欠](?!少了|陷|席)|尚缺|还缺|仍缺|短缺|缺口|不足的?$")
_RULE_AFTER = re.compile(
    r"(?:以上|以下|以内)?(?:的(?:法定|国家|省定|规定|最低)?(?:标准|要求|规定|底线|限额|上限|下限|门槛)(?![^，。；]{0,6}(?:发放|补助|补贴|资助|落实|拨付|给予))|的[^，。；]{1,8}(?:一律|必须|不得|须经|应当))"
)
_NEED_BY_RULE = re.compile(r"测算|计算|折算|估算|需|缺|欠")


_ON_BASIS = re.compile(r"基础上")
_BUDGET_IS = re.compile(r"(?:收入|支出|收支|年初|当年)预算(?:数)?(?:安排)?(?:为|是|调整为|调整到|达)$")
_TROUBLE = re.compile(
    r"存在的?(?:主要)?(?:问题|困难)|(?:问题|困难)(?:主要)?(?:是|有|在于)|清醒地?(?:看到|认识)|面临的?(?:问题|困难)"
)
_WAY_OUT = re.compile(r"针对|为此|下一步|解决|今后|要")
# 营养改善计划, 三年行动计划, 目标管理: names of things that are done
_PROGRAMME = re.compile(
    r"(?:改善|行动|支持|培训|国培|省培|特岗|资助|惠民|提升|扶持|培养|振兴|攻坚|雨露|阳光|蓝天|烛光|圆梦|关爱|奖补|工程)计划|计划(?:管理|生育|免疫)|目标(?:管理|考核|责任)|规划(?:编制|管理|展示|建设局|局)|安排(?:使用|就业)|^[\W]*规划$"
)
_NAMED_PLAN = re.compile(
    r"计划|目标|规划|安排|[“\"《]"
)  # without any of these there is neither programme nor quotation
_HEAD_YEAR = re.compile(r"((?:19|20)\d\d)年")
_TURN = re.compile(r"(?:(?<=[。\n])|(?<=[。\n]\u3000\u3000))(?:下一步|下阶段|今后|明年|接下来|下半年|打算)")
_OF_PLAN_IN_BRACKET = re.compile(
    r"占[^，。；（）]{0,6}(?:规划|计划|任务|目标|预算)总?(?:投资|金额|面积|数|量|任务)?[（(]$"
)
_GREW = re.compile(
    r"(?:比|较)[^，。；]{0,8}(?:增加|提高|增长|减少)|由[^，。；]{0,16}(?:提高|增加|上升|减少|整合|调整)到|在校生|招生|达到"
)
# 拟投资600万元新建2所；招聘教师240名: the next thing planned
_GOES_ON_PLANNED = re.compile(
    r"\s*(?:招聘|新建|改造|改建|扩建|完成|投资|投入|实施|建设|培训|新增|购置|引进|硬化|安装|修建|建成|启动|争取|确保)"
)
_DONE_WORD = re.compile(r"实际|已|完成|达到|现有")
_GIVEN = frozenset({"area_admin", "admin_units", "population", "households"})
_HOW_LARGE = re.compile(r"(?:总面积|国土面积|总人口|农业人口|户籍人口|常住人口|现?辖|下辖)[^，。；]{0,6}$")
# 年度投资计划152.6亿元，完成投资81.4亿元，…高于序时进度: no plan word follows
_PLAN_THEN_DONE = re.compile(
    r"(?:投资计划|计划投资|年度计划|年度任务|年计划|计划总投资)(?:为|是|达)?[0-9.]+[亿万]?元[，,](?:已|累计|实际|目前|[0-9一-]+月)*完成(?![^。；]*(?:计划(?!的)|力争|拟|将))"
)
_ANNOUNCED = re.compile(
    r"(?:确定|公布|提出|安排|部署|敲定)(?:了)?(?:今年|明年|(?:19|20)\d\d年)[^。\n]{0,24}(?:实事|重点项目|重点工作|任务|目标)[^。\n]{0,12}[：:。]"
)
_STANDS = re.compile(
    r"[\s\u3000]*(?:截[至止]到?(?:目前|(?P<year>(?:19|20)\d\d)年)|目前[，,]|(?:我|全)[县市区镇乡](?:现有|共有))"
)
_PAST_YEAR = re.compile(r"(?<![由从比较到至])((?:19|20)\d\d)年(?!的?基础|以来|起|[—至到-])")


@cache
def _patterns(cues: Cues) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Headings of plans and of reviews, cues in a sentence, words of norms."""
    opens = f"{_NO_PLAN_OPENS}到至12" + "".join(
        re.escape(cues.opens(role)) for role in ("plan", "done", "expect")
    )
    cue = (
        rf"(?=[{opens}])(?:(?P<no>(?=[{_NO_PLAN_OPENS}])(?:{_NO_PLAN.pattern}))|(?P<plan>{cues.any_of('plan')})"
        rf"|(?P<done>{cues.any_of('done')})|(?P<expect>{cues.any_of('expect')})"
        r"|(?:到|至)(?P<year>(?:19|20)\d\d)年|(?P<by>(?:19|20)\d\d)年(?:[0-9]{1,2}月)?(?:年底|底|末)?(?:前|以前|之前))"
    )
    return (
        re.compile(cues.any_of("plan_heading")),
        re.compile(cues.any_of("done_heading")),
        re.compile(cue),
        re.compile(cues.any_of("required")),
    )


class StatusReader:
    """Reads statuses in one report with the words of one lexicon."""

    def __init__(self, report: ReportText, cues: Cues, spans: Sequence[Span]) -> None:
        """``spans``: where figures stand; cues elsewhere bear on none."""
        self._report = report
        self._text = report.clean
        self._plan_heading, self._done_heading, self._cue, self._required = _patterns(cues)
        self._starts, self._states = self._sections()
        # every cue of the text once: most sentences hold several figures
        self._cues = [
            (*m.span(), m.lastgroup or "", m)
            for s in spans
            for m in self._cue.finditer(report.clean, s.start, s.end)
        ]
        self._cue_starts = [s for s, *_ in self._cues]

    def _sections(self) -> tuple[list[int], list[bool]]:
        """Offsets from which the default is planned (True) or actual (False)."""
        starts: list[int] = [0]
        states: list[bool] = [False]
        for segment in self._report.segments:
            base = segment.genre == "plan" and self._report.document.genre == "plan"
            parent = base
            starts.append(segment.start)
            states.append(base)
            coming = {o.start: o for o in outlooks(self._report, segment)}
            for m in _HEADING.finditer(self._text, segment.start, segment.end):
                name, mark = m["name"] or m[0], m["mark"] or ""
                said = _PROGRAMME.sub("", _QUOTED.sub("", name)) if _NAMED_PLAN.search(name) else name
                plan = self._plan_heading.search(said) is not None and not _EXHORT.match(name)
                done = self._done_heading.search(name) is not None
                ahead = _HEAD_YEAR.match(name)
                if ahead and segment.year is not None and int(ahead.group(1)) > segment.year:
                    plan = True  # 2021年怎么干
                if coming.pop(m.start("name"), None) is not None:
                    plan, done = True, False
                top = mark.endswith(("、", "分", "章", "部"))
                if not mark:
                    # a line such as 2023年主要目标 opens a section only when it stands alone
                    alone = m.end() == len(self._text) or self._text[m.end()] == "\n"
                    before = m.start() == 0 or self._text[m.start() - 1] in "\n　 "
                    if not (alone and before and len(name) <= 20 and plan != done):
                        continue
                    top = True
                if top:
                    parent = (plan and not done) or (base and not done)
                    state = parent
                else:
                    state = (plan and not done) or (parent and not done)
                starts.append(m.start())
                states.append(state)
                if plan and done and not state and (turn := self._turns(m.end(), segment.end)) is not None:
                    starts.append(turn)  # 三、体会与打算: from 下一步 on
                    states.append(True)
            told = _ANNOUNCED.search(self._text, segment.start, min(segment.end, segment.start + 600))
            if told is not None:
                starts.append(told.end())
                states.append(True)
            starts += coming
            states += [True] * len(coming)
        order = sorted(range(len(starts)), key=lambda i: starts[i])
        return [starts[i] for i in order], [states[i] for i in order]

    def _turns(self, at: int, end: int) -> int | None:
        """Where a section that tells of problems and of plans turns to the plans."""
        stop = _HEADING.search(self._text, at, end)
        turn = _TURN.search(self._text, at, stop.start() if stop else end)
        return turn.start() if turn else None

    def _default(self, offset: int) -> bool:
        return self._states[bisect_right(self._starts, offset) - 1]

    def status(self, c: Context, kind: Kind, whole: Status | None, segment: Segment) -> Status:
        """The status of one figure; ``whole`` is the status of what it is a part of, None when it is no part."""
        text = self._text
        if c.heads:
            heads = "".join(text[s.start : s.end] for s in c.heads)
            if _PLANNED_HEAD.search(heads):
                return "planned"
            if _NORM_HEAD.search(heads):
                return "required"
            if _DONE_HEAD.search(heads):
                return "actual"
        if self._is_required(c):
            return "required"
        if is_recalled(text, c.start, c.end, c.clause):
            return "planned"
        planned = self._default(c.start)
        seen = due = False
        boundary = c.sentence
        year = segment.year
        first = bisect_left(self._cue_starts, max(c.sentence, c.start - _REACH))
        last = bisect_left(self._cue_starts, c.start)
        for _, cue_end, group, m in self._cues[first:last]:
            if group == "no" or cue_end > c.start:
                continue
            between = text[cue_end : c.start]
            if closes(between):
                continue  # the cue stands in a bracket that is over
            cut = between.find("；") if "；" in between else between.find(";")
            if (
                cut >= 0
                and not (group == "plan" and self._goes_on(between, cut))
                and "：" not in between[:cut]
                and not ("一是" in between[:cut] and _NTH.search(between))
            ):
                continue
            word = m.group()
            if group == "plan":
                if word in _HEADING_WORDS and _BLANK.search(text, m.end() - 1, c.start):
                    continue  # 四、落实政策，确保平安 全年…: the word belongs to the heading
                if word == "将" and (not _WILL.match(text, m.end()) or _OBJECT.match(text, m.end())):
                    continue
                if (
                    word in ("确保", "要", "努力", "届时", "建议", "目标", "概算", "预期")
                    and "，" in between
                    and not self._strong(between)
                ):
                    continue
                if (
                    kind == "share"
                    and word in ("计划", "规划", "目标", "年度计划")
                    and m.start() >= c.start - len(c.full_clause)
                ):
                    continue
                planned, seen = True, True
            elif group == "done":
                if due and not word.startswith("已"):
                    continue  # 2021年6月底前，余下8个全部完工，补足投资300万元
                if _ONLY_HERE.search(text, boundary, m.start()) and c.left > m.start():
                    continue
                if c.left > m.start() and _ON_BASIS.search(between):
                    continue  # 在去年52.3%的基础上提高2个百分点
                planned, seen = False, True
            elif group == "expect":
                planned = self._expected(text, m.end(), c, year, planned)
            elif group in ("year", "by") and year is not None and int(m.group(group)) > year:
                planned = seen = due = True
        if planned and _FROM_NOW.search(c.clause_text) and _RISES.match(text, c.end):
            planned = False  # 由现在的39个降至10个以内: where it stands
        if planned and not seen and _LACKS_NOW.search(c.clause_text):
            planned = False  # what is missing is missing now, also under a heading of plans
        if not planned and _OF_PLAN_IN_BRACKET.search(text, max(c.sentence, c.start - 16), c.start):
            return "planned"  # 占五年规划总金额（14520万元）的
        if planned and not seen and c.draft.indicator in _GIVEN and _HOW_LARGE.search(c.clause_text):
            planned = False  # a plan tells how large the county is, it does not plan it
        if planned and seen and _PLAN_THEN_DONE.search(text, c.sentence, c.start):
            planned = False
        if planned and not seen and (self._tells_of_past(c, year) or self._as_of_now(c, year)):
            planned = False
        if not planned and kind == "level" and "预算" in c.clause_text and _BUDGET_IS.search(c.clause_text):
            return "planned"
        after = text[c.end : c.sentence_end]
        if _TARGET_AFTER.match(text, c.end):
            return "planned"
        if kind != "share" and _BUDGET.search(c.clause_text) and text[c.end : c.end + 1] == "的":
            return "planned"
        if planned and not due and _DONE_AFTER.match(after):
            planned = False
        elif not planned and not seen and _PLAN_AFTER.match(after):
            planned = True
        if whole is not None and not seen and whole != "required":
            return "actual" if whole == "planned" and _ACHIEVED.search(c.clause_text) else whole
        return "planned" if planned else "actual"

    def _lays_down(self, c: Context, left: str) -> bool:
        """Whether a plan lays down a rule that holds again and again: 按1:19配备, 按10%计提, 每人每年不少于90学时."""
        if _BY_NORM.search(left) and _ALLOTTED.match(self._text, c.end, c.sentence_end):
            return True
        q = c.draft.quantity
        return q.text.startswith(_AT_LEAST) and _EACH_TIME.search(left) is not None

    def _tells_of_past(self, c: Context, year: int | None) -> bool:
        """Under a heading of plans: whether the sentence names a year that is over, or what is wrong now."""
        left = self._text[c.sentence : c.start]
        if _TROUBLE.search(left) and not _WAY_OUT.search(left):
            return True
        m = last_match(_PAST_YEAR, left)
        if m is None or year is None or m.end() == len(left):
            return False
        told = int(m.group(1))
        title = self._report.segment_at(c.start).title or ""
        if told == year and m[1] not in title and "；" not in left[m.end() :]:
            return _GREW.search(left, m.end()) is not None  # a plan that begins with how the last year stood
        return told < year

    @staticmethod
    def _goes_on(between: str, cut: int) -> bool:
        """Whether what follows the semicolon at ``cut`` is the next thing planned, and nothing before it was done."""
        return _GOES_ON_PLANNED.match(between, cut + 1) is not None and not _DONE_WORD.search(between, 0, cut)

    def _as_of_now(self, c: Context, year: int | None) -> bool:
        """Under a heading of plans: whether the paragraph opens with how things stand (截至2020年底，…) and no plan has begun since."""
        start = self._text.rfind("\n", 0, c.start) + 1
        m = _STANDS.match(self._text, start, c.start)
        if m is None or (m["year"] and year is not None and int(m["year"]) > year):
            return False
        first, last = bisect_left(self._cue_starts, m.end()), bisect_left(self._cue_starts, c.sentence)
        return all(group not in ("plan", "year", "by") for _, _, group, _ in self._cues[first:last])

    def _strong(self, between: str) -> bool:
        return _STRONG.search(between) is not None

    def _expected(self, text: str, at: int, c: Context, year: int | None, planned: bool) -> bool:
        later = re.search(r"明年|((?:19|20)\d\d)年|年底", text[at : c.start])
        if later and (later.group() == "明年" or (later.group(1) and year and int(later.group(1)) > year)):
            return True
        return planned

    def _is_required(self, c: Context) -> bool:
        if c.draft.quantity.dimension in ("rank",):
            return False
        left = self._text[c.clause : c.start].rstrip()
        if _PAID.search(left):
            return False  # what is paid now, although it is called a standard
        q = c.draft.quantity
        if q.bound in ("ge", "le") and (
            _NORM_BEFORE.search(left) or _MUST.search(left) or q.text.startswith(_MUST_NOT)
        ):
            return True
        in_plan = self._report.segment_at(c.start).genre == "plan"
        if in_plan and q.text.startswith(_AT_LEAST) and not _DOES.search(self._text, c.sentence, c.start):
            return True  # 停车位每百户不少于40个: a plan that sets a norm
        if (in_plan or self._default(c.start)) and self._lays_down(c, left):
            return True
        m = last_match(self._required, _CLASS_WORD.sub("－－", left))
        if m is not None and len(left) - m.end() <= 14 and not _NEED_BY_RULE.search(left, m.start()):
            return True
        if (
            c.prev is not None
            and c.prev.draft.status == "required"
            and re.fullmatch(r"\s*[、和及与，]\s*\w{0,6}\s*", c.left_text)
            and not _ACTUALLY.search(c.left_text)
        ):
            return True
        return _RULE_AFTER.match(c.right_text) is not None
