/** Operations on a bucket or an object: looks the bucket up once for all of them, and compares its owner with the expected one. */
import { AwsError, type Call, type WireRequest, type WireResponse, type World } from "../../core";
import type { Operation } from "../../protocol/service";
import { checkExpectedOwner } from "./access";
import { findBucket, type Bucket, type OnBucket, type OnObject } from "./state";

type Answer = WireResponse | Promise<WireResponse>;
type Declared = Omit<Operation<WireResponse>, "run" | "on"> & { readonly on: string };
type Operations = Record<string, Operation<WireResponse>>;

export interface BucketOperation extends Declared {
  run(this: void, on: OnBucket, request: WireRequest): Answer;
}

export interface ObjectOperation extends Declared {
  run(this: void, on: OnObject, request: WireRequest): Answer;
}

/** The bucket and key that a path names, decoded. */
export interface Place {
  readonly bucket: string;
  readonly key: string;
}

export function ofBucket(operations: Readonly<Record<string, BucketOperation>>): Operations {
  const entries = Object.entries(operations).map(([name, { run, ...declared }]) => {
    const found = (world: World, call: Call, { bucket }: Place, request: WireRequest) =>
      run({ world, call, bucket: bucketOf(world, call, bucket, request) }, request);
    return [name, { ...declared, run: found }];
  });
  return Object.fromEntries(entries) as Operations;
}

/** All are data events. */
export function ofObject(operations: Readonly<Record<string, ObjectOperation>>): Operations {
  const entries = Object.entries(operations).map(([name, { run, ...declared }]) => {
    const found = (world: World, call: Call, { bucket, key }: Place, request: WireRequest) => {
      checkKey(key);
      return run({ world, call, bucket: bucketOf(world, call, bucket, request), key }, request);
    };
    return [name, { data: true, ...declared, run: found }];
  });
  return Object.fromEntries(entries) as Operations;
}

function bucketOf(world: World, call: Call, name: string, request: WireRequest): Bucket {
  const bucket = findBucket(world, call, name);
  checkExpectedOwner(request, bucket);
  return bucket;
}

/** Source: Amazon S3 User Guide, "Naming Amazon S3 objects". @throws AwsError KeyTooLongError (400) */
function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > 1024)
    throw new AwsError("KeyTooLongError", "Your key is too long", 400, { Size: size, MaxSizeAllowed: 1024 });
}
