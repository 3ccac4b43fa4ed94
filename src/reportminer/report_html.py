"""report.html: one self-contained page per run: every report's text with its observations marked, findings linked to the marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape

from reportminer.comparison.layout import MASKED, column_title, display_unit, indicator_names, wide
from reportminer.core import Arithmetic, Failure, Finding, Observation, Report, Table, Verified
from reportminer.names import KINDS, STATUSES

_CONTROLS = {c: None for c in (*range(32), 127) if c not in (9, 10, 13)}
_SEVERITY = {"error": "错误", "warning": "待核", "info": "提示"}
_BOUND = {"eq": "", "ge": "至少 ", "le": "至多 ", "approx": "约 ", "range": ""}
_STYLE = """
:root{--ink:#1c2733;--line:#d5dce3;--soft:#f5f7f9;--link:#1553a0}
*{box-sizing:border-box}body{margin:0;font:15px/1.75 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif;color:var(--ink)}
header{padding:18px 28px;background:#1c3a5e;color:#fff}header h1{margin:0 0 4px;font-size:22px}header p{margin:0;opacity:.9}
nav{position:sticky;top:0;background:#fff;border-bottom:1px solid var(--line);padding:8px 28px;z-index:2;display:flex;gap:18px;flex-wrap:wrap;font-size:14px}
a{color:var(--link)}main{display:grid;overflow-wrap:anywhere;grid-template-columns:minmax(0,1fr) 330px;gap:28px;padding:20px 28px;max-width:1500px;margin:auto}
section{margin-bottom:36px}h2{font-size:19px;border-bottom:2px solid #1c3a5e;padding-bottom:4px}h3{font-size:16px;margin:26px 0 6px}
aside{position:sticky;top:54px;align-self:start;border:1px solid var(--line);border-radius:6px;padding:12px 14px;background:var(--soft);max-height:calc(100vh - 70px);overflow:auto;font-size:13.5px}
aside dl{display:grid;grid-template-columns:5em minmax(0,1fr);gap:2px 8px;margin:0}aside dt{color:#5a6875}aside dd{margin:0;overflow-wrap:anywhere}
.text{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);border-radius:6px;padding:14px 18px;background:#fff}
mark{border-radius:3px;padding:0 2px;cursor:pointer;color:inherit;background:#d3ecd3}mark.planned{background:#d6e4fb}mark.required{background:#eadcf7}
mark.masked{background:#ececec;outline:1px dashed #777}mark.doubt{outline:1px dotted #777}mark.error{box-shadow:0 2px 0 #c0241a;background:#fbd5d1}mark.warning{box-shadow:0 2px 0 #b26a00;background:#fdebc8}
mark.on,mark:target,mark:focus{outline:3px solid #1553a0}
.finding{border:1px solid var(--line);border-left:5px solid #888;border-radius:5px;padding:8px 14px;margin:10px 0;background:#fff}
.finding.error{border-left-color:#c0241a}.finding.warning{border-left-color:#b26a00}.finding .tag{font-weight:700;margin-right:8px}
.finding.error .tag{color:#a31b12}.finding.warning .tag{color:#8a5200}.arith{background:var(--soft);padding:6px 10px;border-radius:4px;margin:6px 0;font-variant-numeric:tabular-nums}
blockquote{margin:4px 0;padding:2px 10px;border-left:3px solid var(--line);color:#3c4a57}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:13.5px}th,td{border:1px solid var(--line);padding:4px 8px;text-align:right;white-space:nowrap}
th{background:#e6edf4;white-space:normal;min-width:6em}td:first-child,td:nth-child(2),.left td,.left th{text-align:left}td.flag{background:#fbd5d1}td.masked{background:#ececec;color:#555}td.none{color:#767676}
.legend mark{margin-right:6px}details>summary{cursor:pointer;color:var(--link)}
@media(max-width:1000px){main{grid-template-columns:minmax(0,1fr)}aside{position:static}}@media(max-width:600px){header,nav,main{padding-left:12px;padding-right:12px}nav{gap:10px}.text{padding:10px}}@media print{nav,aside{display:none}main{display:block}}
"""
_SCRIPT = """
const box=document.getElementById('record');
function show(m){document.querySelectorAll('mark.on').forEach(x=>x.classList.remove('on'));m.classList.add('on');
 const dl=document.createElement('dl');for(const part of m.dataset.r.split('\\n')){const i=part.indexOf('\\t');const t=document.createElement('dt');t.textContent=part.slice(0,i);
 const d=document.createElement('dd');d.textContent=part.slice(i+1);dl.append(t,d)}box.replaceChildren(dl)}
document.addEventListener('click',e=>{const m=e.target.closest('mark[data-r]');if(m)show(m)});
document.addEventListener('keydown',e=>{const m=document.activeElement;if(e.key==='Enter'&&m&&m.matches('mark[data-r]'))show(m)});
function jump(){const m=document.getElementById(decodeURIComponent(location.hash.slice(1)));if(m&&m.matches('mark[data-r]')){const d=m.closest('details');if(d)d.open=true;show(m);m.scrollIntoView({block:'center'})}}
addEventListener('hashchange',jump);jump();
"""


def _plain(value: Decimal | None) -> str:
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _quantity(o: Observation) -> str:
    if o.masked:
        return "数字被遮住或缺失（不是零）"
    if o.value is None:
        return o.value_text or "只有约数"
    value = _plain(o.value) + (f"—{_plain(o.value2)}" if o.value2 is not None else "")
    return f"{_BOUND[o.bound]}{value} {o.unit or ''}"


def _whole(o: Observation, by_id: Mapping[str, Observation]) -> str:
    whole = by_id.get(o.part_of or "")
    return f"{whole.text}（{whole.label}）" if whole else "—"


def _record(o: Observation, names: Mapping[str, str], by_id: Mapping[str, Observation]) -> str:
    """What the side panel shows of one observation."""
    rows = [
        ("原文", o.text), ("数值", _quantity(o)), ("指标", names.get(o.indicator, o.indicator)), ("称作", o.label), ("类型", KINDS[o.kind]), ("状态", STATUSES[o.status]),
        ("时期", o.period or "不明"), ("地区", o.area or "不明"), ("范围", "、".join(o.scope.values()) or "—"),
        ("属于", _whole(o, by_id)),
        ("位置", f"第 {o.start}—{o.end} 字" + (f"，第 {o.page} 页" if o.page else "")), ("规则", o.rule), ("置信度", f"{o.confidence:.2f}"), ("编号", o.id),
    ]  # fmt: skip
    return "\n".join(f"{k}\t{' '.join(v.split())}" for k, v in rows)


def _text(report: Report, names: Mapping[str, str], worst: Mapping[str, str]) -> str:
    """The text of one report with a mark per observation; for html files the cleaned text, since the raw one is markup."""
    by_id = {o.id: o for o in report.observations}
    clean = report.text.raw.format == "html"
    text = report.text.clean if clean else report.text.raw.text
    out, at = [], 0
    for o in sorted(report.observations, key=lambda o: o.start):
        start, end = (o.clean_start, o.clean_end) if clean else (o.start, o.end)
        if start < at:
            continue
        classes = " ".join(
            c
            for c in (
                o.status,
                "masked" if o.masked else "",
                worst.get(o.id, ""),
                "doubt" if o.confidence < 0.5 else "",
            )
            if c
        )
        out.append(escape(text[at:start]))
        out.append(
            f'<mark id="{o.id}" class="{classes}" tabindex="0" title="{escape(names.get(o.indicator, o.indicator))}｜{escape(_quantity(o))}｜{STATUSES[o.status]}｜{escape(o.period or "时期不明")}" '
            f'data-r="{escape(_record(o, names, by_id))}">{escape(text[start:end])}</mark>'
        )
        at = end
    out.append(escape(text[at:]))
    return "".join(out)


def _interval(low: Decimal | None, high: Decimal | None) -> str:
    return f"[{_short(low) or '−∞'}，{_short(high) or '+∞'}]"


def _short(value: Decimal | None) -> str:
    """At most four decimals: enough to see by how much an interval is missed."""
    return "" if value is None else _plain(round(value, 4) + 0)


def _arithmetic(a: Arithmetic | None) -> str:
    if a is None:
        return ""
    unit = escape(a.unit or "")
    parts = [f"左边：{escape(a.left)}", f"右边：{escape(a.right)}"]
    if a.left_low is not None or a.left_high is not None:
        parts[0] += f"　区间 {_interval(a.left_low, a.left_high)} {unit}"
    if a.right_low is not None or a.right_high is not None:
        parts[1] += f"　区间 {_interval(a.right_low, a.right_high)} {unit}"
    if a.difference is not None:
        parts.append(f"相差：{_short(a.difference)} {unit}")
    return f'<div class="arith">{"<br>".join(parts)}</div>'


def _finding(f: Finding, by_id: Mapping[str, tuple[Report, Observation]]) -> str:
    quotes: dict[str, None] = {}
    links = []
    for m in f.members:
        if m in by_id:
            report, o = by_id[m]
            quotes.setdefault(f"{report.sentence_text(o)}　——{report.source}")
            links.append(f'<a href="#{m}">{escape(o.text)}</a>')
    why = "".join(f"<li>{escape(e)}</li>" for e in f.explanations)
    return (
        f'<div class="finding {f.severity}" id="{escape(f.id)}"><span class="tag">{_SEVERITY[f.severity]} {escape(f.check)}</span>{escape(f.message)}'
        f"{_arithmetic(f.arithmetic)}{'<div>可能的解释：<ul>' + why + '</ul></div>' if why else ''}"
        f"{''.join(f'<blockquote>{escape(q)}</blockquote>' for q in quotes)}<div>涉及的数：{'、'.join(links)}</div></div>"
    )


def _table(table: Table, names: Mapping[str, str]) -> str:
    areas, columns, _, grid = wide(table)
    shared = [c for c in columns if len({a for (a, k, _y) in grid if k == c[0]}) > 1] or columns[:20]
    head = "".join(f"<th>{escape(column_title(s, names))}</th>" for _, s in shared)
    rows = []
    years_of: dict[str, set[str]] = defaultdict(set)
    keys = {k for k, _ in shared}
    for area, key, year in grid:
        if key in keys:
            years_of[area].add(year)
    for area in areas:
        for year in sorted(years_of[area]):
            cells = []
            for key, _sample in shared:
                c = grid.get((area, key, year))
                if c is None:
                    cells.append('<td class="none">—</td>')
                elif c.masked or c.value is None:
                    cells.append(
                        f'<td class="masked"><a href="#{c.observation}">{MASKED if c.masked else "约数"}</a></td>'
                    )
                else:
                    shown = _plain(c.value / display_unit(c)[1])
                    cells.append(
                        f'<td class="{"flag" if c.flags else ""}"><a href="#{c.observation}">{shown}</a></td>'
                    )
            rows.append(f"<tr><td>{escape(area)}</td><td>{escape(year or '不明')}</td>{''.join(cells)}</tr>")
    return f'<div class="scroll"><table><thead><tr><th>地区</th><th>时期</th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def render(
    reports: Sequence[Report],
    findings: Sequence[Finding],
    verified: Sequence[Verified],
    failures: Sequence[Failure],
    table: Table,
    notice: str = "",
) -> str:
    """The whole page, with a ``notice`` on top if there is one. Nothing in it is fetched from anywhere; all text of the reports is escaped."""
    names = indicator_names()
    by_id = {o.id: (r, o) for r in reports for o in r.observations}
    order = {"error": 0, "warning": 1, "info": 2}
    worst: dict[str, str] = {}
    for f in sorted(findings, key=lambda f: -order[f.severity]):
        if f.severity != "info":
            worst.update(dict.fromkeys(f.members, f.severity))
    main = [f for f in sorted(findings, key=lambda f: (order[f.severity], f.sources)) if f.severity != "info"]
    notes = [f for f in findings if f.severity == "info"]
    n = {s: sum(f.severity == s for f in findings) for s in order}
    documents = "".join(
        f'<tr><td><a href="#d{i}">{escape(r.source)}</a></td><td>{escape(r.title or "")}</td><td>{escape(r.area or "不明")}</td><td>{r.year or "不明"}</td>'
        f"<td>{r.coverage.read}</td><td>{escape('；'.join(f'{k} {v}' for k, v in r.coverage.skipped.items()))}</td></tr>"
        for i, r in enumerate(reports)
    )
    failed = "".join(f"<li>{escape(f.source)}：{escape(f.error)}{escape(f.fix)}</li>" for f in failures)
    texts = "".join(
        f'<h3 id="d{i}">{escape(r.title or r.source)}</h3><p>{escape(r.source)}｜{escape(r.area or "地区不明")}｜{r.year or "年份不明"}'
        f'{"｜" + escape("；".join(r.text.notes)) if r.text.notes else ""}</p><details open><summary>正文</summary><div class="text">{_text(r, names, worst)}</div></details>'
        for i, r in enumerate(reports)
    )
    held = "".join(
        f"<tr><td>{escape(v.check)}</td><td>{escape('、'.join(v.sources))}</td><td>{escape(v.arithmetic.left + ' ＝ ' + v.arithmetic.right) if v.arithmetic else ''}</td><td>{escape(v.note)}</td>"
        f"<td>{'、'.join(f'<a href=#{m}>{escape(by_id[m][1].text)}</a>' for m in v.members if m in by_id)}</td></tr>"
        for v in verified
    )
    page = f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="generator" content="reportminer"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>报告数据核查</title><style>{_STYLE}</style></head><body>
<header><h1>报告数据核查</h1><p>报告 {len(reports)} 份，观测值 {len(by_id)} 个；错误 {n["error"]} 处，待核 {n["warning"]} 处，提示 {n["info"]} 处；核对一致 {len(verified)} 处。</p>{f"<p>{escape(notice)}</p>" if notice else ""}</header>
<nav><a href="#findings">核查结果</a><a href="#table">比较表</a><a href="#documents">报告一览</a><a href="#held">核对一致</a><a href="#texts">原文</a></nav>
<main><div>
<section id="findings"><h2>核查结果</h2>{"".join(_finding(f, by_id) for f in main) or "<p>没有发现矛盾。没有发现不等于都已核对，见“核对一致”和各报告的覆盖情况。</p>"}
<details><summary>提示（{len(notes)}）</summary>{"".join(_finding(f, by_id) for f in notes)}</details></section>
<section id="table"><h2>比较表</h2><p>“—”：报告中没有这个数。“{MASKED}”：数字被 XX 等代替或缺失，不是零。红底：有核查结果。点数字看原句。只列两个以上地区都有的列，其余见 comparison.xlsx。</p>{_table(table, names)}</section>
<section id="documents"><h2>报告一览</h2><div class="scroll"><table class="left"><thead><tr><th>文件</th><th>标题</th><th>地区</th><th>年份</th><th>观测值</th><th>未读作数据的数字</th></tr></thead><tbody>{documents}</tbody></table></div>
{"<h3>未能读取</h3><ul>" + failed + "</ul>" if failed else ""}</section>
<section id="held"><h2>核对一致</h2><details><summary>{len(verified)} 处关系成立</summary><div class="scroll"><table class="left"><thead><tr><th>检查</th><th>文件</th><th>算式</th><th>说明</th><th>数</th></tr></thead><tbody>{held}</tbody></table></div></details></section>
<section id="texts"><h2>原文</h2><p class="legend"><mark>实际</mark><mark class="planned">计划</mark><mark class="required">标准</mark><mark class="masked">掩码</mark><mark class="error">错误</mark><mark class="warning">待核</mark></p>{texts}</section>
</div><aside aria-live="polite"><div id="record">点正文里有底色的数字，这里显示它的记录：指标、时期、地区、规则、出处。</div></aside></main>
<script>{_SCRIPT}</script></body></html>
"""
    return page.translate(_CONTROLS)  # a report may hold control characters, a page must not
