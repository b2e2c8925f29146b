/**
 * The dashboard: which page is open, drawn again with every change.
 *
 * @typedef {import("./types.js").State} State
 * @typedef {(properties: {state: State, rest: string[]}) => unknown} PageView
 */
import { html, render, useEffect, useErrorBoundary, useRef, useState } from "../vendor/htm-preact.module.js";
import { start } from "./base/live.js";
import { usePlace } from "./base/routing.js";
import { useLive } from "./base/store.js";
import { Header, Lost } from "./frame/header.js";
import { Login } from "./frame/login.js";
import { ENTRIES, entryOf } from "./frame/pages.js";
import { Home } from "./home/home.js";
import { load } from "./pages.js";

function App() {
  const state = useLive();
  const { page, rest } = usePlace();
  useArrival(page);
  if (state.access === "out") return html`<${Login} />`;
  const isLost = state.connection.state === "lost";
  return html`
    <${Header} state=${state} page=${page} />
    ${isLost && html`<${Lost} state=${state} />`}
    <main id="content" tabindex="-1" class="page-${page || "home"} ${isLost ? "is-lost" : ""}">
      ${state.atMs === null
        ? html`<p class="card waiting" role="status">Connecting to the gateway…</p>`
        : html`<${Page} key=${page} page=${page} state=${state} rest=${rest} />`}
    </main>
  `;
}

/** One page's fault stays on that page. @param {{page: string, state: State, rest: string[]}} properties */
function Page({ page, state, rest }) {
  const place = rest.join("/");
  const faultyPlace = useRef("");
  const [error, retry] = useErrorBoundary((caught) => {
    faultyPlace.current = place;
    console.error(caught);
  });
  // In a box of its own: a function that is handed to a setter would be called by it.
  const [loaded, setLoaded] = useState(/** @type {{View: PageView} | null} */ (page === "" ? { View: Home } : null));
  const [isAbsent, setAbsent] = useState(false);
  useEffect(() => {
    if (!loaded) load(page).then((View) => setLoaded({ View }), () => setAbsent(true));
  }, []);
  if (error && place === faultyPlace.current) return html`<${Fault} words=${`This page has a fault: ${String(error)}`} again=${retry} word="Draw again" />`;
  // After an upgrade the old pages are gone, and the new ones come with a reload.
  if (isAbsent) return html`<${Fault} words="This page did not come. Ohmstead does not answer, or is another version by now." again=${() => location.reload()} word="Load again" />`;
  // In an element of its own: with it goes all that was drawn before a fault.
  return loaded ? html`<div class="page"><${loaded.View} state=${state} rest=${rest} /></div>` : html`<p class="waiting" role="status">Opening…</p>`;
}

/** @param {{words: string, again: () => void, word: string}} properties */
function Fault({ words, again, word }) {
  return html`<div class="card waiting" role="alert">
    <p>${words}</p>
    <button type="button" class="button" onClick=${again}>${word}</button>
  </div>`;
}

/** A page that opens begins at its top, has a title, and takes the focus from the link that led there. @param {string} page */
function useArrival(page) {
  const before = useRef(page);
  useEffect(() => {
    const entry = ENTRIES.find((one) => one.page === entryOf(page));
    document.title = entry?.page ? `${entry.title} · Ohmstead` : "Ohmstead";
    if (before.current === page) return;
    before.current = page;
    scrollTo(0, 0);
    document.getElementById("content")?.focus({ preventScroll: true });
  }, [page]);
}

const root = document.getElementById("app");
if (root) {
  root.replaceChildren();
  render(html`<${App} />`, root);
  start();
}
