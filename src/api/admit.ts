/** Whether a request is let through to what it asks for. */
import type { Principal } from "./principal.ts";
import { mayAct } from "./principal.ts";
import { notSignedIn, RequestProblem } from "./problem.ts";
import type { Needed } from "./route.ts";
import { foreignReason, ownHeader, type Provenance } from "./sign-in/same-origin.ts";

/** What is looked at. */
export interface Admission {
  /** Undefined where nobody proved who they are. */
  readonly principal: Principal | undefined;
  readonly provenance: Provenance;
  /** It is to change something. */
  readonly isWrite: boolean;
  readonly needs: Needed;
  /** As browsers see us, where a proxy stands before us. */
  readonly publicOrigin: string | undefined;
}

/** Throws `RequestProblem` where who asks may not. */
export function admit(asked: Admission): void {
  const { principal } = asked;
  if (asked.isWrite && principal?.by !== "token") refuseForeign(asked);
  if (asked.needs === "anybody") return;
  if (!principal) throw new RequestProblem(notSignedIn);
  const { name, role } = principal;
  if (!mayAct(role, asked.needs))
    throw new RequestProblem({
      status: 403,
      code: "role.too-low",
      title: `${name} is ${role}, and this is for ${asked.needs}`,
    });
}

function refuseForeign({ provenance, publicOrigin }: Admission): void {
  const reason = foreignReason(provenance, publicOrigin);
  if (reason === undefined) return;
  throw new RequestProblem({
    status: 403,
    code: "request.foreign",
    title: `refused, since ${reason}`,
    advice: `programs send a token, pages of the console the header ${ownHeader}; where a proxy stands before the console, set console.public_url to what browsers see`,
  });
}
