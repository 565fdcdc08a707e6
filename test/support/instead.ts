/** An object that answers as `target` does, but for the members given. */
export function instead<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get(_, name) {
      const source = Object.hasOwn(members, name) ? members : target;
      const value: unknown = Reflect.get(source, name, source);
      return typeof value === "function" ? value.bind(source) : value;
    },
  });
}
