"""What `lingsu web`, forget, backup, restore, users and audit say with --help.

Beside helptext.py, as a part of it: the same rules hold.
"""

WEB = """复核工作台：在浏览器里听、判、改、派；默认只有本机能打开。

The review workbench, served to browsers. First start: an administrator and a password.

\b
例 Examples:
  lingsu web --db lingsu.db
  lingsu web --host 10.1.2.3 --secret-key lingsu.key --tls-cert 证书.pem --tls-key 私钥.pem
  lingsu web --behind-proxy 127.0.0.1 --name hotline.example --secret-key lingsu.key
"""

FORGET = """删除一通、某天以前的或保留期限已到的：转写、结果、引文；审计表留一行。不可恢复。

Erase a call, all from before a day, or what has been kept for as long as it may be. The
sound files themselves are not touched.

\b
例 Examples:
  lingsu forget 3f2a91c0
  lingsu forget --older-than 2026-01-01 --yes
  lingsu forget --expired --config 我市.toml --yes
"""

BACKUP = """备份数据库：不用停下正在写的运行和工作台；得到的是某一刻完整的一份。

Copy the store while others write: one moment of it, whole or not at all.

\b
例 Examples:
  lingsu backup 备份/2026-07-14.db --db lingsu.db
"""

RESTORE = """用备份恢复数据库；先停下运行和工作台。备份之后按要求删除的通话会再次删除。

Make a backup the store again; runs and the workbench must be stopped. What was erased on
request since then is erased again, everybody signs in anew.

\b
例 Examples:
  lingsu restore 备份/2026-07-14.db --db lingsu.db
"""

USERS = """复核工作台的账号。

Accounts of the workbench.

\b
例 Examples:
  lingsu users list
"""

USERS_LIST = """列出账号。

The accounts.

\b
例 Examples:
  lingsu users list --db lingsu.db
"""

USERS_ADD = """新建账号，得到一次性密码。

Make an account; its one-time password is printed.

\b
例 Examples:
  lingsu users add 王芳 clerk
  lingsu users add 李明 agent --agent 1007
"""

USERS_ROLE = """改角色；立即生效，要重新登录。

Give an account another role, at once.

\b
例 Examples:
  lingsu users role 王芳 supervisor
"""

USERS_DISABLE = """停用账号，登录和令牌立即失效；--enable 重新启用。

Shut an account, its sessions and tokens end at once; --enable opens it again.

\b
例 Examples:
  lingsu users disable 王芳
  lingsu users disable 王芳 --enable
"""

USERS_RESET = """忘了密码：换成一次性密码。

Replace a forgotten password by a one-time one.

\b
例 Examples:
  lingsu users reset admin
"""

AUDIT = """审计记录。

The audit.

\b
例 Examples:
  lingsu audit verify
"""

AUDIT_VERIFY = """核对审计的哈希链，找出被改动、删去、插入的行。退出码 2 为有改动。

Look for an edited, removed or inserted row of the audit; exit status 2 when there is one.

\b
例 Examples:
  lingsu audit verify --db lingsu.db
"""
