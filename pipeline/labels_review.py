"""The words of `lingsu review` and `lingsu judge --compare`; labels.py takes them in."""

REVIEWING: dict[str, str] = {
    "reviewed": "Reviewed",
    "queue": "Waiting for a person",
    "more_calls": "and {} more calls",
    "whole_call": "The call as a whole",
    "no_unit": "No unit",
    "machine": "Machine",
    "person": "Person",
    "who": "By",
    "counts": "Counts",
    "verb.accept": "Accepted",
    "verb.change": "Changed to",
    "verb.reject": "Rejected",
    # lingsu users
    "accounts": "Accounts",
    "account": "Account",
    "role": "Role",
    "since": "Since",
    "shut": "Shut",
    # lingsu train --from-reviews
    "dialogues": "Shipped dialogues",
    "reviewed_calls": "Reviewed calls",
    "held_out": "Held out",
    "reviewers": "Reviewers",
    "unused.no_words": "Not used: no words",
    "unused.not_understood": "Not used: unknown to the profile",
    "old_stay": "the old ones stay",
    "duels": "Old and new on held-out reviews",
    "old": "Old (95 %)",
    "new": "New (95 %)",
    "differ": "Only new / only old right",
    "duel.better": "better",
    "duel.worse": "worse",
    "duel.alike": "alike",
    "duel.few": "fewer than {}: not compared",
    "learnt.taken": (
        "The new weights are in place. What would change: lingsu judge --compare"
        " --profile {profile}{db}"
    ),
    "learnt.left": (
        "The new model is no better, the old one stays: review more calls, then try again"
    ),
    "step.rules": "rules",
    "step.request_type": "request type",
    "step.urgency": "urgency",
    "step.emotion_start": "emotion at start",
    "step.emotion_end": "emotion at end",
    "step.scope": "scope",
    "step.department": "department",
    # lingsu judge --compare
    "comparison": "Compared (not stored)",
    "compared": "Calls compared",
    "changed_calls": "Calls that would change",
    "unjudged": "No result to compare with",
    "review.agrees": "agrees with a person",
    "review.disagrees": "against a person",
    "review.neither": "another value than a person's",
    "moves": "Changes",
    "was": "Was",
    "would_be": "Would be",
    "changes": "Calls (those against a person first)",
}
