"""Limits on what is read, and on how often a workbench is asked: one table of settings, each with a default that office files do not reach and a name that its message tells.

A setting is changed by the environment, so that worker processes have it too: ``REPORTMINER_CELLS=2000000 reportminer run …``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from reportminer.errors import BadOption


@dataclass(frozen=True, slots=True)
class Limit:
    """A default, its unit as printed, and what it limits."""

    default: int
    unit: str
    meaning: str


LIMITS: dict[str, Limit] = {
    "file_mb": Limit(200, " MB", "一个文件的大小"),
    "unpacked_mb": Limit(500, " MB", "一个 docx、xlsx、odt 解压后的大小"),
    "ratio": Limit(200, " 倍", "一个 docx、xlsx、odt 解压后与解压前之比"),
    "parts": Limit(20_000, " 个", "一个 docx、xlsx、odt 内部文件的个数"),
    "archive_mb": Limit(1000, " MB", "一个压缩包（连同其中的压缩包）解压后的大小"),
    "archive_ratio": Limit(1000, " 倍", "压缩包中一个文件解压后与解压前之比"),
    "archive_files": Limit(5000, " 个", "一个压缩包（连同其中的压缩包）中文件的个数"),
    "archive_depth": Limit(3, " 层", "压缩包中的压缩包"),
    "cells": Limit(1_000_000, " 个", "一个电子表格中有内容的单元格"),
    "columns": Limit(1000, " 列", "一个表格的列"),
    "mail_parts": Limit(2000, " 个", "一个 mht 网页归档中的部分"),
    "pdf_pages": Limit(5000, " 页", "一个 pdf 的页数"),
    "pdf_characters": Limit(20_000_000, " 个", "一个 pdf 的字符"),
    "page_characters": Limit(500_000, " 个", "pdf 一页的字符"),
    "image_pixels": Limit(100_000_000, " 个", "一张图片的像素"),
    "image_pages": Limit(500, " 页", "一个多页图片文件的页数"),
    "convert_seconds": Limit(120, " 秒", "LibreOffice 转换一个文件的时间"),
    "web_requests": Limit(3000, " 次", "工作台：一个账号（未登录时一个地址）每分钟的请求"),
    "web_uploads": Limit(1000, " 个", "工作台：一个账号每分钟上传的文件"),
    "web_exports": Limit(60, " 次", "工作台：一个账号每分钟的下载、预览等费时的请求"),
    "web_logins": Limit(30, " 次", "工作台：一个地址每分钟的登录"),
}


def variable(name: str) -> str:
    """The environment variable that sets a limit."""
    return f"REPORTMINER_{name.upper()}"


def limit(name: str) -> int:
    """The value in force. Raises BadOption when the environment holds no positive whole number."""
    given = os.environ.get(variable(name), "").strip()
    if not given:
        return LIMITS[name].default
    if not given.isdecimal() or int(given) < 1:
        raise BadOption(
            f"环境变量 {variable(name)} 的值“{given}”不是正整数。",
            f"请改为正整数，或去掉（默认 {LIMITS[name].default}）。",
        )
    return int(given)


def stated(name: str) -> str:
    """``上限 200 MB，可用环境变量 REPORTMINER_FILE_MB 调整``: the part of a message that names the limit."""
    return f"上限 {limit(name)}{LIMITS[name].unit}，可用环境变量 {variable(name)} 调整"
