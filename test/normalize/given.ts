import { noAttributes, type RawMessage } from "../../src/core/message.ts";
import type { Catalog } from "../../src/normalize/catalog.ts";
import { createCatalog } from "../../src/normalize/create-catalog.ts";
import { parseProfile } from "../../src/normalize/language/parse-profile.ts";
import type { Normalized, NormalizedEvent, StoredMessage } from "../../src/normalize/normalized.ts";
import { createNormalizer, type NormalizerParts } from "../../src/normalize/normalizer.ts";
import { type DeviceOptions, deviceOptions } from "../../src/normalize/options.ts";
import type { Profile } from "../../src/normalize/profile.ts";

/** When the messages of these tests arrive. */
export const receivedMs = Date.UTC(2026, 10, 21, 14, 2, 10);

/** The smallest profile file there can be, for devices on `plant/<device>/data`. */
export const smallFile = {
  profile: "acme/probe",
  version: 3,
  about: "A probe.",
  match: { topic: "plant/{device}/data" },
  time: "none",
  metrics: [{ name: "temperature", path: "t", unit: "Cel" }],
  examples: [
    { topic: "plant/p1/data", payload: { t: 1 }, expect: { metrics: { temperature: 1 } } },
  ],
};

/** A profile made of the smallest file and what differs. */
export function givenProfile(differs: object = {}): Profile {
  const checked = parseProfile({ ...smallFile, ...differs });
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults, null, 2));
  return checked.value;
}

export function givenDevice(entry: object): DeviceOptions {
  return deviceOptions.parse({ id: "d1", profile: "acme/probe", ...entry });
}

export interface Given {
  readonly profiles?: readonly Profile[];
  readonly devices?: readonly DeviceOptions[];
  readonly generic?: boolean;
  readonly ignore?: readonly string[];
}

export function givenCatalog({
  profiles = [],
  devices = [],
  generic = false,
  ignore = [],
}: Given): Catalog {
  const checked = createCatalog({ profiles, devices, generic, ignore });
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults, null, 2));
  return checked.value;
}

/** A message; objects are sent as JSON. */
export function givenMessage(
  topic: string,
  payload: string | Uint8Array | object,
  differs: Partial<RawMessage> = {},
): RawMessage {
  const bytes =
    payload instanceof Uint8Array
      ? payload
      : Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
  return {
    source: "test",
    address: topic,
    payload: bytes,
    receivedMs,
    client: undefined,
    device: undefined,
    attributes: noAttributes,
    ...differs,
  };
}

/** A normalizer for messages of which none is passed over. */
export function givenNormalizer(
  parts: NormalizerParts,
): (message: RawMessage, clockSynced: boolean) => StoredMessage {
  const normalize = createNormalizer(parts);
  return (message, clockSynced) => storedOf(normalize(message, clockSynced));
}

/** The message where it was not passed over. */
export function storedOf(normalized: Normalized): StoredMessage {
  if (normalized.passedOver !== undefined) throw new Error(`passed over: ${normalized.passedOver}`);
  return normalized;
}

/** Its events, in order. */
export function eventsOf(message: StoredMessage): readonly NormalizedEvent[] {
  return [message, ...(message.more ?? [])];
}

/**
 * Reads single messages of `plant/p1/data` by a profile that differs from the smallest; `device` is
 * what the configuration says of p1, `parts` what the normalizer has besides.
 */
export function givenReader(
  differs: object = {},
  device?: object,
  parts: Partial<NormalizerParts> = {},
): (payload: string | Uint8Array | object, clockSynced?: boolean) => StoredMessage {
  const profile = givenProfile(differs);
  const entry = { id: "p1", profile: profile.name, topic: "plant/p1/data", ...device };
  const devices = device === undefined ? [] : [deviceOptions.parse(entry)];
  const catalog = givenCatalog({ profiles: [profile], devices });
  const normalize = givenNormalizer({
    ...parts,
    catalog,
    maxSkewMs: 300_000,
    maxAgeMs: 30 * 86_400_000,
    maxRejectedBytes: 100,
  });
  return (payload, clockSynced = true) =>
    normalize(givenMessage("plant/p1/data", payload), clockSynced);
}

/** What was measured, or the code and reason of a rejection. */
export function outcomeOf({ event }: NormalizedEvent): unknown {
  if (event.kind === "measurement")
    return event.data.map(({ name, value, quality }) =>
      quality === "good" ? [name, value] : [name, value, quality],
    );
  if (event.kind === "rejection") return { code: event.data.code, reason: event.data.reason };
  return event.data;
}
