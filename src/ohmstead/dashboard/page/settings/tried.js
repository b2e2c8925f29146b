/**
 * What a device said when it was tried, and the name under which it joins.
 *
 * @typedef {import("../types.js").Tried} Tried
 * @typedef {import("../types.js").TriedDevice} TriedDevice
 */
import { quantity, words } from "../base/format.js";
import { html, useId, useState } from "../base/hooks.js";
import { titleOfField, unitOf } from "../devices/wording.js";

const SHOWN = ["power_w", "soc_pct", "state", "voltage_v", "energy_wh"];

/** @param {{tried: Tried, name: string, onAdd: (name: string) => void}} properties */
export function TriedView({ tried, name, onAdd }) {
  const [typed, setTyped] = useState(name);
  const id = useId();
  return html`<div class="tried" role="status">
    <p class="pill is-good">It answers</p>
    <ul class="lines">
      ${tried.devices.map((device) => html`<li key=${device.id}><b>${words(device.model) || device.id}</b>${device.serial && html`<span class="quiet">serial ${device.serial}</span>`}<span>${said(device)}</span></li>`)}
    </ul>
    <form class="form is-row" onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), onAdd(typed.trim()))}>
      <div class="field"><label for=${id}>Call it</label>
        <input id=${id} type="text" required autocomplete="off" spellcheck=${false} value=${typed} onInput=${(/** @type {Event} */ event) => setTyped(/** @type {HTMLInputElement} */ (event.target).value)} /></div>
      <button type="submit" class="button is-main">Add to the site</button>
    </form>
  </div>`;
}

/** @param {TriedDevice} device */
function said({ readings }) {
  const parts = readings.flatMap((reading) =>
    SHOWN.filter((field) => reading[field] !== null && reading[field] !== undefined).map(
      (field) => `${titleOfField(field, reading.type).toLowerCase()} ${quantity(reading[field], unitOf(field))}`,
    ),
  );
  return parts.slice(0, 4).join(", ");
}
