/**
 * Hides what may be a secret in text that is about to be shown: a person may have written a
 * password where only a reference to one belongs.
 */

const secretName = /(?:secret|password|passwd|password_hash|token)$/i;
const secretField =
  /((?:secret|password|passwd|password_hash|token)["']?\s*:\s*)([^\s{},][^,}]*)/gi;
const userInfo = /(:\/\/)([^/\s"'@]+)(?=@)/g;

/** True for the names of fields whose values are never shown. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** The text with stars over what may be a secret; as long as before, so that columns stay true. */
export function maskSecrets(text: string): string {
  const cover = (_: string, before: string, secret: string): string =>
    before + "*".repeat(secret.length);
  return text.replace(userInfo, cover).replace(secretField, cover);
}
