"""The commands of whoever answers for the data: forget, backup, restore, users, audit.

Part of cli.py, which joins them to `lingsu`; the same rules hold here.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from pipeline import asked, console
from pipeline import helptext_office as helptext
from pipeline import options as opt
from pipeline.errors import InputInvalid

if TYPE_CHECKING:
    from pipeline.store.store import Store

commands = typer.Typer()
accounts = typer.Typer(help=helptext.USERS, no_args_is_help=True, rich_markup_mode=None)
trail = typer.Typer(help=helptext.AUDIT, no_args_is_help=True, rich_markup_mode=None)


@commands.command(help=helptext.FORGET)
def forget(
    call: opt.MaybeId = None,
    older_than: opt.OlderThan = None,
    expired: opt.Expired = False,
    db: opt.Db = opt.LINGSU_DB,
    config: opt.ConfigFile = None,
    yes: opt.Yes = False,
) -> None:
    """Erase calls from the store."""
    from pipeline.push import letters
    from pipeline.store import erase

    before = asked.moment(older_than, "--older-than")
    if expired and (call or before):
        raise InputInvalid("--expired 不与录音编号、--older-than 同用")
    with asked.opened(db) as store:
        if not yes:
            typer.confirm("删除后不可恢复，继续？", abort=True, err=True)
        if expired:
            told = _expire(store, config)
        else:
            count = erase.forget(store, call, older_than=before, who=asked.me())
            told = f"已删除 {count} 通；录音原件、复制走的文件和备份不在其内"
        letters.sweep(store, letters.beside(db))
    console.note(told)


@commands.command(help=helptext.BACKUP)
def backup(file: opt.BackupFile, db: opt.Db = opt.LINGSU_DB) -> None:
    """Copy the store while others write."""
    from pipeline.store import backup as copies

    with asked.opened(db) as store:
        size = copies.backup(store, file, asked.me())
    console.note(f"{file}：{size / 1e6:.1f} MB，含全部转写和号码，请与数据库同样保管")


@commands.command(help=helptext.RESTORE)
def restore(file: opt.BackupToRead, db: opt.Db = opt.LINGSU_DB, yes: opt.Yes = False) -> None:
    """Make a backup the store again."""
    from pipeline.store import backup as copies

    if not file.is_file():
        raise InputInvalid(f"{file}：没有这个备份")
    if db.exists() and not yes:
        typer.confirm(f"{db} 会被备份替换，继续？", abort=True, err=True)
    again = copies.restore(file, db, asked.me())
    told = f"，备份之后按要求删除的 {again} 通已再次删除" if again else ""
    console.note(f"{db} 已恢复{told}；所有人要重新登录，给程序的令牌要重新生成")


@trail.command("verify", help=helptext.AUDIT_VERIFY)
def verify(db: opt.Db = opt.LINGSU_DB, as_json: opt.AsJson = False) -> None:
    """Look for an edit of the audit."""
    from pipeline.store import audit

    with asked.opened(db, readonly=True) as store:
        rows, mark = audit.verify(store)
    if as_json:
        console.print_json({"rows": rows, "hash": mark})
    else:
        console.note(f"审计记录到第 {rows} 行，没有改动；末行哈希 {mark}")


@accounts.command("list", help=helptext.USERS_LIST)
def listed(db: opt.Db = opt.LINGSU_DB, as_json: opt.AsJson = False) -> None:
    """Print the accounts."""
    from pipeline.grids import table
    from pipeline.store import users

    with asked.opened(db, readonly=True) as store:
        found = users.listing(store)
    rows = [
        {"name": one.name, "role": one.role, "agent_id": one.agent_id or "",
         "since": one.created[:10], "shut": (one.disabled or "")[:10]}
        for one in found
    ]  # fmt: skip
    if as_json:
        console.print_json(rows)
    else:
        lines = [tuple(row.values()) for row in rows]
        heads = ("account", "role", "agent_id", "since", "shut")
        console.print_tables([table("accounts", heads, lines, "zh")])


@accounts.command("add", help=helptext.USERS_ADD)
def add(
    name: opt.Account, role: opt.Role, agent: opt.AgentId = "", db: opt.Db = opt.LINGSU_DB
) -> None:
    """Make an account."""
    from pipeline import passwords
    from pipeline.store import users

    once = passwords.one_time()
    with asked.opened(db) as store:
        kept = passwords.hashed(once)
        user = users.add(store, name, role, kept, by=users.By(asked.me()), agent_id=agent)
    _tell(user.name, once)


@accounts.command("role", help=helptext.USERS_ROLE)
def change_role(
    name: opt.Account, role: opt.Role, agent: opt.AgentId = "", db: opt.Db = opt.LINGSU_DB
) -> None:
    """Give an account another role."""
    from pipeline.store import users

    with asked.opened(db) as store:
        users.change_role(store, name, role, by=users.By(asked.me()), agent_id=agent)
    console.note(f"{name}：角色改为 {role}，要重新登录")


@accounts.command("disable", help=helptext.USERS_DISABLE)
def disable(name: opt.Account, enable: opt.Enable = False, db: opt.Db = opt.LINGSU_DB) -> None:
    """Shut an account, or open it again."""
    from pipeline.store import users

    with asked.opened(db) as store:
        users.disable(store, name, by=users.By(asked.me()), enable=enable)
    console.note(f"{name}：{'已重新启用' if enable else '已停用，登录和令牌都已失效'}")


@accounts.command("reset", help=helptext.USERS_RESET)
def reset(name: opt.Account, db: opt.Db = opt.LINGSU_DB) -> None:
    """Replace a forgotten password."""
    from pipeline import passwords
    from pipeline.store import users

    once = passwords.one_time()
    with asked.opened(db) as store:
        kept = passwords.hashed(once)
        users.set_password(store, name, kept, by=users.By(asked.me()), own=False)
    _tell(name, once)


def _tell(name: str, once: str) -> None:
    console.note(f"{name}：一次性密码 {once}（只显示这一次，登录后须改）")


def _expire(store: "Store", config: Path | None) -> str:
    from datetime import datetime

    from pipeline.config import load_config
    from pipeline.store import expire, retention

    days = retention.days(store, retention.configured(load_config(config).retention))
    gone = expire.expire(store, days, at=datetime.now(), who=asked.me())
    return (
        f"到期删除：整通 {gone.calls}，转写 {gone.transcripts}，工单草稿 {gone.tickets}，"
        f"声音 {gone.sounds}，报告 {gone.reports}，审计 {gone.audit} 行"
    )
