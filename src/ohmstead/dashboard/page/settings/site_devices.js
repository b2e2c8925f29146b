/**
 * The devices of the site: what they are called, whether anybody may write to them, and how they leave.
 *
 * @typedef {import("./draft.js").Draft} Draft
 * @typedef {import("../types.js").SiteState} SiteState
 * @typedef {import("../types.js").SiteDevice} SiteDevice
 */
import { html, useId } from "../base/hooks.js";
import { withChange } from "./draft.js";
import { TypedField } from "./typed_field.js";

/** @param {{site: SiteState, draft: Draft, edit: (draft: Draft) => void}} properties */
export function SiteDevices({ site, draft, edit }) {
  if (!draft.devices.length) return html`<p class="quiet">No device yet.</p>`;
  return html`<ul class="site-devices">
    ${draft.devices.map(
      (device, index) => html`<${Line}
        key=${device.url}
        device=${device}
        isNew=${!site.devices.some(({ url }) => url === device.url)}
        title=${familyOf(site, device)}
        onChange=${(/** @type {Partial<SiteDevice> | null} */ change) => edit(withChange(draft, index, change))}
      />`,
    )}
  </ul>`;
}

/** @param {SiteState} site @param {SiteDevice} device */
function familyOf({ families }, { url }) {
  const scheme = url.split("://")[0];
  return families.find(({ schemes }) => schemes.includes(scheme))?.title ?? scheme;
}

/** @param {{device: SiteDevice, isNew: boolean, title: string, onChange: (change: Partial<SiteDevice> | null) => void}} properties */
function Line({ device, isNew, title, onChange }) {
  const id = useId();
  const { name, url, control } = device;
  return html`<li data-site-device=${name}>
    <div class="field">
      <label for="${id}-name">Name</label>
      <${TypedField} id="${id}-name" type="text" spellcheck=${false} value=${name} onTyped=${(/** @type {string} */ typed) => onChange({ name: typed })} />
    </div>
    <p><b>${title}</b>${isNew && html` <span class="pill is-wait">not saved yet</span>`}<br /><code>${url}</code></p>
    <label class="switch"><input type="checkbox" role="switch" checked=${control} onChange=${() => onChange({ control: !control })} /><span>May be controlled</span></label>
    <button type="button" class="button is-quiet" aria-label=${`Remove ${name}`} onClick=${() => onChange(null)}>Remove</button>
  </li>`;
}
