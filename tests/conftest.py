"""Shared paths; the reference bench is used where it is there and skipped cleanly where it is not."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import text

from reportminer.store import open_store, schema
from reportminer.store.store import Store

# the first example of a run loads the lexicons, and CI machines are busy: a deadline per example tells nothing
settings.register_profile("plain", deadline=None)
settings.load_profile("plain")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
DEMO = ROOT / "corpora" / "demo"


@pytest.fixture(scope="session")
def bench():
    """The folder of the reference bench; skips the test where it is absent."""
    if not (SHARED / "bench").is_dir():
        pytest.skip("../shared/bench 不在此机器上")
    return SHARED / "bench"


@pytest.fixture(scope="session")
def demo_run():
    """The main job over corpora/demo, once per session."""
    from reportminer import pipeline

    return pipeline.run([DEMO])


def _as_postgres() -> dict[str, int]:
    """How to run the server, which refuses to run as root."""
    if os.geteuid():
        return {}
    import pwd

    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        account = pwd.getpwnam("nobody")
    return {"user": account.pw_uid, "group": account.pw_gid}


def _tool(name: str) -> str | None:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((str(p / name) for p in places if (p / name).exists()), shutil.which(name))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty PostgreSQL of our own, on a socket in a temporary folder."""
    initdb, pg_ctl = _tool("initdb"), _tool("pg_ctl")
    if not initdb or not pg_ctl:
        pytest.skip("本机没有 PostgreSQL（apt-get install postgresql）")
    import tempfile

    as_ = _as_postgres()
    place = Path(
        tempfile.mkdtemp(prefix="rm-pg-", dir="/tmp")
    )  # short: a socket's path has 107 characters at most
    if as_:
        os.chown(place, as_["user"], as_["group"])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "check": True, "cwd": place, **as_}
    options = ["-A", "trust", "-U", "tester", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run([initdb, "-D", str(place / "data"), *options], **quiet)  # type: ignore[call-overload]
    server = f"-c listen_addresses='' -c unix_socket_directories='{place}' -c fsync=off"
    control = [pg_ctl, "-D", str(place / "data"), "-w"]
    subprocess.run([*control, "-l", str(place / "log"), "-o", server, "start"], **quiet)  # type: ignore[call-overload]
    try:
        yield f"postgresql://tester@/postgres?host={place}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)  # type: ignore[call-overload]
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(params=["folder", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == "folder":
        opened = open_store(tmp_path / "数据仓")
    else:
        opened = open_store(request.getfixturevalue("postgres"), files=tmp_path / "files")
        with opened.engine.begin() as c:
            names = ", ".join(t.name for t in (*schema.WORKFLOW, *schema.RESULTS))
            c.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    yield opened
    opened.close()
