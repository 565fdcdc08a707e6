/** A target of the campaign: a real server that is killed and started again. */
export interface CampaignTarget {
  readonly name: "http" | "mqtt" | "rabbitmq" | "kafka";
  /** What it must not do, whoever is killed. */
  readonly isExactlyOnce: boolean;
  /** Its entry in `bridge:`. */
  readonly entry: object;
  start(): Promise<void>;
  /** At once, with whatever it had under way. */
  kill(): Promise<void>;
  /** Ids of events in the order in which it has them; those of one device in their order. */
  received(atLeast: number): Promise<readonly string[]>;
  end(): Promise<void>;
}

/** Opens it in a folder of its own; it is not started. */
export type OpenCampaignTarget = (folder: string) => Promise<CampaignTarget>;
