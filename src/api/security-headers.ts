/**
 * What every answer says to the browser: nothing but our own files is loaded, nobody may show the page
 * in a frame of theirs, nothing is guessed and nothing of what is answered is kept.
 */

const policy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self'",
  "script-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": policy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Of answers that say how things are now. */
export const neverKept: Readonly<Record<string, string>> = { "cache-control": "no-store" };
