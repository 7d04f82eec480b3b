/** AWS Security Token Service: the caller's identity, and sessions of roles. Source: AWS STS API Reference, version 2011-06-15. */
import { AwsError, type Call, type World } from "../../core";
import { findCredential } from "../../identity/credentials";
import { accessKeys } from "../../identity/state";
import { query, QueryParameters } from "../../protocol/query";
import { defineService } from "../../protocol/service";
import type { XmlContent } from "../../protocol/xml";
import { assumeRole } from "./assumeRole";
import { getSessionToken } from "./sessionToken";

export const sts = defineService({
  name: "sts",
  protocol: query("https://sts.amazonaws.com/doc/2011-06-15/"),
  operations: {
    AssumeRole: {
      reads: true,
      run: (world, call, _, request) => assumeRole(world, call, QueryParameters.of(request)),
    },
    GetCallerIdentity: {
      open: true,
      run: (_world, { caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.account }),
    },
    // It has its own rule: users only, and never with a temporary key.
    GetSessionToken: {
      open: true,
      run: (world, call, _, request) => getSessionToken(world, call, QueryParameters.of(request)),
    },
    GetAccessKeyInfo: {
      run: (world, call, _, request) => getAccessKeyInfo(world, call, QueryParameters.of(request)),
    },
  },
});

/** The account of an access key, for long-term keys of this sandbox. */
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
