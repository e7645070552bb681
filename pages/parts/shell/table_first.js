// Asks for the chart once the table shows what the chart doesn't yet, or after three seconds without a table.
let lastChart = null;
let askedFor = null;

export default function ({ data, setTriggerValue }) {
  const { table, chart } = data;
  const isFirst = chart === "";
  if (chart !== lastChart) askedFor = null;
  lastChart = chart;
  let frame = 0;
  let timer = null;
  const stop = () => {
    watcher.disconnect();
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
  const ask = () => {
    if (isFirst) {
      stop();
      watch();
    }
    askedFor = document.documentElement.dataset.tableState;
    setTriggerValue("drawn", true);
    if (isFirst) runPrefetched();
  };
  const look = () => {
    cancelAnimationFrame(frame);
    const shown = document.documentElement.dataset.tableState;
    if (shown === chart) askedFor = null;
    if (!shown || shown === chart || shown === askedFor) return;
    if (isFirst && !document.querySelector(`.st-key-${CSS.escape(table)} [data-testid=stDataFrame]`)) return;
    // Cells are drawn in the frame after the table got its rows.
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(ask);
    });
  };
  const watcher = new MutationObserver(look);
  // After the first asking too: a control that changes in the same moment has another fragment run instead.
  const watch = () => watcher.observe(document.documentElement, { attributeFilter: ["data-table-state"] });
  watch();
  if (isFirst) {
    watcher.observe(document.body, { childList: true, subtree: true });
    timer = setTimeout(ask, 3000);
  }
  look();
  return stop;
}

// Run while the server draws the chart what the page's head had fetched for it (serving/hints.py).
function runPrefetched() {
  for (const { href } of document.querySelectorAll("link[rel=prefetch][as=script]")) {
    const script = document.createElement("script");
    script.type = "module";
    script.crossOrigin = "";
    script.src = href;
    document.head.append(script);
  }
}
