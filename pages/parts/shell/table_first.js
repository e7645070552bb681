// Asks once for the chart that the page left out: when the table is drawn and the app at rest, or after three
// seconds. A request carries what all controls show, and would undo what the server is just setting.
const PATIENCE_MS = 3000;

export default function ({ data, setTriggerValue }) {
  let frame = 0;
  let isPatient = true;

  const isTime = () => {
    if (!document.querySelector(`.st-key-${CSS.escape(data.room)}`)) return false;
    if (!isPatient) return true;
    const run = document.querySelector("[data-test-script-state]")?.dataset.testScriptState;
    if (run && run !== "notRunning") return false;
    return document.querySelector(`.st-key-${CSS.escape(data.table)} canvas`) !== null;
  };
  const ask = () => {
    frame = 0;
    if (!isTime()) return;
    stop();
    setTriggerValue("drawn", true);
    runPrefetched();
  };
  const look = () => {
    // Cells are drawn in the frame after the table got its rows.
    if (!frame && isTime()) frame = requestAnimationFrame(() => (frame = requestAnimationFrame(ask)));
  };

  const watcher = new MutationObserver(look);
  const timer = setTimeout(() => {
    isPatient = false;
    look();
  }, PATIENCE_MS);
  const stop = () => {
    watcher.disconnect();
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
  watcher.observe(document.body, {
    attributeFilter: ["data-test-script-state"],
    childList: true,
    subtree: true,
  });
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
