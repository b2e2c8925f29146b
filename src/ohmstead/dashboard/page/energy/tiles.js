/**
 * The few numbers that matter of a stretch of time.
 *
 * @typedef {import("./sums.js").Sums} Sums
 */
import { html } from "../../vendor/htm-preact.module.js";
import { UNKNOWN, energy, mass, money } from "../base/format.js";
import { NOTHING_WH } from "./sums.js";

/** @param {{sums: Sums, currency: string}} properties */
export function Tiles({ sums, currency }) {
  const own = sums.own_pct === null ? UNKNOWN : `${Math.round(sums.own_pct)}\u00a0%`;
  return html`
    <dl class="tiles" aria-label="Sums">
      <${Tile} title="Used" value=${energy(sums.used_wh)} about="home and cars" />
      <${Tile} title="Produced" value=${energy(sums.produced_wh)} about="by the sun" role="solar" />
      <${Tile} title="From the grid" value=${energy(sums.imported_wh)} role="grid" />
      <${Tile} title="To the grid" value=${energy(sums.exported_wh)} role="grid" />
      <${Tile} title="Our own" value=${own} about="of what was used" />
      <${Tile} title="Cost" value=${money(sums.cost, currency)} about=${sums.earned ? `${money(sums.earned, currency)} earned` : "nothing earned"} />
      <${Tile} title="Emissions" value=${mass(sums.emitted_g)} about="of CO₂" />
      ${sums.unaccounted_wh >= NOTHING_WH && html`<${Tile} title="Unaccounted" value=${energy(sums.unaccounted_wh)} about="used, but no meter saw it come" />`}
    </dl>
  `;
}

/** @param {{title: string, value: string, about?: string, role?: string}} properties */
function Tile({ title, value, about = "", role = "" }) {
  return html`<div class="tile ${role && `role-${role}`}"><dt>${title}</dt><dd>${value}${about && html`<small>${about}</small>`}</dd></div>`;
}
