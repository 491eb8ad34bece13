"""What `lingsu web` was asked for, checked: an address others can reach needs protection."""

import ipaddress
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.config import Config
from pipeline.errors import InputInvalid, cause

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """How the workbench is served."""

    db: Path
    config: Config
    profile: str = "default"
    host: str = "127.0.0.1"
    port: int = 8345
    names: frozenset[str] = frozenset()  # hosts it may be asked for by, beside its address
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(SECRET_BYTES), repr=False)
    tls_cert: Path | None = None
    tls_key: Path | None = None
    proxy: str | None = None  # the address of the proxy that speaks TLS to the outside

    @property
    def secure(self) -> bool:
        """Whether browsers reach it over TLS."""
        return self.tls_cert is not None or self.proxy is not None

    @property
    def hosts(self) -> frozenset[str]:
        """What the Host header may say, without the port."""
        own = LOOPBACK if loopback(self.host) else frozenset({self.host})
        return frozenset(name.casefold() for name in own | self.names)


def loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check(settings: Settings, *, has_secret: bool) -> None:
    """Raises InputInvalid for what would let the office's network read the calls."""
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise InputInvalid("--tls-cert 和 --tls-key 要一起写")
    for path in (settings.tls_cert, settings.tls_key):
        if path is not None and not path.is_file():
            raise InputInvalid(f"{path}：没有这个文件")
    if loopback(settings.host) and settings.proxy is None:
        return
    if not has_secret:
        raise InputInvalid(
            f"{settings.host}：别的机器能连到这个地址，要用 --secret-key 给出密钥文件；"
            "生成：head -c 48 /dev/urandom | base64 > lingsu.key && chmod 600 lingsu.key"
        )
    if not settings.secure:
        raise InputInvalid(
            f"{settings.host}：别的机器能连到这个地址，要用 --tls-cert、--tls-key 加密，"
            "或用 --behind-proxy 写明加密的反向代理的地址"
        )
    if settings.host in ("0.0.0.0", "::") and not settings.names:
        raise InputInvalid("监听所有地址时，要用 --name 写明浏览器里用的主机名")


def read_secret(path: Path) -> bytes:
    """The key in a file, at least 32 bytes. Raises InputInvalid: short, or open to others."""
    try:
        key = path.read_bytes().strip()
        mode = path.stat().st_mode
    except OSError as error:
        raise InputInvalid(f"{path}：{cause(error)}") from error
    if len(key) < SECRET_BYTES:
        raise InputInvalid(f"{path}：密钥太短，至少 {SECRET_BYTES} 个字节")
    if mode & stat.S_IROTH:
        raise InputInvalid(f"{path}：别的用户能读；请 chmod 600 {path}")
    return key
