/** How long a certificate counts, told alike wherever one is. */
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { systemReason } from "../../core/system-reason.ts";
import { error, type Finding, ok, warning } from "./finding.ts";

const dayMs = 86_400_000;
const soonDays = 21;

/** What follows where it does not count, and how it is renewed. */
export interface CertificateUse {
  readonly about: string;
  readonly why: string;
  readonly next: string;
}

export async function judgeCertificateFile(
  path: string,
  nowMs: number,
  use: CertificateUse,
): Promise<Finding> {
  try {
    return judgeCertificate(new X509Certificate(await readFile(path)), nowMs, use);
  } catch (thrown) {
    const what = `cannot read the certificate ${path}: ${systemReason(thrown)}`;
    return error({ ...use, what });
  }
}

export function judgeCertificate(
  certificate: Pick<X509Certificate, "subject" | "validFrom" | "validTo">,
  nowMs: number,
  use: CertificateUse,
): Finding {
  const { subject, validFrom, validTo } = certificate;
  const name = subject.split("\n").at(-1) ?? "";
  const daysLeft = Math.floor((Date.parse(validTo) - nowMs) / dayMs);
  if (Date.parse(validFrom) > nowMs)
    return error({ ...use, what: `the certificate ${name} counts from ${validFrom} on only` });
  if (daysLeft < 0) return error({ ...use, what: `the certificate ${name} expired on ${validTo}` });
  const what = `the certificate ${name} expires in ${daysLeft} days, on ${validTo}`;
  return daysLeft < soonDays ? warning({ ...use, what }) : ok(what, use.about);
}
