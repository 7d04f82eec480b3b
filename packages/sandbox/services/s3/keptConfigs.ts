/**
 * Configurations of a bucket that the sandbox keeps and gives back without acting on them, answered as AWS does where
 * nothing is configured. The real AWS provider reads all of them of every bucket.
 */
import { AwsError, type WireResponse } from "../../core";
import { xmlResponse } from "../../protocol/rest";
import type { XmlContent } from "../../protocol/xml";
import { authorizeBucket } from "./access";
import { NO_CONTENT, OK, type Subresource } from "./configs";
import { buckets } from "./state";
import { childrenOf, malformedXml, rootElement, textOf, XMLNS, type Element } from "./xml";

interface Kept {
  readonly root: string;
  /** Suffix of the actions: `s3:Get...` and `s3:Put...`. */
  readonly action: string;
  readonly absent: { readonly code: string; readonly message: string } | { readonly body: XmlContent };
  readonly removable?: boolean;
  readonly check?: (root: Element) => void;
  /** A header that is a part of the configuration, with what it is by default. */
  readonly header?: { readonly name: string; readonly values: readonly [string, ...string[]] };
}

const error = (code: string, message: string) => ({ code, message });
const body = (content: XmlContent) => ({ body: content });

export const keptConfigs: Readonly<Record<string, Subresource>> = {
  lifecycle: kept("lifecycle", {
    root: "LifecycleConfiguration",
    action: "LifecycleConfiguration",
    absent: error("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
    removable: true,
    check: checkLifecycle,
    header: {
      name: "x-amz-transition-default-minimum-object-size",
      values: ["all_storage_classes_128K", "varies_by_storage_class"],
    },
  }),
  cors: kept("cors", {
    root: "CORSConfiguration",
    action: "BucketCORS",
    absent: error("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
    removable: true,
  }),
  website: kept("website", {
    root: "WebsiteConfiguration",
    action: "BucketWebsite",
    absent: error("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
    removable: true,
  }),
  replication: kept("replication", {
    root: "ReplicationConfiguration",
    action: "ReplicationConfiguration",
    absent: error("ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
    removable: true,
  }),
  "object-lock": kept("object-lock", {
    root: "ObjectLockConfiguration",
    action: "BucketObjectLockConfiguration",
    absent: error(
      "ObjectLockConfigurationNotFoundError",
      "Object Lock configuration does not exist for this bucket",
    ),
  }),
  logging: kept("logging", { root: "BucketLoggingStatus", action: "BucketLogging", absent: body({}) }),
  requestPayment: kept("requestPayment", {
    root: "RequestPaymentConfiguration",
    action: "BucketRequestPayment",
    absent: body({ Payer: "BucketOwner" }),
  }),
  accelerate: kept("accelerate", {
    root: "AccelerateConfiguration",
    action: "AccelerateConfiguration",
    absent: body({}),
  }),
  notification: kept("notification", {
    root: "NotificationConfiguration",
    action: "BucketNotification",
    absent: body({}),
  }),
  abac: kept("abac", { root: "AbacStatus", action: "BucketAbac", absent: body({ Status: "Disabled" }) }),
  "intelligent-tiering": emptyList(
    "ListBucketIntelligentTieringConfigurationsOutput",
    "s3:GetIntelligentTieringConfiguration",
  ),
  metrics: emptyList("ListMetricsConfigurationsResult", "s3:GetMetricsConfiguration"),
  analytics: emptyList("ListBucketAnalyticsConfigurationResult", "s3:GetAnalyticsConfiguration"),
  inventory: emptyList("ListInventoryConfigurationsResult", "s3:GetInventoryConfiguration"),
};

function kept(name: string, config: Kept): Subresource {
  const { root, action, absent, removable, check, header } = config;
  return {
    get(world, call, bucket) {
      authorizeBucket(world, call, `s3:Get${action}`, bucket);
      const content = bucket.configs[name];
      if (content) {
        const { [HEADER]: value, ...elements } = content;
        return withHeader(xmlResponse(root, elements, XMLNS), header, value);
      }
      if ("body" in absent) return xmlResponse(root, absent.body, XMLNS);
      throw new AwsError(absent.code, absent.message, 404, { BucketName: bucket.name });
    },
    async put(world, call, bucket, request) {
      authorizeBucket(world, call, `s3:Put${action}`, bucket);
      const element = await rootElement(request, root);
      check?.(element);
      delete element["@xmlns"];
      const value = header && request.headers[header.name];
      if (value !== undefined && !header?.values.includes(value))
        throw new AwsError("InvalidArgument", `Invalid value of the header ${header?.name}: ${value}`, 400);
      bucket.configs[name] = value === undefined ? element : { ...element, [HEADER]: value };
      buckets(world).touch();
      return withHeader(OK, header, value);
    },
    ...(removable
      ? {
          remove(world, call, bucket) {
            authorizeBucket(
              world,
              call,
              name === "website" ? "s3:DeleteBucketWebsite" : `s3:Put${action}`,
              bucket,
            );
            delete bucket.configs[name];
            buckets(world).touch();
            return NO_CONTENT;
          },
        }
      : {}),
  };
}

/** Lists of which the sandbox keeps none: to put one is not implemented, and says so. */
function emptyList(root: string, action: string): Subresource {
  return {
    get(world, call, bucket, request) {
      authorizeBucket(world, call, action, bucket);
      if (request.query.has("id"))
        throw new AwsError("NoSuchConfiguration", "The specified configuration does not exist.", 404, {
          BucketName: bucket.name,
        });
      return xmlResponse(root, { IsTruncated: false }, XMLNS);
    },
  };
}

/** Under what name a kept configuration has the value of its header: no element is called so. */
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
