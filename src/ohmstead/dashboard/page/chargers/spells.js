/**
 * A month of one yes-or-no signal: a strip to see it at a glance, and a list.
 *
 * @typedef {import("../types.js").Device} Device
 * @typedef {import("../types.js").Point} Point
 * @typedef {import("../types.js").Series} Series
 * @typedef {import("./outages.js").Spell} Spell
 */
import { html } from "../../vendor/htm-preact.module.js";
import { Trouble, useAsked } from "../base/asked.js";
import { dateAt, midnight, plusDays } from "../base/calendar.js";
import { duration, moment } from "../base/format.js";
import { siteNow } from "../base/store.js";
import { total_s } from "./outages.js";

const DAYS = 30;
const STEP_S = 600;
const AGAIN_MS = 60_000;
const SHOWN = 12;

/** @param {{device: Device, signal: string, reckon: (points: Point[], step_s: number) => Spell[], title: string, none: string, zone: string}} properties */
export function Spells({ device, signal, reckon, title, none, zone }) {
  const today = dateAt(siteNow(), zone);
  const [start_ms, end_ms] = [midnight(plusDays(today, 1 - DAYS), zone), midnight(plusDays(today, 1), zone)];
  const query = { device: device.id, signal, step_s: STEP_S, start: new Date(start_ms).toISOString(), end: new Date(end_ms).toISOString() };
  const asked = useAsked("history", query, AGAIN_MS);
  const points = /** @type {Series | null} */ (asked.found)?.points;
  const spells = points && reckon(points, STEP_S);
  const place = (/** @type {number} */ at_ms) => (100 * (at_ms - start_ms)) / (end_ms - start_ms);
  return html`
    <section class="card" aria-label=${title}>
      <header><h2>${title}</h2><p class="quiet">Last ${DAYS} days, to ten minutes${points ? knownOf(points.length) : ""}</p></header>
      <${Trouble} asked=${asked} what="Its history" />
      ${points?.length && html`<svg class="strip" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="known" x=${place(Date.parse(points[0].at))} width=${place(Date.parse(points[points.length - 1].at)) - place(Date.parse(points[0].at))} height="6" />
        ${spells?.map((spell) => html`<rect class="spell" key=${spell.start_ms} x=${place(spell.start_ms)} width=${Math.max(0.25, place(spell.end_ms) - place(spell.start_ms))} height="6" />`)}
      </svg>`}
      ${points && points.length > 0 && !spells?.length && html`<p class="quiet">${none}</p>`}
      ${spells && spells.length > 0 && html`
        <p class="quiet">${spells.length} in all, about ${duration(total_s(spells))} together.</p>
        <ul class="lines">
          ${spells.slice(0, SHOWN).map(
            (spell) => html`<li key=${spell.start_ms}><b>${moment(spell.start_ms, zone)}</b><span>${spell.isOpen ? "goes on" : `for about ${duration((spell.end_ms - spell.start_ms) / 1000)}`}</span></li>`,
          )}
        </ul>
      `}
    </section>
  `;
}

/** How much of these days is known, unless it is nearly all. @param {number} steps  With at least one sample. */
export function knownOf(steps) {
  if (steps === 0) return ". Nothing is known of them.";
  const known_s = steps * STEP_S;
  return known_s > (DAYS - 1) * 86_400 ? "" : `; ${duration(known_s)} of them are known`;
}
