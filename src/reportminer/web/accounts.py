"""Pages and routes of accounts: for who manages them, and one's own password."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from reportminer.errors import NoSuchThing
from reportminer.store.accounts import Accounts
from reportminer.web.common import ROLES, Admin, Number, Reader, TheBench, json, page

router = APIRouter()
Role = Literal["viewer", "reviewer", "admin"]
Password = Annotated[str, Field(max_length=1000)]


class NewAccount(BaseModel):
    """An account to be made."""

    name: str = Field(min_length=1, max_length=50)
    password: Password
    role: Role = "reviewer"


class AccountChange(BaseModel):
    """Another role, or locked and unlocked."""

    role: Role | None = None
    locked: bool | None = None


class NewPassword(BaseModel):
    """A password given by who manages accounts."""

    password: Password


class OwnPassword(BaseModel):
    """One's own password, with the old one."""

    old: Password
    new: Password


def _accounts(bench: TheBench) -> Accounts:
    if bench.accounts is None:
        raise NoSuchThing(
            "这个工作台只供本机一人使用，没有账号。", "需要账号时用 --accounts 或 --host 启动。"
        )
    return bench.accounts


TheAccounts = Annotated[Accounts, Depends(_accounts)]


@router.get("/accounts", include_in_schema=False)
def accounts_page(request: Request, accounts: TheAccounts, who: Admin) -> Response:
    """All accounts."""
    return page(request, "accounts.html", accounts=accounts.all(), roles=ROLES)


@router.get("/me", include_in_schema=False)
def own_page(request: Request, accounts: TheAccounts, who: Reader) -> Response:
    """One's own account."""
    return page(request, "me.html")


@router.get("/api/me", tags=["accounts"])
def get_me(who: Reader) -> Response:
    """Who is signed in, with their role."""
    return json({"name": who.name, "role": who.role})


@router.put("/api/me/password", status_code=204, tags=["accounts"])
def set_own_password(request: Request, body: OwnPassword, accounts: TheAccounts, who: Reader) -> Response:
    """Another password of one's own; sessions on other machines end."""
    address = request.client.host if request.client else ""
    token = request.cookies.get("session", "")
    accounts.change_password(who.name, body.old, body.new, token, address)
    return Response(status_code=204)


@router.get("/api/accounts", tags=["accounts"])
def list_accounts(accounts: TheAccounts, who: Admin) -> Response:
    """All accounts, locked ones too; passwords are not told."""
    return json(accounts.all())


@router.post("/api/accounts", status_code=201, tags=["accounts"])
def add_account(body: NewAccount, accounts: TheAccounts, who: Admin) -> Response:
    """A new account."""
    accounts.add(body.name, body.password, body.role, who.name)
    return json(next(a for a in accounts.all() if a.name == body.name.strip()), 201)


@router.patch("/api/accounts/{account}", tags=["accounts"])
def change_account(account: Number, body: AccountChange, accounts: TheAccounts, who: Admin) -> Response:
    """Change the role, lock, unlock; never of the last account that manages."""
    found = accounts.get(account)
    if body.role is not None and body.role != found.role:
        accounts.set_role(found.name, body.role, who.name)
    if body.locked is not None and body.locked != (found.disabled_at is not None):
        (accounts.disable if body.locked else accounts.enable)(found.name, who.name)
    return json(accounts.get(account))


@router.put("/api/accounts/{account}/password", status_code=204, tags=["accounts"])
def reset_password(account: Number, body: NewPassword, accounts: TheAccounts, who: Admin) -> Response:
    """Another password for somebody who forgot theirs; their sessions end."""
    accounts.reset_password(accounts.get(account).name, body.password, who.name)
    return Response(status_code=204)
