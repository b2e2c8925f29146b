/**
 * Every source in one line: are its devices well, and the number it is there for.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Device} Device
 */
import { html } from "../../vendor/htm-preact.module.js";
import { ago, quantity, watts } from "../base/format.js";
import { linkTo } from "../base/routing.js";
import { ageOf } from "../base/store.js";
import { healthOf } from "../devices/wording.js";

/** In a row of a desk's page, and of the widest one. */
const [MOST, MOST_WIDE] = [6, 7];
const GRAVITY = ["good", "rest", "wait", "bad"];

/** @param {{state: State}} properties */
export function Roll({ state }) {
  if (!state.devices.length) return null;
  const sources = [...new Set(state.devices.map(({ source }) => source))];
  return html`
    <section aria-label="Devices">
      <ul class="roll" style=${{ "--in-a-row": inARow(sources.length, MOST), "--in-a-wide-row": inARow(sources.length, MOST_WIDE) }}>
        ${sources.map((source) => html`<${Line} key=${source} source=${source} devices=${state.devices.filter((device) => device.source === source)} />`)}
      </ul>
    </section>
  `;
}

/** So many that all rows are about as full. @param {number} count @param {number} most */
function inARow(count, most) {
  return Math.ceil(count / Math.ceil(count / most));
}

/** @param {{source: string, devices: Device[]}} properties */
function Line({ source, devices }) {
  const worst = devices.reduce((one, other) => (gravity(other) > gravity(one) ? other : one));
  const lead = gravity(worst) > 0 ? worst : (devices.find(({ readings }) => readings.length) ?? worst);
  const { text, tone } = healthOf(worst);
  const age_s = ageOf(lead.last_good_at);
  const age = age_s === null ? "no answer yet" : ago(age_s);
  return html`<li>
    <a href=${linkTo("device", lead.id)}>
      <span class="lamp is-${tone}"></span>
      <b>${source}</b>
      <small>${tone === "good" ? age : text}</small>
      <span class="figure">${figureOf(devices)}</span>
    </a>
  </li>`;
}

/** @param {Device} device */
function gravity(device) {
  return GRAVITY.indexOf(healthOf(device).tone);
}

/** A battery's charge, or else the first power, of what holds now. @param {Device[]} devices */
function figureOf(devices) {
  const readings = devices.flatMap((device) => device.readings.filter(({ quality }) => quality === "good"));
  const battery = readings.find(({ type }) => type === "battery");
  if (battery && battery.soc_pct !== null) return quantity(battery.soc_pct, "%");
  const metered = readings.find(({ power_w }) => power_w !== null);
  return metered ? watts(metered.power_w) : "";
}
