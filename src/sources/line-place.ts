const usualModbusPort = "502";

/**
 * What a `path` leads to, in one text for all ways to write it: many devices take one connection only, so
 * two sources that mean the same one are told before either is opened.
 */
export function linePlace(path: string): string {
  const form = /^(?:modbus-)?tcp:\/\/(\[[^\]\s]+\]|[^\s:/?#@[\]]+)(?::(\d{1,5}))?\/?$/;
  const [, host, port = usualModbusPort] = form.exec(path) ?? [];
  return host === undefined ? path : `${host.toLowerCase()}:${Number(port)}`;
}
