"""Imports point down only; heavy libraries are imported inside what needs them."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# From the ground up; a module stands where its longest prefix stands, the rest on GROUND.
GROUND, SIDE = 1, 5
BESIDE = (
    "batch summary executors worker report export texts beeps clips doctor gather training"
    " web link appealing appealsheet asked auditsheet callsheet closing compare comparesheet"
    " console decisions feedback grids helptext helptext_office keeping options push"
    " reporting reviewing reviewsheet scorecard shiftreport ticketsheet upkeep whysheet"
    " workbench"
)
LEVELS = {
    "models": 0,
    "pipeline": GROUND,  # records, errors, config, audio, labels, domain, ingest ...
    **dict.fromkeys(("pipeline.stage", "pipeline.tools", "pipeline.provenance"), 2),
    **dict.fromkeys(("pipeline.stages", "pipeline.store"), 3),
    "pipeline.plan": 4,
    **{f"pipeline.{name}": SIDE for name in BESIDE.split()},
    "cli": 6,
}
APART = {("web", "batch"), ("stages", "store"), ("executors", "stages")}
HEAVY = {"torch", "ctranslate2", "transformers", "ray", "onnxruntime", "httpx2"}
NETWORK = ("httpx2", "httpx", "requests", "urllib.request", "urllib3", "http.client", "aiohttp")
# Of the pages alone, which are imported late themselves, but for their command.
WEB = {"fastapi", "starlette", "uvicorn"}
# Networks, written in torch all through; others import them late.
IN_TORCH = {
    "models.beam",
    "models.bothsides",
    "models.encoder",
    "models.products",
    "models.punctuation",
    "models.spelling",
    "models.whisper_net",
    "pipeline.training.punctuation",
    "pipeline.training.spelling",
}
FILES = sorted(
    [*ROOT.glob("pipeline/**/*.py"), *ROOT.glob("models/**/*.py"), *ROOT.glob("cli.py")]
)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def level(module: str) -> int:
    while module not in LEVELS:
        module = module.rpartition(".")[0]
    return LEVELS[module]


def imports(path: Path, *, top: bool) -> set[str]:
    """What a file imports; `top`: only what importing the file itself imports."""
    found: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        checking = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif not (top and (later or checking)):
            waiting += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_point_down_only(path):
    me = name_of(path)
    for module in imports(path, top=False):
        if module.split(".")[0] in ("models", "pipeline", "cli"):
            assert level(module) <= level(me), f"{me} imports {module} from above it"
            pair = tuple((name + "..").split(".")[1] for name in (me, module))
            assert not {pair, pair[::-1]} & APART, f"{me} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_heavy_libraries_are_imported_where_they_are_used(path):
    allowed = {"torch"} if name_of(path) in IN_TORCH else set()
    found = imports(path, top=True)
    page = name_of(path).startswith("pipeline.web.") and name_of(path) != "pipeline.web.command"
    heavy = HEAVY if page else HEAVY | WEB
    assert not {module.split(".")[0] for module in found} & heavy - allowed
    if not page:
        pages = {module for module in found if module.startswith("pipeline.web.")}
        assert pages <= {"pipeline.web.command"}
    if name_of(path) not in IN_TORCH:
        assert not {one for one in found if ".".join(one.split(".")[:2]) in IN_TORCH}


def test_a_network_is_used_by_two_commands_alone():
    users = {
        name_of(path)
        for path in FILES
        for module in imports(path, top=False)
        if any(f"{module}.".startswith(f"{name}.") for name in NETWORK)
    }
    assert users == {"models.fetch", "pipeline.push.post"}


@pytest.mark.parametrize("name", sorted(IN_TORCH))
def test_what_may_import_torch_at_once_does(name):
    (path,) = [path for path in FILES if name_of(path) == name]
    assert "torch" in {module.split(".")[0] for module in imports(path, top=True)}


def test_an_import_inside_a_function_is_late_but_still_an_import(tmp_path):
    text = (
        "import av\nif TYPE_CHECKING:\n    import torch\ndef f():\n    from ray import data\n"
    )
    (tmp_path / "some.py").write_text(text)
    assert imports(tmp_path / "some.py", top=True) == {"av"}
    assert imports(tmp_path / "some.py", top=False) == {"av", "torch", "ray.data"}
