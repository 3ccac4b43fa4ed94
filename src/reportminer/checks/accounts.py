"""S4 accounts told in one sentence: 编制数 − 实有 = 缺编, 年初 + 收入 − 支出 = 年末, 新登记 − 注销 = 净增."""

from __future__ import annotations

import re
from decimal import Decimal

from reportminer.checks.common import View, arithmetic, finding, number, verified
from reportminer.checks.explain import slip
from reportminer.checks.intervals import Interval
from reportminer.checks.marked import pattern, sentences, strange
from reportminer.checks.words import Words
from reportminer.core import CheckResult, Observation, Severity

#: (pattern over a marked sentence, what is taken with which sign, the result, whether the words leave nothing out)
_TOLD: tuple[tuple[re.Pattern[str], str, str, bool], ...] = tuple(
    (pattern(p), signs, result, certain)
    for p, signs, result, certain in (
        (
            r"(?:编制|核编|定编|编制数|核定)~{a}~，~(?:实有|在编|在岗|现有|实际在|已有|实际)~{b}~，[目前还尚仍现]{0,3}(?:缺编|空编|缺员|空缺|缺额|缺)~{r}",
            "+a-b",
            "r",
            True,
        ),
        (
            r"(?:编制|核编|定编|编制数|核定)~{a}~，~(?:实有|在编|在岗|现有|实际在|实际)~{b}~，[目前还尚仍现]{0,3}(?:超编|超配|超员)~{r}",
            "-a+b",
            "r",
            True,
        ),
        (
            r"应(?:到|考|检|参考|参检|参训|参加)~{a}~，~(?:实到|实考|实检|实际|已)~{b}~，[还尚仍]?(?:缺席|缺考|缺勤|缺检|未到|未检|缺)~{r}",
            "+a-b",
            "r",
            True,
        ),
        (
            r"应(?:收|征|缴|发|付|还)~{a}~，~(?:实收|已收|实征|已缴|实缴|已发|实发|已付|已还)~{b}~，[还尚仍]?(?:欠|未收|欠缴|拖欠|未缴|欠收|未发|欠发|欠付|未付|未还)~{r}",
            "+a-b",
            "r",
            True,
        ),
        (
            r"(?:[^再年]?共?需要?|应配备?|应有|需求)~{a}~，[目前]{0,2}(?:现有|已有|实有|已配备?|只有|仅有)~{b}~，[目前还尚仍]{0,2}(?:短缺|缺口|缺少|缺|差)~{r}",
            "+a-b",
            "r",
            True,
        ),
        (
            r"(?:新登记|新设立?|新注册|新开办|新发展|新增|开业)_{a}~，~(?:注销|吊销|关闭|歇业|退出)~{b}~，(?:净增加?)~{r}",
            "+a-b",
            "r",
            True,
        ),
        (
            r"(?:新招聘?|新聘|招聘|新进|调入|录用|新增|招录|净流入|迁入|转入|出生|吸纳)_{a}~，~(?:退休|调出|减少|离职|流出|转出|迁出|死亡|退出)~{b}~，(?:净增加?)~{r}",
            "+a-b",
            "r",
            True,
        ),
        (
            r"(?:上年|年初|期初|上期|年初滚存|上年滚存)~(?:结余|结存|余额|结转)~{o}~，~(?:收入|拨入|筹集|收到|征收)~{a}~，~(?:支出|使用|拨付|支付|列支)~{b}~，~(?:年末|期末|滚存|累计|年终|本年末|年底)~(?:结余|结存|余额)~{r}",
            "+o+a-b",
            "r",
            True,
        ),
        (
            r"(?:新招聘?|新聘|招聘|新进|调入|录用|新增|招录|净流入|迁入|转入|出生|吸纳)_{a}，~(?:退休|调出|减少|离职|流出|转出|迁出|死亡|退出)~{b}，(?:净减少?|净流出)~{r}",
            "-a+b",
            "r",
            True,
        ),
        (
            r"{a}~中，~已(?P<verb>[一-龥]{2})~{b}，(?:尚|还|仍)有~{r}~未(?P=verb)",
            "+a-b",
            "r",
            True,
        ),
        (
            r"(?:收入)~{a}，~(?:支出)~{b}，~(?:收支相抵|收支相抵后|当年|本年|年度|当期|本期|净)~(?:结余|盈余|节余|结存)~{r}",
            "+a-b",
            "r",
            True,
        ),
        (
            r"已(?P<verb>[一-龥]{2})~{a}，~未(?P=verb)~{b}，~(?:应(?P=verb)|总数|合计|总计|共)~{r}",
            "+a+b",
            "r",
            True,
        ),
        (
            r"(?:上年末|上年底|年初|期初|上学年|原有|去年末|去年底|\d{4}年[末底])~{o}~，~(?:招生|招收|新招|新聘|新生|招聘|录用|新增|新进)~{a}~，~(?:毕业|退休|离职|减少)~{b}~，~(?:转入|调入)~{c}~，~(?:转出|调出|辍学|流失)~{d}~，~(?:年末|年底|现有|期末|现)~{r}",
            "+o+a-b+c-d",
            "r",
            True,
        ),
        (
            r"(?:上年末|上年底|年初|期初|上学年|原有|去年末|去年底|\d{4}年[末底])~{o}~，~(?:招生|招收|新招|新聘|新生|招聘|录用|新增|新进|调入|转入)~{a}~，~(?:毕业|退休|离职|减少|调出|转出|流失|退出|注销|迁出|脱贫|清退)~{b}~，~(?:年末|年底|现有|期末)~{r}",
            "+o+a-b",
            "r",
            False,
        ),
        (
            r"(?:已?竣工|已?完工|已?建成|已?完成)~{a}~，~(?:在建|正在建设|正在施工|建设中)~{b}~，~(?:未开工|未动工|待建|待开工)~{c}~，~(?:项目|工程|总)?~(?:共有?|总数|合计|总计)~{r}",
            "+a+b+c",
            "r",
            True,
        ),
        (
            r"(?:项目|工程)~{r}~，~(?:竣工|完工|建成)~{a}~，~(?:在建|正在建设|正在施工)~{b}~，~(?:未开工|未动工|待建|待开工)~{c}",
            "+a+b+c",
            "r",
            True,
        ),
        (
            r"(?:财政|政府|各级)~(?:补助|补贴)~{a}~，~个人~(?:缴费|缴纳|自缴|负担|筹资)~{b}~，~(?:人均)?筹资~{r}",
            "+a+b",
            "r",
            True,
        ),
        (
            r"个人~(?:缴费|缴纳|自缴|负担)~{b}~，~(?:财政|政府|各级)~(?:补助|补贴)~{a}~，~(?:人均)?筹资~{r}",
            "+a+b",
            "r",
            True,
        ),
        (
            r"(?:共有?|排查出?|现有|原有|总共|涉及|确定)_{a}~，~已~{b}~，(?:剩余|余下|其余|还剩|尚余|下余)的?~{r}",
            "+a-b",
            "r",
            False,
        ),
    )
)
_PEOPLE = frozenset(("人", "个", "名"))
_MORE = re.compile(r"^(?:、|[和及])|^[，,；;（(]?(?:另|此外|还有|不含|不包括|含)")
_ELSE = re.compile(r"其中|比上年|同比|比去年|左右|分别")


def accounts(view: View, words: Words) -> CheckResult:
    """S4 收支与增减平衡: figures that the words tie into one account must balance.

    Fires: 编制数4126个，实有教师3897人，缺编269人。
    Fires: 年初结余186万元，本年收入2450万元，本年支出2390万元，年末结余346万元。
    Fires: 全年新登记市场主体3216户，注销842户，净增2734户。
    Fires: 已竣工64个项目，在建18个，尚未开工4个，全县项目共96个。
    Quiet: 编制数4126个，实有教师3897人，缺编229人。
    Quiet: 年初结余186万元，本年收入2450万元，本年支出2390万元，年末结余246万元。
    Quiet: 编制数4126个，实有教师3897人，其中缺编学校35所。
    """
    result = CheckResult()
    for sentence in sentences(view, 3):
        told: set[str] = set()
        for told_as, signs, total, certain in _TOLD:
            for m in told_as.finditer(sentence.text):
                figures = sentence.found(m)
                if (
                    _ELSE.search(m.group())
                    or strange(sentence, figures, m.groupdict().get("verb") or "")
                    or told & {o.id for o in figures.values()}
                ):
                    continue
                if _MORE.match(sentence.text[m.end() :]):
                    continue
                if _one_account(view, list(figures.values())):
                    told |= {o.id for o in figures.values()}
                    _judge(view, figures, signs, total, certain, result)
    return result


def _one_account(view: View, items: list[Observation]) -> bool:
    """Whether the figures may be added: one measure (people and posts are one), plain levels, nothing planned among actual ones."""
    units = {o.unit for o in items}
    if len(units) > 1 and not units <= _PEOPLE:
        return False
    stages = {o.scope.get("stage") for o in items} - {None}
    return (
        len(stages) < 2
        and all(
            o.kind in ("level", "change", "price") and o.value is not None and view.interval(o) for o in items
        )
        and all(o.bound in ("eq", "approx") for o in items)
    )


def _judge(
    view: View, figures: dict[str, Observation], signs: str, total: str, certain: bool, result: CheckResult
) -> None:
    terms = [(signs[i], figures[signs[i + 1]]) for i in range(0, len(signs), 2)]
    rest = figures[total]
    reach, value = Interval(Decimal(0), Decimal(0)), Decimal(0)
    for sign, o in terms:
        i = view.interval(o)
        assert i is not None and o.value is not None
        i = -i if o.value < 0 else i
        reach, value = (reach + i, value + abs(o.value)) if sign == "+" else (reach - i, value - abs(o.value))
    told = view.interval(rest)
    assert told is not None and rest.value is not None
    stated = abs(rest.value)
    told = -told if rest.value < 0 else told
    f = view.printed(rest).factor
    left = "".join(
        (f" {'+' if s == '+' else '−'} " if n else ("" if s == "+" else "−"))
        + number(abs(o.value or Decimal(0)) / f, 6)
        for n, (s, o) in enumerate(sorted(terms, key=lambda t: t[0] != "+"))
    )
    left += f" = {view.show(value, rest)}"
    off = value - stated
    how = arithmetic(left, view.say(rest), reach, told, off, rest.unit)
    members = [*(o for _, o in terms), rest]
    if reach.meets(told):
        result.verified.append(verified("S4", "sum", view, members, how))
        return
    reasons = _repairs(view, terms, rest, off)
    if not certain and not reasons:
        return  # a flow may have been left out
    plain = certain and all(o.bound == "eq" for o in members)
    severity: Severity = "error" if plain else "warning"
    message = f"{left}，与所述{view.say(rest)}相差{view.show(abs(off), rest)}"
    tail = f"；{reasons[0]}" if reasons else ""
    result.findings.append(
        finding("S4", "sum", severity, [view], members, message + tail + "。", how, reasons)
    )


def _repairs(view: View, terms: list[tuple[str, Observation]], rest: Observation, off: Decimal) -> list[str]:
    """Single figures whose change by a digit, a swap or a scale makes the account balance."""
    found = []
    for sign, o in [("-", rest), *terms]:
        if o.value is None:
            continue
        target = abs(o.value) + (off if o is rest else -off if sign == "+" else off)
        p = view.printed(o)
        what = slip(p.number, target / p.factor, p.decimals) if target > 0 else None
        if what:
            found.append(f"若{view.say(o)}应为{view.show(target, o)}（{what}），则相符")
    return found[:3]
