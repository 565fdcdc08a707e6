/** What a profile that is being made makes of the messages it is made of. */
import { formatTime } from "../../core/event-codec.ts";
import { toDeviceId } from "../../core/ids.ts";
import { noAttributes } from "../../core/message.ts";
import { createCatalog } from "../create-catalog.ts";
import { parseProfile } from "../language/parse-profile.ts";
import type { NormalizedEvent } from "../normalized.ts";
import { createNormalizer } from "../normalizer.ts";
import type { Draft } from "./draft.ts";
import type { Sample } from "./sample.ts";

/** As in the examples of a profile. */
const receivedMs = Date.UTC(2030, 0, 1);
const limits = { maxSkewMs: 300_000, maxAgeMs: 3_660 * 86_400_000, maxRejectedBytes: 0 };

/** Examples for the file, or why the draft is no profile. */
export function expectationsOf(
  draft: Draft,
  samples: readonly Sample[],
): { readonly examples: readonly object[] } | { readonly problem: string } {
  const stub = { topic: "a/b", payload: "", expect: { rejection: "undecodable" } };
  const parsed = parseProfile({ ...draft, examples: [stub] });
  if (!parsed.ok) return { problem: parsed.faults.map(({ message }) => message).join("; ") };
  const isNamed = draft.match === undefined;
  const device = isNamed ? toDeviceId("device-1") : undefined;
  const catalog = createCatalog({
    profiles: [parsed.value],
    devices:
      device === undefined ? [] : [{ id: device, profile: parsed.value.name, tags: {}, attrs: {} }],
    generic: false,
  });
  if (!catalog.ok) return { problem: catalog.faults.map(({ message }) => message).join("; ") };
  const examples = samples.map(({ payload, topic }) => {
    const normalize = createNormalizer({ catalog: catalog.value, ...limits });
    const found = normalize(
      {
        source: "sample",
        address: topic,
        payload,
        receivedMs,
        client: undefined,
        device,
        attributes: noAttributes,
      },
      true,
    );
    const all = found.passedOver === undefined ? [found, ...(found.more ?? [])] : [];
    const expect = all.map(expectationOf);
    return {
      topic,
      payload: Buffer.from(payload).toString("utf8"),
      expect: expect.length === 1 ? expect[0] : expect,
    };
  });
  return { examples };
}

function expectationOf({ event }: NormalizedEvent): object {
  if (event.kind === "rejection") return { rejection: event.data.code };
  if (event.kind === "status") return { status: event.data.state };
  if (event.kind !== "measurement") return {};
  const metrics = event.data.map(({ name, quality, unit, value }) => {
    const isBare = unit === undefined && quality === "good";
    const told = { value, unit, ...(quality !== "good" && { quality }) };
    return [name, isBare ? value : told] as const;
  });
  const time = event.clock === "device" ? { time: formatTime(event.timeMs), clock: "device" } : {};
  return { ...time, metrics: Object.fromEntries(metrics) };
}
