/**
 * Everything a device tells about itself, to be searched and sorted out by eye.
 *
 * @typedef {import("../types.js").Device} Device
 * @typedef {import("../types.js").Detail} Detail
 */
import { ago, capital, quantity, said } from "../base/format.js";
import { html, useId, useState } from "../base/hooks.js";
import { ageOf, atSite } from "../base/store.js";
import { Table } from "../base/table.js";

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
      <${Table} kind="fields" isPlain=${true} label=${`All fields of ${title}`} heads=${["Field", "Value", "Age", "Quality"]} rows=${shown.map((detail) => rowOf(detail, detail.at ?? device.last_good_at, zone))} />
      ${!shown.length && html`<p class="quiet" role="status">No field is called “${wanted}”.</p>`}
    </section>
  `;
}

/** @param {Detail} detail @param {string | null} at @param {string} zone */
function rowOf(detail, at, zone) {
  const { key, label, quality, secret } = detail;
  return {
    key,
    title: html`${capital(label || key)}<small>${key}</small>`,
    cells: [
      { text: secret ? "hidden" : exactly(detail, zone), kind: "number" },
      at === null ? "" : ago(ageOf(at) ?? 0),
      { text: quality, kind: quality === "good" ? "" : "is-doubtful" },
    ],
  };
}

/** Every digit, in the device's own unit. @param {Detail} detail @param {string} zone */
function exactly({ value, unit }, zone) {
  if (typeof value === "string" && value !== "") return atSite(said(value, zone));
  return value === null || !unit ? quantity(value, "") : `${quantity(value, "")}\u00a0${unit}`;
}

/** @param {Detail} detail @param {string} wanted */
function matches({ key, label, value, secret }, wanted) {
  const text = `${key} ${label} ${secret ? "" : value}`.toLowerCase();
  return wanted.toLowerCase().split(" ").every((word) => text.includes(word));
}
