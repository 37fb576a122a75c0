// What the server tells: server-sent events, begun again after every break.

const firstRetry = 1000;
const lastRetry = 10000;
const silence = 40000; // the server says something every 15 s

/**
 * Listens for ever.
 * @param parts  name of an event -> what to do with its JSON
 * @param state  told { live: true } or { live: false, since, reason }
 */
export function listen(url, parts, state) {
  let source = null;
  let retry = firstRetry;
  let timer = 0;
  let heard = Date.now();
  let skew = 0;
  let live = null;

  function tell(now, reason) {
    if (live === now) return;
    live = now;
    state({ live, since: heard, reason });
  }

  function stop(reason, again) {
    source?.close();
    source = null;
    clearTimeout(timer);
    if (reason) tell(false, reason);
    if (again) timer = setTimeout(start, retry);
    retry = Math.min(retry * 2, lastRetry);
  }

  function watch() {
    heard = Date.now();
    clearTimeout(timer);
    timer = setTimeout(() => stop('nothing was heard from it', true), silence);
  }

  function start() {
    source = new EventSource(url);
    source.addEventListener('beat', (event) => {
      skew = Number(event.data) - Date.now();
      retry = firstRetry;
      watch();
      tell(true);
    });
    for (const [name, show] of Object.entries(parts)) {
      source.addEventListener(name, (event) => {
        watch();
        show(JSON.parse(event.data));
      });
    }
    source.addEventListener('error', () => stop('the connection broke', true));
    watch();
  }

  // A page that nobody sees takes no place among the listeners.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) stop(null, false);
    else if (!source) start();
  });
  start();
  return { now: () => Date.now() + skew };
}
