/**
 * The roles in a home: what they are called, what their sign means and where their last known value stands.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Reading} Reading
 * @typedef {"solar" | "grid" | "home" | "battery" | "generator" | "chargers" | "v2l"} Role
 */

/**
 * `reading`: the type its devices report. `source`: whether + feeds the home. Words for +, − and about nothing.
 * @type {Record<Role, {title: string, reading: Reading["type"], source: boolean, words: [string, string, string]}>}
 */
export const ROLES = {
  solar: { title: "Solar", reading: "solar", source: true, words: ["producing", "drawing", "resting"] },
  grid: { title: "Grid", reading: "grid", source: true, words: ["importing", "exporting", "balanced"] },
  home: { title: "Home", reading: "load", source: false, words: ["using", "feeding", "using nothing"] },
  battery: { title: "Battery", reading: "battery", source: true, words: ["discharging", "charging", "idle"] },
  generator: { title: "Generator", reading: "generator", source: true, words: ["running", "drawing", "off"] },
  chargers: { title: "Car", reading: "charger", source: false, words: ["charging", "feeding", "idle"] },
  v2l: { title: "Vehicle port", reading: "vehicle_port", source: false, words: ["supplying", "feeding in", "idle"] },
};

/** @type {Role[]} */
const ORDER = ["solar", "grid", "home", "battery", "generator", "chargers", "v2l"];
/** Below this, a meter's own noise. */
export const NOTHING_W = 5;

/** The site's roles: grid and home always, the others where a device has them. @param {State} state @returns {Role[]} */
export function rolesOf(state) {
  const found = new Set(state.devices.flatMap((device) => device.readings.map((reading) => reading.type)));
  return ORDER.filter((role) => role === "grid" || role === "home" || found.has(ROLES[role].reading));
}

/** @param {State} state @param {Role} role */
export function readingsOf(state, role) {
  return state.devices.flatMap((device) =>
    device.readings.filter((reading) => reading.type === ROLES[role].reading),
  );
}

/** "exporting", in words for the sign of a power. @param {Role} role @param {number} power_w */
export function doing(role, power_w) {
  const [positive, negative, nothing] = ROLES[role].words;
  return Math.abs(power_w) < NOTHING_W ? nothing : power_w > 0 ? positive : negative;
}

/**
 * What is known of a role: its flow now, or its last good value. `at`: the oldest reading it was taken from.
 * @param {State} state
 * @param {Role} role
 * @returns {{power_w: number | null, at: string | null, isFresh: boolean, why: string}}
 */
export function known(state, role) {
  const flow_w = state.flows?.[/** @type {const} */ (`${role}_w`)] ?? null;
  const own = readingsOf(state, role);
  const basis = own.length || role !== "home" ? own : state.devices.flatMap((device) => device.readings);
  const at = basis.map((reading) => reading.at).sort()[0] ?? null;
  if (flow_w !== null) return { power_w: flow_w, at, isFresh: true, why: "" };
  const last_w = own.length && own.every((reading) => reading.power_w !== null) ? sum(own) : null;
  return { power_w: last_w, at, isFresh: false, why: last_w === null ? whyUnknown(state, role, own) : "last known" };
}

/** @param {Reading[]} readings */
function sum(readings) {
  return readings.reduce((total_w, reading) => total_w + (reading.power_w ?? 0), 0);
}

/** @param {State} state @param {Role} role @param {Reading[]} own */
function whyUnknown(state, role, own) {
  const isEveryoneHeard = state.devices.every(({ last_good_at }) => last_good_at !== null);
  const meters = role === "home" ? [...own, ...readingsOf(state, "grid")] : own;
  return isEveryoneHeard && !meters.length ? "not metered" : "not known";
}
