"""How often somebody may ask: so many a minute, at once or spread, and then as many as the minute gives back."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from reportminer.limits import limit

#: kinds of requests, each with its limit in ``reportminer.limits``
KINDS = ("web_requests", "web_uploads", "web_exports", "web_logins")
_MINUTE = 60.0
_REMEMBERED = 10_000  # people and addresses above which those who rest are forgotten


class Rates:
    """Requests by kind and by who asks, in the memory of this process. One number for each is enough: the moment up to which they have used what they
    may (the generic cell rate algorithm of networks)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._every = {kind: _MINUTE / limit(kind) for kind in KINDS}
        self._used: dict[tuple[str, str], float] = {}
        self._lock = Lock()

    def wait(self, kind: str, who: str) -> float:
        """0 when the request may go on (it is counted then), otherwise the seconds until the next may come."""
        with self._lock:
            now = self._clock()
            if len(self._used) > _REMEMBERED:
                self._used = {k: t for k, t in self._used.items() if t > now}
            used = max(now, self._used.get((kind, who), now)) + self._every[kind]
            # a hair more than the minute, so that rounding takes nobody's last request
            if used - now > _MINUTE * (1 + 1e-9):
                return used - now - _MINUTE
            self._used[kind, who] = used
            return 0.0
