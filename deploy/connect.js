// Called first of all in the page's head with what Streamlit's page would ask its server for (early_scripts.py).
(hostConfig) => {
  const base = new URL(".", document.baseURI);
  window.__streamlit = { BACKEND_BASE_URL: base.href, HOST_CONFIG: hostConfig };
  // The page's socket is opened while its scripts are still on their way. The page asks for one later, and is
  // handed this if it asks as a first visit does; the server has nothing to say before it is spoken to.
  const address = new URL("_stcore/stream", base);
  address.protocol = base.protocol.replace("http", "ws");
  const token = document.cookie.match(/\b_streamlit_xsrf=([^;]*)\b/)?.[1] ?? "PLACEHOLDER_AUTH_TOKEN";
  const Plain = window.WebSocket;
  const early = new Plain(address, ["streamlit", token]);
  window.WebSocket = new Proxy(Plain, {
    construct(_, [url, asked]) {
      window.WebSocket = Plain;
      // Two protocols: a name and a token, which may have been written anew since. A third is a session to go on with.
      const first = new URL(url).href === early.url && asked.length === 2;
      if (early.readyState > Plain.OPEN || !first) {
        early.close();
        return new Plain(url, asked);
      }
      if (early.readyState === Plain.OPEN) queueMicrotask(() => early.dispatchEvent(new Event("open")));
      return early;
    },
  });
};
