/**
 * The page: what is known, drawn again with every change.
 *
 * @typedef {import("./types.js").State} State
 */
import { html, render, useErrorBoundary } from "../vendor/htm-preact.module.js";
import { Curve } from "./curve.js";
import { Devices } from "./devices.js";
import { Flow } from "./flow.js";
import { ago, clock, duration } from "./format.js";
import { retryNow, start } from "./live.js";
import { Ledger } from "./receipt.js";
import { siteNow, useLive } from "./store.js";
import { ThemeButton } from "./theme.js";

function App() {
  const state = useLive();
  const [error, retry] = useErrorBoundary((caught) => console.error(caught));
  if (error) return html`<${Broken} error=${error} retry=${retry} />`;
  const isLost = state.connection.state === "lost";
  return html`
    <${Header} state=${state} />
    ${isLost && html`<${Lost} state=${state} />`}
    <main id="content" class=${isLost ? "is-lost" : ""}>
      ${state.atMs === null
        ? html`<p class="card waiting" role="status">Connecting to the gateway…</p>`
        : html`
            <div class="overview"><${Flow} state=${state} /><${Curve} state=${state} /></div>
            <${Devices} state=${state} />
            <${Ledger} state=${state} />
          `}
    </main>
  `;
}

/** @param {{state: State}} properties */
function Header({ state }) {
  const { connection, site, atMs, speed } = state;
  const text = { open: "Live", connecting: "Connecting", lost: "Not connected" }[connection.state];
  const tone = { open: "good", connecting: "wait", lost: "bad" }[connection.state];
  return html`
    <header class="top">
      <a class="skip" href="#content">Skip to content</a>
      <h1><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3.500 11.500 12 4l8.500 7.500M6.500 20a7 7 0 1 1 11 0" /></svg>${site.name}</h1>
      <div class="top-right">
        ${atMs !== null && html`<time class="quiet">${clock(siteNow(), site.time_zone)}${speed === 1 ? "" : ` · ${speed}×`}</time>`}
        <p class="pill is-${tone}" data-connection=${connection.state}>${text}</p>
        <${ThemeButton} />
      </div>
    </header>
  `;
}

/** @param {{state: State}} properties */
function Lost({ state }) {
  const { lostAtMs, nextTryAtMs } = state.connection;
  const wait_s = ((nextTryAtMs ?? 0) - Date.now()) / 1000;
  return html`
    <div class="banner">
      <p>
        <b role="alert">The connection to Ohmstead is lost.</b>
        ${state.atMs === null
          ? " Nothing was received yet."
          : ` You see the last values, from ${clock(state.atMs, state.site.time_zone, true)}, ${ago((Date.now() - (lostAtMs ?? 0)) / 1000)}.`}
        ${wait_s > 0 ? ` Trying again in ${duration(Math.ceil(wait_s))}.` : " Trying again now."}
      </p>
      <button type="button" class="button" onClick=${retryNow}>Try now</button>
    </div>
  `;
}

/** Better a sentence than an empty page. @param {{error: unknown, retry: () => void}} properties */
function Broken({ error, retry }) {
  return html`<main class="card waiting" role="alert">
    <p>This page has a fault: ${String(error)}</p>
    <button type="button" class="button" onClick=${retry}>Draw again</button>
  </main>`;
}

const root = document.getElementById("app");
if (root) {
  root.replaceChildren();
  render(html`<${App} />`, root);
  start();
}
