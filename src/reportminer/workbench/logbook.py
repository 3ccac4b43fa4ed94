"""The audit log for people: what was done in Chinese, filtered by who, what and when, and as a csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from reportminer.comparison.layout import indicator_names
from reportminer.errors import BadOption
from reportminer.names import BOUNDS, SCOPES, STATUSES
from reportminer.names import KINDS as FIGURE_KINDS
from reportminer.store.log import Wanted
from reportminer.store.records import LogEntry
from reportminer.store.store import Store, safe_cell
from reportminer.workbench.vocabulary import VERDICTS

_PIECE = 2000  # entries of the csv that are in memory at once
#: first part of an action → its name in the filter
KINDS = {"account": "账号", "project": "项目", "upload": "文件", "job": "读取", "run": "结果", "finding": "判断", "observation": "修改", "settings": "设置", "export": "下载"}  # fmt: skip
_ACTIONS = {
    "account.add": "建立账号", "account.sign_in": "登录", "account.refused": "登录失败", "account.role": "改变权限", "account.disable": "停用账号",
    "account.enable": "恢复账号", "account.password": "修改自己的密码", "account.password_reset": "重设密码", "project.create": "建立项目",
    "project.rename": "项目改名", "project.archive": "归档项目", "project.restore": "取消归档", "project.delete": "删除项目", "upload.add": "上传文件",
    "upload.remove": "移除文件", "job.add": "要求读取", "job.cancel": "停止读取", "job.retry": "重试读取", "run.publish": "读取完成，结果更新",
    "finding.decide": "判断核查结果", "observation.correct": "改正数据", "observation.accept": "认可数据", "observation.add": "补上数据",
    "observation.delete": "删除数据", "observation.undo": "撤销修改", "settings.limits": "改变限制", "settings.reference": "换官方数据",
    "settings.reference.remove": "去掉官方数据", "export.audit": "下载核查报告", "export.comparison": "下载比较表", "export.annotations": "下载标注",
    "export.log": "下载日志",
}  # fmt: skip


_OBJECTS = {
    "account": "账号", "project": "项目", "upload": "文件", "job": "任务", "run": "结果", "finding": "核查结果", "characters": "原文", "log": "日志"
}  # fmt: skip
_FIELDS = {
    "role": "权限", "name": "名称", "verdict": "判断", "reason": "理由", "state": "状态", "documents": "报告", "value": "数值", "value2": "上限", "unit": "单位",
    "bound": "界限", "masked": "遮盖", "indicator": "指标", "label": "称作", "kind": "类型", "status": "状态", "period": "时期", "area": "地区",
    "area_code": "代码", "scope": "范围", "part_of": "所属整体", "source": "报告", "format": "格式",
}  # fmt: skip
_VALUES = {
    "role": {"viewer": "查看", "reviewer": "审核", "admin": "管理"}, "verdict": VERDICTS, "kind": {**FIGURE_KINDS, "read": "读取"}, "status": STATUSES, "bound": BOUNDS,
    "state": {"queued": "排队", "running": "进行", "done": "完成", "failed": "失败", "cancelled": "停止"},
}  # fmt: skip
_HIDDEN = ("sha256",)


@dataclass(frozen=True)
class Line:
    """An entry as it is shown; of a change only what changed."""

    entry: LogEntry
    action: str
    object: str
    before: str
    after: str


def action_name(action: str) -> str:
    """What was done, in Chinese."""
    if action.startswith("settings.lexicon."):
        return f"改词表 {action.removeprefix('settings.lexicon.')}"
    return _ACTIONS.get(action, action)


def day(text: str) -> date:
    """A day as 2023-01-31. Raises BadOption."""
    try:
        return date.fromisoformat(text)
    except ValueError as e:
        raise BadOption(f"“{text[:20]}”不是日期。", "请写成 2023-01-31 这样。") from e


def wanted(who: str = "", kind: str = "", about: str = "", since: date | None = None, until: date | None = None) -> Wanted:  # fmt: skip
    """What is asked for; days are those of this machine, ``until`` with its whole day. Raises BadOption for a kind that does not exist."""
    if kind and kind not in KINDS:
        raise BadOption(f"没有“{kind}”这一类操作。", f"可用：{'、'.join(KINDS)}。")
    if any(d is not None and not 1980 <= d.year <= 2200 for d in (since, until)):
        raise BadOption("日期不对。", "请写成 2023-01-31 这样。")
    first = datetime.combine(since, time()).astimezone() if since else None
    last = datetime.combine(until + timedelta(days=1), time()).astimezone() if until else None
    return Wanted(who.strip(), kind, about.strip(), first, last)


def lines(store: Store, chosen: Wanted, *, before: int | None = None, limit: int = 100) -> list[Line]:
    """A page of the log, the newest first; ``before``: entries older than that one."""
    return [_line(e) for e in store.log.entries(wanted=chosen, before=before, limit=limit)]


def _line(e: LogEntry) -> Line:
    kind, _, which = e.object.partition(":")
    if kind == "characters":
        which = which.partition(":")[2]
    before, after = e.before, e.after
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        changed = [k for k in {**before, **after} if before.get(k) != after.get(k)]
        before, after = ({k: x[k] for k in changed if k in x} for x in (before, after))
    return Line(e, action_name(e.action), f"{_OBJECTS.get(kind, kind)} {which}", _told(before), _told(after))


def _told(x: Any) -> str:
    """What something was before or after, as people write it."""
    if not isinstance(x, Mapping):
        return "" if x is None else str(x)
    shown = {k: v for k, v in x.items() if v not in (None, "", {}, []) and k not in _HIDDEN}
    return "，".join(f"{_FIELDS.get(k, k)}：{_value(k, v)}" for k, v in shown.items())


def _value(field: str, x: Any) -> str:
    if isinstance(x, Mapping):
        return "、".join(f"{SCOPES.get(k, k)} {v}" for k, v in x.items())
    if isinstance(x, bool):
        return "是" if x else "否"
    names = indicator_names() if field == "indicator" else _VALUES.get(field, {})
    return names.get(x, str(x))


def csv_pieces(store: Store, chosen: Wanted) -> Iterator[bytes]:
    """The wanted entries as a csv that Excel opens, piece by piece, the newest first."""
    yield "\ufeff编号,时间,谁,操作,代码,对象,项目,来自,之前,之后\r\n".encode()
    before = None
    while found := lines(store, chosen, before=before, limit=_PIECE):
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        for x in found:
            e = x.entry
            at = e.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
            row = (e.id, at, e.who, x.action, e.action, x.object, e.project_id, e.address, x.before, x.after)
            writer.writerow([safe_cell(c) for c in row])
        yield text.getvalue().encode()
        before = found[-1].entry.id
