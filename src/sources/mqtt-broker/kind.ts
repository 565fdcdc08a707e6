/** The kind `mqtt-broker`: devices connect to a broker inside the gateway. */
import { accessFault } from "../access.ts";
import { type NamedFile, sourceKind } from "../source-kind.ts";
import { mqttBrokerOptions, mqttUsersOptions } from "./options.ts";
import { parseUsers, type Users } from "./users.ts";

export const mqttBroker = sourceKind({
  options: mqttBrokerOptions,
  files: { users: { title: "Users of sluicegate's MQTT broker", schema: mqttUsersOptions } },
  async load(options, reading) {
    const fault = accessFault(
      { listen: options.listen, isAsking: options.users !== undefined },
      "name a users file: users: { file: devices.yaml }",
    );
    if (fault) reading.report(fault);
    const users = options.users && (await reading.read(usersFile(options.users.file)));
    if (options.users && !users) return undefined;
    return async (surroundings) => {
      const [{ openEmbeddedBroker }, { sharedDeliveries }] = await Promise.all([
        import("./embedded-broker.ts"),
        import("./shared-deliveries.ts"),
      ]);
      const deliveries = await sharedDeliveries(surroundings);
      return openEmbeddedBroker(options, { ...surroundings, users, deliveries });
    };
  },
});

function usersFile(path: string): NamedFile<Users> {
  return { field: ["users", "file"], path, parse: parseUsers, secret: true };
}
