"""Everything that may go wrong on purpose: one class a cause, each with a stable code.

`remedy` is what the person at the keyboard can do, in Chinese, printed beside the message.
No class has its own __init__: one that does cannot be unpickled and breaks a process pool.
"""

import errno

# The system's words are English, or the language of whoever set the machine up.
_CAUSES = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ELOOP: "链接绕成了圈",
    errno.ENAMETOOLONG: "名字太长",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EROFS: "所在的盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EIO: "磁盘读写出错",
    errno.ESTALE: "网络盘已断开",
    errno.EMFILE: "打开的文件太多",
}


def cause(error: OSError | ValueError) -> str:
    """Why the system refused a path, in Chinese; ValueError: no system takes such a name."""
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return "路径无效"
    known = _CAUSES.get(error.errno or 0)
    return known or error.strerror or type(error).__name__


class LingsuError(Exception):
    """Base of the failures below; catch this one, raise one of those."""

    code = "error"
    remedy = "请把日志交给管理员。"
    retryable = False


class AudioUnreadable(LingsuError):
    """FFmpeg's libraries cannot decode the file."""

    code = "audio_unreadable"
    remedy = "文件损坏或不是录音：请从录音系统重新导出。"


class AudioEmpty(LingsuError):
    """The file decodes to no samples at all."""

    code = "audio_empty"
    remedy = "文件里没有声音数据：请从录音系统重新导出。"


class AudioTooLong(LingsuError):
    """The recording is longer than the configured limit."""

    code = "audio_too_long"
    remedy = "录音超过时长上限：请切分后再处理，或调大 run.max_hours。"


class FileVanished(LingsuError):
    """The file was there when the run began and cannot be opened now."""

    code = "file_unreadable"
    remedy = "文件已被移走或没有读取权限：请检查后重新运行。"
    retryable = True


class NoRoom(LingsuError):
    """The folder for temporary files cannot take the sound of a long recording."""

    code = "no_room"
    remedy = "临时文件夹已满或不可写：请腾出空间，或用环境变量 TMPDIR 指定别处后重试。"
    retryable = True


class TooSlow(LingsuError):
    """The call took longer than the time limit for its length."""

    code = "time_limit"
    remedy = "单通处理超时：可调大 run.limit_s 后重试。"
    retryable = True


class WorkerDied(LingsuError):
    """The process working on the call ended without an answer, twice."""

    code = "worker_died"
    remedy = "处理该录音的进程异常退出（常见原因是内存不足）：减少 --workers 后重试。"
    retryable = True


class StageFailed(LingsuError):
    """A stage raised what it should not have: a defect of ours."""

    code = "stage_failed"
    remedy = "程序缺陷：请把该录音的编号和日志交给开发者，其余通话不受影响。"


class ModelMissing(LingsuError):
    """A model that the configuration names is not here, or its bytes are not the right ones."""

    code = "model_missing"
    remedy = "运行 lingsu models list 查看，再用 lingsu models pull 或 models add 放好模型。"


class ConfigInvalid(LingsuError):
    """The configuration file has an unknown key or a value out of range."""

    code = "config_invalid"
    remedy = "按提示改正配置文件。"


class ProfileInvalid(LingsuError):
    """A profile file is malformed or a rule contradicts its own examples."""

    code = "profile_invalid"
    remedy = "按提示改正 profile 里的 TOML 文件。"


class StoreUnusable(LingsuError):
    """The database cannot be opened or written."""

    code = "store_unusable"
    remedy = "检查数据库路径、磁盘空间和权限；网络盘上请改用本地磁盘。"
    retryable = True


class Overtaken(LingsuError):
    """Somebody else decided on the call while this person was looking at it."""

    code = "overtaken"
    remedy = "请重新打开这通录音，看过对方的结论再定；您填的内容没有保存。"


class InputInvalid(LingsuError):
    """What the user named cannot be used as given."""

    code = "input_invalid"
    remedy = "按提示改正后重试。"
