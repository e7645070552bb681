// Called first of all in the page's head with what Streamlit's page would ask its server for (early_scripts.py).
(hostConfig) => {
  const base = new URL(".", document.baseURI);
  window.__streamlit = { BACKEND_BASE_URL: base.href, HOST_CONFIG: hostConfig };
  // The page's socket is opened while its scripts are still on their way. The page asks for one later, and is
  // handed this if it asks for the same; the server has nothing to say before it is spoken to.
  const address = new URL("_stcore/stream", base);
  address.protocol = base.protocol.replace("http", "ws");
  const token = document.cookie.match(/\b_streamlit_xsrf=([^;]*)/)?.[1] ?? "PLACEHOLDER_AUTH_TOKEN";
  const protocols = ["streamlit", token];
  const Plain = window.WebSocket;
  const early = new Plain(address, protocols);
  window.WebSocket = new Proxy(Plain, {
    construct(_, [url, asked]) {
      window.WebSocket = Plain;
      if (early.readyState > Plain.OPEN || new URL(url).href !== early.url || String(asked) !== String(protocols)) {
        early.close();
        return new Plain(url, asked);
      }
      if (early.readyState === Plain.OPEN) queueMicrotask(() => early.dispatchEvent(new Event("open")));
      return early;
    },
  });
};
