/**
 * What stands above every page: whose home this is, where one can go, whether what is shown is live.
 *
 * @typedef {import("../types.js").State} State
 */
import { html } from "../../vendor/htm-preact.module.js";
import { ago, clock, duration } from "../base/format.js";
import { retryNow } from "../base/live.js";
import { linkTo } from "../base/routing.js";
import { siteNow } from "../base/store.js";
import { ThemeButton } from "../base/theme.js";
import { ENTRIES, entryOf } from "./pages.js";
import { SignView } from "./signs.js";

const CONNECTION = /** @type {const} */ ({
  open: { text: "Live", tone: "good" },
  connecting: { text: "Connecting", tone: "wait" },
  lost: { text: "Not connected", tone: "bad" },
});

/** @param {{state: State, page: string}} properties */
export function Header({ state, page }) {
  const { connection, site, atMs, speed } = state;
  const { text, tone } = CONNECTION[connection.state];
  return html`
    <header class="top">
      <a class="skip" href="#content" onClick=${skip}>Skip to content</a>
      <p class="brand"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3.500 11.500 12 4l8.500 7.500M6.500 20a7 7 0 1 1 11 0" /></svg><span>${site.name}</span></p>
      <${Navigation} page=${entryOf(page)} />
      <div class="top-right">
        ${atMs !== null && html`<time class="quiet">${clock(siteNow(), site.time_zone)}${speed === 1 ? "" : ` · ${speed}×`}</time>`}
        <p class="pill is-${tone}" data-connection=${connection.state}>${text}</p>
        <${ThemeButton} />
      </div>
    </header>
  `;
}

/** The address behind "#" is the page's, so the link to the content moves the focus only. @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

/** @param {{page: string}} properties */
function Navigation({ page }) {
  const isBehindMore = page === "more" || ENTRIES.some((entry) => entry.page === page && entry.isMinor);
  return html`
    <nav aria-label="Pages">
      ${ENTRIES.map(
        (entry) => html`<a
          key=${entry.page}
          class=${entry.isMinor ? "is-minor" : ""}
          href=${linkTo(entry.page)}
          aria-current=${entry.page === page ? "page" : undefined}
        ><${SignView} sign=${entry.sign} /><span>${entry.title}</span></a>`,
      )}
      <a class="more" href=${linkTo("more")} aria-current=${isBehindMore ? "page" : undefined}><${SignView} sign="more" /><span>More</span></a>
    </nav>
  `;
}

/** @param {{state: State}} properties */
export function Lost({ state }) {
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
