"""Jobs on several threads; the work itself is done by other processes.

Every job is run exactly once, and its results come back in the order in
which jobs end. Interrupted, nothing new is begun; the machines that still
run die with this process.
"""

import os
import queue
import threading


def run(jobs: list, count: int):
    """Yield (job, results) for each of the jobs."""
    waiting, ended = queue.SimpleQueue(), queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)

    def work() -> None:
        while True:
            try:
                job = waiting.get_nowait()
            except queue.Empty:
                return
            ended.put((job, job.run()))

    for _ in range(min(count, len(jobs))):
        threading.Thread(target=work, daemon=True).start()
    try:
        for _ in jobs:
            yield ended.get()
    except KeyboardInterrupt:
        os._exit(130)
