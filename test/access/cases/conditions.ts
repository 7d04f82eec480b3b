import type { ConditionElement, RequestContext } from "../../../access/types";
import { allow, asks, policy, type Case, type Table } from "./case";

type Row = readonly [name: string, condition: ConditionElement, context: RequestContext, holds: boolean];

const row = ([name, Condition, context, holds]: Row): Case => ({
  name,
  expected: holds ? "Allowed" : "ImplicitlyDenied",
  request: asks({ context }),
  policies: { identity: [policy(allow("*", "*", { Condition }))] },
});

const T = "aws:PrincipalTag/t";
const AGE = "aws:MultiFactorAuthAge";
const NOW = "aws:CurrentTime";
const IP = "aws:SourceIp";
const KEYS = "aws:TagKeys";
const ARN = "aws:SourceArn";
const TOPIC = "arn:aws:sns:eu-west-1:111111111111:topic";

const rows: readonly Row[] = [
  ["StringEquals", { StringEquals: { [T]: "a" } }, { [T]: "a" }, true],
  ["StringEquals differs by case", { StringEquals: { [T]: "a" } }, { [T]: "A" }, false],
  ["StringEquals takes * literally", { StringEquals: { [T]: "*" } }, { [T]: "a" }, false],
  ["StringEquals: one of several", { StringEquals: { [T]: ["a", "b"] } }, { [T]: "b" }, true],
  ["StringEquals: the key is missing", { StringEquals: { [T]: "a" } }, {}, false],
  [
    "StringEquals: several keys must all fit",
    { StringEquals: { [T]: "a", [NOW]: "x" } },
    { [T]: "a" },
    false,
  ],
  [
    "two operators must both fit",
    { StringEquals: { [T]: "a" }, Bool: { "aws:SecureTransport": "true" } },
    { [T]: "a", "aws:SecureTransport": "false" },
    false,
  ],
  ["the key's case does not matter", { StringEquals: { "AWS:principaltag/T": "a" } }, { [T]: "a" }, true],
  ["StringNotEquals", { StringNotEquals: { [T]: "a" } }, { [T]: "b" }, true],
  ["StringNotEquals: none of several", { StringNotEquals: { [T]: ["a", "b"] } }, { [T]: "b" }, false],
  ["StringNotEquals: the key is missing", { StringNotEquals: { [T]: "a" } }, {}, true],
  ["StringEqualsIgnoreCase", { StringEqualsIgnoreCase: { [T]: "TEAM" } }, { [T]: "team" }, true],
  ["StringNotEqualsIgnoreCase", { StringNotEqualsIgnoreCase: { [T]: "TEAM" } }, { [T]: "team" }, false],
  ["StringLike", { StringLike: { [T]: "a*c?" } }, { [T]: "abbcd" }, true],
  ["StringLike needs all of the text", { StringLike: { [T]: "a" } }, { [T]: "ab" }, false],
  ["StringNotLike", { StringNotLike: { [T]: "a*" } }, { [T]: "ab" }, false],
  ["StringNotLike: the key is missing", { StringNotLike: { [T]: "a*" } }, {}, true],
  ["StringEqualsIfExists: missing", { StringEqualsIfExists: { [T]: "a" } }, {}, true],
  ["StringEqualsIfExists: there and other", { StringEqualsIfExists: { [T]: "a" } }, { [T]: "b" }, false],
  [
    "StringNotEqualsIfExists: there and equal",
    { StringNotEqualsIfExists: { [T]: "a" } },
    { [T]: "a" },
    false,
  ],
  ["NumericEquals by value", { NumericEquals: { [AGE]: "60" } }, { [AGE]: "60.0" }, true],
  ["NumericEquals with a JSON number", { NumericEquals: { [AGE]: 60 } }, { [AGE]: "60" }, true],
  ["NumericNotEquals", { NumericNotEquals: { [AGE]: "60" } }, { [AGE]: "61" }, true],
  ["NumericNotEquals: missing", { NumericNotEquals: { [AGE]: "60" } }, {}, true],
  ["NumericLessThan is not by text", { NumericLessThan: { [AGE]: "100" } }, { [AGE]: "20" }, true],
  ["NumericLessThan: equal", { NumericLessThan: { [AGE]: "100" } }, { [AGE]: "100" }, false],
  ["NumericLessThanEquals: equal", { NumericLessThanEquals: { [AGE]: "100" } }, { [AGE]: "100" }, true],
  ["NumericGreaterThan", { NumericGreaterThan: { [AGE]: "9" } }, { [AGE]: "10" }, true],
  ["NumericGreaterThanEquals: less", { NumericGreaterThanEquals: { [AGE]: "10" } }, { [AGE]: "9" }, false],
  ["NumericLessThanIfExists: missing", { NumericLessThanIfExists: { [AGE]: "10" } }, {}, true],
  ["a number that is none", { NumericLessThan: { [AGE]: "10" } }, { [AGE]: "few" }, false],
  [
    "DateEquals across notations",
    { DateEquals: { [NOW]: "2026-06-30T12:00:00Z" } },
    { [NOW]: "1782820800" },
    true,
  ],
  [
    "DateEquals across zones",
    { DateEquals: { [NOW]: "2026-06-30T14:00:00+02:00" } },
    { [NOW]: "2026-06-30T12:00:00Z" },
    true,
  ],
  ["DateNotEquals", { DateNotEquals: { [NOW]: "2026-06-30" } }, { [NOW]: "2026-06-30T00:00:00Z" }, false],
  [
    "DateLessThan",
    { DateLessThan: { [NOW]: "2026-06-30T12:00:00Z" } },
    { [NOW]: "2026-06-30T11:59:59.999Z" },
    true,
  ],
  [
    "DateLessThanEquals: equal",
    { DateLessThanEquals: { [NOW]: "2026-06-30T12:00:00Z" } },
    { [NOW]: "2026-06-30T12:00:00Z" },
    true,
  ],
  [
    "DateGreaterThan: equal",
    { DateGreaterThan: { [NOW]: "2026-06-30T12:00:00Z" } },
    { [NOW]: "2026-06-30T12:00:00Z" },
    false,
  ],
  [
    "DateGreaterThanEquals of epoch seconds",
    { DateGreaterThanEquals: { "aws:EpochTime": "2026-06-30T12:00:00Z" } },
    { "aws:EpochTime": "1782820800" },
    true,
  ],
  ["a date that is none", { DateGreaterThan: { [NOW]: "2026-06-30" } }, { [NOW]: "yesterday" }, false],
  ["Bool", { Bool: { "aws:SecureTransport": "true" } }, { "aws:SecureTransport": "true" }, true],
  [
    "Bool with a JSON boolean",
    { Bool: { "aws:SecureTransport": false } },
    { "aws:SecureTransport": "false" },
    true,
  ],
  ["Bool false: the key is missing", { Bool: { "aws:MultiFactorAuthPresent": "false" } }, {}, false],
  [
    "BoolIfExists false: the key is missing",
    { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
    {},
    true,
  ],
  [
    "BinaryEquals",
    { BinaryEquals: { key: "QmluYXJ5VmFsdWVJbkJhc2U2NA==" } },
    { key: "QmluYXJ5VmFsdWVJbkJhc2U2NA==" },
    true,
  ],
  ["BinaryEquals: other bytes", { BinaryEquals: { key: "QmluYXJ5" } }, { key: "QmluYXJ6" }, false],
  ["IpAddress in an IPv4 range", { IpAddress: { [IP]: "203.0.113.0/24" } }, { [IP]: "203.0.113.255" }, true],
  ["IpAddress outside", { IpAddress: { [IP]: "203.0.113.0/25" } }, { [IP]: "203.0.113.128" }, false],
  ["IpAddress: one address", { IpAddress: { [IP]: "203.0.113.7" } }, { [IP]: "203.0.113.7" }, true],
  ["IpAddress: everything", { IpAddress: { [IP]: "0.0.0.0/0" } }, { [IP]: "198.51.100.1" }, true],
  [
    "IpAddress in an IPv6 range, written otherwise",
    { IpAddress: { [IP]: "2001:DB8:1234:5678::/64" } },
    { [IP]: "2001:db8:1234:5678:0:0:0:1" },
    true,
  ],
  [
    "IpAddress: IPv4 range, IPv6 address",
    { IpAddress: { [IP]: "0.0.0.0/0" } },
    { [IP]: "2001:db8::1" },
    false,
  ],
  [
    "NotIpAddress: inside",
    { NotIpAddress: { [IP]: ["203.0.113.0/24", "2001:db8::/32"] } },
    { [IP]: "2001:db8::1" },
    false,
  ],
  [
    "NotIpAddress: IPv4 range, IPv6 address",
    { NotIpAddress: { [IP]: "203.0.113.0/24" } },
    { [IP]: "2001:db8::1" },
    true,
  ],
  ["NotIpAddress: the key is missing", { NotIpAddress: { [IP]: "203.0.113.0/24" } }, {}, true],
  [
    "ArnEquals takes wildcards",
    { ArnEquals: { [ARN]: "arn:aws:sns:*:111111111111:t*" } },
    { [ARN]: TOPIC },
    true,
  ],
  [
    "ArnLike: * does not cross a colon",
    { ArnLike: { [ARN]: "arn:aws:sns:*:topic" } },
    { [ARN]: TOPIC },
    false,
  ],
  [
    "ArnLike: another account",
    { ArnLike: { [ARN]: "arn:aws:sns:*:222222222222:*" } },
    { [ARN]: TOPIC },
    false,
  ],
  ["ArnNotEquals", { ArnNotEquals: { [ARN]: TOPIC } }, { [ARN]: `${TOPIC}2` }, true],
  ["ArnNotLike", { ArnNotLike: { [ARN]: "arn:aws:sns:*:*:*" } }, { [ARN]: TOPIC }, false],
  ["ArnLike of what is no ARN", { ArnLike: { [ARN]: "arn:aws:sns:*:*:*" } }, { [ARN]: "topic" }, false],
  ["Null true: missing", { Null: { [T]: "true" } }, {}, true],
  ["Null true: there", { Null: { [T]: "true" } }, { [T]: "a" }, false],
  ["Null false: there", { Null: { [T]: false } }, { [T]: "a" }, true],
  ["Null false: missing", { Null: { [T]: "false" } }, {}, false],
  [
    "ForAllValues: all fit",
    { "ForAllValues:StringEquals": { [KEYS]: ["a", "b"] } },
    { [KEYS]: ["b", "a"] },
    true,
  ],
  [
    "ForAllValues: one does not",
    { "ForAllValues:StringEquals": { [KEYS]: ["a", "b"] } },
    { [KEYS]: ["a", "c"] },
    false,
  ],
  ["ForAllValues: missing", { "ForAllValues:StringEquals": { [KEYS]: "a" } }, {}, true],
  ["ForAllValues: an empty list", { "ForAllValues:StringEquals": { [KEYS]: "a" } }, { [KEYS]: [] }, true],
  [
    "ForAllValues with Null closes that",
    { "ForAllValues:StringEquals": { [KEYS]: "a" }, Null: { [KEYS]: "false" } },
    {},
    false,
  ],
  [
    "ForAllValues of a negation: one is listed",
    { "ForAllValues:StringNotEquals": { [KEYS]: ["a"] } },
    { [KEYS]: ["a", "b"] },
    false,
  ],
  ["ForAnyValue: one fits", { "ForAnyValue:StringLike": { [KEYS]: "a*" } }, { [KEYS]: ["b", "ab"] }, true],
  ["ForAnyValue: none fits", { "ForAnyValue:StringEquals": { [KEYS]: "a" } }, { [KEYS]: ["b", "c"] }, false],
  ["ForAnyValue: missing", { "ForAnyValue:StringEquals": { [KEYS]: "a" } }, {}, false],
  [
    "ForAnyValue of a negation: one is not listed",
    { "ForAnyValue:StringNotEquals": { [KEYS]: "a" } },
    { [KEYS]: ["a", "b"] },
    true,
  ],
  ["ForAnyValueIfExists: missing", { "ForAnyValue:StringEqualsIfExists": { [KEYS]: "a" } }, {}, true],
  [
    "several values without a set operator",
    { StringEquals: { [KEYS]: ["a", "b"] } },
    { [KEYS]: ["a", "b"] },
    false,
  ],
];

export const conditions: Table = {
  topic: "conditions",
  source: "IAM User Guide, Condition operators; Set operators for multivalued context keys",
  cases: rows.map(row),
};
