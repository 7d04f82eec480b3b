/** IPv4 and IPv6 addresses in CIDR ranges (RFC 4632), as the IpAddress operators compare them. */
import { isIPv4, isIPv6 } from "node:net";

interface Range {
  readonly bits: 32 | 128;
  readonly value: bigint;
  readonly prefix: number;
}

/** True if `address` is in `range` (`203.0.113.0/24`, `2001:DB8::/32`, or one address). False for an address of the other family. */
export function ipMatches(range: string, address: string): boolean {
  const wanted = parse(range);
  const given = parse(address);
  if (!wanted || !given || wanted.bits !== given.bits || given.prefix < wanted.prefix) return false;
  const shift = BigInt(wanted.bits - wanted.prefix);
  return wanted.value >> shift === given.value >> shift;
}

function parse(text: string): Range | undefined {
  const [address = "", mask, ...rest] = text.trim().split("/");
  // A zone (fe80::1%eth0) has meaning on one machine only.
  if (rest.length > 0 || address.includes("%")) return undefined;
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined;
  if (bits === undefined) return undefined;
  const prefix = mask === undefined ? bits : /^\d{1,3}$/.test(mask) ? Number(mask) : NaN;
  if (!(prefix >= 0 && prefix <= bits)) return undefined;
  return { bits, prefix, value: bits === 32 ? v4(address) : v6(address) };
}

function v4(address: string): bigint {
  return address.split(".").reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function v6(address: string): bigint {
  // An IPv4 address may stand for the last two groups: ::ffff:192.0.2.1
  const plain = address.replace(/(\d+\.\d+\.\d+\.\d+)$/, (tail) => {
    const value = v4(tail);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
