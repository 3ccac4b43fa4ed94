"""The audit log for people: what was done in Chinese, filtered by who, what and when, and as a csv."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from reportminer.errors import BadOption
from reportminer.store.log import Wanted
from reportminer.store.records import LogEntry
from reportminer.store.store import Store, safe_cell

_PIECE = 2000  # entries of the csv that are in memory at once
#: first part of an action → its name in the filter
KINDS = {"account": "账号", "project": "项目", "upload": "文件", "job": "读取", "run": "结果", "finding": "判断", "observation": "修改", "settings": "设置"}  # fmt: skip
_ACTIONS = {
    "account.add": "建立账号", "account.sign_in": "登录", "account.refused": "登录失败", "account.role": "改变权限", "account.disable": "停用账号",
    "account.enable": "恢复账号", "account.password": "修改自己的密码", "account.password_reset": "重设密码", "project.create": "建立项目",
    "project.rename": "项目改名", "project.archive": "归档项目", "project.restore": "取消归档", "project.delete": "删除项目", "upload.add": "上传文件",
    "upload.remove": "移除文件", "job.add": "要求读取", "job.cancel": "停止读取", "job.retry": "重试读取", "run.publish": "读取完成，结果更新",
    "finding.decide": "判断核查结果", "observation.correct": "改正数据", "observation.accept": "认可数据", "observation.add": "补上数据",
    "observation.delete": "删除数据", "observation.undo": "撤销修改", "settings.limits": "改变限制", "settings.reference": "换官方数据",
    "settings.reference.remove": "去掉官方数据",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """An entry as it is shown."""

    entry: LogEntry
    action: str
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
    return Line(e, action_name(e.action), _short(e.before), _short(e.after))


def _short(x: Any) -> str:
    """What something was before or after, as people write it."""
    if isinstance(x, Mapping):
        return "，".join(f"{k}：{_short(v)}" for k, v in x.items() if v not in (None, "", {}, []))
    return "" if x is None else x if isinstance(x, str) else json.dumps(x, ensure_ascii=False)


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
            row = (e.id, at, e.who, x.action, e.action, e.object, e.project_id, e.address, x.before, x.after)
            writer.writerow([safe_cell(c) for c in row])
        yield text.getvalue().encode()
        before = found[-1].entry.id
