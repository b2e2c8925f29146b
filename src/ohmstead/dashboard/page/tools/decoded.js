/**
 * The frames of a recording in words.
 *
 * @typedef {import("../types.js").DecodedCapture} DecodedCapture
 * @typedef {import("../types.js").Frame} Frame
 */
import { html } from "../../vendor/htm-preact.module.js";
import { Trouble, useAsked } from "../base/asked.js";
import { bytes, clock } from "../base/format.js";
import { Table } from "../base/table.js";

const SHOWN = 100;
const RUNNING_MS = 3000;

/** @param {{path: string, zone: string, isRunning: boolean}} properties */
export function Decoded({ path, zone, isRunning }) {
  const asked = useAsked(`${path}/decoded`, { limit: SHOWN }, isRunning ? RUNNING_MS : 0);
  const found = /** @type {DecodedCapture | null} */ (asked.found);
  if (found === null) return asked.trouble ? html`<${Trouble} asked=${asked} what="This recording" />` : html`<p class="quiet" role="status">Decoding…</p>`;
  return html`
    <p class="quiet">${found.frames} frames${found.frames > SHOWN ? `, the newest ${SHOWN} of them here` : ""}.${found.is_complete || isRunning ? "" : " It was cut off."}</p>
    <${Table} kind="frames" isPlain=${true} label="Frames in words" heads=${["At", "Way", "Size", "In words"]} rows=${found.newest.map((frame, index) => rowOf(frame, index, zone))} />
  `;
}

/** @param {Frame} frame @param {number} key @param {string} zone */
function rowOf({ at, direction, size, content }, key, zone) {
  const said = { text: html`<code>${JSON.stringify(content)}</code>`, kind: "said" };
  return { key, title: clock(Date.parse(at), zone, true), cells: [direction === "<" ? "from it" : "to it", bytes(size), said] };
}
