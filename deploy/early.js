// Called before any script of Streamlit's with what deploy/early_scripts.py put together:
// `small` maps a script's name to its text, `chart` is the name of the chart's script.
(small, chart) => {
  const folder = new URL("static/js/", document.baseURI).href;
  const inline = (text) => "data:text/javascript;charset=utf-8," + text;
  const imports = {};
  for (const [name, text] of Object.entries(small)) {
    imports[folder + name] = inline(text.replaceAll("\u0001", folder));
  }
  // The chart's script keeps the browser busy for a third of a second: what the page drew before it comes first.
  imports[folder + chart] = inline(
    "await new Promise((go) => self.requestIdleCallback ? requestIdleCallback(go, { timeout: 1000 }) : setTimeout(go, 200));" +
      `const whole = await import("${folder}${chart}?whole"); export default whole.default;`,
  );
  const map = document.createElement("script");
  map.type = "importmap";
  map.textContent = JSON.stringify({ imports });
  document.currentScript.after(map);
};
