/** What a phone's navigation has no room for. @typedef {import("../types.js").State} State */
import { html } from "../../vendor/htm-preact.module.js";
import { linkTo } from "../base/routing.js";
import { SignedIn } from "./login.js";
import { ENTRIES } from "./pages.js";
import { SignView } from "./signs.js";

/** @param {{state: State}} properties */
export function More({ state }) {
  return html`
    <header class="page-head"><h1>More</h1></header>
    <ul class="more-list card">
      ${ENTRIES.filter((entry) => entry.isMinor).map(
        (entry) => html`<li key=${entry.page}>
          <a href=${linkTo(entry.page)}><${SignView} sign=${entry.sign} /><span><b>${entry.title}</b><small>${entry.about}</small></span></a>
        </li>`,
      )}
    </ul>
    <${SignedIn} session=${state.session} />
  `;
}
