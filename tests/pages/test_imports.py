import ast
import subprocess
import sys
from pathlib import Path

PAGES = Path(__file__).parents[2] / "pages"
HEAVY = ("torch", "transformers", "umap", "sklearn", "peft")


def imported_at_once(path: Path) -> set[str]:
    """The modules that a file imports when it is run, wherever their names are taken from."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module for node in tree.body if isinstance(node, ast.ImportFrom) if node.module}


def test_no_page_imports_the_heavy_libraries() -> None:
    modules = sorted(set().union(*(imported_at_once(path) for path in PAGES.rglob("*.py"))))
    code = (
        f"import importlib, sys\nfor name in {modules}: importlib.import_module(name)\n"
        f"print(sorted(set({HEAVY}) & set(sys.modules)))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=PAGES.parent, capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "[]"
