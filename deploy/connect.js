// Called first of all in the page's head with what Streamlit's page would ask its server for (early_scripts.py).
(hostConfig) => {
  const base = new URL(".", document.baseURI);
  window.__streamlit = { BACKEND_BASE_URL: base.href, HOST_CONFIG: hostConfig };
  // The page's socket is opened while its scripts are still on their way. The page asks for one later, and is
  // handed this if it asks as a first visit does; the server has nothing to say before it is spoken to.
  const address = new URL("_stcore/stream", base);
  address.protocol = base.protocol.replace("http", "ws");
  // As Streamlit's page gives them. The token is written anew now and then, so it is looked up again below.
  const protocols = () => [
    "streamlit", document.cookie.match(/\b_streamlit_xsrf=([^;]*)\b/)?.[1] ?? "PLACEHOLDER_AUTH_TOKEN",
  ];
  const Plain = window.WebSocket;
  const early = new Plain(address, protocols());
  window.WebSocket = new Proxy(Plain, {
    construct(_, [url, asked]) {
      window.WebSocket = Plain;
      const same = new URL(url).href === early.url && String(asked) === String(protocols());
      if (early.readyState > Plain.OPEN || !same) {
        early.close();
        return new Plain(url, asked);
      }
      if (early.readyState === Plain.OPEN) queueMicrotask(() => early.dispatchEvent(new Event("open")));
      return early;
    },
  });
};
