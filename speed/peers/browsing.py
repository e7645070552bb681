"""What a reader waits for, timed inside the page by its own clock, frame by frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from servers import Running

# What each table and chart shows, as text that changes when its content does; empty until it is there.
# Basewise's table is a canvas: it has changed when cells were drawn on it anew (it draws once per change; the
# hidden table for screen readers follows 200 ms later). The peers' tables are elements.
TABLE = {
    "ours": "() => window.__drawn ? String(window.__drawn) : ''",
    "before": "() => window.__drawn ? String(window.__drawn) : ''",
    "G": "() => { const c = [...document.querySelectorAll('[data-testid^=cell-0-], td')]"
         ".find(e => e.innerText.trim()); return c ? c.closest('tr, [role=row]').innerText : '' }",
    "L": "() => { const t = [...document.querySelectorAll('table')].pop(); const r = t && t.tBodies[0]"
         " && t.tBodies[0].rows[0]; return r ? r.innerText.trim() : '' }",
}  # fmt: skip
_COUNT_DRAWINGS = """
(() => {
  window.__drawn = 0;
  let cells = 0;
  const draw = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (...all) {
    if (this.canvas.closest && this.canvas.closest('[data-testid=stDataFrame]')) {
      if (cells === 0) queueMicrotask(() => { if (cells > 30) window.__drawn += 1; cells = 0; });
      cells += 1;
    }
    return draw.apply(this, all);
  };
})();
"""
CHART = (
    "() => { const n = document.querySelectorAll('.js-plotly-plot .point').length;"
    " return n ? String(n) : '' }"
)
_WATCH = """
(table, chart) => {
  window.__seen = { table: null, chart: null };
  window.__watch = (wasTable, wasChart, from) => {
    const seen = { table: null, chart: null };
    window.__seen = seen;
    const look = () => {
      const now = performance.now() - from;
      const t = table(), c = chart();
      if (seen.table === null && t && t !== wasTable) seen.table = now;
      if (seen.chart === null && c && c !== wasChart) seen.chart = now;
      if (now < 60000 && (seen.table === null || seen.chart === null)) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
}
"""
SLIDER = "input[type=range]"
# The upper end on its way down: nearly the full board all along, and no position seen twice.
STOPS = (110, 80, 72, 60, 50, 40, 35, 32, 30, 27, 24, 22, 20, 18, 16, 14, 13, 12, 11, 10)


def first_visit(browser: Browser, running: Running, path: str, *, slow: bool = False) -> tuple[float, float]:
    """Milliseconds from navigation to table and to chart, with nothing in the browser's cache."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    if slow:
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 40, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8},
        )
    page.add_init_script(_COUNT_DRAWINGS + _start(running, "'', '', 0"))
    page.goto(running.url + path, wait_until="commit")
    table, chart = _seen(page)
    context.close()
    return table, chart


def _start(running: Running, arguments: str) -> str:
    return f"({_WATCH})({TABLE[running.app.name]}, {CHART}); window.__watch({arguments});"


def _seen(page: Page, *, chart: bool = True) -> tuple[float, float]:
    page.wait_for_function(
        "chart => window.__seen.table !== null && (!chart || window.__seen.chart !== null)", arg=chart,
        timeout=90_000, polling=50,
    )  # fmt: skip
    seen = page.evaluate("window.__seen")
    return float(seen["table"]), float(seen["chart"] or "nan")


class Sliding:
    """One open page whose slider is moved a step at a time; every position is new to the page."""

    def __init__(self, browser: Browser, running: Running, path: str) -> None:
        self.running = running
        self.follows = running.app.name != "L"
        self.page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
        self._bytes = 0
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._count))
        network = self.page.context.new_cdp_session(self.page)
        network.send("Network.enable")
        network.on("Network.dataReceived", self._add)
        self.page.add_init_script(_COUNT_DRAWINGS)
        self.page.goto(running.url + path)
        self.page.evaluate(_start(running, "'', '', performance.now()"))
        _seen(self.page)
        self.page.wait_for_timeout(2_000)
        self.slider = self.page.locator(SLIDER).last
        self.slider.focus()

    def move_to(self, limit: int) -> tuple[float, float, int]:
        """Milliseconds to table and to chart, and bytes received, for one move of the upper end.

        Basewise's slider takes a key (its stops are ``STOPS``); Gradio's is a native range input that is set.
        """
        self.page.wait_for_timeout(250)
        self._bytes = 0
        self.page.evaluate(
            f"() => window.__watch(({TABLE[self.running.app.name]})(), ({CHART})(), performance.now())"
        )
        if self.running.app.is_basewise:
            self.page.keyboard.press("ArrowLeft")
        else:
            self.slider.evaluate(
                "(range, limit) => { range.value = limit; range.dispatchEvent(new Event('input', "
                "{bubbles: true})); range.dispatchEvent(new Event('change', {bubbles: true})) }",
                limit,
            )
        table, chart = _seen(self.page, chart=self.follows)
        self.page.wait_for_timeout(400)
        return table, chart, self._bytes

    def _count(self, payload: Any) -> None:
        self._bytes += len(payload) if isinstance(payload, bytes) else len(payload.encode())

    def _add(self, event: dict[str, Any]) -> None:
        self._bytes += int(event.get("encodedDataLength") or 0) or int(event.get("dataLength") or 0)
