"""What `lingsu --help` and `lingsu COMMAND --help` say: Chinese, a line of English, examples.

Used by cli.py alone; tests/test_docs.py asks for a text with examples for every command.
`\\b` keeps click from joining the lines that follow.
"""

APP = """聆诉：12345 热线录音进，工单草稿和质检提示出，全部在本机完成。

Lingsu: recorded hotline calls in, draft work orders and QA flags out, offline.

\b
例 Examples:
  lingsu run 录音/ --db lingsu.db
  lingsu show 3f2a91c0
  lingsu export --format xlsx --out 通话.xlsx

\b
退出码 Exit status:
  0 全部完成   1 有通话失败   2 用法、模型、配置或数据库有问题   130 按了 Ctrl-C
"""

RUN = """处理录音：转写、研判、生成工单草稿和质检提示；处理过的不再处理。

Process recordings; what the store already holds is not done again.

\b
例 Examples:
  lingsu run 录音/ --db lingsu.db --workers 2
  lingsu run 录音/ --shift 晚班 --since 2026-07-14
  find 录音 -name '*.wav' -print0 | lingsu run --files-from -
"""

JUDGE = """规则改了以后重新研判：不再转写，每通几毫秒。

Judge again under today's profile, without hearing.
--compare 只比较、不存：哪些过去的通话会变 shows what would change and stores nothing.

\b
例 Examples:
  lingsu judge --db lingsu.db --profile 我市/
  lingsu judge --since 2026-07-01
  lingsu judge --compare --profile 我市/
"""

TEXT = """研判以文字来的诉求（网络、信件），与录音同一套判断；不入库。

Judge appeals that came as text; the same decisions, nothing is stored.

\b
例 Examples:
  lingsu text 诉求.csv --format xlsx --out 诉求结果.xlsx
  lingsu text 诉求.jsonl | head -1
"""

SHOW = """一通的全部：对话、每个判断的依据（轮、秒、原话、规则）、工单、质检、版本。

One call in full, each decision with its evidence. ID: the first signs of its SHA-256.

\b
例 Examples:
  lingsu show 3f2a91c0
  lingsu show 3f2a91c0 --lang en
  lingsu show 3f2a91c0 --audit
  lingsu show 3f2a91c0 --why
"""

LINKS = """找出通话之间的关联：重复诉求、不同人反映同一事（热点）、事后道歉、常来电和辱骂来电。

Links between calls: same caller, same matter, hot spots, apologies; frequent callers.

\b
例 Examples:
  lingsu links --db lingsu.db
  lingsu links --shift 晚班 --since 2026-07-14 --json
"""

REVIEW = """人工复核：确认、改正或否定机器的结论，列出已有的复核，或列出等人复核的通话。

Keep what a person decided on a call, list it, or list the calls that wait for a person.

\b
例 Examples:
  lingsu review --queue
  lingsu review 3f2a91c0 accept
  lingsu review 3f2a91c0 change --item department --to 城管局 --reason 路灯归城管 --by 张三
  lingsu review 3f2a91c0 reject --item 受理判断 --reason 说的是邻里纠纷
  lingsu review 3f2a91c0
"""

EXPORT = """导出结果；字段说明见 docs/schema.md。号码、姓名默认遮盖。

Write results for people and other systems: all, a selection, or the calls with these ids.

\b
例 Examples:
  lingsu export --format xlsx --out 七月.xlsx --since 2026-07-01 --until 2026-07-31
  lingsu export --format tickets --shift 晚班 > 工单.jsonl
  lingsu export --format xlsx --shift 晚班 --out 晚班/通话.xlsx --clips 晚班/片段
  lingsu export --format srt 3f2a91c0
"""

PUSH = """把工单草稿推送到工单系统（HTTP POST，JSON）：不重发，中断后接着发，失败的留在文件里。

Send draft work orders to another system; docs/push.md is the contract. Only dispatched calls
that wait for nobody, unless --all. 口令放在环境变量 LINGSU_PUSH_TOKEN，不写在命令里。

\b
例 Examples:
  lingsu push https://gongdan.example/api/orders --shift 晚班 --since 2026-07-14
  lingsu push https://gongdan.example/api/orders --dead-letter lingsu.db.undelivered.jsonl
  lingsu push --dry-run --id 3f2a91c0
  lingsu push --sent --config 城市.toml       # 派单员派出的 what the dispatcher sent
"""

REPORT = """写一班的交班报告：网页、表格和一页小结，放在一个文件夹里，不用联网就能打开。

Write the report of a shift, a day or any time: a page with charts and clips, a workbook, a
summary. Nothing given: the last shift that has calls.

\b
例 Examples:
  lingsu report --shift 2026-07-14-行政班 --db lingsu.db
  lingsu report --shift 行政班 --out 今天/ --open
  lingsu report --since 2026-07-01 --until 2026-07-31 --no-clips --lang en
"""

CLIP = """剪出一段录音给人听：指定轮次或秒数，前后各留两秒，音量调平。

Cut a stretch of a call to listen to: a turn, or seconds.

\b
例 Examples:
  lingsu clip 3f2a91c0 --turn 5
  lingsu clip 3f2a91c0 --start 12.5 --end 20 --out 片段.mp3
  lingsu clip 3f2a91c0 --turn 5 --beep      # 号码、姓名处是提示音 a tone over numbers and names
"""

EVAL = """与人工标注对照：转写错误率、角色、受理、部门、辱骂、质检、要素等指标，和研判的把握。

Compare results with labels; --reference judges the labels' own words instead. --curve draws
how many decisions can be answered at which rate of errors.

\b
例 Examples:
  lingsu eval audio_samples/labels.jsonl --db lingsu.db
  lingsu eval audio_samples/labels.jsonl --reference --curve 把握.svg
"""

TRAIN = """用本市的历史工单训练一个小分类器，写出权重、说明卡和校准图；中断后重来会接着做。

Train a small text classifier on a city's own history; an interrupted training goes on.
--from-reviews 用人工复核训练整通的分类器，比旧的好才启用 learns from reviews of calls.

\b
例 Examples:
  lingsu train department 历史工单.csv --profile 我市/
  lingsu train emotion 标注.xlsx --profile 我市/ --text 通话内容 --label 情绪 --dev 另一批.xlsx
  lingsu train department 历史工单.csv --profile 我市/ --encoder e5-small  # 更准，更慢 slower
  lingsu train --from-reviews --db lingsu.db --profile 我市/
  lingsu train emotion 公开数据.jsonl --any-label --out 试验/  # 任何标签，只作测量 to measure
"""

EVAL_TEXT = """用有标签的文本测量分类器：准确率、F1、校准、拒答、给定错误率能答多少、候选标签。

Measure a classifier on labelled texts: accuracy, F1, calibration, coverage, prediction sets.

\b
例 Examples:
  lingsu eval-text department 新工单.csv --profile 我市/
  lingsu eval-text department 新工单.csv --error 0.02 --plot 校准.svg --json
  lingsu eval-text emotion 公开数据2.jsonl --any-label --weights 试验/
"""

DOCTOR = """检查本机能否运行：Python、依赖、模型、磁盘、数据库。

Is this machine fit to run? Exit status 1 when something is not.

\b
例 Examples:
  lingsu doctor --db lingsu.db
"""

VERSION = """版本。

The version.

\b
例 Examples:
  lingsu version
"""

MODELS = """查看、下载、登记模型。

Models: what is here, fetch, register.

\b
例 Examples:
  lingsu models list
"""

MODELS_LIST = """有哪些模型：许可证、大小、校验状态、位置。

The models, with licence, size and hash state.

\b
例 Examples:
  lingsu models list
"""

MODELS_PULL = """下载模型并校验（需要网络；可用镜像）。

Fetch a model and check its hash.

\b
例 Examples:
  lingsu models pull small
  lingsu models pull turbo --mirror https://hf-mirror.com
"""

MODELS_ADD = """登记本地模型：CTranslate2 文件夹，或 OpenAI 的 .pt 文件。

Register local weights under a name that the configuration can use.

\b
例 Examples:
  lingsu models add /data/whisper-large-v3-ct2 --name 我的模型
"""
