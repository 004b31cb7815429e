"""`python -m saas_bot backup` on a disk that takes no file beyond so many bytes.

python -m tests.fault_drill.small_disk <bytes> backup
"""

import resource
import signal
import sys

from saas_bot.__main__ import main

if __name__ == "__main__":
    size = int(sys.argv[1])
    # The write then fails instead of ending the process (setrlimit(2), RLIMIT_FSIZE).
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    sys.exit(main(sys.argv[2:]))
