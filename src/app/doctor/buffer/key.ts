import { dirname } from "node:path";
import { keysInUse } from "../../../buffer/tools/keys-in-use.ts";
import { pathIn } from "../../../config/path-in.ts";
import { machineFiles } from "../../../config/site/site-files.ts";
import { counted } from "../../../core/counted.ts";
import { readKeyRing } from "../../read-key-ring.ts";
import type { Check } from "../check.ts";
import { dataFolderOf } from "../data-folder.ts";
import { error, type Finding, ok, warning } from "../finding.ts";

export const bufferKey: Check = {
  id: "buffer.key",
  group: "buffer",
  asks: "whether the keys are there that the buffer is encrypted with",
  explanation:
    "Records on disk are encrypted with the key of buffer.encryption.key. Without it a gateway does not start, and nobody reads what it holds: keep a copy of the key elsewhere. A key that lies beside the data is stolen with it. Former keys are named in buffer.encryption.former_keys as long as segments need them.",
  async run({ buffer, env, place }) {
    const site = await place();
    const { encryption } = site.config.buffer;
    if (encryption !== undefined)
      await readKeyRing(site.config.buffer, { ...machineFiles(env), folder: site.folder });
    const keys = keysInUse(await buffer());
    const findings: Finding[] = keys
      .filter(({ missing }) => missing)
      .map(({ id, segments }) =>
        error({
          what: `key ${id} is not among those of the configuration, needed by ${counted(segments, "segment")}`,
          why: "the gateway does not start, and nobody reads these records",
          next: "name it in buffer.encryption.former_keys; sluicegate buffer show says what needs it",
        }),
      );
    const key = encryption?.key;
    const path = key !== undefined && "file" in key ? pathIn(site.folder, key.file) : undefined;
    const data = dataFolderOf(site);
    if (path !== undefined && (path.startsWith(`${data}/`) || dirname(path) === data))
      findings.push(
        warning({
          what: `${path} lies beside what it encrypts`,
          why: "whoever takes the data takes the key",
          next: "move it to another medium, or into a systemd credential",
        }),
      );
    if (findings.length > 0) return findings;
    const current = keys.find(({ current: isCurrent }) => isCurrent);
    return [ok(current ? `new records take key ${current.id}` : "nothing is encrypted")];
  },
};
