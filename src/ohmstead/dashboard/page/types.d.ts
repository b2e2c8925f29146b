/** The shapes of the API as the page uses them, for `tsc --checkJs`. Not served; `/api/v1/openapi.json` is the contract. */

export type Instant = string;
export type Value = number | string | boolean | null;

export type Flows = {
  at: Instant;
  solar_w: number | null;
  grid_w: number | null;
  battery_w: number | null;
  generator_w: number | null;
  home_w: number | null;
  chargers_w: number | null;
  v2l_w: number | null;
  losses_w: number | null;
  unaccounted_w: number | null;
  oldest_s: number | null;
};

export type Reading = {
  type: "solar" | "grid" | "battery" | "generator" | "load" | "charger" | "vehicle_port";
  device: string;
  at: Instant;
  quality: string;
  power_w: number | null;
  [field: string]: Value;
};

export type Detail = {
  key: string;
  label: string;
  value: Value;
  unit: string;
  at: Instant | null;
  quality: string;
  secret: boolean;
};

export type Envelope = {
  unit: string;
  allowed: { low: number; high: number }[];
  step: number;
  write_class: "volatile" | "flash" | "cloud";
};

export type Rejected = { device: string; field: string; value: string; reason: string; at: Instant };

export type Device = {
  id: string;
  source: string;
  family: string;
  model: string;
  serial: string;
  firmware: string;
  name: string;
  health: string;
  reason: string;
  since: Instant;
  next_try_at: Instant | null;
  last_good_at: Instant | null;
  contract: { interval_s: number; why: string } | null;
  readings: Reading[];
  details: Detail[];
  abilities: Record<string, Envelope>;
  control: boolean;
  rejected: Rejected[];
};

export type Site = {
  name: string;
  time_zone: string;
  currency: string;
  /** Role to the sources whose meters count, where several see the same edge. */
  masters: Record<string, string[]>;
};

export type StateMessage = {
  type: "state";
  at: Instant;
  speed: number;
  site: Site;
  flows: Flows;
  devices: Device[];
};
export type ChangeMessage = { type: "change"; at: Instant; flows: Flows; devices: Device[]; gone: string[] };
export type TickMessage = { type: "tick"; at: Instant };
export type LiveMessage = StateMessage | ChangeMessage | TickMessage;

export type Point = { at: Instant; mean: number; low: number; high: number; count: number };
export type Series = {
  device: string;
  signal: string;
  unit: string;
  start: Instant;
  end: Instant;
  step_s: number;
  points: Point[];
};
export type Signal = { device: string; signal: string; unit: string };

export type Receipt = {
  device: string;
  ability: string;
  at: Instant;
  outcome: string;
  asked: Value;
  read_back: Value;
  reason: string;
};
export type Entry = {
  id: number;
  at: Instant;
  device: string;
  ability: string;
  asked: number | string;
  origin: string;
  reason: string;
  receipt: Receipt | null;
};
export type Problem = { type: string; title: string; status: number; detail: string; receipt?: Receipt };

export type Connection = {
  state: "connecting" | "open" | "lost";
  /** Of this browser's clock, in ms. */
  lostAtMs: number | null;
  nextTryAtMs: number | null;
};

export type State = {
  connection: Connection;
  /** Civil time at the site when the last message came, in ms. */
  atMs: number | null;
  /** The same moment on this browser's monotonic clock, in ms. */
  heardAtMs: number;
  speed: number;
  site: Site;
  flows: Flows | null;
  devices: Device[];
};
