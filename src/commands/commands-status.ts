import type { CommandState } from "../core/command.ts";

/** How it stands with commands, as `sluicegate status` shows it. */
export interface CommandsStatus {
  /** Read and without a final step. */
  readonly open: number;
  /** Of them, those of which nothing left. */
  readonly waiting: number;
  /** Final steps since the start, by state. */
  readonly ended: Readonly<Partial<Record<CommandState, number>>>;
  /** What is wrong, for people; absent where nothing is. */
  readonly trouble?: string;
}
