/**
 * The dashboard: which page is open, drawn again with every change.
 *
 * @typedef {import("./types.js").State} State
 * @typedef {(properties: {state: State, rest: string[]}) => unknown} PageView
 */
import { html, render, useEffect, useErrorBoundary, useRef } from "../vendor/htm-preact.module.js";
import { start } from "./base/live.js";
import { linkTo, usePlace } from "./base/routing.js";
import { useLive } from "./base/store.js";
import { Backup } from "./chargers/backup.js";
import { Chargers } from "./chargers/chargers.js";
import { DevicePage } from "./devices/device_page.js";
import { Devices } from "./devices/devices.js";
import { EnergyPage } from "./energy/energy.js";
import { Header, Lost } from "./frame/header.js";
import { Login } from "./frame/login.js";
import { More } from "./frame/more.js";
import { ENTRIES, entryOf } from "./frame/pages.js";
import { Home } from "./home/home.js";
import { SettingsPage } from "./settings/settings.js";
import { Setup } from "./settings/setup.js";
import { Captures } from "./tools/captures.js";
import { ConsolePage } from "./tools/console.js";

/** @type {Record<string, PageView>} */
const VIEWS = {
  "": Home,
  energy: EnergyPage,
  devices: Devices,
  device: DevicePage,
  chargers: Chargers,
  backup: Backup,
  console: ConsolePage,
  captures: Captures,
  settings: SettingsPage,
  setup: Setup,
  more: More,
};

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
        : html`<${Page} key=${page} View=${VIEWS[page] ?? Nowhere} state=${state} rest=${rest} />`}
    </main>
  `;
}

/** One page's fault stays on that page. @param {{View: PageView, state: State, rest: string[]}} properties */
function Page({ View, state, rest }) {
  const [error, retry] = useErrorBoundary((caught) => console.error(caught));
  if (!error) return html`<${View} state=${state} rest=${rest} />`;
  return html`<div class="card waiting" role="alert">
    <p>This page has a fault: ${String(error)}</p>
    <button type="button" class="button" onClick=${retry}>Draw again</button>
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

function Nowhere() {
  return html`<p class="card waiting">There is no such page. <a href=${linkTo("")}>Go home</a>.</p>`;
}

const root = document.getElementById("app");
if (root) {
  root.replaceChildren();
  render(html`<${App} />`, root);
  start();
}
