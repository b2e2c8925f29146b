/**
 * Every device in one line: is it well, and the number it is there for.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Device} Device
 */
import { html } from "../../vendor/htm-preact.module.js";
import { ago, quantity, watts } from "../base/format.js";
import { linkTo } from "../base/routing.js";
import { ageOf } from "../base/store.js";
import { healthOf, titleOfDevice } from "../devices/wording.js";

/** @param {{state: State}} properties */
export function Roll({ state }) {
  if (!state.devices.length) return null;
  return html`
    <section aria-label="Devices">
      <ul class="roll">${state.devices.map((device) => html`<${Line} key=${device.id} device=${device} />`)}</ul>
    </section>
  `;
}

/** @param {{device: Device}} properties */
function Line({ device }) {
  const { text, tone } = healthOf(device);
  const age_s = ageOf(device.last_good_at);
  const age = age_s === null ? "no answer yet" : ago(age_s);
  return html`<li>
    <a href=${linkTo("device", device.id)}>
      <span class="lamp is-${tone}"></span>
      <b>${titleOfDevice(device)}</b>
      <span class="figure">${figureOf(device)}</span>
      <small>${tone === "good" ? device.family_title : text} · ${age}</small>
    </a>
  </li>`;
}

/** A battery's charge, or else the first power. @param {Device} device */
function figureOf({ readings }) {
  const battery = readings.find(({ type }) => type === "battery");
  if (battery && battery.soc_pct !== null) return quantity(battery.soc_pct, "%");
  const metered = readings.find(({ power_w }) => power_w !== null);
  return metered ? watts(metered.power_w) : "";
}
