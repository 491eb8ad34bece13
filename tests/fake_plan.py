"""A plan whose HEAR costs nothing: what happens to a call stands in its file's name.

Spawned workers import it by name (Spec.plan), so it is a module and not a fixture. `batch` and
`executor` tests use it; the environment variable FAKE_HEAR_S makes every call that slow.
"""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

from models.base import ModelUnavailable
from pipeline.errors import AudioUnreadable, FileVanished
from pipeline.records import Abuse, Call, Decision, Flag, Scope, Turn
from pipeline.stage import stage


@stage(needs=("recording",), adds=("turns", "no_speech"))
def listen(call: Call, tools) -> Call:
    """Do what the file's name says; else hear two turns."""
    name = call.recording.name
    time.sleep(float(os.environ.get("FAKE_HEAR_S", "0")))
    if "hang" in name:
        time.sleep(600)
    if "once" in name:  # dies unless it has died before
        mark = Path(call.recording.path + ".died")
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    if "die" in name:
        os.kill(os.getpid(), signal.SIGKILL)
    if "vanish" in name:
        raise FileVanished(name)
    if "weightless" in name:
        raise ModelUnavailable("缺少模型 resemblyzer")
    if "broken" in name:
        raise AudioUnreadable(name)
    recording = replace(
        call.recording, seconds=60.0, channels=1, sample_rate=8000, codec="made"
    )
    call = replace(call, recording=recording)
    if "silent" in name:
        return replace(call, no_speech="silence")
    turns = (
        Turn(0.0, 2.0, "agent", "您好，请问有什么可以帮您", "您好", times=(0.0, 0.1)),
        Turn(2.0, 5.0, "caller", f"楼下的路灯坏了，我是{name}", f"路灯{name}", confidence=0.5),
    )
    return replace(call, turns=turns)


@stage(needs=("turns",), adds=("scope", "abuse", "departments", "flags"))
def weigh(call: Call, tools) -> Call:
    """Decide something from the name; a rude one is abusive and asks for a look."""
    if "unjudged" in call.recording.name:
        raise ValueError(call.turns[1].text)
    if call.no_speech:
        return call
    call = replace(call, scope=Scope("accept_dispatch"), departments=(Decision("城管"),))
    if "rude" in call.recording.name:
        flags = (Flag("abuse", "fail", "alert", "辱骂"),)
        call = replace(call, abuse=Abuse("severe", ("caller",)), flags=flags)
    return call


HEAR = (listen,)
JUDGE = (weigh,)
