/**
 * Energy over any stretch of time: where it came from and went, what it cost, and the curves behind it.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Energy} Energy
 * @typedef {import("../types.js").Signal} Signal
 * @typedef {import("./spans.js").Span} Span
 */
import { html, useEffect, useState } from "../../vendor/htm-preact.module.js";
import { Trouble, useAsked } from "../base/asked.js";
import { dateAt } from "../base/calendar.js";
import { siteNow } from "../base/store.js";
import { Bars, PeriodTable } from "./bars.js";
import { DayCurves } from "./day_curves.js";
import { Matrix } from "./matrix.js";
import { Picker } from "./picker.js";
import { Sankey } from "./sankey.js";
import { SignalCurves } from "./signals.js";
import { boundsOf, energyStep, periodTitle, periodsOf, spanOf, titleOf } from "./spans.js";
import { sumsOf } from "./sums.js";
import { Tiles } from "./tiles.js";
import { Unheard } from "./unheard.js";

/** A slider that is dragged does not ask for every day on its way. */
const SETTLED_MS = 150;
/** The present quarter-hour is booked when it is over: asked each minute of the site's clock, which may run faster. */
const AGAIN_MS = 60_000;
const SOONEST_MS = 5_000;

/** @param {{state: State, rest: string[]}} properties */
export function EnergyPage({ state, rest }) {
  const zone = state.site.time_zone;
  const today = dateAt(siteNow(), zone);
  const span = spanOf(rest, today);
  const settled = useSettled(span);
  const every_ms = Math.max(AGAIN_MS / state.speed, SOONEST_MS);
  const signals = /** @type {Signal[] | null} */ (useAsked("signals").found);
  const oldest = dateAt(Math.min(siteNow(), ...(signals ?? []).map(({ first_at }) => Date.parse(first_at))), zone);
  return html`
    <header class="page-head"><h1>Energy</h1></header>
    <${Picker} span=${span} today=${today} oldest=${oldest} />
    <${Accounts} span=${settled} state=${state} every_ms=${every_ms} />
    ${settled.kind === "day" && html`<${DayCurves} span=${settled} state=${state} every_ms=${settled.first === today ? every_ms : 0} />`}
    <${SignalCurves} state=${state} span=${settled} />
  `;
}

/** @param {{span: Span, state: State, every_ms: number}} properties */
function Accounts({ span, state, every_ms }) {
  const zone = state.site.time_zone;
  const step = energyStep(span);
  const asked = useAsked("energy", { ...boundsOf(span, zone), step }, every_ms);
  const found = /** @type {Energy | null} */ (asked.found);
  if (found === null)
    return html`<section class="card">${asked.trouble ? html`<${Trouble} asked=${asked} what="The energy of this time" />` : html`<p class="quiet" role="status">Adding up…</p>`}</section>`;
  if (!found.periods.length)
    return html`<section class="card empty" role="status">
      <p><b>Nothing is booked for ${titleOf(span)}.</b></p>
      <p class="quiet">Energy is booked by the quarter-hour when it is over, from the first one that Ohmstead saw in full.</p>
    </section>`;
  const sums = sumsOf(found.periods);
  const titles = periodsOf(span, step, zone).map((at_ms) => periodTitle(at_ms, step, zone));
  return html`
    <div class=${asked.isAsking ? "accounts is-asking" : "accounts"} aria-busy=${asked.isAsking}>
      <${Trouble} asked=${asked} what="The newest energy" />
      <${Tiles} sums=${sums} currency=${found.currency} />
      <section class="card" aria-labelledby="periods-title">
        <h2 id="periods-title">What was used, and where it came from</h2>
        <${Bars} periods=${found.periods} step=${step} zone=${zone} titles=${titles} />
        <${Unheard} span=${span} zone=${zone} />
        <${PeriodTable} periods=${found.periods} step=${step} zone=${zone} />
      </section>
      <section class="card" aria-labelledby="matrix-title">
        <h2 id="matrix-title">From source to sink</h2>
        <div class="from-to"><${Sankey} flows=${sums.flows} /><${Matrix} flows=${sums.flows} /></div>
      </section>
    </div>
  `;
}

/** The span once it has stood still for a moment. @param {Span} span @returns {Span} */
function useSettled(span) {
  const [settled, setSettled] = useState(span);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(span), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [span.kind, span.first, span.last]);
  return settled;
}
