/**
 * The files of the page, whole in memory: what a browser names is looked up among them and never
 * becomes a path. Each is packed once, when it is first asked for.
 */
import type { Disk } from "../../core/disk.ts";
import { readWhole } from "../../core/whole-file.ts";
import { answerProblem } from "../answers.ts";
import { securityHeaders } from "../security-headers.ts";
import { contentTypeOf } from "./content-type.ts";
import { missingPage } from "./missing-page.ts";
import { PackedFile } from "./packed-file.ts";

/** Where the build puts files whose names have a hash of what is in them. */
const hashed = "assets";
const index = "/index.html";

const keptForEver = "public, max-age=31536000, immutable";
/** Asked for again each time; an unchanged one is not sent again. */
const checkedEachTime = "no-cache";

export class PageFiles {
  readonly #files: ReadonlyMap<string, PackedFile>;

  constructor(files: ReadonlyMap<string, PackedFile>) {
    this.#files = files;
  }

  /** The file of a path; every other path is one of the page's own screens. */
  async answer(path: string, accepted: string | undefined): Promise<Response> {
    const isHashed = path.startsWith(`/${hashed}/`);
    const file = this.#files.get(path) ?? (isHashed ? undefined : this.#files.get(index));
    if (!file && !isHashed) return missingPage();
    if (!file)
      return answerProblem({
        status: 404,
        code: "not-found",
        title: "there is no such file",
        advice: "load the page again: it is of another version",
      });
    const { body, encoding } = await file.as(accepted);
    return new Response(body, {
      headers: {
        ...securityHeaders,
        "content-type": file.type,
        "cache-control": isHashed ? keptForEver : checkedEachTime,
        vary: "accept-encoding",
        ...(encoding !== undefined && { "content-encoding": encoding }),
      },
    });
  }
}

/** Reads the folder that the build of the page makes; no files where there is none. */
export async function readPageFiles(disk: Disk, folder: string): Promise<PageFiles> {
  const files = new Map<string, PackedFile>();
  for (const below of ["", `/${hashed}`]) {
    const names = await disk.list(folder + below).catch(() => []);
    for (const name of names) {
      const type = contentTypeOf(name);
      if (type === undefined) continue;
      const bytes = await readWhole(disk, `${folder}${below}/${name}`);
      files.set(`${below}/${name}`, new PackedFile(bytes, type));
    }
  }
  return new PageFiles(files);
}
