"""Part files: what was read of one file, kept on the disk so that it is read once.

A part is named by what it was made from (content of the file, extractor) and appears under its name only when it is whole; its report comes
back exactly as it was. The encoding is msgpack with a checksum; nothing in it is ever executed.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Any

import msgspec

from reportminer.core import CheckResult, Failure, Finding, Observation, Report, TextMap, Verified
from reportminer.errors import OutputNotWritable
from reportminer.records.build import identity
from reportminer.resources import data_dir
from reportminer.summaries import Summary, summary

_MAGIC = b"reportminer part 2\n"
_SIZE = 4  # bytes that tell the length of the summary


class Part(msgspec.Struct, frozen=True):
    """What came of one file: a report with the findings inside it, or a failure."""

    report: Report | None = None
    findings: tuple[Finding, ...] = ()
    verified: tuple[Verified, ...] = ()
    failure: Failure | None = None

    @property
    def source(self) -> str:
        """The name under which the file was read."""
        return self.report.source if self.report else self.failure.source if self.failure else ""

    def checked(self) -> CheckResult:
        """The findings inside the report."""
        return CheckResult(list(self.findings), list(self.verified))


def _encode(x: Any) -> Any:
    if isinstance(x, TextMap):
        return x.runs()
    if isinstance(x, array):
        return x.typecode, x.tobytes()
    if hasattr(x, "items"):  # a mapping that is not a dict
        return dict(x)
    raise TypeError(f"a part cannot hold {type(x).__name__}")


def _decode(kind: type, x: Any) -> Any:
    if kind is TextMap:
        return TextMap.from_runs(x)
    if kind is array:
        code, data = x
        numbers: array[Any] = array(code)
        numbers.frombytes(data)
        return numbers
    raise TypeError(f"a part does not hold {kind.__name__}")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_encode)


@cache
def _decoder() -> msgspec.msgpack.Decoder[Part]:
    return msgspec.msgpack.Decoder(Part, dec_hook=_decode)


@cache
def _summary_decoder() -> msgspec.msgpack.Decoder[Summary]:
    return msgspec.msgpack.Decoder(Summary)


def pack(part: Part) -> bytes:
    """A part as bytes: the same part, the same bytes. In front of it the summary of its report, which can be read alone."""
    gist = b""
    if part.report is not None:
        gist = _ENCODER.encode(summary(part.report, part.findings, part.verified))
    body = len(gist).to_bytes(_SIZE, "big") + gist + zlib.compress(_ENCODER.encode(part), 1)
    return _MAGIC + blake2b(body, digest_size=16).digest() + body


def unpack(data: bytes) -> Part | None:
    """The part in some bytes; None when they are damaged or of another version."""
    body = _intact(data)
    return None if body is None else _decoder().decode(zlib.decompress(body[_end_of_summary(body) :]))


def unpack_summary(data: bytes) -> Summary | None:
    """The summary of the report in the bytes of a part; None when there is no report in it, or they are damaged."""
    body = _intact(data)
    gist = b"" if body is None else body[_SIZE : _end_of_summary(body)]
    return _summary_decoder().decode(gist) if gist else None


def _intact(data: bytes) -> bytes | None:
    head, body = data[: len(_MAGIC) + 16], data[len(_MAGIC) + 16 :]
    if not head.startswith(_MAGIC) or head[len(_MAGIC) :] != blake2b(body, digest_size=16).digest():
        return None
    return body


def _end_of_summary(body: bytes) -> int:
    return _SIZE + int.from_bytes(body[:_SIZE], "big")


def extractor_version(overlay: Path | None) -> str:
    """What results depend on besides the file: the code of this package, its lexicons and models, the user's overlay; 16 hex digits."""
    digest = blake2b(digest_size=8)
    package = Path(__file__).resolve().parent
    folders = [(package, "*.py"), (data_dir("lexicons"), "*"), (data_dir("models"), "*")]
    if overlay is not None:
        folders.append((overlay, "*.tsv"))
    for folder, pattern in folders:
        for file in sorted(f for f in folder.rglob(pattern) if f.is_file()):
            digest.update(f"{file.relative_to(folder).as_posix()}\0".encode())
            digest.update(file.read_bytes())
            digest.update(b"\0")
    return digest.hexdigest()


def file_key(path: Path) -> str:
    """SHA-256 of a file's content, read piece by piece. Raises OSError."""
    with path.open("rb") as f:
        return file_digest(f, "sha256").hexdigest()


class Parts:
    """The folder of part files of one extractor."""

    def __init__(self, root: Path, extractor: str) -> None:
        """``root`` may hold the parts of several extractors; ``extractor`` is that of ``extractor_version``."""
        self.root = root
        self.extractor = extractor
        self.folder = root / extractor

    def path(self, key: str) -> Path:
        """Where the part of a key is or will be. ``key`` is any text that says what the part is made from."""
        name = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        return self.folder / name[:2] / f"{name}.part"

    def load(self, path: Path) -> Part | None:
        """A part, None when there is none or it is damaged."""
        data = self._data(path)
        return None if data is None else unpack(data)

    def summary(self, path: Path) -> Summary | None:
        """The summary of the report in a part, None when there is no such part, it is damaged, or it holds a failure."""
        data = self._data(path)
        return None if data is None else unpack_summary(data)

    def _data(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as e:
            raise OutputNotWritable(
                f"中间结果“{path}”无法读取（{e.strerror or e}）。", "请检查输出文件夹后重新运行同一命令。"
            ) from e

    def save(self, path: Path, part: Part) -> None:
        """Write a part so that it is there as a whole or not at all, whatever happens. Raises OutputNotWritable."""
        data = pack(part)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{os.getpid()}-", dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as f:
                    f.write(data)
                    f.flush()
                    os.fsync(f.fileno())
                Path(name).replace(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as e:
            raise OutputNotWritable(
                f"中间结果无法写入“{self.root}”（{e.strerror or e}）。",
                "请检查磁盘空间和写权限；已读完的文件不会丢失，处理后重新运行同一命令即可继续。",
            ) from e

    def others(self) -> Iterator[Path]:
        """Folders of parts that other versions of the extractor made."""
        if self.root.is_dir():
            yield from (p for p in sorted(self.root.iterdir()) if p.is_dir() and p.name != self.extractor)


def under_name(part: Part, source: str) -> Part:
    """The part of a file as if it had been read under another name. The findings inside are left out: they quote the name."""
    if part.source == source:
        return part
    if part.failure is not None:
        old = part.failure
        error = old.error.replace(f"“{old.source}”", f"“{source}”")
        return Part(failure=Failure(source, error, old.fix))
    report = part.report
    if report is None:
        return part
    raw = replace(report.text.raw, source=source)
    new = {o.id: identity(source, raw.sha256, o.start, o.end) for o in report.observations}
    renamed = tuple(_renamed(o, source, new) for o in report.observations)
    return Part(Report(replace(report.text, raw=raw), renamed, report.coverage))


def _renamed(o: Observation, source: str, new: dict[str, str]) -> Observation:
    part_of = None if o.part_of is None else new.get(o.part_of, o.part_of)
    return replace(o, id=new[o.id], source=source, part_of=part_of)
