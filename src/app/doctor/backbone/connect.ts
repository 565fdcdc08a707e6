import { namesServers } from "../../../config/site/names-servers.ts";
import type { ServerAnswer } from "../backbone-look.ts";
import type { Check } from "../check.ts";
import { error, type Finding, ok, skipped, warning } from "../finding.ts";

export const natsConnect: Check = {
  id: "nats.connect",
  group: "backbone",
  asks: "whether each server of the backbone takes us",
  explanation:
    "Each of backbone.servers is tried once, with the credentials of the configuration. Refused: nothing listens there. Silent: something takes the connection and says nothing, such as a proxy without a server. Credentials: the server does not know them, or does not any more.",
  async run({ load, roles, servers }) {
    const answers = await servers();
    const isReached = answers.some(({ failure }) => !failure);
    const { site } = await load();
    const isRun = (await roles()).names.length > 0;
    if (site && !namesServers(site) && !isReached && !isRun)
      return [skipped("backbone.servers names none, and sluicegate up starts one of its own")];
    return answers.map((answer) => findingOf(answer, isReached));
  },
};

function findingOf({ failure, rttMs, server, version }: ServerAnswer, isReached: boolean): Finding {
  const about = server;
  if (!failure)
    return ok(`nats-server ${version}, ${(rttMs ?? 0).toFixed(0)} ms there and back`, about);
  if (failure.code === "stream.unauthorized")
    return error({
      about,
      what: failure.message,
      why: "events wait on disk until the server takes us",
      next: "look at backbone.credentials, and at the user on the server: was it removed or renewed?",
    });
  const { hostname, port } = addressOf(server);
  const bad = {
    about,
    what: failure.message,
    why: isReached ? "the others are used" : "events wait on disk until a server answers",
    next: `is it up, and may this machine reach it? nc -vz ${hostname} ${port}`,
  };
  return isReached ? warning(bad) : error(bad);
}

function addressOf(server: string): { hostname: string; port: string } {
  const { hostname, port } = new URL(server.includes("://") ? server : `nats://${server}`);
  return { hostname, port: port === "" ? "4222" : port };
}
