// Called before any script of Streamlit's with what deploy/early_scripts.py put together: `imports`, the texts of
// the small scripts as parts of an import map, and the name of the chart's script.
(imports, chart) => {
  const folder = new URL("static/js/", document.baseURI).href;
  // The chart's script is a third of all bytes and keeps the browser busy for a third of a second. It is fetched
  // when a chart arrives, and run when what arrived before it is drawn.
  const whole = `${folder}${chart}?whole`;
  const waiting = `
    const early = document.head.appendChild(document.createElement("link"));
    Object.assign(early, { rel: "modulepreload", crossOrigin: "", href: "${whole}" });
    const idle = self.requestIdleCallback ?? ((go) => setTimeout(go, 200));
    await new Promise((go) => idle(go, { timeout: 1000 }));
    const { default: chart } = await import("${whole}");
    export default chart;`;
  const address = JSON.stringify(`data:text/javascript,${encodeURIComponent(waiting)}`);
  const map = document.createElement("script");
  map.type = "importmap";
  map.textContent = `{"imports":{${imports.replaceAll("\uE000", folder)},"${folder}${chart}":${address}}}`;
  document.currentScript.after(map);
};
