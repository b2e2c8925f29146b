/**
 * What is missing in words: at a moment, above the curve; and all of it in a list below, from which the curve is pointed at.
 *
 * @typedef {import("./gaps.js").Spell} Spell
 */
import { capital, clock } from "./format.js";
import { lengthOf, reasonOf, spellAt, timesOf } from "./gaps.js";
import { html } from "./hooks.js";
import { siteNow } from "./store.js";

const SHOWN = 4;

/** @param {{spells: Spell[], at_s: number | null, zone: string}} properties */
export function WhyHere({ spells, at_s, zone }) {
  const spell = at_s === null ? null : spellAt(spells, at_s);
  if (spell === null || at_s === null) return null;
  return html`<p class="why-here"><span><b>${clock(at_s * 1000, zone)}</b> ${missingWords(spell)}</span></p>`;
}

/** @param {Spell} spell */
export function missingWords(spell) {
  return `${spell.source}: ${reasonOf(spell)}`;
}

/**
 * @param {{spells: Spell[], drawn?: Spell[], zone: string, isDated?: boolean, isComplete?: boolean, hasLapses?: boolean, onPoint?: (at_s: number | null) => void}} properties
 *   `drawn`: those that can be seen in the curve; all, where there is none. `isComplete`: if not, there are older ones.
 *   `hasLapses`: whether those that cannot be seen are told too.
 */
export function GapList({ spells, drawn = spells, zone, isDated = false, isComplete = true, hasLapses = true, onPoint = () => {} }) {
  const isDrawn = (/** @type {Spell} */ spell) => drawn.some((one) => isSame(one, spell));
  const newest = spells.filter(isDrawn).reverse();
  const short = hasLapses ? spells.filter((spell) => !isDrawn(spell)) : [];
  if (!newest.length && !short.length) return null;
  const line = (/** @type {Spell} */ spell) => html`<${Line} key=${spell.source + spell.start_s} spell=${spell} times=${capital(timesOf(spell, zone, isDated))} onPoint=${onPoint} />`;
  return html`
    <div class="missing" role="group" aria-label="What is missing">
      ${newest.length > 0 && html`<ul class="lines">${newest.slice(0, SHOWN).map(line)}</ul>`}
      ${newest.length > SHOWN &&
      html`<details><summary>${newest.length - SHOWN} more</summary><ul class="lines">${newest.slice(SHOWN).map(line)}</ul></details>`}
      ${!isComplete && html`<p class="quiet">Only the newest are told here; a shorter time tells all of its own.</p>`}
      ${short.length > 0 && html`<p class="quiet">${tooShort(short, newest.length > 0)}</p>`}
    </div>
  `;
}

/** @param {{spell: Spell, times: string, onPoint: (at_s: number | null) => void}} properties */
function Line({ spell, times, onPoint }) {
  const point = () => onPoint((spell.start_s + spell.end_s) / 2);
  return html`<li onPointerEnter=${point} onPointerLeave=${() => onPoint(null)}>
    <button type="button" class="times" onClick=${point} onFocus=${point} onBlur=${() => onPoint(null)}>${times}</button>
    <span class="quiet">${lengthOf([untilNow(spell)])}</span><span class="what"><b>${spell.source}</b> ${reasonOf(spell)}</span>
  </li>`;
}

/** @param {Spell} spell */
function untilNow(spell) {
  return spell.lasts ? { ...spell, end_s: Math.max(spell.end_s, siteNow() / 1000) } : spell;
}

/** @param {Spell} one @param {Spell} other */
function isSame(one, other) {
  return one.source === other.source && one.start_s === other.start_s;
}

/** @param {Spell[]} spells @param {boolean} isRest */
function tooShort(spells, isRest) {
  const count = spells.length === 1 ? "one lapse" : `${spells.length} lapses`;
  return capital(`${isRest ? "besides, " : ""}${count} too short to be drawn: ${lengthOf(spells)} in all.`);
}
