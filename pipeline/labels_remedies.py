"""What to do about a failure, in both languages; the Chinese is the error's own (errors.py).

Part of labels.py.
"""

from pipeline import errors

_ENGLISH: dict[type[errors.LingsuError], str] = {
    errors.AudioUnreadable: "Damaged, or no recording: export it anew from the recorder.",
    errors.AudioEmpty: "The file holds no sound: export it anew from the recorder.",
    errors.AudioTooLong: "Longer than the limit: cut it, or raise run.max_hours.",
    errors.FileVanished: "The file was moved or may not be read: check it and run again.",
    errors.NoRoom: (
        "The folder for temporary files is full or not writable: make room, or set"
        " TMPDIR, and run again."
    ),
    errors.TooSlow: "Took longer than its limit: raise run.limit_s and try again.",
    errors.WorkerDied: (
        "The process that worked on it died, mostly for want of memory: fewer"
        " --workers, then run again."
    ),
    errors.StageFailed: (
        "A defect of the program: give the recording's id and the log to its"
        " developers; the other calls are not affected."
    ),
    errors.ModelMissing: (
        "Look with lingsu models list, then put the model there with lingsu models"
        " pull or models add."
    ),
    errors.ConfigInvalid: "Correct the configuration as the message says.",
    errors.ProfileInvalid: "Correct the profile's TOML as the message says.",
    errors.StoreUnusable: (
        "Check the database's path, room and rights; on a network drive use a local disk."
    ),
    errors.Overtaken: "Open it again, read what changed, then decide.",
    errors.InputInvalid: "Correct what the message names and try again.",
    errors.LingsuError: "Give the log to whoever looks after the machine.",
}

REMEDIES: dict[str, tuple[str, str]] = {
    f"remedy.{error.code}": (error.remedy, english) for error, english in _ENGLISH.items()
}
