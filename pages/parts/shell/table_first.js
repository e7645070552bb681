// Tells the server once that the table is there, or after three seconds that it may go on without it.
export default function ({ data, setTriggerValue }) {
  let watcher = null;
  let timer = null;
  const stop = () => {
    watcher.disconnect();
    clearTimeout(timer);
  };
  const tell = () => {
    stop();
    setTriggerValue("drawn", true);
  };
  const look = () => {
    if (document.querySelector(`.st-key-${CSS.escape(data.table)} [data-testid=stDataFrame]`)) tell();
  };
  watcher = new MutationObserver(look);
  timer = setTimeout(tell, 3000);
  watcher.observe(document.body, { childList: true, subtree: true });
  look();
  return stop;
}
