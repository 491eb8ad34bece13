"""Where the workbench refuses to be reached from, and what it is asked for by."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import load_config
from pipeline.errors import InputInvalid
from pipeline.web.settings import Settings, check, loopback, read_secret

OURS = Settings(Path("x.db"), load_config())
OPEN = replace(OURS, host="10.1.2.3")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_this_machine_alone_needs_nothing(host):
    check(replace(OURS, host=host), has_secret=False)


@pytest.mark.parametrize("host", ["10.1.2.3", "0.0.0.0", "::", "192.168.1.4", "office.example"])
def test_another_address_needs_a_key_and_encryption(host, tmp_path):
    asked = replace(OURS, host=host, names=frozenset({"hotline.example"}))
    with pytest.raises(InputInvalid, match="--secret-key"):
        check(asked, has_secret=False)
    with pytest.raises(InputInvalid, match="--tls-cert"):
        check(asked, has_secret=True)
    for file in ("cert", "key"):
        (tmp_path / file).touch()
    with_tls = replace(asked, tls_cert=tmp_path / "cert", tls_key=tmp_path / "key")
    check(with_tls, has_secret=True)
    check(replace(asked, proxy="10.1.2.1"), has_secret=True)
    with pytest.raises(InputInvalid, match="--secret-key"):
        check(with_tls, has_secret=False)


def test_behind_a_proxy_others_reach_it_even_on_this_machine():
    with pytest.raises(InputInvalid, match="--secret-key"):
        check(replace(OURS, proxy="127.0.0.1"), has_secret=False)


def test_all_addresses_need_a_name(tmp_path):
    with pytest.raises(InputInvalid, match="--name"):
        check(replace(OURS, host="0.0.0.0", proxy="10.1.2.1"), has_secret=True)


def test_half_of_tls_is_none(tmp_path):
    (tmp_path / "cert").touch()
    with pytest.raises(InputInvalid, match="一起"):
        check(replace(OPEN, tls_cert=tmp_path / "cert"), has_secret=True)
    missing = replace(OPEN, tls_cert=tmp_path / "cert", tls_key=tmp_path / "key")
    with pytest.raises(InputInvalid, match="没有这个文件"):
        check(missing, has_secret=True)


def test_a_key_that_others_read_or_that_is_short_is_none(tmp_path):
    key = tmp_path / "lingsu.key"
    with pytest.raises(InputInvalid, match="没有这个文件"):
        read_secret(key)
    key.write_bytes(b"a" * 31)
    key.chmod(0o600)
    with pytest.raises(InputInvalid, match="太短"):
        read_secret(key)
    key.write_bytes(b"a" * 32 + b"\n")
    assert read_secret(key) == b"a" * 32
    key.chmod(0o644)
    with pytest.raises(InputInvalid, match="chmod"):
        read_secret(key)


def test_it_answers_to_its_address_and_names():
    named = replace(OPEN, names=frozenset({"Hotline.Example"}))
    assert named.hosts == {"10.1.2.3", "hotline.example"}
    assert OURS.hosts == {"127.0.0.1", "localhost", "::1"}
    assert not OURS.secure and replace(OPEN, proxy="10.0.0.1").secure
    assert not loopback("localhost.evil.example")


def test_the_key_is_not_shown():
    assert repr(OURS.secret)[2:-1] not in repr(OURS)
