"""Accounts and sessions of a workbench for several people. Passwords are kept as argon2 hashes, cookies as SHA-256."""

from __future__ import annotations

import secrets
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from threading import BoundedSemaphore, Lock

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from reportminer.errors import BadOption, NoSuchThing, StoreConflict, StoreError
from reportminer.store.database import reading, transaction
from reportminer.store.log import write
from reportminer.store.projects import now
from reportminer.store.records import Account
from reportminer.store.schema import audit_log, sessions, users

ROLES = ("viewer", "reviewer", "admin")
_LIFE = timedelta(hours=12)
_TRIES, _WINDOW = 5, 300.0  # wrong passwords of one name or address within so many seconds
_SHORTEST, _LONGEST = 8, 1000  # characters of a password
_REMEMBERED = 10_000  # names and addresses above which old tries are forgotten
_AT_ONCE = 2  # passwords that are looked at at the same time: each takes 64 MB and a core


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
        self._hashing = BoundedSemaphore(_AT_ONCE)

    def add(self, name: str, password: str, role: str, who: str) -> None:
        """A new account. Raises BadOption, StoreConflict."""
        name = name.strip()
        if not name or len(name) > 50 or not name.isprintable():
            raise BadOption("账号名不能为空，不能超过 50 字，也不能有控制字符。", "请换一个名字。")
        _check_role(role)
        values = {"name": name, "password": self._hash(password), "role": role, "created_at": now()}
        try:
            with transaction(self._engine) as c:
                c.execute(insert(users).values(**values))
                write(c, who, "account.add", f"account:{name}", after={"role": role})
        except IntegrityError as e:
            raise StoreConflict(f"已有账号“{name}”。", "请换一个名字。") from e

    def _hash(self, password: str) -> str:
        if not _SHORTEST <= len(password) <= _LONGEST:
            raise BadOption(f"密码至少 {_SHORTEST} 个字符。", "请换一个更长的密码。")
        with self._hashing:
            return self._hasher.hash(password)

    def all(self) -> list[Account]:
        """All accounts by name, locked ones too."""
        last = (
            select(audit_log.c.who, func.max(audit_log.c.at).label("last_sign_in"))
            .where(audit_log.c.action == "account.sign_in")
            .group_by(audit_log.c.who)
            .subquery()
        )
        columns = users.c.id, users.c.name, users.c.role, users.c.created_at, users.c.disabled_at
        wanted = select(*columns, last.c.last_sign_in).outerjoin(last, last.c.who == users.c.name)
        with reading(self._engine) as c:
            return [Account(*r) for r in c.execute(wanted.order_by(users.c.name))]

    def get(self, account: int) -> Account:
        """One account by its number. Raises NoSuchThing."""
        found = next((a for a in self.all() if a.id == account), None)
        if found is None:
            raise NoSuchThing("没有这个账号。", "请刷新账号列表。")
        return found

    def count(self) -> int:
        """How many accounts can sign in."""
        with reading(self._engine) as c:
            wanted = select(func.count()).select_from(users).where(users.c.disabled_at.is_(None))
            return int(c.execute(wanted).scalar_one())

    def set_role(self, name: str, role: str, who: str) -> None:
        """Another role; sessions have it at once. Raises BadOption for the last account that manages, NoSuchThing."""
        _check_role(role)
        with transaction(self._engine) as c:
            number, before = self._found(c, name)
            if role != "admin":
                _keep_one(c, name)
            c.execute(update(users).where(users.c.id == number).values(role=role))
            write(c, who, "account.role", f"account:{name}", before={"role": before}, after={"role": role})

    def disable(self, name: str, who: str) -> None:
        """Lock: nobody can sign in with an account any more; its sessions end. Raises BadOption for the last account that manages, NoSuchThing."""
        with transaction(self._engine) as c:
            number, _ = self._found(c, name)
            _keep_one(c, name)
            c.execute(update(users).where(users.c.id == number).values(disabled_at=now()))
            c.execute(delete(sessions).where(sessions.c.user_id == number))
            write(c, who, "account.disable", f"account:{name}")

    def enable(self, name: str, who: str) -> None:
        """Unlock an account; wrong passwords given for it are forgotten. Raises NoSuchThing."""
        with transaction(self._engine) as c:
            number, _ = self._found(c, name)
            c.execute(update(users).where(users.c.id == number).values(disabled_at=None))
            write(c, who, "account.enable", f"account:{name}")
        self._forget(f"name:{name}")

    def reset_password(self, name: str, password: str, who: str) -> None:
        """Another password, given by somebody who manages accounts; all sessions of the account end. Raises BadOption, NoSuchThing."""
        hashed = self._hash(password)
        with transaction(self._engine) as c:
            number, _ = self._found(c, name)
            c.execute(update(users).where(users.c.id == number).values(password=hashed))
            c.execute(delete(sessions).where(sessions.c.user_id == number))
            write(c, who, "account.password_reset", f"account:{name}")
        self._forget(f"name:{name}")

    def change_password(self, name: str, old: str, new: str, token: str, address: str) -> None:
        """One's own password; other sessions than that of ``token`` end. Raises BadOption, StoreError for a wrong old password."""
        self._verified(name, old, address)
        if old == new:
            raise BadOption("新密码与旧密码相同。", "请换一个密码。")
        hashed = self._hash(new)
        with transaction(self._engine) as c:
            number, _ = self._found(c, name)
            c.execute(update(users).where(users.c.id == number).values(password=hashed))
            others = sessions.c.user_id == number, sessions.c.token != _hashed(token)
            c.execute(delete(sessions).where(*others))
            write(c, name, "account.password", f"account:{name}", address=address)

    def _found(self, c: Connection, name: str) -> tuple[int, str]:
        found = c.execute(select(users.c.id, users.c.role).where(users.c.name == name)).first()
        if found is None:
            raise NoSuchThing(f"没有账号“{name}”。", "请检查名字。")
        return found[0], found[1]

    def sign_in(self, name: str, password: str, address: str) -> str:
        """A new session: the cookie. Raises StoreError for a wrong name or password, or after too many of them."""
        number = self._verified(name, password, address)
        token = secrets.token_urlsafe(32)
        values = {
            "token": _hashed(token), "user_id": number, "csrf": secrets.token_urlsafe(24), "created_at": now(), "expires_at": now() + _LIFE,
        }  # fmt: skip
        with transaction(self._engine) as c:
            c.execute(delete(sessions).where(sessions.c.expires_at < now()))
            c.execute(insert(sessions).values(**values))
            write(c, name, "account.sign_in", f"account:{name}", address=address)
        return token

    def _verified(self, name: str, password: str, address: str) -> int:
        """The number of the account whose password it is. Raises StoreError."""
        from argon2.exceptions import VerificationError

        keys = (f"name:{name}", f"address:{address}")
        with self._lock:
            if len(self._wrong) > _REMEMBERED:
                fresh = time.monotonic() - _WINDOW
                kept = {k: v for k, v in self._wrong.items() if v and v[-1] > fresh}
                self._wrong = defaultdict(list, kept)
            for key in keys:
                self._wrong[key] = [t for t in self._wrong[key] if time.monotonic() - t < _WINDOW]
                if len(self._wrong[key]) >= _TRIES:
                    raise StoreError("输错次数太多，已暂停登录。", "请过 5 分钟再试。")
            for key in keys:  # counted before the password is looked at, so that tries at once count too
                self._wrong[key].append(time.monotonic())
        with reading(self._engine) as c:
            wanted = select(users).where(users.c.name == name, users.c.disabled_at.is_(None))
            found = c.execute(wanted).mappings().first()
        try:
            with self._hashing:
                self._hasher.verify(found["password"] if found else self._nobody, password)
        except VerificationError as e:
            with transaction(self._engine) as c:
                write(c, name[:50], "account.refused", f"account:{name[:50]}", address=address)
            raise StoreError("账号或密码不对。", "请检查后重试。") from e
        if found is None:
            raise StoreError("账号或密码不对。", "请检查后重试。")
        self._forget(*keys)
        return int(found["id"])

    def _forget(self, *keys: str) -> None:
        with self._lock:
            for key in keys:
                self._wrong.pop(key, None)

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
        with reading(self._engine) as c:
            found = c.execute(wanted).first()
        return None if found is None else SignedIn(*found)

    def sign_out(self, token: str) -> None:
        """End a session."""
        with transaction(self._engine) as c:
            c.execute(delete(sessions).where(sessions.c.token == _hashed(token)))


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise BadOption(f"没有角色“{role}”。", f"请用 {'、'.join(ROLES)}（查看、审核、管理）。")


def _keep_one(c: Connection, name: str) -> None:
    """Raises BadOption when an account is the last that manages: nobody could let the others in any more."""
    managing = select(users.c.name).where(users.c.role == "admin", users.c.disabled_at.is_(None))
    # locked in one order, so that of two who take the role from each other one comes second and sees it
    names = c.execute(managing.order_by(users.c.id).with_for_update()).scalars().all()
    if list(names) == [name]:
        raise BadOption(f"“{name}”是最后一个有“管理”权限的账号。", "请先给另一个账号“管理”权限。")


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
