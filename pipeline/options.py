"""The options that several commands share, each with its help. Used by cli.py alone."""

from pathlib import Path
from typing import Annotated, Literal

import typer

LINGSU_DB = Path("lingsu.db")

Db = Annotated[Path, typer.Option("--db", help="SQLite 数据库文件。")]
MaybeDb = Annotated[Path | None, typer.Option("--db", help="也检查这个数据库。")]
ProfileName = Annotated[str, typer.Option("--profile", help="城市配置：名字或文件夹。")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="自己的 TOML 配置。")]
Shifts = Annotated[list[str] | None, typer.Option("--shift", help="只要这个班次，可多次。")]
OneShift = Annotated[
    str | None,
    typer.Option("--shift", help="2026-07-14-行政班、2026-07-14 或 行政班（最近一次）。"),
]
ReportFolder = Annotated[
    Path | None, typer.Option("--out", help="报告的文件夹；默认以班次命名，在当前目录。")
]
Clips = Annotated[bool, typer.Option("--clips/--no-clips", help="剪出可听的片段。")]
OpenPage = Annotated[bool, typer.Option("--open", help="写好后用浏览器打开。")]
ClipsTo = Annotated[
    Path | None, typer.Option("--clips", help="依据剪成片段放进这个文件夹，表格里有链接。")
]
Agents = Annotated[list[str] | None, typer.Option("--agent", help="只要这个工号，可多次。")]
Since = Annotated[str | None, typer.Option("--since", help="从 2026-07-14[T08:00] 起。")]
Until = Annotated[str | None, typer.Option("--until", help="到这天（含）或这一刻前。")]
Status = Annotated[
    Literal["ok", "no_speech", "failed"] | None, typer.Option("--status", help="只要这种状态。")
]
Retry = Annotated[bool, typer.Option("--retry", help="失败的、已删除的也再处理一次。")]
Compare = Annotated[bool, typer.Option("--compare", help="只看哪些通话的结论会变，不存。")]
AsJson = Annotated[bool, typer.Option("--json", help="输出给程序读的 JSON。")]
Audit = Annotated[
    bool, typer.Option("--audit", help="只看改过的字词和没有写成字的声音，供人去听。")
]
Why = Annotated[bool, typer.Option("--why", help="只看每项结论的依据：词语、规则、概率。")]
Unmasked = Annotated[bool, typer.Option("--unmasked", help="不遮盖号码和姓名。默认遮盖。")]
Lang = Annotated[Literal["zh", "en"], typer.Option("--lang", help="表格语言。")]

PushTo = Annotated[
    str | None, typer.Argument(metavar="[URL]", help="推送到这个地址；默认用配置的 push.url。")
]
OnlyIds = Annotated[list[str] | None, typer.Option("--id", help="只要这通，可多次。")]
WaitingToo = Annotated[bool, typer.Option("--all", help="等人复核的也发。")]
ChangedToo = Annotated[bool, typer.Option("--changed", help="对方收后又有改动的再发一次。")]
SentOnly = Annotated[bool, typer.Option("--sent", help="只发派单员在工作台派出的。")]
DeadLetter = Annotated[Path | None, typer.Option("--dead-letter", help="重发这个文件里的。")]
Undelivered = Annotated[
    Path | None, typer.Option("--out", help="没有送达的写到这个文件；默认在数据库旁。")
]
TokenFile = Annotated[
    Path | None,
    typer.Option("--token-file", help="口令文件；默认用环境变量 LINGSU_PUSH_TOKEN。"),
]
InsecureHttp = Annotated[
    bool, typer.Option("--insecure-http", help="允许不加密的 http（只在专线内）。")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只打印会发什么，不联网。")]

Sources = Annotated[list[str] | None, typer.Argument(help="文件夹或录音文件。")]
Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="编号的前几位，或整个话务编号。")
]
Id = Annotated[str, typer.Argument(metavar="ID", help="编号：SHA-256 的开头几位。")]
MaybeId = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="编号的前几位，或整个话务编号。")
]
Metadata = Annotated[
    Path | None, typer.Option("--metadata", help="话务系统导出的表；默认用录音旁的。")
]
FilesFrom = Annotated[
    str | None, typer.Option("--files-from", help="从文件读路径列表，- 为标准输入。")
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=0, help="并行进程数，0 为每核一个。")
]
Format = Annotated[
    Literal["jsonl", "csv", "xlsx", "srt", "txt", "tickets"],
    typer.Option("--format", help="格式；tickets 为工单草稿，见 docs/schema.md。"),
]
Out = Annotated[Path | None, typer.Option("--out", help="文件；srt、txt 为文件夹。")]
Texts = Annotated[
    Path, typer.Argument(metavar="FILE", help="JSONL、CSV 或 XLSX，列 id、text。")
]
Turn = Annotated[int | None, typer.Option("--turn", min=0, help="第几轮（从 0 起）。")]
Start = Annotated[float | None, typer.Option("--start", min=0, help="从第几秒。")]
End = Annotated[float | None, typer.Option("--end", min=0, help="到第几秒。")]
Beep = Annotated[bool, typer.Option("--beep", help="号码和姓名处换成提示音，供外发。")]
OlderThan = Annotated[str | None, typer.Option("--older-than", help="早于这天的全部。")]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问。")]
Labels = Annotated[Path, typer.Argument(metavar="LABELS", help="标注 JSONL。")]
Reference = Annotated[bool, typer.Option("--reference", help="用标注原文研判，不看听写。")]
Worst = Annotated[int, typer.Option("--worst", min=0, help="再列出错得最多的几通。")]
Curve = Annotated[
    Path | None,
    typer.Option("--curve", help="各项研判的可答与错误率曲线画到这个 SVG 文件。"),
]
Task = Annotated[
    Literal["department", "scope", "request_type", "abuse", "emotion", "urgency"],
    typer.Argument(help="学哪一项判断。"),
]
MaybeTask = Annotated[
    Literal["department", "scope", "request_type", "abuse", "emotion", "urgency"] | None,
    typer.Argument(metavar="TASK", help="学哪一项判断。"),
]
MaybeData = Annotated[
    Path | None, typer.Argument(metavar="DATA", help="历史数据：JSONL、CSV 或 XLSX。")
]
FromReviews = Annotated[
    bool, typer.Option("--from-reviews", help="从人工复核学，不写 TASK 和 DATA。")
]
Labelled = Annotated[
    Path, typer.Argument(metavar="DATA", help="有标签的文本：JSONL、CSV 或 XLSX。")
]
AnyLabel = Annotated[
    bool,
    typer.Option("--any-label", help="标签照写的用，不管研判认不认识：只作测量。"),
]
MeasuredWeights = Annotated[
    Path | None, typer.Option("--weights", help="测量这个文件夹里的权重；默认是研判用的。")
]
WeightsFolder = Annotated[
    Path | None, typer.Option("--out", help="权重的文件夹；默认为城市配置里的 weights/TASK。")
]
TextColumn = Annotated[str | None, typer.Option("--text", help="正文列名；默认按常用名找。")]
LabelColumn = Annotated[str | None, typer.Option("--label", help="标签列名；默认按常用名找。")]
Recipe = Annotated[Path | None, typer.Option("--recipe", help="列名、标签对照等的 TOML。")]
Dev = Annotated[Path | None, typer.Option("--dev", help="测量用的数据；默认留出 15%。")]
Source = Annotated[str | None, typer.Option("--source", help="数据来源，写入说明卡。")]
Licence = Annotated[str | None, typer.Option("--licence", help="数据许可，写入说明卡。")]
ErrorRate = Annotated[
    float, typer.Option("--error", min=0.001, max=0.5, help="报哪个错误率下能答多少。")
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="随机种子；相同则结果相同。")]
Encoder = Annotated[
    list[str] | None,
    typer.Option("--encoder", help="另微调这个编码器：名字（如 e5-small）或文件夹；可重复。"),
]
Epochs = Annotated[int, typer.Option("--epochs", min=1, max=20, help="编码器学几遍。")]
Plot = Annotated[
    Path | None,
    typer.Option("--plot", help="校准图写到这个 SVG 文件，可答与错误率的曲线写在旁边。"),
]
Verdict = Annotated[
    Literal["accept", "change", "reject"] | None,
    typer.Argument(
        metavar="[accept|change|reject]", help="确认、改正、否定；不写则列出已有的。"
    ),
]
Item = Annotated[str | None, typer.Option("--item", help="哪一项，如 department、承办单位。")]
To = Annotated[str | None, typer.Option("--to", help="应是什么（change）。")]
Reason = Annotated[str | None, typer.Option("--reason", help="理由；reject 必写。")]
By = Annotated[str | None, typer.Option("--by", help="复核人；默认为登录名。")]
RuleName = Annotated[str, typer.Argument(metavar="RULE", help="质检项的编号或名字。")]
RuleFile = Annotated[
    Path | None, typer.Option("--rule-file", help="自己的规则：含 [[item]] 的 TOML。")
]
First = Annotated[int, typer.Option("--first", min=0, help="列出前几通。")]
GroupBy = Annotated[
    Literal["agent", "shift", "both"], typer.Option("--by", help="按话务员、班次，或两者。")
]
QaItem = Annotated[str, typer.Option("--item", help="质检项的编号或名字，如 closing。")]
Words = Annotated[str, typer.Option("--reason", help="理由。")]
Answered = Annotated[
    Literal["upheld", "rejected", "withdrawn"],
    typer.Argument(metavar="upheld|rejected|withdrawn", help="成立、驳回、收回。"),
]
Everything = Annotated[bool, typer.Option("--all", help="已答复的也列出。")]
Queue = Annotated[bool, typer.Option("--queue", help="列出等人复核的，最要紧的在前。")]
ModelName = Annotated[str, typer.Argument(metavar="NAME", help="见 lingsu models list。")]
ModelPath = Annotated[Path, typer.Argument(metavar="PATH", help="文件夹或 .pt 文件。")]
Mirror = Annotated[str | None, typer.Option("--mirror", help="Hugging Face 镜像地址。")]
NewName = Annotated[str | None, typer.Option("--name", help="登记的名字。")]
Host = Annotated[str, typer.Option("--host", help="监听的地址；默认只有本机能连。")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="监听的端口。")]
HostNames = Annotated[
    list[str] | None, typer.Option("--name", help="浏览器里用的主机名，可多次。")
]
SecretKey = Annotated[
    Path | None, typer.Option("--secret-key", help="密钥文件；别的机器能连到时必写。")
]
TlsCert = Annotated[Path | None, typer.Option("--tls-cert", help="TLS 证书（PEM）。")]
TlsKey = Annotated[Path | None, typer.Option("--tls-key", help="TLS 证书的私钥（PEM）。")]
BehindProxy = Annotated[
    str | None,
    typer.Option("--behind-proxy", metavar="ADDRESS", help="加密的反向代理的地址，只信它。"),
]
Expired = Annotated[
    bool,
    typer.Option("--expired", help="删除到期的：按工作台里定的，其余按 [retention]。"),
]
BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="写到这个新文件。")]
BackupToRead = Annotated[Path, typer.Argument(metavar="FILE", help="lingsu backup 写的文件。")]
Account = Annotated[str, typer.Argument(metavar="NAME", help="账号名。")]
Role = Annotated[
    Literal["supervisor", "clerk", "agent", "dispatcher", "lead", "admin"],
    typer.Argument(
        metavar="ROLE",
        help="supervisor 主管、clerk 质检员、agent 话务员、dispatcher 派单员、lead 班长、"
        "admin 管理员。",
    ),
]
AgentId = Annotated[str, typer.Option("--agent", help="话务员的工号，只用于 agent。")]
Enable = Annotated[bool, typer.Option("--enable", help="重新启用。")]
