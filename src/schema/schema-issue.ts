/** What a schema reports, read piece by piece without importing zod. */

/** One issue of zod 4, as far as it is read here. */
export interface SchemaIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What stands at a path; undefined when nothing does. */
export function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let here = root;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = Object.getOwnPropertyDescriptor(here, step)?.value;
  }
  return here;
}

/** The members of a field of an issue as texts; none when it is no list. */
export function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

/** The issues in a field of an issue; none when it is no list. */
export function issuesIn(list: unknown): SchemaIssue[] {
  return Array.isArray(list) ? list.filter(isIssue) : [];
}

function isIssue(value: unknown): value is SchemaIssue {
  return typeof value === "object" && value !== null && "path" in value && "message" in value;
}

/** True when the checked value itself, not a part of it, has another type. */
export function isWrongTypeAtRoot(issue: SchemaIssue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0;
}
