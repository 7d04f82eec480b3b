/** Checksums of multipart uploads: of the whole object, or of the parts' checksums. Source: Amazon S3 User Guide, "Checking object integrity". */
import { AwsError } from "../../core";
import { checksum } from "../../protocol/checksum";
import { checksumsOf, namedAlgorithm } from "./headers";
import type { Upload, UploadChecksum, UploadedPart } from "./state";
import { textOf, type Element } from "./xml";

type Headers = Readonly<Record<string, string>>;

/** The checksum chosen for an upload; undefined if the client leaves the choice to S3. @throws AwsError InvalidRequest (400) */
export function uploadChecksum(headers: Headers): UploadChecksum | undefined {
  const algorithm = namedAlgorithm(headers);
  const named = headers["x-amz-checksum-type"]?.toUpperCase();
  if (algorithm === undefined) {
    if (named === undefined) return undefined;
    throw new AwsError(
      "InvalidRequest",
      "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
      400,
    );
  }
  const isDigest = algorithm === "md5" || algorithm.startsWith("sha");
  const type = named ?? (algorithm === "crc64nvme" ? "FULL_OBJECT" : "COMPOSITE");
  if (
    (type !== "COMPOSITE" && type !== "FULL_OBJECT") ||
    (type === "FULL_OBJECT" && isDigest) ||
    (type === "COMPOSITE" && algorithm === "crc64nvme")
  )
    throw new AwsError(
      "InvalidRequest",
      `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
      400,
    );
  return { algorithm, type };
}

/** Checks listed parts' checksums; a composite one needs one for every part. @throws AwsError InvalidPart, InvalidRequest (400) */
export function checkStatedParts(
  { id, checksum: begun }: Upload,
  stated: readonly Element[],
  parts: readonly UploadedPart[],
): void {
  for (const [index, part] of parts.entries()) {
    const number = textOf(stated[index], "PartNumber");
    for (const [algorithm, value] of Object.entries(part.checksums ?? {})) {
      const claimed = textOf(stated[index], `Checksum${algorithm.toUpperCase()}`);
      if (claimed !== undefined && claimed !== value)
        throw new AwsError(
          "InvalidPart",
          "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
          400,
          { UploadId: id, PartNumber: number },
        );
      if (claimed === undefined && begun?.type === "COMPOSITE")
        throw new AwsError(
          "InvalidRequest",
          `The upload was created using a ${begun.algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
          400,
        );
    }
  }
}

/** @throws AwsError InvalidRequest (400) if the size that the client states differs from that of its parts */
export function checkSize(headers: Headers, { length }: Buffer): void {
  const stated = headers["x-amz-mp-object-size"];
  if (stated !== undefined && Number(stated) !== length)
    throw new AwsError(
      "InvalidRequest",
      `The provided 'x-amz-mp-object-size' header value ${stated} does not match what was computed: ${length}`,
      400,
    );
}

/** The object's checksum. If the client chose none, S3 calculates CRC-64/NVME of the whole object. @throws AwsError BadDigest (400) */
export function wholeChecksum(
  { checksum: begun }: Upload,
  parts: readonly UploadedPart[],
  body: Buffer,
  headers: Headers,
): { checksums: Record<string, string>; type: UploadChecksum["type"] } {
  const sent = checksumsOf(headers);
  const [stated] = Object.keys(sent) as UploadChecksum["algorithm"][];
  const { algorithm, type } = begun ?? { algorithm: stated ?? "crc64nvme", type: "FULL_OBJECT" };
  const own = parts.map(({ checksums }) => Buffer.from(checksums?.[algorithm] ?? "", "base64"));
  const value =
    type === "COMPOSITE"
      ? `${checksum(algorithm, Buffer.concat(own))}-${parts.length}`
      : checksum(algorithm, body);
  const claimed = sent[algorithm];
  if (claimed !== undefined && claimed !== value && claimed !== value.replace(/-\d+$/, ""))
    throw new AwsError(
      "BadDigest",
      `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
      400,
    );
  return { checksums: { [algorithm]: value }, type };
}
