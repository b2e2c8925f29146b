/**
 * Any remembered signal as a curve, with its extremes.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Signal} Signal
 * @typedef {import("../types.js").Series} Series
 * @typedef {import("../types.js").Gaps} Gaps
 * @typedef {import("./spans.js").Span} Span
 */
import { Trouble, useAsked } from "../base/asked.js";
import { dateAt } from "../base/calendar.js";
import { quantity } from "../base/format.js";
import { GapList } from "../base/gap_list.js";
import { spellsOf } from "../base/gaps.js";
import { html, useId, useState } from "../base/hooks.js";
import { siteNow } from "../base/store.js";
import { titleOfDevice, titleOfSignal } from "../devices/wording.js";
import { SignalPlot } from "./signal_plot.js";
import { boundsOf, curveStep, spanOn, titleOf } from "./spans.js";

const GAPS_AGAIN_MS = 10_000;

/** @param {{state: State, span?: Span, device?: string}} properties  `device`: only its signals. `span`: today if not given. */
export function SignalCurves({ state, span, device }) {
  const zone = state.site.time_zone;
  const meant = span ?? spanOn("day", dateAt(siteNow(), zone));
  const signals = /** @type {Signal[]} */ (useAsked("signals").found ?? []).filter((one) => !device || one.device === device);
  const [chosen, setChosen] = useState("");
  const signal = signals.find((one) => keyOf(one) === chosen) ?? signals.find((one) => one.unit === "W") ?? signals[0];
  const id = useId();
  if (!signal) return null;
  return html`
    <section class="card curve" aria-labelledby="${id}-title">
      <header>
        <div><h2 id="${id}-title">Every signal</h2><p class="quiet">${[!device && nameOf(signal.device, state), titleOf(meant)].filter(Boolean).join(" · ")}</p></div>
        <label class="choose" for=${id}><span class="unseen">Signal</span>
          <select id=${id} value=${keyOf(signal)} onChange=${(/** @type {Event} */ event) => setChosen(/** @type {HTMLSelectElement} */ (event.target).value)}>
            ${grouped(signals, state).map(([title, own]) => html`<optgroup key=${title} label=${title}>
              ${own.map((one) => html`<option key=${keyOf(one)} value=${keyOf(one)} selected=${one === signal}>${titleOfSignal(one.signal)}</option>`)}
            </optgroup>`)}
          </select>
        </label>
      </header>
      <${SignalCurve} signal=${signal} span=${meant} zone=${zone} />
    </section>
  `;
}

/** @param {Signal} signal */
const keyOf = ({ device, signal }) => `${device} ${signal}`;

/** @param {Signal[]} signals @param {State} state @returns {[string, Signal[]][]} */
function grouped(signals, state) {
  /** @type {Map<string, Signal[]>} */
  const groups = new Map();
  for (const signal of signals) {
    const name = nameOf(signal.device, state);
    const title = name === signal.device ? name : `${name} (${signal.device})`;
    groups.set(title, [...(groups.get(title) ?? []), signal]);
  }
  return [...groups];
}

/** @param {string} id @param {State} state */
function nameOf(id, state) {
  const device = state.devices.find((one) => one.id === id);
  return device ? titleOfDevice(device) : id;
}

/** @param {{signal: Signal, span: Span, zone: string}} properties */
function SignalCurve({ signal, span, zone }) {
  const { device, signal: name, unit } = signal;
  const asked = useAsked("history", { device, signal: name, ...curveStep(span), ...boundsOf(span, zone) });
  const found = /** @type {Series | null} */ (asked.found);
  const lacking = /** @type {Gaps | null} */ (useAsked("gaps", { source: device, ...boundsOf(span, zone) }, GAPS_AGAIN_MS).found);
  const isIt = found !== null && found.device === device && found.signal === name;
  if (!isIt) return asked.trouble ? html`<${Trouble} asked=${asked} what="This signal" />` : html`<p class="plot-empty">Reading…</p>`;
  if (!found.points.length)
    return html`
      <p class="plot-empty">Nothing is remembered of it then.</p>
      <${GapList} spells=${spellsOf(lacking?.gaps ?? [])} zone=${zone} isDated=${span.kind !== "day"} isComplete=${lacking?.is_complete} />
    `;
  return html`
    <${Trouble} asked=${asked} what="The newest of this signal" />
    <${SignalPlot} series=${found} lacking=${lacking} zone=${zone} label=${`${titleOfSignal(name)} of ${device}`} />
    <${Extremes} series=${found} unit=${unit} />
  `;
}

/** @param {{series: Series, unit: string}} properties */
function Extremes({ series, unit }) {
  const { points, words } = series;
  if (Object.keys(words).length) return html`<p class="quiet">${Object.values(words).map((word) => word.replaceAll("_", " ")).join(", ")}</p>`;
  const count = points.reduce((sum, point) => sum + point.count, 0);
  const mean = points.reduce((sum, point) => sum + point.mean * point.count, 0) / (count || 1);
  const rows = [
    ["Lowest", quantity(Math.min(...points.map((point) => point.low)), unit)],
    ["On average", quantity(Number(mean.toPrecision(5)), unit)],
    ["Highest", quantity(Math.max(...points.map((point) => point.high)), unit)],
    ["Samples", String(count)],
  ];
  return html`<dl class="totals">${rows.map(([title, value]) => html`<div key=${title}><dt>${title}</dt><dd>${value}</dd></div>`)}</dl>`;
}
