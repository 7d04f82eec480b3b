/** The functions of @pulumi/aws that the provider has. */
import type { Clients } from "./clients";
import type { Properties } from "./resourceType";

const FUNCTIONS: Readonly<Record<string, (clients: Clients) => Promise<Properties>>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": async (clients) => {
    const { account, arn, userId } = await clients.identity();
    return { id: account, accountId: account, arn, userId };
  },
  "aws:index/getRegion:getRegion": ({ region }) =>
    Promise.resolve({
      id: region,
      region,
      name: region,
      endpoint: `ec2.${region}.amazonaws.com`,
      description: region,
    }),
  "aws:index/getPartition:getPartition": () =>
    Promise.resolve({
      id: "aws",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      reverseDnsPrefix: "com.amazonaws",
    }),
};

/** @throws Error that names the function, for one that is not there */
export function invoke(token: string, clients: Clients): Promise<Properties> {
  const found = Object.hasOwn(FUNCTIONS, token) ? FUNCTIONS[token] : undefined;
  if (!found)
    throw new Error(
      `the sandbox's provider does not implement the function ${token}; use SANDBOX_PROVIDER=aws for the real provider`,
    );
  return found(clients);
}
