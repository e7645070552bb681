"""What a reader waits for, timed inside the page by its own clock, frame by frame."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servers import Running
    from tabs import Browser, Tab

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
# What came over sockets (Basewise); answers to requests (Gradio) the browser counts itself.
_COUNT_BYTES = """
(() => {
  window.__bytes = 0;
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...all) {
    if (!this.__counted) {
      this.__counted = true;
      this.addEventListener("message", ({ data }) => {
        window.__bytes += data.byteLength ?? data.size ?? data.length;
      });
    }
    return send.apply(this, all);
  };
})();
"""
_BYTES = (
    "window.__bytes + performance.getEntriesByType('resource')"
    ".reduce((sum, one) => sum + (one.encodedBodySize || 0), 0)"
)
_LAST_SLIDER = "[...document.querySelectorAll('input[type=range]')].pop()"
# The upper end on its way down: nearly the full board all along, and no position seen twice.
STOPS = (110, 80, 72, 60, 50, 40, 35, 32, 30, 27, 24, 22, 20, 18, 16, 14, 13, 12, 11, 10)


def first_visit(browser: Browser, running: Running, path: str, *, slow: bool = False) -> tuple[float, float]:
    """Milliseconds from navigation to table and to chart, with nothing in the browser's cache."""
    tab = browser.open(watch_network=slow)
    if slow:
        tab.send(
            "Network.emulateNetworkConditions",
            offline=False, latency=40, downloadThroughput=10e6 / 8, uploadThroughput=10e6 / 8,
        )  # fmt: skip
    tab.run_first(_COUNT_DRAWINGS + _start(running, "'', '', 0"))
    tab.go(running.url + path)
    table, chart = _seen(tab)
    tab.close()
    return table, chart


def _start(running: Running, arguments: str) -> str:
    return f"({_WATCH})({TABLE[running.app.name]}, {CHART}); window.__watch({arguments});"


def _seen(tab: Tab, *, chart: bool = True) -> tuple[float, float]:
    needed = "seen && seen.table !== null" + (" && seen.chart !== null" if chart else "")
    tab.wait_for(f"(seen => {needed})(window.__seen)")
    seen = tab.evaluate("window.__seen")
    return float(seen["table"]), float(seen["chart"] or "nan")


class Sliding:
    """One open page whose slider is moved a step at a time; every position is new to the page."""

    def __init__(self, browser: Browser, running: Running, path: str) -> None:
        self.running = running
        self.follows = running.app.name != "L"
        self.tab = browser.open()
        self.tab.run_first(_COUNT_DRAWINGS + _COUNT_BYTES)
        self.tab.go(running.url + path)
        self.tab.wait_for("document.readyState === 'complete'")
        self.tab.evaluate(_start(running, "'', '', performance.now()"))
        _seen(self.tab)
        time.sleep(2)
        self.tab.evaluate(f"{_LAST_SLIDER}.focus()")

    def move_to(self, limit: int) -> tuple[float, float, int]:
        """Milliseconds to table and to chart, and bytes received, for one move of the upper end.

        Basewise's slider takes a key (its stops are ``STOPS``); Gradio's is a native range input that is set.
        """
        time.sleep(0.25)
        before = self.tab.evaluate(_BYTES)
        self.tab.evaluate(
            f"window.__watch(({TABLE[self.running.app.name]})(), ({CHART})(), performance.now())"
        )
        if self.running.app.is_basewise:
            self.tab.press_left()
        else:
            self.tab.evaluate(
                f"(range => {{ range.value = {limit}; range.dispatchEvent(new Event('input', "
                f"{{bubbles: true}})); range.dispatchEvent(new Event('change', {{bubbles: true}})) }})"
                f"({_LAST_SLIDER})"
            )
        table, chart = _seen(self.tab, chart=self.follows)
        time.sleep(0.4)
        return table, chart, int(self.tab.evaluate(_BYTES) - before)
