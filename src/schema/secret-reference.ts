import * as z from "zod";

/** Where a secret is found; it never stands in the configuration itself. */
export const secretReference = z.union([
  z.strictObject({
    env: z.string().min(1).max(256).describe("Name of the environment variable that holds it."),
  }),
  z.strictObject({
    file: z.string().min(1).max(4096).describe("Path of the file whose first line it is."),
  }),
  z.strictObject({
    credential: z
      .string()
      .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}$/, "the name of a credential has no slashes")
      .describe("Name of the credential that systemd loads for the service (LoadCredential=)."),
  }),
]);

/** `{env: NAME}`, `{file: path}` or `{credential: NAME}`. */
export type SecretReference = z.output<typeof secretReference>;

/** The names of the fields of an object's schema that are references to secrets. */
export function secretFieldsOf(shape: Readonly<Record<string, z.core.$ZodType>>): string[] {
  return Object.entries(shape).flatMap(([field, schema]) => (isSecret(schema) ? [field] : []));
}

function isSecret(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodOptional ? isSecret(schema.unwrap()) : schema === secretReference;
}
