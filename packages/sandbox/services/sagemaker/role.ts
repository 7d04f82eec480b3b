/** The role of a feature group: permission to pass it, its trust in SageMaker, and calls made as the role. */
import { AwsError, callAs, serviceCaller, type Call, type World } from "../../core";
import { SAGEMAKER } from "../../core/featureGroups";
import { findRole } from "../../identity/state";

/** A call that SageMaker makes by itself. */
export const asService = (call: Call): Call => callAs(call, serviceCaller(SAGEMAKER));

/** A call by SageMaker outside any request (creation, offline writes). `requestId` names the step. */
export function serviceCall(region: string, requestId: string): Call {
  return {
    caller: serviceCaller(SAGEMAKER),
    region,
    requestId,
    context: { "aws:SecureTransport": "true", "aws:RequestedRegion": region, "aws:ViaAWSService": "true" },
  };
}

/** @throws AwsError `AccessDeniedException` unless the caller may pass the role to SageMaker */
export function checkPassRole(world: World, call: Call, roleArn: string, groupArn: string): void {
  const account = roleArn.split(":")[4] ?? "";
  if (account !== call.caller.account)
    throw new AwsError("AccessDeniedException", "Cross-account pass role is not allowed.");
  world.authorize(call, {
    action: "iam:PassRole",
    resource: roleArn,
    resourceAccount: account,
    context: { "iam:PassedToService": SAGEMAKER, "iam:AssociatedResourceArn": groupArn },
    code: "AccessDeniedException",
  });
}

/**
 * A call with the role's permissions, as SageMaker makes it after assuming the role; undefined if the role does not exist
 * or its trust policy does not let SageMaker assume it.
 */
export function callAsRole(
  world: World,
  call: Call,
  roleArn: string,
  group: { readonly account: string; readonly arn: string },
): Call | undefined {
  const role = findRole(world.store, roleArn);
  const session = role && world.principals.roleCaller(roleArn, "SageMaker");
  if (!session) return undefined;
  const trusted = world.allowed(asService(call), {
    action: "sts:AssumeRole",
    resource: role.arn,
    resourceAccount: role.account,
    resourcePolicy: role.trust,
    context: { "aws:SourceAccount": group.account, "aws:SourceArn": group.arn },
  });
  return trusted ? callAs(call, session) : undefined;
}

/** AWS's error for a role that does not exist, does not trust SageMaker, or is not visible yet. */
export function invalidRole(): AwsError {
  return new AwsError(
    "ValidationException",
    "The execution role ARN is invalid. Please ensure that the role exists and that its trust relationship policy " +
      `allows the action 'sts:AssumeRole' for the service principal '${SAGEMAKER}'.`,
  );
}
