/** The location of results, and Athena's checks of it. */
import { AwsError, type Call, type Place, type World } from "../../core";
import { forwarded, invalid, type ResultConfiguration, type WorkGroup } from "./state";

/** `s3://bucket/prefix/` -> its parts, the prefix empty or with a slash at its end. @throws AwsError `InvalidRequestException` */
export function outputBucket(location: string): { bucket: string; prefix: string } {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(location);
  if (!match) throw invalid(`outputLocation is not a valid S3 path: ${location}`);
  const prefix = match[2] ?? "";
  return { bucket: match[1] ?? "", prefix: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/` };
}

/** A query's result settings: the workgroup's if it enforces them, otherwise the request's, completed by the workgroup's. */
export function resultsOf(
  { Configuration }: WorkGroup,
  asked: ResultConfiguration = {},
): ResultConfiguration {
  const own = Configuration.ResultConfiguration ?? {};
  const result = Configuration.EnforceWorkGroupConfiguration ? own : { ...own, ...asked };
  if (result.OutputLocation === undefined)
    throw invalid(
      "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.",
    );
  return result;
}

/**
 * Checks the bucket, as Athena does before it accepts a query.
 * @throws AwsError `InvalidRequestException` for a bucket that is absent, in another region, or not visible to the caller. Source: Athena User Guide, "Specify a query result location".
 */
export function checkOutput(world: World, call: Call, place: Place, location: string): void {
  const { bucket } = outputBucket(location);
  let region: string;
  try {
    // Uses the bucket's own region: S3 would answer another region with a signature error.
    const { s3 } = world.services;
    const there = { ...forwarded(call), region: s3.bucketInfo(bucket)?.region ?? call.region };
    region = s3.bucketLocation(there, bucket);
  } catch (error) {
    if (error instanceof AwsError) throw invalid(`Unable to verify/create output bucket ${bucket}`);
    throw error;
  }
  if (region !== place.region)
    throw invalid(
      "The S3 location provided to save your query results is invalid. Please check your S3 location is correct and is in the same region and try again. If you continue to see the issue, contact customer support for further assistance.",
    );
}
