/**
 * Today's curve: the history until now, then what the live stream adds.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Site} Site
 * @typedef {import("../types.js").Series} Series
 * @typedef {import("../types.js").Signal} Signal
 * @typedef {import("./day.js").Moment} Moment
 * @typedef {import("../types.js").Gap} Gap
 * @typedef {import("../types.js").Gaps} Gaps
 * @typedef {import("../base/gaps.js").Spell} Spell
 * @typedef {{moments: Moment[], start_s: number, end_s: number, spells: Spell[], missing: Spell[], isComplete: boolean}} Today
 *   `spells`: all that the day lacks, if `isComplete`. `missing`: those of them that can be seen.
 */
import { ask, wordsOf } from "../base/api.js";
import { useAsked } from "../base/asked.js";
import { day, energy } from "../base/format.js";
import { isOf, spellsOf } from "../base/gaps.js";
import { html, useEffect, useRef, useState } from "../base/hooks.js";
import { siteNow } from "../base/store.js";
import { appended, counts, energies, momentOf, momentsOf } from "./day.js";
import { DayPlot } from "./day_plot.js";
import { marked, missingOf, within } from "./lacking.js";

const STEP_S = 120;
const LIVE_STEP_S = 30;
const AGAIN_MS = 10_000;

/** @param {{state: State}} properties */
export function Curve({ state }) {
  const { today, trouble } = useToday(state);
  const zone = state.site.time_zone;
  return html`
    <section class="card curve" aria-labelledby="curve-title">
      <header>
        <h2 id="curve-title">Today</h2>
        <p class="quiet">${day(siteNow(), zone)}</p>
      </header>
      <${DayPlot} today=${today} zone=${zone} isLive=${true} empty=${trouble || (today ? "Nothing is known of today yet." : "Reading the day so far…")} />
      <${Totals} moments=${today?.moments ?? []} />
    </section>
  `;
}

/** @param {{moments: Moment[]}} properties */
function Totals({ moments }) {
  const sums = energies(moments, 15 * 60);
  const rows = [
    ["Produced", sums.solar_wh],
    ["Used at home", sums.home_wh],
    ["From the grid", sums.imported_wh],
    ["To the grid", sums.exported_wh],
  ];
  return html`
    <dl class="totals" aria-label="Energy today, about">
      ${rows.map(
        ([title, energy_wh]) => html`<div key=${title}><dt>${title}</dt><dd>≈ ${energy(Number(energy_wh))}</dd></div>`,
      )}
    </dl>
  `;
}

/** The day so far, fetched once, again at midnight and after a lost connection. @param {State} state */
function useToday(state) {
  const [today, setToday] = useState(/** @type {Today | null} */ (null));
  const [trouble, setTrouble] = useState("");
  const [attempt, setAttempt] = useState(0);
  const date = day(siteNow(), state.site.time_zone);
  const isOpen = state.connection.state === "open";
  useNews(() => setAttempt((count) => count + 1));
  useEffect(() => {
    if (!isOpen) return;
    let isWanted = true;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    fetchDay(state.site, STEP_S).then(
      (fetched) => isWanted && (setToday(fetched), setTrouble("")),
      (error) => {
        if (!isWanted) return;
        setTrouble(`The day so far cannot be read: ${wordsOf(error)}`);
        timer = setTimeout(() => setAttempt((count) => count + 1), AGAIN_MS);
      },
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [date, isOpen, attempt]);
  useEffect(() => {
    const flows = state.flows;
    if (flows) setToday((before) => before && { ...before, moments: appended(before.moments, momentOf(flows), LIVE_STEP_S) });
  }, [state.flows, today === null]);
  return { today, trouble };
}

/** Calls when something has gone missing, or has come back. @param {() => void} tell */
function useNews(tell) {
  const found = /** @type {Gaps | null} */ (useAsked("gaps", {}, AGAIN_MS).found);
  const isSeen = (/** @type {Gap} */ { start, end }) => Date.parse(end) - Date.parse(start) >= STEP_S * 1000;
  const news = found && JSON.stringify(found.gaps.map((gap) => [gap.source, gap.start, gap.lasts, isSeen(gap)]));
  const before = useRef(/** @type {string | null} */ (null));
  useEffect(() => {
    if (news !== null && before.current !== null && news !== before.current) tell();
    before.current = news ?? before.current;
  }, [news]);
}

/**
 * A day of the home's curves; today where no bounds are given.
 * @param {Site} site
 * @param {number} step_s
 * @param {{start: string, end: string} | {}} [bounds]
 * @returns {Promise<Today>}
 */
export async function fetchDay({ masters }, step_s, bounds = {}) {
  const signals = /** @type {Signal[]} */ (await ask("signals"));
  const lacking = /** @type {Promise<Gaps | null>} */ (ask("gaps", bounds)).catch(() => null);
  const series = /** @type {Series[]} */ (
    await Promise.all(
      signals
        .filter((signal) => counts(signal, masters))
        .map(({ device, signal }) => ask("history", { device, signal, step_s, ...bounds })),
    )
  );
  const told = await lacking;
  const gaps = (told?.gaps ?? []).filter((gap) => series.some(({ device }) => isOf(gap, device)));
  const spells = spellsOf(gaps.filter(({ asleep }) => !asleep));
  const missing = missingOf(series, spells, step_s);
  const span = spanOf(series);
  const moments = momentsOf(series, step_s, within(missing, span), gaps.filter(({ asleep }) => asleep));
  return { moments, spells, missing: marked(missing, moments), isComplete: told?.is_complete ?? true, ...span };
}

/** The day at the site; before there is any history, a day around now. @param {Series[]} series */
function spanOf(series) {
  const now_s = siteNow() / 1000;
  if (!series.length) return { start_s: now_s - 3600, end_s: now_s + 3600 };
  return { start_s: Date.parse(series[0].start) / 1000, end_s: Date.parse(series[0].end) / 1000 };
}
