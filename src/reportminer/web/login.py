"""Signing in and out, where accounts are on."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from reportminer.errors import NoSuchThing
from reportminer.web.common import TheBench, json, templates

router = APIRouter()


class Login(BaseModel):
    """Name and password."""

    name: str = Field(max_length=100)
    password: str = Field(max_length=1000)


@router.get("/login", include_in_schema=False)
def login_page(request: Request) -> Response:
    """Where to sign in."""
    return templates.TemplateResponse(request, "login.html")


@router.post("/login", include_in_schema=False)
def login(request: Request, body: Login, bench: TheBench) -> Response:
    """Sign in; the session is a cookie that no script reads."""
    if bench.accounts is None:
        raise NoSuchThing("这个工作台不需要登录。", "请打开首页。")
    address = request.client.host if request.client else ""
    token = bench.accounts.sign_in(body.name, body.password, address)
    answer = json({"name": body.name})
    answer.set_cookie(
        "session", token, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
    return answer


@router.post("/logout", include_in_schema=False)
def logout(request: Request, bench: TheBench) -> Response:
    """Sign out."""
    if bench.accounts is not None:
        bench.accounts.sign_out(request.cookies.get("session", ""))
    answer = Response(status_code=204)
    answer.delete_cookie("session")
    return answer
