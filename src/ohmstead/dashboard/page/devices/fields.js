/**
 * Everything a device tells about itself, to be searched and sorted out by eye.
 *
 * @typedef {import("../types.js").Device} Device
 * @typedef {import("../types.js").Detail} Detail
 */
import { ago, capital, quantity, said } from "../base/format.js";
import { html, useId, useState } from "../base/hooks.js";
import { ageOf } from "../base/store.js";

/** @param {{device: Device, title: string, zone: string}} properties */
export function Fields({ device, title, zone }) {
  const [wanted, setWanted] = useState("");
  const id = useId();
  if (!device.details.length) return null;
  const shown = device.details.filter((detail) => matches(detail, wanted));
  return html`
    <section class="card" aria-labelledby="fields-title">
      <header>
        <h2 id="fields-title">All ${device.details.length} fields</h2>
        <label class="search" for=${id}><span class="unseen">Find a field</span>
          <input id=${id} type="search" placeholder="Find a field" value=${wanted} onInput=${(/** @type {Event} */ event) => setWanted(/** @type {HTMLInputElement} */ (event.target).value)} />
        </label>
      </header>
      <div class="fields scroll" tabindex="0" role="region" aria-label=${`All fields of ${title}`}>
        <table>
          <thead>
            <tr><th scope="col">Field</th><th scope="col">Value</th><th scope="col">Age</th><th scope="col">Quality</th></tr>
          </thead>
          <tbody>
            ${shown.map((detail) => html`<${Field} key=${detail.key} detail=${detail} at=${detail.at ?? device.last_good_at} zone=${zone} />`)}
          </tbody>
        </table>
      </div>
      ${!shown.length && html`<p class="quiet" role="status">No field is called “${wanted}”.</p>`}
    </section>
  `;
}

/** @param {{detail: Detail, at: string | null, zone: string}} properties */
function Field({ detail, at, zone }) {
  return html`<tr>
    <th scope="row">${capital(detail.label || detail.key)}<small>${detail.key}</small></th>
    <td class="number">${detail.secret ? "hidden" : exactly(detail, zone)}</td>
    <td>${at === null ? "" : ago(ageOf(at) ?? 0)}</td>
    <td class=${detail.quality === "good" ? "" : "is-doubtful"}>${detail.quality}</td>
  </tr>`;
}

/** Every digit, in the device's own unit. @param {Detail} detail @param {string} zone */
function exactly({ value, unit }, zone) {
  if (typeof value === "string" && value !== "") return said(value, zone);
  return value === null || !unit ? quantity(value, "") : `${quantity(value, "")}\u00a0${unit}`;
}

/** @param {Detail} detail @param {string} wanted */
function matches({ key, label, value, secret }, wanted) {
  const text = `${key} ${label} ${secret ? "" : value}`.toLowerCase();
  return wanted.toLowerCase().split(" ").every((word) => text.includes(word));
}
