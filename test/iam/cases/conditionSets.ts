/** Condition elements on ARNs, missing keys, lists of values, the keys that AWS itself adds, and variables where there are none. */
import { row, type ConditionCase } from "./conditions";

const tags = (...values: string[]) => ({ "aws:TagKeys": values });
const source = (arn: string) => ({ "aws:SourceArn": arn });
const topic = "arn:aws:sns:eu-central-1:111111111111:topic";

/** Source: IAM User Guide, "Set operators for multivalued context keys" and "AWS global condition context keys". */
export const conditionSetCases: readonly ConditionCase[] = [
  row(
    "ArnEquals takes wildcards, as ArnLike",
    true,
    { ArnEquals: { "aws:SourceArn": "arn:aws:sns:*:111111111111:*" } },
    source(topic),
  ),
  row("ArnLike", true, { ArnLike: { "aws:SourceArn": "arn:aws:sns:eu-*:*:top?c" } }, source(topic)),
  row(
    "ArnLike: a wildcard stays within its part",
    false,
    { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:topic" } },
    source(topic),
  ),
  row(
    "ArnLike: each part counts",
    false,
    { ArnLike: { "aws:SourceArn": "arn:aws:sns::111111111111:topic" } },
    source(topic),
  ),
  row(
    "ArnLike: the last part may hold colons",
    true,
    { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:top*" } },
    source(`${topic}:sub:1`),
  ),
  row("ArnLike of what is no ARN", false, { ArnLike: { "aws:SourceArn": "arn:*:*:*:*:*" } }, source("topic")),
  row("ArnNotLike", false, { ArnNotLike: { "aws:SourceArn": "arn:aws:sns:*:*:*" } }, source(topic)),
  row("ArnNotEquals of a missing key", true, { ArnNotEquals: { "aws:SourceArn": topic } }),

  row("Null true of a missing key", true, { Null: { "aws:TokenIssueTime": "true" } }),
  row(
    "Null true of a key that is there",
    false,
    { Null: { "aws:TokenIssueTime": "true" } },
    { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" },
  ),
  row(
    "Null false of a key that is there",
    true,
    { Null: { "aws:TokenIssueTime": false } },
    { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" },
  ),
  row("Null false of a missing key", false, { Null: { "aws:TokenIssueTime": "false" } }),
  row("Null true of an empty list", true, { Null: { "aws:TagKeys": "true" } }, tags()),

  row(
    "ForAllValues: each is listed",
    true,
    { "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } },
    tags("b", "a"),
  ),
  row(
    "ForAllValues: one is not",
    false,
    { "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } },
    tags("a", "c"),
  ),
  row("ForAllValues of a missing key", true, { "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] } }),
  row(
    "ForAllValues of an empty text",
    true,
    { "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] } },
    { "aws:TagKeys": "" },
  ),
  row("ForAllValues, closed by Null", false, {
    "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] },
    Null: { "aws:TagKeys": "false" },
  }),
  row(
    "ForAllValues:StringNotEquals",
    false,
    { "ForAllValues:StringNotEquals": { "aws:TagKeys": ["a"] } },
    tags("a", "b"),
  ),
  row(
    "ForAllValues:StringLike",
    true,
    { "ForAllValues:StringLike": { "aws:TagKeys": ["key1*", "key2*"] } },
    tags("key1:legal", "key2:x"),
  ),
  row(
    "ForAnyValue: one is listed",
    true,
    { "ForAnyValue:StringEquals": { "aws:TagKeys": ["a"] } },
    tags("x", "a"),
  ),
  row(
    "ForAnyValue: none is",
    false,
    { "ForAnyValue:StringEquals": { "aws:TagKeys": ["a"] } },
    tags("x", "y"),
  ),
  row("ForAnyValue of a missing key", false, { "ForAnyValue:StringEquals": { "aws:TagKeys": ["a"] } }),
  row(
    "ForAnyValue:StringNotEquals: one is not listed",
    true,
    { "ForAnyValue:StringNotEquals": { "aws:TagKeys": ["a"] } },
    tags("a", "b"),
  ),
  row("ForAnyValue:StringNotEquals of a missing key", false, {
    "ForAnyValue:StringNotEquals": { "aws:TagKeys": ["a"] },
  }),
  row(
    "ForAnyValue:ArnLike",
    true,
    { "ForAnyValue:ArnLike": { "x:arns": "arn:aws:sns:*:*:*" } },
    { "x:arns": ["arn:aws:sqs:a:b:c", topic] },
  ),
  row(
    "several values need a set operator",
    false,
    { StringEquals: { "aws:TagKeys": ["a", "b"] } },
    tags("a", "b"),
  ),
  row("... also where it is negated", false, { StringNotEquals: { "aws:TagKeys": "c" } }, tags("a", "b")),
  row("a list of one is one value", true, { StringEquals: { "aws:TagKeys": "a" } }, tags("a")),

  row("aws:PrincipalArn of a session is its role's", true, {
    StringEquals: { "aws:PrincipalArn": "arn:aws:iam::111111111111:role/Writer" },
  }),
  row("aws:PrincipalAccount", true, { StringEquals: { "aws:PrincipalAccount": "111111111111" } }),
  row("aws:PrincipalType", true, { StringEquals: { "aws:PrincipalType": "AssumedRole" } }),
  row("aws:PrincipalIsAWSService", true, { Bool: { "aws:PrincipalIsAWSService": "false" } }),
  row("aws:ResourceAccount", true, { StringEquals: { "aws:ResourceAccount": "111111111111" } }),
  row("aws:ResourceAccount and aws:PrincipalAccount by variable", true, {
    StringEquals: { "aws:ResourceAccount": "${aws:PrincipalAccount}" },
  }),
  row("aws:username of a session is missing", true, { Null: { "aws:username": "true" } }),

  row(
    "variables are for texts and ARNs: no Bool",
    false,
    { Bool: { "aws:SecureTransport": "${aws:ViaAWSService}" } },
    { "aws:SecureTransport": "true", "aws:ViaAWSService": "true" },
  ),
  row(
    "... no number",
    false,
    { NumericEquals: { "s3:max-keys": "${aws:PrincipalTag/keys}" } },
    { "s3:max-keys": "10", "aws:PrincipalTag/keys": "10" },
  ),
  row(
    "... no date",
    false,
    { DateLessThan: { "aws:CurrentTime": "${aws:PrincipalTag/until}" } },
    { "aws:CurrentTime": "2026-01-01T00:00:00Z", "aws:PrincipalTag/until": "2027-01-01T00:00:00Z" },
  ),
  row(
    "... no address, which so is outside of what it names",
    true,
    { NotIpAddress: { "aws:SourceIp": "${aws:PrincipalTag/address}" } },
    { "aws:SourceIp": "203.0.113.1", "aws:PrincipalTag/address": "203.0.113.1" },
  ),
  row(
    "a variable in a value that is compared without its case",
    true,
    { StringEqualsIgnoreCase: { "s3:prefix": "${aws:PrincipalTag/team}" } },
    { "s3:prefix": "ML", "aws:PrincipalTag/team": "ml" },
  ),
];
