import { describe, expect, test } from "vitest";
import { createProof } from "../../src/simulate/proof.ts";

function proofOf(sent: readonly number[], stored: readonly number[]) {
  const proof = createProof();
  for (const n of sent) proof.sent("a", n);
  for (const n of stored) proof.stored("a", n);
  return proof.verdict();
}

describe("createProof", () => {
  test("holds when every number is stored once and in order", () => {
    const proof = createProof();
    for (let n = 1; n <= 3; n += 1) {
      proof.stored("a", n);
      proof.stored("b", n);
      proof.sent("a", n);
      proof.sent("b", n);
    }
    expect(proof.verdict()).toEqual({
      sent: 6,
      stored: 6,
      lost: 0,
      duplicated: 0,
      reordered: 0,
      unexpected: 0,
      ok: true,
      exact: true,
      examples: [],
    });
  });

  test("finds a lost number", () => {
    expect(proofOf([1, 2, 3], [1, 3])).toMatchObject({
      lost: 1,
      ok: false,
      exact: false,
      examples: ["a 2 lost"],
    });
  });

  test("finds a doubled number and does not call it out of order", () => {
    expect(proofOf([1, 2], [1, 2, 1])).toMatchObject({
      stored: 3,
      duplicated: 1,
      reordered: 0,
      ok: false,
      examples: ["a 1 stored again"],
    });
  });

  test("finds numbers out of order", () => {
    expect(proofOf([1, 2, 3], [1, 3, 2])).toMatchObject({
      reordered: 1,
      lost: 0,
      duplicated: 0,
      ok: false,
      examples: ["a 2 stored behind 3"],
    });
  });

  test("lets a stored number without PUBACK pass, but does not call it exact", () => {
    expect(proofOf([1], [1, 2])).toMatchObject({ unexpected: 1, ok: true, exact: false });
  });

  test("does not mix the numbers of two devices", () => {
    const proof = createProof();
    proof.sent("a", 1);
    proof.stored("b", 1);
    expect(proof.verdict()).toMatchObject({ lost: 1, unexpected: 1, ok: false });
  });

  test("counts a PUBACK that came twice once", () => {
    expect(proofOf([1, 1], [1])).toMatchObject({ sent: 1, ok: true });
  });
});
