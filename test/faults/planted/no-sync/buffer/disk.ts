/** Syncing a file does nothing. */
import { nodeDisk as real } from "../../../../../src/buffer/disk.ts";
import { withFiles } from "../../with-files.ts";

export const nodeDisk = withFiles(real, () => ({ sync: async () => {} }));
