"""Where orders are sent to, and by which right: the address and the token, checked.

A token never stands in an address, an argument or a log: it comes from a file or from the
environment and goes into one header.
"""

import ipaddress
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.config import PushConfig
from pipeline.errors import InputInvalid, cause

TOKEN = "LINGSU_PUSH_TOKEN"  # environment variable
_PLAIN = re.compile(r"[\x21-\x7e]+")
_TOKEN_SIGNS = re.compile(r"[\x21-\x7e]{1,4096}")  # what a header can carry


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be sent to."""

    url: str  # without anything secret: it is kept in the store
    settings: PushConfig
    token: str = field(default="", repr=False)


def target(
    url: str | None,
    settings: PushConfig,
    *,
    token_file: Path | None = None,
    insecure_http: bool = False,
) -> Target:
    """Check what was typed or configured. Raises InputInvalid saying what is wrong."""
    address = url or settings.url
    if not address:
        raise InputInvalid("请写出推送地址：lingsu push https://……，或在配置里写 push.url")
    _check(address, insecure_http=insecure_http)
    return Target(address, settings, _token(token_file))


def _check(address: str, *, insecure_http: bool) -> None:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InputInvalid(f"推送地址不对：{error}") from error
    if parts.scheme not in ("https", "http") or not host or not _PLAIN.fullmatch(address):
        raise InputInvalid("推送地址要写成 https://主机/路径")
    if "@" in parts.netloc or "?" in address or "#" in address:
        raise InputInvalid(
            f"推送地址里不能有用户名、口令或 ? 后的参数：口令请放在环境变量 {TOKEN}"
            " 或 --token-file 的文件里"
        )
    if parts.scheme == "http" and not (insecure_http or loopback(host)):
        raise InputInvalid(
            "推送地址要用 https；http 不加密，确实要用（如专线内）请加 --insecure-http"
        )


def loopback(host: str) -> bool:
    """Whether the host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _token(file: Path | None) -> str:
    if file is None:
        told, where = os.environ.get(TOKEN, "").strip(), f"环境变量 {TOKEN}"
    else:
        where = str(file)
        try:
            told = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = cause(error) if isinstance(error, OSError) else "不是文本"
            raise InputInvalid(f"{file}：口令文件读不了（{why}）") from error
        if not told:
            raise InputInvalid(f"{file}：口令文件是空的")
    if told and not _TOKEN_SIGNS.fullmatch(told):
        raise InputInvalid(f"{where}：口令只能是一行英文字母、数字和符号，不能有空格")
    return told
