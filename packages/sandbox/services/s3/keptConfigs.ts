/**
 * Bucket configurations that the sandbox stores and returns without acting on them; if nothing is configured it answers as AWS does. The real
 * AWS provider reads all of them for every bucket.
 */
import { AwsError, type WireResponse } from "../../core";
import type { XmlContent } from "../../protocol/xml";
import { authorizeBucket } from "./access";
import { NO_CONTENT, OK } from "./configs";
import type { BucketOperation } from "./operation";
import { buckets } from "./state";
import { childrenOf, type Element, malformedXml, rootElement, textOf, xmlAnswer } from "./xml";

interface Kept {
  /** The operations that read, put and remove it; without the last it cannot be removed. */
  readonly names: readonly [get: string, put: string, remove?: string];
  readonly root: string;
  /** Suffix of the actions: `s3:Get...` and `s3:Put...`. */
  readonly action: string;
  readonly absent: { readonly code: string; readonly message: string } | { readonly body: XmlContent };
  readonly check?: (root: Element) => void;
  /** A header that is part of the configuration, with its values, the default first. */
  readonly header?: { readonly name: string; readonly values: readonly [string, ...string[]] };
}

const error = (code: string, message: string) => ({ code, message });
const body = (content: XmlContent) => ({ body: content });

export const keptConfigs: Readonly<Record<string, BucketOperation>> = {
  ...kept("lifecycle", {
    names: ["GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration", "DeleteBucketLifecycle"],
    root: "LifecycleConfiguration",
    action: "LifecycleConfiguration",
    absent: error("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
    check: checkLifecycle,
    header: {
      name: "x-amz-transition-default-minimum-object-size",
      values: ["all_storage_classes_128K", "varies_by_storage_class"],
    },
  }),
  ...kept("cors", {
    names: ["GetBucketCors", "PutBucketCors", "DeleteBucketCors"],
    root: "CORSConfiguration",
    action: "BucketCORS",
    absent: error("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
  }),
  ...kept("website", {
    names: ["GetBucketWebsite", "PutBucketWebsite", "DeleteBucketWebsite"],
    root: "WebsiteConfiguration",
    action: "BucketWebsite",
    absent: error("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
  }),
  ...kept("replication", {
    names: ["GetBucketReplication", "PutBucketReplication", "DeleteBucketReplication"],
    root: "ReplicationConfiguration",
    action: "ReplicationConfiguration",
    absent: error("ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
  }),
  ...kept("object-lock", {
    names: ["GetObjectLockConfiguration", "PutObjectLockConfiguration"],
    root: "ObjectLockConfiguration",
    action: "BucketObjectLockConfiguration",
    absent: error(
      "ObjectLockConfigurationNotFoundError",
      "Object Lock configuration does not exist for this bucket",
    ),
  }),
  ...kept("logging", {
    names: ["GetBucketLogging", "PutBucketLogging"],
    root: "BucketLoggingStatus",
    action: "BucketLogging",
    absent: body({}),
  }),
  ...kept("requestPayment", {
    names: ["GetBucketRequestPayment", "PutBucketRequestPayment"],
    root: "RequestPaymentConfiguration",
    action: "BucketRequestPayment",
    absent: body({ Payer: "BucketOwner" }),
  }),
  ...kept("accelerate", {
    names: ["GetBucketAccelerateConfiguration", "PutBucketAccelerateConfiguration"],
    root: "AccelerateConfiguration",
    action: "AccelerateConfiguration",
    absent: body({}),
  }),
  ...kept("notification", {
    names: ["GetBucketNotificationConfiguration", "PutBucketNotificationConfiguration"],
    root: "NotificationConfiguration",
    action: "BucketNotification",
    absent: body({}),
  }),
  ...kept("abac", {
    names: ["GetBucketAbac", "PutBucketAbac"],
    root: "AbacStatus",
    action: "BucketAbac",
    absent: body({ Status: "Disabled" }),
  }),
  ...emptyList(
    "intelligent-tiering",
    "BucketIntelligentTieringConfiguration",
    "ListBucketIntelligentTieringConfigurationsOutput",
    "s3:GetIntelligentTieringConfiguration",
  ),
  ...emptyList(
    "metrics",
    "BucketMetricsConfiguration",
    "ListMetricsConfigurationsResult",
    "s3:GetMetricsConfiguration",
  ),
  ...emptyList(
    "analytics",
    "BucketAnalyticsConfiguration",
    "ListBucketAnalyticsConfigurationResult",
    "s3:GetAnalyticsConfiguration",
  ),
  ...emptyList(
    "inventory",
    "BucketInventoryConfiguration",
    "ListInventoryConfigurationsResult",
    "s3:GetInventoryConfiguration",
  ),
};

function kept(sub: string, config: Kept): Record<string, BucketOperation> {
  const { names, root, action, absent, check, header } = config;
  const [get, put, remove] = names;
  const reading: BucketOperation = {
    on: `GET ?${sub}`,
    run(on) {
      const { bucket } = on;
      authorizeBucket(on, `s3:Get${action}`);
      const content = bucket.configs[sub];
      if (content) {
        const { [HEADER]: value, ...elements } = content;
        return withHeader(xmlAnswer(root, elements), header, value);
      }
      if ("body" in absent) return xmlAnswer(root, absent.body);
      throw new AwsError(absent.code, absent.message, 404, { BucketName: bucket.name });
    },
  };
  const putting: BucketOperation = {
    on: `PUT ?${sub}`,
    async run(on, request) {
      const { world, bucket } = on;
      authorizeBucket(on, `s3:Put${action}`);
      const element = await rootElement(request, root);
      check?.(element);
      delete element["@xmlns"];
      const value = header && request.headers[header.name];
      if (value !== undefined && !header?.values.includes(value))
        throw new AwsError("InvalidArgument", `Invalid value of the header ${header?.name}: ${value}`, 400);
      bucket.configs[sub] = value === undefined ? element : { ...element, [HEADER]: value };
      buckets(world).touch();
      return withHeader(OK, header, value);
    },
  };
  const removing: BucketOperation = {
    on: `DELETE ?${sub}`,
    run(on) {
      const { world, bucket } = on;
      authorizeBucket(on, sub === "website" ? "s3:DeleteBucketWebsite" : `s3:Put${action}`);
      delete bucket.configs[sub];
      buckets(world).touch();
      return NO_CONTENT;
    },
  };
  return { [get]: reading, [put]: putting, ...(remove === undefined ? {} : { [remove]: removing }) };
}

/** Lists of which the sandbox stores none: a put is answered as not implemented. */
function emptyList(sub: string, name: string, root: string, action: string): Record<string, BucketOperation> {
  return {
    [`Get${name}`]: {
      on: `GET ?${sub}&id`,
      run(on) {
        const { bucket } = on;
        authorizeBucket(on, action);
        throw new AwsError("NoSuchConfiguration", "The specified configuration does not exist.", 404, {
          BucketName: bucket.name,
        });
      },
    },
    [`List${name}s`]: {
      on: `GET ?${sub}`,
      run(on) {
        authorizeBucket(on, action);
        return xmlAnswer(root, { IsTruncated: false });
      },
    },
  };
}

/** The name under which a stored configuration has its header's value: no element has this name. */
const HEADER = "@header";

function withHeader(response: WireResponse, header: Kept["header"], value: unknown): WireResponse {
  if (!header) return response;
  const told = typeof value === "string" ? value : header.values[0];
  return { ...response, headers: { ...response.headers, [header.name]: told } };
}

/** Source: S3 API Reference, PutBucketLifecycleConfiguration. */
function checkLifecycle(root: Element): void {
  const rules = childrenOf(root, "Rule");
  if (rules.length === 0 || rules.length > 1000) throw malformedXml();
  const ids = new Set<string>();
  for (const rule of rules) {
    const status = textOf(rule, "Status");
    if (status !== "Enabled" && status !== "Disabled") throw malformedXml();
    const id = textOf(rule, "ID") ?? "";
    if (id.length > 255)
      throw new AwsError("InvalidArgument", "ID length should not exceed allowed limit of 255", 400);
    if (id !== "" && ids.has(id))
      throw new AwsError(
        "InvalidArgument",
        "Rule ID must be unique. Found same ID for more than one rule",
        400,
      );
    ids.add(id);
    const acts = [
      "Expiration",
      "Transition",
      "NoncurrentVersionExpiration",
      "NoncurrentVersionTransition",
      "AbortIncompleteMultipartUpload",
    ];
    if (!acts.some((name) => rule[name] !== undefined))
      throw new AwsError("InvalidRequest", "At least one action needs to be specified in a rule", 400);
  }
}
