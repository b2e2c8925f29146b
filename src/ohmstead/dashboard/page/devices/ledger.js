/**
 * The newest commands of everybody, and what became of them.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Entry} Entry
 */
import { html, useEffect, useState } from "../../vendor/htm-preact.module.js";
import { ask } from "../base/api.js";
import { ago } from "../base/format.js";
import { linkTo } from "../base/routing.js";
import { ageOf, atSite } from "../base/store.js";
import { saying, sayingCall } from "./abilities.js";
import { outcomeOf } from "./receipt.js";
import { titleOfDevice } from "./wording.js";

const SHOWN = 6;
/** Of one device, the newest among so many. */
const SEARCHED = 200;

/** @param {{state: State, device?: string}} properties  `device`: only what was asked of it. */
export function Ledger({ state, device }) {
  const [entries, setEntries] = useState(/** @type {Entry[]} */ ([]));
  const isOpen = state.connection.state === "open";
  useEffect(() => {
    // A ledger that cannot be read now is read with the next command or connection; the last one stays.
    const read = () => ask("commands", { limit: device ? SEARCHED : SHOWN }).then(setEntries, () => {});
    if (isOpen) read();
    addEventListener("commanded", read);
    return () => removeEventListener("commanded", read);
  }, [isOpen, device]);
  const shown = entries.filter((entry) => !device || entry.device === device).slice(0, SHOWN);
  if (!shown.length) return null;
  return html`
    <section class="card ledger" aria-labelledby="ledger-title">
      <h2 id="ledger-title">Recent commands</h2>
      <ul>
        ${shown.map((entry) => html`<${LedgerLine} key=${entry.id} entry=${entry} state=${state} />`)}
      </ul>
    </section>
  `;
}

/** @param {{entry: Entry, state: State}} properties */
function LedgerLine({ entry, state }) {
  const device = state.devices.find(({ id }) => id === entry.device);
  const unit = device?.abilities[entry.ability]?.unit ?? "";
  const { title, tone } = entry.receipt ? outcomeOf(entry.receipt.outcome) : { title: "Under way", tone: "wait" };
  const asked = typeof entry.asked === "number" ? saying(entry.ability, entry.asked, unit) : sayingCall(entry.ability, entry.asked);
  const reason = entry.receipt?.reason ? ` · ${atSite(entry.receipt.reason, entry.receipt.at)}` : "";
  return html`<li>
    <span class="pill is-${tone}">${title}</span>
    <span><b>${asked}</b> on <a href=${linkTo("device", entry.device)}>${device ? titleOfDevice(device) : entry.device}</a></span>
    <span class="quiet">${ago(ageOf(entry.at) ?? 0)}, from ${entry.origin}${reason}</span>
  </li>`;
}
