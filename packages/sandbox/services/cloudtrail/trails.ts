/** Creates and changes trails. Source: AWS CloudTrail API Reference. */
import { AwsError, type Call, serviceCall, type World } from "../../core";
import { requestTagContext, tagsOf } from "../../protocol/tags";
import { optionalText, requiredText } from "../../protocol/members";
import { allowedTrail, trailArn, trails, type Trail } from "./state";

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

const CODE = "InvalidParameterException";

export function createTrail(world: World, call: Call, input: Input): Output {
  const Name = requiredText(input, "Name", "InvalidTrailNameException");
  const { account } = call.caller;
  const arn = trailArn(call.region, account, Name);
  const tags = tagsOf(input["TagsList"], (why) => new AwsError("InvalidTagParameterException", why));
  world.authorize(call, {
    action: "cloudtrail:CreateTrail",
    resource: arn,
    resourceAccount: account,
    context: requestTagContext(tags),
    code: "AccessDeniedException",
  });
  if (!/^[A-Za-z0-9](?:[._-]?[A-Za-z0-9]){2,127}$/.test(Name) || /^\d+\.\d+\.\d+\.\d+$/.test(Name))
    throw new AwsError(
      "InvalidTrailNameException",
      "Trail name must be 3 to 128 letters, digits, periods, underscores or dashes, and begin and end with a letter or digit.",
    );
  const own = [...trails(world).values()].filter((trail) => trail.account === account);
  const same = own.find(
    ({ shown }) => shown.Name === Name && (shown.HomeRegion === call.region || shown.IsMultiRegionTrail),
  );
  if (same)
    throw new AwsError(
      "TrailAlreadyExistsException",
      `Trail ${Name} already exists for customer: ${account}`,
    );
  if (own.filter(({ shown }) => shown.HomeRegion === call.region).length >= 5)
    throw new AwsError(
      "MaximumNumberOfTrailsExceededException",
      `User: ${account} already has 5 trails in ${call.region}.`,
    );
  const trail: Trail = {
    arn,
    account,
    shown: {
      Name,
      S3BucketName: "",
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: false,
      HomeRegion: call.region,
      TrailARN: arn,
      LogFileValidationEnabled: false,
    },
    logging: false,
    selectors: [
      {
        ReadWriteType: "All",
        IncludeManagementEvents: true,
        DataResources: [],
        ExcludeManagementEventSources: [],
      },
    ],
    tags,
  };
  requiredText(input, "S3BucketName", "InvalidS3BucketNameException");
  change(world, trail, input);
  trails(world).set(arn, trail);
  return answer(trail);
}

/** The answer of CreateTrail and UpdateTrail: everything except what only other operations return. */
function answer({ shown }: Trail): Output {
  const { HomeRegion: _, ...rest } = shown;
  return rest;
}

/** Changes the trail as the request asks, after checking that the bucket accepts its log files. */
function change(world: World, trail: Trail, input: Input): void {
  if (input["IsOrganizationTrail"] === true)
    throw new AwsError("OrganizationsNotInUseException", "The sandbox's accounts are in no organization.");
  if (optionalText(input, "CloudWatchLogsLogGroupArn"))
    throw new AwsError(CODE, "The sandbox has no CloudWatch Logs: leave out CloudWatchLogsLogGroupArn.");
  const next = { ...trail.shown };
  for (const name of ["S3BucketName", "S3KeyPrefix", "SnsTopicName", "KmsKeyId"] as const) {
    const value = optionalText(input, name);
    if (value === undefined) continue;
    if (value === "" && name !== "S3BucketName") delete next[name];
    else next[name] = value;
  }
  if (typeof input["IncludeGlobalServiceEvents"] === "boolean")
    next.IncludeGlobalServiceEvents = input["IncludeGlobalServiceEvents"];
  if (typeof input["IsMultiRegionTrail"] === "boolean") next.IsMultiRegionTrail = input["IsMultiRegionTrail"];
  if (typeof input["EnableLogFileValidation"] === "boolean")
    next.LogFileValidationEnabled = input["EnableLogFileValidation"];
  if (next.IsMultiRegionTrail && !next.IncludeGlobalServiceEvents)
    throw new AwsError(
      "InvalidParameterCombinationException",
      "Multi-Region trail must include global service events.",
    );
  if (next.SnsTopicName !== undefined)
    next.SnsTopicARN = next.SnsTopicName.startsWith("arn:")
      ? next.SnsTopicName
      : `arn:aws:sns:${next.HomeRegion}:${trail.account}:${next.SnsTopicName}`;
  else delete next.SnsTopicARN;
  checkBucket(world, trail, next);
  checkKey(world, trail, next.KmsKeyId);
  Object.assign(trail.shown, next);
  for (const name of ["S3KeyPrefix", "SnsTopicName", "SnsTopicARN", "KmsKeyId"] as const)
    if (next[name] === undefined) delete trail.shown[name];
}

/**
 * CloudTrail checks under its own name that it may read the bucket's ACL and write log files.
 * Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail".
 */
function checkBucket(
  world: World,
  trail: Trail,
  { S3BucketName, S3KeyPrefix, HomeRegion }: Trail["shown"],
): void {
  const { s3 } = world.services;
  if (!s3.bucketInfo(S3BucketName))
    throw new AwsError("S3BucketDoesNotExistException", `S3 bucket ${S3BucketName} does not exist!`);
  const source = { arn: trail.arn, account: trail.account, region: HomeRegion };
  const call = serviceCall("cloudtrail.amazonaws.com", source);
  const prefix = S3KeyPrefix === undefined ? "" : `${S3KeyPrefix}/`;
  const key = `${prefix}AWSLogs/${trail.account}/CloudTrail/test`;
  const acl = { "s3:x-amz-acl": "bucket-owner-full-control" };
  if (
    !s3.allows(call, "s3:GetBucketAcl", S3BucketName) ||
    !s3.allows(call, "s3:PutObject", S3BucketName, key, acl)
  )
    throw new AwsError(
      "InsufficientS3BucketPolicyException",
      `Incorrect S3 bucket policy is detected for bucket: ${S3BucketName}`,
    );
}

/** The key of the log files. Source: CloudTrail User Guide, "Configure AWS KMS key policies for CloudTrail". */
function checkKey(world: World, trail: Trail, keyId: string | undefined): void {
  if (keyId === undefined) return;
  const source = { arn: trail.arn, account: trail.account, region: trail.shown.HomeRegion };
  const call = serviceCall("cloudtrail.amazonaws.com", source);
  try {
    const context = { "aws:cloudtrail:arn": trail.arn };
    world.services.kms.generateDataKey(call, keyId, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === "NotFoundException")
      throw new AwsError("KmsKeyNotFoundException", `KMS key ${keyId} cannot be found.`);
    throw new AwsError(
      "InsufficientEncryptionPolicyException",
      `Insufficient permissions to access S3 bucket ${trail.shown.S3BucketName} or KMS key ${keyId}.`,
    );
  }
}

/** A multi-Region trail can be changed in its home region only. */
function changeable(world: World, call: Call, action: string, input: Input): Trail {
  const trail = allowedTrail(world, call, action, requiredText(input, "Name", "InvalidTrailNameException"));
  if (trail.shown.HomeRegion !== call.region)
    throw new AwsError(
      "InvalidHomeRegionException",
      `Trail ${trail.shown.Name} must be updated from its home region ${trail.shown.HomeRegion}.`,
    );
  return trail;
}

export function updateTrail(world: World, call: Call, input: Input): Output {
  const trail = changeable(world, call, "UpdateTrail", input);
  change(world, trail, input);
  trails(world).touch();
  return answer(trail);
}

export function deleteTrail(world: World, call: Call, input: Input): Output {
  trails(world).delete(changeable(world, call, "DeleteTrail", input).arn);
  return {};
}

export function startLogging(world: World, call: Call, input: Input): Output {
  const trail = changeable(world, call, "StartLogging", input);
  trail.logging = true;
  trail.started = world.now().getTime() / 1000;
  trails(world).touch();
  return {};
}

export function stopLogging(world: World, call: Call, input: Input): Output {
  const trail = changeable(world, call, "StopLogging", input);
  trail.logging = false;
  trail.stopped = world.now().getTime() / 1000;
  trails(world).touch();
  return {};
}

function shownTrail({ shown, selectors, advanced }: Trail): Output {
  const data = advanced !== undefined || selectors.some(({ DataResources }) => DataResources.length > 0);
  return { ...shown, HasCustomEventSelectors: data, HasInsightSelectors: false, IsOrganizationTrail: false };
}

export function getTrail(world: World, call: Call, input: Input): Output {
  const name = requiredText(input, "Name", "InvalidTrailNameException");
  return { Trail: shownTrail(allowedTrail(world, call, "GetTrail", name)) };
}

export function describeTrails(world: World, call: Call, input: Input): Output {
  const { account } = call.caller;
  world.authorize(call, {
    action: "cloudtrail:DescribeTrails",
    resource: "*",
    resourceAccount: account,
    code: "AccessDeniedException",
  });
  const wanted = Array.isArray(input["trailNameList"]) ? (input["trailNameList"] as string[]) : [];
  const shadows = input["includeShadowTrails"] !== false;
  const own = [...trails(world).values()].filter(
    ({ arn, account: owner, shown }) =>
      owner === account &&
      (shown.HomeRegion === call.region || (shown.IsMultiRegionTrail && shadows)) &&
      (wanted.length === 0 || wanted.includes(shown.Name) || wanted.includes(arn)),
  );
  return { trailList: own.map(shownTrail) };
}

export function listTrails(world: World, call: Call): Output {
  const { account } = call.caller;
  world.authorize(call, {
    action: "cloudtrail:ListTrails",
    resource: "*",
    resourceAccount: account,
    code: "AccessDeniedException",
  });
  const own = [...trails(world).values()].filter((trail) => trail.account === account);
  return {
    Trails: own.map(({ arn, shown }) => ({ TrailARN: arn, Name: shown.Name, HomeRegion: shown.HomeRegion })),
  };
}

export function getTrailStatus(world: World, call: Call, input: Input): Output {
  const name = requiredText(input, "Name", "InvalidTrailNameException");
  const { logging, started, stopped } = allowedTrail(world, call, "GetTrailStatus", name);
  const iso = (seconds: number | undefined) =>
    seconds === undefined ? "" : new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  return {
    IsLogging: logging,
    ...(started === undefined ? {} : { StartLoggingTime: started }),
    ...(stopped === undefined ? {} : { StopLoggingTime: stopped }),
    TimeLoggingStarted: iso(started),
    TimeLoggingStopped: iso(stopped),
  };
}
