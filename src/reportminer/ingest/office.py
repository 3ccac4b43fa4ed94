"""LibreOffice as a converter for formats that this program does not read itself: a program of its own, started per file, never imported.

Each process has a profile of its own (two that share one refuse to start), in which macros, links to other files and the network are off.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from reportminer.core import RawDocument
from reportminer.errors import UnreadableFile
from reportminer.limits import limit, stated

VARIABLE = "REPORTMINER_SOFFICE"  # the program, or "off"
_PLACES = (
    "C:/Program Files/LibreOffice/program/soffice.com", "C:/Program Files (x86)/LibreOffice/program/soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice", "/usr/lib/libreoffice/program/soffice",
)  # fmt: skip
_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
_NAMES = {
    "doc": "旧版 Word 文档", "rtf": "RTF 文档", "odt": "ODT 文档", "fodt": "ODT 文档", "wordml": "Word 2003 XML 文档", "ods": "ODS 表格", "xlsb": "Excel 二进制表格",
    "excelml": "Excel 2003 XML 表格",
}  # fmt: skip
_SUFFIX = {"wordml": "xml", "excelml": "xml"}
_SETTINGS = (  # path, name, value: no macros, no links, no active content, a proxy that leads nowhere
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("/org.openoffice.Setup/Office", "OfficeRestartInProgress", "false"),
)
_PREFIX = "reportminer-office-"
_lock = threading.Lock()  # one conversion at a time in a process
_profiles: dict[int, Path] = {}  # by process, so that a forked worker makes its own


def program() -> str | None:
    """The path of LibreOffice, None where it is not installed or switched off (``REPORTMINER_SOFFICE=off``)."""
    given = os.environ.get(VARIABLE, "").strip()
    if given:
        return None if given == "off" else shutil.which(given)
    for name in ("soffice", "libreoffice", *_PLACES):
        if found := shutil.which(name):
            return found
    return None


def read_text_document(data: bytes, source: str, kind: str) -> RawDocument:
    """A document that LibreOffice turns into docx (doc, odt, rtf …). Raises UnreadableFile, also where LibreOffice is missing."""
    from reportminer.ingest import docx

    return _as(docx.read(convert(data, source, kind, "docx"), source), data, kind)


def read_workbook(data: bytes, source: str, kind: str) -> RawDocument:
    """A workbook that LibreOffice turns into xlsx (ods, xlsb …). Raises UnreadableFile, also where LibreOffice is missing."""
    from reportminer.ingest import xlsx

    return _as(xlsx.read(convert(data, source, kind, "xlsx"), source), data, kind)


def _as(made: RawDocument, data: bytes, kind: str) -> RawDocument:
    return replace(
        made, sha256=sha256(data).hexdigest(), format=kind, notes=("由 LibreOffice 转换后读取", *made.notes)
    )


def odt(data: bytes, source: str) -> RawDocument:
    """An OpenDocument text."""
    return read_text_document(data, source, "odt")


def fodt(data: bytes, source: str) -> RawDocument:
    """An OpenDocument text in one XML file."""
    return read_text_document(data, source, "fodt")


def wordml(data: bytes, source: str) -> RawDocument:
    """A document of Word 2003 in one XML file."""
    return read_text_document(data, source, "wordml")


def ods(data: bytes, source: str) -> RawDocument:
    """An OpenDocument workbook."""
    return read_workbook(data, source, "ods")


def xlsb(data: bytes, source: str) -> RawDocument:
    """A binary workbook of Excel 2007 and later."""
    return read_workbook(data, source, "xlsb")


def excelml(data: bytes, source: str) -> RawDocument:
    """A workbook of Excel 2003 in one XML file."""
    return read_workbook(data, source, "excelml")


def convert(data: bytes, source: str, kind: str, to: str) -> bytes:
    """The file in the format ``to`` (docx or xlsx). Raises UnreadableFile: no LibreOffice, time limit, nothing came out."""
    soffice = program()
    what = _NAMES.get(kind, "文档")
    if soffice is None:
        raise UnreadableFile(
            f"“{source}”是{what}，要安装 LibreOffice 才能读取。",
            "请安装 LibreOffice（运行 reportminer doctor 可看到方法），或用 WPS 打开并另存为 .docx 或 .xlsx。",
        )
    _check(data, source, kind)
    with _lock, tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as place:
        given = (
            Path(place) / f"in.{_SUFFIX.get(kind, kind)}"
        )  # a name of our own: that of the file may be hostile
        given.write_bytes(data)
        made = Path(place) / "out" / f"in.{to}"
        command = [
            soffice, f"-env:UserInstallation={profile().as_uri()}", "--headless", "--norestore", "--nolockcheck", "--nodefault",
            "--nofirststartwizard", "--convert-to", _FILTERS[to], "--outdir", str(made.parent), str(given),
        ]  # fmt: skip
        if not _run(command, place):
            raise UnreadableFile(
                f"LibreOffice 没有在 {limit('convert_seconds')} 秒内转换完“{source}”（{stated('convert_seconds')}）。",
                "请用 WPS 或 Word 打开并另存为 .docx 或 .xlsx。",
            )
        if not made.is_file():
            raise UnreadableFile(
                f"“{source}”是{what}，已损坏或有密码，LibreOffice 不能打开。", "请用 WPS 或 Word 打开，去掉密码，另存为 .docx 或 .xlsx。"
            )  # fmt: skip
        return made.read_bytes()


def _check(data: bytes, source: str, kind: str) -> None:
    """What LibreOffice would unpack or expand is checked before: the limits of archives, and XML without a document type."""
    from reportminer.ingest.package import Package, parse

    if kind in ("odt", "ods"):
        package = Package(data, source, _NAMES[kind])
        if b"encryption-data" in (package.part("META-INF/manifest.xml") or b""):
            raise UnreadableFile(f"“{source}”有密码保护。", "请去掉密码后另存。")
        for name in ("content.xml", "styles.xml", "meta.xml", "settings.xml", "META-INF/manifest.xml"):
            package.xml(name)
    elif kind == "xlsb":
        Package(data, source, _NAMES[kind])
    elif kind in ("fodt", "wordml", "excelml"):
        parse(data, Package.of_xml(source, _NAMES[kind]))


def _run(command: list[str], place: str) -> bool:
    """Runs the converter; False when it did not end in time. Nothing that it started is left behind."""
    environment = {k: v for k, v in os.environ.items() if k != "DISPLAY"} | {
        "HOME": place,
        "SAL_USE_VCLPLUGIN": "svp",
    }
    if guard := shutil.which("timeout"):  # ends the converter even when this process is killed before it can
        command = [guard, "-s", "KILL", str(limit("convert_seconds") + 10), *command]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=place, env=environment,
        start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(limit("convert_seconds"))
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:  # soffice is a script that starts the program
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def profile() -> Path:
    """The profile of this process; made at the first conversion, removed at the end."""
    own = _profiles.get(os.getpid())
    if own is None or not own.is_dir():
        _sweep()
        own = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-profile-"))
        user = own / "user"
        user.mkdir()
        items = "".join(
            f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
            for path, name, value in _SETTINGS
        )
        (user / "registrymodifications.xcu").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
            'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"{items}</oor:items>\n",
            encoding="utf-8",
        )
        _profiles[os.getpid()] = own
        atexit.register(shutil.rmtree, own, ignore_errors=True)
    return own


def _sweep() -> None:
    """Removes what processes have left that were killed before they could do so."""
    if not Path("/proc/self").exists():
        return
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        pid = left.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(OSError):  # another process may be sweeping too
            ours = left.stat().st_uid == Path("/proc/self").stat().st_uid
            if ours and pid.isdecimal() and not Path("/proc", pid).exists():
                shutil.rmtree(left, ignore_errors=True)
