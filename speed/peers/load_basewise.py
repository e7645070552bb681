"""Readers sliding at once, over Streamlit's own protocol. argv: url sessions changes; prints seconds."""

from __future__ import annotations

import asyncio
import json
import sys
import time

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

STOPS = ["80", "72", "60", "50", "40", "35", "32", "30", "27", "24", "22", "20", "18", "16", "14", "13", "12",
         "11", "10", "9", "8", "7", "6", "5"]  # fmt: skip


class Reader:
    """One session on the full board."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket
        self._fragment = ""
        self._slider = ""
        self._switches: dict[str, bool] = {}

    async def open(self) -> None:
        message = BackMsg()
        message.rerun_script.query_string = query("150")
        message.rerun_script.page_name = "leaderboard"
        await self._run(message)
        if not (self._fragment and self._slider):
            raise RuntimeError("the leaderboard page sent no size slider inside a fragment")

    async def slide(self, stop: str) -> float:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string = query(stop)
        rerun.page_name = "leaderboard"
        rerun.fragment_id = self._fragment
        size = rerun.widget_states.widgets.add(id=self._slider)
        size.string_array_value.data.extend(["0", stop])
        for name, value in self._switches.items():
            rerun.widget_states.widgets.add(id=name, bool_value=value)
        started = time.perf_counter()
        await self._run(message)
        return time.perf_counter() - started

    async def _run(self, message: BackMsg) -> None:
        await self._socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(await self._socket.recv())
            kind = answer.WhichOneof("type")
            if kind == "script_finished":
                return
            if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                self._remember(answer)

    def _remember(self, answer: ForwardMsg) -> None:
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "slider" and element.slider.id.endswith("-size"):
            self._slider, self._fragment = element.slider.id, answer.delta.fragment_id
        if kind == "checkbox":
            box = element.checkbox
            # As the address set it; later messages repeat the default alone.
            self._switches.setdefault(box.id, box.value if box.set_value else box.default)


def query(stop: str) -> str:
    return f"base=false&unknown=true&size=0&size={stop}&field=board"


async def reader(url: str, changes: int, offset: int, ready: asyncio.Barrier) -> list[float]:
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with websockets.connect(address, subprotocols=["streamlit"], max_size=None, origin=url) as socket:
        one = Reader(socket)
        await one.open()
        await ready.wait()
        took = []
        for number in range(changes):
            took.append(await one.slide(STOPS[(offset + number) % len(STOPS)]))
            await asyncio.sleep(0.3)
        return took


async def main(url: str, sessions: int, changes: int) -> None:
    ready = asyncio.Barrier(sessions)
    took = await asyncio.gather(*(reader(url, changes, number, ready) for number in range(sessions)))
    print(json.dumps([one for some in took for one in some]))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
