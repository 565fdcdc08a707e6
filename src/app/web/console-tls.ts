/** Certificate and key of the console, as their files have them now. */
import { nodeDisk } from "../../buffer/disk.ts";
import { pathIn } from "../../config/path-in.ts";
import type { AtEnd } from "../../core/open-parts.ts";
import { readTls, type TlsMaterial } from "../../tls/tls-material.ts";
import { TlsWatch } from "../../tls/tls-watch.ts";
import type { WebSurroundings } from "./web-surroundings.ts";

/** Undefined where it speaks plain HTTP; `changed` is told when the files hold others. */
export async function consoleTls(
  { audit, clock, logger, site }: WebSurroundings,
  changed: (tls: TlsMaterial) => void,
  atEnd: AtEnd,
): Promise<TlsMaterial | undefined> {
  const { tls } = site.config.console;
  if (!tls) return undefined;
  const paths = {
    cert: pathIn(site.folder, tls.cert),
    key: pathIn(site.folder, tls.key),
    clientCa: tls.client_ca === undefined ? undefined : pathIn(site.folder, tls.client_ca),
  };
  const first = await readTls(nodeDisk, paths);
  const watch = new TlsWatch({
    ...{ paths, first, audit, clock, changed },
    disk: nodeDisk,
    logger: logger("console"),
  });
  atEnd(() => watch.stop());
  return first;
}
