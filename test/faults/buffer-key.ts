/** The key of the data folders that arms encrypt. */
import { KeyRing } from "../../src/buffer/encryption/key-ring.ts";

const key = Buffer.alloc(32, "campaign");

/** For `buffer.encryption.key`. */
export const bufferKeyText = key.toString("hex");
export const bufferKeys = new KeyRing(key);

/**
 * What `FAULT_BUFFER` asks of all data folders of an arm: true for `encrypted`, false for `plain`.
 * Undefined without it: the arm mixes them as it does by itself. Throws for any other word.
 */
export function encryptionAsked(): boolean | undefined {
  const asked = process.env["FAULT_BUFFER"];
  if (asked === undefined) return undefined;
  if (asked !== "encrypted" && asked !== "plain")
    throw new Error(`FAULT_BUFFER is ${asked}; it is encrypted or plain`);
  return asked === "encrypted";
}
