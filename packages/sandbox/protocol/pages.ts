/** Lists in pages. The token is the position and is not protected: it reveals nothing that the list would not show. */
import { AwsError } from "../core";

/** One page of `items` and the token of the next. @throws AwsError `ValidationException` for a token that was never issued */
export function pageOf<T>(
  items: readonly T[],
  token: string | null | undefined,
  size: number,
  code = "ValidationException",
): { items: T[]; next?: string } {
  let start = 0;
  if (token) {
    start = Number(
      Buffer.from(token, "base64url")
        .toString("utf8")
        .replace(/^from:/, ""),
    );
    if (!Number.isInteger(start) || start < 1)
      throw new AwsError(code, `The NextToken ${token} is not valid.`);
  }
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { next: Buffer.from(`from:${end}`).toString("base64url") } : {}),
  };
}
