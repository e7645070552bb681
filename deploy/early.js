// Called before any script of Streamlit's with what deploy/early_scripts.py put together:
// `small` maps a script's name to its text, `chart` is the name of the chart's script.
(small, chart) => {
  const folder = new URL("static/js/", document.baseURI).href;
  const inline = (text) => "data:text/javascript;charset=utf-8," + text;
  const imports = {};
  for (const [name, text] of Object.entries(small)) {
    imports[folder + name] = inline(text.replaceAll("\u0001", folder));
  }
  // The chart's script is a third of all bytes and keeps the browser busy for a third of a second. It is fetched
  // when a chart arrives, and run when what arrived before it is drawn.
  const whole = `${folder}${chart}?whole`;
  imports[folder + chart] = inline(
    `const early = document.head.appendChild(document.createElement("link"));
    Object.assign(early, { rel: "modulepreload", crossOrigin: "", href: "${whole}" });
    await new Promise((go) => self.requestIdleCallback ? requestIdleCallback(go, { timeout: 1000 }) : setTimeout(go, 200));
    const { default: chart } = await import("${whole}");
    export default chart;`.replaceAll("\n", ""),
  );
  const map = document.createElement("script");
  map.type = "importmap";
  map.textContent = JSON.stringify({ imports });
  document.currentScript.after(map);
};
