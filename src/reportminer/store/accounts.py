"""Accounts and sessions of a workbench for several people. Passwords are kept as argon2 hashes, cookies as SHA-256."""

from __future__ import annotations

import secrets
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from threading import Lock

from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from reportminer.errors import BadOption, NoSuchThing, StoreConflict, StoreError
from reportminer.store.database import transaction
from reportminer.store.log import write
from reportminer.store.projects import now
from reportminer.store.schema import sessions, users

ROLES = ("viewer", "reviewer", "admin")
_LIFE = timedelta(hours=12)
_TRIES, _WINDOW = 5, 300.0  # wrong passwords of one name or address within so many seconds
_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a session belongs to. ``csrf`` must come back with every change."""

    name: str
    role: str
    csrf: str


class Accounts:
    """Accounts of a store."""

    def __init__(self, engine: Engine) -> None:
        from argon2 import PasswordHasher

        self._engine = engine
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex())
        self._wrong: dict[str, list[float]] = defaultdict(list)
        self._lock = Lock()

    def add(self, name: str, password: str, role: str, who: str) -> None:
        """A new account. Raises BadOption, StoreConflict."""
        name = name.strip()
        if not name or len(name) > 50:
            raise BadOption("账号名不能为空，也不能超过 50 字。", "请换一个名字。")
        if len(password) < _SHORTEST or len(password) > 1000:
            raise BadOption(f"密码至少 {_SHORTEST} 个字符。", "请换一个更长的密码。")
        if role not in ROLES:
            raise BadOption(f"没有角色“{role}”。", f"请用 {'、'.join(ROLES)}（查看、审核、管理）。")
        values = {"name": name, "password": self._hasher.hash(password), "role": role, "created_at": now()}
        try:
            with transaction(self._engine) as c:
                c.execute(insert(users).values(**values))
                write(c, who, "account.add", f"account:{name}", after={"role": role})
        except IntegrityError as e:
            raise StoreConflict(f"已有账号“{name}”。", "请换一个名字。") from e

    def count(self) -> int:
        """How many accounts can sign in."""
        with transaction(self._engine) as c:
            wanted = select(func.count()).select_from(users).where(users.c.disabled_at.is_(None))
            return int(c.execute(wanted).scalar_one())

    def disable(self, name: str, who: str) -> None:
        """Nobody can sign in with an account any more; its sessions end. Raises NoSuchThing."""
        with transaction(self._engine) as c:
            found = c.execute(select(users.c.id).where(users.c.name == name)).scalar()
            if found is None:
                raise NoSuchThing(f"没有账号“{name}”。", "请检查名字。")
            c.execute(update(users).where(users.c.id == found).values(disabled_at=now()))
            c.execute(delete(sessions).where(sessions.c.user_id == found))
            write(c, who, "account.disable", f"account:{name}")

    def sign_in(self, name: str, password: str, address: str) -> str:
        """A new session: the cookie. Raises StoreError for a wrong name or password, or after too many of them."""
        from argon2.exceptions import VerificationError

        keys = (f"name:{name}", f"address:{address}")
        with self._lock:
            for key in keys:
                self._wrong[key] = [t for t in self._wrong[key] if time.monotonic() - t < _WINDOW]
                if len(self._wrong[key]) >= _TRIES:
                    raise StoreError("输错次数太多，已暂停登录。", "请过 5 分钟再试。")
            for key in keys:  # counted before the password is looked at, so that tries at once count too
                self._wrong[key].append(time.monotonic())
        with transaction(self._engine) as c:
            wanted = select(users).where(users.c.name == name, users.c.disabled_at.is_(None))
            found = c.execute(wanted).mappings().first()
        try:
            self._hasher.verify(found["password"] if found else self._nobody, password)
        except VerificationError as e:
            with transaction(self._engine) as c:
                write(c, name[:50], "account.refused", f"account:{name[:50]}", address=address)
            raise StoreError("账号或密码不对。", "请检查后重试。") from e
        if found is None:
            raise StoreError("账号或密码不对。", "请检查后重试。")
        with self._lock:
            for key in keys:
                self._wrong.pop(key, None)
        token = secrets.token_urlsafe(32)
        values = {
            "token": _hashed(token), "user_id": found["id"], "csrf": secrets.token_urlsafe(24), "created_at": now(), "expires_at": now() + _LIFE,
        }  # fmt: skip
        with transaction(self._engine) as c:
            c.execute(delete(sessions).where(sessions.c.expires_at < now()))
            c.execute(insert(sessions).values(**values))
            write(c, name, "account.sign_in", f"account:{name}", address=address)
        return token

    def of(self, token: str) -> SignedIn | None:
        """Who a cookie belongs to, None for one that is unknown or too old."""
        wanted = (
            select(users.c.name, users.c.role, sessions.c.csrf)
            .join(sessions, sessions.c.user_id == users.c.id)
            .where(
                sessions.c.token == _hashed(token),
                sessions.c.expires_at > now(),
                users.c.disabled_at.is_(None),
            )
        )
        with transaction(self._engine) as c:
            found = c.execute(wanted).first()
        return None if found is None else SignedIn(*found)

    def sign_out(self, token: str) -> None:
        """End a session."""
        with transaction(self._engine) as c:
            c.execute(delete(sessions).where(sessions.c.token == _hashed(token)))


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
