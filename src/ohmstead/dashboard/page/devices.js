/**
 * Every device: how it is doing in words, what it says now, what it can be told, and each field it knows.
 *
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Device} Device
 * @typedef {import("./types.js").Reading} Reading
 */
import { html, useState } from "../vendor/htm-preact.module.js";
import { Abilities } from "./command.js";
import { ago, capital, duration, quantity, words } from "./format.js";
import { ageOf, siteNow } from "./store.js";

/** @type {Record<string, {text: string, tone: "good" | "wait" | "bad" | "rest"}>} */
const HEALTH = {
  starting: { text: "Starting", tone: "wait" },
  good: { text: "Good", tone: "good" },
  stale: { text: "One poll missed", tone: "wait" },
  unreachable: { text: "Not reachable", tone: "bad" },
  busy_elsewhere: { text: "Busy with another program", tone: "wait" },
  refused: { text: "Refuses us", tone: "bad" },
  failing: { text: "Answers make no sense", tone: "bad" },
  asleep: { text: "Asleep until the sun is back", tone: "rest" },
};
/** How the last part of a field's name says its unit. @type {Record<string, string>} */
const UNITS = { w: "W", wh: "Wh", v: "V", a: "A", hz: "Hz", c: "°C", pct: "%" };
/** Where the name of a field alone says too little. @type {Record<string, string>} */
const TITLES = { energy: "total energy", imported: "total imported", exported: "total exported", soc: "charge level" };
const NOT_FIGURES = new Set(["type", "device", "at", "quality"]);

/** @param {{state: State}} properties */
export function Devices({ state }) {
  return html`
    <section class="devices" aria-labelledby="devices-title">
      <h2 id="devices-title">Devices <span class="count">${state.devices.length}</span></h2>
      <div class="cards">
        ${state.devices.map((device) => html`<${DeviceCard} key=${device.id} device=${device} />`)}
        ${!state.devices.length &&
        html`<p class="card quiet">No device is set up. Add a [[device]] to the site file and restart.</p>`}
      </div>
    </section>
  `;
}

/** @param {{device: Device}} properties */
function DeviceCard({ device }) {
  const [isOpen, setOpen] = useState(false);
  const title = titleOfDevice(device);
  const about = [
    capital(words(device.family)),
    title.endsWith(device.model) ? "" : device.model,
    device.serial && `serial ${device.serial}`,
    device.firmware && `firmware ${device.firmware}`,
  ].filter(Boolean);
  return html`
    <article class="card device ${isOpen ? "is-open" : ""}" aria-label=${`${title}, ${device.id}`} data-device=${device.id}>
      <header>
        <div>
          <h3>${title}</h3>
          <p class="quiet about">${about.map((part) => html`<span key=${part}>${part}</span>`)}</p>
        </div>
        <${HealthPill} device=${device} />
      </header>
      <${HealthWords} device=${device} />
      <${Figures} device=${device} />
      <${Rejections} device=${device} />
      <${Abilities} device=${device} title=${title} />
      ${device.details.length > 0 &&
      html`<details onToggle=${(/** @type {Event} */ event) => setOpen(/** @type {HTMLDetailsElement} */ (event.target).open)}>
        <summary>All ${device.details.length} fields</summary>
        ${isOpen && html`<${Fields} device=${device} title=${title} />`}
      </details>`}
    </article>
  `;
}

/** A device without a name of its own goes by its source's; then the model tells it from its siblings. @param {Device} device */
function titleOfDevice({ id, source, name, model }) {
  if (name && name !== source) return name;
  return [source, id === source ? "" : model || id].filter(Boolean).join(" · ");
}

/** @param {{device: Device}} properties */
function HealthPill({ device }) {
  const { text, tone } = HEALTH[device.health] ?? { text: capital(words(device.health)), tone: "wait" };
  return html`<p class="pill is-${tone}" title=${`since ${duration(ageOf(device.since) ?? 0)}`}>${text}</p>`;
}

/** What is wrong, when it was last right, and when we try again. @param {{device: Device}} properties */
function HealthWords({ device }) {
  const isGood = device.health === "good";
  const last_s = ageOf(device.last_good_at);
  const next_s = device.next_try_at ? (Date.parse(device.next_try_at) - siteNow()) / 1000 : null;
  const next = next_s === null ? "" : next_s > 1 ? `next try in ${duration(next_s)}` : "trying now";
  const last = last_s === null ? "no answer yet" : `last answer ${ago(last_s)}`;
  return html`
    ${device.reason && html`<p class="reason">${device.reason}</p>`}
    <p class="quiet timing">
      ${[last, isGood ? device.contract && `asked every ${duration(device.contract.interval_s)}` : next].filter(Boolean).join(" · ")}
    </p>
  `;
}

/** @param {{device: Device}} properties */
function Figures({ device }) {
  const { readings } = device;
  const figures = readings.flatMap((reading) =>
    Object.entries(reading)
      .filter(([field, value]) => !NOT_FIGURES.has(field) && value !== null)
      .map(([field, value]) => ({ reading, field, value })),
  );
  if (!figures.length)
    return html`<p class="quiet">${device.last_good_at ? "It measures nothing of its own." : "No reading yet."}</p>`;
  return html`
    <dl class="figures">
      ${figures.map(
        ({ reading, field, value }) => html`
          <div key=${reading.type + field} class=${reading.quality === "good" ? "" : "is-doubtful"}>
            <dt>${titleOf(reading, field, readings.length > 1)}</dt>
            <dd>
              ${quantity(value, UNITS[field.split("_").at(-1) ?? ""] ?? "")}
              ${reading.quality !== "good" && html`<span class="quality">${reading.quality}, ${ago(ageOf(reading.at) ?? 0)}</span>`}
            </dd>
          </div>
        `,
      )}
    </dl>
  `;
}

/** @param {Reading} reading @param {string} field @param {boolean} isOneOfMany */
function titleOf(reading, field, isOneOfMany) {
  const parts = field.split("_");
  const bare = (UNITS[parts.at(-1) ?? ""] ? parts.slice(0, -1) : parts).join(" ");
  const name = TITLES[bare] ?? bare;
  return capital(isOneOfMany ? `${words(reading.type)} ${name}` : name);
}

/** @param {{device: Device}} properties */
function Rejections({ device }) {
  const newest = device.rejected[0];
  if (!newest) return null;
  return html`<p class="rejected">
    Not believed: <b>${newest.field}</b> = ${newest.value}, ${ago(ageOf(newest.at) ?? 0)}. ${capital(newest.reason)}.
  </p>`;
}

/** @param {{device: Device, title: string}} properties */
function Fields({ device, title }) {
  return html`
    <div class="fields" tabindex="0" role="region" aria-label=${`All fields of ${title}`}>
      <table>
        <thead>
          <tr><th scope="col">Field</th><th scope="col">Value</th><th scope="col">Unit</th><th scope="col">Age</th><th scope="col">Quality</th></tr>
        </thead>
        <tbody>
          ${device.details.map(
            (detail) => html`<tr key=${detail.key}>
              <th scope="row">${capital(detail.label || detail.key)}<small>${detail.key}</small></th>
              <td class="number">${detail.secret ? "hidden" : quantity(detail.value, "")}</td>
              <td>${detail.unit}</td>
              <td>${ago(ageOf(detail.at ?? device.last_good_at) ?? 0)}</td>
              <td class=${detail.quality === "good" ? "" : "is-doubtful"}>${detail.quality}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}
