/** AWS Security Token Service: who am I, and sessions of roles. Source: AWS STS API Reference, version 2011-06-15. */
import type { Call, Service, WireRequest, World } from "../../core";
import { findCredential } from "../../pipeline/credentials";
import { accessKeys } from "../../iamState";
import { namespaces, notImplemented } from "../../pipeline/route";
import { AwsError } from "../../core";
import { QueryParameters, queryResponse } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";
import { assumeRole } from "./assumeRole";
import { getSessionToken } from "./sessionToken";

type Operation = (world: World, call: Call, parameters: QueryParameters) => XmlContent;

const operations: Readonly<Record<string, Operation>> = {
  AssumeRole: assumeRole,
  GetCallerIdentity: (_world, { caller }) => ({
    Arn: caller.arn,
    UserId: caller.userId,
    Account: caller.account,
  }),
  GetSessionToken: getSessionToken,
  GetAccessKeyInfo: getAccessKeyInfo,
};

/** Operations that need no permission. GetSessionToken has its own rule: users only, and never a temporary key. */
const open = new Set(["GetCallerIdentity", "GetSessionToken"]);

export function createSts(world: World): Service {
  return {
    handle(call, request) {
      const parameters = QueryParameters.of(request);
      const name = parameters.get("Action") ?? "";
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) return Promise.reject(notImplemented("sts", name));
      return new Promise((resolve) =>
        resolve(queryResponse(namespaces.sts, name, call.requestId, operation(world, call, parameters))),
      );
    },
    open: (request: WireRequest) => open.has(QueryParameters.of(request).get("Action") ?? ""),
  };
}

/** The account of an access key: known for long-term keys of this sandbox. */
function getAccessKeyInfo(world: World, call: Call, parameters: QueryParameters): XmlContent {
  world.authorize(call, {
    action: "sts:GetAccessKeyInfo",
    resource: "*",
    resourceAccount: call.caller.account,
  });
  const id = parameters.required("AccessKeyId");
  const key = accessKeys(world.store).get(id);
  if (!key || !findCredential(world.store, id, undefined))
    throw new AwsError("ValidationError", `Invalid type for access key ID: ${id}`);
  return { Account: key.account };
}
