"""The commands of the workbench: ``serve`` and ``user``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    store: Annotated[str, typer.Option("--store", help="数据仓：文件夹，或 postgresql://…；没有就建立。")] = "reportminer-store",
    host: Annotated[str, typer.Option(help="在哪个地址上等待浏览器；127.0.0.1 只有本机能访问。")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口；0 为任一空闲端口。", min=0, max=65535)] = 8765,
    files: Annotated[Path | None, typer.Option("--files", help="PostgreSQL 数据仓的文件放在本机的哪个文件夹。")] = None,
    accounts: Annotated[bool, typer.Option("--accounts", help="在 127.0.0.1 上也要账号（前面有反向代理时）。")] = False,
) -> None:  # fmt: skip
    """启动工作台：在浏览器里上传、核查、比较报告。"""
    from reportminer.web.serve import serve as start

    start(store, files, host, port, accounts=accounts)


def user(
    name: Annotated[str, typer.Argument(help="账号名。", show_default=False)], store: Annotated[str, typer.Option("--store", help="数据仓：文件夹，或 postgresql://…。")] = "reportminer-store",
    role: Annotated[str, typer.Option(help="viewer 查看，reviewer 审核，admin 管理。")] = "reviewer",
    disable: Annotated[bool, typer.Option("--disable", help="停用这个账号。")] = False,
    enable: Annotated[bool, typer.Option("--enable", help="恢复停用的账号。")] = False,
    reset: Annotated[bool, typer.Option("--password", help="重设这个账号的密码。")] = False,
) -> None:  # fmt: skip
    """建立、停用、恢复工作台的账号或重设密码（serve --host 0.0.0.0 时需要账号）；密码在提示后输入。"""
    import getpass

    from reportminer.store import open_store
    from reportminer.store.accounts import Accounts

    opened = open_store(store)
    known, who = Accounts(opened.engine), getpass.getuser()
    if disable:
        known.disable(name, who)
        typer.echo(f"已停用“{name}”。")
    elif enable:
        known.enable(name, who)
        typer.echo(f"已恢复“{name}”。")
    else:
        password = typer.prompt("密码", hide_input=True, confirmation_prompt="再输一遍")
        if reset:
            known.reset_password(name, password, who)
            typer.echo(f"已重设“{name}”的密码。")
        else:
            known.add(name, password, role, who)
            typer.echo(f"已建立账号“{name}”。")
    opened.close()
