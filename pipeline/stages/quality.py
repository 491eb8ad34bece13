"""The scorecard: one flag for each QA item of the profile, then what asks for a person.

How an item is seen is data (qa.toml) and pipeline/qa; what is no item of the scorecard but
must not be overlooked is in alerts.py.
"""

from pipeline.copies import replace
from pipeline.qa.conditions import View
from pipeline.qa.items import doubts, judged
from pipeline.records import Call
from pipeline.stage import stage
from pipeline.stages.alerts import alerts
from pipeline.tools import Tools

NEEDS = (
    *("turns", "talk", "abuse", "request_type", "urgency", "scope", "departments"),
    *("entities", "emotions", "emotion_start", "emotion_end", "signs"),
    *("ticket", "more_tickets"),
)


@stage(needs=NEEDS, adds=("flags",))
def quality(call: Call, tools: Tools) -> Call:
    """Judge the agent's part by the profile's items and add the alerts."""
    raised = (*call.flags, *alerts(call, tools))  # those of stages before are alerts as well
    if call.turns and all(turn.source == "text" for turn in call.turns):
        return replace(call, flags=raised)  # no agent took part
    doubt, items = doubts(call, tools.config.judge.low_confidence), tools.profile.qa
    outcomes = {rule.code: rule.outcome for rule in tools.profile.scope}
    views = (View(call, item, raised, items, outcomes) for item in items)
    return replace(call, flags=tuple(judged(view, doubt) for view in views) + raised)
