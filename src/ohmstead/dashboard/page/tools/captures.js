/**
 * Recordings of what devices say on the wire: start, stop, keep, read.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Capture} Capture
 */
import { addressOf, post, wordsOf } from "../base/api.js";
import { Trouble, useAsked } from "../base/asked.js";
import { bytes, duration, moment } from "../base/format.js";
import { html, useId, useState } from "../base/hooks.js";
import { NoDevices } from "../devices/parts.js";
import { Decoded } from "./decoded.js";

const RUNNING_MS = 2000;
const LENGTHS_S = [60, 300, 900, 3600];

/** @param {{state: State}} properties */
export function Captures({ state }) {
  const asked = useAsked("captures", {}, RUNNING_MS);
  const captures = /** @type {Capture[] | null} */ (asked.found);
  const [trouble, setTrouble] = useState("");
  const [read, setRead] = useState("");
  /** @param {string} path @param {unknown} [body] @param {"POST" | "DELETE"} [method] */
  const act = async (path, body, method) => {
    try {
      await post(path, body, method);
      setTrouble("");
    } catch (error) {
      setTrouble(wordsOf(error));
    }
    asked.again();
  };
  const sources = [...new Set(state.devices.map(({ source }) => source))];
  return html`
    <header class="page-head"><div><h1>Captures</h1><p class="quiet">A recording of what a device says on the wire, secrets blanked: for a report, a replay, or to see for yourself.</p></div></header>
    <${Trouble} asked=${asked} what="The recordings" />
    ${trouble && html`<p class="reason" role="alert">${trouble}</p>`}
    ${captures && html`
      ${sources.length ? html`<${Start} sources=${sources} onStart=${(/** @type {unknown} */ body) => act("captures", body)} />` : html`<${NoDevices} />`}
      <section class="card" aria-labelledby="kept-title">
        <h2 id="kept-title">Recordings <span class="count">${captures.length}</span></h2>
        ${!captures.length && html`<p class="quiet">None yet.</p>`}
        <ul class="captures">
          ${captures.map((capture) => html`<${Line} key=${capture.id} capture=${capture} zone=${state.site.time_zone} isRead=${read === capture.id} setRead=${setRead} act=${act} />`)}
        </ul>
      </section>
    `}
  `;
}

/** @param {{sources: string[], onStart: (body: unknown) => void}} properties */
function Start({ sources, onStart }) {
  const [source, setSource] = useState(sources[0] ?? "");
  const [length_s, setLength] = useState(LENGTHS_S[0]);
  const id = useId();
  const picked = (/** @type {Event} */ event) => /** @type {HTMLSelectElement} */ (event.target).value;
  return html`
    <form class="card start" aria-label="Start a recording" onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), onStart({ source, duration_s: length_s }))}>
      <div class="form is-row">
        <div class="field"><label for="${id}-source">Record</label>
          <select id="${id}-source" value=${source} onChange=${(/** @type {Event} */ event) => setSource(picked(event))}>${sources.map((one) => html`<option key=${one} value=${one}>${one}</option>`)}</select></div>
        <div class="field"><label for="${id}-length">For</label>
          <select id="${id}-length" value=${length_s} onChange=${(/** @type {Event} */ event) => setLength(Number(picked(event)))}>${LENGTHS_S.map((one) => html`<option key=${one} value=${one}>${duration(one)}</option>`)}</select></div>
        <button type="submit" class="button is-main" disabled=${!source}>Start recording</button>
      </div>
    </form>
  `;
}

/** @param {{capture: Capture, zone: string, isRead: boolean, setRead: (id: string) => void, act: (path: string, body?: unknown, method?: "POST" | "DELETE") => void}} properties */
function Line({ capture, zone, isRead, setRead, act }) {
  const { id, source, started_at, size_bytes, remaining_s, device } = capture;
  const isRunning = remaining_s !== null;
  const path = `captures/${encodeURIComponent(id)}`;
  const name = `${source}, ${moment(Date.parse(started_at), zone)}`;
  return html`<li data-capture=${id}>
    <div class="capture">
      <div><b>${source}</b> <span class="quiet">${device}</span><p class="quiet">${moment(Date.parse(started_at), zone)} · ${bytes(size_bytes)}</p></div>
      ${isRunning && html`<p class="pill is-wait">Recording, ${duration(remaining_s)} left</p>`}
      <div class="actions">
        ${isRunning && html`<button type="button" class="button" aria-label=${`Stop ${name}`} onClick=${() => act(`${path}/stop`)}>Stop</button>`}
        <button type="button" class="button" aria-expanded=${isRead} aria-label=${`Decode ${name}`} onClick=${() => setRead(isRead ? "" : id)}>Decode</button>
        <a class="button" href=${addressOf(`${path}/file`)} download aria-label=${`Download ${name}`}>Download</a>
        ${!isRunning && html`<button type="button" class="button is-quiet" aria-label=${`Delete ${name}`} onClick=${() => act(path, undefined, "DELETE")}>Delete</button>`}
      </div>
    </div>
    ${isRead && html`<${Decoded} path=${path} zone=${zone} isRunning=${isRunning} />`}
  </li>`;
}
