/** A list as JSON text, in pieces of one element, each made when it is asked for. */
export function* listText(list: Iterable<unknown>): Generator<string, void, void> {
  yield "[";
  let isFirst = true;
  for (const element of list) {
    yield isFirst ? JSON.stringify(element) : `,${JSON.stringify(element)}`;
    isFirst = false;
  }
  yield "]";
}
