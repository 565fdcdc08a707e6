/** The kind `mqtt-broker`: devices connect to a broker inside the gateway. */

import { readTls, type TlsMaterial } from "../../tls/tls-material.ts";
import { TlsWatch } from "../../tls/tls-watch.ts";
import { loadTls } from "../load-tls.ts";
import { type NamedFile, sourceKind } from "../source-kind.ts";
import { type MqttBrokerOptions, mqttBrokerOptions, mqttUsersOptions } from "./options.ts";
import { strangersFaults } from "./strangers-faults.ts";
import { parseCertifiedUsers, parseUsers, type Users } from "./users.ts";
import { UsersWatch } from "./users-watch.ts";

export const mqttBroker = sourceKind({
  options: mqttBrokerOptions,
  files: { users: { title: "Users of sluicegate's MQTT broker", schema: mqttUsersOptions } },
  async load(options, reading) {
    for (const fault of strangersFaults(options)) reading.report(fault);
    const file = options.users && usersFile(options);
    const users = file && (await reading.read(file));
    const paths = options.tls && (await loadTls(options.tls, reading));
    if ((options.users && !users) || (options.tls && !paths)) return undefined;
    return async (surroundings) => {
      const [{ openEmbeddedBroker }, { sharedDeliveries }] = await Promise.all([
        import("./embedded-broker.ts"),
        import("./shared-deliveries.ts"),
      ]);
      const deliveries = await sharedDeliveries(surroundings);
      const tls = paths && (await readTls(surroundings.disk, paths));
      const broker = await openEmbeddedBroker(options, { ...surroundings, users, tls, deliveries });
      if (file) {
        const { changeUsers } = broker;
        const watch = new UsersWatch({ ...surroundings, ...reading.again(file), changeUsers });
        await watch.start();
        surroundings.atEnd(async () => watch.stop());
      }
      if (paths && tls) {
        const changed = (material: TlsMaterial): void => broker.renew(material);
        const watch = new TlsWatch({ ...surroundings, paths, first: tls, changed });
        surroundings.atEnd(async () => watch.stop());
      }
      return broker;
    };
  },
});

const hint = "the first of them is made by: sluicegate users add NAME";

function usersFile({ tls, users }: MqttBrokerOptions): NamedFile<Users> {
  const parse = tls?.client_ca === undefined ? parseUsers : parseCertifiedUsers;
  return { field: ["users", "file"], path: users?.file ?? "", parse, secret: true, hint };
}
