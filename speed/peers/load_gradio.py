"""Readers sliding at once, over Gradio's own client. argv: url sessions changes; prints seconds."""

from __future__ import annotations

import json
import sys
import threading
import time

from gradio_client import Client

STOPS = [80, 72, 60, 50, 40, 35, 32, 30, 27, 24, 22, 20, 18, 16, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5]


def reader(client: Client, changes: int, offset: int, ready: threading.Barrier, took: list[float]) -> None:
    ready.wait()
    for number in range(changes):
        started = time.perf_counter()
        client.predict(STOPS[(offset + number) % len(STOPS)], api_name="/change")
        took.append(time.perf_counter() - started)
        time.sleep(0.3)


def main(url: str, sessions: int, changes: int) -> None:
    clients = [Client(url, verbose=False) for _ in range(sessions)]
    ready = threading.Barrier(sessions)
    took: list[float] = []
    threads = [
        threading.Thread(target=reader, args=(client, changes, number, ready, took))
        for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(took))


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
