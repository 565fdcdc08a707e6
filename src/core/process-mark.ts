/** How a process is known to others on its machine, so that they need not wait for one that is no more. */
export interface ProcessMark {
  /** Of this process; undefined where the system does not tell. */
  readonly own: string | undefined;
  /** True only when the mark is of this machine and boot, and its process is no more. */
  isGone(mark: string): Promise<boolean>;
}
