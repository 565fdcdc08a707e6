/** The key of the data folders that arms encrypt. */
import { KeyRing } from "../../src/buffer/encryption/key-ring.ts";

const key = Buffer.alloc(32, "campaign");

/** For `buffer.encryption.key`. */
export const bufferKeyText = key.toString("hex");
export const bufferKeys = new KeyRing(key);
