// What a reader does to a chart by pointer or finger. Loaded once a page, whatever the number of charts.
let send = () => {};
const listening = new WeakSet();

const plotAt = (target) => target instanceof Element && target.closest(".js-plotly-plot");

// A pointer comes over a chart before it can zoom it, so nothing has to watch the page for new charts.
document.addEventListener("pointerover", ({ target }) => {
  const plot = plotAt(target);
  if (!plot || listening.has(plot)) return;
  listening.add(plot);
  plot.on("plotly_relayout", (change) => report(plot, change));
});

function report(plot, change) {
  const place = plot.closest("[class*='st-key-']");
  const name = [...(place?.classList ?? [])].find((one) => one.startsWith("st-key-"));
  const ranges = {};
  for (const changed of Object.keys(change)) {
    const axis = /^([xy]axis\d*)\.(?:range|autorange)/.exec(changed)?.[1];
    if (axis) ranges[axis] = plot.layout[axis].autorange ? null : plot.layout[axis].range;
  }
  if (name && Object.keys(ranges).length) send("zoomed", { [name.slice("st-key-".length)]: ranges });
}

// Plotly takes every touch for a drag, and a page of charts could not be scrolled by finger. It gets those of
// a chart whose figure asks for boxes to be drawn; elsewhere it sees the taps that the browser makes of touches.
document.addEventListener(
  "touchstart",
  (event) => {
    const plot = plotAt(event.target);
    if (plot && !["select", "zoom"].includes(plot.layout?.dragmode)) event.stopPropagation();
  },
  { capture: true, passive: true },
);

export default function ({ setTriggerValue }) {
  send = setTriggerValue;
}
