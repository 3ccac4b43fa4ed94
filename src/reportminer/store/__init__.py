"""The store: results of runs for anybody who asks in SQL, and what people do with them.

``open_store`` gives a ``Store`` of either kind, a folder or PostgreSQL, that look the same::

    store = open_store("数据仓")                      # or "postgresql://user:password@host/database"
    project = store.projects.ensure("默认项目", "张三")
    store.results.publish(project.id, results, "张三")
    store.results.rows(project.id, "findings", {"severity": "error"}, limit=50)
    store.results.query("SELECT area, value FROM comparison WHERE indicator = 'teachers'")
    store.reviews.decide(project.id, {"f12…": 0}, "false_alarm", "前为年初数", "张三")

Needs the extra ``store``; without it ``open_store`` says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportminer.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from reportminer.store.store import Store


def open_store(where: str | Path, *, create: bool = True, files: Path | None = None) -> Store:
    """The store at a folder or a URL ``postgresql://…``, made when missing (``create``) and brought to the newest schema.

    ``files``: where a PostgreSQL store keeps uploads and part files on this machine. Raises StoreError.
    """
    try:
        from reportminer.store.store import open_
    except ImportError as e:
        if e.name is None or e.name.partition(".")[0] in ("reportminer", ""):
            raise
        raise StoreError(
            f"数据仓需要 {e.name.partition('.')[0]}，本机没有安装。",
            "请安装：pip install 'reportminer[store]'。",
        ) from e
    return open_(where, create, files)


__all__ = ["open_store"]
