/**
 * Today as columns of numbers: solar, grid and home over the hours. Pure.
 *
 * A role's power is the sum over its devices. Where one of them has been silent for too long, the sum is unknown and
 * the curve has a gap; zero is never drawn for "not known".
 *
 * @typedef {import("../types.js").Series} Series
 * @typedef {import("../types.js").Flows} Flows
 * @typedef {import("../types.js").Gap} Gap
 * @typedef {import("../base/gaps.js").Spell} Spell
 * @typedef {{at_s: number, solar: number | null, grid: number | null, home: number | null}} Moment
 */
import { isOf } from "../base/gaps.js";

export const CURVES = /** @type {const} */ (["solar", "grid", "home"]);
/** How many steps a device may be silent before its power counts as unknown. */
const BRIDGED_STEPS = 4;
/** However fine the steps are: a device that is asked every few minutes is not silent in between. */
const BRIDGED_S = 480;
/** Nor is one that was asked so seldom itself. */
const BRIDGED_POLLS = 2;
const HOUR_S = 3600;
/** A day whose first reading is later than this has a beginning that nobody saw. */
const LATE_S = HOUR_S;
const SHORTEST_S = 3 * HOUR_S;

/** Roles on the left of the balance, and on the right; the home's own load is what remains. */
const SOURCES = ["solar", "grid", "battery", "generator"];
const SINKS = ["charger", "vehicle_port"];

/** Roles of readings whose flow has another name. @type {Record<string, string>} */
const FLOWS = { charger: "chargers", vehicle_port: "v2l" };

/**
 * Whether a power belongs into the curve: one meter counts where several see the same edge.
 * @param {{device: string, signal: string}} signal
 * @param {Record<string, string[]>} masters
 */
export function counts({ device, signal }, masters) {
  const [role, field] = signal.split(".");
  const sources = masters[FLOWS[role] ?? role];
  const isDrawn = field === "power_w" && (role === "load" || SOURCES.includes(role) || SINKS.includes(role));
  return isDrawn && (!sources || sources.includes(device.split("/")[0]));
}

/**
 * Nothing is bridged over what is known to be missing. Equipment that is asleep gives nothing, and that is known.
 * @param {Series[]} series
 * @param {number} step_s
 * @param {Spell[]} [missing]
 * @param {Gap[]} [asleep]
 * @returns {Moment[]}
 */
export function momentsOf(series, step_s, missing = [], asleep = []) {
  const seen_s = series.flatMap((one) => one.points.map((point) => Date.parse(point.at) / 1000));
  const times = [...new Set([...seen_s, ...missing.flatMap((spell) => momentsIn(spell, step_s))])];
  times.sort((a, b) => a - b);
  const filled = series.map((one) => ({ role: one.signal.split(".")[0], values: bridged(one, times, step_s, missing, asleep) }));
  const roles = new Set(filled.map((one) => one.role));
  return times.map((at_s, index) => {
    const power = (/** @type {string} */ role) =>
      total(filled.filter((one) => one.role === role).map((one) => one.values[index]));
    const solar = roles.has("solar") ? power("solar") : null;
    const grid = roles.has("grid") ? power("grid") : null;
    return { at_s, solar, grid, home: roles.has("load") ? power("load") : residual(roles, power) };
  });
}

/** So that there is a moment to point at, and for the curves to end at. @param {Spell} spell @param {number} step_s */
function momentsIn({ start_s, end_s }, step_s) {
  return Array.from({ length: Math.ceil((end_s - start_s) / step_s) }, (_, index) => start_s + index * step_s);
}

/** @param {Series} one @param {number[]} times @param {number} step_s @param {Spell[]} missing @param {Gap[]} asleep */
function bridged(one, times, step_s, missing, asleep) {
  const isMissing = during(missing.filter((spell) => isOf(spell, one.device)));
  const isAsleep = during(one.signal === "solar.power_w" ? asleep.filter((gap) => isOf(gap, one.device)).map(ends) : []);
  const points = new Map(one.points.map((point) => [Date.parse(point.at) / 1000, point.mean]));
  const longest_s = Math.max(BRIDGED_STEPS * step_s, BRIDGED_S, BRIDGED_POLLS * cadence_s(one.points));
  let last = { at_s: -Infinity, value: 0 };
  return times.map((at_s) => {
    const value = points.get(at_s);
    if (value !== undefined) last = { at_s, value };
    else if (isMissing(at_s)) last = { at_s: -Infinity, value: 0 };
    else if (isAsleep(at_s)) return 0;
    return at_s - last.at_s <= longest_s ? last.value : null;
  });
}

/** @param {{start_s: number, end_s: number}[]} spells */
export function during(spells) {
  return (/** @type {number} */ at_s) => spells.some(({ start_s, end_s }) => start_s <= at_s && at_s < end_s);
}

/** @param {Gap} gap */
function ends({ start, end }) {
  return { start_s: Date.parse(start) / 1000, end_s: Date.parse(end) / 1000 };
}

/** How far apart its points usually lie. @param {import("../types.js").Point[]} points */
export function cadence_s(points) {
  const gaps_s = points.slice(1).map((point, index) => (Date.parse(point.at) - Date.parse(points[index].at)) / 1000);
  return gaps_s.sort((one, other) => one - other)[Math.floor((gaps_s.length - 1) / 2)] ?? 0;
}

/** @param {Set<string>} roles @param {(role: string) => number | null} power */
function residual(roles, power) {
  if (!roles.has("grid")) return null;
  const fed = total(SOURCES.filter((role) => roles.has(role)).map(power));
  const drawn = total(SINKS.filter((role) => roles.has(role)).map(power));
  return fed === null || drawn === null ? null : Math.max(0, fed - drawn);
}

/** @param {(number | null)[]} values @returns {number | null} */
function total(values) {
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), /** @type {number | null} */ (0));
}

/**
 * The hours to draw: the whole day, or on a home's first day what there is of it, growing hour by hour.
 * @param {{moments: Moment[], start_s: number, end_s: number}} today
 * @returns {[number, number]}
 */
export function hoursOf({ moments, start_s, end_s }) {
  const [first, last] = [moments.at(0), moments.at(-1)];
  if (!first || !last || first.at_s - start_s < LATE_S) return [start_s, end_s];
  const begin_s = Math.floor(first.at_s / HOUR_S) * HOUR_S;
  const grown_s = Math.ceil((last.at_s + HOUR_S / 4) / HOUR_S) * HOUR_S;
  return [begin_s, Math.min(end_s, Math.max(begin_s + SHORTEST_S, grown_s))];
}

/** @param {Flows} flows @returns {Moment} */
export function momentOf(flows) {
  return { at_s: Date.parse(flows.at) / 1000, solar: flows.solar_w, grid: flows.grid_w, home: flows.home_w };
}

/**
 * A live moment behind the others: a new one each `every_s`, else in place of the last live one.
 * @param {Moment[]} moments
 * @param {Moment} moment
 * @param {number} every_s
 */
export function appended(moments, moment, every_s) {
  const before = moments.at(-2);
  const last = moments.at(-1);
  if (last && moment.at_s <= last.at_s) return moments;
  const isNew = !before || !last || last.at_s - before.at_s >= every_s;
  return isNew ? [...moments, moment] : [...moments.slice(0, -1), moment];
}

/**
 * Energies of the day, about: what the curve covers, straight between its points.
 * @param {Moment[]} moments
 * @param {number} longest_s A gap beyond this is not bridged.
 */
export function energies(moments, longest_s) {
  const sums = { solar_wh: 0, imported_wh: 0, exported_wh: 0, home_wh: 0 };
  for (let index = 1; index < moments.length; index++) {
    const [before, after] = [moments[index - 1], moments[index]];
    const hours = (after.at_s - before.at_s) / 3600;
    if (hours * 3600 > longest_s) continue;
    sums.solar_wh += middle(before.solar, after.solar) * hours;
    sums.home_wh += middle(before.home, after.home) * hours;
    const grid_w = middle(before.grid, after.grid);
    if (grid_w > 0) sums.imported_wh += grid_w * hours;
    else sums.exported_wh -= grid_w * hours;
  }
  return sums;
}

/** @param {number | null} before @param {number | null} after */
function middle(before, after) {
  return before === null || after === null ? 0 : (before + after) / 2;
}
