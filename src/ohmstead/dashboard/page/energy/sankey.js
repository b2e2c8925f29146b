/**
 * Where energy came from and went, as ribbons as wide as it was much; and the same as a table of numbers.
 *
 * @typedef {import("../types.js").EnergyFlow} EnergyFlow
 * @typedef {{y: number, height: number}} Block
 * @typedef {{flow: EnergyFlow, from: number, to: number, width: number}} Ribbon
 */
import { energy } from "../base/format.js";
import { html, useNarrow } from "../base/hooks.js";
import { SINKS, SOURCES, roleOf, taking, totalOf } from "./sums.js";

/** On a desk and on a phone. */
const [WIDE, NARROW] = [640, 400];
const HEIGHT = 280;
/** Room for the words beside even the thinnest end. */
const GAP = 42;
const BAR = 10;
const MARGIN = 118;
/** So that a trickle is still seen. */
const THINNEST = 1.5;

/** @param {{flows: EnergyFlow[]}} properties */
export function Sankey({ flows }) {
  const { sources, sinks, ribbons, height } = layout(flows);
  const width = useNarrow() ? NARROW : WIDE;
  const [left, right, middle] = [MARGIN, width - MARGIN, width / 2];
  return html`
    <svg class="sankey" viewBox="0 0 ${width} ${height}" role="img" aria-label=${spoken(flows)}>
      ${ribbons.map(
        ({ flow, from, to, width: thickness }) => html`<path
          key=${`${flow.source} ${flow.sink}`}
          class="ribbon role-${roleOf(flow.source)}"
          stroke-width=${thickness}
          d="M${left + BAR} ${from} C${middle} ${from} ${middle} ${to} ${right - BAR} ${to}"
        ><title>${SOURCES[flow.source]} to ${SINKS[flow.sink].toLowerCase()}: ${energy(flow.energy_wh)}</title></path>`,
      )}
      ${[...sources].map(([name, block]) => html`<${End} key=${name} title=${SOURCES[name]} role=${roleOf(name)} block=${block} x=${left} isLeft=${true} energy_wh=${totalOf(flows, (flow) => flow.source === name)} />`)}
      ${[...sinks].map(([name, block]) => html`<${End} key=${name} title=${SINKS[name]} role=${roleOf(name)} block=${block} x=${right - BAR} isLeft=${false} energy_wh=${totalOf(flows, (flow) => flow.sink === name)} />`)}
    </svg>
  `;
}

/** @param {{title: string, role: string, block: Block, x: number, isLeft: boolean, energy_wh: number}} properties */
function End({ title, role, block, x, isLeft, energy_wh }) {
  const [textX, middle] = [isLeft ? x - 12 : x + BAR + 12, block.y + block.height / 2];
  return html`<g class="role-${role} ${isLeft ? "is-left" : "is-right"}">
    <rect class="bar" x=${x} y=${block.y} width=${BAR} height=${block.height} rx="3" />
    <text x=${textX} y=${middle - 3}>${title}</text>
    <text class="amount" x=${textX} y=${middle + 15}>${energy(energy_wh)}</text>
  </g>`;
}

/** @param {EnergyFlow[]} flows */
export function layout(flows) {
  const [sourceNames, sinkNames] = [taking(SOURCES, flows, "source"), taking(SINKS, flows, "sink")];
  const total_wh = totalOf(flows, () => true);
  const most = Math.max(sourceNames.length, sinkNames.length);
  const height = Math.max(HEIGHT, most * 64);
  const scale = (height - GAP * most) / total_wh;
  const sources = stacked(sourceNames, (name) => totalOf(flows, (flow) => flow.source === name) * scale, height);
  const sinks = stacked(sinkNames, (name) => totalOf(flows, (flow) => flow.sink === name) * scale, height);
  /** @type {Record<string, number>} */
  const used = {};
  const next = (/** @type {string} */ key, /** @type {Block | undefined} */ block, /** @type {number} */ width) => {
    const start = used[key] ?? block?.y ?? 0;
    used[key] = start + width;
    return start + width / 2;
  };
  const ordered = sourceNames.flatMap((source) =>
    sinkNames.flatMap((sink) => flows.filter((flow) => flow.source === source && flow.sink === sink)),
  );
  const ribbons = ordered.map((flow) => {
    const width = flow.energy_wh * scale;
    const from = next(`from ${flow.source}`, sources.get(flow.source), width);
    const to = next(`to ${flow.sink}`, sinks.get(flow.sink), width);
    return { flow, from, to, width: Math.max(width, THINNEST) };
  });
  return { sources, sinks, ribbons, height };
}

/** One block under the other, with the same space between and around. @template {string} Name @param {Name[]} names @param {(name: Name) => number} size @param {number} height @returns {Map<Name, Block>} */
function stacked(names, size, height) {
  const free = height - names.reduce((sum, name) => sum + size(name), 0);
  const space = free / names.length;
  let y = space / 2;
  return new Map(
    names.map((name) => {
      const block = { y, height: Math.max(size(name), THINNEST) };
      y += size(name) + space;
      return [name, block];
    }),
  );
}

/** @param {EnergyFlow[]} flows */
function spoken(flows) {
  const parts = flows.map(({ source, sink, energy_wh }) => `${SOURCES[source]} to ${SINKS[sink].toLowerCase()} ${energy(energy_wh)}`);
  return `Where energy came from and went. ${parts.join(", ")}.`;
}
