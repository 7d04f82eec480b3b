/** Facts about regions that AWS documents and no API used here returns. */

/** `aws`, `aws-cn` or `aws-us-gov`, from the region's name. */
export function partitionOf(region: string): { readonly id: string; readonly dnsSuffix: string } {
  if (region.startsWith("cn-")) return { id: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  if (region.startsWith("us-gov-")) return { id: "aws-us-gov", dnsSuffix: "amazonaws.com" };
  return { id: "aws", dnsSuffix: "amazonaws.com" };
}

/** Name, and the Route 53 hosted zone of S3's websites (AWS General Reference, "Amazon S3 endpoints and quotas"). */
const REGIONS: Readonly<Record<string, readonly [name: string, hostedZone: string]>> = {
  "us-east-1": ["US East (N. Virginia)", "Z3AQBSTGFYJSTF"],
  "us-east-2": ["US East (Ohio)", "Z2O1EMRO9K5GLX"],
  "us-west-1": ["US West (N. California)", "Z2F56UZL2M1ACD"],
  "us-west-2": ["US West (Oregon)", "Z3BJ6K6RIION7M"],
  "ca-central-1": ["Canada (Central)", "Z1QDHH18159H29"],
  "eu-west-1": ["Europe (Ireland)", "Z1BKCTXD74EZPE"],
  "eu-west-2": ["Europe (London)", "Z3GKZC51ZF0DB4"],
  "eu-west-3": ["Europe (Paris)", "Z3R1K369G5AVDG"],
  "eu-central-1": ["Europe (Frankfurt)", "Z21DNDUVLTQW6Q"],
  "eu-north-1": ["Europe (Stockholm)", "Z3BAZG2TWCNX0D"],
  "ap-northeast-1": ["Asia Pacific (Tokyo)", "Z2M4EHUR26P7ZW"],
  "ap-northeast-2": ["Asia Pacific (Seoul)", "Z3W03O7B5YMIYP"],
  "ap-south-1": ["Asia Pacific (Mumbai)", "Z11RGJOFQNVJUP"],
  "ap-southeast-1": ["Asia Pacific (Singapore)", "Z3O0J2DXBE1FTB"],
  "ap-southeast-2": ["Asia Pacific (Sydney)", "Z1WCIGYICN2BYD"],
  "sa-east-1": ["South America (Sao Paulo)", "Z7KQH4QJS55SO"],
};

/** The region's code if its name is not in the list. */
export function descriptionOf(region: string): string {
  return REGIONS[region]?.[0] ?? region;
}

export function hostedZoneOf(region: string): string | undefined {
  return REGIONS[region]?.[1];
}
