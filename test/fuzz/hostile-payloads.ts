/** Payloads that were made to break who reads them, by what they aim at. */

const nested = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + close.repeat(depth);
const bytes = (...parts: (number | readonly number[] | Uint8Array)[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === "number" ? Buffer.of(part) : Buffer.from(part))),
  );
const text = (value: string): Buffer => Buffer.from(value);
const many = (count: number, one: string, between = ""): string =>
  Array<string>(count).fill(one).join(between);
/** A text of CBOR, as long as it says. */
const cborText = (value: string): Buffer => bytes(0x60 + value.length, text(value));
/** The same of MessagePack. */
const packText = (value: string): Buffer => bytes(0xa0 + value.length, text(value));

const proto = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"t":1}';

/** Each has a name, for who reads that it failed. */
export const hostilePayloads: Readonly<Record<string, Uint8Array>> = {
  nothing: Buffer.alloc(0),
  "one NUL": Buffer.alloc(1),
  "a mebibyte of NUL": Buffer.alloc(2 ** 20),
  "more than is looked into": Buffer.alloc(2 ** 20 + 1, 0x20),
  "all bytes there are": Buffer.from(Array.from({ length: 256 }, (_, at) => at)),
  "bytes that are no UTF-8": bytes(0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xf8, 0xff),
  "a byte order mark and no more": bytes(0xef, 0xbb, 0xbf),

  "JSON with a prototype": text(proto),
  "JSON with prototypes all the way down": text(
    `{"a":${many(500, '{"__proto__":')}1${"}".repeat(501)}`,
  ),
  "JSON with keys that objects have": text(
    '{"toString":1,"hasOwnProperty":2,"valueOf":3,"length":4,"then":5,"toJSON":6}',
  ),
  "JSON lists in lists": text(nested("[", "]", 100_000)),
  "JSON objects in objects": text(`${many(50_000, '{"a":')}1${"}".repeat(50_000)}`),
  "JSON that never ends": text(many(100_000, '{"a":[')),
  "JSON with very many keys": text(
    `{${Array.from({ length: 10_000 }, (_, n) => `"k${n}":${n}`).join()}}`,
  ),
  "JSON with one key very often": text(`{${many(50_000, '"t":1', ",")}}`),
  "JSON with very many values": text(`[${many(50_000, "1", ",")}]`),
  "JSON with a very long key": text(`{"${"k".repeat(500_000)}":1}`),
  "JSON with a very long text": text(`{"t":"${"x".repeat(1_000_000)}"}`),
  "JSON with an empty key": text('{"":1,"t":{"":{"":2}}}'),
  "JSON with keys of control": text('{"\\u0000":1,"\\u001b[2J":2,"a\\nb":3,"..":4,"a/../b":5}'),
  "JSON with halves of signs": text('{"\\ud800":"\\udc00","t":"\\ud83d"}'),
  "JSON with numbers beyond all": text('{"t":1e999,"u":-1e999,"v":1e-999,"w":-0}'),
  "JSON with a number of many digits": text(`{"t":${"9".repeat(300_000)}}`),
  "JSON with a fraction of many digits": text(`{"t":0.${"1".repeat(300_000)}e-5}`),
  "JSON with words for numbers": text('{"t":NaN,"u":Infinity,"v":-Infinity,"w":undefined}'),
  "JSON with texts for numbers": text('{"t":"1e999","u":"NaN","v":"0x10","w":"1,5","x":"١٢"}'),
  "JSON with numbers that are not whole": text('{"t":9007199254740993,"u":18446744073709551616}'),
  "JSON with something behind it": text('{"t":1}{"t":2}'),
  "JSON with blanks only": text(" \t\r\n".repeat(100_000)),
  "a text of JSON in JSON in JSON": text(JSON.stringify(JSON.stringify(JSON.stringify(proto)))),
  "a bare number with many signs": text(`${"-".repeat(100_000)}1`),
  "a bare number with many points": text("1.".repeat(100_000)),

  "a word for backtracking": text(`${"a".repeat(200_000)}!`),
  "blanks for backtracking": text(`${" ".repeat(200_000)}x`),
  "digits for backtracking": text(`${"1".repeat(200_000)}x`),
  "separators for backtracking": text(`${"=".repeat(100_000)}${",".repeat(100_000)}`),
  "quotes for backtracking": text('"'.repeat(200_001)),
  "escapes for backtracking": text("\\".repeat(200_001)),
  "ends of lines": text("\r\n".repeat(100_000)),
  "columns without end": text(".".repeat(200_000)),
  "pairs without end": text(many(50_000, "a=1", "&")),
  "pairs with a prototype": text("__proto__=1&constructor=2;toString:3 hasOwnProperty=4"),
  "a line of a database with a prototype": text(
    "__proto__,__proto__=1 __proto__=1,t=1e999,u=NaN 1",
  ),
  "a line of a database with much time": text(`m t=1 ${"9".repeat(400)}`),
  "lines of a database": text(many(5_000, "m,a=b t=1,u=2 1700000000", "\n")),

  "CBOR of a length that is not there": bytes(0x9b, Array<number>(8).fill(0xff)),
  "a CBOR map of a length that is not there": bytes(0xbb, 0x7f, Array<number>(7).fill(0xff)),
  "a CBOR text of a length that is not there": bytes(0x7b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff),
  "CBOR lists in lists": Buffer.alloc(200_000, 0x81),
  "CBOR lists that do not end": Buffer.alloc(200_000, 0x9f),
  "CBOR maps that do not end": Buffer.alloc(200_000, 0xbf),
  "CBOR tags on tags": Buffer.alloc(200_000, 0xc6),
  "CBOR texts in parts without end": bytes(0x7f, Buffer.alloc(100_000, 0x60)),
  "CBOR with a prototype": bytes(
    0xa2,
    cborText("__proto__"),
    0xa1,
    cborText("polluted"),
    1,
    cborText("t"),
    1,
  ),
  "CBOR with numbers beyond all": bytes(
    0xa2,
    cborText("t"),
    0xfb,
    0x7f,
    0xf0,
    0,
    0,
    0,
    0,
    0,
    0,
    cborText("u"),
    0xf9,
    0x7e,
    0,
  ),
  "a CBOR integer of many bytes": bytes(0xc3, 0x59, 0xff, 0xff, Buffer.alloc(65_535, 0xff)),
  "CBOR with keys that are no texts": bytes(0xa3, 1, 1, 0x80, 2, 0xa0, 3),
  "CBOR with a text that is no UTF-8": bytes(0xa1, 0x62, 0xff, 0xfe, 1),
  "CBOR fractions of great powers": bytes(
    0xa1,
    cborText("t"),
    0xc4,
    0x82,
    0x1b,
    Buffer.alloc(8, 0x7f),
    1,
  ),

  "MessagePack of a length that is not there": bytes(0xdd, 0xff, 0xff, 0xff, 0xff),
  "a MessagePack map of a length that is not there": bytes(0xdf, 0xff, 0xff, 0xff, 0xff),
  "a MessagePack text of a length that is not there": bytes(0xdb, 0xff, 0xff, 0xff, 0xff, 0x61),
  "MessagePack lists in lists": Buffer.alloc(200_000, 0x91),
  "MessagePack with a prototype": bytes(
    0x82,
    packText("__proto__"),
    0x81,
    packText("polluted"),
    1,
    packText("t"),
    1,
  ),
  "MessagePack with numbers beyond all": bytes(
    0x81,
    packText("t"),
    0xcb,
    0xff,
    0xf0,
    0,
    0,
    0,
    0,
    0,
    0,
  ),
  "MessagePack of kinds of others": bytes(0xc9, 0, 0, 0xff, 0xff, 0xff, Buffer.alloc(65_535)),
  "a MessagePack time beyond all": bytes(0xc7, 12, 0xff, Buffer.alloc(12, 0xff)),

  "SenML with bases beyond all": text('[{"bn":"a","bt":1e308,"bv":1e308,"v":1e308,"t":1e308}]'),
  "SenML with names of others": text(
    '[{"bn":"../","n":"__proto__","v":1},{"n":"constructor","v":2}]',
  ),
  "SenML with very many records": text(`[${many(5_000, '{"n":"t","v":1}', ",")}]`),
  "SenML with bases that grow": text(
    `[${many(2_000, '{"bn":"aaaaaaaaaaaaaaaa","n":"t","v":1}', ",")}]`,
  ),
  "SenML with kinds of values at once": text(
    '[{"n":"t","v":1,"vs":"x","vb":true,"vd":"AA","s":1}]',
  ),

  "a length of protobuf without end": Buffer.alloc(100_000, 0xff),
  "fields of protobuf in fields": bytes(Buffer.alloc(100_000, 0x12)),
  "a metric with a length that is not there": bytes(0x12, 0xff, 0xff, 0xff, 0xff, 0x0f),
  "lists of meters in lists": bytes(0x1b, 0x1b, 0x1b, 0x1b, 1, 1, 1, 1, Buffer.alloc(50_000, 0x7f)),
  "a telegram without its end": text(
    `/ABC\r\n\r\n${many(20_000, "1-0:1.8.0(000001.000*kWh)", "\r\n")}`,
  ),
  "a telegram with brackets": text(`/ABC5x\r\n\r\n${"(".repeat(50_000)}${")".repeat(50_000)}!\r\n`),
  "a sentence of a receiver with commas": text(`$GPRMC${",".repeat(50_000)}*00`),
  "a block of a charger with tabs": text(many(20_000, "V\t1", "\r\n")),
  "sensors of which each says it is long": Buffer.alloc(1_000, 0xfe),
};
