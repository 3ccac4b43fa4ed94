"""Starts the workbench: ``reportminer serve``."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Any

from reportminer.errors import BadOption

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(store: str, files: Path | None, host: str, port: int, *, accounts: bool = False) -> None:
    """Serve until stopped. Raises BadOption where the host needs accounts and there are none, or the extra is missing."""
    try:
        import uvicorn

        from reportminer.web.app import create_app
        from reportminer.web.common import Bench, Viewer
    except ImportError as e:
        if e.name is None or e.name.partition(".")[0] == "reportminer":
            raise
        raise BadOption(
            f"工作台需要 {e.name.partition('.')[0]}。", "请安装：pip install 'reportminer[web]'。"
        ) from e
    from reportminer.store import open_store
    from reportminer.store.accounts import Accounts
    from reportminer.workbench.apart import Apart

    opened = open_store(store, files=files)
    known = None
    if accounts or host not in _LOOPBACK:
        known = Accounts(opened.engine)
        if not known.count():
            why = "" if host in _LOOPBACK else f"--host {host} 会让别的电脑也能访问，"
            raise BadOption(
                f"{why}需要账号，而数据仓里还没有。",
                f"请先建立：reportminer user 名字 --role admin --store {store}；或用 --host 127.0.0.1，不加 --accounts。",
            )
    opened.folder(0)  # a store without files cannot take uploads
    bench = Bench(
        opened, Apart(store, files), Viewer("", "viewer") if known else Viewer(_user(), "admin"), known
    )
    config = uvicorn.Config(
        create_app(bench),
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    _Server.of(config, host, port).run()
    opened.close()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "本机用户"


class _Server:
    """A server that says where it is once it listens."""

    @staticmethod
    def of(config: Any, host: str, port: int) -> Any:
        import typer
        import uvicorn

        class Told(uvicorn.Server):
            async def startup(self, sockets: Any = None) -> None:
                await super().startup(sockets)
                if self.started:
                    at = self.servers[0].sockets[0].getsockname()[1]
                    shown = f"[{host}]" if ":" in host else host
                    typer.echo(f"工作台已启动：http://{shown}:{at}（按 Ctrl-C 停止）")

        return Told(config)
