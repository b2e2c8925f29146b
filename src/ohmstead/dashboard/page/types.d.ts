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
  family_title: string;
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
  /** What the numbers mean, for a signal that is said in words. */
  words: Record<string, string>;
};
export type Gap = {
  /** The source's name, or the device's id where only that was missing. */
  source: string;
  start: Instant;
  /** While it lasts: now. */
  end: Instant;
  polls: number;
  reason: string;
  lasts: boolean;
  asleep: boolean;
};
export type Gaps = { start: Instant; end: Instant; gaps: Gap[]; is_complete: boolean };
export type Signal = {
  device: string;
  signal: string;
  unit: string;
  first_at: Instant;
  last_at: Instant;
  samples: number;
};

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

export type Session = { name: string; scopes: ("read" | "control" | "admin")[] };

export type Trouble = { trouble: string; words: string; since: Instant };
export type Health = {
  at: Instant;
  version: string;
  is_good: boolean;
  history_error: string;
  config_problem: string;
  findings: Trouble[];
};

export type Source = "solar" | "generator" | "vehicle" | "battery" | "grid";
export type Sink = "home" | "chargers" | "v2l" | "battery" | "grid";
export type EnergyFlow = { source: Source; sink: Sink; energy_wh: number };
export type EnergyPeriod = {
  at: Instant;
  flows: EnergyFlow[];
  cost_by_sink: Partial<Record<Sink, number>>;
  emitted_g_by_sink: Partial<Record<Sink, number>>;
  earned: number;
  unaccounted_wh: number;
};
export type Energy = { start: Instant; end: Instant; currency: string; periods: EnergyPeriod[] };

/** What a form is drawn from. Only these words of JSON Schema are understood; the rest is typed as JSON. */
export type Schema = {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: Value[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  readOnly?: boolean;
  $ref?: string;
  $defs?: Record<string, Schema>;
};

export type Settings = Record<string, unknown>;
export type SiteDevice = { name: string; url: string; control: boolean; settings: Settings };
export type FamilyCard = { name: string; title: string; schemes: string[]; settings: Schema };
export type SiteSettings = {
  name: string;
  time_zone: string;
  currency: string;
  latitude_deg: number | null;
  longitude_deg: number | null;
  devices: SiteDevice[];
};
export type SiteState = SiteSettings & { families: FamilyCard[]; can_undo: boolean };
/** What a found device still needs stands in its URL in braces, or among `needs`. */
export type Found = {
  family: string;
  url: string;
  title: string;
  serial: string;
  needs: string[];
  is_known: boolean;
};
export type TriedDevice = { id: string; model: string; serial: string; firmware: string; readings: Reading[] };
/** `secrets`: under which names it asked for them. */
export type Tried = { devices: TriedDevice[]; secrets: string[] };

export type Capture = {
  id: string;
  source: string;
  family: string;
  device: string;
  firmware: string;
  started_at: Instant;
  size_bytes: number;
  /** Until it ends by itself; null: it has ended. */
  remaining_s: number | null;
};
export type Frame = { at: Instant; direction: "<" | ">"; size: number; content: Record<string, unknown> };
export type DecodedCapture = { capture: Capture; is_complete: boolean; frames: number; newest: Frame[] };
export type ConsoleMethod = { name: string; title: string; schema: Schema; scope: "read" | "control" | "admin" };
export type ConsoleDevice = { device: string; family: string; methods: ConsoleMethod[] };

export type State = {
  connection: Connection;
  /** Whether the gateway lets us in; "out" when it wants a token first. */
  access: "unknown" | "in" | "out";
  session: Session | null;
  /** Civil time at the site when the last message came, in ms. */
  atMs: number | null;
  /** The same moment on this browser's monotonic clock, in ms. */
  heardAtMs: number;
  speed: number;
  site: Site;
  flows: Flows | null;
  devices: Device[];
};
