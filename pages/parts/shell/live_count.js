// How many models a range of sizes would show, beside the slider while it moves. Streamlit sends a slider's value
// when it is let go; the counts of all ranges came with the page, and this only reads what the thumbs say.
const places = new WeakMap();
// Milliseconds for which the count stays once the thumb rests: by then the page says it itself.
const LINGER = 1500;

export default function ({ parentElement, data }) {
  let place = places.get(parentElement);
  if (!place) {
    const bubble = document.createElement("div");
    bubble.setAttribute("role", "status");
    bubble.style.cssText =
      "position:fixed;z-index:95;padding:.15rem .6rem;border-radius:6px;pointer-events:none;visibility:hidden;" +
      "white-space:nowrap;font:600 .9rem var(--st-font,sans-serif);color:var(--st-background-color,#fff);" +
      "background:var(--st-text-color,#000)";
    parentElement.append(bubble);
    place = { bubble, watcher: null, timer: null };
    places.set(parentElement, place);
  }
  hide(place);
  place.watcher?.disconnect();
  // Streamlit writes the same text again when the page is drawn anew; only a thumb that moved counts.
  const moved = ({ oldValue, target }) => oldValue !== null && oldValue !== target.getAttribute("aria-valuetext");
  place.watcher = new MutationObserver((changes) => changes.some(moved) && say(place, data));
  const slider = document.querySelector(`.st-key-${CSS.escape(data.slider)}`);
  if (slider) {
    place.watcher.observe(slider, {
      attributeFilter: ["aria-valuetext"],
      attributeOldValue: true,
      subtree: true,
    });
  }
  return () => {
    hide(place);
    place.watcher.disconnect();
  };
}

function hide({ bubble, timer }) {
  clearTimeout(timer);
  bubble.style.visibility = "hidden";
}

function say(place, { slider, stops, below, up_to, unknown, what }) {
  const { bubble } = place;
  const track = document.querySelector(`.st-key-${CSS.escape(slider)}`);
  const at = [...(track?.querySelectorAll("input[type=range]") ?? [])].map((thumb) =>
    stops.indexOf(thumb.getAttribute("aria-valuetext")),
  );
  if (at.length !== 2 || at.includes(-1)) return;
  const count = up_to[at[1]] - below[at[0]] + unknown;
  const { right, top } = track.getBoundingClientRect();
  bubble.textContent = `${count.toLocaleString("en")} ${what}`;
  bubble.style.right = `${document.documentElement.clientWidth - right + 28}px`;
  bubble.style.top = `${top - 2}px`;
  bubble.style.visibility = "visible";
  const rest = () => {
    if (track.matches(":active")) place.timer = setTimeout(rest, LINGER);
    else hide(place);
  };
  clearTimeout(place.timer);
  place.timer = setTimeout(rest, LINGER);
}
