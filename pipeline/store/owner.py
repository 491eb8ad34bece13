"""Who is at work on the store, and whether that process is still alive.

A process number alone may belong to another by now, so its start is kept beside it.
"""

import os
import socket
from pathlib import Path


def me() -> str:
    """This process: host, number and start."""
    return f"{socket.gethostname()} {os.getpid()} {_started(os.getpid())}"


def alive(owner: str) -> bool:
    """Whether the process lives; of another host's nobody can tell: taken as alive."""
    host, pid, started = owner.split(" ")
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # lives, under another user
    return _started(int(pid)) == started


def _started(pid: int) -> str:
    """Clock ticks from boot to the process's start; "-" where there is no /proc."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "-"
    return status.rsplit(")", 1)[1].split()[19]  # field 22; a name may hold spaces
