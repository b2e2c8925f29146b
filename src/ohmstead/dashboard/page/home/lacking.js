/**
 * What a day's curves lack. Pure.
 *
 * @typedef {import("../types.js").Series} Series
 * @typedef {import("../base/gaps.js").Spell} Spell
 * @typedef {import("./day.js").Moment} Moment
 */
import { visible } from "../base/gaps.js";
import { CURVES, during } from "./day.js";

/**
 * The spells to draw behind the curves of a day.
 * @param {Series[]} series
 * @param {Spell[]} spells
 * @param {number} step_s
 */
export function missingOf(series, spells, step_s) {
  const known = series.map(({ device, points }) => ({ device, at_s: points.map((point) => Date.parse(point.at) / 1000) }));
  return visible(spells, known, step_s);
}

/** What of them lies in the day itself. @param {Spell[]} missing @param {{start_s: number, end_s: number}} day */
export function within(missing, day) {
  return missing.map((spell) => ({ ...spell, start_s: Math.max(spell.start_s, day.start_s), end_s: Math.min(spell.end_s, day.end_s) }));
}

/** Those during which one of the curves is known say so. @param {Spell[]} missing @param {Moment[]} moments */
export function marked(missing, moments) {
  return missing.map((spell) => {
    const isIn = during([spell]);
    return { ...spell, isPart: moments.some((moment) => isIn(moment.at_s) && CURVES.some((role) => moment[role] !== null)) };
  });
}

/** What lasts grows with the day. @param {{moments: Moment[], missing: Spell[]}} today */
export function grown({ moments, missing }) {
  const last = moments.at(-1);
  if (!last || CURVES.every((role) => last[role] !== null)) return missing;
  return missing.map((spell) => (spell.lasts ? { ...spell, end_s: Math.max(spell.end_s, last.at_s) } : spell));
}
