"""Loopback TCP ports: finding free ones, and refusing those that are taken."""

import errno
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, cycle, islice

HOST = "127.0.0.1"

# Below the ports systems lend to outgoing connections, so that none of those can slip in between
# the moment a port is found free and the moment its server listens.
# Those for the inside of a service are apart: they are chosen at its start, when ports handed out
# earlier may still wait for their servers.
_HANDED_OUT = range(20_000, 26_000)
_INSIDE = range(26_000, 32_000)
_APART = 100


@dataclass(frozen=True, kw_only=True)
class Ports:
    """The loopback TCP ports of the services; 0 means any free one."""

    postgres: int = 0
    redis: int = 0
    s3: int = 0


def free_ports(count: int, *, inside: bool = False) -> list[int]:
    """`count` ports that nobody listens on at this moment, `inside` for parts of a service.

    A process is not given a port twice until all have had their turn, and each process begins
    elsewhere: so those that start at the same time don't take ports from one another.
    """
    pool = _INSIDE if inside else _HANDED_OUT
    return list(islice(filter(is_free, _candidates(os.getpid(), pool)), count))


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now.

    Asks by connecting as well as by binding: some systems let two programs bind one port when
    the first listens on every address.
    """
    with socket.socket() as caller:
        caller.settimeout(0.2)
        if caller.connect_ex((HOST, port)) == 0:
            return False
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((HOST, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


@cache
def _candidates(pid: int, pool: range) -> Iterator[int]:
    start = pid * _APART % len(pool)
    return cycle(chain(pool[start:], pool[:start]))
