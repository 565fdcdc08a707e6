import type { LoadedSite } from "../config/site/load-site.ts";
import type { RawMessage } from "../core/message.ts";
import type { Normalized } from "../normalize/normalized.ts";
import { createNormalizer } from "../normalize/normalizer.ts";
import { Findings } from "../normalize/walk/findings.ts";
import type { Descriptions } from "./descriptions.ts";

type Normalize = (message: RawMessage, clockSynced: boolean) => Normalized;

/** How a gateway reads messages, with the profiles as they are when it does. */
export interface GatewayNormalizer {
  /** Reads what comes, and takes down what of it nobody reads. */
  readonly normalize: Normalize;
  /** Gives what reads messages of before; nothing is taken down. */
  readonly again: () => Normalize;
  readonly unread: Findings;
  readonly misfits: Findings;
}

export function gatewayNormalizer(
  { catalog, config }: LoadedSite,
  descriptions: Descriptions,
): GatewayNormalizer {
  const limits = {
    catalog,
    maxSkewMs: config.time.max_skew,
    maxAgeMs: config.time.max_age,
    maxRejectedBytes: config.rejections.max_payload,
  };
  const noticed = { unread: new Findings(), misfits: new Findings() };
  return {
    ...noticed,
    normalize: createNormalizer({ ...limits, ...noticed, ...descriptions.readers }),
    again: () => createNormalizer({ ...limits, ...descriptions.readersAgain }),
  };
}
