/**
 * What keeps the home running when the grid does not: is it there, is the generator running, does a car feed in.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Device} Device
 * @typedef {import("../types.js").Reading} Reading
 * @typedef {{device: Device, reading: Reading}} Seen
 */
import { html } from "../../vendor/htm-preact.module.js";
import { ago, duration, quantity, watts } from "../base/format.js";
import { linkTo } from "../base/routing.js";
import { ageOf } from "../base/store.js";
import { titleOfDevice } from "../devices/wording.js";
import { lasts_s, outagesOf, runsOf } from "./outages.js";
import { Spells } from "./spells.js";

/** @param {{state: State}} properties */
export function Backup({ state }) {
  const grids = seen(state, "grid").filter(({ reading }) => reading.connected !== null);
  const generators = seen(state, "generator");
  const batteries = seen(state, "battery");
  const ports = seen(state, "vehicle_port");
  const isEmpty = ![...grids, ...generators, ...batteries, ...ports].length;
  return html`
    <header class="page-head"><h1>Backup</h1><p class="quiet">${headline(grids)}</p></header>
    ${isEmpty && html`<p class="card quiet">No device here knows of outages, and there is no battery, generator or vehicle port.</p>`}
    <div class="cards">
      ${grids.map((one) => html`<${Grid} key=${one.device.id} ...${one} />`)}
      ${batteries.map((one) => html`<${Battery} key=${one.device.id} ...${one} />`)}
      ${generators.map((one) => html`<${Generator} key=${one.device.id} ...${one} />`)}
      ${ports.map((one) => html`<${Port} key=${one.device.id} ...${one} />`)}
    </div>
    ${grids.map(({ device }) => html`<${Spells} key=${device.id} device=${device} signal="grid.connected" reckon=${outagesOf} title=${`Outages seen by ${titleOfDevice(device)}`} none="No outage." zone=${state.site.time_zone} />`)}
    ${generators.map(({ device }) => html`<${Spells} key=${device.id} device=${device} signal="generator.running" reckon=${runsOf} title=${`Runs of ${titleOfDevice(device)}`} none="It has not run." zone=${state.site.time_zone} />`)}
  `;
}

/** @param {State} state @param {Reading["type"]} type @returns {Seen[]} */
function seen({ devices }, type) {
  return devices.flatMap((device) => device.readings.filter((reading) => reading.type === type).map((reading) => ({ device, reading })));
}

/** @param {Reading} reading */
function isFresh({ quality }) {
  return quality === "good";
}

/** @param {Seen[]} grids */
function headline(grids) {
  if (!grids.length) return "No device here says whether the grid is there.";
  const heard = grids.filter(({ reading }) => isFresh(reading));
  if (!heard.length) return "Whether the grid is there is not known now.";
  const away = heard.filter(({ reading }) => reading.connected === false);
  if (!away.length) return "The grid is there.";
  return `${away.map(({ device }) => titleOfDevice(device)).join(" and ")} ${away.length > 1 ? "are" : "is"} without the grid.`;
}

/** @param {{device: Device, title: string, state: string, tone: string, reading: Reading, lines: (string | false)[]}} properties */
function Card({ device, title, state, tone, reading, lines }) {
  return html`<article class="card device backup" data-device=${device.id} data-backup=${reading.type}>
    <header>
      <div><h2 class="name">${title}</h2><p class="quiet"><a href=${linkTo("device", device.id)}>${titleOfDevice(device)}</a></p></div>
      <p class="pill is-${isFresh(reading) ? tone : "rest"}">${state}</p>
    </header>
    <ul class="lines">${lines.filter(Boolean).map((line) => html`<li key=${line}>${line}</li>`)}</ul>
    <p class="quiet">${isFresh(reading) ? "" : "Last known, "}${ago(ageOf(reading.at) ?? 0)}</p>
  </article>`;
}

/** @param {Seen} properties */
function Grid({ device, reading }) {
  const isThere = reading.connected === true;
  const { voltage_v, frequency_hz, power_w } = reading;
  return html`<${Card}
    device=${device}
    reading=${reading}
    title="Grid"
    state=${isThere ? "Connected" : "Away"}
    tone=${isThere ? "good" : "bad"}
    lines=${[
      isThere && power_w !== null && `${watts(Math.abs(power_w))} ${power_w < 0 ? "going out" : "coming in"}`,
      typeof voltage_v === "number" && `${quantity(Math.round(voltage_v * 10) / 10, "V")}${typeof frequency_hz === "number" ? ` at ${quantity(frequency_hz, "Hz")}` : ""}`,
    ]}
  />`;
}

/** @param {Seen} properties */
function Battery({ device, reading }) {
  const soc_pct = typeof reading.soc_pct === "number" ? reading.soc_pct : null;
  const capacity_wh = typeof reading.capacity_wh === "number" ? reading.capacity_wh : null;
  const load = device.readings.find(({ type }) => type === "load")?.power_w ?? null;
  const left_s = soc_pct !== null && capacity_wh !== null && load !== null ? lasts_s({ soc_pct, capacity_wh, reserve_pct: 0, power_w: load }) : null;
  const power_w = reading.power_w ?? 0;
  const state = power_w >= 5 ? "Discharging" : power_w <= -5 ? "Charging" : "Idle";
  return html`<${Card}
    device=${device}
    reading=${reading}
    title="Battery"
    state=${soc_pct === null ? state : `${Math.round(soc_pct)}\u00a0%`}
    tone=${soc_pct !== null && soc_pct < 15 ? "wait" : "good"}
    lines=${[
      `${state}${Math.abs(power_w) >= 5 ? ` with ${watts(Math.abs(power_w))}` : ""}`,
      capacity_wh !== null && soc_pct !== null && `About ${quantity((capacity_wh * soc_pct) / 100, "Wh")} of ${quantity(capacity_wh, "Wh")} in it`,
      left_s !== null && load !== null && isFresh(reading) && `Alone, it would carry the present ${watts(load)} for about ${duration(left_s)}`,
    ]}
  />`;
}

/** @param {Seen} properties */
function Generator({ device, reading }) {
  const isRunning = reading.running === true;
  return html`<${Card}
    device=${device}
    reading=${reading}
    title="Generator"
    state=${isRunning ? "Running" : "Off"}
    tone=${isRunning ? "wait" : "rest"}
    lines=${[isRunning && `Gives ${watts(reading.power_w)}`, reading.energy_wh !== null && `${quantity(reading.energy_wh, "Wh")} since it was fitted`]}
  />`;
}

/** @param {Seen} properties */
function Port({ device, reading }) {
  const power_w = reading.power_w ?? 0;
  const isFeeding = power_w <= -5;
  return html`<${Card}
    device=${device}
    reading=${reading}
    title="Vehicle port"
    state=${isFeeding ? "A car feeds the home" : power_w >= 5 ? "Supplies a car" : "Idle"}
    tone=${Math.abs(power_w) >= 5 ? "good" : "rest"}
    lines=${[Math.abs(power_w) >= 5 && watts(Math.abs(power_w))]}
  />`;
}
