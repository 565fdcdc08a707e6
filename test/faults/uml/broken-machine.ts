/**
 * The kernel of the machine broke by itself: on a busy machine User Mode Linux now and then cannot
 * give a process its registers back. That says nothing about the gateway in it.
 */
export class BrokenMachine extends Error {
  override readonly name = "BrokenMachine";
}

/** What such a kernel prints last. */
export function losesRegisters(said: string): boolean {
  return /fatal_sigsegv|put_fp_registers/.test(said);
}
