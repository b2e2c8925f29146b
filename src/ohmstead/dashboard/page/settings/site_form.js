/**
 * What a home is called, and when its days begin.
 *
 * @typedef {import("./draft.js").Draft} Draft
 * @typedef {import("../tools/schema.js").Field} Field
 */
import { isZone } from "../base/calendar.js";
import { html, useId } from "../base/hooks.js";
import { TypedField } from "./typed_field.js";

/** @param {{id?: string, draft: Draft, edit: (draft: Draft) => void, onDone?: () => void}} properties  `onDone`: sent, with nothing wrong. */
export function SiteForm({ id: own, draft, edit, onDone }) {
  const made = useId();
  const id = own ?? made;
  const text = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).value;
  const degrees = (/** @type {string} */ typed) => (typed === "" ? null : Number(typed));
  const wrongZone = isZone(draft.time_zone) ? "" : "No time zone is called so. One is Europe/Berlin.";
  return html`<form id=${id} class="form is-grid" onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), onDone?.())}>
    <div class="field"><label for="${id}-name">Name</label>
      <input id="${id}-name" type="text" required autocomplete="off" value=${draft.name} onInput=${(/** @type {Event} */ event) => edit({ ...draft, name: text(event) })} /></div>
    <div class="field"><label for="${id}-zone">Time zone</label>
      <input id="${id}-zone" type="text" list="${id}-zones" required ref=${(/** @type {HTMLInputElement | null} */ field) => field?.setCustomValidity(wrongZone)} autocomplete="off" spellcheck=${false} value=${draft.time_zone} onInput=${(/** @type {Event} */ event) => edit({ ...draft, time_zone: text(event) })} />
      <datalist id="${id}-zones">${Intl.supportedValuesOf("timeZone").map((zone) => html`<option key=${zone} value=${zone}></option>`)}</datalist></div>
    <div class="field"><label for="${id}-currency">Currency</label>
      <input id="${id}-currency" type="text" maxlength="3" pattern="[A-Z]{3}" title="Three letters, such as EUR" autocomplete="off" value=${draft.currency} onInput=${(/** @type {Event} */ event) => edit({ ...draft, currency: text(event).toUpperCase() })} /></div>
    <div class="field"><label for="${id}-latitude">Latitude <span class="quiet">(° north)</span></label>
      <${TypedField} id="${id}-latitude" type="number" min="-90" max="90" step="any" value=${draft.latitude_deg ?? ""} onTyped=${(/** @type {string} */ typed) => edit({ ...draft, latitude_deg: degrees(typed) })} /></div>
    <div class="field"><label for="${id}-longitude">Longitude <span class="quiet">(° east)</span></label>
      <${TypedField} id="${id}-longitude" type="number" min="-180" max="180" step="any" value=${draft.longitude_deg ?? ""} onTyped=${(/** @type {string} */ typed) => edit({ ...draft, longitude_deg: degrees(typed) })} /></div>
  </form>`;
}

/** The zone this browser lives in is a good first guess. @param {Draft} draft @returns {Draft} */
export function guessed(draft) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return draft.time_zone === "UTC" && timeZone ? { ...draft, time_zone: timeZone } : draft;
}
