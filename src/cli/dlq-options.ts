/** What commands about rejected messages take, and what they ask a gateway. */
import type { RemoteOptions } from "./remote.ts";

export interface DlqOptions extends RemoteOptions {
  readonly config: string;
  readonly socket?: string;
  readonly output: "text" | "json";
  readonly id?: string;
  readonly code?: string;
  readonly profile?: string;
  readonly topic?: string;
  readonly limit?: string;
  readonly reason?: string;
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export type DlqQuestion = "rejected" | "show-rejected" | "try-rejected" | "reprocess" | "discard";
