/**
 * A day's curves with what they say at one moment: under the pointer, at the scrubber, or now.
 *
 * @typedef {import("./curve.js").Today} Today
 * @typedef {import("./day.js").Moment} Moment
 * @typedef {import("../base/gaps.js").Spell} Spell
 */
import { clock, watts } from "../base/format.js";
import { GapList, WhyHere, missingWords } from "../base/gap_list.js";
import { spellAt } from "../base/gaps.js";
import { html, useId, useLayoutEffect, useRef, useState } from "../base/hooks.js";
import { CURVES, hoursOf } from "./day.js";
import { grown } from "./lacking.js";
import { drawn } from "./plot.js";

const TITLES = { solar: "Solar", grid: "Grid", home: "Home" };

/** @param {{today: Today | null, zone: string, empty: string, isLive?: boolean}} properties */
export function DayPlot({ today, zone, empty, isLive = false }) {
  const [index, setIndex] = useState(/** @type {number | null} */ (null));
  const moments = today?.moments ?? [];
  const isDrawn = today !== null && moments.length > 1;
  const shown = index !== null ? moments[index] : isDrawn || isLive ? moments.at(-1) : null;
  const at = shown ? (index === null && isLive ? "now" : clock(shown.at_s * 1000, zone)) : "";
  return html`
    <${Legend} moment=${shown ?? null} at=${at} />
    ${isDrawn
      ? html`<${Plot} today=${{ ...today, missing: grown(today) }} zone=${zone} index=${index} setIndex=${setIndex} />`
      : html`<p class="plot-empty">${empty}</p>`}
  `;
}

/** @param {{moment: Moment | null, at: string}} properties */
function Legend({ moment, at }) {
  return html`
    <ul class="legend">
      ${CURVES.map(
        (role) => html`<li key=${role} class="role-${role}">
          <span class="swatch" data-curve=${role}></span>${TITLES[role]} <b>${watts(moment?.[role])}</b>
        </li>`,
      )}
      <li class="at">${at}</li>
    </ul>
  `;
}

/** @param {{today: Today, zone: string, index: number | null, setIndex: (index: number | null) => void}} properties */
function Plot({ today, zone, index, setIndex }) {
  const id = useId();
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const plot = useRef(/** @type {ReturnType<typeof drawn> | null} */ (null));
  // Drawn before the scrubber and the list below it are seen, for both point into it.
  useLayoutEffect(() => {
    if (box.current === null) return;
    const made = drawn(box.current, zone, setIndex);
    plot.current = made;
    return made.remove;
  }, [zone]);
  useLayoutEffect(() => plot.current?.show(today), [today.moments, zone]);
  const { moments } = today;
  const at = index ?? moments.length - 1;
  const [first_s, last_s] = hoursOf(today);
  const scrub = (/** @type {Event} */ event) => {
    const wanted_s = Number(/** @type {HTMLInputElement} */ (event.target).value);
    plot.current?.point(reached(moments, at, wanted_s));
  };
  const pointAt = (/** @type {number | null} */ at_s) => {
    plot.current?.point(at_s === null ? null : Math.max(0, moments.findLastIndex((moment) => moment.at_s <= at_s)));
  };
  return html`
    <${WhyHere} spells=${today.missing} at_s=${index === null ? null : moments[at]?.at_s} zone=${zone} />
    <div class="plot" ref=${box} role="img" aria-label=${summary(today, zone)}></div>
    <input
      id=${id}
      class="scrubber"
      type="range"
      min=${first_s}
      max=${last_s}
      step="60"
      value=${moments[at]?.at_s ?? last_s}
      aria-label="Moment of the day"
      aria-valuetext=${spoken(moments[at], today.missing, zone)}
      onInput=${scrub}
      onBlur=${() => pointAt(null)}
    />
    <${GapList} spells=${today.spells} drawn=${today.missing} isComplete=${today.isComplete} hasLapses=${false} zone=${zone} onPoint=${pointAt} />
  `;
}

/**
 * The moment a scrubber comes to: always one further in the way it was moved, however small the move.
 * @param {Moment[]} moments
 * @param {number} from  Index.
 * @param {number} wanted_s
 */
export function reached(moments, from, wanted_s) {
  if (wanted_s < moments[from].at_s) return Math.max(0, moments.findLastIndex((moment) => moment.at_s <= wanted_s));
  const after = moments.findIndex((moment) => moment.at_s >= wanted_s);
  return after < 0 ? moments.length - 1 : after;
}

/** @param {Moment | undefined} moment @param {Spell[]} missing @param {string} zone */
function spoken(moment, missing, zone) {
  if (!moment) return "";
  const spell = spellAt(missing, moment.at_s);
  const parts = [...CURVES.map((role) => `${TITLES[role]} ${watts(moment[role])}`), ...(spell ? [missingWords(spell)] : [])];
  return `${clock(moment.at_s * 1000, zone)}: ${parts.join(", ")}`;
}

/** @param {Today} today @param {string} zone */
function summary({ moments, missing }, zone) {
  const lacking = missing.length ? " What is missing is listed below." : "";
  const best = moments.reduce((peak, moment) => ((moment.solar ?? -1) > (peak.solar ?? -1) ? moment : peak), moments[0]);
  if (best.solar === null) return `Power of solar, grid and home over the day.${lacking}`;
  return `Power of solar, grid and home over the day. Most sun: ${watts(best.solar)} at ${clock(best.at_s * 1000, zone)}.${lacking}`;
}
