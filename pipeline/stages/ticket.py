"""JUDGE's last stage: the draft work order (工单), for a person to confirm.

The profile's form says which lines there are; pipeline/ticket_fields.py fills them and
pipeline/draft.py finds the words. A call without an appeal has no ticket.
"""

from pipeline.copies import replace
from pipeline.draft import draft
from pipeline.matters import matters
from pipeline.records import UNSAID, Call, Ticket
from pipeline.stage import stage
from pipeline.ticket_fields import fill
from pipeline.ticket_said import Job
from pipeline.tools import Tools


@stage(
    needs=(
        "turns",
        "entities",
        "request_type",
        "urgency",
        "scope",
        "domain",
        "departments",
        "emotion_start",
        "emotion_end",
        "abuse",
    ),
    adds=("ticket", "more_tickets"),
)
def ticket(call: Call, tools: Tools) -> Call:
    """Fill the profile's form, once for each appeal; None where the call holds none."""
    if call.scope.outcome == "no_request" or not any(turn.text for turn in call.turns):
        return replace(call, ticket=None, more_tickets=())
    orders = tuple(
        _order(Job(part, draft(part), tools.profile, number), tools)
        for number, part in enumerate(matters(call, tools.profile), 1)
    )
    return replace(call, ticket=orders[0], more_tickets=orders[1:])


def _order(job: Job, tools: Tools) -> Ticket:
    lines = [(form, fill(form, job)) for form in tools.profile.ticket]
    missing = [(form, line) for form, line in lines if line.required and line.value == UNSAID]
    return Ticket(
        job.text.title,
        job.text.summary,
        tuple(line for _, line in lines),
        tuple(line.label for _, line in missing),
        tuple(form.ask for form, _ in missing),
    )
