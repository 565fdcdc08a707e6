/** Which of the profiles there are makes most of some messages, whatever their topics. */
import { noAttributes } from "../../core/message.ts";
import { createCatalog } from "../create-catalog.ts";
import { Findings } from "../findings.ts";
import { createNormalizer } from "../normalizer.ts";
import type { Profile } from "../profile.ts";
import type { Sample } from "./sample.ts";

export interface Rank {
  readonly profile: Profile;
  /** Messages of which it reads something. */
  readonly messages: number;
  /** Values that are good. */
  readonly values: number;
  /** Values that do not fit, and those that it does not read. */
  readonly left: number;
}

const limits = { maxSkewMs: 300_000, maxAgeMs: 3_660 * 86_400_000, maxRejectedBytes: 0 };

/** The best first; only those that read something, and more than they leave. */
export function rankProfiles(profiles: Iterable<Profile>, samples: readonly Sample[]): Rank[] {
  return [...profiles]
    .map((profile) => rankOf(profile, samples))
    .filter(({ left, values }) => values > left)
    .sort((one, other) => other.values - other.left - (one.values - one.left));
}

function rankOf(profile: Profile, samples: readonly Sample[]): Rank {
  const device = {
    id: "sample",
    profile: profile.name,
    topic: "#",
    tags: {},
    attrs: {},
  };
  const catalog = createCatalog({ profiles: [profile], devices: [device], generic: false });
  const unread = new Findings();
  let messages = 0;
  let values = 0;
  let left = 0;
  if (catalog.ok) {
    const normalize = createNormalizer({ catalog: catalog.value, ...limits, unread });
    for (const { payload, topic } of samples) {
      const found = normalize(
        {
          source: "sample",
          address: topic,
          payload,
          receivedMs: 0,
          client: undefined,
          device: undefined,
          attributes: noAttributes,
        },
        true,
      );
      if (found.passedOver !== undefined || found.event.kind !== "measurement") continue;
      messages += 1;
      for (const { event } of [found, ...(found.more ?? [])]) {
        const data = event.kind === "measurement" ? event.data : [];
        const bad = data.filter(({ quality }) => quality === "bad").length;
        values += data.length - bad;
        left += event.kind === "measurement" ? bad : 1;
      }
    }
  }
  return { profile, messages, values, left: left + unread.list().length };
}
