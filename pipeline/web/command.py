"""The command of the workbench: web. cli.py joins it to `lingsu`."""

from typing import TYPE_CHECKING, Any

import typer

from pipeline import console
from pipeline import helptext_office as helptext
from pipeline import options as opt

if TYPE_CHECKING:
    from pipeline.web.bench import Bench

commands = typer.Typer()


@commands.command(help=helptext.WEB)
def web(
    db: opt.Db = opt.LINGSU_DB,
    host: opt.Host = "127.0.0.1",
    port: opt.Port = 8345,
    name: opt.HostNames = None,
    secret_key: opt.SecretKey = None,
    tls_cert: opt.TlsCert = None,
    tls_key: opt.TlsKey = None,
    behind_proxy: opt.BehindProxy = None,
    profile: opt.ProfileName = "default",
    config: opt.ConfigFile = None,
) -> None:
    """Serve the review workbench."""
    from pipeline.config import load_config
    from pipeline.web import settings as wanted

    more: dict[str, Any] = {}
    if secret_key is not None:
        more["secret"] = wanted.read_secret(secret_key)
    settings = wanted.Settings(
        db=db, config=load_config(config), profile=profile, host=host, port=port,
        names=frozenset(name or ()), tls_cert=tls_cert, tls_key=tls_key, proxy=behind_proxy,
        **more,
    )  # fmt: skip
    wanted.check(settings, has_secret=secret_key is not None)

    from pipeline.web.bench import Bench
    from pipeline.web.serve import address, serve

    if not db.exists():
        console.note(f"{db}：还没有这个数据库，新建一个空的")
    bench = Bench.open(settings)
    first = _first_administrator(bench)
    if first is not None:
        console.note(f"管理员账号 admin，一次性密码 {first}（只显示这一次，登录后须改）")
    console.note(f"复核工作台：{address(settings)}；停止：Ctrl-C")
    serve(bench)


def _first_administrator(bench: "Bench") -> str | None:
    """The password of a new administrator, where there is none yet."""
    from pipeline import passwords
    from pipeline.roles import ADMIN
    from pipeline.store import users

    with bench.pool.lend(write=True) as store:
        if any(ADMIN in (one.role, one.name) for one in users.listing(store)):
            return None
        once = passwords.one_time()
        users.add(store, ADMIN, ADMIN, passwords.hashed(once), by=users.By("lingsu web"))
    return once
