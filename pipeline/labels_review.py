"""The words of `lingsu review` and `lingsu judge --compare`; labels.py takes them in."""

REVIEWING: dict[str, tuple[str, str]] = {
    "reviewed": ("人工复核", "Reviewed"),
    "queue": ("等人复核", "Waiting for a person"),
    "more_calls": ("另有 {} 通", "and {} more calls"),
    "whole_call": ("整通", "The call as a whole"),
    "no_unit": ("无承办单位", "No unit"),
    "machine": ("机器", "Machine"),
    "person": ("人工", "Person"),
    "who": ("复核人", "By"),
    "counts": ("有效", "Counts"),
    "verb.accept": ("确认", "Accepted"),
    "verb.change": ("改为", "Changed to"),
    "verb.reject": ("不对", "Rejected"),
}
