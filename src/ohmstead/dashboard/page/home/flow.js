/**
 * The home as it flows now: every role on one bus, as the meters see it. Particles run the way the power goes, faster
 * and thicker the more there is. Nothing is drawn that no meter says.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../base/roles.js").Role} Role
 * @typedef {{x: number, y: number}} Place
 */
import { ago, watts } from "../base/format.js";
import { html, useNarrow } from "../base/hooks.js";
import { icon } from "../base/icons.js";
import { NOTHING_W, ROLES, doing, known, rolesOf } from "../base/roles.js";
import { ageOf } from "../base/store.js";

/** Above the highest circle, where no words stand there. */
const EDGE = 8;
/** @type {{width: number, radius: number, hub: Place, places: Record<Role, Place>, height: number, upper: number}} */
const WIDE = {
  width: 540,
  radius: 62,
  hub: { x: 270, y: 262 },
  places: {
    solar: { x: 270, y: 94 },
    v2l: { x: 470, y: 94 },
    grid: { x: 70, y: 262 },
    home: { x: 470, y: 262 },
    generator: { x: 70, y: 430 },
    battery: { x: 270, y: 430 },
    chargers: { x: 470, y: 430 },
  },
  height: 526,
  upper: 358,
};
/** @type {typeof WIDE} */
const NARROW = {
  width: 350,
  radius: 50,
  hub: { x: 175, y: 232 },
  places: {
    solar: { x: 175, y: 88 },
    v2l: { x: 298, y: 88 },
    grid: { x: 52, y: 232 },
    home: { x: 298, y: 232 },
    generator: { x: 52, y: 376 },
    battery: { x: 175, y: 376 },
    chargers: { x: 298, y: 376 },
  },
  height: 464,
  upper: 318,
};

/** @param {{state: State}} properties */
export function Flow({ state }) {
  const plan = useNarrow() ? NARROW : WIDE;
  const roles = rolesOf(state);
  const bottom = roles.some((role) => plan.places[role].y > plan.hub.y) ? plan.height : plan.upper;
  const top = roles.some((role) => plan.places[role].y < plan.hub.y) ? 0 : plan.hub.y - plan.radius - EDGE;
  return html`
    <section class="card flow" aria-labelledby="flow-title">
      <h2 id="flow-title">Right now</h2>
      <p class="headline">${headline(state)}</p>
      <svg viewBox="0 ${top} ${plan.width} ${bottom - top}" role="list" aria-label="Power in the home, by role">
        <g aria-hidden="true">
          ${roles.map((role) => html`<${Edge} key=${role} role=${role} plan=${plan} state=${state} />`)}
          <circle class="hub" cx=${plan.hub.x} cy=${plan.hub.y} r="7" />
        </g>
        ${roles.map((role) => html`<${RoleNode} key=${role} role=${role} plan=${plan} state=${state} />`)}
      </svg>
      ${remarks(state).map((remark) => html`<p class="remark" key=${remark}>${remark}</p>`)}
    </section>
  `;
}

/** @param {{role: Role, plan: typeof WIDE, state: State}} properties */
function Edge({ role, plan, state }) {
  const { power_w, isFresh } = known(state, role);
  const path = route(plan.places[role], plan.hub, plan.radius);
  const isMoving = isFresh && power_w !== null && Math.abs(power_w) >= NOTHING_W;
  const towardsHub = power_w !== null && power_w > 0 === ROLES[role].source;
  return html`
    <path class="edge role-${role} ${isFresh ? "" : "is-unknown"}" d=${path} />
    ${isMoving &&
    html`<path
      class="particles role-${role} ${towardsHub ? "" : "is-outward"}"
      d=${path}
      style=${pace(power_w)}
      data-flow=${role}
    />`}
  `;
}

/**
 * Speed and width in even steps of the logarithm: a power that wavers does not make the particles jump.
 * @param {number} power_w
 */
export function pace(power_w) {
  const level = Math.min(Math.max(Math.round(2 * Math.log10(Math.abs(power_w) / 10)), 0), 8);
  return { "--period": `${(3 - 0.3 * level).toFixed(1)}s`, "stroke-width": `${(3 + level * 0.6).toFixed(1)}px` };
}

/** From the rim of a node to the hub, bent so that diagonals arrive from the side. @param {Place} from @param {Place} hub @param {number} radius */
function route(from, hub, radius) {
  const [dx, dy] = [hub.x - from.x, hub.y - from.y];
  if (dx === 0) return `M${from.x} ${from.y + Math.sign(dy) * radius} V${hub.y}`;
  if (dy === 0) return `M${from.x + Math.sign(dx) * radius} ${from.y} H${hub.x}`;
  const start = { x: from.x + Math.sign(dx) * radius * 0.72, y: from.y + Math.sign(dy) * radius * 0.7 };
  return `M${start.x} ${start.y} Q${hub.x - dx * 0.32} ${hub.y - dy * 0.12} ${hub.x} ${hub.y}`;
}

/** @param {{role: Role, plan: typeof WIDE, state: State}} properties */
function RoleNode({ role, plan, state }) {
  const { x, y } = plan.places[role];
  const { power_w, at, isFresh, why } = known(state, role);
  const { title } = ROLES[role];
  const age_s = ageOf(at);
  const shown_w = power_w === null ? null : Math.abs(power_w);
  const word = !isFresh ? why : power_w === null ? "" : doing(role, power_w);
  const age = age_s === null || power_w === null ? "" : ago(age_s);
  const isAbove = y < plan.hub.y;
  const isTwoLines = plan === NARROW && age !== "";
  const labelY = isAbove ? y - plan.radius - (isTwoLines ? 24 : 12) : y + plan.radius + (isTwoLines ? 16 : 20);
  const ageAt = isTwoLines ? { x, dy: "1.2em" } : { dx: 6 };
  return html`
    <g
      class="node role-${role} ${isFresh ? "" : "is-unknown"}"
      role="listitem"
      aria-label="${title}: ${watts(shown_w)} ${word}${age && `, ${age}`}"
      data-role=${role}
      data-watts=${isFresh ? power_w : ""}
    >
      <circle class="disc" cx=${x} cy=${y} r=${plan.radius} />
      ${icon(role, x, y - plan.radius * 0.48, plan.radius * 0.4)}
      <text class="value" x=${x} y=${y + plan.radius * 0.2}>${watts(shown_w)}</text>
      <text class="word" x=${x} y=${y + plan.radius * 0.5}>${word}</text>
      <text class="label" x=${x} y=${labelY}>
        <tspan class="title">${title}</tspan>${age && html`<tspan class="age" ...${ageAt}>${age}</tspan>`}
      </text>
    </g>
  `;
}

/** One sentence a person would say. @param {State} state */
function headline(state) {
  const { solar_w = null, grid_w = null, home_w = null } = state.flows ?? {};
  const has = new Set(rolesOf(state));
  if (grid_w === null && solar_w === null)
    return state.devices.some(({ last_good_at }) => last_good_at) ? "What flows now is not known: not every meter answers." : "Waiting for the meters to say something.";
  if (grid_w === null) return `The roof produces ${watts(solar_w)}.`;
  if (grid_w <= -NOTHING_W && home_w === null) return `${watts(-grid_w)} goes out to the grid.`;
  if (grid_w <= -NOTHING_W) return `Everything at home is covered; ${watts(-grid_w)} goes out to the grid.`;
  if (grid_w < NOTHING_W) return "The home runs on its own, in balance with the grid.";
  if (has.has("solar") && solar_w !== null && solar_w >= NOTHING_W && home_w)
    return `The sun gives ${watts(solar_w)}; ${watts(grid_w)} comes from the grid.`;
  return `The home draws ${watts(grid_w)} from the grid.`;
}

/** What the balance leaves open. @param {State} state */
function remarks(state) {
  const unaccounted_w = state.flows?.unaccounted_w ?? 0;
  const losses_w = state.flows?.losses_w ?? 0;
  const silent = state.devices.filter((device) => device.last_good_at === null).map((device) => device.source);
  return [
    ...(state.flows && state.flows.home_w === null && silent.length
      ? [`What the home itself draws is not known until ${[...new Set(silent)].join(" and ")} has answered.`]
      : []),
    ...(Math.abs(losses_w) >= NOTHING_W ? [`${watts(losses_w)} is lost in conversion.`] : []),
    ...(Math.abs(unaccounted_w) >= NOTHING_W
      ? [`${watts(Math.abs(unaccounted_w))} is unaccounted for: the meters were not read in the same second, or one is missing.`]
      : []),
  ];
}
