/** Condition elements on texts, numbers, dates, booleans and addresses, each with a context and whether it holds: checked in an Allow and in a Deny. */
import type { ConditionElement, RequestContext } from "@feature-store-access/iam";

export interface ConditionCase {
  readonly name: string;
  readonly condition: ConditionElement;
  readonly context: RequestContext;
  readonly holds: boolean;
}

export const row = (
  name: string,
  holds: boolean,
  condition: ConditionElement,
  context: RequestContext = {},
): ConditionCase => ({
  name,
  condition,
  context,
  holds,
});
const ip = (address: string) => ({ "aws:SourceIp": address });
const time = (value: string) => ({ "aws:CurrentTime": value });

/** Source: IAM User Guide, "IAM JSON policy elements: Condition operators". */
export const conditionCases: readonly ConditionCase[] = [
  row("StringEquals", true, { StringEquals: { "s3:prefix": "a" } }, { "s3:prefix": "a" }),
  row("StringEquals differs by case", false, { StringEquals: { "s3:prefix": "A" } }, { "s3:prefix": "a" }),
  row("StringEquals has no wildcards", false, { StringEquals: { "s3:prefix": "a*" } }, { "s3:prefix": "ab" }),
  row("StringEquals of a missing key", false, { StringEquals: { "s3:prefix": "a" } }),
  row("StringEquals of an empty text", true, { StringEquals: { "s3:prefix": "" } }, { "s3:prefix": "" }),
  row("keys do not differ by case", true, { StringEquals: { "S3:PREFIX": "a" } }, { "s3:prefix": "a" }),
  row("operators do not differ by case", true, { stringequals: { "s3:prefix": "a" } }, { "s3:prefix": "a" }),
  row("values are alternatives", true, { StringEquals: { "s3:prefix": ["a", "b"] } }, { "s3:prefix": "b" }),
  row(
    "keys are all needed",
    false,
    { StringEquals: { "s3:prefix": "a", "s3:delimiter": "/" } },
    { "s3:prefix": "a" },
  ),
  row(
    "operators are all needed",
    false,
    { StringEquals: { "s3:prefix": "a" }, Bool: { "aws:SecureTransport": "true" } },
    { "s3:prefix": "a", "aws:SecureTransport": "false" },
  ),
  row("StringNotEquals", true, { StringNotEquals: { "s3:prefix": "a" } }, { "s3:prefix": "b" }),
  row(
    "StringNotEquals: none of the values",
    false,
    { StringNotEquals: { "s3:prefix": ["a", "b"] } },
    { "s3:prefix": "b" },
  ),
  row("StringNotEquals of a missing key", true, { StringNotEquals: { "s3:prefix": "a" } }),
  row(
    "StringEqualsIgnoreCase",
    true,
    { StringEqualsIgnoreCase: { "s3:prefix": "ABC" } },
    { "s3:prefix": "abc" },
  ),
  row(
    "StringNotEqualsIgnoreCase",
    false,
    { StringNotEqualsIgnoreCase: { "s3:prefix": "ABC" } },
    { "s3:prefix": "abc" },
  ),
  row("StringLike", true, { StringLike: { "s3:prefix": ["", "home/*"] } }, { "s3:prefix": "home/alice/x" }),
  row("StringLike with a question mark", false, { StringLike: { "s3:prefix": "a?" } }, { "s3:prefix": "a" }),
  row(
    "StringLike differs by case",
    false,
    { StringLike: { "s3:prefix": "HOME/*" } },
    { "s3:prefix": "home/x" },
  ),
  row("StringLike of a missing key, with *", false, { StringLike: { "s3:prefix": "*" } }),
  row("StringNotLike", false, { StringNotLike: { "s3:prefix": ["x", "home/*"] } }, { "s3:prefix": "home/x" }),
  row("StringNotLike of a missing key", true, { StringNotLike: { "s3:prefix": "home/*" } }),
  row(
    "a variable in a value",
    true,
    { StringEquals: { "s3:prefix": "home/${aws:PrincipalTag/team}" } },
    { "s3:prefix": "home/ml", "aws:PrincipalTag/team": "ml" },
  ),
  row(
    "a variable without a value matches nothing",
    false,
    { StringLike: { "s3:prefix": "${aws:PrincipalTag/team}*" } },
    { "s3:prefix": "home" },
  ),
  row(
    "... so that what is negated holds",
    true,
    { StringNotEquals: { "s3:prefix": "${aws:PrincipalTag/team}" } },
    { "s3:prefix": "home" },
  ),
  row(
    "a variable's default",
    true,
    { StringEquals: { "s3:prefix": "${aws:PrincipalTag/team, 'none'}" } },
    { "s3:prefix": "none" },
  ),
  row(
    "wildcards beside a variable",
    true,
    { StringLike: { "s3:prefix": "${aws:PrincipalTag/team}/*" } },
    { "s3:prefix": "ml/x", "aws:PrincipalTag/team": "ml" },
  ),
  row("IfExists of a missing key", true, { StringEqualsIfExists: { "s3:prefix": "a" } }),
  row(
    "IfExists of a key that is there",
    false,
    { StringEqualsIfExists: { "s3:prefix": "a" } },
    { "s3:prefix": "b" },
  ),
  row(
    "StringNotEqualsIfExists",
    false,
    { StringNotEqualsIfExists: { "s3:prefix": "a" } },
    { "s3:prefix": "a" },
  ),

  row(
    "NumericEquals of unlike notations",
    true,
    { NumericEquals: { "s3:max-keys": "10" } },
    { "s3:max-keys": "10.0" },
  ),
  row(
    "NumericEquals, given a JSON number",
    true,
    { NumericEquals: { "s3:max-keys": 10 } },
    { "s3:max-keys": "10" },
  ),
  row(
    "NumericLessThan compares numbers, not texts",
    true,
    { NumericLessThan: { "s3:max-keys": "10" } },
    { "s3:max-keys": "9" },
  ),
  row(
    "NumericLessThan is strict",
    false,
    { NumericLessThan: { "s3:max-keys": "10" } },
    { "s3:max-keys": "10" },
  ),
  row(
    "NumericLessThanEquals",
    true,
    { NumericLessThanEquals: { "s3:max-keys": "10" } },
    { "s3:max-keys": "10" },
  ),
  row("NumericGreaterThan", true, { NumericGreaterThan: { "s3:max-keys": "-1" } }, { "s3:max-keys": "0" }),
  row(
    "NumericGreaterThanEquals",
    false,
    { NumericGreaterThanEquals: { "s3:max-keys": "10" } },
    { "s3:max-keys": "9.99" },
  ),
  row("NumericNotEquals of a missing key", true, { NumericNotEquals: { "s3:max-keys": "10" } }),
  row(
    "Numeric of what is no number",
    false,
    { NumericLessThan: { "s3:max-keys": "10" } },
    { "s3:max-keys": "few" },
  ),
  row("NumericLessThanIfExists of a missing key", true, { NumericLessThanIfExists: { "s3:max-keys": "10" } }),

  row(
    "DateLessThan",
    true,
    { DateLessThan: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } },
    time("2025-12-31T23:59:59Z"),
  ),
  row(
    "DateGreaterThan in another zone",
    true,
    { DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:00+02:00" } },
    time("2025-12-31T22:00:01Z"),
  ),
  row(
    "DateEquals of epoch seconds and ISO 8601",
    true,
    { DateEquals: { "aws:CurrentTime": "1767225600" } },
    time("2026-01-01T00:00:00Z"),
  ),
  row(
    "DateLessThan of epoch seconds",
    false,
    { DateLessThan: { "aws:EpochTime": "1767225600" } },
    { "aws:EpochTime": "1767225600" },
  ),
  row(
    "DateLessThanEquals of a day",
    true,
    { DateLessThanEquals: { "aws:CurrentTime": "2026-01-01" } },
    time("2026-01-01T00:00:00Z"),
  ),
  row(
    "DateNotEquals",
    true,
    { DateNotEquals: { "aws:CurrentTime": "2026-01-01T00:00:00Z" } },
    time("2026-01-02T00:00:00Z"),
  ),
  row("DateGreaterThanEquals of a missing key", false, {
    DateGreaterThanEquals: { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" },
  }),
  row(
    "milliseconds",
    true,
    { DateGreaterThan: { "aws:CurrentTime": "2026-01-01T00:00:00.100Z" } },
    time("2026-01-01T00:00:00.200Z"),
  ),

  row("Bool", true, { Bool: { "aws:SecureTransport": "true" } }, { "aws:SecureTransport": "true" }),
  row(
    "Bool, given a JSON boolean",
    true,
    { Bool: { "aws:SecureTransport": false } },
    { "aws:SecureTransport": "false" },
  ),
  row("Bool of a missing key", false, { Bool: { "aws:MultiFactorAuthPresent": "false" } }),
  row("BoolIfExists of a missing key", true, { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } }),
  row(
    "BoolIfExists of a key that is there",
    false,
    { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
    { "aws:MultiFactorAuthPresent": "true" },
  ),
  row("BinaryEquals", true, { BinaryEquals: { "x:data": "QmluYXJ5" } }, { "x:data": "QmluYXJ5" }),
  row(
    "BinaryEquals of other bytes",
    false,
    { BinaryEquals: { "x:data": "QmluYXJ5" } },
    { "x:data": "QmluYXJ6" },
  ),

  row("IpAddress in a range", true, { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, ip("203.0.113.99")),
  row(
    "IpAddress outside of it",
    false,
    { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
    ip("203.0.114.1"),
  ),
  row(
    "IpAddress without a prefix is one address",
    false,
    { IpAddress: { "aws:SourceIp": "203.0.113.7" } },
    ip("203.0.113.8"),
  ),
  row(
    "IpAddress of IPv6",
    true,
    { IpAddress: { "aws:SourceIp": "2001:DB8:1234:5678::/64" } },
    ip("2001:db8:1234:5678:9::1"),
  ),
  row(
    "IpAddress of IPv6 outside of it",
    false,
    { IpAddress: { "aws:SourceIp": "2001:db8:1234:5678::/64" } },
    ip("2001:db8:1234:5679::1"),
  ),
  row(
    "IpAddress of IPv4 in a range of IPv6",
    false,
    { IpAddress: { "aws:SourceIp": "::/0" } },
    ip("203.0.113.1"),
  ),
  row("all of IPv4", true, { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }, ip("203.0.113.1")),
  row(
    "IpAddress of an address with a zone",
    false,
    { IpAddress: { "aws:SourceIp": "fe80::/10" } },
    ip("fe80::1%eth0"),
  ),
  row(
    "NotIpAddress",
    true,
    { NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } },
    ip("198.51.100.1"),
  ),
  row(
    "NotIpAddress: none of the ranges",
    false,
    { NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } },
    ip("2001:db8::1"),
  ),
  row("NotIpAddress of a missing key", true, { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
];
