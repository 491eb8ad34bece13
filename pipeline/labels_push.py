"""The words of `lingsu push`; part of labels.py. Reasons are explained in docs/push.md."""

PUSH: dict[str, str] = {
    "push.title": "Work orders sent",
    "push.accepted": "Accepted",
    "push.before": "Accepted before",
    "push.changed": "Changed since, not sent again",
    "push.waiting": "Calls that wait for a person",
    "push.elsewhere": "Left to another process",
    "push.unsent": "Not tried",
    "push.left": "Not delivered",
    "push.refused_before": "Refused before, waiting for a person",
    "push.sending": "Being sent, or cut short",
    "push.target": "Sent to",
    "push.attempts": "Attempts",
    "push.receipts": "Receipts",
    "push.order": "Order",
    "push.receipt": "Receipt",
    "push.status": "HTTP",
    "push.said": "What the other side says",
    "push.stopped": "Stopped: {}. What was not tried goes with the next run",
    "push.again": (
        "What was not delivered is in {file}; send it again with:"
        " {command} --dead-letter {file}"
    ),
    "push.changed_hint": (
        "Drafts that changed since are sent again with --changed (same order_id: an update)"
    ),
    # reasons
    "push.timeout": "No answer in time",
    "push.unreachable": "The other side cannot be reached",
    "push.certificate": "The certificate is not trusted",
    "push.broken": "The connection broke, or it was no HTTP",
    "push.busy": "The other side asks to come later",
    "push.server_error": "The other system failed",
    "push.no_receipt": "The answer holds no receipt number",
    "push.redirect": "The other side points elsewhere",
    "push.unauthorized": "The token is wrong or lacks the right",
    "push.no_such_place": "There is no such address",
    "push.refused": "The order was refused",
    # what to do about it, for the dispatcher's page
    "push.fix.later": "It goes again with the next push by itself",
    "push.fix.settings": (
        "The administrator should check address, token and certificate; then it goes by itself"
    ),
    "push.fix.refused": "Take it back, correct what the other side says, and send it again",
}
