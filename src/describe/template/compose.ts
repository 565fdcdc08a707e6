/** Joins compiled parts of an expression to larger ones. Each pays for itself when it runs. */
import type { Filter } from "./filters.ts";
import type { Operator } from "./operators.ts";
import { pay, type Scope, type Term } from "./scope.ts";
import { Failed, isTrue, member, Pairs, sizeOf } from "./template-value.ts";
import type { ValueTest } from "./value-tests.ts";

/** The value, or a failure where it is more than the templates of a message may handle. */
function paid(scope: Scope, value: unknown): unknown {
  return pay(scope, sizeOf(value)) ? value : new Failed(undefined);
}

/** True where the two may be compared, searched or put together: that costs what they hold. */
function maySee(scope: Scope, one: unknown, other: unknown): boolean {
  return pay(scope, sizeOf(one) + sizeOf(other));
}

/** The values of the parts; the first failure instead of all. */
function valuesOf(scope: Scope, terms: readonly (Term | undefined)[]): unknown[] | Failed {
  const values: unknown[] = [];
  for (const term of terms) {
    const value = term === undefined ? undefined : paid(scope, term(scope));
    if (value instanceof Failed) return value;
    values.push(value);
  }
  return values;
}

export function operate(operator: Operator, left: Term, right: Term): Term {
  return (scope) => {
    const one = left(scope);
    if (one instanceof Failed) return one;
    const other = right(scope);
    if (other instanceof Failed) return other;
    return maySee(scope, one, other) ? paid(scope, operator(one, other)) : new Failed(undefined);
  };
}

/** `and` and `or` give one of the values, not a truth value. */
export function either(left: Term, right: Term, isAnd: boolean): Term {
  return (scope) => {
    const one = left(scope);
    if (one instanceof Failed) return one;
    return isTrue(one) === isAnd ? right(scope) : one;
  };
}

export function change(term: Term, compute: (value: unknown) => unknown): Term {
  return (scope) => {
    const value = term(scope);
    return value instanceof Failed ? value : paid(scope, compute(value));
  };
}

/** Without an `else` there is nothing. */
export function conditional(condition: Term, then: Term, otherwise: Term | undefined): Term {
  return (scope) => {
    const truth = condition(scope);
    if (truth instanceof Failed) return truth;
    return isTrue(truth) ? then(scope) : otherwise?.(scope);
  };
}

export function lookUp(value: Term, key: Term): Term {
  return (scope) => {
    const found = key(scope);
    if (found instanceof Failed) return found;
    const from = value(scope);
    return from instanceof Pairs && !maySee(scope, from, found)
      ? new Failed(undefined)
      : member(from, found);
  };
}

export function call(
  args: readonly (Term | undefined)[],
  run: (...args: unknown[]) => unknown,
): Term {
  return (scope) => {
    const values = valuesOf(scope, args);
    return values instanceof Failed ? values : paid(scope, run(...values));
  };
}

export function applyFilter(filter: Filter, term: Term, args: readonly (Term | undefined)[]): Term {
  return (scope) => {
    const value = paid(scope, term(scope));
    if (value instanceof Failed) return value;
    if (value === undefined && filter.takesNothing !== true) return new Failed(value);
    const values = valuesOf(scope, args);
    return values instanceof Failed ? values : paid(scope, filter.run(value, values));
  };
}

export function ask(test: ValueTest, term: Term, argument: Term | undefined, isNot: boolean): Term {
  return (scope) => {
    const value = term(scope);
    if (value instanceof Failed) return value;
    const given = argument?.(scope);
    if (given instanceof Failed) return given;
    if (!maySee(scope, value, given)) return new Failed(undefined);
    const answer = test.ask(value, given);
    if (answer instanceof Failed) return answer;
    return isNot ? !isTrue(answer) : answer;
  };
}

export function list(terms: readonly Term[]): Term {
  return call(terms, (...values) => values);
}

export function mapping(pairs: readonly (readonly [Term, Term])[]): Term {
  return (scope) => {
    const keys = valuesOf(
      scope,
      pairs.map(([key]) => key),
    );
    if (keys instanceof Failed) return keys;
    const values = valuesOf(
      scope,
      pairs.map(([, value]) => value),
    );
    return values instanceof Failed ? values : new Pairs(keys, values);
  };
}
