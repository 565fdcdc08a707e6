import { readdir, readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { packageFolder, parsedProfilesName } from "./package-folder.ts";
import type { ReadProfiles } from "./read-profiles.ts";

/** What a site is read with: files, folders and the environment; no network. */
export interface SiteFiles {
  /** The bytes of a file; rejects with the system's error. */
  readFile(path: string): Promise<Uint8Array>;
  /** Whether users of the machine who are neither owner nor of the group may read a file that is there. */
  isOpenToAll(path: string): Promise<boolean>;
  /** Names in a folder, in no order; rejects when it is not one. */
  listFolder(path: string): Promise<readonly string[]>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the profiles that come with the package. */
  readonly shippedProfiles: string;
  /** What the build wrote of them; a file that need not be there. */
  readonly parsedProfiles: string;
  /** Those profiles, where they were read already: by whoever reads many sites. */
  readonly shipped?: ReadProfiles;
}

/** 100,000 users of a broker, the largest file there is, need half of it. */
const mostFileBytes = 64 * 2 ** 20;

/** The files of this machine. The package's own profiles lie beside `src` and `dist`. */
export function machineFiles(env: NodeJS.ProcessEnv): SiteFiles {
  return {
    async readFile(path) {
      const { size } = await stat(path);
      if (size <= mostFileBytes) return readFile(path);
      throw Object.assign(new Error("it is larger than any file of a site"), { code: "EFBIG" });
    },
    isOpenToAll: async (path) => ((await stat(path)).mode & 0o004) !== 0,
    listFolder: (path) => readdir(path),
    env,
    shippedProfiles: fileURLToPath(new URL("devices", packageFolder())),
    parsedProfiles: fileURLToPath(new URL(`dist/${parsedProfilesName}`, packageFolder())),
  };
}
