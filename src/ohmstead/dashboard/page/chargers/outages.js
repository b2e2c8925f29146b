/**
 * When something was so, from its history: the grid away, the generator running. Pure.
 *
 * @typedef {import("../types.js").Point} Point
 * @typedef {{start_ms: number, end_ms: number, isOpen: boolean}} Spell
 */

/** Steps in which the grid was away at least for a while. @param {Point[]} points @param {number} step_s */
export function outagesOf(points, step_s) {
  return spellsOf(points, step_s, ({ low }) => low < 1);
}

/** Steps in which the generator ran at least for a while. @param {Point[]} points @param {number} step_s */
export function runsOf(points, step_s) {
  return spellsOf(points, step_s, ({ high }) => high > 0);
}

/**
 * @param {Point[]} points
 * @param {number} step_s
 * @param {(point: Point) => boolean} isSo
 * @returns {Spell[]} Newest first. One that reaches into the last step is still open.
 */
function spellsOf(points, step_s, isSo) {
  /** @type {Spell[]} */
  const spells = [];
  /** @type {Spell | null} */
  let spell = null;
  for (const point of points) {
    const start_ms = Date.parse(point.at);
    const end_ms = start_ms + step_s * 1000;
    if (!isSo(point)) spell = null;
    else if (spell) spell.end_ms = end_ms;
    else spells.push((spell = { start_ms, end_ms, isOpen: false }));
  }
  if (spell) spell.isOpen = true;
  return spells.reverse();
}

/** @param {Spell[]} spells */
export function total_s(spells) {
  return spells.reduce((sum_s, { start_ms, end_ms }) => sum_s + (end_ms - start_ms) / 1000, 0);
}

/**
 * How long a battery lasts at a power, down to its reserve; null where that makes no sense.
 * @param {{soc_pct: number, capacity_wh: number, reserve_pct: number, power_w: number}} facts
 */
export function lasts_s({ soc_pct, capacity_wh, reserve_pct, power_w }) {
  const usable_wh = Math.max(0, ((soc_pct - reserve_pct) / 100) * capacity_wh);
  return power_w > 0 ? (usable_wh / power_w) * 3600 : null;
}
