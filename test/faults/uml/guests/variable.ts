/** A variable of the guest, given by whoever booted it; empty when it was not. */
export function variable(name: string): string {
  return process.env[name] ?? "";
}
