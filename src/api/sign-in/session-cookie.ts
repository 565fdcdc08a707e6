/**
 * How a browser carries a session id. Browsers do not tell ports of one host apart, so the name has
 * the port in it: two consoles on one machine must not sign each other's people out.
 */
export class SessionCookie {
  readonly #isSecure: boolean;

  /** `isSecure`: browsers reach us by HTTPS only; over plain HTTP they would drop such a cookie. */
  constructor(isSecure: boolean) {
    this.#isSecure = isSecure;
  }

  /** `Set-Cookie` for a session, or for none any more. */
  set(id: string | undefined, port: number): string {
    const kept = `${this.#name(port)}=${id ?? ""}; Path=/; HttpOnly; SameSite=Strict`;
    return `${kept}${this.#isSecure ? "; Secure" : ""}${id === undefined ? "; Max-Age=0" : ""}`;
  }

  /** The id in a `Cookie` header; undefined where there is none. */
  idIn(header: string | undefined, port: number): string | undefined {
    const name = this.#name(port);
    for (const part of (header ?? "").split(";")) {
      const cut = part.indexOf("=");
      if (part.slice(0, cut).trim() === name) return part.slice(cut + 1).trim() || undefined;
    }
    return undefined;
  }

  /** The prefix makes browsers refuse it from other hosts of the domain, and without TLS. */
  #name(port: number): string {
    return `${this.#isSecure ? "__Host-" : ""}sluicegate-${port}`;
  }
}
