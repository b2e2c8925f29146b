/**
 * What the history lacks, as spells: gaps of one source that follow one another are one. Pure.
 *
 * @typedef {import("../types.js").Gap} Gap
 * @typedef {{source: string, start_s: number, end_s: number, polls: number, reasons: string[], lasts: boolean, isPart?: boolean}} Spell
 *   `isPart`: while it lasts some of the curves are known.
 */
import { dateAt } from "./calendar.js";
import { clock, duration, moment } from "./format.js";

/** So many missed polls are a lapse and no outage, unless they take long. */
const LAPSE_POLLS = 2;
const LAPSE_S = 480;
/** Reasons that fit on a line. */
const MOST_REASONS = 2;

/** Whether a gap is one of a device: its own, or its source's. @param {{source: string}} gap @param {string} device */
export function isOf({ source }, device) {
  return source === device || source === device.split("/")[0];
}

/** @param {Gap[]} gaps @returns {Spell[]} In the order in which they began. */
export function spellsOf(gaps) {
  /** @type {Map<string, Spell>} */
  const newest = new Map();
  /** @type {Spell[]} */
  const spells = [];
  for (const gap of gaps) {
    const [start_s, end_s] = [Date.parse(gap.start) / 1000, Date.parse(gap.end) / 1000];
    const before = newest.get(gap.source);
    if (before && start_s <= before.end_s + (end_s - start_s) / gap.polls / 2) {
      before.end_s = Math.max(before.end_s, end_s);
      before.polls += gap.polls;
      before.lasts = gap.lasts;
      if (!before.reasons.includes(gap.reason)) before.reasons.push(gap.reason);
    } else {
      const spell = { source: gap.source, start_s, end_s, polls: gap.polls, reasons: [gap.reason], lasts: gap.lasts };
      newest.set(gap.source, spell);
      spells.push(spell);
    }
  }
  return spells;
}

/**
 * The outages among them that can be seen in steps of a curve, each up to where its curve begins again.
 * @param {Spell[]} spells
 * @param {{device: string, at_s: number[]}[]} known  When each device of the curve has values, in order.
 * @param {number} step_s
 * @returns {Spell[]}
 */
export function visible(spells, known, step_s) {
  return spells
    .filter((spell) => isOutage(spell) && spell.end_s - spell.start_s >= step_s)
    .flatMap((spell) => {
      const own = known.filter(({ device }) => isOf(spell, device));
      const again_s = Math.min(...own.map(({ at_s }) => at_s.find((one) => one > spell.start_s) ?? Infinity));
      return own.length ? [{ ...spell, end_s: Math.min(spell.end_s, again_s) }] : [];
    });
}

/** @param {Spell} spell */
function isOutage({ start_s, end_s, polls }) {
  return polls > LAPSE_POLLS || end_s - start_s >= LAPSE_S;
}

/** The spell at a moment; of several, the one that hides most. @param {Spell[]} spells @param {number} at_s */
export function spellAt(spells, at_s) {
  const here = spells.filter(({ start_s, end_s }) => start_s <= at_s && at_s < end_s);
  return here.find(({ isPart }) => !isPart) ?? here[0] ?? null;
}

/** "12:03–12:41", with days where more than one comes into question. @param {Spell} spell @param {string} zone @param {boolean} isDated */
export function timesOf({ start_s, end_s, lasts }, zone, isDated) {
  const isLong = dateAt(start_s * 1000, zone) !== dateAt(end_s * 1000, zone);
  const start = (isDated || isLong ? moment : clock)(start_s * 1000, zone);
  return lasts ? `since ${start}` : `${start}–${(isLong ? moment : clock)(end_s * 1000, zone)}`;
}

/** @param {Spell} spell */
export function reasonOf({ reasons }) {
  const rest = reasons.length - MOST_REASONS;
  return [...reasons.slice(0, MOST_REASONS), ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
}

/** @param {Spell[]} spells */
export function lengthOf(spells) {
  return duration(spells.reduce((sum_s, { start_s, end_s }) => sum_s + end_s - start_s, 0));
}
