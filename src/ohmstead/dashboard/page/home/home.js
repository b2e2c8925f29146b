/** The first page: the home now, the day so far, and what needs attention. @typedef {import("../types.js").State} State */
import { html } from "../../vendor/htm-preact.module.js";
import { linkTo } from "../base/routing.js";
import { Ledger } from "../devices/ledger.js";
import { Curve } from "./curve.js";
import { Flow } from "./flow.js";
import { News } from "./news.js";
import { Roll } from "./roll.js";

/** @param {{state: State}} properties */
export function Home({ state }) {
  return html`
    <h1 class="unseen">Home</h1>
    ${!state.devices.length && html`<${Welcome} />`}
    <${News} state=${state} />
    ${state.devices.length > 0 && html`<div class="overview"><${Flow} state=${state} /><${Curve} state=${state} /></div>`}
    <${Roll} state=${state} />
    <${Ledger} state=${state} />
  `;
}

function Welcome() {
  return html`<section class="card welcome">
    <h2>Welcome</h2>
    <p>Ohmstead knows no device yet. It can look for them in your network, try them, and keep those you choose.</p>
    <a class="button is-main" href=${linkTo("setup")}>Set up this home</a>
  </section>`;
}
