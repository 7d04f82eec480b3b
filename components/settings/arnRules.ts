/** The rules of the ARNs in the settings: they belong to the right account and partition. */
import type { ValidationError } from "./errors";
import { parseRoleArn, partitionOf } from "./names";
import type { RawAccount } from "./sharedSchema";

/** @param otherwise says what is wrong with another account's role: continues the sentence after its account */
export function* roleOf(
  path: string,
  arn: string,
  { id, region }: RawAccount,
  otherwise: string,
): Iterable<ValidationError> {
  const role = parseRoleArn(arn);
  if (!role) return;
  if (role.account !== id)
    yield { path, message: `${arn} is a role of account ${role.account}, ${otherwise}` };
  yield* samePartition(path, arn, region);
}

export function* samePartition(path: string, arn: string, region: string): Iterable<ValidationError> {
  const [, partition] = arn.split(":");
  const expected = partitionOf(region);
  if (partition !== expected)
    yield { path, message: `${arn} is in partition ${partition}, but ${region} is in ${expected}` };
}

/** An error if the list has the element earlier, too. @param path of the list */
export function* notTwice(path: string, all: readonly string[], index: number): Iterable<ValidationError> {
  const each = all[index] ?? "";
  if (all.indexOf(each) !== index) yield { path: `${path}[${index}]`, message: `${each} is listed twice` };
}
