/** What the options of a target refer to, read. */
export interface LinkSecrets {
  readonly password: string | undefined;
  readonly token: string | undefined;
  readonly ca: Uint8Array | undefined;
  readonly cert: Uint8Array | undefined;
  readonly key: Uint8Array | undefined;
}
