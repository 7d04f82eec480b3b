/** The functions of @pulumi/aws that the provider has. */
import type { Clients } from "./clients";
import { getBucket, getKey, getRole } from "./lookups";
import { descriptionOf, partitionOf } from "./regions";
import { notImplemented, type Properties } from "./values";

interface AwsFunction {
  readonly args: readonly string[];
  /** @param clients for the region that the arguments name, or for the provider's */
  call(clients: Clients, args: Properties): Promise<Properties>;
}

const FUNCTIONS: Readonly<Record<string, AwsFunction>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": {
    args: [],
    async call(clients) {
      const { account, arn, userId } = await clients.identity();
      return { id: account, accountId: account, arn, userId };
    },
  },
  "aws:index/getRegion:getRegion": {
    args: ["region", "id"],
    call: ({ region }) =>
      Promise.resolve({
        id: region,
        region,
        name: region,
        endpoint: `ec2.${region}.${partitionOf(region).dnsSuffix}`,
        description: descriptionOf(region),
      }),
  },
  "aws:iam/getRole:getRole": { args: ["name", "tags"], call: getRole },
  "aws:s3/getBucket:getBucket": { args: ["bucket", "region"], call: getBucket },
  "aws:kms/getKey:getKey": { args: ["keyId", "grantTokens", "region"], call: getKey },
  "aws:index/getPartition:getPartition": {
    args: ["id"],
    call({ region }) {
      const { id, dnsSuffix } = partitionOf(region);
      return Promise.resolve({
        id,
        partition: id,
        dnsSuffix,
        reverseDnsPrefix: dnsSuffix.split(".").reverse().join("."),
      });
    },
  },
};

/** @throws Error that names the function or argument that the provider lacks */
export async function invoke(token: string, args: Properties, clients: Clients): Promise<Properties> {
  const found = Object.hasOwn(FUNCTIONS, token) ? FUNCTIONS[token] : undefined;
  if (!found) throw new Error(notImplemented(`the function ${token}`));
  const unknown = Object.keys(args).find((name) => args[name] !== undefined && !found.args.includes(name));
  if (unknown !== undefined) throw new Error(notImplemented(`the argument ${unknown} of ${token}`));
  return found.call(clients, args);
}
