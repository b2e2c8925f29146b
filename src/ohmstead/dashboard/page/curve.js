/**
 * Today's curve: the history until now, then what the live stream adds.
 *
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Series} Series
 * @typedef {import("./types.js").Signal} Signal
 * @typedef {import("./day.js").Moment} Moment
 * @typedef {{moments: Moment[], start_s: number, end_s: number}} Today
 */
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.module.js";
import { ask } from "./api.js";
import { CURVES, appended, counts, energies, momentOf, momentsOf } from "./day.js";
import { clock, day, energy, watts } from "./format.js";
import { drawn } from "./plot.js";
import { siteNow } from "./store.js";

const STEP_S = 120;
const LIVE_STEP_S = 30;
const AGAIN_MS = 10_000;
const TITLES = { solar: "Solar", grid: "Grid", home: "Home" };

/** @param {{state: State}} properties */
export function Curve({ state }) {
  const { today, trouble } = useToday(state);
  const [hovered, setHovered] = useState(/** @type {Moment | null} */ (null));
  const zone = state.site.time_zone;
  const moments = today?.moments ?? [];
  return html`
    <section class="card curve" aria-labelledby="curve-title">
      <header>
        <h2 id="curve-title">Today</h2>
        <p class="quiet">${day(siteNow(), zone)}</p>
      </header>
      <${Legend} moment=${hovered ?? moments.at(-1) ?? null} zone=${zone} isNow=${!hovered} />
      ${today && moments.length > 1
        ? html`<${Plot} today=${today} zone=${zone} onHover=${setHovered} />`
        : html`<p class="plot-empty">${trouble || (today ? "The day's first readings are on their way." : "Reading the day so far…")}</p>`}
      <${Totals} moments=${moments} />
    </section>
  `;
}

/** @param {{moment: Moment | null, zone: string, isNow: boolean}} properties */
function Legend({ moment, zone, isNow }) {
  return html`
    <ul class="legend">
      ${CURVES.map(
        (role) => html`<li key=${role} class="role-${role}">
          <span class="swatch" data-curve=${role}></span>${TITLES[role]} <b>${watts(moment?.[role])}</b>
        </li>`,
      )}
      <li class="at">${moment ? (isNow ? "now" : clock(moment.at_s * 1000, zone)) : ""}</li>
    </ul>
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

/** @param {{today: Today, zone: string, onHover: (moment: Moment | null) => void}} properties */
function Plot({ today, zone, onHover }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const plot = useRef(/** @type {ReturnType<typeof drawn> | null} */ (null));
  useEffect(() => {
    if (box.current === null) return;
    const made = drawn(box.current, zone, onHover);
    plot.current = made;
    return made.remove;
  }, [zone]);
  useEffect(() => plot.current?.show(today), [today, zone]);
  return html`<div class="plot" ref=${box} role="img" aria-label=${summary(today, zone)}></div>`;
}

/** @param {Today} today @param {string} zone */
function summary({ moments }, zone) {
  const best = moments.reduce((peak, moment) => ((moment.solar ?? -1) > (peak.solar ?? -1) ? moment : peak), moments[0]);
  if (best.solar === null) return "Power of solar, grid and home over the day.";
  return `Power of solar, grid and home over the day. Most sun: ${watts(best.solar)} at ${clock(best.at_s * 1000, zone)}.`;
}

/** The day so far, fetched once, again at midnight and after a lost connection. @param {State} state */
function useToday(state) {
  const [today, setToday] = useState(/** @type {Today | null} */ (null));
  const [trouble, setTrouble] = useState("");
  const [attempt, setAttempt] = useState(0);
  const date = day(siteNow(), state.site.time_zone);
  const isOpen = state.connection.state === "open";
  useEffect(() => {
    if (!isOpen) return;
    let isWanted = true;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    fetchToday(state.site).then(
      (fetched) => isWanted && (setToday(fetched), setTrouble("")),
      (error) => {
        if (!isWanted) return;
        setTrouble(`The day so far cannot be read: ${error.message}`);
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

/** @param {import("./types.js").Site} site @returns {Promise<Today>} */
async function fetchToday({ masters }) {
  const signals = /** @type {Signal[]} */ (await ask("signals"));
  const series = /** @type {Series[]} */ (
    await Promise.all(
      signals
        .filter((signal) => counts(signal, masters))
        .map(({ device, signal }) => ask("history", { device, signal, step_s: STEP_S })),
    )
  );
  return { moments: momentsOf(series, STEP_S), ...spanOf(series) };
}

/** The day at the site; before there is any history, a day around now. @param {Series[]} series */
function spanOf(series) {
  const now_s = siteNow() / 1000;
  if (!series.length) return { start_s: now_s - 3600, end_s: now_s + 3600 };
  return { start_s: Date.parse(series[0].start) / 1000, end_s: Date.parse(series[0].end) / 1000 };
}
