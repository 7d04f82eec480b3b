/** S3: a bucket's configuration as a separate resource, with the bucket's name as its ID. */
import type { S3 } from "@aws-sdk/client-s3";
import type { Clients } from "../clients";
import { BUCKET_BUSY, NEW_PRINCIPAL, orGone, retrying } from "../retry";
import type { ResourceType } from "../resourceType";
import { length, text, type Fields } from "../schema";
import { must, type Properties } from "../values";

export interface Configuration {
  readonly token: string;
  readonly title: string;
  /** The fields besides `bucket`. */
  readonly fields: Fields;
  readonly put: (client: S3, bucket: string, inputs: Properties) => Promise<unknown>;
  readonly remove: (client: S3, bucket: string, state: Properties) => Promise<unknown>;
  readonly read: (client: S3, bucket: string) => Promise<Properties | undefined>;
  /** AWS's error codes for an absent configuration. */
  readonly absent: readonly string[];
}

export function configuration({
  token,
  title,
  fields,
  put,
  remove,
  read,
  absent,
}: Configuration): ResourceType {
  const write = async (clients: Clients, bucket: string, inputs: Properties) => {
    const client = await clients.s3();
    await retrying(
      () => put(client, bucket, inputs),
      [...BUCKET_BUSY, ...NEW_PRINCIPAL],
      clients.patience ?? 60_000,
    );
  };
  return {
    token,
    title,
    identity: ["bucket"],
    fields: { bucket: text({ required: true, replace: true, rules: [length(1, 63)] }), ...fields },
    async create(clients, inputs) {
      const bucket = must(inputs, "bucket");
      await write(clients, bucket, inputs);
      return bucket;
    },
    update: (clients, id, _olds, news) => write(clients, id, news),
    async remove(clients, id, state) {
      const client = await clients.s3();
      await orGone(
        () => retrying(() => remove(client, id, state), [{ name: "OperationAborted" }], 60_000),
        "NoSuchBucket",
        ...absent,
      );
    },
    async observe(clients, id) {
      const client = await clients.s3();
      const found = await orGone(() => read(client, id), "NoSuchBucket", ...absent);
      return found && { bucket: id, ...found };
    },
  };
}
