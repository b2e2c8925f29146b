/**
 * Source by sink in numbers, with the sums that agree with the meters.
 *
 * @typedef {import("../types.js").EnergyFlow} EnergyFlow
 */
import { html } from "../../vendor/htm-preact.module.js";
import { UNKNOWN, energy } from "../base/format.js";
import { SINKS, SOURCES, roleOf, taking, totalOf } from "./sums.js";

/** @param {{flows: EnergyFlow[]}} properties */
export function Matrix({ flows }) {
  const [sources, sinks] = [taking(SOURCES, flows, "source"), taking(SINKS, flows, "sink")];
  const cell = (/** @type {(flow: EnergyFlow) => boolean} */ isMeant) => {
    const energy_wh = totalOf(flows, isMeant);
    return energy_wh > 0 ? energy(energy_wh) : UNKNOWN;
  };
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Energy by source and sink">
      <table class="matrix">
        <thead>
          <tr><th scope="col">From</th>${sinks.map((sink) => html`<th scope="col" key=${sink}>${SINKS[sink]}</th>`)}<th scope="col">Sum</th></tr>
        </thead>
        <tbody>
          ${sources.map(
            (source) => html`<tr key=${source}>
              <th scope="row"><span class="dot role-${roleOf(source)}"></span>${SOURCES[source]}</th>
              ${sinks.map((sink) => html`<td key=${sink}>${cell((flow) => flow.source === source && flow.sink === sink)}</td>`)}
              <td class="sum">${cell((flow) => flow.source === source)}</td>
            </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr><th scope="row">Sum</th>${sinks.map((sink) => html`<td key=${sink}>${cell((flow) => flow.sink === sink)}</td>`)}<td class="sum">${cell(() => true)}</td></tr>
        </tfoot>
      </table>
    </div>
  `;
}
