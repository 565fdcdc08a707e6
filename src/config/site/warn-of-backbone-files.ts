import { faultOfClient } from "../../tls/client-tls.ts";
import { pathIn } from "../path-in.ts";
import type { Load } from "./load.ts";
import { unreadable } from "./unreadable.ts";

/**
 * Only warns: a gateway takes its devices' messages also with certificates that are of no use, and looks
 * at them again at each connect.
 */
export async function warnOfBackboneFiles({ files, folder, main }: Load): Promise<void> {
  const tls = main.value?.backbone.tls;
  if (!tls) return;
  const read = async (field: "ca" | "cert" | "key"): Promise<Buffer | undefined> => {
    const path = tls[field];
    if (path === undefined) return undefined;
    try {
      return Buffer.from(await files.readFile(pathIn(folder, path)));
    } catch (thrown) {
      const at = ["backbone", "tls", field];
      const said = unreadable(pathIn(folder, path), thrown);
      main.report({ code: "config.unreadable", path: at, ...said, severity: "warning" });
      return undefined;
    }
  };
  const parts = { ca: await read("ca"), cert: await read("cert"), key: await read("key") };
  const fault = faultOfClient(parts);
  if (fault)
    main.report({ ...fault, path: ["backbone", "tls", ...fault.path], severity: "warning" });
}
