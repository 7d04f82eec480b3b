/** By action: requests that change nothing, to try the proof's answers for real on any account. */
import { GetWorkGroupCommand } from "@aws-sdk/client-athena";
import { GetTableCommand } from "@aws-sdk/client-glue";
import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import {
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  ListObjectsV2Command,
} from "@aws-sdk/client-s3";
import { DescribeFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import { GetRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import type { Question } from "../../../access/ask";
import type { Actor } from "../../topologies/verification/actor";
import { isDenial } from "./attempt";

/** The request that tries a question; undefined if every such request would change something. */
export type Trial = (actor: Actor, question: Question) => Promise<unknown> | undefined;

const bucketOf = (arn: string) => arn.split(":").slice(5).join(":").split("/")[0] ?? "";
const keyOf = (arn: string) => arn.split("/").slice(1).join("/");
const text = (value: string | readonly string[] | undefined) =>
  typeof value === "string" ? value : value?.[0];

export const TRIALS: Readonly<Record<string, Trial>> = {
  "sts:AssumeRole": ({ sts }, { resource, context }) =>
    sts.send(
      new AssumeRoleCommand({
        RoleArn: resource,
        RoleSessionName: "verification",
        ExternalId: text(context?.["sts:ExternalId"]),
      }),
    ),
  "sagemaker:DescribeFeatureGroup": ({ sagemaker }, { resource }) =>
    sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: resource })),
  "sagemaker:GetRecord": ({ records }, { resource }) =>
    records.send(new GetRecordCommand({ FeatureGroupName: resource, RecordIdentifierValueAsString: "0" })),
  "s3:ListBucket": ({ s3 }, { resource, context }) =>
    s3.send(
      new ListObjectsV2Command({
        Bucket: bucketOf(resource),
        Prefix: text(context?.["s3:prefix"]),
        MaxKeys: 1,
      }),
    ),
  "s3:GetBucketLocation": ({ s3 }, { resource }) =>
    s3.send(new GetBucketLocationCommand({ Bucket: bucketOf(resource) })),
  "s3:GetBucketAcl": ({ s3 }, { resource }) =>
    s3.send(new GetBucketAclCommand({ Bucket: bucketOf(resource) })),
  "s3:GetBucketPolicy": ({ s3 }, { resource }) =>
    s3.send(new GetBucketPolicyCommand({ Bucket: bucketOf(resource) })),
  "s3:GetObject": ({ s3 }, { resource }) =>
    s3.send(new GetObjectCommand({ Bucket: bucketOf(resource), Key: keyOf(resource) })),
  "athena:GetWorkGroup": ({ athena }, { resource }) =>
    athena.send(new GetWorkGroupCommand({ WorkGroup: resource.slice(resource.lastIndexOf("/") + 1) })),
  "glue:GetTable": ({ glue }, { resource }) => {
    const [, , DatabaseName, Name] = /:(table)\/([^/]+)\/(.+)$/.exec(resource) ?? [];
    return Name === undefined ? undefined : glue.send(new GetTableCommand({ DatabaseName, Name }));
  },
  "kms:DescribeKey": ({ kms }, { resource }) => kms.send(new DescribeKeyCommand({ KeyId: resource })),
};

/** Context keys that a plain request can carry; a question with others cannot be tried. */
const SENT = new Set(["sts:externalid", "s3:prefix"]);

/** True if a plain request tries the question, without services in between and without headers. */
export function isDirect({ context = {} }: Question): boolean {
  return Object.keys(context).every((key) => SENT.has(key.toLowerCase()));
}

/** AWS's decision: any answer but a refusal means that the policies allow the request. */
export async function decided(request: Promise<unknown>): Promise<"allowed" | "denied"> {
  try {
    await request;
    return "allowed";
  } catch (error) {
    return isDenial(error) ? "denied" : "allowed";
  }
}
