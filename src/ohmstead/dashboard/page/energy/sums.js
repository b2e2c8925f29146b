/**
 * What the quarter-hours of a span add up to: who fed whom, what it cost, what it emitted. Pure.
 *
 * @typedef {import("../types.js").EnergyPeriod} EnergyPeriod
 * @typedef {import("../types.js").EnergyFlow} EnergyFlow
 * @typedef {import("../types.js").Source} Source
 * @typedef {import("../types.js").Sink} Sink
 * @typedef {object} Sums
 * @property {EnergyFlow[]} flows  One for each pair that had any.
 * @property {number} produced_wh
 * @property {number} used_wh  By home, cars and what leaves through a vehicle port.
 * @property {number} imported_wh
 * @property {number} exported_wh
 * @property {number | null} own_pct  How much of what was used did not come from the grid; null while nothing was.
 * @property {number} cost
 * @property {number} earned
 * @property {number} emitted_g
 * @property {number} unaccounted_wh
 */

/** @type {Record<Source, string>} */
export const SOURCES = { solar: "Solar", generator: "Generator", vehicle: "From the car", battery: "Battery", grid: "Grid" };
/** @type {Record<Sink, string>} */
export const SINKS = { home: "Home", chargers: "Car", v2l: "Vehicle port", battery: "Battery", grid: "Grid" };
/** Colours are those of the roles. @param {Source | Sink} name */
export const roleOf = (name) => (name === "vehicle" ? "v2l" : name);

/** Less than that, of a day, is rounding. */
export const NOTHING_WH = 10;
const USERS = new Set(["home", "chargers", "v2l"]);

/** @param {EnergyFlow[]} flows @param {(flow: EnergyFlow) => boolean} isMeant */
export function totalOf(flows, isMeant) {
  return flows.filter(isMeant).reduce((sum_wh, flow) => sum_wh + flow.energy_wh, 0);
}

/** Whether the energy was used up, and not stored or sold. @param {EnergyFlow} flow */
export function isUsed({ sink }) {
  return USERS.has(sink);
}

/** @param {EnergyPeriod[]} periods @returns {Sums} */
export function sumsOf(periods) {
  const flows = merged(periods.flatMap((period) => period.flows));
  const used_wh = totalOf(flows, isUsed);
  const bought_wh = totalOf(flows, (flow) => isUsed(flow) && flow.source === "grid");
  const added = (/** @type {(period: EnergyPeriod) => number} */ amount) =>
    periods.reduce((sum, period) => sum + amount(period), 0);
  return {
    flows,
    used_wh,
    produced_wh: totalOf(flows, ({ source }) => source === "solar"),
    imported_wh: totalOf(flows, ({ source }) => source === "grid"),
    exported_wh: totalOf(flows, ({ sink }) => sink === "grid"),
    own_pct: used_wh > 0 ? 100 * (1 - bought_wh / used_wh) : null,
    cost: added((period) => values(period.cost_by_sink)),
    emitted_g: added((period) => values(period.emitted_g_by_sink)),
    earned: added((period) => period.earned),
    unaccounted_wh: added((period) => period.unaccounted_wh),
  };
}

/** @param {Partial<Record<Sink, number>>} bySink */
function values(bySink) {
  return Object.values(bySink).reduce((sum, value) => sum + value, 0);
}

/** @param {EnergyFlow[]} flows */
function merged(flows) {
  /** @type {Map<string, EnergyFlow>} */
  const pairs = new Map();
  for (const { source, sink, energy_wh } of flows) {
    const key = `${source} ${sink}`;
    pairs.set(key, { source, sink, energy_wh: energy_wh + (pairs.get(key)?.energy_wh ?? 0) });
  }
  return [...pairs.values()].filter((flow) => flow.energy_wh > 0);
}

/** Those of a table's names that had any energy, in the table's order. @template {string} Name @param {Record<Name, string>} names @param {EnergyFlow[]} flows @param {"source" | "sink"} side @returns {Name[]} */
export function taking(names, flows, side) {
  const found = new Set(flows.map((flow) => /** @type {string} */ (flow[side])));
  return /** @type {Name[]} */ (Object.keys(names)).filter((name) => found.has(name));
}
