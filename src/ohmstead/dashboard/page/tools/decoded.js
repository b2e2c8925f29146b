/**
 * The frames of a recording in words.
 *
 * @typedef {import("../types.js").DecodedCapture} DecodedCapture
 */
import { html } from "../../vendor/htm-preact.module.js";
import { Trouble, useAsked } from "../base/asked.js";
import { bytes, clock } from "../base/format.js";

const SHOWN = 100;
const RUNNING_MS = 3000;

/** @param {{path: string, zone: string, isRunning: boolean}} properties */
export function Decoded({ path, zone, isRunning }) {
  const asked = useAsked(`${path}/decoded`, { limit: SHOWN }, isRunning ? RUNNING_MS : 0);
  const found = /** @type {DecodedCapture | null} */ (asked.found);
  if (found === null) return asked.trouble ? html`<${Trouble} asked=${asked} what="This recording" />` : html`<p class="quiet" role="status">Decoding…</p>`;
  return html`
    <p class="quiet">${found.frames} frames${found.frames > SHOWN ? `, the newest ${SHOWN} of them here` : ""}.${found.is_complete || isRunning ? "" : " It was cut off."}</p>
    <div class="scroll frames" tabindex="0" role="region" aria-label="Frames in words">
      <table>
        <thead><tr><th scope="col">At</th><th scope="col">Way</th><th scope="col">Size</th><th scope="col">In words</th></tr></thead>
        <tbody>
          ${found.newest.map(
            (frame, index) => html`<tr key=${index}>
              <th scope="row">${clock(Date.parse(frame.at), zone, true)}</th>
              <td>${frame.direction === "<" ? "from it" : "to it"}</td>
              <td>${bytes(frame.size)}</td>
              <td><code>${JSON.stringify(frame.content)}</code></td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}
