"""What `lingsu agents`, `rules` and `appeal` say with --help; as pipeline/helptext.py."""

RULES = """质检规则：在过去的通话上试行。

QA rules, tried on past calls.

\b
例 Examples:
  lingsu rules test closing
"""

RULES_TEST = """在库里过去的通话上试一条质检规则：会判多少通不通过、是哪些话务员的，
前几通的原话，与现有结果差在哪里。什么也不存。

Try a QA rule on past calls: how many it would fail, whose, the first of them with turn, seconds
and words (masked), and how the valid results differ. Nothing is stored. RULE: an item of the
profile's qa.toml, or of --rule-file (the same [[item]], docs/profiles.md).

\b
例 Examples:
  lingsu rules test forbidden_phrase --db lingsu.db
  lingsu rules test 我的规则 --rule-file 新规则.toml --since 2026-07-01 --first 30
  lingsu rules test closing --shift 晚班 --profile 我市/ --json
"""

AGENTS = """话务员的质检得分：平均分、依据多少通、可能范围；通数太少不排名。
满意度先列原始的，再列按 scorecard.toml 调节的。

Scores of agents or shifts, with the calls they rest on and an interval; too few are not ranked.
Satisfaction as pressed, then adjusted for calls that no agent can satisfy.

\b
例 Examples:
  lingsu agents --db lingsu.db --since 2026-07-01
  lingsu agents --by both --shift 晚班
  lingsu agents --agent 1007 --json
"""

APPEAL = """申诉：话务员对一项质检结论提出异议，由别人答复。

Appeals of agents against QA items.

\b
例 Examples:
  lingsu appeal list
"""

APPEAL_FILE = """对一项不通过的质检结论提出申诉。

File an appeal against a QA item that failed.

\b
例 Examples:
  lingsu appeal file 3f2a91c0 --item closing --reason 最后一句没录上 --by 1007
"""

APPEAL_ANSWER = """答复申诉：upheld 成立并改判，rejected 驳回，withdrawn 由本人收回。

Answer an appeal: upheld changes the human score, never the machine's; withdrawn is for who
filed it.

\b
例 Examples:
  lingsu appeal answer 3f2a91c0 upheld --item closing --reason 听到了再见 --by 张三
  lingsu appeal answer 3f2a91c0 rejected --item closing --reason 听过，没有 --by 张三
  lingsu appeal answer 3f2a91c0 withdrawn --item closing --by 1007
"""

APPEAL_LIST = """列出申诉：默认只列等待答复的，--all 列全部；给出编号则列这一通的每一步。

List appeals: those that wait, all of them, or every step of one call.

\b
例 Examples:
  lingsu appeal list --db lingsu.db
  lingsu appeal list --all --json
  lingsu appeal list 3f2a91c0
"""
