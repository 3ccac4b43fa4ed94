"""The API against its own OpenAPI: no request, however odd, is answered with an error of the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from reportminer.web.app import create_app
from test_web import TEXT, bench, open_client, send, settle

schemathesis = pytest.importorskip("schemathesis")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    folder: Path = tmp_path_factory.mktemp("api")
    made = bench(folder)
    with open_client(made) as client:
        client.post("/api/projects", json={"name": "甲"})
        send(client, 1, "甲.txt", TEXT.format(n=3).encode())
        settle(client, 1)
    app = create_app(bench(folder))
    yield schemathesis.openapi.from_asgi("/api/openapi.json", app, headers={"host": "127.0.0.1"})


def test_no_request_breaks_the_program(api: object) -> None:
    told: list[str] = []
    operations = [r.ok() for r in api.get_all_operations()]  # type: ignore[attr-defined]
    assert len(operations) > 25
    for operation in operations:

        @seed(1)
        @settings(
            max_examples=6,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def tried(case: object) -> None:
            answer = case.call(headers={"host": "127.0.0.1"})  # type: ignore[attr-defined]
            if answer.status_code >= 500:
                told.append(f"{case.method} {case.path}: {answer.text[:200]}")  # type: ignore[attr-defined]

        tried()
    assert not told
