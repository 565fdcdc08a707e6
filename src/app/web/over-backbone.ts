/** Requests that need the backbone: done over the role's own connection, or answered with why not. */
import { RequestProblem } from "../../api/problem.ts";
import { GatewayError } from "../../core/errors.ts";
import { formatTime } from "../../core/event-codec.ts";
import type { Backbone } from "../../stream/backbone.ts";

export type Connection = NonNullable<ReturnType<Backbone["connection"]>>;

/** Rejects with a `RequestProblem` where the backbone is away, or goes away meanwhile. */
export async function overBackbone<T>(
  backbone: Backbone,
  run: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = backbone.connection();
  if (!connection) throw awayProblem(backbone);
  try {
    return await run(connection);
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.disposition === "retry")
      throw new RequestProblem({
        status: 503,
        code: thrown.code,
        title: connection.isClosed() ? `the backbone is away: ${thrown.message}` : thrown.message,
        advice: "try again; what is shown meanwhile is what was known last",
      });
    throw thrown;
  }
}

/** Why nothing can be asked of the backbone now, and since when. */
function awayProblem({ state }: Backbone): RequestProblem {
  const failure = state.kind === "disconnected" ? state.failure : undefined;
  const reason = failure?.message ?? "it has not answered yet";
  return new RequestProblem({
    status: 503,
    code: failure?.code ?? "stream.unavailable",
    title: `the backbone is away since ${formatTime(state.since)}: ${reason}`,
    advice: "it is tried again by itself; what is shown meanwhile is what was known last",
  });
}
