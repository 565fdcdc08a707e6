/** Which of the profiles there are makes most of some messages, whatever their topics. */
import { noAttributes } from "../../core/message.ts";
import { createCatalog } from "../create-catalog.ts";
import { createNormalizer } from "../normalizer.ts";
import type { Profile } from "../profile.ts";
import { Findings } from "../walk/findings.ts";
import type { Sample } from "./sample.ts";

export interface Rank {
  readonly profile: Profile;
  /** Messages of which it reads something. */
  readonly messages: number;
  /** Good values that it has a name for. */
  readonly values: number;
  /** Values that do not fit, those that it does not read, and those that it takes as they are called. */
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
  const isNamed = namedBy(profile);
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
        const good = data.filter(({ name, quality }) => quality !== "bad" && isNamed(name)).length;
        values += good;
        left += event.kind === "measurement" ? data.length - good : 1;
      }
    }
  }
  return { profile, messages, values, left: left + unread.list().length };
}

/** What tells names that the profile gives from those that it takes from the message: `{key}`. */
function namedBy({ metrics }: Profile): (name: string) => boolean {
  const starts = metrics
    .map(({ name }) => name.replace(/\{.*$/, ""))
    .filter((start) => start !== "");
  return (name) => starts.some((start) => name.startsWith(start));
}
