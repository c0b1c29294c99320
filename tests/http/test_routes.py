import subprocess
import sys

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize("path", ["/api/", "/api/none", "/api/recommendations/u00"])
def test_what_is_not_there_is_a_problem_not_the_dashboard(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["detail"]) == (404, f"There is nothing at {path!r}.")


def test_starting_the_server_needs_no_heavy_library() -> None:
    code = (
        "import sys; from recsys_core.http.routes import api_routes; api_routes(); "
        "print(sorted({'torch', 'transformers', 'umap', 'sklearn'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
