/**
 * Source by sink in numbers, with the sums that agree with the meters.
 *
 * @typedef {import("../types.js").EnergyFlow} EnergyFlow
 * @typedef {(flow: EnergyFlow) => boolean} IsMeant
 */
import { html } from "../../vendor/htm-preact.module.js";
import { UNKNOWN, energy } from "../base/format.js";
import { Table } from "../base/table.js";
import { SINKS, SOURCES, roleOf, taking, totalOf } from "./sums.js";

/** @param {{flows: EnergyFlow[]}} properties */
export function Matrix({ flows }) {
  const [sources, sinks] = [taking(SOURCES, flows, "source"), taking(SINKS, flows, "sink")];
  const told = (/** @type {IsMeant} */ isMeant) => {
    const energy_wh = totalOf(flows, isMeant);
    return Math.round(energy_wh) > 0 ? energy(energy_wh) : UNKNOWN;
  };
  const cells = (/** @type {IsMeant} */ isOfRow) => [
    ...sinks.map((sink) => told((flow) => isOfRow(flow) && flow.sink === sink)),
    { text: told(isOfRow), kind: "sum" },
  ];
  const rows = sources.map((source) => ({
    key: source,
    title: html`<span class="dot role-${roleOf(source)}"></span>${SOURCES[source]}`,
    cells: cells((flow) => flow.source === source),
  }));
  const sums = { key: "sum", title: "Sum", cells: cells(() => true) };
  return html`<${Table} kind="matrix" label="Energy by source and sink" heads=${["From", ...sinks.map((sink) => SINKS[sink]), "Sum"]} rows=${rows} sums=${sums} />`;
}
