/** An id as the name of one file or folder: no id leads out of the folder, or is hidden in it. */
export function fileNameOf(id: string): string {
  return encodeURIComponent(id).replace(/^\./, "%2E");
}
