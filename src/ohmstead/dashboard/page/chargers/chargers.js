/**
 * Every charger: the session that runs, what it can be told, and the sessions of the last days.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Device} Device
 * @typedef {import("../types.js").Reading} Reading
 * @typedef {import("../types.js").Series} Series
 * @typedef {import("./sessions.js").Session} Session
 */
import { html } from "../../vendor/htm-preact.module.js";
import { Trouble, useAsked } from "../base/asked.js";
import { dateAt, midnight, plusDays } from "../base/calendar.js";
import { UNKNOWN, ago, capital, clock, duration, energy, moment, quantity, watts, words } from "../base/format.js";
import { linkTo } from "../base/routing.js";
import { ageOf, siteNow } from "../base/store.js";
import { Table } from "../base/table.js";
import { Abilities } from "../devices/command.js";
import { HealthPill, HealthWords } from "../devices/parts.js";
import { titleOfDevice } from "../devices/wording.js";
import { sessionsOf } from "./sessions.js";

const DAYS = 7;
const STEP_S = 300;
const AGAIN_MS = 60_000;

/** @param {{state: State}} properties */
export function Chargers({ state }) {
  const chargers = state.devices.filter((device) => chargerOf(device));
  const total_w = state.flows?.chargers_w ?? null;
  return html`
    <header class="page-head">
      <h1>Charging</h1>
      ${chargers.length > 0 && html`<p class="quiet">${total_w === null ? "What the cars draw is not known now." : `The cars draw ${watts(total_w)}.`}</p>`}
    </header>
    ${!chargers.length && html`<p class="card quiet">No charger is set up. <a href=${linkTo("settings")}>Add one</a>.</p>`}
    <div class="chargers">${chargers.map((device) => html`<${Charger} key=${device.id} device=${device} zone=${state.site.time_zone} />`)}</div>
  `;
}

/** @param {Device} device */
function chargerOf({ readings }) {
  return readings.find(({ type }) => type === "charger");
}

/** @param {{device: Device, zone: string}} properties */
function Charger({ device, zone }) {
  const reading = /** @type {Reading} */ (chargerOf(device));
  const title = titleOfDevice(device);
  const isFresh = reading.quality === "good";
  const isDrawing = (reading.power_w ?? 0) >= 5;
  const doing = words(String(reading.state ?? "not known"));
  return html`
    <article class="card device charger" aria-label=${`${title}, ${device.id}`} data-device=${device.id}>
      <header>
        <div><h2 class="name"><a href=${linkTo("device", device.id)}>${title}</a></h2><p class="quiet">${device.family_title}</p></div>
        <${HealthPill} device=${device} />
      </header>
      <p class="session role-chargers ${isDrawing && isFresh ? "is-drawing" : ""}">
        <b>${isFresh ? capital(doing) : `Last known, ${ago(ageOf(reading.at) ?? 0)}: ${doing}`}</b>
        <span>${watts(reading.power_w)}</span>
      </p>
      <dl class="figures">
        <${Figure} title="This session" value=${quantity(reading.session_energy_wh, "Wh")} />
        <${Figure} title="Limit" value=${quantity(reading.limit_a, "A")} />
        <${Figure} title="Phases" value=${quantity(reading.phases, "")} />
        <${Figure} title="Car’s battery" value=${quantity(reading.vehicle_soc_pct, "%")} />
      </dl>
      <${HealthWords} device=${device} />
      <${Abilities} device=${device} title=${title} />
      <${Sessions} device=${device} zone=${zone} isCharging=${isDrawing} isFresh=${isFresh} />
    </article>
  `;
}

/** @param {{title: string, value: string}} properties */
function Figure({ title, value }) {
  return value === UNKNOWN ? null : html`<div><dt>${title}</dt><dd>${value}</dd></div>`;
}

/** @param {{device: Device, zone: string, isCharging: boolean, isFresh: boolean}} properties */
function Sessions({ device, zone, isCharging, isFresh }) {
  const today = dateAt(siteNow(), zone);
  const query = {
    device: device.id,
    step_s: STEP_S,
    start: new Date(midnight(plusDays(today, 1 - DAYS), zone)).toISOString(),
    end: new Date(midnight(plusDays(today, 1), zone)).toISOString(),
  };
  const counter = useAsked("history", { ...query, signal: "charger.session_energy_wh" }, AGAIN_MS);
  const power = useAsked("history", { ...query, signal: "charger.power_w" }, AGAIN_MS);
  const found = /** @type {Series | null} */ (counter.found);
  const sessions = found && sessionsOf(found.points, /** @type {Series | null} */ (power.found)?.points ?? [], STEP_S, isCharging);
  return html`
    <section aria-label=${`Sessions of ${titleOfDevice(device)}`} class="sessions">
      <h3>Sessions of the last ${DAYS} days</h3>
      <${Trouble} asked=${counter} what="The sessions" />
      ${sessions === null && !counter.trouble && html`<p class="quiet">Reading…</p>`}
      ${sessions && !sessions.length && html`<p class="quiet">None.</p>`}
      ${sessions && sessions.length > 0 && html`<${Table} label=${`Table of sessions, ${device.id}`} heads=${["Began", "Took", "Energy", "At most"]} rows=${sessions.map((session) => rowOf(session, zone, isFresh))} />`}
    </section>
  `;
}

/** @param {Session} session @param {string} zone @param {boolean} isFresh */
function rowOf({ start_ms, end_ms, energy_wh, peak_w, isOpen }, zone, isFresh) {
  const took = isOpen ? (isFresh ? "still charging" : "not known") : `${duration((end_ms - start_ms) / 1000)}, to ${clock(end_ms, zone)}`;
  return { key: start_ms, title: moment(start_ms, zone).replace(" ", "\u00a0"), cells: [took, { text: energy(energy_wh), kind: "number" }, watts(peak_w)] };
}
