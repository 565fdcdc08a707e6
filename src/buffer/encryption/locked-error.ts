import { GatewayError } from "../../core/errors.ts";
import { formatKeyId } from "./key-ring.ts";

/** The failure of a file that takes a key which is not among those of the site. */
export function lockedError(path: string, keyId: number): GatewayError {
  return new GatewayError(
    "buffer.key",
    `${path} is encrypted with key ${formatKeyId(keyId)}, which the configuration does not name; ` +
      "name it as buffer.encryption.key, or among buffer.encryption.former_keys while files of it " +
      "are left; of a folder that was carried here, buffer export and repair take it by --key-file; " +
      "nothing was changed",
  );
}
