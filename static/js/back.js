// The browser's Back takes away what lies over a page, not the page: a dialog, somebody who is being served.

const layers = [];

// Something lies over the page from now on; `close` takes it away. Call what this returns when it was closed in another way.
export function over(close) {
  const one = { close };
  layers.push(one);
  history.pushState({ layers: layers.length }, "");
  return () => {
    const at = layers.indexOf(one);
    if (at < 0) return;
    layers.splice(at, 1);
    history.back();
  };
}

window.addEventListener("popstate", () => {
  const depth = (history.state && history.state.layers) || 0;
  while (layers.length > depth) layers.pop().close();
});

// A page that answered a form is asked for anew when somebody comes back to it; sent again it would be an error page of the browser.
history.replaceState(history.state, "", location.href);
