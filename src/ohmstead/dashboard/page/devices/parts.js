/**
 * The pieces that a device's card and its page are made of.
 *
 * @typedef {import("../types.js").Device} Device
 */
import { html } from "../../vendor/htm-preact.module.js";
import { ago, capital, duration, quantity, words } from "../base/format.js";
import { ageOf, siteNow } from "../base/store.js";
import { byWeight, doubtedOf, figuresOf, healthOf, titleOfField, unitOf } from "./wording.js";

/** @param {{device: Device}} properties */
export function HealthPill({ device }) {
  const { text, tone } = healthOf(device);
  return html`<p class="pill is-${tone}" title=${`for ${duration(ageOf(device.since) ?? 0)}`}>${text}</p>`;
}

/** What is wrong, when it was last right, and when we try again. @param {{device: Device}} properties */
export function HealthWords({ device }) {
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

/** @param {{device: Device, most?: number}} properties  `most`: only so many, those that matter most. */
export function Figures({ device, most = Infinity }) {
  const figures = (most === Infinity ? figuresOf(device) : byWeight(figuresOf(device))).slice(0, most);
  const isOneOfMany = device.readings.length > 1;
  if (!figures.length)
    return html`<p class="quiet">${device.last_good_at ? "It measures nothing of its own." : "No reading yet."}</p>`;
  return html`
    <dl class="figures">
      ${figures.map(
        ({ reading, field, value }) => html`
          <div key=${reading.type + field} class=${reading.quality === "good" ? "" : "is-doubtful"}>
            <dt>${titleOfField(field, isOneOfMany ? reading.type : undefined)}</dt>
            <dd>
              ${typeof value === "string" ? words(value) : quantity(value, unitOf(field))}
              ${reading.quality !== "good" && html`<span class="quality">${reading.quality}, ${ago(ageOf(reading.at) ?? 0)}</span>`}
            </dd>
          </div>
        `,
      )}
    </dl>
  `;
}

/** The newest value that was not believed, while nothing else is. @param {{device: Device}} properties */
export function NewestRejection({ device }) {
  const newest = doubtedOf(device)[0];
  if (!newest) return null;
  return html`<p class="rejected">
    Not believed: <b>${newest.field}</b> = ${newest.value}, ${ago(ageOf(newest.at) ?? 0)}. ${capital(newest.reason)}.
  </p>`;
}

/** All of them. @param {{device: Device}} properties */
export function Rejections({ device }) {
  if (!device.rejected.length) return null;
  return html`<section class="card" aria-labelledby="rejected-title">
    <h2 id="rejected-title">Values that were not believed</h2>
    <p class="quiet">They are kept aside with the reason, and are in no sum and no curve.</p>
    <ul class="lines">
      ${device.rejected.map(
        ({ field, value, reason, at }) => html`<li key=${field + at}>
          <span><b>${field}</b> = ${value}</span><span>${capital(reason)}.</span><span class="quiet">${ago(ageOf(at) ?? 0)}</span>
        </li>`,
      )}
    </ul>
  </section>`;
}
