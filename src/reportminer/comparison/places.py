"""Areas of one name that are different places (朝阳区 of 北京 and of 长春) are kept apart and named with what they lie in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from reportminer.restore.gazetteer import gazetteer, lookup


@cache
def place_of(name: str, code: str) -> str:
    """The code of the place that has a name and, now or in some year, a code: a county that got another code remained what it was."""
    known = [r.code for r in lookup(name)]
    if code in known:
        return code
    # what ``lookup`` leaves out is an earlier code of a place that it names, in the same province
    of_province = [k for k in known if k[:2] == code[:2]]
    return of_province[0] if len(of_province) == 1 else code


def apart(codes: Mapping[str, Iterable[str | None]]) -> dict[tuple[str, str | None], str]:
    """(name, code) → what a place is called, for the names that more than one place among the ``codes`` of each name has. What has no code is nobody
    knows which of them, and keeps the bare name."""
    out: dict[tuple[str, str | None], str] = {}
    for name, found in codes.items():
        places = {c: place_of(name, c) for c in found if c}
        if len(set(places.values())) > 1:
            out.update({(name, c): f"{name}（{_above(place)}）" for c, place in places.items()})
    return out


def _above(code: str) -> str:
    """The name of what a place lies in, with its province where that is not the same; its code where the gazetteer knows neither."""
    known = gazetteer().by_code
    names = []
    for above in (code[:2] + "0000", code[:4] + "00"):
        region = next((r for r in known.get(above, ()) if above != code), None)
        if region is not None and region.name not in ("市辖区", "县"):
            names.append(region.name)
    return "".join(names) or code
