/** `GetSessionToken`: temporary credentials of the calling user. Source: AWS STS API Reference, "GetSessionToken". */
import { AwsError, type Call, type World } from "../../core";
import { issueCredentials, type SessionCaller } from "../../identity/credentials";
import { integer } from "../../protocol/validation";
import type { QueryParameters } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";

export function getSessionToken(world: World, call: Call, parameters: QueryParameters): XmlContent {
  const caller: SessionCaller = call.caller;
  if (caller.kind !== "user" || caller.session)
    throw new AwsError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403);
  if (parameters.get("SerialNumber") !== undefined || parameters.get("TokenCode") !== undefined)
    throw new AwsError(
      "AccessDenied",
      "MultiFactorAuthentication failed: the sandbox has no MFA devices.",
      403,
    );
  const seconds = integer(parameters, "DurationSeconds", 900, 129600) ?? 43200;
  const credentials = issueCredentials(
    world.store,
    { account: caller.account, principalId: caller.userId },
    world.now(),
    seconds,
  );
  return {
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: credentials.expiration.toISOString().replace(".000Z", "Z"),
    },
  };
}
