import { GatewayError } from "../../../core/errors.ts";
import { openSiteDatabase } from "../../open-site-database.ts";
import type { Check } from "../check.ts";
import { error, ok } from "../finding.ts";
import { reach } from "../reach.ts";

export const historyDatabase: Check = {
  id: "history.database",
  group: "history",
  asks: "whether the database of the historian answers, and knows us",
  explanation:
    "It is asked one question that changes nothing, with the credentials of the configuration. While it is away nothing is lost: the historian goes on where it was, as long as the streams hold what it has not written. Look at historian.url, the user or token, and at the database's own log.",
  async run(around) {
    const { env, patienceMs, place } = around;
    const site = await place();
    const options = site.config.historian && { ...site.config.historian, timeout: patienceMs };
    if (!options) return [];
    const about = options.url;
    const bad = {
      about,
      why: "history is not written; it is later, as long as the streams hold it",
      next: `curl -i ${about.replace(/\/$/, "")}/ping, and the log of the database`,
    };
    const database = await openSiteDatabase(site, options, env);
    try {
      if (database.queries) {
        await database.queries.policies();
        return [ok(`${options.kind} answers, with ${options.database}`, about)];
      }
      const { hostname, port, protocol } = new URL(about);
      const usual = protocol === "https:" ? 443 : 80;
      const target = { host: hostname, port: port === "" ? usual : Number(port) };
      const failure = await reach(target, around);
      return failure ? [error({ ...bad, what: failure })] : [ok("can be reached", about)];
    } catch (thrown) {
      const isOurs = thrown instanceof GatewayError;
      // InfluxDB makes it where it is missing.
      if (isOurs && /database not found/.test(thrown.message))
        return [
          ok(`${options.kind} answers; ${options.database} is made at the first start`, about),
        ];
      return [error({ ...bad, what: isOurs ? thrown.message : `no answer: ${String(thrown)}` })];
    } finally {
      database.close();
    }
  },
};
